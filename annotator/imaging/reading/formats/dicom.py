"""DICOM: each frame with its exact values and what they mean; nothing of the patient with it."""

from __future__ import annotations

import warnings
from dataclasses import replace
from io import BytesIO
from typing import Any

import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom import Dataset, config
from pydicom.dataset import FileMetaDataset
from pydicom.pixels.processing import apply_color_lut, apply_modality_lut
from pydicom.pixels.utils import pixel_array
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

from annotator.imaging.reading.formats.meaning import for_frame, place_of, values, windows_of
from annotator.imaging.reading.formats.words import burnt, kind, undecodable
from annotator.imaging.reading.page import Asked, Page, Pages, Unread
from annotator.imaging.reading.picture import Made, check_size, color, gray
from annotator.imaging.values import Values

PIXELS = ("PixelData", "FloatPixelData", "DoubleFloatPixelData")
LONGEST_FACT = 1000  # characters
SHAPE = ("Rows", "Columns", "BitsAllocated")
NUMBERS = (*SHAPE, "BitsStored", "NumberOfFrames", "PixelRepresentation", "SamplesPerPixel")

config.settings.reading_validation_mode = config.IGNORE  # what a scanner wrote is what there is


def pages(content: bytes, asked: Asked) -> Pages:
    """Read frame after frame.

    Raises:
        Unread: it is damaged, holds no pixels, or none of the frames asked for.
    """
    warnings.simplefilter("ignore")  # in a process of its own
    data = _dataset(content)
    remarks = (_guess_packing(data), _overlaid(data), burnt(data))
    total = _frames(data)
    left_out = asked.left_out(total)
    for number in asked.span.of(total):
        if number in asked.known:
            yield Page(number, total, group=_group(data))
            continue
        try:
            yield _page(data, number, total, asked, remarks)
        except Unread as problem:
            yield Page(number, total, fault=str(problem))
    if left_out:
        yield Page(0, total, fault=left_out)


def _dataset(content: bytes) -> Dataset:
    """The file's elements; a message of pydicom might quote one, so none is passed on."""
    try:
        data = pydicom.dcmread(BytesIO(content), force=True)
        held = any(name in data for name in PIXELS)
        name = kind(data)
    except MemoryError:  # what is deflated may be a bomb
        raise
    except Exception as problem:  # a reader fed with damaged bytes may raise anything
        raise Unread(f"damaged DICOM file ({type(problem).__name__} at its elements)") from problem
    if not held:
        raise Unread(f"a DICOM file without pixels: {name}")
    if missing := [each for each in SHAPE if each not in data]:
        raise Unread(f"damaged DICOM file: it does not say its {', '.join(missing)}")
    if wrong := [each for each in NUMBERS if _whole(data, each) < 0]:
        raise Unread(f"damaged DICOM file: its {', '.join(wrong)} is no number")
    check_size(_whole(data, "Columns"), _whole(data, "Rows"))
    return data


def _whole(data: Dataset, name: str) -> int:
    """A whole number that an element holds; 0 where there is none, -1 where it is no number."""
    try:
        return int(data.get(name) or 0)
    except Exception:  # an element that is not what its type says may raise anything
        return -1


def _frames(data: Dataset) -> int:
    return max(1, _whole(data, "NumberOfFrames"))


def _page(data: Dataset, number: int, total: int, asked: Asked, remarks: tuple[str, ...]) -> Page:
    stored = _decoded(data, number - 1)
    made = _made(data, stored, number - 1, asked.window)
    return Page(
        number,
        total,
        made.content,
        made.suffix,
        stored.shape[1],
        stored.shape[0],
        note="; ".join(filter(None, (*asked.only_first(total), made.note, *remarks))),
        group=_group(data),
        windows=made.windows,
        facts={tag: fact for tag in asked.tags if (fact := _fact(data, tag))},
    )


def _guess_packing(data: Dataset) -> str:
    """Where the file does not say how its pixels are packed, take the way of its elements."""
    if getattr(data, "file_meta", None) is None:
        data.file_meta = FileMetaDataset()
    if data.file_meta.get("TransferSyntaxUID"):
        return ""
    implicit, little = data.original_encoding
    spelled = ExplicitVRLittleEndian if little else ExplicitVRBigEndian
    data.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian if implicit else spelled
    return "it does not say how it is packed; read as its other elements are"


def _decoded(data: Dataset, index: int) -> NDArray[Any]:
    """(rows, columns) or (rows, columns, channels), colors as RGB or, of a palette, as numbers.

    Raises:
        Unread: no decoder can.
    """
    try:
        found = pixel_array(data, index=index)
    except MemoryError:
        raise
    except Exception as problem:  # a decoder fed with damaged bytes may raise anything
        raise Unread(undecodable(data, problem)) from problem
    return found.astype(found.dtype.newbyteorder("="), copy=False)


def _made(data: Dataset, stored: NDArray[Any], index: int, window: str) -> Made:
    try:
        if stored.ndim == 3 and stored.shape[-1] == 3:
            return color(stored, _bits(data, stored))
        if data.get("PhotometricInterpretation") == "PALETTE COLOR":
            looked = apply_color_lut(stored, data)
            bits = int(data.RedPaletteColorLookupTableDescriptor[2])  # 8 may lie in words of 16
            small = bits == 8 and int(looked.max()) <= 255
            return color(looked[..., :3], 8 if small else 8 * looked.dtype.itemsize)
        if stored.ndim != 2:
            raise Unread(f"{stored.shape[-1]} channels: only gray and RGB are read")
        return _gray(data, stored, index, window)
    except (Unread, MemoryError):
        raise
    except Exception as problem:  # elements that contradict one another may raise anything
        raise Unread(
            f"damaged DICOM file ({type(problem).__name__} at what its values mean)"
        ) from problem


def _gray(data: Dataset, stored: NDArray[Any], index: int, window: str) -> Made:
    table = for_frame(data, index, "PixelValueTransformationSequence")
    if "ModalityLUTSequence" in data:
        stored, table = apply_modality_lut(stored, data), Dataset()
    shown = for_frame(data, index, "FrameVOILUTSequence")
    told = values(table, shown, window)
    missed = window if window and place_of(shown, window) is None else ""
    note = f"it has no window '{missed}': shown as without that choice" if missed else ""
    white_is_zero = data.get("PhotometricInterpretation") == "MONOCHROME1"
    bits = _bits(data, stored)
    if _whole(data, "BitsAllocated") == 1 and stored.max() <= 1:
        stored = stored.astype(bool)
    if white_is_zero and told == Values() and stored.dtype in (np.bool_, np.uint8):
        return _noted(gray(~stored, told), note)  # as every viewer shows it
    told = replace(told, inverted=int(white_is_zero))
    made = gray(stored, told, -(2 ** (bits - 1)) if stored.dtype.kind == "i" else 0)
    return _noted(made, note)._replace(windows=_windows(told, shown, stored, window))


def _windows(
    told: Values, shown: Dataset, stored: NDArray[Any], wanted: str
) -> tuple[tuple[float, float], ...] | None:
    """The windows between which nobody has chosen; none where the values alone say what to show."""
    if wanted and place_of(shown, wanted) is not None:
        return None
    if told.levels or told.windows:
        return windows if len(windows := windows_of(shown)) > 1 else None
    return () if stored.dtype not in (np.bool_, np.uint8) else None


def _noted(made: Made, note: str) -> Made:
    return made._replace(note="; ".join(filter(None, (made.note, note))))


def _bits(data: Dataset, stored: NDArray[Any]) -> int:
    """Bits of a value that are in use, by what the file says, if the values keep to it."""
    held = 8 * stored.dtype.itemsize
    said = _whole(data, "BitsStored")
    fits = 0 < said < held and stored.dtype.kind == "u" and int(stored.max()) < 2**said
    signed = stored.dtype.kind == "i" and 0 < said < held
    return said if fits or signed else held


def _overlaid(data: Dataset) -> str:
    drawn = any((group, 0x3000) in data for group in range(0x6000, 0x6020, 2))
    return "overlays are not drawn" if drawn else ""


def _group(data: Dataset) -> str:
    try:
        return str(data.get("PatientID") or "").strip()
    except Exception:  # an element that is not what its type says may raise anything
        return ""


def _fact(data: Dataset, tag: str) -> str:
    """The value of an element in words; empty if it is absent, or holds no words."""
    try:
        element = data[tag]
        if element.VR == "SQ" or isinstance(element.value, bytes):
            return ""
        value = element.value
        many = value if isinstance(value, (list, pydicom.multival.MultiValue)) else [value]
        return "\\".join(str(each) for each in many if each is not None)[:LONGEST_FACT].strip()
    except Exception:  # an element that is not what its type says may raise anything
        return ""
