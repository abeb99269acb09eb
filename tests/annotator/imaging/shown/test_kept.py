"""What is kept of pictures: once, whole, and never more than there is room for."""

import gzip
import os
import threading
import time

import pytest

from annotator.imaging.shown import kept as keeping
from annotator.imaging.shown.kept import bound, damaged, is_whole, kept
from tests.annotator.pictures import jpeg, png

SHA = "ab" * 32


def path(number: int):
    """Of a stored image; nothing here reads it."""
    return f"{number:02x}" * 32


@pytest.fixture
def fill(tmp_path):
    """A function that keeps a JPEG of an image and says when it was looked at last."""

    def one(number: int, ago: float = 0.0) -> int:
        made = jpeg(number, 64, 64)
        kept(
            tmp_path / "shown",
            tmp_path / f"{path(number)}.png",
            "160",
            lambda: (made, "image/jpeg"),
        )
        [file] = (tmp_path / "shown").rglob(f"{path(number)}-*")
        os.utime(file, (time.time() - ago,) * 2)
        return len(made)

    return one


def names(folder):
    return {each.name[:2] for each in folder.rglob("*-160.jpg")}


def test_what_was_looked_at_longest_ago_goes_first(fill, tmp_path):
    """As many bytes as it takes, and no more; a look at one keeps it."""
    folder = tmp_path / "shown"
    sizes = {number: fill(number, ago=1000 * (9 - number) + 4000) for number in range(1, 9)}
    again = kept(folder, tmp_path / f"{path(2)}.png", "160", lambda: (b"", "image/jpeg"))
    assert len(again[0]) == sizes[2], "it was there"
    most = sum(sizes.values()) - sizes[1] - sizes[3] - 1
    assert bound(folder, most) == sizes[1] + sizes[3] + sizes[4]
    assert names(folder) == {path(number)[:2] for number in (2, 5, 6, 7, 8)}
    assert bound(folder, most) == 0


def test_a_folder_that_is_not_there_has_nothing_to_remove(tmp_path):
    """Nor is anything else ever removed than what was kept."""
    assert bound(tmp_path / "none", 0) == 0
    other = tmp_path / "ab" / "notes.jpg"
    other.parent.mkdir()
    other.write_bytes(jpeg(1))
    assert bound(tmp_path, 0) == 0
    assert other.exists()


def test_the_bound_is_kept_by_itself(tmp_path, monkeypatch):
    """Whoever writes much looks how much there is."""
    monkeypatch.setattr(keeping, "SWEEP", 50_000)
    monkeypatch.setattr(keeping.bound, "__defaults__", (100_000,))
    monkeypatch.setattr(keeping, "_written", 0)
    for number in range(1, 40):
        made = jpeg(number, 99, 99)
        kept(
            tmp_path / "shown",
            tmp_path / f"{path(number)}.png",
            "160",
            lambda m=made: (m, "image/jpeg"),
        )
    held = sum(each.stat().st_size for each in (tmp_path / "shown").rglob("*.jpg"))
    assert 0 < held <= 100_000 + 50_000 + len(made)


def test_two_who_ask_at_once_have_it_made_once(tmp_path):
    """The second waits for the first."""
    made = []

    def make():
        made.append(1)
        time.sleep(0.2)
        return jpeg(1), "image/jpeg"

    def ask():
        kept(tmp_path, tmp_path / f"{SHA}.png", "160", make)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert made == [1]


@pytest.mark.parametrize(
    ("suffix", "content"),
    [(".jpg", jpeg(1)), (".png", png(1)), (".gz", gzip.compress(bytes(range(256)) * 40))],
)
def test_a_cut_or_damaged_file_is_found(tmp_path, suffix, content):
    """At any length; packed numbers also by any wrong byte."""
    assert is_whole(content, suffix)
    assert not any(is_whole(content[:length], suffix) for length in range(0, len(content), 7))
    file = tmp_path / "ab" / f"{SHA}-numbers{suffix}"
    file.parent.mkdir()
    file.write_bytes(content)
    assert damaged(tmp_path) == {}
    file.write_bytes(content[:-1])
    assert list(damaged(tmp_path)) == [file]
    if suffix == ".gz":
        file.write_bytes(content[:-9] + bytes([content[-9] ^ 1]) + content[-8:])
        assert list(damaged(tmp_path)) == [file]
