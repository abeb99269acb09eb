"""PDF: each page drawn as paper shows it, and the text that it holds."""

from __future__ import annotations

import numpy as np
import pypdfium2
from PIL import Image

from annotator.imaging.reading.page import Asked, Page, Pages, Unread
from annotator.imaging.reading.picture import check_size, save

DPI = 150  # dots an inch
MOST_DOTS = 16_000_000  # of one page; a larger one, such as a poster, is drawn coarser
MOST_TEXT = 100_000  # characters of one page
# By the numbers of PDFium's errors
REASONS = {
    3: "damaged: it is not built as a PDF file, or has no page",
    4: "encrypted: it opens with a password only; save it without",
    5: "encrypted in a way that is not known here; save it without",
}


def pages(content: bytes, asked: Asked) -> Pages:
    """Draw page after page.

    Raises:
        Unread: the file is damaged, encrypted, or has no page of those asked for.
    """
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as problem:
        code = getattr(problem, "err_code", 0) or 3
        if code == 4 and b"/Encrypt" not in content:  # PDFium told of the file before
            code = 3
        why = REASONS.get(code, f"damaged ({problem})")
        raise Unread(why) from problem
    document.init_forms()  # what is filled in belongs to the page
    total = len(document)
    if not total:
        raise Unread("it has no page")
    left_out = asked.left_out(total)
    wanted = asked.span.of(total)
    for number in wanted:
        if number in asked.known:
            yield Page(number, total)
            continue
        try:
            yield _page(document, number, total, asked)
        except (Unread, pypdfium2.PdfiumError) as problem:
            yield Page(number, total, fault=f"{problem}")
    if left_out:
        yield Page(0, total, fault=left_out)


def _page(document: pypdfium2.PdfDocument, number: int, total: int, asked: Asked) -> Page:
    page = document[number - 1]
    try:
        wide, high = page.get_size()
        scale, dots = DPI / 72, wide * high * (DPI / 72) ** 2
        notes = asked.only_first(total)
        if dots > MOST_DOTS:
            scale *= (MOST_DOTS / dots) ** 0.5
            notes.append(f"drawn at {scale * 72:.0f} dots an inch, being so large")
        check_size(int(wide * scale), int(high * scale))
        drawn = page.render(scale=scale, rev_byteorder=True).to_numpy()[..., :3]
        layer = page.get_textpage()
        text = layer.get_text_range(0, min(layer.count_chars(), MOST_TEXT))
        layer.close()
    finally:
        page.close()
    made = save(_lean(np.ascontiguousarray(drawn)))
    height, width = drawn.shape[:2]
    told = text.replace("\0", "").replace("\r\n", "\n").strip()
    return Page(
        number, total, made.content, made.suffix, width, height, note="; ".join(notes), text=told
    )


def _lean(drawn: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> Image.Image:
    """In one channel where there is no color: a page of print is three times smaller then."""
    first = drawn[..., :1]
    return Image.fromarray(drawn[..., 0] if (drawn == first).all() else drawn)
