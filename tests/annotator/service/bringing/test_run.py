"""One import in a thread: how it ends, whatever happens on the way."""

from contextlib import ExitStack
from dataclasses import replace

import pytest

from annotator.errors import ImportingError, PartlyInError, StoreError
from annotator.importing.found import Found
from annotator.model import Going, ImportReport, Looked
from annotator.project.log import Log
from annotator.service.bringing.run import Run
from annotator.service.bringing.trace import FILE, Trace
from annotator.service.bringing.writing import Usual

PLAIN = ImportReport(1, 0, ())
ASKS = ImportReport(1, 0, (), unknown={"dog": 1})


def written(_found, _agreed, _tell):
    return PLAIN


class Made:
    """A run, and what it let go of."""

    def __init__(self, folder):
        self.gone = []
        held = ExitStack()
        held.callback(self.gone.append, "held")
        self.trace, self.log = Trace(folder / FILE), Log(folder / "log")
        looked = Looked({".png": 4})
        self.run = Run(
            Going("looked", "scans", looked=looked),
            folder,
            held,
            self.trace,
            self.log,
            Usual(),
            lambda: self.gone.append("thread"),
        )

    def read(self, watch):
        watch.passed(".png", 0.1)
        return Found()

    def begin(self, *, read=None, report=PLAIN, write=written):
        self.run.begin(read or self.read, lambda _found: report, write)
        self.run.wait(20)
        return self.run.going


@pytest.fixture
def made(tmp_path):
    return Made(tmp_path)


def test_what_asks_nothing_is_written_at_once(made):
    """And leaves nothing behind."""
    now = made.begin()
    assert (now.stage, now.files, now.total, now.report) == ("done", 1, 4, PLAIN)
    assert made.gone == ["held", "thread"]
    assert made.trace.found() is None


def test_what_is_written_tells_how_much_is_in_and_how_long_the_rest_takes(made):
    """Until the last image is."""
    seen = []

    def write(_found, _agreed, tell):
        tell(3)
        seen.append(made.run.going)
        tell(4)
        seen.append(made.run.going)
        return PLAIN

    made.begin(report=replace(PLAIN, added=4), write=write)
    assert [each.taken for each in seen] == [3, 4]
    assert seen[0].seconds > seen[1].seconds == 0


def test_what_asks_waits_for_an_answer(made):
    """With what it would do; its trace stays until it is given."""
    now = made.begin(report=ASKS)
    assert (now.stage, now.report) == ("read", ASKS)
    assert made.trace.found().stage == "cut"
    made.run.finish(written, None)
    made.run.wait(20)
    assert made.run.going.stage == "done"
    assert made.trace.found() is None


def test_what_was_stopped_waits_for_an_answer_with_what_is_left(made):
    """Also where nothing else is asked."""

    def read(watch):
        made.run.stop()
        return made.read(watch)

    now = made.begin(read=read)
    assert (now.stage, now.files, now.rest, now.stopping) == ("read", 1, 3, True)


@pytest.mark.parametrize(
    ("problem", "told"),
    [
        (ImportingError("no such thing"), "no such thing"),
        (OSError(28, "No space left on device"), "The disk says: No space left on device"),
        (ValueError("odd"), "a fault of the program (ValueError)"),
    ],
)
def test_a_reading_that_fails_says_why_and_leaves_nothing(made, problem, told):
    """A fault that nobody foresaw is in the log, with where it came from."""

    def read(_watch):
        raise problem

    now = made.begin(read=read)
    assert now.stage == "failed"
    assert told in now.error
    assert made.gone == ["held", "thread"]
    assert made.trace.found() is None
    in_log = made.log.path.exists() and "ValueError: odd" in made.log.path.read_text()
    assert in_log == isinstance(problem, ValueError)


def test_a_writing_that_fails_can_be_tried_again(made):
    """What was read is not lost by a disk that was full for a moment."""

    def write(_found, _agreed, _tell):
        raise ImportingError("Make room")

    now = made.begin(write=write)
    assert (now.stage, now.error) == ("read", "Make room")
    made.run.finish(written, None)
    made.run.wait(20)
    assert (made.run.going.stage, made.run.going.error) == ("done", "")


def test_a_writing_that_fails_in_the_middle_is_foreseen_anew(made):
    """Some of it is in from then on, also where the next try brings in nothing."""
    foreseen = [PLAIN, ASKS]
    problems = [PartlyInError("the first is in"), StoreError("no room")]

    def write(_found, _agreed, _tell):
        raise problems.pop(0)

    made.run.begin(made.read, lambda _found: foreseen.pop(0), write)
    made.run.wait(20)
    now = made.run.going
    assert (now.stage, now.written, now.error) == ("read", True, "the first is in")
    assert now.report == ASKS
    foreseen.append(PLAIN)
    made.run.finish(write, None)
    made.run.wait(20)
    now = made.run.going
    assert (now.written, now.error, now.report) == (True, "no room", PLAIN)


def test_what_cannot_be_foreseen_anew_stays_as_it_was(made):
    """The database that cannot be written may be one that cannot be read either."""
    foreseen = [PLAIN]

    def foresee(_found):
        if not foreseen:
            raise StoreError("gone")
        return foreseen.pop()

    def write(_found, _agreed, _tell):
        raise StoreError("gone")

    made.run.begin(made.read, foresee, write)
    made.run.wait(20)
    now = made.run.going
    assert (now.stage, now.written, now.error, now.report) == ("read", False, "gone", PLAIN)


def test_an_end_of_the_server_leaves_the_trace(made):
    """The next one finds it; what was sent is gone all the same."""

    def read(_watch):
        made.run.abandon()
        return Found()

    made.begin(read=read)
    assert made.trace.found().stage == "cut"
    assert "held" in made.gone
