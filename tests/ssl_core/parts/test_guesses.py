"""Guesses teach above the threshold of their class, and are aligned with the labels if asked."""

import math

import pytest
import torch

from ssl_core.methods import METHODS, build_method
from ssl_core.types import Task
from tests.ssl_core.contract import keywords, masked, problem

ALIGNED = [name for name in METHODS if "align" in keywords(METHODS[name])]
PER_CLASS = ["fixmatch", "pseudo_label", "uda"]
PRIOR = [0.5, 0.3, 0.2]


def target(name, p):
    """What a method makes of a guess p: its likeliest class, or the sharpened guess of UDA."""
    if name == "uda":
        powers = [v ** (1 / 0.4) for v in p]
        return [v / sum(powers) for v in powers]
    return [float(c == p.index(max(p))) for c in range(3)]


def weight(name, p, needed):
    """How much a guess counts; SoftMatch's bell has taken in this one batch already."""
    return float(p[p.index(max(p))] >= needed[p.index(max(p))])


def expected(name, one, needed, align):
    """The term and the share of rows that taught, by naive loops over the first batch."""
    batch = one.batch()
    with torch.no_grad():
        weak = one.student(batch.u["weak"]).softmax(1).double().tolist()
        seen = "weak" if name == "pseudo_label" else "strong"
        strong = one.student(batch.u[seen]).log_softmax(1).double().tolist()
    if align:
        rows = len(weak)
        mean = [0.99 * PRIOR[c] + 0.01 * sum(p[c] for p in weak) / rows for c in range(3)]
        scaled = [[p[c] * PRIOR[c] / mean[c] for c in range(3)] for p in weak]
        weak = [[v / sum(p) for v in p] for p in scaled]
    term = used = 0.0
    for p, q in zip(weak, strong, strict=True):
        counts = weight(name, p, needed)
        used += counts / len(weak)
        term -= counts * sum(a * b for a, b in zip(target(name, p), q, strict=True)) / len(weak)
    return term, used


@pytest.mark.parametrize("align", [False, True])
@pytest.mark.parametrize("name", PER_CLASS)
def test_each_class_has_its_own_threshold(name, align):
    """A threshold that some guesses of each class meet, another class by class."""
    one = problem("vectors")
    with torch.no_grad():
        p = one.student(one.batch().u["weak"]).softmax(1)
    usual = float(p.amax(1).median())
    for needed in ([usual] * 3, [0.0, 1.0, usual], [1.0, 0.0, 0.0]):
        method = build_method(name, one.task, threshold=needed, align=align)
        made = one.losses(method, one.batch())
        term, used = expected(name, one, needed, align)
        assert made.unsupervised.item() == pytest.approx(term, rel=1e-4)
        assert float(made.used) == pytest.approx(used)


@pytest.mark.parametrize("name", PER_CLASS)
def test_one_number_for_all_is_that_number_for_each(name):
    """The same loss to the bit."""
    one = problem("vectors")
    losses = [
        one.losses(build_method(name, one.task, threshold=needed), one.batch()).total.item()
        for needed in (0.4, [0.4, 0.4, 0.4], (0.4, 0.4, 0.4))
    ]
    assert len(set(losses)) == 1


def test_every_method_with_a_hard_guess_can_align():
    """FreeMatch has a fairness term of its own, AdaMatch and ReMixMatch always align."""
    always = {"adamatch", "freematch", "remixmatch"}
    assert set(masked()) - always <= set(ALIGNED)


@pytest.mark.parametrize("name", ALIGNED)
def test_alignment_turns_the_guesses_towards_the_labels(name):
    """A model that says class 0 of all rows, where half of the labels do not, comes to doubt it."""
    one = problem("vectors")
    with torch.no_grad():
        one.student.head.weight.zero_()
        one.student.head.bias.copy_(torch.tensor([0.60, 0.25, 0.15]).log())
    task = Task(3, 6, one.student.num_features, torch.tensor([0.2, 0.4, 0.4]))
    options = {"threshold": 0.0} if "threshold" in keywords(METHODS[name]) else {}
    plain, aligned = (build_method(name, task, align=align, **options) for align in (False, True))
    for method in (plain, aligned):
        for _ in range(200):
            made = one.losses(method, one.batch())
        method.term = made.unsupervised.item() / float(made.used)
    assert name == "uda" or plain.term == pytest.approx(-math.log(0.60), rel=1e-3)
    assert aligned.term > plain.term + 0.1


@pytest.mark.parametrize("name", ALIGNED)
def test_what_has_been_aligned_is_saved(name):
    """The running mean is in the state; without the option there is none."""
    one = problem("vectors")
    plain, aligned = (build_method(name, one.task, align=align) for align in (False, True))
    assert not any("align" in key for key in plain.state_dict())
    one.losses(aligned, one.batch())
    [mean] = [value for key, value in aligned.state_dict().items() if key.endswith("align.mean")]
    assert not torch.allclose(mean, torch.tensor(PRIOR), atol=1e-5)


def test_every_method_but_the_baseline_has_a_ramp():
    """The weight of any unlabeled term can rise slowly."""
    assert [name for name in METHODS if "ramp" not in keywords(METHODS[name])] == ["supervised"]
