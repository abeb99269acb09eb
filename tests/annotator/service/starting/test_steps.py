"""What to do next, state by state, and for whoever may not do it."""

from dataclasses import replace

import pytest

from annotator.model import Job, Person, Progress
from annotator.model.auditing.audits import Audit
from annotator.model.auditing.plans import Terms
from annotator.model.auditing.results import AuditProgress
from annotator.service.people.roles import MAY, refusal
from annotator.service.starting.steps import STEPS, Standing, next_step

ADMIN, REVIEWER, ANNOTATOR = (Person("anna", role) for role in ("admin", "reviewer", "annotator"))
PROGRESS = Progress(
    images=100, labeled=24, pool=90, pool_labeled=20, test=10, test_labeled=4,
    since_round=4, round_every=10,
)  # fmt: skip
CALM = Standing(PROGRESS, classes=3, taught=3)


def with_progress(**changed):
    return replace(CALM, progress=replace(PROGRESS, **changed))


def job(kind="round", state="running", error=None):
    return Job(1, kind, state, {}, 1, 0.4, "learning", 0.0, None, error, cancel_requested=False)


def audit(**known):
    planned = Audit(2, "open", 1, "anna", 0.0, {}, "", 100, 0, {})
    none = {"answered": 0, "passed": 0, "waiting": 0, "elsewhere": 0, "differing": 0}
    return AuditProgress(planned, Terms(), 22, **{**none, "hopeless": False, **known})


# state -> (how things stand, words of the sentence, the page it leads to)
TABLE = {
    "classes": (replace(CALM, classes=0), "no classes yet: add two at least", "Settings"),
    "images": (with_progress(images=0, labeled=0), "no images yet", "Data"),
    "failed": (replace(CALM, ended=job(state="failed", error="the disk is full")),
               "last round failed: the disk is full.", "Rounds"),
    "stuck": (replace(CALM, job=job(state="queued"), works=False), "no worker runs", "Rounds"),
    "audit answered": (replace(CALM, audit=audit(differing=3)), "twice at 3 answers", "Quality"),
    "disagreements": (replace(CALM, disagreements=1), "disagree about 1 image:", "Settle"),
    "audit open": (replace(CALM, audit=audit(waiting=5, elsewhere=1)), "asks 4 images", "Label"),
    "all answered": (with_progress(labeled=97, unclear=3), "Every image is answered", "Export"),
    "training": (replace(CALM, job=job()), "label on meanwhile", "Label"),
    "certified": (replace(CALM, certified=60), "60 pseudo-labels", "Export"),
    "goal reached": (replace(CALM, reached="The goal is reached."), "goal is reached.", "Quality"),
    "no labels": (with_progress(labeled=0), "first images", "Label"),
    "too few classes": (replace(CALM, taught=1), "labels of 1 to learn from", "Label"),
    "round due": (replace(with_progress(since_round=12), due=True), "12 labels came in", "Rounds"),
    "labeling": (CALM, "6 labels more, and a round starts by itself", "Label"),
}  # fmt: skip


@pytest.mark.parametrize("state", TABLE)
def test_each_state_has_its_sentence_and_its_page(state):
    """An admin is led to where it is done, by a link that says what."""
    standing, said, page = TABLE[state]
    found = next_step(standing, lambda verb: refusal(ADMIN, verb))
    assert (found.state, found.page) == (state, page)
    assert said in found.said
    assert found.does
    assert found.verb in MAY


@pytest.mark.parametrize(("log", "said"), [(True, "its log says why"), (False, "would do it.")])
def test_a_log_is_named_only_where_there_is_one(log, said):
    """A worker that was never started has none."""
    standing = replace(TABLE["stuck"][0], log=log)
    assert said in next_step(standing, lambda verb: refusal(ADMIN, verb)).said


def test_every_line_of_the_table_is_tried():
    """A line that is added is tried here, and in its own order."""
    assert len(TABLE) == len(STEPS)
    for line, (state, (standing, *_)) in zip(STEPS, TABLE.items(), strict=True):
        assert line(standing).state == state


def test_the_more_pressing_state_is_told_first():
    """With all that is at hand at once, mending one after the other walks down the table."""
    everything = replace(
        with_progress(images=0, labeled=0), classes=0, taught=0, ended=job(state="failed"),
        disagreements=2, certified=5, reached="Reached.",
    )  # fmt: skip
    mended = [
        {"classes": 2}, {"progress": PROGRESS}, {"ended": None}, {"disagreements": 0},
        {"certified": 0}, {"reached": ""}, {"taught": 2},
    ]  # fmt: skip
    seen = []
    for each in ({}, *mended):
        everything = replace(everything, **each)
        seen.append(next_step(everything, lambda _: "").state)
    assert seen == [
        "classes", "images", "failed", "disagreements",
        "certified", "goal reached", "too few classes", "labeling",
    ]  # fmt: skip


@pytest.mark.parametrize("state", TABLE)
@pytest.mark.parametrize("person", [REVIEWER, ANNOTATOR], ids=lambda each: each.role)
def test_nobody_is_sent_where_they_are_refused(state, person):
    """What only others may do is passed over; where nothing else can be done, it says who may."""
    standing = TABLE[state][0]
    found = next_step(standing, lambda verb: refusal(person, verb))
    if why := refusal(person, found.verb):
        assert found.needed
        assert found.page == ""
        assert found.said.endswith(why)
    else:
        assert found.page


def test_what_a_round_by_hand_waits_for():
    """Where no round starts by itself, a few new labels are worth one, and one label is not."""
    by_hand = with_progress(round_every=0, since_round=1)
    assert next_step(by_hand, lambda _: "").page == "Label"
    by_hand = with_progress(round_every=0, since_round=10)
    assert next_step(by_hand, lambda _: "").state == "round due"
    assert next_step(replace(by_hand, job=job("prepare")), lambda _: "").state == "labeling"


@pytest.mark.parametrize(
    ("known", "said"),
    [({"hopeless": True, "waiting": 3}, "can release nothing"), ({}, "close it, and see")],
)
def test_an_audit_that_has_come_to_its_end_says_how(known, said):
    found = next_step(replace(CALM, audit=audit(**known)), lambda _: "")
    assert found.state == "audit answered"
    assert said in found.said
