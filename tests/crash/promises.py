"""The table of docs/durability.md: each fault, what is promised, the test that makes it happen."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "durability.md"
START, END = "<!-- table:durability -->", "<!-- /table:durability -->"
HEAD = ("fault", "promise", "test", "counted")
NEVER = "not run yet"
CELL = r"(?<!\\)\|"  # a bar that parts cells


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault and what is promised under it."""

    fault: str
    promise: str
    test: str  # path::name, or a path, from the root of the tree


_KILLS = "tests/crash/test_killed_at_a_step.py"
_MOMENTS = "tests/crash/test_killed_at_a_moment.py"
_KEEPING = "tests/crash/test_killed_keeping.py"
_DISK = "tests/crash/test_disks.py"
_WORKERS = "tests/crash/test_workers.py"

FAULTS = (
    Fault(
        "the server is killed while experts label",
        "a label that was called saved is there, once, as it was given",
        f"{_MOMENTS}::test_what_a_killed_server_called_saved_is_saved",
    ),
    Fault(
        "`init` is killed",
        "there is no workspace, or a whole one; the same command can be given again",
        f"{_KILLS}::test_a_killed_init_leaves_nothing_in_the_way",
    ),
    Fault(
        "`import` is killed",
        "each image that is in has its file; importing again brings in the rest and sweeps up",
        f"{_KILLS}::test_a_killed_import_is_completed_by_the_next_one",
    ),
    Fault(
        "`export` is killed",
        "the export is whole or not there; exporting again writes it and sweeps up",
        f"{_KILLS}::test_a_killed_export_is_whole_or_not_there",
    ),
    Fault(
        "`backup` is killed",
        "the backup is whole or not there; the same command can be given again",
        f"{_KEEPING}::test_a_killed_backup_is_whole_or_not_there",
    ),
    Fault(
        "`restore` is killed",
        "there is no workspace, or a whole one; the same command can be given again",
        f"{_KEEPING}::test_a_killed_restore_leaves_nothing_in_the_way",
    ),
    Fault(
        "`restore --replace` is killed",
        "the name leads to a whole workspace, and the one from before is there",
        f"{_KEEPING}::test_a_killed_replacement_loses_neither_workspace",
    ),
    Fault(
        "a migration is killed",
        "the next start completes it; nothing of the old workspace is changed twice",
        f"{_KILLS}::test_a_killed_migration_is_completed_by_the_next_start",
    ),
    Fault(
        "a worker is killed in a round",
        "the round resumes and ends once, or fails in words; labels are untouched",
        f"{_MOMENTS}::test_a_round_whose_workers_are_killed_ends_once",
    ),
    Fault(
        "the disk is full",
        "nothing is called saved that is not; with room again all goes on",
        f"{_DISK}::test_a_full_disk_takes_nothing_that_was_saved",
    ),
    Fault(
        "a command runs on a full disk",
        "one sentence; with room again it does its work",
        f"{_DISK}::test_a_full_disk_is_told_in_one_sentence",
    ),
    Fault(
        "a file may not grow any more",
        "the same, with an error of the system that is none of a full disk",
        f"{_DISK}::test_a_file_that_may_not_grow_takes_nothing_that_was_saved",
    ),
    Fault(
        "a command runs on a read-only disk",
        "one sentence, and nothing is changed",
        f"{_DISK}::test_a_read_only_disk_is_told_in_one_sentence",
    ),
    Fault(
        "another program holds the database for 40 seconds",
        "answers wait, are refused aloud after 5 s, and are saved once when they are sent again",
        "tests/crash/test_lock.py",
    ),
    Fault(
        "the clock jumps a day back or ahead",
        "labels keep their order; no image, job or worker waits for the lost day",
        "tests/crash/test_clock.py",
    ),
    Fault(
        "a worker is stopped, its job taken over, and it continues",
        "it writes nothing any more; the round ends once; it does the next job",
        f"{_WORKERS}::test_a_worker_that_was_stopped_and_continues_disturbs_nobody",
    ),
    Fault(
        "two workers serve one workspace",
        "each job is done by one of them, once",
        f"{_WORKERS}::test_two_workers_do_each_job_once",
    ),
    Fault(
        "twenty experts label while rounds and imports run",
        "every answer is saved, quickly, and memory stays flat",
        "tests/crash/test_crowd.py",
    ),
    Fault(
        "any order of answers, undos, repeats, classes, imports and restarts",
        "the store says what a dictionary says",
        "tests/crash/test_store_model.py",
    ),
    Fault(
        "damaged, hostile or absurd images",
        "each is taken or refused with a reason; the process lives, within its memory",
        "tests/crash/test_damaged_files.py::test_mutated_images_are_taken_or_refused",
    ),
    Fault(
        "damaged, hostile or absurd tables",
        "each is read, or refused in one sentence",
        "tests/crash/test_damaged_files.py::test_mutated_tables_are_read_or_refused",
    ),
    Fault(
        "a page of another name, a foreign Origin or a frame reaches for the app",
        "a browser gets nothing that it could read or click",
        "tests/browser/test_who_may_talk.py",
    ),
    Fault(
        "another machine comes without the access token, or with a wrong or old one",
        "no page, picture, upload or websocket answers",
        "tests/annotator/ui/gate/test_token.py",
    ),
    Fault(
        "a person asks for what their role does not let them do",
        "one sentence that names who may, and nothing is changed",
        "tests/annotator/service/people/test_roles.py",
    ),
)


def rows(page: str) -> dict[str, tuple[str, ...]]:
    """The rows of the page's table, each by its test."""
    table = page.split(START)[1].split(END)[0]
    lines = [line for line in table.splitlines() if line.startswith("| ")][1:]
    cells = [tuple(cell.strip() for cell in re.split(CELL, line)[1:-1]) for line in lines]
    return {row[2].strip("`"): row for row in cells}


def written(page: str, counted: Mapping[str, str]) -> str:
    """The page with the table anew; a test that did not run keeps what it counted last."""
    before = {test: row[3] for test, row in rows(page).items()}
    lines = ["| " + " | ".join(HEAD) + " |", "|---" * len(HEAD) + "|"]
    for each in FAULTS:
        numbers = counted.get(each.test) or before.get(each.test) or NEVER
        lines.append(f"| {each.fault} | {each.promise} | `{each.test}` | {numbers} |")
    head, _, rest = page.partition(START)
    tail = rest.partition(END)[2]
    return "\n".join([head + START, "", *lines, "", END + tail])


if __name__ == "__main__":  # what `make soak` runs
    print(*dict.fromkeys(fault.test for fault in FAULTS))
