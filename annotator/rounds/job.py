"""What both kinds of job share: the workspace, the plan, the images, the near-duplicates."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import replace
from typing import TypeVar

from annotator.errors import RoundError
from annotator.model import Job, Step, Steps
from annotator.project import Workspace
from annotator.rounds import near_duplicates
from annotator.rounds.features import Features, look
from annotator.rounds.plan import Plan
from annotator.rounds.snapshot import Snapshot, take
from annotator.rounds.timing.amounts import ALIKE, COLOR, COMPARING
from annotator.rounds.timing.ledger import Ledger
from annotator.store import Fence, Store
from ssl_core.types import relayed

Found = TypeVar("Found")
WORTH = 200  # new images from which it is tried how long their near-duplicates will take


class Performance(ABC):
    """A job as it is done: iterate over its steps, close to cancel."""

    round_number = 0  # of the round that loss curves belong to, once there is one

    def __init__(self, workspace: Workspace, store: Store, job: Job, fence: Fence) -> None:
        self.workspace, self.store, self.job, self.fence = workspace, store, job, fence
        self.told: list[str] = []  # what was not done as asked, so that it could go on
        self.inexact: list[str] = []  # operations that no form reproduces; perform fills it in
        self.ledger = Ledger(store, fence)

    @abstractmethod
    def steps(self) -> Steps[None]:
        """Do the work and yield how far it is, 0 to 1 over all of it."""

    def snapshot(
        self,
        watermark: int,
        class_ids: tuple[int, ...],
        newest: int,
        merged: tuple[tuple[int, int], ...],
    ) -> Snapshot:
        """Read the images up to the newest and the labels up to the watermark.

        Raises:
            RoundError: there is no image.
        """
        without = self.left_out(watermark, class_ids, merged)
        found = take(self.workspace, self.store, watermark, class_ids, newest, merged, without)
        if not found.files:
            raise RoundError("There are no images yet. Import a folder or a CSV first.")
        return found

    def left_out(
        self, watermark: int, class_ids: tuple[int, ...], merged: tuple[tuple[int, int], ...]
    ) -> set[int]:
        """The images whose labels do not count for this job: none, unless it says otherwise."""
        del watermark, class_ids, merged
        return set()

    def look(self, snapshot: Snapshot) -> Steps[None]:
        """See which images carry color: it takes long the first time, and can be canceled."""
        for share in look(self.workspace.features, snapshot.files):
            yield Step(share, COLOR, part=COLOR, done=share)

    def unseen(self, snapshot: Snapshot) -> int:
        """How many images are to be compared with all others."""
        start = snapshot.index.up_to(self.store.near_duplicates.searched())
        return max(0, len(snapshot.index) - start)

    def features(self, snapshot: Snapshot, plan: Plan) -> Features:
        """The caches of these images."""
        return Features(
            self.workspace.features,
            snapshot.files,
            plan.device,
            own=self.workspace.own,
            hashes=snapshot.hashes,
            executor=self.store.settings.get().executor,  # as it is now: it changes no result
        )

    def try_comparing(self, snapshot: Snapshot, features: Features, plan: Plan) -> None:
        """See on some images, which are read, how long near-duplicates will take to compare."""
        if self.unseen(snapshot) < WORTH or self.ledger.knows(COMPARING):
            return
        pixels = features.pixels(plan.size).read()
        self.ledger.learn(COMPARING, near_duplicates.sample(pixels), ())

    def find_near_duplicates(
        self, snapshot: Snapshot, features: Features, plan: Plan, low: float, high: float
    ) -> Steps[None]:
        """Compare images that are new with all others, and write down what looks the same."""
        pixels = features.pixels(plan.size).read()
        start = snapshot.index.up_to(self.store.near_duplicates.searched())
        found = relayed(near_duplicates.search(pixels, start), _sought_or_compared)
        pairs = yield from within(found, low, high)
        if start >= len(snapshot.index):
            return
        ids = snapshot.index.ids.tolist()
        with self.store.db.immediate():
            self.store.jobs.check(self.fence)
            self.store.near_duplicates.record(
                ids[-1], [(ids[one], ids[other]) for one, other in pairs]
            )


def as_part(part: Steps[Found], name: str) -> Steps[Found]:
    """Pass on a part's news under its name, with how much of the part is done."""
    return relayed(part, lambda step: replace(step, part=name, done=step.share))


def _sought_or_compared(step: Step) -> Step:
    """The first half of looking for near-duplicates is a search, the second a closer look."""
    if step.share <= near_duplicates.SOUGHT:
        return replace(step, part=ALIKE, done=step.share / near_duplicates.SOUGHT)
    done = (step.share - near_duplicates.SOUGHT) / (1 - near_duplicates.SOUGHT)
    return replace(step, part=COMPARING, done=done)


def within(part: Steps[Found], low: float, high: float) -> Steps[Found]:
    """Pass on a part's news with its place on the bar of the whole; return what it returns."""
    return relayed(part, lambda step: replace(step, share=low + (high - low) * step.share))
