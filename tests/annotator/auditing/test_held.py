"""No step of an audit, and no certified export, holds an object for each image."""

import gc

import pytest

from annotator.export.proof.record import Frozen
from annotator.model import Image, Prediction
from annotator.model.auditing.audits import Looked, Ranked
from annotator.store.database import Database
from annotator.store.images import Images
from tests.annotator import audits

OF_IMAGES = (Frozen, Image, Looked, Prediction, Ranked)
N, ASKED, EVERY = 400, 25, 16  # every so many rows it is looked


@pytest.fixture
def held(monkeypatch):
    """How many objects of images there are, time and again while rows are read or written.

    What there was before is frozen: it is no image, and to go through it takes most of the time.
    """
    found: list[int] = []

    def watched(rows):
        for number, row in enumerate(rows):
            if number % EVERY == 0:
                found.append(sum(type(each) in OF_IMAGES for each in gc.get_objects()))
            yield row

    gc.collect()
    gc.freeze()
    each, insert = Database.each, Database.insert
    monkeypatch.setattr(Database, "each", lambda *given: watched(each(*given)))
    monkeypatch.setattr(
        Database, "insert", lambda self, into, rows: insert(self, into, watched(rows))
    )
    yield found
    gc.unfreeze()


def _refused(_):
    raise AssertionError("all images are read as objects")


def test_no_step_holds_an_object_for_each_image(tmp_path, held, monkeypatch):
    """From the outlook to the files that prove it; images that are asked about aside."""
    service = audits.ready(tmp_path / "ws", N)
    monkeypatch.setattr(Images, "hashes", _refused)
    every = service.images(limit=-1)
    assert sum(1 for _ in service.store.db.each("SELECT 1")) == 1
    assert held[-1] >= len(every) == N, "they are seen where they are held"
    del every
    gc.collect()
    held.clear()
    ahead = service.certify.outlook(audits.TERMS)
    assert ahead.rows > N / 2
    service.certify.begin(ASKED, audits.TERMS)
    assert len(held) > N / EVERY
    assert max(held) <= 2 * ASKED
    audits.answer(service)
    found = service.certify.close()
    assert found.released > N / 2
    gc.collect()
    held.clear()
    assert sum(1 for _ in service.certify.released()) == found.released
    service.export(tmp_path / "out", certified=True, images=False)
    assert len(held) > N / EVERY
    assert max(held) <= 2 * ASKED
    service.close()
