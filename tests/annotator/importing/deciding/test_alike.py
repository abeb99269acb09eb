"""Which class names are told as slips of others, and which only look so to a program."""

import pytest

from annotator.importing.deciding.alike import MOST, slips


@pytest.mark.parametrize(
    ("new", "here"),
    [
        ("abnornal", "abnormal"),  # another letter
        ("abnomal", "abnormal"),  # one is missing
        ("abnorrmal", "abnormal"),  # one too many
        ("abnromal", "abnormal"),  # two exchanged
        ("Abnornal", "abnormal"),  # and its case
        ("left pnuemonia", "left pneumonia"),
        ("bengin_2", "benign_2"),
    ],
)
def test_one_slip_is_told(new, here):
    """With the class that may be meant."""
    assert slips([here, here], {new: 1}) == ((new, here),)


@pytest.mark.parametrize(
    ("new", "here"),
    [
        ("abnormal", "normal"),
        ("Normal", "normal"),
        ("grade 2", "grade 1"),
        ("type B", "type A"),
        ("T2", "T1"),
        ("cat", "cut"),
        ("normal", "normal"),
        ("left lung", "right lung"),
        ("lung", "left lung"),
        ("2019", "2018"),
    ],
)
def test_classes_that_differ_as_classes_do_are_no_slips(new, here):
    """A hint that is mostly wrong is read by nobody."""
    assert slips([here], {new: 1}) == ()


def test_of_two_new_classes_the_rarer_one_may_be_the_slip():
    """Where nothing is here yet, as at the first import."""
    assert slips([], {"abnornal": 1, "abnormal": 20}) == (("abnornal", "abnormal"),)
    assert slips([], {f"word{'x' * n}": 1 for n in range(MOST + 1)}) == ()
