"""Sentences on what happened: all that did, and nothing that did not."""

from dataclasses import replace

from annotator.model import CurvePoint
from annotator.service.starting.news import told
from tests.annotator import small
from tests.annotator.invented import fail_round, finish_round

NOTHING = {"person": "anna", "labels": {}, "images": 0, "rounds": (), "curve": ()}


def test_what_did_not_happen_is_not_told():
    assert told(0.0, **NOTHING) == ()


def test_each_thing_has_its_sentence():
    """People and images by their number, others without their names."""
    known = NOTHING | {"labels": {"anna": 3, "bert": 1_200}, "images": 1, "changes": 2, "audit": 4}
    assert told(0.0, **known) == (
        "You labeled 3 images.",
        "Others labeled 1,200 images.",
        "1 image came in.",
        "Classes were changed, 2 times.",
        "Audit 4 was closed: Quality says what it proves.",
    )


def test_rounds_are_told_with_how_right_they_are_and_were(tmp_path):
    """Only what ended since counts; the accuracy before stands beside, both with intervals."""
    service = small.workspace(tmp_path / "ws", 40)
    small.answer(service, 20)
    for _ in range(3):
        finish_round(service)
    fail_round(service)
    rounds = [replace(each, finished=100.0 * each.number) for each in service.rounds()]
    points = [
        CurvePoint(each, 10, "ssl", 0.8 + each / 100, 0.7, 0.9, 0, 0, 0, 40) for each in (1, 2, 3)
    ]
    said = told(150.0, **NOTHING | {"rounds": rounds, "curve": points})
    assert said == (
        "Rounds 2, 3 ended: test accuracy 83.0\N{NO-BREAK SPACE}% (70.0–90.0, n = 40), before it "
        "81.0\N{NO-BREAK SPACE}% (70.0–90.0, n = 40).",
        "1 round failed: Rounds says why.",
    )
    assert told(350.0, **NOTHING | {"rounds": rounds[:3], "curve": points}) == ()
    assert told(250.0, **NOTHING | {"rounds": rounds[:3]}) == ("Round 3 ended.",)
    service.close()
