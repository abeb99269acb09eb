"""What holds for every test: its environment, no browser test is skipped, crash tests are told."""

import os
import resource
import secrets
import shutil
import sqlite3
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import sqlite_utils
import typer.main
from hypothesis import HealthCheck, settings

from annotator.store import database, migrations
from tests.crash.telling import pytest_terminal_summary
from tests.longest import pytest_collection_modifyitems
from tests.skipped import pytest_make_collect_report, pytest_runtest_makereport

__all__ = [
    "pytest_collection_modifyitems",
    "pytest_make_collect_report",
    "pytest_runtest_makereport",
    "pytest_terminal_summary",
]

# As the worker does, and before torch is imported: threads that wait must not spin
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
# One for all processes that the tests are spread over
os.environ.setdefault("CERTILABEL_SEED", str(secrets.randbelow(2**32)))

# What tests write is synced as users' work is: a disk would be waited for most of the time
MEMORY = Path("/dev/shm")
ROOM = 6 * 2**30  # bytes: more than twice what all tests write


def _fits(folder: Path) -> bool:
    """Whether there is room, and what is written there may be run: some tests write programs."""
    if not os.access(folder, os.W_OK) or shutil.disk_usage(folder).free < ROOM:
        return False
    return not os.statvfs(folder).f_flag & os.ST_NOEXEC


if _fits(MEMORY):
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))

# A machine that others use too is no slow example
settings.register_profile(
    "shared", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("shared")


@pytest.fixture(autouse=True)
def _limits_stay() -> Iterator[None]:
    """A limit that a test sets for its own process would kill those after it, and tell nobody."""
    kinds = (resource.RLIMIT_CPU, resource.RLIMIT_AS, resource.RLIMIT_FSIZE)
    before = [resource.getrlimit(kind) for kind in kinds]
    yield
    assert [resource.getrlimit(kind) for kind in kinds] == before


@pytest.fixture(autouse=True, scope="session")
def _made_once() -> Iterator[None]:
    """The tables of a new database, and the commands: both take most of a short test's time."""
    first = sqlite_utils.Database(memory=True)
    migrations.migrate(first)
    tables, made = first.conn.serialize(), migrations.MIGRATIONS

    def migrate(db: sqlite_utils.Database) -> None:
        if migrations.MIGRATIONS is made and not migrations.schema(db):
            copy = sqlite3.connect(":memory:")
            copy.deserialize(tables)
            copy.backup(db.conn)
            copy.close()
        else:
            migrations.migrate(db)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "migrate", migrate)
        patch.setattr(typer.main, "get_command", cache(typer.main.get_command))
        yield
