"""DICOM files of every kind: values as pydicom has them, shown as the file wants them."""

import warnings
from io import BytesIO
from pathlib import Path

import numpy as np
import pydicom
import pytest
from PIL import Image
from pydicom.pixels import pixel_array
from pydicom.uid import ExplicitVRBigEndian, ImplicitVRLittleEndian, RLELossless

from annotator.imaging import values
from annotator.imaging.reading.content import HEAD, kind
from annotator.imaging.reading.formats.dicom import pages
from annotator.imaging.reading.page import Asked, Page, Span, Unread
from annotator.imaging.upright import upright
from annotator.imaging.values import Values
from tests.annotator.documents import dicom, item, written

THEIRS = Path(pydicom.__file__).parent / "data"
RAMP = np.arange(256, dtype=np.uint16).reshape(16, 16) * 16
US, CAPTURE = "1.2.840.10008.5.1.4.1.1.6.1", "1.2.840.10008.5.1.4.1.1.7"


def theirs() -> dict[str, bytes]:
    """The DICOM files that pydicom comes with, by their names below its data."""
    found = {
        path.relative_to(THEIRS).as_posix(): path.read_bytes()
        for path in sorted(THEIRS.rglob("*"))
        if path.is_file()
    }
    return {name: content for name, content in found.items() if kind(content[:HEAD]) == "dicom"}


def one(content: bytes, **asked) -> Page:
    [page] = pages(content, Asked(**asked))
    assert page.fault == ""
    return page


def opened(page: Page) -> Image.Image:
    return Image.open(BytesIO(page.content))


def meant(page: Page) -> np.ndarray:
    """The values that a page has by its note."""
    with opened(page) as image:
        return (values.of(image) or Values()).meant(np.asarray(image))


def shown(content: bytes) -> np.ndarray:
    with opened(one(content)) as image:
        return np.asarray(upright(image)).astype(int)


def pages_or_none(content: bytes) -> list[Page] | None:
    """The pages of a file; None where it is refused."""
    try:
        return list(pages(content, Asked()))
    except Unread:
        return None


@pytest.mark.parametrize("name", theirs())
def test_every_value_is_the_one_that_pydicom_decodes(name):
    """Gray after its rescale, color in 8 bits; what has no pixels or is damaged says so."""
    content = theirs()[name]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        data = pydicom.dcmread(BytesIO(content), force=True)
        found = pages_or_none(content)
        if found is None:
            with pytest.raises((AttributeError, ValueError, AssertionError)):
                assert pixel_array(data).shape[0] >= 4  # too small otherwise
            return
        for page in found:
            if page.fault:
                with pytest.raises((RuntimeError, ValueError)):
                    pixel_array(data, index=page.number - 1)
                continue
            wanted = pixel_array(data, index=page.number - 1).astype(np.float64)
            if wanted.ndim == 3:
                top = 2.0**data.BitsStored - 1
                assert np.abs(meant(page) - wanted * 255 / top).max() <= 0.5
            elif data.PhotometricInterpretation == "PALETTE COLOR":
                colors = pydicom.pixels.apply_color_lut(wanted.astype(np.uint8), data)
                assert np.abs(meant(page) - colors / 257.0).max() <= 0.5
            else:
                wanted *= 255 if data.BitsAllocated == 1 else 1
                slope, intercept = data.get("RescaleSlope", 1), data.get("RescaleIntercept", 0)
                assert np.allclose(meant(page), wanted * float(slope) + float(intercept))
                assert meant(page).min() == wanted.min() * float(slope) + float(intercept)
            assert (page.width, page.height) == (data.Columns, data.Rows)


def test_monochrome1_is_shown_inverted():
    """With a window, without one, and in 8 bits, where the picture is so for everybody."""
    bright = shown(dicom(RAMP, PhotometricInterpretation="MONOCHROME1"))
    assert np.array_equal(bright, 255 - shown(dicom(RAMP)))
    assert bright[0, 0] == 255
    window = {"WindowCenter": 1000, "WindowWidth": 500}
    bright = shown(dicom(RAMP, PhotometricInterpretation="MONOCHROME1", **window))
    assert np.array_equal(bright, 255 - shown(dicom(RAMP, **window)))
    small = (RAMP // 16).astype(np.uint8)
    assert np.array_equal(
        np.asarray(opened(one(dicom(small, PhotometricInterpretation="MONOCHROME1")))), 255 - small
    )


def test_the_window_is_about_rescaled_values_and_all_windows_are_noted():
    """Hounsfield units: 0 to 80 for the brain, then the bone; the first one is shown."""
    told = {"RescaleSlope": 2, "RescaleIntercept": -1024}
    page = one(dicom(RAMP, **told, WindowCenter=[40, 400], WindowWidth=[80, 1800]))
    with opened(page) as image:
        noted = values.of(image)
        gray = np.asarray(upright(image))
    assert noted == Values(2.0, -1024.0, ((40.0, 80.0), (400.0, 1800.0)))
    units = RAMP * 2.0 - 1024
    assert (gray[units <= 0] == 0).all()
    assert (gray[units >= 80] == 255).all()
    assert ((gray > 0) & (gray < 255)).sum() == ((units > 0) & (units < 79)).sum()


@pytest.mark.parametrize("window", ["2", "BONE", " bone "])
def test_another_of_several_windows_can_be_asked_for(window):
    """By its number or by the name that the file gives it; the values stay as they are."""
    named = {"WindowCenterWidthExplanation": ["BRAIN", "BONE"]}
    content = dicom(RAMP, **named, WindowCenter=[40, 400], WindowWidth=[80, 1800])
    page = one(content, window=window)
    with opened(page) as image:
        assert values.of(image) == Values(windows=((400.0, 1800.0), (40.0, 80.0)))
        gray = np.asarray(upright(image)).astype(int)
    only = shown(dicom(RAMP, WindowCenter=400, WindowWidth=1800))
    assert np.array_equal(gray, only)
    assert not np.array_equal(gray, shown(content))
    assert np.array_equal(meant(page), RAMP)
    assert page.note == ""


@pytest.mark.parametrize("window", ["3", "0", "-1", "LUNG", "²"])
def test_a_window_that_a_file_does_not_have_is_noted(window):
    """It is shown as without the choice."""
    content = dicom(RAMP, WindowCenter=[40, 400], WindowWidth=[80, 1800])
    page = one(content, window=window)
    assert page.content == one(content).content
    assert page.note == f"it has no window '{window}': shown as without that choice"


def test_a_window_that_was_asked_for_goes_before_a_table_of_interest():
    """Whoever chose it wants to see it."""
    table = item(LUTDescriptor=[4, 16, 2], LUTData=[0, 3, 1, 2])
    table["LUTDescriptor"].VR = table["LUTData"].VR = "US"
    windows = {"WindowCenter": [40, 400], "WindowWidth": [80, 1800]}
    content = dicom(RAMP, VOILUTSequence=[table], **windows)
    with opened(one(content, window="2")) as image:
        assert values.of(image) == Values(windows=((400.0, 1800.0), (40.0, 80.0)))
    with opened(one(content)) as image:
        assert values.of(image).levels


@pytest.mark.parametrize(("center", "width"), [(40, 0), (40, -5), (40, 0.5), (None, 80)])
def test_a_window_that_is_none_is_passed_over(center, width):
    """The percentiles decide, as in a file without one."""
    page = one(dicom(RAMP, WindowCenter=center, WindowWidth=width))
    with opened(page) as image:
        assert values.of(image) is None


def test_a_table_of_interest_goes_before_windows():
    """Four levels from the value 16 on, of two bits."""
    table = item(LUTDescriptor=[4, 16, 2], LUTData=[0, 3, 1, 2])
    table["LUTDescriptor"].VR = "US"
    table["LUTData"].VR = "US"
    content = dicom(
        np.arange(14, 22, dtype=np.uint8).reshape(2, 4).repeat(2, 0),
        VOILUTSequence=[table],
        WindowCenter=1,
        WindowWidth=2,
    )
    assert shown(content)[::2].ravel().tolist() == [0, 0, 0, 255, 85, 170, 170, 170]


def test_a_table_of_values_is_applied():
    """Modality LUT: stored numbers are places in it."""
    table = item(LUTDescriptor=[4, 0, 16], ModalityLUTType="OD", LUTData=[7, 500, 9, 60_000])
    table["LUTDescriptor"].VR = "US"
    table["LUTData"].VR = "US"
    stored = np.tile(np.arange(4, dtype=np.uint8), (4, 1))
    page = one(dicom(stored, ModalityLUTSequence=[table]))
    assert meant(page)[0].tolist() == [7, 500, 9, 60_000]


def test_palettes_become_color():
    """8-bit entries in words of 16, as most devices write them."""
    stored = np.tile(np.arange(4, dtype=np.uint8), (4, 1))
    entries = {"Red": [0, 255, 0, 9], "Green": [0, 0, 255, 9], "Blue": [255, 0, 0, 9]}
    told = {}
    for color, levels in entries.items():
        told[f"{color}PaletteColorLookupTableDescriptor"] = [4, 0, 8]
        told[f"{color}PaletteColorLookupTableData"] = np.array(levels, "<u2").tobytes()
    content = dicom(stored, PhotometricInterpretation="PALETTE COLOR", **told)
    assert shown(content)[0].tolist() == [[0, 0, 255], [255, 0, 0], [0, 255, 0], [9, 9, 9]]


def test_enhanced_files_say_it_for_each_frame():
    """Functional groups, which pydicom itself does not look into: rescale of all, own windows."""
    frames = np.stack([RAMP, RAMP + 100])
    shared = item(PixelValueTransformationSequence=[item(RescaleSlope=3, RescaleIntercept=-50)])
    own = [
        item(FrameVOILUTSequence=[item(WindowCenter=center, WindowWidth=100)])
        for center in (300, 900)
    ]
    content = dicom(
        frames,
        SharedFunctionalGroupsSequence=[shared],
        PerFrameFunctionalGroupsSequence=own,
        WindowCenter=7,
        WindowWidth=7,
    )
    for page, center, frame in zip(pages(content, Asked()), (300.0, 900.0), frames, strict=True):
        with opened(page) as image:
            assert values.of(image) == Values(3.0, -50.0, ((center, 100.0),))
            assert np.array_equal(np.asarray(image), frame)


def test_frames_are_pages_and_only_those_asked_for_are_read():
    """The first alone says that there are more; known ones are named without their pixels."""
    content = dicom(np.stack([RAMP + 300 * number for number in range(5)]))
    found = list(pages(content, Asked()))
    assert [(page.number, page.total) for page in found] == [(n, 5) for n in range(1, 6)]
    assert [int(meant(page).min()) for page in found] == [0, 300, 600, 900, 1200]
    first = one(content, span=Span(1, 1))
    assert first.content == found[0].content
    assert first.note == "several pages: first page"
    some = list(pages(content, Asked(Span(2, 4), frozenset({3}))))
    assert [page.number for page in some] == [2, 3, 4]
    assert [bool(page.content) for page in some] == [True, False, True]


@pytest.mark.parametrize("syntax", [ImplicitVRLittleEndian, ExplicitVRBigEndian, RLELossless])
def test_byte_orders_and_packing_give_the_same_picture(syntax):
    """The same bytes of a picture, so that one scan sent in two ways is one image."""
    plain = dicom(RAMP, WindowCenter=9, WindowWidth=9)
    data = pydicom.dcmread(BytesIO(plain))
    if syntax == RLELossless:
        data.compress(RLELossless, generate_instance_uid=False)
    else:
        data.file_meta.TransferSyntaxUID = syntax
        if syntax == ExplicitVRBigEndian:
            data.PixelData = RAMP.astype(">u2").tobytes()
    file = BytesIO()
    big = syntax == ExplicitVRBigEndian
    if syntax == RLELossless:
        file.write(written(data))
    else:
        pydicom.dcmwrite(
            file, data, implicit_vr=syntax == ImplicitVRLittleEndian, little_endian=not big
        )
    assert one(file.getvalue()).content == one(plain).content


def test_a_file_without_preamble_and_head_is_read_as_its_elements_are():
    """It cannot say how its pixels are packed, and that this is guessed is said."""
    plain = dicom(RAMP)
    head = 132 + 12 + int.from_bytes(plain[140:144], "little")
    page = one(plain[head:])
    assert np.array_equal(meant(page), RAMP)
    assert "does not say how it is packed" in page.note
    assert np.array_equal(meant(one(plain[132:])), RAMP)


def test_odd_lengths_do_not_matter():
    """5 × 5 pixels of 8 bits: 25 bytes, and one to fill."""
    odd = np.arange(25, dtype=np.uint8).reshape(5, 5)
    content = dicom(odd, PixelData=odd.tobytes() + b"\0")
    assert np.array_equal(meant(one(content)), odd)


def test_floats_are_read():
    """Parametric maps have them."""
    stored = np.linspace(-1, 1, 64, dtype=np.float32).reshape(8, 8)
    data = pydicom.dcmread(BytesIO(dicom(stored, PixelData=None)))
    data.BitsAllocated = 32
    for name in ("BitsStored", "HighBit", "PixelRepresentation"):
        delattr(data, name)
    data.FloatPixelData = stored.tobytes()
    data.ImageType = ["DERIVED"]
    assert np.array_equal(meant(one(written(data))), stored)
