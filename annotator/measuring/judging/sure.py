"""Whether a round is as often right as it is sure, and whether so few test images can tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from annotator.model.judging.rows import Reliability, SureBin
from annotator.wording import many, percent

FEWEST = 50  # test images below which nothing can be read
A_BIN = 10  # test images a bin, where there are fewer than for all bins
BINS = 15


def reliability(
    tested: Sequence[tuple[int, NDArray[np.float64]]],
    columns: Sequence[int],
    counts_as: Mapping[int, int],
) -> Reliability:
    """Measure it.

    Args:
        tested: of each test image its class, and the probabilities (C,) of the round's classes.
        columns: the classes of the round in the order of the probabilities.
        counts_as: what each class counts as now; one that was removed counts as none.
    """
    # Imported here: commands and pages that measure nothing start without it
    from ssl_core.measure import calibration
    from ssl_core.measure.consistency import by_chance

    ends = list(dict.fromkeys(counts_as.get(each, each) for each in columns))
    place = {class_id: number for number, class_id in enumerate(ends)}
    known = [(place[truth], each) for truth, each in tested if truth in place]
    unknown = len(tested) - len(known)
    without = (
        f" {many(unknown, 'test image')} of classes that the round did not know "
        f"{'is' if unknown == 1 else 'are'} left out."
        if unknown
        else ""
    )
    if len(known) < FEWEST:
        return Reliability(
            len(known),
            (),
            (),
            f"{many(len(known), 'labeled test image')}: nothing can be read from so few; it takes "
            f"{FEWEST}. They come up by themselves on the Label page.{without}",
        )
    y = np.array([truth for truth, _ in known])
    raw = np.stack([each for _, each in known])
    said = np.zeros((len(y), len(ends)))
    for column, class_id in enumerate(columns):  # what two classes have that are one now is added
        said[:, place[counts_as.get(class_id, class_id)]] += raw[:, column]
    bins = min(BINS, len(y) // A_BIN)
    error = calibration.calibration_error(y, said, bins)
    chance, most = by_chance(said, bins)
    drawn = [
        SureBin(each.n, each.confidence, each.right, each.low, each.high)
        for each in calibration.reliability(y, said, bins)
    ]
    gap = float(said.max(1).mean() - (said.argmax(1) == y).mean())
    return Reliability(
        len(y),
        tuple(drawn),
        (
            ("calibration error", error),
            ("by class", calibration.classwise_error(y, said, bins)),
            ("Brier score", calibration.brier(y, said)),
            ("log loss, nats", calibration.log_loss(y, said)),
        ),
        f"{_verdict(error, chance, most, gap)} {many(len(y), 'test image')} in {bins} bins of "
        f"equally many.{without}",
    )


def _verdict(error: float, chance: float, most: float, gap: float) -> str:
    """What the error says beside that of a model without one."""
    allowed = (
        f"a model that is exactly as often right as sure shows {percent(chance)} on so few images, "
        f"and more than {percent(most)} in one case of twenty"
    )
    if error <= most:
        return (
            f"Nothing speaks against the confidence: confidence and accuracy differ by "
            f"{percent(error)} on the mean; {allowed}."
        )
    way = "too sure" if gap > 0 else "too careful"
    return (
        f"The confidence is off: it and the accuracy differ by {percent(error)} on the mean, more "
        f"than chance explains ({allowed}). On the whole the model is {way}, by "
        f"{percent(abs(gap))}."
    )
