"""Metadata of image files by format: what is taken out, without a change of any pixel."""

from __future__ import annotations

from collections.abc import Callable

from annotator.imaging.metadata import gif, jpeg, jpeg2000, png, ppm, tiff, webp
from annotator.imaging.metadata.piece import Piece, UnclearError

__all__ = ["SPLIT", "Piece", "UnclearError", "pieces", "split"]

# By Pillow's names of formats. A BMP file has no place for metadata.
SPLIT: dict[str, Callable[[bytes, int], tuple[bytes, list[Piece]]]] = {
    "GIF": gif.split,
    "JPEG": jpeg.split,
    "JPEG2000": jpeg2000.split,
    "MPO": jpeg.split,
    "PNG": png.split,
    "PPM": ppm.split,
    "TIFF": tiff.split,
    "WEBP": webp.split,
}


def split(content: bytes, format: str, turn: int) -> tuple[bytes, list[Piece]]:  # noqa: A002
    """The file without metadata, and what was taken out; the pixels are as they were packed.

    Args:
        content: a whole image file.
        format: of the file, by Pillow's name.
        turn: how the picture lies, as EXIF numbers it from 1 to 8; kept where it is not 1.

    Raises:
        UnclearError: the file is not built as its format says.
    """
    return SPLIT[format](content, turn) if format in SPLIT else (content, [])


def pieces(content: bytes, format: str) -> list[Piece]:  # noqa: A002
    """What `split` takes out; import asks it of each image, so a PNG file is not copied for it.

    Raises:
        UnclearError: the file is not built as its format says.
    """
    return png.pieces(content) if format == "PNG" else split(content, format, 1)[1]
