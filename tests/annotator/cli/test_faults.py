"""Every command in every fault of its workspace: one sentence, exit code 2, and nothing made."""

import os
import resource
import shutil
import sqlite3
import sys
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from annotator import cli
from annotator.cli.commands import COMMANDS
from annotator.cli.running import serving
from annotator.service import Service
from annotator.store import database as store_database
from annotator.store.file import opening
from tests.annotator.small import answer, source

NOBODY = 65_534

ARGUMENTS = {
    "demo": ["--workspace", "{root}"],
    "init": ["{root}", "--classes", "a,b"],
    "set": ["{root}", "threshold=0.9"],
    "import": ["{root}", "{pictures}"],
    "classes": ["{root}", "rename", "dark", "dim"],
    "serve": ["{root}"],
    "work": ["{root}", "--once"],
    "round": ["{root}"],
    "cancel": ["{root}"],
    "simulate": ["{root}", "--truth", "{truth}"],
    "status": ["{root}"],
    "certify": ["{root}"],
    "audit": ["status", "{root}"],
    "export": ["{root}", "{root}/exports/out"],
    "verify": ["{root}/exports/out"],
    "backup": ["{root}", "{kept}"],
    "restore": ["{truth}", "{root}"],
    "doctor": ["{root}"],
    "methods": [],
    "policies": [],
}
WITHOUT = ("methods", "policies")  # they look at no workspace


def database(root):
    return root / "certilabel.db"


def missing(root):
    database(root).unlink()


def emptied(root):
    database(root).write_bytes(b"")


def overwritten(root):
    database(root).write_bytes(b"not a database " * 4000)


def holed(root):
    content = bytearray(database(root).read_bytes())
    for page in range(1, len(content) // 4096):
        content[4096 * page : 4096 * page + 8] = b"\xff" * 8
    database(root).write_bytes(content)


def cut_in_half(root):
    """As by a copy that broke off, or a disk that lost its end."""
    os.truncate(database(root), database(root).stat().st_size // 2)


def cut_to_its_first_page(root):
    os.truncate(database(root), 4096)


def cut_within_its_header(root):
    os.truncate(database(root), 60)


def of_another_program(root):
    database(root).unlink()
    with sqlite3.connect(database(root)) as other:
        other.execute("CREATE TABLE theirs (x)")
    other.close()


def newer(root):
    with sqlite3.connect(database(root)) as db:
        db.execute("INSERT INTO migration VALUES (99, 'future', 0)")
    db.close()


def unmarked(root):
    (root / "workspace.json").unlink()


def marked_wrongly(root):
    (root / "workspace.json").write_text("")


def of_a_newer_program(root):
    (root / "workspace.json").write_text('{"certilabel": "workspace", "version": 99}')


def with_a_folder_for_a_database(root):
    database(root).unlink()
    database(root).mkdir()


def shut(root):
    root.chmod(0)


def with_a_shut_database(root):
    database(root).chmod(0)


def read_only(root):
    for path in (*root.rglob("*"), root):
        path.chmod(0o555 if path.is_dir() else 0o444)


def full(_root):
    """Nothing can be written: see `surroundings`."""


def locked(_root):
    """Another program has it for itself alone: see `surroundings`."""


DAMAGED = (
    missing, emptied, overwritten, holed, cut_in_half, cut_to_its_first_page,
    cut_within_its_header, of_another_program, newer, unmarked, marked_wrongly,
    of_a_newer_program, with_a_folder_for_a_database,
)  # fmt: skip
CLOSED = (shut, with_a_shut_database, read_only)
FAULTS = (*DAMAGED, *CLOSED, full, locked)


@contextmanager
def surroundings(fault, root):
    """As somebody who has no rights beyond the file's own, on a disk without room, or too late."""
    was, limits = os.geteuid(), resource.getrlimit(resource.RLIMIT_FSIZE)
    other = sqlite3.connect(database(root)) if fault is locked else None
    try:
        if other:
            other.execute("PRAGMA locking_mode = EXCLUSIVE")
            other.execute("BEGIN EXCLUSIVE")
        if fault in CLOSED and was == 0:
            os.seteuid(NOBODY)
        if fault is full:
            resource.setrlimit(resource.RLIMIT_FSIZE, (0, limits[1]))
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        os.seteuid(was)
        if other:
            other.close()


def content(path):
    """What is in a file, read by somebody who has all rights; nothing if it is none."""
    return path.read_bytes() if path.is_file() else b""


@pytest.fixture(scope="module")
def first():
    """A workspace with labels, where somebody without rights may look for it."""
    with TemporaryDirectory() as folder:
        place = Path(folder)
        place.chmod(0o777)
        pictures = source(place / "pictures", 6)
        service = Service.create(place / "ws", ["dark", "light"])
        service.import_source(pictures)
        answer(service, 2)
        service.close()
        rows = "".join(f"pictures/{each.name},dark\n" for each in pictures.iterdir())
        (place / "truth.csv").write_text(f"path,label\n{rows}")
        yield place


@pytest.fixture
def place(first):
    with TemporaryDirectory() as folder:
        copy = Path(folder)
        shutil.copytree(first, copy, dirs_exist_ok=True)
        for path in (copy, *copy.rglob("*")):
            path.chmod(0o777 if path.is_dir() else 0o666)
        yield copy
        (copy / "ws").chmod(0o755)


def called(place, name, monkeypatch):
    filled = [
        each.format(
            root=place / "ws",
            pictures=place / "pictures",
            truth=place / "truth.csv",
            kept=place / "kept.zip",
        )
        for each in ARGUMENTS[name]
    ]
    monkeypatch.setattr(sys, "argv", ["certilabel", name, *filled])
    monkeypatch.setattr(serving, "_become_server", lambda *_: pytest.fail("it would be served"))
    try:
        cli.main()
    except SystemExit as end:
        return end.code
    return 0


def test_the_table_has_every_command():
    """A new one is tried as well: give it its arguments here."""
    assert list(ARGUMENTS) == list(COMMANDS)


@pytest.mark.parametrize(
    "fault", [*DAMAGED, *CLOSED, full, locked], ids=lambda fault: fault.__name__
)
@pytest.mark.parametrize("name", ARGUMENTS)
def test_a_fault_is_one_sentence_on_every_command(place, name, fault, monkeypatch, capsys):
    """No traceback, no fresh database beside images, no address; what is no fault is no error."""
    root = place / "ws"
    before = content(database(root))  # faults of rights change nothing in it
    fault(root)
    if fault in DAMAGED:
        before = content(database(root))
    for module in (opening, store_database):  # nobody waits half a minute here
        monkeypatch.setattr(module, "BUSY_MS", 50)
    with surroundings(fault, root):
        code = called(place, name, monkeypatch)
    for path in (root, database(root)):
        if path.exists():
            path.chmod(0o777)
    told = capsys.readouterr()
    assert "Traceback" not in told.err + told.out
    assert "http://" not in told.out
    if name in WITHOUT:
        assert code in (0, None)
        return
    if name == "doctor":  # says what is wrong, more than one thing if need be
        assert code in (1, 2), told.out
        return
    assert code == 2, told.out
    [line] = told.err.strip().splitlines()
    assert line.startswith("Error: ")
    assert len(line) > 60
    assert content(database(root)) == before
