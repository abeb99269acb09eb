"""In CI a skipped browser test is a failed one: it would hide that the pages were never opened."""

import os

import pytest

IN_CI = os.environ.get("CI", "").lower() not in ("", "0", "false")


def _fail(report, name):
    """Turn a report of a skip into one of a failure, with the reason kept."""
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
    report.outcome = "failed"
    report.longrepr = f"CI runs every browser test, but {name} was skipped. {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Fail a skipped test that is marked `browser`."""
    report = yield
    expected = hasattr(report, "wasxfail")
    if IN_CI and report.skipped and not expected and item.get_closest_marker("browser"):
        _fail(report, item.nodeid)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    """Fail a module below `browser` that skips itself as a whole."""
    report = yield
    if IN_CI and report.skipped and "browser" in collector.path.parts:
        _fail(report, collector.nodeid)
    return report
