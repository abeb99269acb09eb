"""The address at which pages say that they live: nothing without a ticket, whatever is sent."""

import json
from dataclasses import asdict, replace

import pytest
from starlette.applications import Starlette

from annotator.ui.web import holding, server
from tests.annotator.asgi import request
from tests.annotator.small import workspace


@pytest.fixture
def work(tmp_path, monkeypatch):
    service = workspace(tmp_path / "ws", 5)
    monkeypatch.setattr(holding, "served", lambda: service)
    yield service
    service.close()


@pytest.fixture
def say(work):
    app = Starlette(routes=server.ROUTES)

    def said(content, at="/held"):
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        return request(app, at, method="POST", body=body)

    return said


def ids(questions):
    return [question.image.id for question in questions]


@pytest.mark.parametrize("at", ["/held", "/below/a/path/held"])
def test_a_page_with_a_ticket_keeps_what_it_holds_and_gives_it_back(work, say, at):
    """Wherever the app is; what it named and does not hold is told."""
    held = ids(work.lease("tab", "anna", turn=3))
    ticket = asdict(work.ticket("tab", "anna"))
    answer = say({"ticket": ticket, "shown": held[0], "items": [*held, 999]}, at)
    assert (answer.status, json.loads(answer.text)) == (200, {"gone": [999], "more": False})
    assert say({"ticket": ticket, "turn": 3}, at).status == 200
    assert ids(work.lease("other", "ben")) == held


def test_nobody_speaks_for_another_page(work, say):
    """Another's name, an older date, a shifted comma: none is the ticket that was made."""
    held = ids(work.lease("tab", "anna", turn=3))
    good = work.ticket("tab", "anna")
    for wrong in (
        replace(good, client="other"),
        replace(good, annotator="zoe"),
        replace(good, client="tab:anna", annotator=""),
        replace(good, until=good.until + 1),
        replace(good, sig="ü" * 32),
        replace(work.ticket("tab", "anna"), sig=work.ticket("tab", "ben").sig),
    ):
        assert say({"ticket": asdict(wrong), "turn": 9}).status == 403
        assert say({"ticket": asdict(wrong), "shown": None, "items": []}).status == 403
    assert work.lease("other", "ben") == []
    assert ids(work.lease("tab", "anna")) == held


WRONG = [
    b"",
    b"{",
    b"[]",
    b"3",
    b"\xff\xff",
    b'{"ticket": 3, "turn": 1}',
    b"[" * 9000,
    {"turn": 1},
    {"ticket": {"client": "tab", "annotator": "a", "until": "soon", "sig": ""}, "turn": 1},
    {"ticket": {"client": "\ud800", "annotator": "a", "until": 9, "sig": ""}, "turn": 1},
]


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: str(wrong)[:30])
def test_what_is_no_message_is_refused_in_one_number(say, wrong):
    """400, and the server goes on."""
    assert say(wrong).status == 400


@pytest.mark.parametrize("number", [2**63, 2**64, -1, 0, "x", None, [], 1e400])
def test_a_number_that_no_image_has_is_refused(work, say, number):
    """The database could not even look for it."""
    ticket = asdict(work.ticket("tab", "anna"))
    assert say({"ticket": ticket, "shown": 1, "items": [number]}).status == 400


def test_what_is_too_long_is_not_read_to_its_end(say):
    """A page that holds a dozen images has little to say."""
    assert say(b" " * (holding.LONGEST + 1)).status == 413


def test_an_expired_ticket_is_none(work, say, monkeypatch):
    """The page then asks for another."""
    ticket = asdict(work.ticket("tab", "anna"))
    monkeypatch.setattr("annotator.asking.tickets.time.time", lambda: ticket["until"] + 1)
    assert say({"ticket": ticket, "shown": None, "items": []}).status == 403
