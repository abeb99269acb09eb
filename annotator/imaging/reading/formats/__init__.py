"""How each kind of file becomes pages. To add one: its file, a line here, and one in `content`."""

from __future__ import annotations

from collections.abc import Callable

from annotator.imaging.reading.formats import dicom, pdf, tiff
from annotator.imaging.reading.page import Asked, Pages

FORMATS: dict[str, Callable[[bytes, Asked], Pages]] = {
    "dicom": dicom.pages,
    "pdf": pdf.pages,
    "tiff": tiff.pages,
}
