"""An image file without metadata: the same pixels, lying the same way, and their colors."""

from __future__ import annotations

from io import BytesIO

from PIL import Image

from annotator.imaging.intact import TURNED
from annotator.imaging.metadata import UnclearError, pieces, split
from annotator.imaging.metadata.piece import personal
from annotator.imaging.quiet import quiet
from annotator.imaging.upright import FORMATS, orientation


def bare(content: bytes) -> bytes:
    """The file without EXIF, XMP, IPTC, comments and text; as it was if it has none of them.

    No pixel is packed anew. Color profiles stay, and so does how the picture lies.

    Raises:
        UnclearError: the file is not built as its format says, or in a rare way.
    """
    try:
        with quiet(), Image.open(BytesIO(content), formats=FORMATS) as image:
            kind = str(image.format)
            # Pillow unpacks all pixels of a PNG file to look for what may come after them
            silent = kind == "PNG" and not any(mark in content for mark in TURNED)
            turn = 1 if silent else orientation(image)
    except Exception as problem:  # a decoder fed with damaged bytes may raise anything
        raise UnclearError(str(problem)) from problem
    return split(content, kind, turn)[0]


def told(content: bytes, kind: str) -> str:
    """What of a file's metadata may name a person, in a few words; empty if nothing does.

    Args:
        content: a whole image file.
        kind: its format, by Pillow's name.
    """
    try:
        names = [name for piece in pieces(content, kind) for name in personal(piece)]
    except UnclearError as problem:
        return f"nobody can tell: {problem}"
    return ", ".join(dict.fromkeys(names))
