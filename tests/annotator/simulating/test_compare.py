"""Comparing policies: mean curves over seeds, worked out again by hand."""

import statistics

import pytest

from annotator.cli.curves import print_means
from annotator.errors import AnnotatorError
from annotator.simulating.compare import Mean, Played, area, means, named, remembered
from annotator.simulating.loop import Lap

KNOWN = ("entropy", "margin", "random")


def lap(number, accuracy, labels=None):
    return Lap(
        round=number, labels=labels or 10 * number, method="fixmatch", test_accuracy=accuracy,
        test_interval=(0.0, 1.0), test_balanced_accuracy=accuracy, test_labels=50,
        baseline_method="logistic", baseline_accuracy=0.5, baseline_interval=(0.0, 1.0),
        baseline_balanced_accuracy=0.5,
        pseudo_labels=0, pseudo_ratio=0.0, pseudo_precision=None, seconds=1.0,
        answered_by=None,
    )  # fmt: skip


HEIGHTS = {"margin": [(0.5, 0.7), (0.6, 0.9), (0.7, 0.8)], "random": [(0.4, 0.5)] * 3}
PLAYED = [
    Played(policy, seed, lap(number, accuracy))
    for seed in range(3)
    for policy, runs in HEIGHTS.items()
    for number, accuracy in enumerate(runs[seed], 1)
]


def test_a_mean_curve_is_the_mean_and_deviation_of_the_seeds():
    """Worked out again from the heights that went in."""
    found = means(PLAYED)
    assert [(each.policy, each.round) for each in found] == [
        ("margin", 1), ("margin", 2), ("random", 1), ("random", 2),
    ]  # fmt: skip
    for each in found:
        heights = [run[each.round - 1] for run in HEIGHTS[each.policy]]
        assert each.accuracy == pytest.approx(sum(heights) / 3)
        assert each.sd == pytest.approx(statistics.stdev(heights))
        assert (each.labels, each.seeds) == (10 * each.round, 3)


def test_only_rounds_that_every_run_reached_are_averaged(capsys):
    """A run that is out of images ends early: no mean is of fewer seeds or labels."""
    longer = [Played("margin", 1, lap(number, 0.95)) for number in (3, 4)]
    assert means([*PLAYED, *longer]) == means(PLAYED)
    print_means([*PLAYED, *longer])
    told = capsys.readouterr().out
    assert "up to round 2, which all runs reached" in " ".join(told.split())
    assert told.count("±") == 1 + 4  # the title, and each cell
    print_means(PLAYED)
    assert "ended early" not in capsys.readouterr().out


def test_one_seed_has_no_deviation():
    """Nothing is invented where nothing was repeated."""
    [only] = means(PLAYED[:1])
    assert (only.sd, only.seeds) == (0.0, 1)


def test_rounds_are_remembered_on_their_way():
    """All news pass; what is kept is what a table needs."""
    done = []
    assert list(remembered(PLAYED, done)) == PLAYED == done


def test_the_mean_height_is_the_area_over_the_width():
    """A straight line from 0 to 1 has height one half, wherever its points lie."""
    line = [Mean("p", i, x, x / 100, 0.0, 1) for i, x in enumerate((0, 10, 70, 100))]
    assert area(line) == pytest.approx(0.5)
    assert area(line[2:3]) == pytest.approx(0.7)


def test_policies_are_named_once_and_known():
    """Spaces and repeats are forgiven; an unknown one lists the choices."""
    assert named(" margin, random,margin", KNOWN) == ["margin", "random"]
    with pytest.raises(AnnotatorError, match=r"entrpy.*entropy.*random"):
        named("random,entrpy", KNOWN)
    with pytest.raises(AnnotatorError, match="names none"):
        named(" , ", KNOWN)
