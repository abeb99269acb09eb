"""Preparing: look at new images and pick the first ones to ask, before there is any label."""

from __future__ import annotations

from annotator.model import Step, Steps
from annotator.project.rows import Array
from annotator.rounds import questions
from annotator.rounds.features import Features, thumbnails
from annotator.rounds.job import Performance, within
from annotator.rounds.places import leave
from annotator.rounds.plan import Plan, decide
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
        yield from within(self.look(snapshot), 0.0, 0.0)
        features = self.features(snapshot, plan)
        vectors = yield from self._look(features, plan)
        yield from self.find_near_duplicates(snapshot, features, plan, 0.9, 0.95)
        snapshot = self.snapshot(watermark, classes, newest, merged)
        yield Step(0.95, "choosing the first questions")
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
            self.store.jobs.finish(self.fence, "done")
        leave(self.workspace, snapshot, vectors, settings.map_images)

    def _look(self, features: Features, plan: Plan) -> Steps[Array]:
        """Return what stands for each image, (N, D), before anything was learned."""
        if plan.regime == "finetune":
            for share in features.fill_pixels(plan.size):
                yield Step(0.9 * share, "reading images")
            return thumbnails(features.pixels(plan.size).read())
        embeddings = features.embeddings(plan.backbone, plan.size, plan.preset)
        for share in embeddings.fill(("clean",)):
            yield Step(0.9 * share, "computing embeddings")
        if embeddings.told:
            yield Step(0.9, embeddings.told, told=embeddings.told)
        return embeddings.read("clean")
