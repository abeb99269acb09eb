"""Headers of every answer."""

import re

from starlette.applications import Starlette
from starlette.middleware import Middleware

from annotator.model import Access
from annotator.ui.gate.headers import SAFE, SafeHeaders
from annotator.ui.gate.hosts import KnownHosts
from annotator.ui.web import server
from tests.annotator.asgi import Recorder, request


def rules(answer):
    """The policy as {directive: sources}."""
    parts = (each.split() for each in answer.header("content-security-policy").split(";"))
    return {name: sources for name, *sources in parts}


def test_every_answer_has_them_also_a_refusal():
    """The page, what is not there, and what another name asked for."""
    app = SafeHeaders(KnownHosts(Recorder(), Access()))
    for headers in ({}, {"Host": "evil.example"}):
        answer = request(app, "/", headers or None)
        assert {name: answer.header(name) for name in SAFE} == SAFE


def test_nothing_from_elsewhere_runs_and_nothing_frames_the_page():
    """No source of the policy is another host, and no script may be written into a page."""
    policy = rules(request(SafeHeaders(Recorder()), "/"))
    assert policy["frame-ancestors"] == ["'none'"]
    assert policy["object-src"] == ["'none'"]
    assert not {"'unsafe-inline'", "'unsafe-eval'", "data:"} & set(policy["script-src"])
    allowed = re.compile(r"'self'|'none'|'unsafe-inline'|'sha256-[\w+/=]+'|blob:|data:")
    for name, sources in policy.items():
        assert all(allowed.fullmatch(each) for each in sources), name


def test_a_route_keeps_what_it_says_itself():
    """A picture is stricter than a page, and no header comes twice."""
    app = Starlette(routes=server.ROUTES, middleware=[Middleware(SafeHeaders)])
    answer = request(app, f"/{server.MODULES.path and 'img'}/0")
    assert answer.header("x-content-type-options") == "nosniff"
    for headers in (server._HEADERS,):
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
