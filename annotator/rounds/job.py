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
from annotator.store import Fence, Store
from ssl_core.types import relayed

Found = TypeVar("Found")


class Performance(ABC):
    """A job as it is done: iterate over its steps, close to cancel."""

    round_number = 0  # of the round that loss curves belong to, once there is one

    def __init__(self, workspace: Workspace, store: Store, job: Job, fence: Fence) -> None:
        self.workspace, self.store, self.job, self.fence = workspace, store, job, fence
        self.told: list[str] = []  # what was not done as asked, so that it could go on
        self.inexact: list[str] = []  # operations that no form reproduces; perform fills it in

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
            yield Step(share, "looking for color")

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

    def find_near_duplicates(
        self, snapshot: Snapshot, features: Features, plan: Plan, low: float, high: float
    ) -> Steps[None]:
        """Compare images that are new with all others, and write down what looks the same."""
        pixels = features.pixels(plan.size).read()
        start = snapshot.index.up_to(self.store.near_duplicates.searched())
        pairs = yield from within(near_duplicates.search(pixels, start), low, high)
        if start >= len(snapshot.index):
            return
        ids = snapshot.index.ids.tolist()
        with self.store.db.immediate():
            self.store.jobs.check(self.fence)
            self.store.near_duplicates.record(
                ids[-1], [(ids[one], ids[other]) for one, other in pairs]
            )


def within(part: Steps[Found], low: float, high: float) -> Steps[Found]:
    """Pass on a part's news with its place on the bar of the whole; return what it returns."""
    return relayed(part, lambda step: replace(step, share=low + (high - low) * step.share))
