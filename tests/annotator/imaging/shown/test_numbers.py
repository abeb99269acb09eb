"""The numbers behind deep pictures: each as it is, and what it means."""

import gzip
import json
from io import BytesIO

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from annotator.imaging.shown import numbers
from annotator.imaging.shown.numbers import packed
from annotator.imaging.shown.pictures import has_numbers
from annotator.imaging.upright import upright
from annotator.imaging.values import KEY, SIGMOID, Values
from tests.annotator.pictures import GOOD, encoded, floats, noise

RAMP = np.arange(384, dtype=np.uint16).reshape(16, 24) * 171


def unpacked(content: bytes) -> tuple[dict, np.ndarray]:
    """The line and the numbers of an image file."""
    with Image.open(BytesIO(content)) as image:
        whole = gzip.decompress(packed(image))
    head, _, body = whole.partition(b"\n")
    line = json.loads(head)
    assert len(head) % 2 == 1, "numbers begin at an even place"
    return line, np.frombuffer(body, "<u2").reshape(line["height"], line["width"])


def noted(array: np.ndarray, told: Values) -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_text(KEY, told.note())
    return encoded(Image.fromarray(array), pnginfo=info)


def test_sixteen_bits_arrive_as_they_are():
    """With what the file notes of them, and where they lie."""
    told = Values(
        slope=2.0, intercept=-1024.0, windows=((40.0, 400.0), (-600.0, 1500.0)), inverted=1
    )
    line, found = unpacked(noted(RAMP, told))
    assert np.array_equal(found, RAMP)
    assert (line["slope"], line["intercept"], line["inverted"]) == (2.0, -1024.0, 1)
    assert line["windows"] == [[40.0, 400.0], [-600.0, 1500.0]]
    assert (line["least"], line["most"], line["note"]) == (0, 383 * 171, "")


def test_what_is_black_and_white_without_a_window_is_what_the_picture_of_8_bits_has():
    """Between `low` and `high` the page comes to the same gray as everybody else."""
    for content in (
        encoded(Image.fromarray(RAMP)),
        floats(np.linspace(-3, 2, 384).reshape(16, 24)),
    ):
        line, found = unpacked(content)
        share = (found.astype(float) - line["low"]) / (line["high"] - line["low"])
        with Image.open(BytesIO(content)) as image:
            gray = np.asarray(upright(image), int)
        assert np.abs(np.rint(255 * share.clip(0, 1)) - gray).max() <= 1


@pytest.mark.parametrize(
    "values",
    [
        np.linspace(-1e-3, 7e5, 384),
        np.linspace(-3e9, 3e9, 384),
        np.full(384, 7.5),
    ],
)
def test_floats_come_in_steps_and_mean_what_they_meant(values):
    """To a 65,535th of their range, and that is said."""
    line, found = unpacked(floats(values.reshape(16, 24)))
    meant = found * line["slope"] + line["intercept"]
    wanted = values.astype(np.float32).astype(float).reshape(16, 24)
    assert np.abs(meant - wanted).max() <= np.ptp(wanted) / 65_535 * 0.51 + 1e-9
    assert line["note"] == "values are shown in 65,536 steps"


def test_numbers_that_are_none_are_the_lowest():
    """NaN is black, as in the picture; infinities are the ends."""
    values = np.linspace(1, 2, 384).reshape(16, 24)
    values[0, :3] = np.nan, np.inf, -np.inf
    _, found = unpacked(floats(values))
    assert found[0, :3].tolist() == [0, 65_535, 0]
    _, found = unpacked(floats(np.full((16, 24), np.nan)))
    assert not found.any()


def test_whole_numbers_with_a_sign_are_moved_not_rounded():
    """32-bit numbers that span 16 bits keep every value."""
    signed = RAMP.astype(np.int32) - 30_000
    line, found = unpacked(encoded(Image.fromarray(signed), "TIFF"))
    assert np.array_equal(found * line["slope"] + line["intercept"], signed)
    assert line["note"] == ""


def test_8_bits_with_a_window_keep_it_and_their_range():
    """A note of what they mean makes more of them than their picture shows."""
    told = Values(windows=((30.0, 20.0),), curve=SIGMOID)
    line, found = unpacked(noted(noise(1, channels=1), told))
    assert np.array_equal(found, noise(1, channels=1))
    assert (line["low"], line["high"], line["curve"]) == (0.0, 255.0, SIGMOID)


def test_a_turned_file_is_upright_and_a_huge_one_is_thinned(monkeypatch):
    """The page says that it is."""
    exif = Image.Exif()
    exif[0x0112] = 6
    _, found = unpacked(encoded(Image.fromarray(RAMP), exif=exif))
    assert np.array_equal(found, np.rot90(RAMP, -1))
    monkeypatch.setattr(numbers, "MOST", 100)
    line, found = unpacked(encoded(Image.fromarray(RAMP)))
    assert np.array_equal(found, RAMP[::2, ::2])
    assert line["note"] == "1 pixel of 4 is shown"


def test_which_files_have_numbers_is_told_by_their_headers(tmp_path):
    """Deep gray in any format, and nothing else that import takes."""
    deep = {"float.tif", "sixteen.png", "sixteen.tif", "thirty-two.tif"}
    for name, content in GOOD.items():
        path = tmp_path / name
        path.write_bytes(content)
        assert has_numbers(path) == (name in deep), name
    assert not has_numbers(tmp_path / "gone.png")
