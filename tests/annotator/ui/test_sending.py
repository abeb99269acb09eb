"""Files that a browser sends: by role, before a byte of them is kept."""

import json

import pytest

from annotator.model import ROLES
from annotator.service.people.roles import MAY
from annotator.ui.gate.entrance import Entrance
from annotator.ui.gate.proxy import Proxy
from annotator.ui.web.app import app
from annotator.ui.web.sending import PLACE, Sending
from tests.annotator.asgi import Recorder, request

SENT = f"{PLACE}a-session/a-file"


def answered(monkeypatch, role, address, method="PUT", base=""):
    """What somebody of this role gets, and what came through."""
    roles = {"zoe": role} if role != "annotator" else {"mia": "admin"}
    monkeypatch.setenv("CERTILABEL_ROLES", json.dumps(roles))
    inside = Recorder()
    gate = Entrance(Sending(inside), Proxy("X-Remote-User"), base)
    answer = request(gate, base + address, {"X-Remote-User": "zoe"}, method=method, body=b"x")
    return answer, inside.paths


@pytest.mark.parametrize("base", ["", "/lab"])
@pytest.mark.parametrize("role", ROLES)
def test_only_who_may_import_may_send_files(monkeypatch, role, base):
    """Two gigabytes of anybody's would wait in the memory that all share."""
    answer, paths = answered(monkeypatch, role, SENT, base=base)
    may = role in MAY["bringing.look_at_uploads"].roles
    assert may == (role == "admin")
    assert (answer.status == 200) == may
    assert paths == ([base + SENT] if may else [])
    if not may:
        assert answer.status == 403
        assert "Only an admin may send images; zoe is a" in answer.text


@pytest.mark.parametrize("role", ROLES)
def test_everything_else_goes_through(monkeypatch, role):
    """Pages, pictures and what belongs to the login."""
    for address, method in (("/", "GET"), ("/img/1", "GET"), ("/_stcore/other", "POST")):
        answer, paths = answered(monkeypatch, role, address, method)
        assert (answer.status, paths) == (200, [address])


def test_the_served_app_has_it_behind_the_entrance():
    """Which says who it is."""
    kinds = [each.cls for each in app._user_middleware]
    assert kinds.index(Sending) > kinds.index(Entrance)
