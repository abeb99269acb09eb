"""Open pages: so many of one person and of all together; whoever finds no room is told so."""

import math

import pytest
from typing_extensions import override

from annotator.ui.gate.crowding import MOST, MOST_TOGETHER, Pages
from annotator.ui.gate.entrance import Entrance
from annotator.ui.gate.token import Token
from annotator.ui.gate.visitors import Visitor, Way
from tests.annotator.asgi import Recorder, request, websocket

A_PERSON_LOOKS = {"Accept": "text/html"}


class Named(Way):
    """Whoever comes is who the cookie says."""

    @override
    def visitor(self, shown):
        return Visitor(shown.cookies.get("name"), math.inf)


def by(name):
    return {"Cookie": f"name={name}"}


class Opening(Recorder):
    """Opens a page inside each page, as long as there is room."""

    def __init__(self):
        super().__init__()
        self.gate, self.most, self.refused = None, 0, []

    async def __call__(self, scope, receive, send):
        if scope["type"] == "websocket":
            self.most += 1
            found = websocket(self.gate, by("anna"))
            if found.status != 101:
                self.refused.append(found.status)
                page = request(self.gate, "/", by("anna") | A_PERSON_LOOKS)
                self.refused.append((page.status, page.text))
                assert request(self.gate, "/img/1", by("anna")).status == 200  # of open pages
                assert websocket(self.gate, by("bela")).status in (101, 1008)
        await super().__call__(scope, receive, send)


def test_one_person_has_so_many_pages_and_is_told_so():
    """Neither the next websocket nor the next page is let in; a page that closes makes room."""
    app = Opening()
    app.gate = Entrance(app, Named(), pages=Pages(3, 4))
    websocket(app.gate, by("anna"))
    code, (status, text) = app.refused[:2]
    assert (code, status) == (1008, 429)
    assert "3 pages are open under your name" in text
    assert "Close some, then reload" in text
    before = app.most
    websocket(app.gate, by("anna"))
    assert app.most > before


def test_pages_are_counted_by_name_and_together():
    """Those without a name are counted together alone: they may be many behind one address."""
    pages = Pages(2, 5)
    with pages.one_more("anna"), pages.one_more("anna"):
        assert pages.full("anna")
        assert not pages.full("bela")
        with pages.one_more(""), pages.one_more(""):
            assert not pages.full("")
            with pages.one_more(""):
                assert "5 pages are open on this server" in pages.full("bela")
    assert not pages.full("anna")


def test_a_page_that_fails_is_not_counted_for_ever():
    """Whatever ended it."""
    pages = Pages(1)
    with pytest.raises(ZeroDivisionError), pages.one_more("anna"):
        _ = 1 / 0
    assert not pages.full("anna")
    assert not pages._open


def test_a_browser_that_showed_the_token_is_one_person():
    """Two browsers are two, though neither has a name."""
    way = Token("t" * 20)
    one, two = way.session(), way.session()
    who = {way.visitor(_shown(way, each)).who for each in (one, two, one)}
    assert len(who) == 2
    assert "" not in who


def test_a_person_with_many_windows_has_room():
    """What stands in the documentation."""
    assert MOST >= 20
    assert MOST_TOGETHER >= 10 * MOST


def _shown(way, session):
    from annotator.ui.gate.visitors import Shown

    return Shown({way.cookie: session}, [])
