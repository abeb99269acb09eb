"""How far people agree who answered the same images, and which classes they confuse."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from annotator.measuring.accuracy import interval
from annotator.model import Agreement, Measure, Pair, Repeated, Work

if TYPE_CHECKING:
    from ssl_core.measure.agreement import Measured


def agreement(
    answers: Iterable[tuple[int, str, int]],
    work: Sequence[Work],
    repeats: Iterable[tuple[str, bool]] = (),
) -> Agreement:
    """Measure it.

    Args:
        answers: (image id, who, class id), at most one of each person to an image.
        work: what each person has done, which is passed on.
        repeats: (who, whether they said the same) for each image that came back to them.
    """
    # Imported here: commands and pages that measure nothing start without it
    from ssl_core.measure.agreement import cells, cohen, counts, fleiss, krippendorff

    said: dict[int, dict[str, int]] = defaultdict(dict)
    for image_id, who, class_id in answers:
        said[image_id][who] = class_id
    said = {image_id: each for image_id, each in said.items() if len(each) > 1}
    people = sorted({who for each in said.values() for who in each})
    classes = sorted({class_id for each in said.values() for class_id in each.values()})
    number = {class_id: place for place, class_id in enumerate(classes)}
    ratings = np.array(
        [[number[each[who]] if who in each else -1 for who in people] for each in said.values()],
        np.int64,
    ).reshape(len(said), len(people))
    rated = counts(ratings, len(classes)) if classes else np.empty((0, 0), np.int64)
    pairs = []
    for (one, first), (other, second) in itertools.combinations(enumerate(people), 2):
        table = cells(ratings[:, one], ratings[:, other], len(classes))
        if table.sum():
            apart = Counter(
                {
                    (classes[i], classes[j]): int(table[i, j])
                    for i, j in np.argwhere(table)
                    if i != j
                }
            )
            told = tuple((mine, theirs, n) for (mine, theirs), n in apart.most_common())
            pairs.append(Pair(first, second, int(np.trace(table)), _measure(cohen(table)), told))
    confused = Counter(
        pair
        for each in said.values()
        for one, other in itertools.combinations(each.values(), 2)
        if one != other
        for pair in [(min(one, other), max(one, other))]
    )
    return Agreement(
        tuple(pairs),
        _measure(fleiss(rated)),
        _measure(krippendorff(rated)),
        tuple((one, other, n) for (one, other), n in confused.most_common()),
        tuple(work),
        tuple(_repeated(repeats)),
    )


def _repeated(repeats: Iterable[tuple[str, bool]]) -> Iterator[Repeated]:
    """Count, with the exact interval of the share."""
    same, images = Counter[str](), Counter[str]()
    for who, alike in repeats:
        images[who] += 1
        same[who] += alike
    for who in sorted(images):
        yield Repeated(who, same[who], images[who], *interval(same[who], images[who]))


def _measure(found: Measured) -> Measure | None:
    """None where there was nothing to agree about."""
    return None if np.isnan(found.value) else Measure(*found)
