"""The commands of certificates: what they print, what they refuse, and how each of them ends."""

import json

import pytest

from annotator.model.auditing.plans import Offer
from tests.annotator import audits


@pytest.fixture
def service(tmp_path):
    opened = audits.ready(tmp_path / "ws", 120)
    yield opened
    opened.close()


def test_from_an_outlook_to_an_export_that_proves_itself(service, run, tmp_path):
    """An outlook begins nothing; a budget does, with the best number of labels below it."""
    workspace, out = tmp_path / "ws", tmp_path / "out"
    code, told, _ = run("certify", workspace, "--target", "0.9")
    assert code == 0
    assert told.startswith("Of the released pseudo-labels at least 90 % are right;")
    assert service.certify.status() is None
    code, told, _ = run("certify", workspace, "--target", "0.9", "--budget", "60", "--json")
    sizes = [each["labels"] for each in json.loads(told.splitlines()[0])["offers"]]
    best = max(each for each in sizes if each <= 60)
    assert f"Audit 1 has begun: {best} images" in told
    assert service.certify.status().labels == best

    code, _, complaint = run("audit", "close", workspace)
    assert (code, f"{best} of {best} images of the audit still wait" in complaint) == (2, True)
    audits.answer(service)
    code, told, _ = run("audit", "status", workspace)
    assert (code, "All is answered. Close the audit" in told) == (0, True)
    code, told, _ = run("audit", "close", workspace)
    assert code == 0
    assert "guesses are certified at 90 %" in told
    code, told, _ = run("export", workspace, out, "--certified")
    assert (code, "the chance that" in told.lower()) == (0, True)
    code, told, _ = run("verify", out)
    assert code == 0
    *_, beside, last = told.splitlines()
    assert last == "The export proves what it says."
    assert beside.endswith("'human labels' count as not checked is no part of the certificate.")
    assert "it was not checked" in told
    assert "FAILS" not in told


def test_a_class_and_retries_are_named_and_going_on_follows_a_certificate(
    service, run, tmp_path, monkeypatch
):
    """Each said before it begins; without a certificate there is nothing to go on from."""
    workspace = tmp_path / "ws"
    code, _, complaint = run("certify", workspace, "--beyond")
    assert (code, "There is no certificate to go on from" in complaint) == (2, True)
    options = ("--target", "0.8", "--confidence", "0.8", "--class", "dark", "--retries", "1")
    code, told, _ = run("certify", workspace, *options)
    assert code == 0
    assert "Of the released pseudo-labels 'dark' at least 80" in told
    assert "attempt 1 of 2 that are declared together" in told
    monkeypatch.setattr(
        "annotator.auditing.planning.as_offer", lambda f: Offer(f.m, 40, 0, 2, 0, 1)
    )
    service.certify.begin(30, audits.TERMS)
    monkeypatch.undo()
    audits.answer(service)
    assert service.certify.close().released == 40
    code, told, _ = run("certify", workspace, "--beyond", "--budget", "20")
    assert code == 0
    assert "20 labels more, drawn from what nobody has looked at" in told
    assert "Audit 2 has begun: 20 images" in told


def test_several_classes_are_named_or_all_are_meant(service, run, tmp_path):
    """What each takes is printed below every number of labels; both ways at once are refused."""
    workspace = tmp_path / "ws"
    options = ("--target", "0.8", "--confidence", "0.8")
    code, told, _ = run("certify", workspace, *options, "--class", "dark", "--class", "light")
    assert code == 0
    assert told.startswith("Of the released pseudo-labels of each of 2 classes at least 80")
    assert "'dark': " in told
    code, all_told, _ = run("certify", workspace, *options, "--each-class")
    assert (code, all_told) == (0, told)
    code, _, complaint = run("certify", workspace, "--each-class", "--class", "dark")
    assert (code, "`--each-class` means all classes" in complaint) == (2, True)
    code, _, complaint = run("certify", workspace, "--by", "group")
    assert (code, "an image like any other: leave `--by` out" in complaint) == (2, True)
    code, _, complaint = run("certify", workspace, "--beyond", "--by", "group")
    assert (code, "leave `--by` out, or it" in complaint) == (2, True)
    code, told, _ = run("certify", workspace, *options, "--each-class", "--budget", "100")
    assert (code, "guesses of 2 classes, of each its own, are asked" in told) == (0, True)
    audits.answer(service)
    code, told, _ = run("audit", "close", workspace)
    assert (code, "All of these hold at once" in told) == (0, True)


def test_an_export_that_was_changed_fails_with_the_step_and_status_two(service, run, tmp_path):
    """Named on standard error, and in its line."""
    service.certify.begin(40, audits.TERMS)
    audits.answer(service)
    service.certify.close()
    service.export(tmp_path / "out", certified=True)
    table = tmp_path / "out" / "labels.csv"
    lines = table.read_text().splitlines(keepends=True)
    place = next(n for n, line in enumerate(lines) if ",pseudo," in line)
    table.write_text("".join([*lines[:place], *lines[place + 1 :]]))
    code, told, complaint = run("verify", tmp_path / "out")
    assert code == 2
    assert "does not prove what it says: release, images fail" in complaint
    assert "FAILS  release: 1 of the released rows are missing." in told
    assert run("verify", tmp_path)[0] == 2


def test_pseudo_labels_that_pretend_to_be_a_persons_fail_and_evidence_is_told_in_words(
    service, run, tmp_path
):
    """Each with status two; so is a folder that is not there."""
    service.certify.begin(40, audits.TERMS)
    audits.answer(service)
    service.certify.close()
    service.export(tmp_path / "out", certified=True)
    table, evidence = tmp_path / "out" / "labels.csv", tmp_path / "out/certificate/evidence.json"
    whole = table.read_text()
    table.write_text(whole.replace(",dark,pseudo,", ",light,human,"))
    code, told, complaint = run("verify", tmp_path / "out")
    assert (code, "does not prove what it says: sources fails" in complaint) == (2, True)
    assert "of a person, and yet of a model's round or with its confidence" in told
    assert "a person's label in place of the pseudo-label" in told
    table.write_text(whole)
    evidence.write_text(evidence.read_text().replace('"claims"', '"claim"'))
    code, told, complaint = run("verify", tmp_path / "out")
    assert (code, told) == (2, "")
    assert "in certificate/evidence.json `claims` is missing. Get the export anew." in complaint
    code, _, complaint = run("verify", tmp_path / "nowhere")
    assert (code, "There is no folder" in complaint) == (2, True)


def test_an_audit_is_canceled_and_acts_are_spelled_right(service, run, tmp_path):
    """What is no act is answered with those that are."""
    workspace = tmp_path / "ws"
    run("certify", workspace, "--target", "0.9", "--budget", "40")
    code, told, _ = run("audit", "cancel", workspace)
    assert (code, told) == (0, "Audit 1 is canceled. It counts as an attempt all the same.\n")
    code, _, complaint = run("audit", "stop", workspace)
    assert (code, "Choose one of: cancel, close, status" in complaint) == (2, True)
    code, _, complaint = run("audit", "cancel", workspace)
    assert (code, "No audit is open" in complaint) == (2, True)
    code, told, _ = run("audit", "status", workspace, "--json")
    assert json.loads(told) == {"open": None, "closed": None}
