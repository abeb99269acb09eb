"""The download of an export: for whoever may export, by an address that was made for it."""

import asyncio
import io
import json
import zipfile

import pytest
from starlette.applications import Starlette

from annotator.ui.gate.entrance import NAME
from annotator.ui.web import downloading
from annotator.ui.web.server import ROUTES
from tests.annotator.asgi import request
from tests.annotator.small import answer, workspace


@pytest.fixture
def work(tmp_path, monkeypatch):
    service = workspace(tmp_path / "lüngs", 6)
    answer(service, 3)
    service.export(service.export_place())
    monkeypatch.setattr(downloading, "served", lambda: service)
    monkeypatch.setenv("CERTILABEL_ROLES", json.dumps({"ada": "admin", "rita": "reviewer"}))
    yield service
    service.close()


def got(address, name="ada"):
    """What somebody gets who has signed in as `name`."""
    app = Starlette(routes=ROUTES)

    async def stays() -> dict:
        await asyncio.Event().wait()  # nobody hangs up meanwhile
        return {}

    async def signed_in(scope, _receive, send):
        await app({**scope, NAME: name}, stays, send)

    return request(signed_in, f"/{address}")


def test_an_admin_gets_the_export_as_a_file(work):
    """It has the workspace's name and its own, and nothing keeps it on the way."""
    answered = got(work.download_url("export-1"))
    assert answered.status == 200
    assert answered.header("Content-Type") == "application/zip"
    assert answered.header("Cache-Control") == "no-store"
    saved = answered.header("Content-Disposition")
    assert saved.startswith('attachment; filename="l_ngs-export-1.zip"')
    assert saved.endswith("l%C3%BCngs-export-1.zip")
    with zipfile.ZipFile(io.BytesIO(answered.body)) as found:
        assert "export-1/labels.csv" in found.namelist()


@pytest.mark.parametrize("name", ["rita", "anna", "", None])
def test_a_good_address_is_no_leave(work, name):
    """A link that an admin passes on serves nobody who may not export."""
    answered = got(work.download_url("export-1"), name)
    assert answered.status == 403
    assert b"PK" not in answered.body


def test_an_address_that_is_wrong_or_of_a_lost_export_tells_no_path(work):
    """Not signed for this one: 403; signed, but deleted since: 404."""
    address = work.download_url("export-1")
    assert got(address.replace("export-1", "export-2")).status == 403
    assert got(address.replace("export=export-1", "export=../secret")).status == 403
    assert got("download").status == 403
    (work.workspace.exports / "export-1").rename(work.workspace.exports / "mine")
    answered = got(address)
    assert answered.status == 404
    assert str(work.workspace.root) not in answered.text


def test_it_is_found_below_a_path_too(work):
    assert got(f"labels/{work.download_url('export-1')}").status == 200
