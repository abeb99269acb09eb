"""What speaks against a round's pseudo-labels before they leave, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from annotator.measuring.accuracy import interval
from annotator.model import CurvePoint, Doubt, Judged
from annotator.wording import many, percent

LOW = 0.9  # estimated precision below which a warning is given
FLOOR = 0.8  # below it, pseudo-labels are left out unless they are asked for
WEAK = 0.5  # so they are below this accuracy of the model
ENOUGH = 10  # test images that it takes to leave them out
LARGE = 0.3  # share of the pseudo-labels from which a class may be one that swallows others
TWICE = 2  # and so many times its share of the experts' labels


def doubt(
    sure: Sequence[Judged],
    point: CurvePoint | None,
    threshold: float,
    human: Mapping[str, int],
    pseudo: Mapping[str, int],
) -> Doubt:
    """Judge the pseudo-labels of a round by the test images that it is as sure of.

    Test images were drawn from the same pool and were not learned from, so the share of them on
    which a confident answer is right estimates the share of right pseudo-labels.

    Args:
        sure: counts of test images at `threshold` or more, of the round's own model.
        point: how right that model is on all test images; None: nobody can tell.
        threshold: the least confidence of a pseudo-label, 0 to 1.
        human: class name -> labels that experts gave.
        pseudo: class name -> pseudo-labels.
    """
    n, there = sum(each.n for each in sure), sum(pseudo.values())
    right = sum(each.n for each in sure if each.truth == each.predicted)
    as_sure = f"that the round is {percent(threshold)} sure of or more"
    if not n:
        estimate = (
            f"How many pseudo-labels are right, nobody can tell: no test image {as_sure} has been "
            "labeled yet."
        )
        return Doubt(estimate, tuple(_classes(human, pseudo)), pseudo=there)
    low, high = interval(right, n)
    estimate = (
        f"Of {many(n, 'labeled test image')} {as_sure}, {right:,} "
        f"{'is' if right == 1 else 'are'} right: {percent(right / n)}, 95 % interval "
        f"{percent(low)} to {percent(high)}. So many of the pseudo-labels may be right."
    )
    warnings = []
    if right / n < LOW:
        warnings.append(
            f"About {percent(1 - right / n)} of the pseudo-labels may be wrong: ask for a higher "
            "confidence, check them, or label more."
        )
    if point is not None and point.accuracy < WEAK:
        warnings.append(
            f"The model is right on {percent(point.accuracy)} of all test images "
            f"({percent(point.low)} to {percent(point.high)}): label more before you rely on it."
        )
    poor = n >= ENOUGH and right / n < FLOOR
    weak = point is not None and point.n >= ENOUGH and point.accuracy < WEAK
    told = (*warnings, *_classes(human, pseudo))
    return Doubt(estimate, told, left_out=poor or weak, pseudo=there)


def _classes(human: Mapping[str, int], pseudo: Mapping[str, int]) -> list[str]:
    """Classes that pseudo-labels know nothing of, and such as may have swallowed others."""
    labels, guesses = sum(human.values()), sum(pseudo.values())
    if not labels or not guesses:
        return []
    said = [
        f"{pseudo[name]:,} of {guesses:,} pseudo-labels say '{name}', and so do {human[name]:,} of "
        f"{labels:,} labels that are no model's: look at them before you rely on them."
        for name in human
        if pseudo.get(name, 0) >= max(LARGE * guesses, TWICE * guesses * human[name] / labels)
    ]
    without = [f"'{name}'" for name in human if human[name] and not pseudo.get(name)]
    if without:
        said.append(f"No pseudo-label says {' or '.join(without)}.")
    return said
