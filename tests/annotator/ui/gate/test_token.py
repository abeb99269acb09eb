"""The access token: once in the address, then a cookie that ends."""

import hmac
from http.cookies import SimpleCookie

import pytest

from annotator.ui.gate import token as module
from annotator.ui.gate.entrance import Entrance
from annotator.ui.gate.token import Token
from annotator.ui.gate.visitors import SESSION_SECONDS
from tests.annotator.asgi import Recorder, request, websocket

TOKEN = "correct-horse-battery-staple"
PLACES = ["/", "/rounds", "/img/1?until=1&sig=2", "/_stcore/upload_file/a/b", "/media/x.png"]


@pytest.fixture
def app():
    return Recorder()


@pytest.fixture
def gate(app):
    return Entrance(app, Token(TOKEN))


def opened(gate, address=f"/?token={TOKEN}"):
    """Open the printed address; returns the answer and its cookie as a browser sends it."""
    answer = request(gate, address)
    cookie = SimpleCookie(answer.header("set-cookie"))
    [(name, morsel)] = cookie.items()
    return answer, {"Cookie": f"{name}={morsel.value}"}, morsel


@pytest.mark.parametrize("place", PLACES)
def test_without_the_token_nothing_is_answered(gate, app, place):
    """No page, picture, upload or medium, whatever the method, and no websocket."""
    for method in ("GET", "PUT", "POST", "DELETE"):
        answer = request(gate, place, method=method)
        assert (answer.status, "token" in answer.text) == (401, True)
    assert websocket(gate).status == 1008
    assert app.paths == []


def test_the_health_of_the_server_is_open(gate):
    """Whoever watches over it has no token; the address is one, not all that end like it."""
    below = Entrance(Recorder(), Token(TOKEN), "/tools/here")
    for place in ("/_stcore/health", "/health"):
        assert request(gate, place).status == 200
        assert request(below, f"/tools/here{place}").status == 200
        for other in (f"/x{place}", f"{place}/x", f"{place}x"):
            assert request(gate, other).status == 401


def test_the_token_becomes_a_cookie_and_leaves_the_address(gate):
    """The rest of the address stays; scripts cannot read the cookie, nor other sites send it."""
    answer, cookie, morsel = opened(gate, f"/rounds?image=5&token={TOKEN}&embed=")
    assert (answer.status, answer.header("location")) == (303, "/rounds?image=5&embed=")
    assert (morsel["httponly"], morsel["samesite"].lower(), morsel["path"]) == (True, "lax", "/")
    assert int(morsel["max-age"]) == SESSION_SECONDS
    assert TOKEN not in morsel.value
    assert request(gate, "/", cookie).status == 200
    assert websocket(gate, cookie).status == 101


@pytest.mark.parametrize(
    "wrong", ["", "x", TOKEN[:-1], TOKEN + "x", TOKEN.upper(), "%C3%A9", "%00", "9" * 5000]
)
def test_a_wrong_token_opens_nothing(gate, app, wrong):
    """Also with letters that no token has; two tokens are none."""
    for address in (f"/?token={wrong}", f"/?token={wrong}&token={TOKEN}"):
        answer = request(gate, address)
        assert (answer.status, answer.header("set-cookie")) == (401, None)
    assert app.paths == []


def test_a_token_is_compared_in_constant_time(gate, monkeypatch):
    """By the function made for it, and over hashes, whose length tells nothing."""
    compared = []

    def compare(left, right):
        compared.append((len(left), len(right)))
        return left == right

    monkeypatch.setattr(hmac, "compare_digest", compare)
    request(gate, "/?token=short")
    assert compared == [(32, 32)]


def test_the_address_without_the_token_never_leads_to_another_host(gate):
    """Two slashes at its beginning would."""
    for path in ("//evil.example/", "/%5Cevil.example/", "///evil.example/%0d%0aX: y"):
        location = request(gate, f"{path}?token={TOKEN}").header("location")
        assert location.startswith("/")
        assert location[1] not in "/\\"
        assert "\n" not in location


def test_a_session_ends(gate, monkeypatch):
    """After its time the cookie is good for nothing, also in a browser that kept it."""
    _, cookie, _ = opened(gate)
    now = module.time.time()
    monkeypatch.setattr(module.time, "time", lambda: now + SESSION_SECONDS - 5)
    assert request(gate, "/", cookie).status == 200
    monkeypatch.setattr(module.time, "time", lambda: now + SESSION_SECONDS + 5)
    assert request(gate, "/", cookie).status == 401


def test_an_altered_cookie_is_none(gate):
    """A later end, another signature, and what is no cookie at all."""
    _, cookie, _ = opened(gate)
    name, _, value = cookie["Cookie"].partition("=")
    until, chance, signed = value.split(".")
    for wrong in (
        f"{int(until) + 1}.{chance}.{signed}",
        f"{until}.{chance}.{'0' * 64}",
        f"{until}.{chance}.",
        "9" * 5000 + f".{chance}.{signed}",
        f"\u00b2.{chance}.{signed}",
        "",
    ):
        assert request(gate, "/", {"Cookie": f"{name}={wrong}"}).status == 401


def test_another_token_has_another_cookie_and_takes_no_old_one(gate):
    """Two servers on one machine share a browser's cookies; a restart with a new token ends all."""
    _, cookie, _ = opened(gate)
    other = Token("another-token-of-20-chars")
    assert other.cookie != Token(TOKEN).cookie
    value = cookie["Cookie"].partition("=")[2]
    assert request(Entrance(Recorder(), other), "/", {"Cookie": f"{other.cookie}={value}"}).status
    renamed = {"Cookie": f"{other.cookie}={value}"}
    assert request(Entrance(Recorder(), other), "/", renamed).status == 401
    again = Entrance(Recorder(), Token(TOKEN))
    assert request(again, "/", cookie).status == 200  # the same token: no page has to be reloaded


def test_a_person_gets_a_page_and_a_script_a_line(gate):
    """Both say the way out; neither is kept by a browser."""
    person = request(gate, "/", {"Accept": "text/html,*/*"})
    assert person.header("content-type").startswith("text/html")
    assert "address that was printed" in person.text
    assert person.header("cache-control") == "no-store"
    assert request(gate, "/").header("content-type").startswith("text/plain")
