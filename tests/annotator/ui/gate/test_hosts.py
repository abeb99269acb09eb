"""Known hosts and own pages: what a browser says of a request decides, and nothing is looked up."""

import socket

import pytest

from annotator.model import Access
from annotator.ui.gate.hosts import KnownHosts
from tests.annotator.asgi import Recorder, request, websocket

PORT = 8501
OWN = [f"localhost:{PORT}", f"127.0.0.1:{PORT}", f"[::1]:{PORT}", "localhost", "LOCALHOST:8501"]
FOREIGN_NAMES = [
    "evil.example",
    f"evil.example:{PORT}",
    "localhost.evil.example",
    "evil.localhost",
    "localhost:8501.evil.example",
    "127.0.0.2",
    "10.0.0.7",
    "localhost@evil.example",
    "",
    "[::2]:8501",
]


@pytest.fixture
def app():
    return Recorder()


@pytest.fixture
def gate(app):
    return KnownHosts(app, Access())


@pytest.mark.parametrize("host", OWN)
def test_the_names_of_this_machine_are_known(gate, app, host):
    """With and without a port, in any case of letters; for requests and websockets."""
    assert request(gate, "/", {"Host": host}).status == 200
    assert websocket(gate, {"Host": host, "Origin": f"http://{host.lower()}"}).status == 101


@pytest.mark.parametrize("host", FOREIGN_NAMES)
@pytest.mark.parametrize("path", ["/", "/img/1", "/_stcore/upload_file/a/b", "/media/a", "/x"])
def test_any_other_name_is_refused_on_every_route(gate, app, host, path):
    """A page that gave its name our address gets one sentence, and no app is asked."""
    answer = request(gate, path, {"Host": host})
    assert answer.status == 421
    assert "does not answer to that name" in answer.text
    assert websocket(gate, {"Host": host, "Origin": f"http://{host}"}).status == 1008
    assert app.paths == []


def test_two_hosts_or_none_are_refused(gate, app):
    """One of two would be the one that is believed."""
    for headers in ([("host", "localhost"), ("host", "evil.example")], [("host", "")]):
        assert request(gate, "/", headers).status == 421
    assert app.paths == []


def test_a_name_that_the_server_was_told_is_known(app):
    """It alone: not what is below it."""
    gate = KnownHosts(app, Access(host="0.0.0.0", names=("labels.example",), token="t" * 20))
    assert request(gate, "/", {"Host": "labels.example:8501"}).status == 200
    assert request(gate, "/", {"Host": "more.labels.example"}).status == 421


def test_the_address_that_was_connected_to_is_known(gate):
    """No name leads to it; another address in Host is foreign, and so is it on loopback."""
    assert request(gate, "/", {"Host": "192.0.2.4:8501"}, at=("192.0.2.4", PORT)).status == 200
    assert request(gate, "/", {"Host": "192.0.2.5:8501"}, at=("192.0.2.4", PORT)).status == 421
    assert request(gate, "/", {"Host": "127.0.0.9:8501"}, at=("127.0.0.9", PORT)).status == 421


FOREIGN_ORIGINS = [
    "http://evil.example",
    f"http://evil.example:{PORT}",
    "http://localhost:3000",
    "http://localhost",
    "null",
    "",
    "file://",
    f"ftp://localhost:{PORT}",
    f"http://localhost:{PORT}@evil.example",
    "http://[",
]


@pytest.mark.parametrize("origin", FOREIGN_ORIGINS)
def test_a_foreign_origin_is_refused_without_a_look_up(gate, app, origin, monkeypatch):
    """Whatever the method; a name server or a page that tells our address is not asked."""

    def look_up(*_args, **_more):
        raise AssertionError("a name was looked up")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(socket, "create_connection", look_up)
    headers = {"Host": f"localhost:{PORT}", "Origin": origin}
    for method in ("GET", "POST", "PUT", "DELETE", "OPTIONS"):
        assert request(gate, "/", headers, method=method).status == 403
    assert websocket(gate, headers).status == 1008
    assert app.paths == []


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        (f"localhost:{PORT}", f"http://localhost:{PORT}"),
        ("localhost", "http://localhost"),
        ("localhost", "https://localhost"),  # a proxy speaks https for us
        ("localhost:80", "http://localhost"),
    ],
)
def test_an_own_page_is_let_in(gate, host, origin):
    """Its origin is the host that it asks."""
    headers = {"Host": host, "Origin": origin, "Sec-Fetch-Site": "same-origin"}
    assert request(gate, "/", headers, method="PUT").status == 200
    assert websocket(gate, headers).status == 101


def test_two_origins_are_refused(gate):
    """One of them is not the browser's."""
    headers = [("host", "localhost"), ("origin", "http://localhost"), ("origin", "http://evil.x")]
    assert request(gate, "/", headers).status == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_what_a_foreign_page_embeds_is_refused_and_its_link_is_not(gate, site):
    """Pictures and scripts come without an origin, but a browser says that the page is foreign."""
    for mode in ("no-cors", "cors"):
        assert request(gate, "/", {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode}).status == 403
    link = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate"}
    assert request(gate, "/", link).status == 200
    assert request(gate, "/", link, method="POST").status == 403
