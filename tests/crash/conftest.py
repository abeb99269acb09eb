"""What all crash tests share: how long they run, where chance comes from, what they count.

`make test` runs the short form, `make soak` the long one, which also writes what it counted into
docs/durability.md. CERTILABEL_SEED repeats a run's chances; each run prints its own.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest

from tests.crash.counts import COUNTS, Counts
from tests.crash.mortal import Mortal

SOAK = os.environ.get("CERTILABEL_SOAK", "") not in ("", "0")
SEED = int(os.environ["CERTILABEL_SEED"])
IN_CI = os.environ.get("CI", "").lower() not in ("", "0", "false")


@pytest.fixture
def long_or_short() -> Callable[[Any, Any], Any]:
    """Give the first value in the long form, the second in the short one."""
    return lambda soak, short: soak if SOAK else short


@pytest.fixture
def in_ci() -> bool:
    """Whether nobody waits for it."""
    return IN_CI


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
    """What the test counts; its report carries the numbers, from whatever process it ran in."""
    counted = Counts()
    request.node.user_properties.append((COUNTS, counted.numbers))
    return counted


@pytest.fixture(scope="session")
def mortal() -> Iterator[Mortal]:
    """Commands that can be killed."""
    process = Mortal()
    yield process
    process.close()
