"""In which letters a text file is written: by its mark, by its zeros, or because they all fit."""

from __future__ import annotations

import codecs
from pathlib import Path

from annotator.errors import ImportingError

SHOWN = 60  # characters of a line that a note shows

# UTF-32 first: its mark begins like that of UTF-16
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

# What files begin with that are no text, whatever their suffix says
NO_TEXT = {
    b"PK\x03\x04": "a workbook (xlsx, ods) or another archive",
    b"\xd0\xcf\x11\xe0": "a workbook of old Excel",
    b"PAR1": "a Parquet file; give its name the suffix .parquet",
    b"\x1f\x8b": "packed by gzip; unpack it",
    b"SQLite f": "a database",
}


def encoding(path: Path) -> tuple[str, str]:
    """(the name of the encoding, what a reader should know about that; often nothing).

    What is not UTF-8 and has no mark is read as Windows-1252, as Excel writes on most machines.

    Raises:
        ImportingError: the file is no text, or of an encoding that is not read.
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        start = file.read(8)
    for begins, what in NO_TEXT.items():
        if start.startswith(begins):
            raise ImportingError(f"{path} is {what}, no text. Save the table as 'CSV UTF-8'.")
    name = next((name for mark, name in MARKS if start.startswith(mark)), _by_zeros(start))
    if (line := _first_that_does_not_fit(path, name)) is None:
        return name, ""
    if name != "utf-8":
        raise ImportingError(
            f"{path} begins as {name.upper()} but is damaged from line {line} on. "
            "Save it anew as 'CSV UTF-8'."
        )
    if (other := _first_that_does_not_fit(path, "cp1252")) is not None:
        raise ImportingError(
            f"{path} is neither UTF-8 (see line {line}) nor Windows-1252 (see line {other}). "
            "Save it as 'CSV UTF-8'."
        )
    with path.open(encoding="cp1252", newline="") as file:
        text = next(text for number, text in enumerate(file, 1) if number == line)
    return "cp1252", (
        f"it is not UTF-8 and was read as Windows-1252; line {line} is '{text.strip()[:SHOWN]}'. "
        "If letters are wrong there, save the table as 'CSV UTF-8' and import again"
    )


def _by_zeros(start: bytes) -> str:
    """UTF-16 without a mark has zeros between plain letters."""
    even, odd = start[0:4:2], start[1:4:2]
    if odd == b"\0\0" and all(even):
        return "utf-16-le"
    return "utf-16-be" if even == b"\0\0" and all(odd) and len(odd) == 2 else "utf-8"


def _first_that_does_not_fit(path: Path, name: str) -> int | None:
    """The number of the first line that the encoding cannot read."""
    decoder, number = codecs.getincrementaldecoder(name)(), 1
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                decoder.decode(line)
            except UnicodeError:
                return number
        try:
            decoder.decode(b"", final=True)
        except UnicodeError:
            return number
    return None
