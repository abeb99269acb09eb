"""The red line: a model that stays below its baseline, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from annotator.model import CurvePoint
from annotator.wording import percent

ROUNDS = 3  # measured ones in a row
STRONG = ("ensemble", "logistic", "plain")  # methods to fall back on


def below_baseline(points: Sequence[CurvePoint]) -> str | None:
    """Say that the model was below its baseline in each of the last ROUNDS measured rounds.

    Test images are few and all rounds are judged on the same ones, so it can be chance; where the
    intervals of the newest round overlap, that is said too. None where there is nothing to say.

    Args:
        points: of both models, in any order; a round that lacks one of them is passed over.
    """
    models = {
        model: {each.round: each for each in points if each.model == model}
        for model in ("ssl", "baseline")
    }
    ssl, baseline = models["ssl"], models["baseline"]
    last = sorted(ssl.keys() & baseline.keys())[-ROUNDS:]
    if len(last) < ROUNDS or any(ssl[n].accuracy >= baseline[n].accuracy for n in last):
        return None
    newest, beside = ssl[last[-1]], baseline[last[-1]]
    chance = (
        " Their 95 % intervals overlap, so it may be chance." if newest.high >= beside.low else ""
    )
    others = [name for name in STRONG if name != newest.learner]
    return (
        f"For three rounds {_named(ssl[n] for n in last)} was below its baseline, "
        f"{_named(baseline[n] for n in last)}: {percent(newest.accuracy)} against "
        f"{percent(beside.accuracy)} in the newest.{chance} In Settings, choose "
        f"{', '.join(others[:-1])} or {others[-1]} as the method. Look for labels that may "
        "be wrong on Review. And look at the map on Data: where your classes lie mixed, another "
        "Backbone in Settings may tell them apart."
    )


def _named(points: Iterable[CurvePoint]) -> str:
    """The learners in their order, each once while it stays the same."""
    return ", then ".join(name for name, _ in groupby(each.learner for each in points))
