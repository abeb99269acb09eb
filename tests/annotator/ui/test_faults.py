"""The pages of a workspace that cannot be used: a sentence on each of them, never a traceback."""

import os
import sqlite3
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from annotator.store import database
from annotator.store.file import opening
from annotator.ui.web import opened
from tests.annotator.small import answer, workspace

MAIN = Path(opened.__file__).with_name("main.py")
TIMEOUT = 180  # seconds: the first run imports what pages draw with
PAGES = ("label", "rounds", "quality", "review", "data", "settle", "export", "settings")


@pytest.fixture
def root(shown):
    """A workspace with labels that the pages are about."""
    service = workspace(shown, 8)
    answer(service, 3)
    service.close()
    return shown


def remove(root):
    (root / "certilabel.db").unlink()


HELD = []


def lock(root):
    """Another program has the database for itself alone."""
    other = sqlite3.connect(root / "certilabel.db")
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    HELD.append(other)


@pytest.fixture(autouse=True)
def unlocked(monkeypatch):
    """Nobody waits half a minute for a lock here, and none is left."""
    for module in (opening, database):
        monkeypatch.setattr(module, "BUSY_MS", 50)
    yield
    while HELD:
        HELD.pop().close()


FAULTS = {
    "missing": (remove, "missing"),
    "emptied": (lambda root: (root / "certilabel.db").write_bytes(b""), "holds no tables"),
    "damaged": (lambda root: (root / "certilabel.db").write_bytes(b"x" * 9999), "damaged"),
    "cut short": (lambda root: os.truncate(root / "certilabel.db", 30_000), "damaged"),
    "cut to nearly nothing": (lambda root: os.truncate(root / "certilabel.db", 60), "damaged"),
    "locked": (lock, "locked"),
    "unmarked": (lambda root: (root / "workspace.json").unlink(), "lost its file"),
    "marked wrongly": (lambda root: (root / "workspace.json").write_text(""), "should read"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_workspace_that_cannot_be_opened_is_told_on_every_page(root, fault):
    """The same words as on the command line; nothing is made anew."""
    break_, words = FAULTS[fault]
    break_(root)
    before = {path: path.stat().st_size for path in root.iterdir() if path.is_file()}
    app = AppTest.from_file(str(MAIN)).run(timeout=TIMEOUT)
    assert not app.exception
    told = [each.value for each in (*app.error, *app.warning)]
    assert words in told[0].replace("\\", "")
    assert {path: path.stat().st_size for path in root.iterdir() if path.is_file()} == before


@pytest.mark.parametrize("name", PAGES)
def test_a_database_that_goes_while_it_is_served_is_told_on_every_page(root, name):
    """The page that is open says it as well; and when the file is back, so is the page."""

    def script(name):
        import importlib

        from annotator.ui.parts.text import errors_in_words

        with errors_in_words():
            importlib.import_module(f"annotator.ui.pages.{name}").page()

    opened.opened().progress()
    (root / "certilabel.db").rename(root / "elsewhere.db")
    app = AppTest.from_function(script, kwargs={"name": name}).run(timeout=TIMEOUT)
    assert not app.exception
    assert any("missing" in each.value for each in app.error)
    assert not (root / "certilabel.db").exists()
    (root / "elsewhere.db").rename(root / "certilabel.db")
    assert opened.opened().progress().labeled == 3
