"""One job, from labels to the next questions: its steps as they come, each safely written down."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import chain

from annotator.errors import RoundError
from annotator.model import Job, Step
from annotator.project import Workspace
from annotator.rounds.device.freed import give_back
from annotator.rounds.device.turn import card, turn
from annotator.rounds.job import Performance
from annotator.rounds.prepare import Preparing
from annotator.rounds.train import Training
from annotator.store import Fence, Store
from ssl_core.errors import SSLError
from ssl_core.training.device.exact import reproducible
from ssl_core.training.trainer import pick_device

NUMBER = re.compile(r"\d+")


def perform(workspace: Workspace, store: Store, job: Job, fence: Fence) -> bool:
    """Do a job to its end, recording every event; False if the user asked to stop before it.

    It can be killed anywhere and done again, to the same bits where torch has a way to them.

    Raises:
        LostJob: another worker has the job.
        RoundError: it cannot be done; the message says why.
    """
    if store.jobs.cancel_requested(job.id):
        return False
    kind = Preparing if job.kind == "prepare" else Training
    part = kind(workspace, store, job, fence)
    try:
        with reproducible() as part.inexact, turn(card(pick_device("auto"))) as ours:
            return _done(part, chain(ours.waiting(), part.steps()))
    except SSLError as error:
        raise RoundError(str(error)) from error


def _done(part: Performance, steps: Iterable[Step]) -> bool:
    """Record steps as they are taken; False if the user asked to stop."""
    said = ""
    for step in steps:
        if (message := NUMBER.sub("…", step.message)) != said:  # what it does, not each step
            part.workspace.log.write("step", message=step.message, share=round(step.share, 3))
            said = message
            give_back()  # of what it did before
        part.ledger.note(step)
        if step.point:
            part.store.results.epoch(part.fence, part.round_number, step.point)
        if part.store.jobs.cancel_requested(part.job.id):
            return False
    return True
