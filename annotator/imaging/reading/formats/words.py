"""What is wrong or noteworthy with a DICOM file, in words that quote no element of a person."""

from __future__ import annotations

from pydicom import Dataset
from pydicom.uid import UID

LONGEST = 200  # characters of what a decoder says
DIRECTORY = "1.2.840.10008.1.3.10"
# Pictures of screens, films and ultrasound: names are often part of the pixels
CAPTURED = (
    "1.2.840.10008.5.1.4.1.1.7.",
    "1.2.840.10008.5.1.4.1.1.6.",
    "1.2.840.10008.5.1.4.1.1.3.",
)
# What a decoder says of damage by a slip of its own -> in words
SLIPS = {"'NoneType' object has no attribute 'encode'": "what is packed is damaged"}


def kind(data: Dataset) -> str:
    """What sort of object a file is, by the name that the standard has for it."""
    meta = getattr(data, "file_meta", None) or Dataset()
    uid = UID(str(data.get("SOPClassUID") or meta.get("MediaStorageSOPClassUID") or ""))
    if uid == DIRECTORY:
        return "DICOMDIR, which lists other files"
    if not uid:
        return "it does not say what it is"
    # A private one may say anything
    return "of no known kind" if uid.name == uid else uid.name.removesuffix(" Storage")


def undecodable(data: Dataset, problem: Exception) -> str:
    """Why its pixels cannot be decoded: how they are packed, and what the first decoder says."""
    meta = getattr(data, "file_meta", None) or Dataset()
    packed = UID(str(meta.get("TransferSyntaxUID") or "")).name
    lines = [line.strip() for line in str(problem).splitlines() if line.strip()]
    lines = lines or [type(problem).__name__]
    told = lines[1] if len(lines) > 1 and lines[0].startswith("Unable to decode") else lines[0]
    for slip, meant in SLIPS.items():
        told = told.replace(slip, meant)
    return f"its pixels ({packed}) cannot be decoded: {told[:LONGEST]}"


def burnt(data: Dataset) -> str:
    """A warning where text may be part of the pixels, as far as the file tells."""
    try:
        said = str(data.get("BurnedInAnnotation") or "").strip().upper()
        captured = f"{data.get('SOPClassUID')}.".startswith(CAPTURED)
        captured = captured or data.get("Modality") == "US"
    except Exception:  # an element that is not what its type says may raise anything
        return ""
    if said == "YES":
        return "text is burnt into the pixels, says the file: look for names"
    if captured and said != "NO":
        return "text may be burnt into the pixels of such a capture: look for names"
    return ""
