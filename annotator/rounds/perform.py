"""One job, from labels to the next questions: its steps as they come, each safely written down."""

from __future__ import annotations

import re

from annotator.errors import RoundError
from annotator.model import Job
from annotator.project import Workspace
from annotator.rounds.prepare import Preparing
from annotator.rounds.train import Training
from annotator.store import Fence, Store
from ssl_core.errors import SSLError

NUMBER = re.compile(r"\d+")


def perform(workspace: Workspace, store: Store, job: Job, fence: Fence) -> bool:
    """Do a job to its end, recording every event; False if the user asked to stop before it.

    It can be killed anywhere and done again.

    Raises:
        LostJob: another worker has the job.
        RoundError: it cannot be done; the message says why.
    """
    if store.jobs.cancel_requested(job.id):
        return False
    kind = Preparing if job.kind == "prepare" else Training
    part = kind(workspace, store, job, fence)
    said = ""
    try:
        for step in part.steps():
            if (message := NUMBER.sub("…", step.message)) != said:  # what it does, not each step
                workspace.log.write("step", message=step.message, share=round(step.share, 3))
                said = message
            store.jobs.report(fence, step.share, step.message)
            if step.point:
                store.results.epoch(fence, part.round_number, step.point)
            if store.jobs.cancel_requested(job.id):
                return False
    except SSLError as error:
        raise RoundError(str(error)) from error
    return True
