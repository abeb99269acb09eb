"""A piece of metadata that was taken out of a file, and whether it may name a person."""

from __future__ import annotations

import struct
from typing import Literal, NamedTuple

from PIL import Image

Kind = Literal["EXIF", "XMP", "IPTC", "comment", "text", "other"]


class UnclearError(ValueError):
    """The file is not built as its format says, so nobody can tell what is metadata in it."""


class Piece(NamedTuple):
    """One piece: what kind, its bytes, and the name that it has in the file."""

    kind: Kind
    data: bytes = b""
    key: str = ""


ORIENTATION = 0x0112
# EXIF and TIFF tags whose text may name a person or lead to one
PERSONAL_TAGS = {
    0x010E: "ImageDescription",
    0x010D: "DocumentName",
    0x013B: "Artist",
    0x013C: "HostComputer",
    0x83BB: "IPTC",
    0x8298: "Copyright",
    0x8825: "GPS position",
    0x927C: "MakerNote",
    0x9286: "UserComment",
    0x9C9B: "XPTitle",
    0x9C9C: "XPComment",
    0x9C9D: "XPAuthor",
    0x9C9E: "XPKeywords",
    0x9C9F: "XPSubject",
    0xA420: "ImageUniqueID",
    0xA430: "CameraOwnerName",
    0xA431: "BodySerialNumber",
    0xA435: "LensSerialNumber",
}
_EXIF_FOLDER = 0x8769
# In XMP: who made it, what it shows, where; the rest is of software and its settings
_PERSONAL_XMP = (b"dc:", b"photoshop:", b"Iptc4xmp", b"GPS", b"Owner", b"Person", b"SerialNumber")
# What software writes of itself
_SOFTWARE = (
    b"AppleMark",
    b"CREATOR: gd-jpeg",
    b"Created by OpenJPEG",
    b"Created with GIMP",
    b"File written by Adobe",
    b"Intel(R)",
    b"Kakadu",
    b"LEAD Technologies",
    b"Lavc",
)
_SOFTWARE_TEXT = ("software", "date:", "creation time", "creationtime", "create-date")


def personal(piece: Piece) -> list[str]:
    """Names of what in a piece may name a person; empty if there is nothing of the kind."""
    match piece.kind:
        case "EXIF":
            return [f"EXIF {PERSONAL_TAGS[tag]}" for tag in _tags(piece.data)]
        case "XMP":
            return ["XMP"] if any(word in piece.data for word in _PERSONAL_XMP) else []
        case "IPTC":
            return ["IPTC"]
        case "comment":
            blank = not piece.data.strip(b" \0\r\n\t")
            return [] if blank or piece.data.startswith(_SOFTWARE) else ["comment"]
        case "text":
            software = piece.key.lower().startswith(_SOFTWARE_TEXT)
            return [] if software else [f"text '{piece.key}'"]
        case "other":
            return [piece.key] if piece.key in PERSONAL_TAGS.values() else []


def _tags(exif: bytes) -> list[int]:
    """The personal tags of an EXIF block that hold something; none if nobody can read it."""
    found = Image.Exif()
    try:
        found.load(exif)
        held = dict(found) | dict(found.get_ifd(_EXIF_FOLDER))
    except Exception:  # a reader fed with damaged bytes may raise anything
        return []
    return [tag for tag in PERSONAL_TAGS if not _blank(held.get(tag))]


def _blank(value: object) -> bool:
    text = value.encode() if isinstance(value, str) else value
    return not text or (isinstance(text, bytes) and not text.strip(b" \0"))


def only_orientation(turn: int) -> bytes:
    """The smallest EXIF block: how the picture lies, 1 to 8, and nothing else."""
    return struct.pack(">2sHIHHHIHHI", b"MM", 42, 8, 1, ORIENTATION, 3, 1, turn, 0, 0)
