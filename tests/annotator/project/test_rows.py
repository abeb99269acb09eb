"""Caches with a row an image: computed once, and again where anything about them is wrong."""

import numpy as np
import pytest

from annotator.errors import WorkspaceError
from annotator.project.rows import CHUNK, Rows

MANY = 2 * CHUNK + 40  # images: two whole parts and a short one


def names(n, world="here"):
    return [f"{world} {number}" for number in range(n)]


class Squares:
    """Rows whose truth is known, and what was asked of it."""

    def __init__(self, path, n=MANY, world="here"):
        self.rows = Rows(path / "squares.f16", (2,), "float16", names(n, world))
        self.asked = []

    def compute(self, start, stop):
        self.asked.append((start, stop))
        each = np.arange(start, stop, dtype=np.float16)[:, None] % 97
        return np.concatenate([each, each**2], 1)

    def fill(self):
        """Fill it; return what had to be computed."""
        shares = list(self.rows.fill(self.compute))
        assert shares == sorted(shares)
        n = len(self.rows.names)
        truth = np.arange(n) % 97
        assert np.array_equal(self.rows.read()[:, 0], truth)
        assert np.array_equal(self.rows.read()[:, 1], (truth**2).astype(np.float16))
        return self.asked


FIRST, SECOND, LAST = (0, CHUNK), (CHUNK, 2 * CHUNK), (2 * CHUNK, MANY)


def test_rows_that_were_filled_are_not_computed_again(tmp_path):
    """A cache that grows by new images computes only those."""
    assert Squares(tmp_path, 5).fill() == [(0, 5)]
    assert Squares(tmp_path, 8).fill() == [(5, 8)]
    assert Squares(tmp_path, 8).fill() == []
    assert Squares(tmp_path, 6).fill() == [], "fewer images, as an older round sees them"
    assert Squares(tmp_path, 8).rows.filled == 8


def test_a_cache_that_was_cut_goes_on_after_the_last_whole_chunk(tmp_path):
    """What stands in the file of an unfinished chunk is not trusted."""
    squares = Squares(tmp_path)

    def broken(start, stop):
        if start:
            raise KeyboardInterrupt
        return squares.compute(start, stop)

    with pytest.raises(KeyboardInterrupt):
        list(squares.rows.fill(broken))
    assert squares.rows.filled == CHUNK
    with squares.rows.path.open("ab") as file:
        file.write(b"\7\7\7")  # half a chunk that a kill left behind
    assert Squares(tmp_path).fill() == [SECOND, LAST]


def short(file, note):
    file.write_bytes(file.read_bytes()[:-5])


def long(file, note):
    file.write_bytes(file.read_bytes() + bytes(999))


def missing(file, note):
    file.unlink()


def nan(file, note):
    content = bytearray(file.read_bytes())
    content[CHUNK * 4 : CHUNK * 4 + 2] = np.float16("nan").tobytes()
    file.write_bytes(content)


def flipped(file, note):
    content = bytearray(file.read_bytes())
    content[7] ^= 1
    file.write_bytes(content)


def no_note(file, note):
    note.unlink()


def emptied(file, note):
    file.write_bytes(b"")


def broken_note(file, note):
    note.write_bytes(b"\xff\x00{rows: 9}\n0 -4 x y\n0 9\n")


def torn_note(file, note):
    note.write_bytes(note.read_bytes()[:-30])


def wrong_note(file, note):
    lines = note.read_text().split()
    lines[6] = "12345"  # the checksum of the second part
    parts = [" ".join(lines[i : i + 4]) for i in range(0, len(lines), 4)]
    note.write_text("\n".join(parts) + "\n")


@pytest.mark.parametrize(
    ("harm", "again"),
    [
        (short, [LAST]),
        (long, []),  # what lies behind the last row is never read
        (missing, [FIRST, SECOND, LAST]),
        (emptied, [FIRST, SECOND, LAST]),
        (nan, [SECOND]),
        (flipped, [FIRST]),
        (no_note, [FIRST, SECOND, LAST]),
        (broken_note, [FIRST, SECOND, LAST]),
        (torn_note, [LAST]),
        (wrong_note, [SECOND]),
    ],
)
def test_what_is_wrong_is_computed_anew_and_nothing_else(tmp_path, harm, again):
    """Whatever was done to the file or its note, the rows read afterwards are right."""
    squares = Squares(tmp_path)
    assert squares.fill() == [FIRST, SECOND, LAST]
    harm(squares.rows.path, squares.rows.path.with_suffix(".rows"))
    assert Squares(tmp_path).fill() == again
    assert Squares(tmp_path).fill() == [], "it is mended for good"


def test_rows_of_other_images_are_not_taken_for_those_of_these(tmp_path):
    """A database from an older backup, and then other images with the same ids."""
    Squares(tmp_path).fill()
    other = Squares(tmp_path)
    mixed = Rows(
        other.rows.path, (2,), "float16", names(CHUNK) + names(CHUNK, "there") + names(MANY)[-40:]
    )
    other.rows = mixed
    assert other.fill()[0] == SECOND
    assert Squares(tmp_path, MANY, "elsewhere").fill() == [FIRST, SECOND, LAST]


def test_what_is_no_number_is_never_kept(tmp_path):
    """It is told in words: rounds that learned from it would be worth nothing."""
    rows = Rows(tmp_path / "x.f16", (1,), "float16", names(3))
    with pytest.raises(WorkspaceError, match="not a number"):
        list(rows.fill(lambda start, stop: np.full((stop - start, 1), np.inf)))
    assert rows.filled == 0
