"""What commands say of a round: its baseline by name, what its learners count, the red line."""

import json
from dataclasses import replace

import pytest

from annotator.cli.curves import print_json, print_laps, print_means, watch_runs
from annotator.cli.printing import print_import, print_round
from annotator.cli.workspace import status
from annotator.model import ImportReport, Refused, Trial
from annotator.simulating.compare import Played
from annotator.simulating.loop import lap
from annotator.simulating.proving import Proof
from annotator.wording import could_not, deferred
from tests.annotator.invented import finish_round, truly, wrongly
from tests.annotator.small import answer, event, truth, workspace

SHARES = {"supervised": 0.0, "logistic": 1.0}


@pytest.fixture
def service(tmp_path):
    opened = workspace(tmp_path / "ws", 60)
    answer(opened, 60)
    yield opened
    opened.close()


def printed(capsys):
    """What was printed, with single spaces."""
    return " ".join(capsys.readouterr().out.split())


def test_a_round_names_its_baseline_and_says_what_its_learners_count(service, capsys):
    """Nothing of shares where nobody was weighed."""
    done = finish_round(service, details={"baseline": "logistic"})
    print_round(done, service.curve())
    told = printed(capsys)
    assert "baseline (logistic) test accuracy" in told
    assert "ssl test accuracy" in told
    assert "counts" not in told
    weighed = {"baseline": "logistic", "shares": SHARES, "losses": dict.fromkeys(SHARES, 0.5)}
    print_round(finish_round(service, details=weighed), service.curve())
    told = printed(capsys)
    assert "What each learner counts: logistic 100 %, supervised 0 %, by how well" in told
    assert "the plain model" not in told
    print_round(finish_round(service, details={**weighed, "deferred": True}), service.curve())
    assert "knows more than the plain model (logistic): the round gives" in printed(capsys)


def test_status_warns_in_words_and_in_json(service, capsys):
    """After a round that is far below the baseline, and after three; before, of nothing."""
    finish_round(service, truly, truly)
    status(service.workspace.root, json_=True)
    assert json.loads(capsys.readouterr().out)["warning"] is None
    for _ in range(2):
        finish_round(service, wrongly, truly)
    status(service.workspace.root)
    told = printed(capsys)
    assert "For three rounds" not in told
    assert "The unlabeled images do harm: fixmatch is below its baseline (supervised)" in told
    finish_round(service, wrongly, truly, details={"baseline": "logistic"})
    status(service.workspace.root)
    told = printed(capsys)
    assert "For three rounds fixmatch was below its baseline, supervised, then logistic:" in told
    assert "round 4 baseline (logistic) test accuracy" in told
    status(service.workspace.root, json_=True)
    found = json.loads(capsys.readouterr().out)
    assert found["warning"] == service.below_baseline()
    learners = [point["learner"] for point in found["curve"] if point["model"] == "baseline"]
    assert learners == [*["supervised"] * 3, "logistic"]


def test_an_accuracy_says_on_which_images_where_some_could_not_be_judged(service, capsys):
    """Two of the test images: one put off, one that nobody can tell; a label takes one back."""
    finish_round(service, truly, truly)
    status(service.workspace.root)
    assert "could be judged" not in printed(capsys)
    one, two, *_ = service.images(kind="test")
    events = [event(service, one, "skip", seq=901), event(service, two, "unclear", seq=902)]
    tests = service.progress().test_labeled
    labeled = {each.image_id for each in service.store.labels.current("test")}
    service.record(events, "anna")
    status(service.workspace.root)
    told = printed(capsys)
    unjudged = 1 if one.id in labeled else 2  # a label stands, whoever puts its image off
    n = tests - (two.id in labeled)
    words = f"on the images that could be judged; {unjudged} of {n + unjudged} could not"
    assert told.count(words) == 3  # both models and the goal
    assert could_not(unjudged, n) == f"; {words}"
    assert could_not(0, n) == ""
    status(service.workspace.root, json_=True)
    assert json.loads(capsys.readouterr().out)["test_unjudged"] == unjudged


def test_a_simulated_round_has_its_baseline_by_name(service, capsys):
    """In the table beside its accuracy."""
    known = {image.sha256: truth(image.name) for image in service.images(limit=-1)}
    finish_round(service, details={"baseline": "logistic"})
    print_laps([lap(service, known, service.last_job())])
    assert "(logistic)" in printed(capsys)


def test_a_simulated_round_that_gives_its_baselines_classes_says_so(service, capsys):
    """In the table's footnote, in the object, and in the line of one of several runs."""
    known = {image.sha256: truth(image.name) for image in service.images(limit=-1)}
    finish_round(service, details={"baseline": "logistic"})
    own = lap(service, known, service.last_job())
    finish_round(service, details={"baseline": "logistic", "deferred": True})
    given = lap(service, known, service.last_job())
    print_laps([own, given])
    assert f"Round 2: {deferred('logistic')}" in printed(capsys)
    print_json([own, given])
    said = [json.loads(line)["answered_by"] for line in capsys.readouterr().out.splitlines()]
    assert said == [None, "logistic"]
    watch_runs([Played("mix", 0, own), Played("mix", 0, given)], 2)
    first, second = capsys.readouterr().err.splitlines()
    assert "baseline" not in first
    assert second.endswith("% by its baseline (logistic)")


@pytest.mark.parametrize("winner", ["frozen", "finetune"])
def test_a_round_says_what_its_trial_found(service, capsys, winner):
    """A round whose regime was the user's word says nothing of it."""
    done = finish_round(service)
    print_round(done, [])
    assert "auto" not in capsys.readouterr().out
    trial = Trial(120, 30, 0.92, 0.88, winner, "a, b")
    print_round(replace(done, details=replace(done.details, trial=trial)), [])
    assert f"  {trial.words}.\n" in capsys.readouterr().out


def test_an_import_says_once_that_metadata_may_name_people(capsys):
    """With how many and the first of them, and that pixels are not looked into."""
    personal = (Refused("a.jpg", "EXIF Artist"), Refused("b.jpg", "XMP"))
    print_import(ImportReport(2, 0, (), personal=personal))
    told = printed(capsys)
    assert "2 images carry metadata that may name a person, such as a.jpg (EXIF Artist)." in told
    assert "burnt into the pixels" in told
    print_import(ImportReport(2, 0, ()))
    assert "person" not in printed(capsys)


PROOF = Proof(
    round=2, target=0.95, confidence=0.95, rows=400, asked=93, answered=93, unknown=2,
    released=300, certified=0.95, precision=0.98, unseen_certified=0.94, unseen_precision=0.97,
    verified=True, told=("300 of 400 pseudo-labels are certified at 95 %, the surest ones.",),
)  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "In truth 98.0 % of the 300 are right, and 97.0 % of those that nobody looked at"),
        ({}, "the promise of 95.0 % holds. Its export proves what it says."),
        ({}, "The truth does not tell 2 of them: they counted as wrong."),
        ({"precision": 0.94}, "the promise of 95.0 % DOES NOT HOLD."),
        ({"verified": False}, "Its export DOES NOT PROVE what it says."),
        ({"unseen_precision": None}, "an unknown share of those that nobody looked at"),
    ],
)
def test_a_simulated_audit_says_what_is_certified_and_what_is_true(capsys, changes, said):
    """A promise that is false is told as loudly as one that holds."""
    print_laps([replace(PROOF, **changes)])
    told = printed(capsys)
    assert "Audit of round 2, 93 of 93 answered. " in told
    assert said in told.replace("\N{NO-BREAK SPACE}", " ")


def test_audits_of_several_runs_are_told_in_a_line_each_and_in_sum(capsys):
    """How much was released on the mean, and how many promises were false."""
    none = replace(PROOF, released=0, precision=None, verified=False)
    false = replace(PROOF, precision=0.94)
    print_means([Played("random", seed, each) for seed, each in enumerate((PROOF, false, none))])
    told = printed(capsys).replace("\N{NO-BREAK SPACE}", " ")
    assert "random, seed 1: 300 of 400 pseudo-labels certified at 95.0 % by 93 answers" in told
    assert "random, seed 2: 0 of 400 pseudo-labels certified at 95.0 % by 93 answers." in told
    assert "Released on the mean: 50.0 %. The promise was false in 1 of 3 audits." in told
