"""The image route: whatever stands in an address, its answer names no path of the server."""

import json
import logging

import pytest
from starlette.applications import Starlette

from annotator.ui.web import server
from tests.annotator.asgi import request
from tests.annotator.pictures import sixteen_bit
from tests.annotator.small import workspace


@pytest.fixture
def work(tmp_path, monkeypatch):
    service = workspace(tmp_path / "ws", 3)
    monkeypatch.setattr(server, "served", lambda: service)
    return service


@pytest.fixture
def client(work):
    app = Starlette(routes=server.ROUTES)
    return lambda address: request(app, address)


def address(work, id_=None, until=None, sig=None):
    """The address of image 1 with some of its parts changed."""
    path, query = work.image_url(1).split("?")
    good = dict(pair.split("=") for pair in query.split("&"))
    id_ = path.rpartition("/")[2] if id_ is None else id_
    return f"/img/{id_}?until={until or good['until']}&sig={sig or good['sig']}"


WRONG = [
    {"id_": "9" * 5000},
    {"id_": 2**63},
    {"id_": 2**64},
    {"id_": 0},
    {"id_": -1},
    {"id_": "%D9%A1"},
    {"id_": "%EF%BC%91"},
    {"id_": "1%00"},
    {"until": "9" * 5000},
    {"until": "%D9%A1%D9%A2"},
    {"until": "-1"},
    {"until": "1e9"},
    {"sig": "%C3%A9"},
    {"sig": "%C3%A9" * 32},
    {"sig": "0" * 5000},
    {"sig": "%00" * 32},
]


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: str(wrong)[:40])
def test_a_malformed_address_is_not_found(client, work, wrong):
    """404 and one sentence, whichever part is wrong."""
    answer = client(address(work, **wrong))
    assert (answer.status, answer.text) == (404, "There is no such picture. Reload the page.")


def test_an_address_as_it_was_made_opens_its_image_and_a_changed_one_does_not(client, work):
    """403 without a signature, with that of another image, and once it has expired."""
    assert client(work.image_url(1)).status == 200
    for refused in ("/img/1", address(work, id_=2), address(work, until=1000)):
        assert client(refused).status == 403


def test_numbers_travel_packed_and_each_view_has_its_own_address(client, work, tmp_path):
    """So that the browser unpacks them; what is not deep has none."""
    deep = tmp_path / "deep.png"
    deep.write_bytes(sixteen_bit())
    work.import_source(deep)
    views = work.views(work.image(4))
    answer = client(views.numbers)
    assert (answer.status, answer.header("content-encoding")) == (200, "gzip")
    assert answer.header("content-type") == "application/octet-stream"
    assert client(views.url).header("content-type") == "image/png"
    assert client(views.numbers.replace("numbers", "display")).status == 403


def test_no_answer_holds_a_path_of_the_server(client, work, tmp_path):
    """Where the file is gone, the folder of the workspace stays untold."""
    work.workspace.image_path(work.image(1).stored).unlink()
    answer = client(work.image_url(1))
    assert answer.status == 404
    assert str(tmp_path) not in answer.text
    assert "images" not in answer.text


def test_a_database_that_is_gone_is_503_without_its_path(client, work, tmp_path):
    """The page fetches the picture again; why it cannot be had is in the log of the server."""
    address = work.image_url(1)
    work.workspace.database.rename(tmp_path / "elsewhere.db")
    answer = client(address)
    assert answer.status == 503
    assert str(tmp_path) not in answer.text
    assert "certilabel.db" not in answer.text


def test_why_there_is_no_picture_is_in_the_log_with_its_request(client, work):
    """Each request has an id of its own; what the answer leaves out stands there."""
    work.collect_log()
    for number in (1, 2):
        work.workspace.image_path(work.image(number).stored).unlink()
        client(work.image_url(number))
    lines = [json.loads(line) for line in work.workspace.log.path.read_text().splitlines()]
    said = [line for line in lines if line["event"] == "said"]
    assert [work.image(n).sha256 in line["text"] for n, line in zip((1, 2), said, strict=True)]
    assert all(line["level"] == "warning" for line in said)
    assert len({line["request"] for line in said}) == 2


def test_what_is_said_in_the_log_is_said_on_standard_error_too(work, capsys, monkeypatch):
    """A server under systemd has its lines in the journal."""
    work.collect_log()
    work.collect_log()  # a second time changes nothing
    monkeypatch.setattr(logging.getLogger("annotator"), "propagate", False)
    logging.getLogger("annotator.ui.web.server").warning("a disk is odd")
    assert capsys.readouterr().err.count("a disk is odd") == 1
    assert work.workspace.log.path.read_text().count("a disk is odd") == 1
