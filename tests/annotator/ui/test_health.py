"""The health route: for a watcher without a login, so it holds nothing private."""

import json

import pytest
from starlette.applications import Starlette

from annotator.model import Access
from annotator.ui.gate.entrance import Entrance
from annotator.ui.gate.hosts import KnownHosts
from annotator.ui.gate.oidc import Oidc
from annotator.ui.gate.proxy import Proxy
from annotator.ui.gate.token import Token
from annotator.ui.web import opened
from annotator.ui.web.server import ROUTES
from tests.annotator.asgi import ours, request
from tests.annotator.small import answer, workspace


@pytest.fixture
def service(tmp_path, monkeypatch):
    """A workspace, served."""
    made = workspace(tmp_path / "patients", 4)
    monkeypatch.setenv("CERTILABEL_WORKSPACE", str(made.workspace.root))
    yield made
    if opened._open.cache_info().currsize:
        opened.opened().close()
    opened._open.cache_clear()
    made.close()


def test_a_workspace_that_works_is_200_and_says_of_what_it_is_made(service):
    """Database, worker, schema and disk; no name, path or number of anybody's images."""
    answer(service, 3)
    found = ours("/health")
    assert found.status == 200
    assert found.header("Cache-Control") == "no-store"
    told = json.loads(found.text)
    assert set(told) == {
        "ok", "database", "schema", "worker", "disk_free", "disk", "last_backup",
    }  # fmt: skip
    assert (told["ok"], told["database"], told["disk"]) == (True, "ok", "ok")
    for private in ("patients", str(service.workspace.root), "dark", "anna"):
        assert private not in found.text


def test_a_database_that_is_gone_is_503_without_its_path(service, tmp_path):
    """Also before the first page, when the workspace cannot even be opened."""
    assert ours("/health").status == 200
    service.workspace.database.replace(tmp_path / "elsewhere")
    (service.workspace.root / "workspace.json").rename(tmp_path / "marker")
    for fresh in (False, True):
        if fresh:
            opened.opened().close()
            opened._open.cache_clear()
        found = ours("/health")
        assert (found.status, json.loads(found.text)["ok"]) == (503, False)
        assert json.loads(found.text)["database"] == "missing"
        assert "patients" not in found.text


@pytest.mark.parametrize(
    "way", [Token("a-token-of-twenty-characters"), Proxy("X-Remote-User"), Oidc()], ids=type
)
def test_it_needs_no_token_and_no_login_but_a_known_host(service, way):
    """A watcher is told, a name that was made to lead here is not, nor a page from elsewhere."""
    routes = Starlette(routes=ROUTES)
    app = KnownHosts(Entrance(routes, way), Access(names=("labels.example.org",)))
    for host in ("localhost", "labels.example.org:8501"):
        found = request(app, "/health", {"Host": host})
        assert (found.status, '"ok":true' in found.text) == (200, True)
        assert request(app, "/img/1", {"Host": host}).status == 401
    for host in ("evil.example", "localhost.evil.example", ""):
        found = request(app, "/health", {"Host": host})
        assert (found.status, "database" in found.text) == (421, False)
    foreign = {"Host": "localhost", "Origin": "http://evil.example"}
    assert request(app, "/health", foreign).status == 403
