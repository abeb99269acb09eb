"""Uncertainty scores from first principles: probabilities in, nats and margins out."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ssl_core.acquire.entropy import entropy
from ssl_core.acquire.least_confidence import least_confidence
from ssl_core.acquire.margin import margin
from ssl_core.errors import SSLError
from tests.ssl_core.acquire.softmax import softmax

SCORES = {"entropy": entropy, "margin": margin, "least_confidence": least_confidence}
every = pytest.mark.parametrize("score", SCORES.values(), ids=SCORES)


def slowly(name, row):
    """The score of one row, by the book."""
    p = sorted(row, reverse=True)
    return {
        "entropy": -sum(q * math.log(q) for q in p if q > 0),
        "margin": 1 - (p[0] - p[1]),
        "least_confidence": 1 - p[0],
    }[name]


@pytest.mark.parametrize("classes", [2, 3, 10, 100])
def test_entropy_of_a_uniform_prediction_is_the_logarithm_of_the_classes(classes):
    """ln C nats."""
    p = np.full((3, classes), 1 / classes)
    np.testing.assert_allclose(entropy(p), math.log(classes), rtol=1e-12)


def test_known_values():
    """(.7, .2, .1) has 0.8018185525 nats, a margin of .5 and a doubt of .3."""
    p = np.array([[0.7, 0.2, 0.1]])
    assert entropy(p)[0] == pytest.approx(0.8018185525, abs=1e-10)
    assert margin(p)[0] == pytest.approx(0.5)
    assert least_confidence(p)[0] == pytest.approx(0.3)


def test_margin_prefers_the_closer_call():
    """A 50/45 image is asked before a 90/5 one."""
    close, clear = margin(np.array([[0.5, 0.45, 0.05], [0.9, 0.05, 0.05]]))
    assert close > clear


def test_a_probability_of_zero_adds_nothing():
    """A class that cannot be; and the 0 has no sign, which a reason would print."""
    assert entropy(np.array([[0.5, 0.5, 0.0]]))[0] == pytest.approx(math.log(2))
    assert str(entropy(np.array([[1.0, 0.0]]))[0]) == "0.0"


@every
@pytest.mark.parametrize("kind", [np.float16, np.float32, np.float64])
def test_certain_and_even_rows_are_the_bounds_in_every_precision(score, kind):
    """No doubt at all, and an even split of two and of three."""
    p = np.array([[1, 0, 0], [1 / 2, 1 / 2, 0], [1 / 3, 1 / 3, 1 / 3]], kind)
    expected = {
        entropy: [0, math.log(2), math.log(3)],
        margin: [0, 1, 1],
        least_confidence: [0, 1 / 2, 2 / 3],
    }[score]
    np.testing.assert_allclose(score(p), expected, atol=1e-3 if kind is np.float16 else 1e-6)


@every
@pytest.mark.parametrize(
    "bad", [[0.0, math.nan], [0.0, math.inf], [math.inf, -math.inf], [1.5, -0.5], [2.0, 0.3]]
)
def test_what_is_no_probability_is_an_error_that_names_the_row(score, bad):
    """A broken prediction is neither the most nor the least certain, and logits are none."""
    with pytest.raises(SSLError, match=r"Row 2 holds no probabilities .* give the softmax"):
        score(np.array([[0.0, 1.0], [1.0, 0.0], bad, bad]))


@every
def test_chunks_and_order_change_nothing(score):
    """Each row has the same score, to the bit, wherever it stands."""
    rng = np.random.default_rng(0)
    p = softmax(rng.normal(0, 5, (40_000, 7))).astype(np.float32)
    order = rng.permutation(len(p))
    whole = score(p)
    np.testing.assert_array_equal(score(p[order]), whole[order])
    np.testing.assert_array_equal(score(p[100:133]), whole[100:133])


@every
def test_no_rows_no_scores(score):
    """An empty pool is not an error; a vector is."""
    assert score(np.empty((0, 3))).shape == (0,)
    with pytest.raises(SSLError, match="must be"):
        score(np.zeros(3))


@pytest.mark.parametrize("name", SCORES)
@settings(max_examples=50, deadline=None)
@given(logits=arrays(np.float64, (5, 4), elements=st.floats(-700, 700)))
def test_scores_equal_the_slow_way(name, logits):
    """Any probabilities, certain ones too: the same as a loop over rows and classes."""
    p = softmax(logits)
    expected = [slowly(name, row) for row in p.tolist()]
    np.testing.assert_allclose(SCORES[name](p), expected, atol=1e-9)
