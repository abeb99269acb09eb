"""Decoding within bounds: of memory, of time, and of the scans of a JPEG."""

from __future__ import annotations

from io import BytesIO

from PIL import Image

from annotator.imaging import apart
from annotator.imaging.budget import BUDGET, needed
from annotator.imaging.quiet import quiet
from annotator.imaging.tasks import TASKS, Answer
from annotator.imaging.upright import FORMATS

MOST_PIXELS = 100_000_000
MOST_SCANS = 100  # of a progressive JPEG; ten are usual, and each goes over the whole image
USUAL_SCANS = 10
START_OF_SCAN = b"\xff\xda"
JPEGS = ("JPEG", "MPO")
# A pixel of these is taken to be so much slower than a JPEG's, at worst
SLOWNESS = {"GIF": 2, "JPEG2000": 8, "PPM": 4, "TIFF": 2, "WEBP": 2}
QUICK = (
    30_000_000  # pixels of a usual JPEG that are decoded in this process, without a limit of time
)


class TooMuch(Exception):
    """An image would take too much of something; the message says of what, with the number."""


def done(content: bytes, task: str, *args: int, draft: int | None = None) -> Answer:
    """Do a task of TASKS on the image in `content`; in a child process if that may take long.

    Args:
        content: of an image file.
        task: a name in TASKS.
        args: of the task.
        draft: pixels a side; a JPEG may be decoded small, but not below twice that size.

    Raises:
        TooMuch: it has too many pixels or scans, or takes too long or too much memory.
        Exception: whatever a decoder fed with damaged bytes raises.
    """
    with quiet(), Image.open(BytesIO(content), formats=FORMATS) as image:
        return on(image, content, task, *args, draft=draft)


def on(
    image: Image.Image, content: bytes, task: str, *args: int, draft: int | None = None
) -> Answer:
    """As `done`, with the image of `content` opened already, and not decoded yet."""
    work = _work(image, content)
    if draft is not None:
        image.draft(None, (2 * draft, 2 * draft))
    with BUDGET.hold(needed(image)):
        if work <= QUICK:
            return TASKS[task](image, *args)
        try:
            return apart.done(content, task, *args, draft=draft)
        except apart.Cut as cut:
            raise TooMuch(f"too costly: {cut}") from cut


def _work(image: Image.Image, content: bytes) -> float:
    """How long it may take, in pixels of a usual JPEG.

    Raises:
        TooMuch: more than anybody needs.
    """
    pixels = image.width * image.height
    if pixels > MOST_PIXELS:
        raise TooMuch(too_large(f"{image.width} × {image.height}"))
    scans = 1
    if image.format in JPEGS or image.info.get("compression") == "jpeg":
        scans = content.count(START_OF_SCAN)
    if scans > MOST_SCANS:
        raise TooMuch(
            f"too costly: {scans:,} scans, at most {MOST_SCANS} are read; save it anew as a "
            "usual JPEG"
        )
    return pixels * SLOWNESS.get(image.format or "", 1) * max(1.0, scans / USUAL_SCANS)


def too_large(size: str) -> str:
    """Why an image of this size, in words, is refused."""
    return (
        f"too large: {size} pixels, at most {MOST_PIXELS // 1_000_000} megapixels; "
        "scale it down or cut it into tiles"
    )
