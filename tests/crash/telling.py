"""After the tests: the seed, and what the crash tests counted; the long form writes the table."""

from __future__ import annotations

import os
from collections import Counter, defaultdict

from tests.crash import promises
from tests.crash.counts import COUNTS, Counts


def pytest_terminal_summary(terminalreporter) -> None:
    """Print the seed and what was counted; in the long form write the table."""
    stats = terminalreporter.stats
    passed = Counter(_name(each) for each in _calls(stats.get("passed", [])))
    bad = {_name(each) for key in ("failed", "error", "skipped") for each in _calls(stats.get(key))}
    sums: defaultdict[str, Counts] = defaultdict(Counts)
    for report in _calls(stats.get("passed", [])):
        sums[_name(report)].and_those(dict(report.user_properties).get(COUNTS, {}))
    counted = {}
    for fault in promises.FAULTS:
        good = {name: n for name, n in passed.items() if _covers(fault.test, name)}
        of_all = Counts()
        for name in good:
            of_all.and_those(sums[name].numbers)
        if good and not any(_covers(fault.test, name) for name in bad):
            tries = "1 try" if (n := sum(good.values())) == 1 else f"{n:,} tries"
            counted[fault.test] = str(of_all) if of_all else f"{tries}, 0 let in"
    if not counted:
        return
    terminalreporter.section(f"crash tests, CERTILABEL_SEED={os.environ['CERTILABEL_SEED']}")
    for test, numbers in counted.items():
        terminalreporter.write_line(f"{test.removeprefix('tests/')}: {numbers}")
    if os.environ.get("CERTILABEL_SOAK", "") not in ("", "0"):
        page = promises.PAGE.read_text(encoding="utf-8")
        promises.PAGE.write_text(promises.written(page, counted), encoding="utf-8")


def _calls(reports) -> list:
    return [each for each in reports or [] if getattr(each, "when", "") in ("setup", "call")]


def _name(report) -> str:
    return report.nodeid.partition("[")[0]


def _covers(test: str, name: str) -> bool:
    return name == test or name.startswith((f"{test}::", f"{test}/"))
