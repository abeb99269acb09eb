"""Documents for tests: DICOM, PDF and TIFF files, made as they are needed."""

import hashlib
from io import BytesIO

import numpy as np
import pydicom
import tifffile
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

PATIENT = "Quaxolotl^Zebedee"
NUMBER = "PID-77121313"
CT = "1.2.840.10008.5.1.4.1.1.2"


def dicom(pixels: np.ndarray, *, syntax: str = ExplicitVRLittleEndian, **elements) -> bytes:
    """A CT image of a patient; (rows, columns) or frames of these, or (…, 3) for color.

    Elements by keyword replace what the pixels suggest; those that are None are left out.
    """
    color = pixels.ndim > 2 and pixels.shape[-1] == 3
    rows, columns = pixels.shape[-3:-1] if color else pixels.shape[-2:]
    frames = pixels.ndim - color == 3
    bits = 8 * pixels.dtype.itemsize
    told = {
        "SOPClassUID": CT,
        "SOPInstanceUID": "1.2.3.4",
        "Modality": "CT",
        "PatientName": PATIENT,
        "PatientID": NUMBER,
        "SamplesPerPixel": 3 if color else 1,
        "PhotometricInterpretation": "RGB" if color else "MONOCHROME2",
        "Rows": rows,
        "Columns": columns,
        "BitsAllocated": bits,
        "BitsStored": bits,
        "HighBit": bits - 1,
        "PixelRepresentation": int(pixels.dtype.kind == "i"),
        **({"PlanarConfiguration": 0} if color else {}),
        **({"NumberOfFrames": len(pixels)} if frames else {}),
        **elements,
    }
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = CT, "1.2.3.4"
    meta.TransferSyntaxUID = syntax
    made = FileDataset("", {}, file_meta=meta, preamble=bytes(128))
    for name, value in told.items():
        if value is not None:
            setattr(made, name, value)
    if "PixelData" not in told:
        made.PixelData = pixels.astype(pixels.dtype.newbyteorder("<")).tobytes()
        made["PixelData"].VR = "OB" if bits == 8 else "OW"
    return written(made)


def written(made: pydicom.Dataset) -> bytes:
    file = BytesIO()
    pydicom.dcmwrite(file, made, enforce_file_format=True)
    return file.getvalue()


def item(**elements) -> pydicom.Dataset:
    """An item of a sequence."""
    made = pydicom.Dataset()
    for name, value in elements.items():
        setattr(made, name, value)
    return made


def pdf(*texts: str, size: tuple[int, int] = (200, 100), password: str = "") -> bytes:
    """A PDF file of a page a text; with a password, it opens with that alone."""
    key, locked = _key(password) if password else (b"", b"")
    bodies = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    kids = []
    for text in texts:
        shown = f"BT /F 12 Tf 10 50 Td ({text}) Tj ET".encode()
        if password:
            number = (len(bodies) + 1).to_bytes(3, "little") + b"\0\0"
            shown = _rc4(hashlib.md5(key + number).digest()[:10], shown)
        bodies.append(b"<</Length %d>>stream\n%s\nendstream" % (len(shown), shown))
        kids.append(b"%d 0 R" % (len(bodies) + 1))
        bodies.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]/Resources<</Font<</F 3 0 R>>>>"
            b"/Contents %d 0 R>>" % (*size, len(bodies))
        )
    bodies[1] = b"<</Type/Pages/Kids[%s]/Count %d>>" % (b" ".join(kids), len(kids))
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(bodies, 1):
        places.append(len(out))
        out += b"%d 0 obj%s endobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    tail = b"trailer<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF" % (
        len(bodies) + 1, locked, len(out)
    )  # fmt: skip
    return bytes(out + head + table + tail)


# Filling of short passwords (ISO 32000-1, 7.6.3.3)
_FILL = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")


def _key(password: str) -> tuple[bytes, bytes]:
    """(key, entries of the trailer) of the oldest way to encrypt a PDF file."""
    padded, name = (password.encode() + _FILL)[:32], bytes(16)
    owner = _rc4(hashlib.md5(padded).digest()[:5], padded)
    rights = (-4).to_bytes(4, "little", signed=True)
    key = hashlib.md5(padded + owner + rights + name).digest()[:5]
    user = _rc4(key, _FILL)
    entry = b"/ID[<%s><%s>]/Encrypt<</Filter/Standard/V 1/R 2/O<%s>/U<%s>/P -4>>"
    return key, entry % tuple(each.hex().encode() for each in (name, name, owner, user))


def _rc4(key: bytes, data: bytes) -> bytes:
    box, j = list(range(256)), 0
    for i in range(256):
        j = (j + box[i] + key[i % len(key)]) % 256
        box[i], box[j] = box[j], box[i]
    out, i, j = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + box[i]) % 256
        box[i], box[j] = box[j], box[i]
        out.append(byte ^ box[(box[i] + box[j]) % 256])
    return bytes(out)


def tiff(*pages: np.ndarray, **options) -> bytes:
    """A TIFF file of these pages, as tifffile writes them."""
    file = BytesIO()
    with tifffile.TiffWriter(file, byteorder=options.pop("byteorder", "<")) as writer:
        for page in pages:
            writer.write(page, metadata=None, **{"photometric": "minisblack", **options})
    return file.getvalue()
