"""Files are read in processes that may crash or hang: an import goes on, and says what happened."""

import json
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from annotator.imaging.reading import desk
from annotator.imaging.reading.desk import Desk
from annotator.imaging.reading.page import Asked, Span, Unread
from tests.annotator.documents import dicom, pdf, tiff
from tests.annotator.pictures import noise

GRAY = noise(1, channels=1)


@pytest.fixture
def reader():
    made = Desk()
    yield made
    made.close()


def children(made: Desk) -> list[subprocess.Popen]:
    """The processes that wait for the next file."""
    return [child._process for child in made._idle.queue]


def test_every_kind_is_read_by_one_process_after_the_other(reader):
    """It is started once; what is refused does not end it."""
    for content, kind in (
        (dicom(GRAY), "dicom"), (pdf("a", "b"), "pdf"), (tiff(GRAY, GRAY), "tiff")
    ):  # fmt: skip
        found = list(reader.read(content, kind, Asked()))
        assert [page.number for page in found] == [*range(1, found[0].total + 1)]
        assert all(page.content.startswith(b"\x89PNG") for page in found)
        with pytest.raises(Unread):
            list(reader.read(content[:50], kind, Asked()))
    assert len(children(reader)) == 1


def test_what_is_asked_and_told_goes_over_unchanged(reader):
    """Pages, tags, text in any script, and a patient's number."""
    content = dicom(
        np.stack([GRAY] * 4),
        SpecificCharacterSet="ISO_IR 192",
        PatientID="Ž-9",
        BodyPartExamined="KNEE",
    )
    [known, page] = reader.read(
        content, "dicom", Asked(Span(2, 3), frozenset({2}), ("BodyPartExamined",))
    )
    assert (known.number, known.content) == (2, b"")
    assert page.group == known.group == "Ž-9"
    assert (page.number, page.total, dict(page.facts)) == (3, 4, {"BodyPartExamined": "KNEE"})
    [page] = reader.read(pdf("a\\)\\n"), "pdf", Asked())
    assert page.text == "a)"


def test_threads_do_not_meet(reader):
    """Each file comes back whole to whoever asked, from as many processes as asked at once."""

    def text(number: int) -> list[str]:
        asked = reader.read(pdf(f"file {number}", "and more"), "pdf", Asked())
        return [page.text for page in asked]

    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(text, range(12)))
    assert found == [[f"file {number}", "and more"] for number in range(12)]
    assert 1 <= len(children(reader)) <= 3


def test_a_page_that_crashes_its_process_is_named_and_the_others_come(reader):
    """Here the process dies after the second page of five."""
    content = pdf(*"abcde")
    list(reader.read(content, "pdf", Asked(Span(1, 1))))
    [process] = children(reader)
    pages = []
    for page in reader.read(content, "pdf", Asked()):
        pages.append(page)
        if page.number == 2:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
    faults = {page.number: page.fault for page in pages if page.fault}
    # What was on its way when it died still arrives; if that was all, nobody knows that it was
    numbers = [page.number for page in pages]
    assert numbers[:5] == [1, 2, 3, 4, 5]
    assert numbers[5:] in ([], [0])
    assert len(faults) <= 1
    assert all("its decoder crashed" in fault for fault in faults.values())


def test_a_file_that_crashes_its_process_at_once_is_refused(reader):
    """And the next file is read by a new one."""
    list(reader.read(pdf("a"), "pdf", Asked()))
    [process] = children(reader)
    process.kill()
    process.wait()
    with pytest.raises(Unread, match="its decoder crashed"):
        list(reader.read(pdf("a"), "pdf", Asked()))
    assert [page.text for page in reader.read(pdf("b"), "pdf", Asked())] == ["b"]


def test_what_takes_too_long_is_ended_and_told(reader, monkeypatch):
    """With the limit that it went over."""
    list(reader.read(pdf("a"), "pdf", Asked()))
    monkeypatch.setattr(desk, "SECONDS", 0.0)
    with pytest.raises(Unread, match="takes longer than 0 seconds"):
        list(reader.read(pdf(*"abcdefghij" * 20), "pdf", Asked()))
    assert children(reader) == []


def test_a_file_that_takes_far_too_long_in_all_says_how_to_read_on(reader, monkeypatch):
    """Each of its pages may be quick."""
    monkeypatch.setattr(desk, "WHOLE", -60.0)
    with pytest.raises(Unread, match=r"`--pages 1-` reads on"):
        list(reader.read(pdf("a"), "pdf", Asked()))


def test_whoever_stops_reading_leaves_no_process(reader):
    """An import that is interrupted amid a file."""
    pages = reader.read(pdf(*"abc"), "pdf", Asked())
    next(pages)
    pages.close()
    assert children(reader) == []


LIMITED = """
import resource
from pathlib import Path
from annotator.imaging.reading import apart
held = 4096 * int(Path("/proc/self/statm").read_text().split()[0])
resource.setrlimit(resource.RLIMIT_AS, (held + (256 << 20), held + (256 << 20)))
apart.main()
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is read from /proc")
def test_memory_has_a_limit_and_a_file_over_it_is_refused():
    """A hundred megapixels of 32 bits in a quarter of a gigabyte; the next file is read."""
    large = tiff(np.zeros((9_900, 10_000), np.uint32), compression="zlib")
    assert len(large) < 2**20
    asked = {"kind": "tiff", "span": [1, None], "known": [], "tags": []}
    given = b"".join(
        json.dumps({**asked, "bytes": len(content)}).encode() + b"\n" + content
        for content in (large, tiff(GRAY))
    )
    done = subprocess.run(
        [sys.executable, "-c", LIMITED], input=given, capture_output=True, check=True
    )
    ready, refused, page, rest = done.stdout.split(b"\n", 3)
    assert json.loads(ready) == {"ready": True}
    assert "GiB of memory" in json.loads(refused)["unread"]
    assert json.loads(page)["page"]["number"] == 1
    assert json.loads(rest[json.loads(page)["bytes"] :]) == {"done": True}


def test_native_code_that_prints_does_not_disturb_the_answers():
    """What it writes to standard output or error goes nowhere."""
    code = "from annotator.imaging.reading import apart\n" + PRINTING
    asked = {"kind": "pdf", "span": [1, None], "known": [], "tags": [], "bytes": len(pdf("a"))}
    given = json.dumps(asked).encode() + b"\n" + pdf("a")
    done = subprocess.run(
        [sys.executable, "-c", code], input=given, capture_output=True, check=True
    )
    ready, page, rest = done.stdout.split(b"\n", 2)
    assert json.loads(ready) == {"ready": True}
    told = json.loads(page)
    assert json.loads(rest[told["bytes"] :]) == {"done": True}
    assert done.stderr == b""


PRINTING = """
import os
pages = apart.FORMATS["pdf"]
def loud(content, asked):
    os.write(1, b"hello"); os.write(2, b"hello")
    return pages(content, asked)
apart.FORMATS["pdf"] = loud
apart.main()
"""


def test_a_fault_of_a_reader_is_an_answer():
    """Of whatever type: a file may bring out any."""
    code = "from annotator.imaging.reading import apart\n" + BROKEN
    asked = {"kind": "pdf", "span": [1, None], "known": [], "tags": [], "bytes": 0}
    given = json.dumps(asked).encode() + b"\n"
    done = subprocess.run(
        [sys.executable, "-c", code], input=given, capture_output=True, check=True
    )
    _, told = done.stdout.splitlines()
    assert json.loads(told) == {"unread": "damaged (ZeroDivisionError)"}


BROKEN = """
def broken(content, asked):
    raise ZeroDivisionError("Jane Roe")
    yield
apart.FORMATS["pdf"] = broken
apart.main()
"""
