"""What the server makes of the page's messages."""

import time

import pytest

from annotator.errors import StoreError
from annotator.model import Acknowledged, LabelEvent, Progress, Settings, Ticket
from annotator.ui.labeler import component
from annotator.ui.labeler.message import parse, read

GOOD = {
    "client": "c",
    "seq": 3,
    "kind": "label",
    "image_id": 5,
    "sha256": "ab",
    "class_id": 2,
    "at": 10.5,
    "seconds": 1.25,
}


def test_an_answer_arrives_as_it_was_sent():
    """Each field lands in its place."""
    assert parse(GOOD) == LabelEvent("c", 3, "label", 5, "ab", 2, 10.5, 1.25)


@pytest.mark.parametrize("ahead", [0, 3600, -86_400])
def test_a_press_is_timed_by_how_long_before_the_message_it_was(ahead):
    """Whatever the browser's clock says: a minute ago is a minute ago."""
    now = time.time()
    answer = GOOD | {"at": now + ahead - 60}
    [event] = read({"client": "tab", "beat": 1, "now": now + ahead, "events": [answer]}).events
    assert now - 60.01 <= event.at <= time.time() - 59.99
    [untold] = read({"client": "tab", "beat": 1, "now": float("nan"), "events": [answer]}).events
    assert untold.at == answer["at"]


def test_what_is_no_label_arrives_with_its_text_and_what_it_takes_back():
    """And whether the model's guess was in sight; a version of before says nothing of either."""
    told = {"kind": "unclear", "class_id": None, "note": "dim", "shown": True}
    assert parse(GOOD | told) == LabelEvent(
        "c", 3, "unclear", 5, "ab", None, 10.5, 1.25, suggestion_shown=True, note="dim"
    )
    undo = parse(GOOD | {"kind": "undo", "class_id": None, "takes": "flag"})
    assert undo is not None
    assert (undo.kind, undo.takes, undo.note, undo.suggestion_shown) == ("undo", "flag", "", False)
    for kind in ("skip", "flag", "note"):
        assert parse(GOOD | {"kind": kind, "class_id": None}) is not None


@pytest.mark.parametrize(
    "more", [{"takes": "class"}, {"takes": ["flag"]}, {"note": "x" * 5000}, {"note": "\ud800"}]
)
def test_what_no_page_sends_beside_an_answer_is_refused(more):
    """Rather than stored as something else."""
    assert parse(GOOD | more) is None


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        (None, ()),
        ([7, "8"], (7, 8)),
        (7, ()),
        ([-1, None, 3], (3,)),
        ([*range(99)], (0, 1, 2, 3, 4)),
    ],
)
def test_a_few_images_are_compared_by_their_numbers(told, meant):
    """Nobody has the server compare a hundred."""
    assert read({"client": "tab", "beat": 1, "compare": told}).compare == meant


@pytest.mark.parametrize(
    ("told", "meant"),
    [(None, None), (0, 0), (7, 7), ("7", 7), (-1, None), (2**70, None), ("x", None), ([], None)],
)
def test_earlier_answers_are_asked_for_by_the_number_of_an_image(told, meant):
    """What is none asks for nothing."""
    assert read({"client": "tab", "beat": 1, "recall": told}).recall == meant


def test_an_undo_has_no_class():
    """A missing class stays missing."""
    read = parse(GOOD | {"kind": "undo", "class_id": None})
    assert read is not None
    assert read.class_id is None


@pytest.mark.parametrize(
    "broken",
    [None, [], "label", {}, GOOD | {"kind": "delete"}, GOOD | {"seq": "x"}, GOOD | {"kind": []}],
)
def test_what_is_no_answer_is_left_out(broken):
    """A message that no page of ours sends breaks nothing."""
    assert parse(broken) is None


ABSURD = [
    GOOD | {"class_id": 2.0**70},
    GOOD | {"class_id": float("inf")},
    GOOD | {"at": None},
    GOOD | {"at": "yesterday", "seconds": 1e400},
    GOOD | {"client": "\ud800"},
    GOOD | {"client": "c" * 9999},
    GOOD | {"sha256": "\udfff"},
    GOOD | {"seq": {}},
    {"client": ["c"], "seq": None},
    None,
    7,
]
MESSAGES = [
    None,
    [],
    "x",
    {},
    {"events": {}},
    {"events": ABSURD, "client": "\ud800", "beat": []},
    {"events": ABSURD, "client": "c", "beat": 5},
]


@pytest.mark.parametrize("message", MESSAGES)
def test_whatever_is_sent_is_read(message):
    """Each answer is one, or goes back refused by the name under which the page knows it."""
    sent = read(message)
    sent.client.encode()
    if message and "events" in message and message["events"]:
        assert len(sent.events) == 3  # a wrong time is no wrong answer
        known = [(each.get("client"), each.get("seq")) for each in ABSURD if isinstance(each, dict)]
        assert len(sent.refused) == len(known) - 3
        assert {repr(each[:2]) for each in sent.refused} <= {repr([*each]) for each in known}


class Failing:
    """A service whose store fails where it is told to."""

    def __init__(self, *failing, problem):
        self.failing, self.problem = failing, problem

    def _may(self, verb):
        if verb in self.failing:
            raise self.problem

    def record(self, events, _annotator):
        self._may("record")
        return Acknowledged({each.client: each.seq for each in events})

    def progress(self):
        self._may("progress")
        return Progress(1, 0, 1, 0, 0, 0, 0, 0)

    BEAT_SECONDS = 4.0

    def lease(self, _client, _annotator, **_turn):
        self._may("lease")
        return []

    def active_job(self):
        return None

    def ticket(self, client, annotator):
        return Ticket(client, annotator, 1, "x")

    def about(self, images):
        self._may("about")
        return [{} for _ in images]

    def refusal(self, _verb):
        return ""

    def compare(self, _questions):
        self._may("compare")
        return []

    def classes(self):
        self._may("classes")
        return []

    def settings(self):
        self._may("settings")
        return Settings()


@pytest.fixture
def drawn(monkeypatch):
    """Draw the labeler for a message of the page; returns what the page would be sent."""
    state = {}
    monkeypatch.setattr(component.st, "session_state", state)
    sent = []
    monkeypatch.setattr(component, "_component", lambda **given: sent.append(given["data"]))

    def draw(service, beat):
        state["labeler"] = {"message": {"client": "c", "beat": beat, "events": [GOOD, *ABSURD]}}
        component.labeler(service, workspace="ws", annotator="anna")
        return sent[-1]

    return draw


@pytest.mark.parametrize(
    "verb", ["record", "progress", "lease", "about", "compare", "classes", "settings"]
)
@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (StoreError("The database is locked."), "The database is locked."),
        (OverflowError("too large"), "OverflowError"),
    ],
)
def test_the_labeler_is_drawn_whatever_fails(drawn, verb, problem, words):
    """With a notice, and acknowledging what was stored and nothing else; then it goes on."""
    told = drawn(Failing(verb, problem=problem), 1)
    assert words in told["error"]
    assert told["beat"] == 1
    assert told["ack"] == ({} if verb == "record" else {"c": 3})
    assert bool(told["refused"]) == (verb != "record")
    after = drawn(Failing(problem=problem), 2)
    assert (after["error"], after["ack"], after["beat"]) == ("", {"c": 3}, 2)
