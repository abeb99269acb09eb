"""What holds for every test: its environment, no browser test is skipped, crash tests are told."""

import os
import resource
import secrets
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

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
