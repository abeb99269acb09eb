"""Each page, each route and each message of a page, for each role."""

import json
import os
import socket

import pytest
from streamlit.testing.v1 import AppTest

from annotator.errors import NotAllowedError
from annotator.model import LOCAL, Person
from annotator.ui.web import opened
from annotator.ui.web.modules import module_address
from annotator.ui.web.server import ROUTES
from tests.annotator.asgi import ours
from tests.annotator.invented import finish_round
from tests.annotator.small import answer, event, workspace

ROLES = ("annotator", "reviewer", "admin")

# page -> what is refused on it, by role; every other part of it is drawn
REFUSED = {
    "start": {},
    "label": {},
    "rounds": {"annotator": ["start a round"]},
    "quality": {"annotator": ["see the pseudo-labels"]},
    "review": {"annotator": ["accept, change and reject pseudo-labels"]},
    "data": {"annotator": ["look at all images"], "reviewer": ["import images"]},
    "settle": {"annotator": ["answer images anew"]},
    "export": {"annotator": ["export the data set"], "reviewer": ["export the data set"]},
    "settings": {
        "annotator": ["add a class", "change the settings"],
        "reviewer": ["add a class", "change the settings"],
    },
}

# route -> (an address of it, what everybody gets)
ANSWERS = {
    "/img/{image_id}": 200,
    "/label": 307,
    "/health": 200,
    "/{below:path}held": 405,  # to be written to, with a ticket
    "/{below:path}modules/{version}/{name}": 200,
    "/{below:path}download": 403,  # without a signature; test_downloading has the rest
    "/{below:path}language": 303,  # remembers a choice, and leads back
}


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """Labels and a finished round, and a worker that seems to live."""
    made = workspace(tmp_path_factory.mktemp("roles") / "ws", 40)
    answer(made, 20)
    finish_round(made)
    made.store.workers.register("here", os.getpid(), socket.gethostname())
    yield made
    made.close()


def drawn(service, name, role):
    """A page as somebody of this role sees it."""

    def script(service, name):
        from importlib import import_module
        from unittest.mock import patch

        page = import_module(f"annotator.ui.pages.{name}")
        parts = [
            import_module(f"annotator.ui.{each}")
            for each in (
                "parts.job",
                "parts.map",
                "parts.alike",
                "classes.listed",
                "found.gallery",
                "found.one",
                "found.answering",
            )
        ]
        for module in (page, *parts):  # a login that is not there is what is stood in for
            patch.object(module, "opened", lambda: service).start()
        from annotator.ui.parts import links

        patch.object(links, "link", lambda *_: None).start()
        for place in ("parts.result", "starting.next", "pages.quality", "pages.review"):
            patch(f"annotator.ui.{place}.link", lambda *_: None).start()
        try:
            page.page()
        finally:
            patch.stopall()

    theirs = service.acting(Person(f"{role}@lab", role))
    service.store.workers.register("here", os.getpid(), socket.gethostname())
    app = AppTest.from_function(script, kwargs={"service": theirs, "name": name}).run(timeout=300)
    assert not app.exception
    return app


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", REFUSED)
def test_a_page_says_what_it_refuses_and_offers_the_rest(service, name, role):
    """No traceback, no error box: a line with who may."""
    app = drawn(service, name, role)
    assert not app.error
    said = [each.value for each in app.info if "Only a" in each.value]
    wanted = REFUSED[name].get(role, [])
    assert len(said) == len(wanted)
    for sentence, does in zip(said, wanted, strict=True):
        assert f"may {does.replace('-', chr(92) + '-')}; `{role}@lab` is a" in sentence
    labels = {each.label for each in app.button}
    acts = {"rounds": "Start", "data": "Import", "export": "Export", "settings": "Save"}
    if name in acts:
        assert (acts[name] in labels) == (not wanted)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("kind", ["label", "skip", "undo"])
def test_every_message_of_the_labeler_is_taken_from_everybody(service, role, kind):
    """It is stored under the name of who logged in, whatever the page's message says."""
    [image] = service.images(kind="unlabeled", limit=1)
    made = event(service, image, kind, seq=1, client=f"{role}-{kind}")
    raw = {name: getattr(made, name) for name in made.__slots__}
    message = {"client": made.client, "beat": 1, "events": [raw | {"annotator": "somebody else"}]}

    def script(service, message):
        import streamlit as st

        from annotator.ui.labeler import component, taking

        st.session_state[component._KEY] = {"message": message}
        component._take(service, service.person.name)
        st.json(taking.taken(component._KEY).acknowledged.ack)

    theirs = service.acting(Person(f"{role}@lab", role))
    app = AppTest.from_function(script, kwargs={"service": theirs, "message": message}).run(
        timeout=300
    )
    assert not app.exception
    assert json.loads(app.json[0].value) == {made.client: 1}
    [who] = service.store.db.rows(
        "SELECT annotator FROM event WHERE client = :client", {"client": made.client}
    )
    assert who == {"annotator": f"{role}@lab"}


def test_every_route_is_in_the_table():
    """A new one needs its line, and so its answer to who may."""
    assert {route.path for route in ROUTES} == set(ANSWERS)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("path", ANSWERS)
def test_a_route_is_open_to_every_role_by_an_address_of_ours(service, monkeypatch, path, role):
    """What is not, is shut to every role: the signature alone lets in."""
    monkeypatch.setattr(opened, "workspace", lambda: service.workspace.root)
    monkeypatch.setattr(opened, "_open", lambda _root: service)
    theirs = service.acting(Person(f"{role}@lab", role))
    address = {
        "/img/{image_id}": theirs.image_url(1),
        "/label": "/label",
        "/health": "/health",
        "/{below:path}held": "/held",
        "/{below:path}download": "/download?export=export-1",
        "/{below:path}language": "/language?is=de",
    }.get(path, f"/{module_address('labeler.js')}")
    assert ours(address).status == ANSWERS[path]
    wrong = {"/img/{image_id}": f"/img/2?{address.partition('?')[2]}"}.get(path)
    if wrong:
        assert ours(wrong).status == 403
        assert ours("/img/1").status == 403


def given(monkeypatch, name, roles):
    monkeypatch.setattr(opened, "authenticated", lambda: name)
    monkeypatch.setenv("CERTILABEL_ROLES", json.dumps(roles) if roles else "")


@pytest.mark.parametrize(
    ("name", "roles", "person"),
    [
        (None, {}, LOCAL),
        ("zoe@lab", {}, Person("zoe@lab", "annotator")),
        ("zoe@lab", {"zoe@lab": "admin"}, Person("zoe@lab", "admin")),
        ("zoe@lab", {"zoe@lab": "reviewer"}, Person("zoe@lab", "reviewer")),
        ("Zoe@lab", {"zoe@lab": "admin"}, Person("Zoe@lab", "annotator")),
        ("zoe@lab ", {"zoe@lab": "admin"}, Person("zoe@lab ", "annotator")),
        ("expert", {}, Person("expert", "annotator")),
    ],
)
def test_who_logged_in_has_the_role_that_was_given(monkeypatch, name, roles, person):
    """Letter by letter; anybody else is an annotator, also one who is called as the local admin."""
    given(monkeypatch, name, roles)
    assert opened.person() == person


@pytest.mark.parametrize(
    ("name", "roles", "words"),
    [
        ("", {}, "Nobody is logged in"),
        ("", {"zoe@lab": "admin"}, "Nobody is logged in"),
        (None, {"zoe@lab": "admin"}, "without a login"),
    ],
)
def test_where_nobody_can_be_told_nobody_is_let_in(monkeypatch, name, roles, words):
    """Roles without a login would make everybody an admin."""
    given(monkeypatch, name, roles)
    with pytest.raises(NotAllowedError, match=words):
        opened.person()
