"""Rounds that older versions wrote are read: what they did not say has its meaning."""

from dataclasses import asdict, replace

from annotator.model import Round, RoundDetails
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


def test_a_round_says_what_made_its_confidences_as_right_as_sure():
    """Validation images from sixty on; else labels kept in turn, where learners were asked."""
    details = RoundDetails.read(OLD)
    weighed = {"label_spreading": 0.5, "logistic": 0.5}
    for method, more, said in (
        ("ensemble", {"validation": 61, "temperatures": {"ssl": 1.2}}, "on 61 validation images."),
        ("ensemble", {"shares": weighed}, "by labels that were kept from learners in turn."),
        (
            "ensemble",
            {"shares": weighed, "validation": 7},
            "turn (7 validation images labeled then",
        ),
        ("ensemble", {}, "the model's own, not calibrated."),
        ("fixmatch", {"validation": 1}, "not calibrated (1 validation image labeled then; from 60"),
    ):
        done = Round(
            1, 1, method, "frozen", {}, 9, 9, 0, "done", 0.0, 1.0, 1.0, 0.9, 0, 0.0, "h", "s",
            replace(details, **more),
        )  # fmt: skip
        assert said in done.calibrated
