"""A workspace with one class, and a folder of two classes that is divided."""

import pytest

from annotator.service import Service
from tests.annotator.pictures import png


@pytest.fixture
def service(tmp_path):
    made = Service.create(tmp_path / "ws", ["cat"])
    yield made
    made.bringing.abandon()
    made.close()


@pytest.fixture
def scans(tmp_path):
    for seed, name in enumerate(("train/cat/1.png", "train/dog/2.png", "test/dog/3.png")):
        path = tmp_path / "scans" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(png(seed))
    return tmp_path / "scans"
