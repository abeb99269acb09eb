"""One TIFF file of a document's pages: each value as it is stored."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from PIL import Image, TiffImagePlugin

from annotator.imaging import values
from annotator.imaging.conversion.png import is_png_of
from annotator.imaging.quiet import quiet

SUFFIX = ".tif"
FORMATS = ("PNG", "TIFF")  # of what is made of pages
SIGNATURES = (b"II*\0", b"MM\0*")


def as_tiff(pages: Sequence[bytes], face: int) -> bytes:
    """The pages, in order, without loss and without metadata but for what their values mean.

    Args:
        pages: pictures of ours, as they are stored.
        face: the number of the page that stands for all; the file says it, too.

    Raises:
        Exception: whatever a decoder fed with damaged bytes raises.
    """
    buffer = BytesIO()
    with quiet(), TiffImagePlugin.AppendingTiffWriter(buffer) as file:
        for number, content in enumerate(pages, 1):
            with Image.open(BytesIO(content), formats=FORMATS) as image:
                _write(image, file, face if number == 1 else 0)
            file.newFrame()
    return buffer.getvalue()


def _write(image: Image.Image, file: TiffImagePlugin.AppendingTiffWriter, face: int) -> None:
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    if note := values.of(image):
        tags[values.TAG] = note.note()
        tags.tagtype[values.TAG] = 2
    if face > 1:
        tags[values.FACE_TAG] = face
        tags.tagtype[values.FACE_TAG] = 4  # a whole number of 32 bits
    image.load()
    profile = image.info.get("icc_profile")
    plain = image.copy()
    plain.info = {}
    plain.save(
        file, "TIFF", compression="tiff_adobe_deflate", tiffinfo=tags, icc_profile=profile or b""
    )


def is_made_of(content: bytes, pages: Sequence[bytes]) -> bool:
    """Whether a file is what an export makes of these pages: the TIFF file, or one page as PNG."""
    if content.startswith(SIGNATURES):
        try:
            with Image.open(BytesIO(content), formats=("TIFF",)) as image:
                face = int(getattr(image, "tag_v2", {}).get(values.FACE_TAG, 1))
            return content == as_tiff(pages, face)
        except Exception:  # a decoder fed with odd bytes may raise anything
            return False
    return any(is_png_of(content, page) for page in pages)
