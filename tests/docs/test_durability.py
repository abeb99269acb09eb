"""The page of what survives has each promise of the table, and the numbers of a long run."""

import re

import pytest

from tests.crash.counts import BAD
from tests.crash.promises import FAULTS, HEAD, NEVER, PAGE, rows, written
from tests.docs.pages import ROOT


def test_the_table_is_that_of_the_tests():
    """Fault, promise and test of each line; a run writes the rest."""
    wanted = [(each.fault, each.promise, f"`{each.test}`") for each in FAULTS]
    assert [row[:3] for row in rows(PAGE.read_text()).values()] == wanted


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.fault)
def test_each_promise_has_a_test_that_is_there(fault):
    """A file, and in it the function."""
    path, _, name = fault.test.partition("::")
    assert (ROOT / path).exists()
    assert not name or f"def {name}(" in (ROOT / path).read_text()


def test_nothing_was_lost_let_in_or_stuck():
    """Each line that was run counts what would break its promise, and found none."""
    for row in rows(PAGE.read_text()).values():
        if row[3] != NEVER:
            bad = re.findall(rf"([\d,]+) (?:{'|'.join(BAD)})\b", row[3])
            assert bad, row
            assert set(bad) == {"0"}, row


def number(text, name):
    """What a line counted by that name; 0 if nothing."""
    found = re.search(rf"([\d,]+) {name}\b", text)
    return int(found[1].replace(",", "")) if found else 0


def test_the_long_run_was_long():
    """Every line was run; so many kills, files, and a crowd of twenty minutes."""
    found = {test: row[3] for test, row in rows(PAGE.read_text()).items()}
    assert NEVER not in found.values()
    assert sum(number(text, "kills") for text in found.values()) >= 200
    files = "tests/crash/test_damaged_files.py::test_mutated"
    assert number(found[f"{files}_images_are_taken_or_refused"], "files") >= 2_000
    assert number(found[f"{files}_tables_are_read_or_refused"], "files") >= 300
    assert number(found["tests/crash/test_crowd.py"], "seconds") >= 1_200


PROMISE = (
    "A label that the page calls saved survives anything but the loss of the disk. A round that is "
    "interrupted resumes or fails loudly, once. Nobody reads or writes without the right to. Every "
    "fault ends in one sentence with the way out."
)


@pytest.mark.parametrize("page", [PAGE, ROOT / "SECURITY.md"], ids=lambda page: page.name)
def test_the_promise_stands_where_people_look_for_it(page):
    """On the page of what survives, and where it is said who may talk to the program."""
    assert PROMISE in " ".join(page.read_text().split())


def test_a_run_writes_its_own_lines_and_keeps_the_others():
    """A run of one test does not take back what others counted."""
    one, other = (each.test for each in FAULTS[:2])
    page = written(written(PAGE.read_text(), {one: "7 kills, 0 lost"}), {other: "9 kills, 0 lost"})
    found = {test: row[3] for test, row in rows(page).items()}
    assert (found[one], found[other]) == ("7 kills, 0 lost", "9 kills, 0 lost")
    assert len(HEAD) == 4
    assert written(page, {}) == page
