"""Rounds that older versions wrote are read: what they did not say has its meaning."""

from dataclasses import asdict

from annotator.model import RoundDetails
from tests.annotator.invented import finish_round
from tests.annotator.small import answer, workspace

OLD = {
    "classes": [1, 2], "backbone": "small_cnn", "size": 16, "steps": 10, "device": "cpu",
    "policy": "mix", "preset": "photo", "histogram": [0, 3],
}  # fmt: skip


def test_details_without_a_baseline_are_read():
    """Nothing was weighed; a field that nobody knows any more is passed over."""
    found = RoundDetails.read({**OLD, "forgotten": 1})
    assert (found.baseline, found.shares, found.losses) == (None, {}, {})
    assert RoundDetails.read(asdict(found)) == found


def test_the_baseline_of_a_round_has_a_name(tmp_path):
    """That of older rounds was the supervised network; shares and losses come back as written."""
    service = workspace(tmp_path / "ws", 20)
    answer(service, 10)
    shares, losses = {"graph": 0.75, "networks": 0.25}, {"graph": 0.5, "networks": 0.7}
    finish_round(service)
    finish_round(service, details={"baseline": "logistic", "shares": shares, "losses": losses})
    old, new = service.rounds()
    assert (old.baseline, new.baseline) == ("supervised", "logistic")
    assert (new.details.shares, new.details.losses) == (shares, losses)
