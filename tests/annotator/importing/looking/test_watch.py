"""How long a reading still takes: true within a factor of 1.5 once a tenth is read."""

import random

import pytest

from annotator.importing.looking.watch import Watch, kind_of

FACTOR = 1.5
THREADS = 4


def watched(files, expected=None):
    """Read files (kind, seconds, skipped) with several threads; yield (watch, true left)."""
    now = [0.0]
    counts = {}
    for kind, _, _ in files:
        counts[kind] = counts.get(kind, 0) + 1
    watch = Watch(counts if expected is None else expected, lambda: now[0], writing=0.0)
    ends, free = [], [0.0] * THREADS
    for kind, seconds, skipped in files:
        first = free.index(min(free))
        free[first] += seconds
        ends.append((free[first], kind, seconds, skipped))
    for end, kind, seconds, skipped in sorted(ends):
        now[0] = end
        watch.passed(kind, seconds, skipped=skipped)
        yield watch, max(free) - end


def off(files):
    """The largest factor between told and true, from a tenth to nine tenths of the files."""
    worst = 1.0
    for number, (watch, true) in enumerate(watched(files), 1):
        if len(files) / 10 <= number <= 0.9 * len(files):
            told = watch.left()
            worst = max(worst, told / true, true / told)
    return worst


@pytest.mark.parametrize("seed", range(3))
def test_files_of_one_kind_are_foreseen(seed):
    """However their sizes vary around a mean."""
    rng = random.Random(seed)
    assert off([(".png", rng.uniform(0.01, 0.05), False) for _ in range(1000)]) < FACTOR


def test_a_kind_that_takes_longer_counts_for_more_where_it_is_still_to_come():
    """Documents between pictures, most of them at the end: by the count of files it is far off."""
    files = [
        (".pdf", 0.2, False) if number % 45 == 44 else (".png", 0.01, False)
        for number in range(900)
    ]
    files += [(".pdf", 0.2, False)] * 80
    assert off(files) < FACTOR
    times = [true for _, true in watched(files)]
    by_count = (times[0] - times[500]) / 501 * (len(files) - 501)
    assert times[500] / by_count > FACTOR


def test_what_is_here_already_does_not_make_the_rest_look_short():
    """An import that goes on skips most files first: no time is told until a new one is read."""
    files = [(".png", 0.001, True)] * 600 + [(".png", 0.1, False)] * 400
    for number, (watch, true) in enumerate(watched(files), 1):
        if number <= 590:
            assert watch.left() is None
        elif 720 <= number <= 980:
            assert true / FACTOR < watch.left() < true * FACTOR
    assert watch.skipped == 600


def test_a_machine_that_is_busier_than_at_first_is_told_by_how_it_is_now():
    """Three times slower from the first quarter on; soon after, the rest is foreseen."""
    files = [(".png", 0.01 if number < 1000 else 0.03, False) for number in range(4000)]
    for number, (watch, true) in enumerate(watched(files), 1):
        if 1500 <= number <= 3600:
            assert true / FACTOR < watch.left() < true * FACTOR


def test_copies_that_wait_for_the_disk_and_images_that_are_to_be_written_count_as_well():
    """A slow disk has the last word; where it is fast, the reading has."""
    now = [0.0]
    watch = Watch({".png": 1000}, lambda: now[0], writing=0.001)
    for number in range(1, 501):
        now[0] = number * 0.01
        watch.passed(".png", 0.01)
        watch.copied(1)
        if number % 50 == 0:
            watch.flushed(25, 25 * 0.02)  # half of them, each for twice as long as it was read
    assert watch.left() == pytest.approx(750 * 0.02 + 1000 * 0.001)
    for _ in range(10):
        watch.flushed(25, 0.0)
    assert watch.left() == pytest.approx(max(500 * 0.01, 500 * 5 / 500) + 1, rel=0.3)
    for _ in range(500):
        watch.passed(".png", 0.01)
    assert watch.left() == pytest.approx(0.5 + 0.0, rel=0.01), "what is new, and none waits"


def test_nothing_is_told_before_anything_is_known():
    """Neither without a file read, nor where nobody knows how many there are."""
    assert Watch({".png": 3}).left() is None
    unknown = Watch()
    unknown.passed(".png", 1.0)
    assert unknown.left() is unknown.total is None
    assert unknown.files == 1


def test_a_number_at_the_end_of_a_name_is_no_kind():
    """DICOM files are often called by their ids."""
    assert kind_of("a/b.PNG") == ".png"
    assert kind_of("1.2.840.10008") == kind_of("scan") == ""
