"""From files to pixels."""

from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from annotator.errors import WorkspaceError
from annotator.imaging.letterbox import letterbox
from annotator.imaging.pixels import (
    for_browser,
    is_gray,
    load_array,
    load_many,
    thumbnail,
)
from annotator.imaging.quiet import quiet
from annotator.imaging.upright import upright, windowed
from tests.annotator.pictures import (
    BROKEN,
    GOOD,
    animated,
    cmyk,
    encoded,
    floats,
    half_transparent,
    jpeg,
    noise,
    palette,
    png,
    sixteen_bit,
)


@pytest.fixture
def file(tmp_path):
    """A function that writes bytes and gives their path."""

    def write(content):
        path = tmp_path / str(len(list(tmp_path.iterdir())))
        path.write_bytes(content)
        return path

    return write


def seen(path):
    """The pixels of an image at its own size, (H, W, 3)."""
    with quiet(), Image.open(path) as image:
        return np.array(upright(image).convert("RGB"))


@pytest.mark.parametrize("name", GOOD)
def test_every_accepted_image_can_be_seen_and_learned_from(file, name):
    """What import accepts, every function here can read."""
    path = file(GOOD[name])
    assert load_array(path, 20, 1).shape == (1, 20, 20)
    assert load_array(path, 20, 3).shape == (3, 20, 20)
    assert load_array(path, 20, 3).dtype == np.uint8
    assert is_gray(path) in (True, False)
    for content, mime in (for_browser(path), thumbnail(path, 8)):
        with Image.open(BytesIO(content)) as image:
            assert Image.MIME[image.format] == mime
            assert image.format in ("PNG", "JPEG", "WEBP", "GIF")


@pytest.mark.parametrize("name", ["truncated.png", "truncated.jpg", "noise.jpg", "empty.png"])
def test_a_damaged_file_is_named(file, name):
    """Should the workspace be damaged, the error says how to mend it."""
    path = file(BROKEN[name][0])
    for read in (lambda path: load_array(path, 8, 3), is_gray, lambda path: thumbnail(path, 8)):
        with pytest.raises(WorkspaceError, match="Import its source again"):
            read(path)


def test_a_lost_file_is_named(tmp_path):
    """Also in the midst of many."""
    with pytest.raises(WorkspaceError, match="lost"):
        list(load_many([tmp_path / "lost.png"], 8, 1))


def test_plain_pixels_come_out_as_they_went_in(file):
    """Gray is repeated into three channels, and color becomes gray by Pillow's weights."""
    gray, color = noise(1, 16, 16, channels=1), noise(2, 16, 16)
    assert (seen(file(encoded(Image.fromarray(gray)))) == gray[:, :, None]).all()
    assert (seen(file(encoded(Image.fromarray(color)))) == color).all()
    path = file(encoded(Image.fromarray(color)))
    assert (load_array(path, 16, 3) == color.transpose(2, 0, 1)).all()
    weighted = color @ np.array([0.299, 0.587, 0.114])
    assert np.abs(load_array(path, 16, 1)[0] - weighted).max() <= 1


def test_transparency_lies_on_white_paper(file):
    """A transparent palette entry is white, half-transparent black is middle gray."""
    red_and_nothing = seen(file(palette()))
    assert (red_and_nothing[:, :12] == (255, 0, 0)).all()
    assert (red_and_nothing[:, 12:] == 255).all()
    assert (seen(file(half_transparent())) == 127).all()


def test_ink_becomes_light(file):
    """Full cyan has no red in it."""
    pixels = seen(file(cmyk())).astype(int)
    assert pixels[..., 0].max() < 10
    assert pixels[..., 1:].min() > 150


def test_an_animation_shows_its_first_frame(file):
    """White, not the black that follows."""
    for kind in ("GIF", "PNG", "WEBP", "TIFF"):
        assert (seen(file(animated(kind))) == 255).all()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_photograph_stands_upright(file, orientation):
    """For each EXIF orientation the dark corner comes back to the top left."""
    upright = np.full((16, 24), 255, np.uint8)
    upright[:8, :8] = 0
    undo = {
        1: lambda a: a,
        2: np.fliplr,
        3: lambda a: np.rot90(a, 2),
        4: np.flipud,
        5: np.transpose,
        6: lambda a: np.rot90(a, 1),
        7: lambda a: np.rot90(a, 2).T,
        8: lambda a: np.rot90(a, -1),
    }[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = file(encoded(Image.fromarray(np.ascontiguousarray(undo(upright))), exif=exif))
    assert (load_array(path, 24, 1)[0, 4:20] == upright).all()


def test_deep_gray_uses_the_window_of_its_percentiles(file):
    """A narrow ramp far from the limits of 16 bits fills black to white, in order."""
    pixels = seen(file(sixteen_bit()))[..., 0].ravel().astype(int)
    assert pixels[0] == 0
    assert pixels[-1] == 255
    assert (np.diff(pixels) >= 0).all()
    values = np.arange(1000, 1384)
    low, high = np.percentile(values, (0.5, 99.5))
    slow = [round(255 * min(max((v - low) / (high - low), 0), 1)) for v in values]
    assert np.abs(pixels - slow).max() <= 1


def test_one_bright_speck_does_not_darken_a_scan(file):
    """The window leaves out extremes: a speck of 1e6 leaves the rest as it is."""
    values = np.linspace(0, 1, 384).reshape(16, 24)
    values[3, 3] = 1e6
    assert seen(file(floats(values))).mean() > 100


def test_gray_without_a_range(file):
    """One value is middle gray, NaN is black, and a sparse mask keeps its marks."""
    assert (seen(file(floats(np.full((16, 24), 7.0)))) == 128).all()
    assert (seen(file(floats(np.full((16, 24), np.nan)))) == 0).all()
    mask = np.zeros((64, 64))
    mask[5, 5] = 3
    assert seen(file(floats(mask)))[5, 5, 0] == 255
    assert seen(file(floats(mask)))[..., 0].sum() == 255


@settings(deadline=None)
@given(st.lists(st.floats(width=32, allow_nan=True, allow_infinity=True), min_size=16, max_size=16))
def test_windowing_takes_any_numbers(values):
    """Infinities, NaN and the largest floats: no warning, and brighter never turns darker."""
    array = np.array(values, dtype=np.float32).reshape(4, 4)
    pixels = np.asarray(windowed(Image.fromarray(array))).ravel().astype(int)
    finite = np.isfinite(array.ravel())
    order = np.argsort(array.ravel()[finite])
    assert (np.diff(pixels[finite][order]) >= 0).all()


def test_the_letterbox_keeps_proportions_on_the_color_of_the_border():
    """A dark 20 × 10 card with a bright core lies in the middle of a dark 40 × 40 square."""
    card = np.full((10, 20, 3), (10, 20, 30), np.uint8)
    card[3:7, 5:15] = 250
    square = np.asarray(letterbox(Image.fromarray(card), 40))
    assert square.shape == (40, 40, 3)
    assert (square[:10] == (10, 20, 30)).all()
    assert (square[30:] == (10, 20, 30)).all()
    rows, columns = np.nonzero(square[..., 0] > 130)
    assert (rows.min(), rows.max()) == (16, 23)
    assert (columns.min(), columns.max()) == (10, 29)


def test_a_sliver_still_fits():
    """1,000 × 4 pixels in a square of 16 keep at least one row."""
    sliver = Image.fromarray(np.full((4, 1000), 99, np.uint8))
    assert (np.asarray(letterbox(sliver, 16)) == 99).all()


def test_many_are_what_each_is_alone(file):
    """In order and in chunks, the last one shorter."""
    paths = [file(png(seed, 24, 16 + seed)) for seed in range(7)]
    chunks = list(load_many(paths, 12, 3, chunk=3))
    assert [chunk.shape for chunk in chunks] == [(3, 3, 12, 12), (3, 3, 12, 12), (1, 3, 12, 12)]
    alone = np.stack([load_array(path, 12, 3) for path in paths])
    assert (np.concatenate(chunks) == alone).all()
    assert list(load_many([], 12, 3)) == []


def test_gray_is_judged_by_pixels_not_by_format(file):
    """A gray scan saved as color is gray; one colored stain makes it color."""
    scan = np.repeat(noise(1, 64, 64, channels=1)[:, :, None], 3, axis=2)
    assert is_gray(file(encoded(Image.fromarray(scan))))
    assert is_gray(file(encoded(Image.fromarray(scan), "JPEG")))
    assert is_gray(file(sixteen_bit()))
    scan[10:20, 10:20] = (200, 30, 60)
    assert not is_gray(file(encoded(Image.fromarray(scan))))
    assert not is_gray(file(encoded(Image.fromarray(scan), "JPEG")))


def test_browsers_get_originals_where_they_show_them_faithfully(file):
    """A photograph travels as it is; what a browser shows otherwise is drawn for it."""
    for name, mime in (
        ("photo.jpg", "image/jpeg"),
        ("photo.png", "image/png"),
        ("photo.webp", "image/webp"),
        ("1-bit.png", "image/png"),
    ):
        assert for_browser(file(GOOD[name])) == (GOOD[name], mime)
    for name in ("cmyk.jpg", "animated.gif", "sixteen.png", "rgba.png", "photo.tif", "photo.bmp"):
        path = file(GOOD[name])
        content, mime = for_browser(path)
        assert mime == "image/png"
        assert (seen(file(content)) == seen(path)).all()


def test_browsers_get_a_turned_picture_the_right_way_up(file):
    """They turn a JPEG by themselves; for other formats it is done before."""
    exif = Image.Exif()
    exif[0x0112] = 6
    assert for_browser(file(jpeg(exif=exif)))[0] == jpeg(exif=exif)
    turned = file(encoded(Image.fromarray(noise()), exif=exif))
    with Image.open(BytesIO(for_browser(turned)[0])) as image:
        assert image.size == (16, 24)
        assert image.getexif().get(0x0112, 1) == 1


def test_a_thumbnail_fits_and_is_never_enlarged(file):
    """300 × 200 becomes 60 × 40; 24 × 16 stays."""
    for content, size in ((jpeg(1, 300, 200), (60, 40)), (png(1, 24, 16), (24, 16))):
        with Image.open(BytesIO(thumbnail(file(content), 60)[0])) as image:
            assert image.size == size


@pytest.mark.parametrize("turn", range(1, 9))
def test_a_browser_gets_no_metadata_and_the_picture_upright(file, turn):
    """Neither the owner nor a comment, in either size; the pixels as a model sees them."""
    exif = Image.Exif()
    exif[0x0112], exif[0x013B] = turn, "Jane Roe"
    path = file(jpeg(1, exif=exif, comment=b"Jane Roe"))
    whole, mime = for_browser(path)
    small, _ = thumbnail(path, 100)
    assert (b"Jane Roe" in path.read_bytes(), b"Jane Roe" in whole + small) == (True, False)
    assert mime == "image/jpeg"
    assert np.array_equal(seen(file(whole)), seen(path))


def test_a_browser_gets_a_picture_of_a_file_that_is_oddly_built(file):
    """What nobody can take apart is made anew from its pixels."""
    odd = jpeg(1)
    odd = odd[:20] + b"\xff\0" + odd[20:]  # of no meaning between segments; decoders pass it over
    whole, mime = for_browser(file(odd))
    assert mime == "image/png"
    assert np.array_equal(seen(file(whole)), seen(file(odd)))
