"""Preparing: look at new images and pick the first ones to ask, before there is any label.

What rounds need of many images and takes long to find is found here, too.
"""

from __future__ import annotations

from annotator.model import Step, Steps
from annotator.project.graphs import Graphs
from annotator.project.rows import Array
from annotator.rounds import questions
from annotator.rounds.features import Embedded, Features, thumbnails, uncolored
from annotator.rounds.job import Performance, within
from annotator.rounds.learn import filled, joining
from annotator.rounds.places import leave
from annotator.rounds.plan import Plan, decide
from annotator.rounds.snapshot import Snapshot
from annotator.rounds.timing import amounts
from ssl_core.training.trainer import pick_device


class Preparing(Performance):
    """The job after an import; without any round so far, it also chooses what is asked first."""

    def steps(self) -> Steps[None]:
        settings = self.store.settings.get()
        plan = decide(
            settings,
            settings.regime,
            self.store.images.median_side(),
            pick_device("auto"),
        )
        classes = tuple(each.id for each in self.store.classes.active())
        merged = self.store.classes.merged()
        watermark, newest = self.store.labels.watermark(), self.store.images.newest()
        snapshot = self.snapshot(watermark, classes, newest, merged)
        colors = uncolored(self.workspace.features, snapshot.files)
        self.ledger.expect(amounts.outline(amounts.PREPARE, colors))
        yield from within(self.look(snapshot), 0.0, 0.0)
        features = self.features(snapshot, plan)
        embeddings = (
            None
            if plan.regime == "finetune"
            else features.embeddings(plan.backbone, plan.size, plan.preset)
        )
        kept = Graphs(self.workspace.graphs)
        joins = joining(embeddings, snapshot, settings.method, kept) is not None
        self.ledger.expect(
            [
                *amounts.reading(plan, features, embeddings, ["clean"]),
                *amounts.alike(plan, self.unseen(snapshot)),
                amounts.choosing(len(snapshot.files)),
                amounts.joining(len(snapshot.files) if joins else 0),
            ]
        )
        vectors = yield from within(self._look(snapshot, features, embeddings, plan), 0.0, 0.8)
        yield from self.find_near_duplicates(snapshot, features, plan, 0.8, 0.85)
        snapshot = self.snapshot(watermark, classes, newest, merged)
        yield Step(0.85, amounts.CHOOSING, part=amounts.CHOOSING)
        chosen = questions.pick(
            snapshot,
            "mix",
            probabilities=None,
            embeddings=vectors,
            seed=settings.seed,
            wave=settings.round_every,
        )
        with self.store.db.immediate():
            self.store.jobs.check(self.fence)
            if not self.store.results.latest():
                self.store.queue.replace(questions.order(self.store, chosen))
        # Only now: a labeler need not wait for it
        if (work := joining(embeddings, snapshot, settings.method, kept)) is not None:
            yield from within(work, 0.9, 1.0)
        with self.store.db.immediate():
            self.store.jobs.check(self.fence)
            self.ledger.close()
            self.store.jobs.finish(self.fence, "done")
        leave(self.workspace, snapshot, vectors, settings.map_images)

    def _look(
        self, snapshot: Snapshot, features: Features, embeddings: Embedded | None, plan: Plan
    ) -> Steps[Array]:
        """Return what stands for each image, (N, D), before anything was learned."""
        most = 1.0 if embeddings is None else embeddings.reading
        for share in features.fill_pixels(plan.size):
            yield Step(most * share, amounts.READING, part=amounts.READING, done=share)
        self.try_comparing(snapshot, features, plan)
        if embeddings is None:
            return thumbnails(features.pixels(plan.size).read())
        yield from filled(embeddings, ("clean",))
        if embeddings.told:
            yield Step(1.0, embeddings.told, told=embeddings.told)
        return embeddings.read("clean")
