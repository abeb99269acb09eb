"""What all crash tests share: how long they run, where chance comes from, what they count.

`make test` runs the short form, `make soak` the long one, which also writes what it counted into
docs/durability.md. CERTILABEL_SEED repeats a run's chances; each run prints its own.
"""

from __future__ import annotations

import os
import secrets
from collections import Counter
from collections.abc import Callable, Iterator
from random import Random

import pytest

from tests.crash import promises
from tests.crash.counts import Counts
from tests.crash.mortal import Mortal

SOAK = os.environ.get("CERTILABEL_SOAK", "") not in ("", "0")
SEED = int(os.environ.get("CERTILABEL_SEED") or secrets.randbelow(2**32))
COUNTED: dict[str, Counts] = {}  # test -> what it counted


@pytest.fixture
def long_or_short() -> Callable[[int, int], int]:
    """Give the first number in the long form, the second in the short one."""
    return lambda soak, short: soak if SOAK else short


@pytest.fixture
def soak() -> bool:
    """Whether this is the long form."""
    return SOAK


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> Random:
    """Chance of the test's own: it does not depend on which others run."""
    return Random(f"{SEED} {request.node.name}")


@pytest.fixture
def counts(request: pytest.FixtureRequest) -> Counts:
    """What the test counts, for the table; the cases of one test are added up."""
    return COUNTED.setdefault(request.node.nodeid.partition("[")[0], Counts())


@pytest.fixture(scope="session")
def mortal() -> Iterator[Mortal]:
    """Commands that can be killed."""
    process = Mortal()
    yield process
    process.close()


def pytest_terminal_summary(terminalreporter) -> None:
    """Print the seed and what was counted; in the long form write the table."""
    stats = terminalreporter.stats
    passed = Counter(_names(stats.get("passed", [])))
    bad = {name for key in ("failed", "error", "skipped") for name in _names(stats.get(key, []))}
    counted = {}
    for fault in promises.FAULTS:
        good = {name: n for name, n in passed.items() if _covers(fault.test, name)}
        sums = Counts()
        for name in good:
            sums.and_those(COUNTED.get(name, Counts()))
        if good and not any(_covers(fault.test, name) for name in bad):
            tries = "1 try" if (n := sum(good.values())) == 1 else f"{n:,} tries"
            counted[fault.test] = str(sums) if sums else f"{tries}, 0 let in"
    terminalreporter.section(f"crash tests, CERTILABEL_SEED={SEED}")
    for test, numbers in counted.items():
        terminalreporter.write_line(f"{test.removeprefix('tests/')}: {numbers}")
    if SOAK:
        page = promises.PAGE.read_text(encoding="utf-8")
        promises.PAGE.write_text(promises.written(page, counted), encoding="utf-8")


def _names(reports) -> list[str]:
    calls = [each for each in reports if getattr(each, "when", "") in ("setup", "call")]
    return [each.nodeid.partition("[")[0] for each in calls]


def _covers(test: str, name: str) -> bool:
    return name == test or name.startswith((f"{test}::", f"{test}/"))
