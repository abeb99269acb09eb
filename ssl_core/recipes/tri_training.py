"""Tri-training (Zhou & Li, 2005): where two classifiers agree, they teach the third."""

from __future__ import annotations

from typing import Annotated

import torch
from torch import Generator, Tensor
from typing_extensions import override

from ssl_core.hyper import Between
from ssl_core.parts.committee import Committee, majority
from ssl_core.parts.lessons import Lesson, allowed, bootstrap, shared_error
from ssl_core.recipe import Fit, Recipe
from ssl_core.types import Predictor, Round, Run, Stopped


class TriTraining(Recipe):
    """Trains three classifiers; an image that two of them label alike is a lesson for the third."""

    max_iter: Annotated[int, Between(0, 1000)] = 10
    """Rounds of teaching at most; it ends earlier when no lesson is worth its errors."""

    @override
    def run(self, rows: Tensor, y: Tensor, fit: Fit) -> Run:
        known, truth, asked = rows[y >= 0], y[y >= 0], rows[y < 0]
        generator = Generator().manual_seed(0)
        models: list[Predictor] = []
        for _ in range(3):
            drawn = bootstrap(truth, generator)
            models.append((yield from fit(known[drawn], truth[drawn])))
        before = [(0.5, 0)] * 3  # error and size of the last lesson: e' and l'
        said = torch.full((len(asked),), -1)
        for number in range(1, self.max_iter + 1):
            lessons = self._lessons(models, asked, known, truth, before, generator)
            if not lessons:
                yield Stopped("no two classifiers agree well enough to teach the third")
                return Committee(models, majority)
            now = said.clone()
            for lesson in lessons:
                now[lesson.places] = lesson.labels
            new = (now != said).nonzero().squeeze(1)
            if len(new):
                said_by_all = Committee(models, majority).probabilities(asked[new])
                sure = said_by_all.gather(1, now[new, None])
                yield Round(number, asked[new], now[new], sure.squeeze(1))
            said = now
            for lesson in lessons:
                models[lesson.pupil] = yield from fit(
                    torch.cat([known, asked[lesson.places]]), torch.cat([truth, lesson.labels])
                )
                before[lesson.pupil] = lesson.error, len(lesson.places)
        yield Stopped(f"{self.max_iter} rounds of teaching are done (max_iter)")
        return Committee(models, majority)

    def _lessons(
        self,
        models: list[Predictor],
        asked: Tensor,
        known: Tensor,
        truth: Tensor,
        before: list[tuple[float, int]],
        generator: Generator,
    ) -> list[Lesson]:
        """Gather anew what each pair may teach; a first size is written down in `before`."""
        guess, check = (
            [model.probabilities(part).argmax(1) for model in models] for part in (asked, known)
        )
        lessons = []
        for pupil, (one, other) in enumerate(((1, 2), (0, 2), (0, 1))):
            error = shared_error(check[one], check[other], truth)
            alike = (guess[one] == guess[other]).nonzero().squeeze(1)
            size, first = allowed(error, len(alike), *before[pupil])
            before[pupil] = before[pupil][0], first
            if size:
                drawn = torch.randperm(len(alike), generator=generator)[:size].sort().values
                lessons.append(Lesson(pupil, alike[drawn], guess[one][alike[drawn]], error))
        return lessons
