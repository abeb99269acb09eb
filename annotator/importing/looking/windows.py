"""Between which windows DICOM files let one choose, by a few of them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from annotator.imaging.reading.content import HEAD, kind
from annotator.imaging.reading.desk import Desk
from annotator.imaging.reading.page import Asked, Span, Unread
from annotator.model import Window

TRIED = 8  # files, from all over the source
LARGEST = 2**26  # bytes of a file that is tried
TAGS = ("WindowCenter", "WindowWidth", "WindowCenterWidthExplanation")


def windows(files: Sequence[Path]) -> tuple[Window, ...]:
    """The windows of the file that has most of them; none where each has one at most."""
    step = max(1, len(files) // TRIED)
    desk, found = Desk(), tuple[Window, ...]()
    try:
        for path in files[::step][:TRIED]:
            with suppress(OSError, Unread):
                found = max(found, _of(path, desk), key=len)
    finally:
        desk.close()
    return found if len(found) > 1 else ()


def is_dicom(path: Path) -> bool:
    """Whether a file is one, by its first bytes."""
    try:
        with path.open("rb") as file:
            return kind(file.read(HEAD)) == "dicom"
    except OSError:
        return False


def _of(path: Path, desk: Desk) -> tuple[Window, ...]:
    if path.stat().st_size > LARGEST:
        return ()
    pages = desk.read(path.read_bytes(), "dicom", Asked(Span(1, 1), tags=TAGS))
    facts = next(iter(pages)).facts
    centers, widths, names = (facts.get(tag, "").split("\\") for tag in TAGS)
    told = []
    for number, (center, width) in enumerate(zip(centers, widths, strict=False), 1):
        name = names[number - 1].strip() if number <= len(names) else ""
        with suppress(ValueError):
            told.append(Window(number, name, float(center), float(width)))
    return tuple(told)
