"""What a file notes about its values: shown so, kept without metadata, and forged in vain."""

import json
import math
import zlib
from io import BytesIO

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from annotator.imaging import values
from annotator.imaging.bare import bare, told
from annotator.imaging.pixels import for_browser, is_gray, load_array, thumbnail
from annotator.imaging.reading.picture import gray
from annotator.imaging.upright import upright
from annotator.imaging.values import EXACT, LINEAR, SIGMOID, Values
from tests.annotator.pictures import encoded

RAMP = np.arange(1024, dtype=np.uint16).reshape(32, 32)
NOTED = {
    "window": Values(2.0, -1000.0, ((40.0, 400.0), (10.0, 20.0))),
    "inverted": Values(windows=((500.0, 300.0),), inverted=1),
    "exact": Values(windows=((500.0, 300.0),), curve=EXACT),
    "soft": Values(windows=((500.0, 300.0),), curve=SIGMOID),
    "of one": Values(windows=((500.0, 1.0),)),
    "levels": Values(0.5, 3.0, first=10.0, levels=(5, 80, 30, 90), top=100),
    "no window": Values(-1.5, 7.0),
}


def by_hand(told: Values, stored: int) -> int | None:
    """One value of 0 to 255, as DICOM PS3.3 C.11.2.1 has it."""
    x = stored * told.slope + told.intercept
    if told.levels:
        place = min(max(round(x - told.first), 0), len(told.levels) - 1)
        y = 255 * told.levels[place] / told.top
    elif told.windows:
        c, w = told.windows[0]
        if told.curve == SIGMOID:
            y = 255 / (1 + math.exp(-4 * (x - c) / w))
        elif told.curve == EXACT:
            y = 0 if x <= c - w / 2 else 255 if x > c + w / 2 else ((x - c) / w + 0.5) * 255
        elif x <= c - 0.5 - (w - 1) / 2:
            y = 0
        elif x > c - 0.5 + (w - 1) / 2:
            y = 255
        else:
            y = ((x - (c - 0.5)) / (w - 1) + 0.5) * 255
    else:
        return None
    return round(255 - y if told.inverted else y)


@pytest.mark.parametrize("name", NOTED)
def test_a_window_is_shown_as_the_standard_has_it(name):
    """Value for value, to within rounding; without window and levels the file does not decide."""
    noted = NOTED[name]
    assert noted.curve in (LINEAR, EXACT, SIGMOID)
    shown = noted.gray(RAMP)
    wanted = [by_hand(noted, int(value)) for value in RAMP.ravel()]
    if wanted[0] is None:
        assert shown is None
        return
    assert np.abs(shown.ravel().astype(int) - wanted).max() <= 1
    assert len(set(wanted)) > 1
    assert np.array_equal(noted.gray(RAMP.astype(np.int32)), shown)  # not looked up


@pytest.mark.parametrize("name", NOTED)
def test_a_note_is_read_as_it_was_written(name):
    """And it is numbers alone."""
    noted = NOTED[name]
    assert values.read(noted.note()) == noted
    assert not set(noted.note()) - set('abcdefghijklmnopqrstuvwxyz{}[]:,".-+0123456789')
    assert Values().note() == "{}"


@pytest.mark.parametrize(
    "note",
    [
        None,
        "",
        "Jane Roe",
        '{"slope":"Jane Roe"}',
        '{"name":"Jane Roe"}',
        '{"slope":"Jane Roe","slope":2.0}',
        '{"slope":2.0} ',
        '{"slope":NaN}',
        '{"slope":1e999}',
        '{"slope":true}',
        '{"windows":[[40.0,0.0]]}',
        '{"windows":[[40.0]]}',
        '{"windows":"ab"}',
        '{"levels":[-1]}',
        '{"levels":[1.5]}',
        '{"top":0}',
        "[" * 100_000,
        "[1]",
        json.dumps({"levels": [1] * 10**6}),
    ],
)
def test_whatever_else_is_written_there_is_no_note(note):
    """Nothing of a person can hide in one, and nothing absurd is obeyed."""
    assert values.read(note) is None


def made(noted: Values, kind=np.uint16) -> bytes:
    return gray(RAMP.astype(kind), noted).content


@pytest.mark.parametrize("name", NOTED)
def test_learners_browsers_and_thumbnails_show_the_same(tmp_path, name):
    """Also of the file without metadata, which is the file itself."""
    content = made(NOTED[name])
    path = tmp_path / "a.png"
    path.write_bytes(content)
    with Image.open(path) as image:
        assert values.of(image) == NOTED[name]
        assert np.array_equal(np.asarray(image), RAMP)
        wanted = np.asarray(upright(image))
    assert np.array_equal(load_array(path, 32, 1)[0], wanted)
    shown, mime = for_browser(path)
    assert mime == "image/png"
    assert np.array_equal(np.asarray(Image.open(BytesIO(shown))), wanted)
    small = np.asarray(Image.open(BytesIO(thumbnail(path, 32)[0]))).astype(int)
    assert np.abs(small - wanted).mean() < 4  # a JPEG
    assert is_gray(path)
    assert bare(content) == content
    assert told(content, "PNG") == ""


def test_eight_bits_with_a_window_are_not_shown_as_they_lie(tmp_path):
    """No browser knows of the note, so that it gets a picture of its own."""
    content = gray(RAMP.astype(np.uint8), Values(windows=((20.0, 11.0),), inverted=1)).content
    (tmp_path / "a.png").write_bytes(content)
    shown = np.asarray(Image.open(BytesIO(for_browser(tmp_path / "a.png")[0])))
    assert (shown[0, :14] == 255).all()
    assert (shown[0, 25:] == 0).all()
    assert np.array_equal(load_array(tmp_path / "a.png", 32, 1)[0], shown)


def test_a_picture_of_32_bits_keeps_its_note_as_well():
    """As a tag, which stays where others go."""
    wide = RAMP.astype(np.int32) * 1000
    content = gray(wide, Values(windows=((500_000.0, 2001.0),))).content
    assert bare(content) == content
    with Image.open(BytesIO(content)) as image:
        shown = np.asarray(upright(image))
    assert (shown.ravel()[:499] == 0).all()
    assert (shown.ravel()[502:] == 255).all()


@pytest.mark.parametrize("zipped", [False, True])
def test_a_forged_note_goes_with_the_other_text(zipped):
    """What is under our name and is no note may name a person."""
    text = PngImagePlugin.PngInfo()
    text.add_text(values.KEY, '{"slope":"Jane Roe"}', zip=zipped)
    content = encoded(Image.fromarray(RAMP), pnginfo=text)
    plain = encoded(Image.fromarray(RAMP))
    assert bare(content) == plain
    assert "certilabel" in told(content, "PNG")


def test_a_long_note_is_packed_and_other_long_text_is_none():
    """A table of 65,536 levels is read; what else is packed there is taken out."""
    noted = Values(levels=tuple(range(65_536)), top=65_535)
    content = made(noted)
    assert b"zTXt" in content
    assert bare(content) == content
    with Image.open(BytesIO(content)) as image:
        assert values.of(image) == noted
    other = zlib.compress(b"Jane Roe" * 100_000, 9)
    data = values.KEY.encode() + b"\0\0" + other
    chunk = len(data).to_bytes(4, "big") + b"zTXt" + data
    chunk += zlib.crc32(chunk[4:]).to_bytes(4, "big")
    plain = encoded(Image.fromarray(RAMP))
    assert bare(plain[:33] + chunk + plain[33:]) == plain
