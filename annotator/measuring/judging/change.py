"""What a round says otherwise than the one before, than its baseline, and than of test images."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from annotator.model.judging.rows import Flips
from annotator.wording import baseline, many, percent

FEW = 30  # test images on a side with which no change of the pool can be told


def flips(counts: Sequence[tuple[int, int, int]], before: int, names: Mapping[int, str]) -> Flips:
    """Put changes of pseudo-labels since the round `before` into words.

    Args:
        counts: class before, class now, and images, of those with a pseudo-label of both rounds.
        before: the number of the earlier round.
        names: of the classes.
    """
    both = sum(n for _, _, n in counts)
    changed = sorted(
        ((names.get(was, "?"), names.get(now, "?"), n) for was, now, n in counts if was != now),
        key=lambda each: -each[2],
    )
    if not both:
        return Flips(0, (), f"No image has a pseudo-label of this round and of round {before}.")
    total = sum(n for _, _, n in changed)
    told = (
        f"{total:,} of {many(both, 'image')} that have a pseudo-label of round {before} and of "
        f"this one changed their class: {percent(total / both)}."
    )
    return Flips(both, tuple(changed), told)


def beside(
    right: tuple[int, int, int, int], agreeing: tuple[int, int], model: str, learner: str
) -> tuple[str, ...]:
    """Say how far the two models of a round agree, and which of them is more often right.

    Args:
        right: test images in all, right by both, by the model alone, by the baseline alone.
        agreeing: unlabeled images that both predicted, and those of which they say the same.
        model: the method of the round.
        learner: of the baseline.
    """
    # Imported here: commands and pages that measure nothing start without it
    from ssl_core.measure.differences import mcnemar

    images, same = agreeing
    alike = (
        f"{model} and its {baseline(learner)} say the same of {same:,} of "
        f"{many(images, 'unlabeled image')}: {percent(same / images)}."
        if images
        else "What the baseline says of unlabeled images is kept for the newest two rounds, from "
        "this version on."
    )
    n, _, gained, lost = right
    if not n:
        return alike, "No test image is labeled yet: nobody can tell which is more often right."
    return (
        alike,
        f"{_apart(right)}. {gained:,} only {model} has right, {lost:,} only the baseline; where "
        f"neither is better, so uneven a split comes up in {percent(mcnemar(gained, lost))} of "
        "cases.",
    )


def harm(right: tuple[int, int, int, int], model: str, learner: str) -> str | None:
    """Say that the model is worse than its baseline, where that is beyond chance; else None.

    For one look: the interval of the difference lies below 0. Arguments are those of `beside`.
    """
    from ssl_core.measure.differences import of_pairs

    n, _, gained, lost = right
    if not n or of_pairs(gained, lost, n).high >= 0:
        return None
    return (
        f"The unlabeled images do harm: {model} is below its {baseline(learner)}, {_apart(right)}. "
        "In Settings, choose plain or logistic as the method, or look for labels that may be wrong "
        "on Review."
    )


def _apart(right: tuple[int, int, int, int]) -> str:
    from ssl_core.measure.differences import of_pairs

    n, both, gained, lost = right
    found = of_pairs(gained, lost, n)
    return (
        f"{percent((both + gained) / n)} against {percent((both + lost) / n)} right on the same "
        f"{many(n, 'test image')}: {_points(found.value)} points, 95 % interval "
        f"{_points(found.low)} to {_points(found.high)}"
    )


def drift(said: Sequence[tuple[int, bool, int]], names: Mapping[int, str]) -> str:
    """Say whether labeled test images are like those that are not labeled yet.

    Test images are drawn from every import by chance alone and asked by chance; no model learns
    from them. So while the pool stays as it is, a round says each class as often of those that are
    labeled as of the others. Where it does not, the pool has changed since, and accuracies speak of
    what it was. Each class has an interval of its own, all of which hold together at 95 %
    (Bonferroni).

    Args:
        said: class that the round says, whether the test image is labeled, and images.
        names: of the classes.
    """
    # Imported here: commands and pages that measure nothing start without it
    from ssl_core.measure.differences import of_two

    labeled, other = Counter[int](), Counter[int]()
    for class_id, known, n in said:
        (labeled if known else other)[class_id] += n
    n, m = labeled.total(), other.total()
    if not m:
        return (
            "All test images that could be judged are labeled. They are drawn from the whole pool, "
            "so accuracies speak of it as it is."
        )
    if min(n, m) < FEW:
        return (
            f"Whether the pool has changed since it was labeled, nobody can tell by {n:,} labeled "
            f"and {m:,} other test images: it takes {FEW} of each."
        )
    classes = sorted({*labeled, *other})
    apart = [
        (class_id, of_two(other[class_id], m, labeled[class_id], n, 0.05 / len(classes)))
        for class_id in classes
    ]
    class_id, most = max(apart, key=lambda each: abs(each[1].value))
    certain = [each for each in apart if each[1].low > 0 or each[1].high < 0]
    if not certain:
        return (
            f"No sign that the pool is another than what was labeled: of {n:,} labeled and {m:,} "
            f"other test images the round says each class about equally often. '"
            f"{names.get(class_id, '?')}' differs most, by {_points(most.value)} points (95 %, all "
            f"classes together: {_points(most.low)} to {_points(most.high)})."
        )
    class_id, most = max(certain, key=lambda each: abs(each[1].value))
    return (
        f"The pool has changed since it was labeled: the round says '{names.get(class_id, '?')}' "
        f"of {percent(other[class_id] / m)} of the {m:,} test images without a label, and of "
        f"{percent(labeled[class_id] / n)} of the {n:,} labeled ones (difference "
        f"{_points(most.low)} to {_points(most.high)} points). Accuracies speak of the labeled "
        "ones: label more test images, they come up by themselves on the Label page."
    )


def _points(share: float) -> str:
    """`+3.1`, `−0.4`: a difference of shares in points of percent."""
    return f"{100 * share:+.1f}".replace("-", "−")
