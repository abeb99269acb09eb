"""Decoding within bounds: traps are refused with the number, and end in a child process."""

import subprocess
import sys
import threading
import time
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from annotator.imaging import apart, bounded, budget, pixels
from annotator.imaging.budget import Budget, needed
from annotator.imaging.stored import Damaged
from annotator.imaging.tasks import SHOWN_PIXELS
from tests.annotator.pictures import encoded, jpeg, noise, png


def progressive(scans: int) -> bytes:
    """A progressive JPEG with its last scan many times over: each goes over the whole image."""
    whole = encoded(Image.fromarray(noise(1, 64, 64)), "JPEG", progressive=True)
    start, end = whole.rindex(bounded.START_OF_SCAN), whole.rindex(b"\xff\xd9")
    more = scans - whole.count(bounded.START_OF_SCAN)
    return whole[:end] + whole[start:end] * more + whole[end:]


def test_a_jpeg_of_thousands_of_scans_is_refused_with_the_number():
    """Unread: half a megabyte of such scans kept a decoder busy for more than a minute."""
    began = time.monotonic()
    with pytest.raises(bounded.TooMuch, match=r"5,000 scans, at most 100"):
        bounded.done(progressive(5000), "check")
    assert time.monotonic() - began < 5
    usual = encoded(Image.fromarray(noise(1, 64, 64)), "JPEG", progressive=True)
    assert bounded.done(usual, "check") == ("64 64 ", b"")


@pytest.mark.parametrize("task", ["check", "gray", "picture", "thumbnail", "array"])
def test_a_child_process_answers_as_this_one_does(monkeypatch, task):
    """Whatever is asked, of any kind of image."""
    args = {"thumbnail": [20], "array": [12, 3]}.get(task, [])
    for content in (png(1), jpeg(2, 90, 60)):
        here = bounded.done(content, task, *args, draft=12)
        monkeypatch.setattr(bounded, "QUICK", 0)
        assert bounded.done(content, task, *args, draft=12) == here
        monkeypatch.undo()


def test_a_child_that_takes_too_long_or_too_much_is_ended_and_told(monkeypatch):
    """With the limit that it went over; damage is told as the decoder words it."""
    monkeypatch.setattr(bounded, "QUICK", 0)
    monkeypatch.setattr(apart, "SECONDS", 0.01)
    with pytest.raises(bounded.TooMuch, match="longer than 0 seconds"):
        bounded.done(png(), "check")
    monkeypatch.undo()
    monkeypatch.setattr(bounded, "QUICK", 0)
    with pytest.raises(ValueError, match="truncated"):
        bounded.done(png(1, 200, 200)[:9_000], "check")


LOWER = """
import resource, sys
from annotator.imaging import apart, bounded
half = apart.MEMORY // 2
resource.setrlimit(resource.RLIMIT_AS, (half, half))
apart.limit(resource.RLIMIT_AS, apart.MEMORY)
print(resource.getrlimit(resource.RLIMIT_AS) == (half, half))
"""


def test_a_lower_limit_that_the_system_sets_stays_and_stops_no_decoding():
    """As that of a service: nobody but root may raise it, and to try was an error."""
    done = subprocess.run(
        [sys.executable, "-c", LOWER], capture_output=True, text=True, check=False
    )
    assert done.stdout == "True\n", done.stderr


def test_an_image_of_more_pixels_than_are_read_is_refused_with_its_size(tmp_path):
    """Also one that an older version took in; the workspace's error says it too."""
    path = tmp_path / "large.png"
    Image.new("1", (20_000, 6_000)).save(path)
    with pytest.raises(Damaged, match=r"20000 × 6000 pixels, at most 100 megapixels"):
        pixels.load_array(path, 8, 1)


def test_a_very_large_picture_is_shown_reduced(tmp_path):
    """A browser would need four bytes for each of its pixels."""
    path = tmp_path / "large.png"
    Image.new("1", (8_000, 4_000), 1).save(path)
    content, mime = pixels.for_browser(path)
    with Image.open(BytesIO(content)) as shown:
        assert mime == "image/jpeg"
        assert 0.9 * SHOWN_PIXELS < shown.width * shown.height <= SHOWN_PIXELS
        assert shown.width == 2 * shown.height


def test_those_who_ask_at_once_stay_within_the_budget():
    """Twenty threads of different needs; one of them needs more than there is, and gets all."""
    kept = Budget(100)
    held, most, lock = [0], [0], threading.Lock()

    def ask(need):
        with kept.hold(need):
            with lock:
                held[0] += min(need, 100)
                most[0] = max(most[0], held[0])
            time.sleep(0.005)
            with lock:
                held[0] -= min(need, 100)

    needs = [10, 35, 60, 500, 5] * 4
    threads = [threading.Thread(target=ask, args=[need]) for need in needs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert 0 < most[0] <= 100
    assert kept.free == 100


def test_what_is_decoded_side_by_side_holds_its_share_of_memory(monkeypatch, tmp_path):
    """Six images that need a third of the budget each: never more than three at once."""
    path = tmp_path / "one.png"
    path.write_bytes(png(1, 60, 60))
    with Image.open(path) as image:
        each = needed(image)
    assert each == 60 * 60 * budget.LEAN["RGB"]
    monkeypatch.setattr(bounded, "BUDGET", Budget(3 * each))
    free = []
    array = bounded.TASKS["array"]

    def slow(image, size, channels):
        free.append(bounded.BUDGET.free)
        time.sleep(0.02)
        return array(image, size, channels)

    monkeypatch.setitem(bounded.TASKS, "array", slow)
    monkeypatch.setattr(pixels, "WORKERS", 6)
    [found] = pixels.load_many([path] * 6, 8, 3)
    assert min(free) >= 0
    assert max(free) <= 2 * each, "each holds its own share while it is decoded"
    assert np.array_equal(found[0], found[5])
