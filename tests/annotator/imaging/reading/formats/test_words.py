"""What of a DICOM file is told in words: warnings, wanted tags, refusals; never of the patient."""

import warnings
from io import BytesIO

import numpy as np
import pydicom
import pytest

from annotator.imaging.reading.formats.dicom import pages
from annotator.imaging.reading.page import Asked, Page, Span, Unread
from tests.annotator.documents import NUMBER, PATIENT, dicom, written

RAMP = np.arange(256, dtype=np.uint16).reshape(16, 16) * 16
US, CAPTURE = "1.2.840.10008.5.1.4.1.1.6.1", "1.2.840.10008.5.1.4.1.1.7"


def one(content: bytes, **asked) -> Page:
    [page] = pages(content, Asked(**asked))
    assert page.fault == ""
    return page


@pytest.mark.parametrize(
    ("told", "warned"),
    [
        ({"BurnedInAnnotation": "YES"}, "is burnt"),
        ({"BurnedInAnnotation": "NO"}, ""),
        ({}, ""),
        ({"SOPClassUID": US}, "may be burnt"),
        ({"SOPClassUID": US, "BurnedInAnnotation": "NO"}, ""),
        ({"SOPClassUID": CAPTURE}, "may be burnt"),
        ({"SOPClassUID": f"{CAPTURE}.2"}, "may be burnt"),
        ({"SOPClassUID": "1.2.840.10008.5.1.4.1.1.77.1.6"}, ""),
        ({"Modality": "US"}, "may be burnt"),
    ],
)
def test_text_in_the_pixels_is_warned_of_where_the_file_gives_cause(told, warned):
    """It says so, or it is a capture that does not say no."""
    note = one(dicom(RAMP, **told)).note
    assert (warned in note) if warned else note == ""


def test_overlays_are_said_not_to_be_drawn():
    """They may hold what a reader looks for."""
    data = pydicom.dcmread(BytesIO(dicom(RAMP)))
    data.add_new(0x60003000, "OW", bytes(32))
    assert one(written(data)).note == "overlays are not drawn"


def test_of_the_elements_only_wanted_ones_and_the_patient_s_number_are_told():
    """The number groups images; what is wanted is text, and what is absent is left out."""
    content = dicom(RAMP, BodyPartExamined="CHEST", ImageType=["ORIGINAL", "PRIMARY"])
    page = one(content, tags=("Modality", "BodyPartExamined", "ImageType", "Laterality"))
    assert page.facts == {
        "Modality": "CT", "BodyPartExamined": "CHEST", "ImageType": "ORIGINAL\\PRIMARY"
    }  # fmt: skip
    assert page.group == NUMBER
    assert one(content).facts == {}
    assert one(dicom(RAMP, PatientID=None)).group == ""


OBJECTS = {
    "1.2.840.10008.5.1.4.1.1.481.3": "RT Structure Set",
    "1.2.840.10008.5.1.4.1.1.88.11": "Basic Text SR",
    "1.2.840.10008.1.3.10": "DICOMDIR",
    "1.2.840.10008.5.1.4.1.1.9.1.1": "12-lead ECG Waveform",
    "1.2.840.10008.5.1.4.1.1.104.1": "Encapsulated PDF",
    "1.2.840.10008.5.1.4.1.1.11.1": "Grayscale Softcopy Presentation State",
    "1.2.3.4.5": "of no known kind",
}


@pytest.mark.parametrize("uid", OBJECTS)
def test_an_object_without_pixels_is_refused_by_its_kind(uid):
    """In the words of the standard."""
    data = pydicom.dcmread(BytesIO(dicom(RAMP, SOPClassUID=uid)))
    del data.PixelData
    with pytest.raises(Unread, match=f"without pixels: {OBJECTS[uid]}"):
        list(pages(written(data), Asked()))


WRONG = {
    "no rows": {"Rows": None},
    "too few bytes": {"PixelData": bytes(100)},
    "far too many": {"Rows": 60_000, "Columns": 60_000},
    "no bits": {"BitsAllocated": None},
    "a palette that is not there": {"PhotometricInterpretation": "PALETTE COLOR"},
    "five channels": {"SamplesPerPixel": 5},
    "a billion frames": {"NumberOfFrames": 1_000_000_000},
}


@pytest.mark.parametrize("name", WRONG)
def test_a_damaged_file_is_refused_without_a_word_about_the_patient(name):
    """The reason names elements and numbers of pixels, never what the patient's elements say."""
    told = {"StudyDescription": PATIENT, "InstitutionName": NUMBER, **WRONG[name]}
    content = dicom(RAMP, **told)
    try:
        [said] = [page.fault for page in pages(content, Asked(Span(1, 1)))]
    except Unread as reason:
        said = str(reason)
    assert said
    assert not any(word in said for word in (PATIENT, NUMBER, "Quaxolotl", "77121313"))


def test_damage_anywhere_is_refused_or_read_and_quotes_nobody():
    """Every 7th byte turned over, one at a time, and every cut."""
    content = dicom(RAMP[:4, :4], WindowCenter=4, WindowWidth=8, StudyDescription=PATIENT)
    places = range(133, len(content), 7)
    tries = [content[:at] for at in places]
    tries += [content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :] for at in places]
    refused = 0
    for each in tries:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                said = [page.fault for page in pages(each, Asked(Span(1, 1)))]
            except Unread as reason:
                said = [str(reason)]
        refused += any(said)
        assert "Quaxolotl" not in str(said)
        assert "77121313" not in str(said)
    assert refused > len(tries) / 4
