"""In which letters a file is written."""

import pytest

from annotator.errors import ImportingError
from annotator.importing.tables.encoding import encoding
from tests.annotator.pictures import png

TEXT = "path;label\r\nbild.png;Größe 猫\r\n"


def put(folder, content):
    path = folder / "list.csv"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32"),
    ],
)
def test_unicode_is_known_by_its_mark_or_its_zeros(tmp_path, written, read):
    """And by nothing else: nothing has to be said."""
    path = put(tmp_path, TEXT.encode(written))
    assert encoding(path) == (read, "")
    assert path.read_text(encoding=read) == TEXT.replace("\r\n", "\n")


def test_what_was_guessed_is_shown(tmp_path):
    """The first line that plain letters do not tell, so that a reader sees wrong ones."""
    lines = "path;label\r\nplain.png;x\r\nbild.png;Größe\r\n"
    name, note = encoding(put(tmp_path, lines.encode("cp1252")))
    assert name == "cp1252"
    assert "line 3 is 'bild.png;Größe'" in note


def test_a_damaged_file_is_told_by_its_line(tmp_path):
    """Whatever its mark promises."""
    with pytest.raises(ImportingError, match="damaged from line 2 on"):
        encoding(put(tmp_path, b"\xef\xbb\xbfpath\n\xff.png\n"))
    with pytest.raises(ImportingError, match="UTF-16 but is damaged"):
        encoding(put(tmp_path, "path\na.png".encode("utf-16") + b"\0"))
    with pytest.raises(ImportingError, match=r"see line 2\) nor Windows-1252 \(see line 3\)"):
        encoding(put(tmp_path, b"path\n\xfc.png\n\x81.png\n"))


def test_what_is_no_text_is_named_for_what_it_is(tmp_path):
    """A workbook that was only renamed is the most frequent of them."""
    for start, word in (
        (b"PK\x03\x04", "workbook"),
        (b"PAR1", r"\.parquet"),
        (b"\x1f\x8b", "gzip"),
    ):
        with pytest.raises(ImportingError, match=word):
            encoding(put(tmp_path, start + png()))


def test_an_empty_file_has_an_encoding(tmp_path):
    """That it holds no row is told by who looks for rows."""
    assert encoding(put(tmp_path, b"")) == ("utf-8", "")
