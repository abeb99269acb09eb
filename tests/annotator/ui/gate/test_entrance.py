"""The entrance: other machines, open pages whose session ends, and what a name is taken from."""

import math
import time

import pytest
from typing_extensions import override

from annotator.ui.gate.anyone import Anyone
from annotator.ui.gate.entrance import Entrance
from annotator.ui.gate.proxy import LOOK_AGAIN, Proxy
from annotator.ui.gate.token import Token
from annotator.ui.gate.visitors import Shown, Visitor, Way
from tests.annotator.asgi import Recorder, ran, request, websocket

ELSEWHERE = [("192.0.2.4", 8501), ("0.0.0.0", 8501), ("::", 8501), ("", 0), ("/run/socket", None)]


@pytest.mark.parametrize("at", ELSEWHERE)
@pytest.mark.parametrize("way", [Anyone(), Proxy("X-Remote-User")], ids=["anyone", "proxy"])
def test_what_holds_on_loopback_alone_lets_nobody_in_elsewhere(way, at):
    """Also where another program serves the app: the connection tells where it came in."""
    app = Recorder()
    gate = Entrance(app, way)
    headers = {"Host": "localhost", "X-Remote-User": "anna"}
    assert request(gate, "/", headers, at=at).status == 403
    assert websocket(gate, headers, at=at).status == 1008
    assert app.paths == []


@pytest.mark.parametrize("at", [("127.0.0.1", 8501), ("::1", 8501), ("::ffff:127.0.0.1", 8501)])
def test_on_loopback_anyone_is_let_in(at):
    """Without a name."""
    gate = Entrance(Recorder(), Anyone())
    assert request(gate, "/", at=at).status == 200
    assert websocket(gate, at=at).status == 101
    assert Anyone().visitor(Shown({}, [])) == Visitor(None, math.inf)


def test_a_token_lets_other_machines_in():
    """That is what it is for."""
    way = Token("t" * 20)
    cookie = {"Cookie": f"{way.cookie}={way.session()}"}
    assert request(Entrance(Recorder(), way), "/", cookie, at=("192.0.2.4", 8501)).status == 200


class Until(Way):
    """Lets in until a moment that a test moves."""

    def __init__(self, seconds):
        self.end = time.time() + seconds

    @override
    def visitor(self, shown):
        return Visitor("anna", self.end) if time.time() < self.end else None


def test_a_message_after_the_session_s_end_is_not_taken():
    """The page was open all the time; what it sends is refused and the websocket closed."""
    way, app = Until(60), Recorder()

    def ends():
        way.end = 0

    answer = websocket(Entrance(app, way), sent=[b"before", ends, b"after"])
    assert app.received == [b"before"]
    assert answer.status == 1008


def test_an_open_page_that_sends_nothing_is_closed_at_the_session_s_end():
    """It would be shown what others do for as long as it is open."""
    import asyncio

    from tests.annotator.asgi import _scope

    closed = []

    async def receive():
        if not receive.connected:
            receive.connected = True
            return {"type": "websocket.connect"}
        return await asyncio.sleep(60)

    async def send(message):
        closed.append(message.get("code"))

    receive.connected = False
    begun = time.monotonic()
    scope = _scope("websocket", "/_stcore/stream", [("host", "localhost")], ("127.0.0.1", 8501))
    ran(Entrance(Recorder(), Until(0.3))(scope, receive, send))
    assert closed[-1] == 1008
    assert time.monotonic() - begun < 30


def test_a_proxy_s_header_is_the_name():
    """And the connection is made anew now and then, by way of the proxy."""
    visitor = Proxy("X-Remote-User").visitor(Shown({}, [("x-remote-user", " anna ")]))
    assert visitor.name == "anna"
    assert time.time() < visitor.until <= time.time() + LOOK_AGAIN


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ("Michał Żak".encode(), "Michał Żak"),
        ("李雷".encode(), "李雷"),
        ("Jörg".encode(), "Jörg"),
        ("Jörg".encode("latin-1"), "Jörg"),
        (b"anna@example.org", "anna@example.org"),
    ],
)
def test_a_name_is_read_as_its_proxy_wrote_it(sent, name):
    """In UTF-8 mostly: many names were let in garbled, and those with some letters not at all."""
    way = Proxy("X-Remote-User")
    assert way.visitor(Shown({}, [("x-remote-user", sent.decode("latin-1"))])).name == name


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("x-remote-user", "")],
        [("x-remote-user", "  ")],
        [("x-remote-user", "mallory"), ("x-remote-user", "anna")],
        [("x-remote-user", "a" * 201)],
        [("x-remote-user", "anna\x00")],
        [("x-other", "anna")],
    ],
)
def test_without_one_name_in_the_header_nobody_is_let_in(headers):
    """Absent, empty, twice (one is the visitor's own), too long, or not to be read."""
    way = Proxy("X-Remote-User")
    assert way.visitor(Shown({}, headers)) is None
    gate = Entrance(Recorder(), way)
    assert request(gate, "/", [("host", "localhost"), *headers]).status == 401
