"""Which reader a file needs, by its first bytes: its name says nothing."""

from __future__ import annotations

from PIL import Image

HEAD = 1024  # bytes that are looked at; a PDF file may begin anywhere in them
PAGED = ("DICOM", "PDF")  # what is read beside Pillow's formats
TIFFS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_PREAMBLE = 128
# How a DICOM file begins that lacks its preamble: (group, element below) in either byte order
_GROUPS = (0x0002, 0x0004, 0x0008)
_HIGHEST = 0x2000
_KINDS = frozenset(
    b"AE AS AT CS DA DS DT FD FL IS LO LT OB OW PN SH SL SQ SS ST TM UC UI UL UN US UT".split()
)


def kind(head: bytes) -> str:
    """The name of a reader in FORMATS; empty if Pillow is to find out."""
    if head[_PREAMBLE : _PREAMBLE + 4] == b"DICM" or _bare_dicom(head):
        return "dicom"
    if b"%PDF-" in head and not head.startswith((b"\x89PNG", b"\xff\xd8", b"GIF8", b"BM")):
        return "pdf"
    return "tiff" if head[:4] in TIFFS else ""


def _bare_dicom(head: bytes) -> bool:
    """Whether it begins with an element of a DICOM file: group, number, then a type or a length."""
    for order in ("little", "big"):
        group, element = (int.from_bytes(head[at : at + 2], order) for at in (0, 2))
        if group in _GROUPS and element < _HIGHEST and len(head) > 16:
            implicit = int.from_bytes(head[4:8], "little")
            return head[4:6] in _KINDS or (order == "little" and 0 < implicit <= 64)
    return False


def faithful(image: Image.Image) -> bool:
    """Whether Pillow reads the current page of a TIFF file as it is, nothing cut or turned."""
    tags = getattr(image, "tag_v2", {})
    bits = max(tags.get(258, (1,)))
    whole = tags.get(339, (1,))[0] == 1  # whole numbers without a sign
    cut = bits > 8 and tags.get(277, 1) >= 3  # color in 8 bits of 16
    turned = bits > 8 and tags.get(262) == 0  # white is zero
    overflown = bits == 32 and whole and image.mode == "I"
    misread = bits == 8 and not whole  # numbers with a sign, taken for such without
    return not (cut or turned or overflown or misread)
