"""The rows of a certified export: what nobody could tell, and the probabilities of its round."""

import csv
from dataclasses import replace

import pytest

from tests.annotator import audits, invented, small


@pytest.fixture
def service(tmp_path):
    found = audits.ready(tmp_path / "work")
    yield found
    found.close()


def test_an_image_that_somebody_cannot_tell_later_is_exported_as_that_and_all_verifies(
    service, tmp_path
):
    """Its row says so, and has no label."""
    audit = service.certify.begin(40, audits.TERMS)
    audited = [each.image_id for each in service.store.audits.rows(audit.number)]
    audits.answer(service)
    assert service.certify.close().released
    order = list(service.store.orders.rows(audit.number))
    later = next(each.image_id for each in order if each.image_id not in audited)
    image = service.image(later)
    service.record([small.event(service, image, "unclear", seq=1, client="later")], "anna")
    service.export(tmp_path / "out", certified=True)
    assert [
        (each.name, each.told) for each in service.verify(tmp_path / "out") if not each.holds
    ] == []
    with (tmp_path / "out" / "labels.csv").open(newline="") as file:
        rows = {row["sha256"]: row for row in csv.DictReader(file)}
    assert (rows[image.sha256]["source"], rows[image.sha256]["label"]) == ("unclear", "")


def test_what_nobody_could_tell_in_the_audit_is_a_row_and_what_nobody_answered_is_told(
    service, tmp_path
):
    """As in a plain export; the rest of the audit has no row, and a sentence says so."""
    service.certify.begin(60, replace(audits.TERMS, target="0.5"))
    drawn = [each.image_id for each in service.store.audits.rows(1)]
    asked = []
    while service.certify.status().waiting > 4:
        asked += audits.answer(service, kinds=dict.fromkeys(drawn[:3], "unclear"), most=1)
    assert service.certify.close(unanswered_wrong=True).released
    unclear, left = len({*drawn[:3]} & {*asked}), len({*drawn} - {*asked})
    assert unclear
    assert left
    report = service.export(tmp_path / "out", certified=True)
    plain = service.export(tmp_path / "plain", pseudo=False)
    assert report.unclear == plain.unclear == unclear
    assert report.human == plain.human
    assert any(each.startswith(f"{left} audited images were left out") for each in report.notes)
    assert f"{left} audited images were left out" in (tmp_path / "out/README.md").read_text()
    assert all(each.holds for each in service.verify(tmp_path / "out"))


def test_a_certified_export_has_the_probabilities_of_its_round_as_long_as_they_are_kept(
    service, tmp_path
):
    """Those that a plain export has; two rounds later it says why there are none."""
    service.certify.begin(40, audits.TERMS)
    audits.answer(service)
    service.certify.close()
    service.export(tmp_path / "plain", threshold=0, pseudo=True)
    service.export(tmp_path / "out", certified=True)
    told = {}
    for name in ("plain", "out"):
        with (tmp_path / name / "labels.csv").open(newline="") as file:
            told[name] = {
                row["sha256"]: row["probabilities"]
                for row in csv.DictReader(file)
                if row["source"] == "pseudo"
            }
    assert all(told["out"].values())
    assert told["out"].items() <= told["plain"].items()
    for _ in range(2):
        invented.finish_round(service)
    report = service.export(tmp_path / "later", certified=True)
    assert any("those of the two newest rounds alone are kept" in each for each in report.notes)
