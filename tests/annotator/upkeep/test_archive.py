"""The file of a backup: what counts as one, and what it says of itself."""

import hashlib
import io
import zipfile

import pytest

from annotator.upkeep.archive import MANIFEST, Manifest, beside, is_backup, pour, put

SAID = Manifest(1, "2026-01-02T03:04:05Z", 3, "ab", "/somewhere", 5, 0)


def test_what_it_says_is_read_as_it_was_written():
    """And other text is none of ours."""
    assert Manifest.read(SAID.write()) == SAID
    wrong = SAID.write().replace(b'"/somewhere"', b"7")
    for text in (b"{}", b"[]", b'{"backup": 1}', b'{"backup": {"version": 1}}', wrong):
        with pytest.raises(ValueError, match="what it"):
            Manifest.read(text)


def test_only_an_archive_that_says_so_is_a_backup(tmp_path):
    """No other archive, no cut one, no words, nothing."""
    good, other, cut, words = (tmp_path / name for name in ("good", "other", "cut", "words"))
    with zipfile.ZipFile(good, "w") as archive:
        archive.writestr(MANIFEST, SAID.write())
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr(MANIFEST, "{}")
    cut.write_bytes(good.read_bytes()[:-10])
    words.write_text("words")
    found = [is_backup(each) for each in (good, other, cut, words, tmp_path / "absent")]
    assert found == [True, False, False, False, False]


def test_pouring_copies_all_and_hashes_it():
    """Longer than one piece."""
    content = bytes(range(256)) * 9000
    out = io.BytesIO()
    assert pour(io.BytesIO(content), out) == hashlib.sha256(content).hexdigest()
    assert out.getvalue() == content


def test_the_folder_beside_is_private_on_the_same_disk_and_goes(tmp_path):
    """Also when its body fails."""

    def fail():
        with beside(tmp_path / "b.zip") as folder:
            assert folder.parent == tmp_path
            assert folder.stat().st_mode & 0o777 == 0o700
            (folder / "x").write_text("x")
            put(folder / "x", tmp_path / "kept")
            (folder / "y").write_text("y")
            raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"):
        fail()
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]
