"""Pictures behind signed addresses: what is seen, and what of it is kept on the disk."""

import gzip
import hashlib
import zipfile
from io import BytesIO

import numpy as np
import pytest
from PIL import Image as Picture

from annotator.errors import AnnotatorError
from annotator.imaging import pixels
from annotator.model import Sheet
from annotator.service import Service
from annotator.service.looking.pictures import DISPLAY_SIDE, THUMBNAIL_SIDE
from tests.annotator import several
from tests.annotator.documents import dicom, tiff
from tests.annotator.looking import asked
from tests.annotator.pictures import encoded, noise, sixteen_bit
from tests.annotator.small import workspace


@pytest.fixture
def service(tmp_path):
    return workspace(tmp_path / "ws", 6)


def test_an_address_gives_the_very_bytes_that_were_imported(service):
    """A browser shows a PNG as it is; nothing is encoded again."""
    image = service.image(3)
    content, kind = asked(service, service.image_url(3))
    assert kind == "image/png"
    assert hashlib.sha256(content).hexdigest() == image.sha256


def test_a_thumbnail_is_small_and_has_an_address_of_its_own(tmp_path):
    """A JPEG of 160 pixels at most; the permission for one is none for the other."""
    service = workspace(tmp_path / "ws", 2, side=400)
    address = service.image_url(1, thumbnail=True)
    content, kind = asked(service, address)
    with Picture.open(BytesIO(content)) as picture:
        assert (kind, picture.size) == ("image/jpeg", (THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    assert asked(service, address.replace("&thumb=1", "")) is None
    assert asked(service, service.image_url(1) + "&thumb=1") is None


def test_the_address_of_a_document_gives_each_of_its_pages(tmp_path):
    """By number; without one it is the page that models see. Another document needs its own."""
    service = several.workspace(tmp_path / "ws")
    letter, series = (several.named(service)[name] for name in ("letter.pdf", "series.dcm"))
    pages = service.store.pages.of(letter.id)
    address = service.image_url(letter.id)
    for page in pages:
        content, kind = asked(service, f"{address}&page={page.number}")
        assert kind == "image/png"
        assert hashlib.sha256(content).hexdigest() == page.sha256
        assert asked(service, service.image_url(letter.id, page=page.number))[0] == content
        small, kind = asked(service, service.image_url(letter.id, thumbnail=True, page=page.number))
        assert (kind, small != content) == ("image/jpeg", True)
    assert hashlib.sha256(asked(service, address)[0]).hexdigest() == pages[0].sha256
    middle = asked(service, service.image_url(series.id))[0]
    assert middle == asked(service, service.image_url(series.id, page=3))[0]
    assert middle != asked(service, service.image_url(series.id, page=2))[0]
    signed = address.partition("?")[2]
    assert asked(service, f"/img/{series.id}?{signed}&page=2") is None
    for odd in ("4", "0", "-1", "1.5", "x", "9" * 30, "²"):
        with pytest.raises(AnnotatorError, match=r"has 3 pages and no page"):
            asked(service, f"{address}&page={odd}")
    single = several.named(service)["single.pdf"]
    with pytest.raises(AnnotatorError, match=r"has 1 page and no page '1'"):
        asked(service, service.image_url(single.id, page=1))
    service.close()


def test_a_page_of_a_document_is_sized_for_a_stage_and_has_numbers_of_its_own(tmp_path):
    """Each by the document's address and its number, whatever its face is."""
    folder = tmp_path / "scans"
    folder.mkdir()
    large, small = noise(2, 1500, 20, channels=1), np.arange(600, dtype=np.uint16)
    (folder / "mixed.tif").write_bytes(tiff(large, small.reshape(20, 30), small.reshape(30, 20)))
    (folder / "series.dcm").write_bytes(dicom(several.VALUES))
    service = Service.create(tmp_path / "ws", ["a", "b"])
    service.import_source(folder, documents=True)
    mixed, series = (several.named(service)[name] for name in ("mixed.tif", "series.dcm"))
    views = service.views(mixed)
    assert (views.display != views.url, views.numbers) == (True, "")
    assert views.turned.sheets == (
        Sheet(1500, 20, large=True, deep=False),
        Sheet(30, 20, large=False, deep=True),
        Sheet(20, 30, large=False, deep=True),
    )
    with Picture.open(BytesIO(asked(service, f"{views.turned.display}&page=1")[0])) as picture:
        assert picture.width == DISPLAY_SIDE
    for number in (2, 3):
        content, _ = asked(service, f"{views.turned.numbers}&page={number}")
        assert np.array_equal(
            np.frombuffer(gzip.decompress(content).partition(b"\n")[2], "<u2"), small
        )
    views = service.views(series)
    assert views.turned.sheets == (Sheet(30, 20, large=False, deep=True),), "all are alike"
    for number, values in enumerate(several.VALUES, 1):
        content, _ = asked(service, f"{views.turned.numbers}&page={number}")
        body = np.frombuffer(gzip.decompress(content).partition(b"\n")[2], "<u2")
        assert np.array_equal(body.reshape(values.shape), values)
    assert service.views(service.image(series.id)).numbers
    service.close()


def test_an_address_of_another_workspace_opens_nothing(service, tmp_path):
    """Each has a secret of its own."""
    other = workspace(tmp_path / "other", 3)
    assert asked(service, other.image_url(1)) is None
    assert asked(service, service.image_url(1).replace("/img/1?", "/img/2?")) is None


def test_a_thumbnail_is_made_once_and_again_where_its_file_is_cut(service, monkeypatch):
    """It is kept on the disk for everybody who looks."""
    made = []
    make = pixels.thumbnail
    monkeypatch.setattr(pixels, "thumbnail", lambda *given: made.append(given) or make(*given))
    address = service.image_url(3, thumbnail=True)
    first = asked(service, address)
    assert asked(service, address) == first
    assert len(made) == 1
    [kept] = service.workspace.shown.rglob("*.jpg")
    kept.write_bytes(kept.read_bytes()[:-9])
    assert asked(service, address) == first
    assert len(made) == 2


SCAN = (1500, 2000)
NAME = b"Jane Roe"


def with_name():
    exif = Picture.Exif()
    exif[0x013B] = NAME.decode()
    exif[0x0112] = 6  # it lies on its side
    return exif


@pytest.fixture
def scans(tmp_path):
    """A large JPEG that lies on its side and names somebody, one that just fits, and deep gray."""
    folder = tmp_path / "scans"
    folder.mkdir()
    large = Picture.fromarray(noise(1, 60, 80)).resize(SCAN, Picture.Resampling.BICUBIC)
    large.save(folder / "a large.jpg", exif=with_name())
    fits = Picture.new("RGB", (DISPLAY_SIDE, 700), "teal")
    (folder / "b fits.jpg").write_bytes(encoded(fits, "JPEG", exif=with_name(), comment=NAME))
    (folder / "c deep.png").write_bytes(sixteen_bit())
    made = Service.create(tmp_path / "scanned", ["a", "b"])
    assert made.import_source(folder).added == 3
    yield made
    made.close()


def test_what_is_larger_than_a_stage_has_a_smaller_picture_and_what_fits_has_none(scans):
    """Upright, in its proportions, without metadata; its full size has an address of its own."""
    large, fits = (scans.views(scans.image(number)) for number in (1, 2))
    assert fits.display == fits.url
    content, mime = asked(scans, large.display)
    with Picture.open(BytesIO(content)) as picture:
        assert (mime, picture.size) == ("image/jpeg", (DISPLAY_SIDE, DISPLAY_SIDE * 3 // 4))
        assert not picture.getexif()
        small = np.asarray(picture, int)
    assert NAME not in content
    full, _ = asked(scans, large.url)
    with Picture.open(BytesIO(full)) as picture:
        slow = picture.transpose(Picture.Transpose.ROTATE_270).resize(small.shape[1::-1])
        assert np.abs(np.asarray(slow, int) - small).mean() < 4
    assert asked(scans, large.display.replace("&display=1", "")) is None
    assert asked(scans, large.url + "&display=1") is None


def test_a_picture_for_a_stage_is_made_once_and_is_in_no_backup(scans, tmp_path, monkeypatch):
    """It lies among the caches, readable by the owner alone."""
    views = scans.views(scans.image(1))
    first = asked(scans, views.display)
    monkeypatch.setattr(pixels, "display", None)
    assert asked(scans, views.display) == first
    [kept] = scans.workspace.shown.rglob("*-display*")
    assert kept.stat().st_mode & 0o777 == 0o600
    plain, backed = tmp_path / "plain.zip", tmp_path / "with images.zip"
    scans.backup(plain, images=False)
    scans.backup(backed)
    for archive in (plain, backed):
        with zipfile.ZipFile(archive) as zipped:
            assert not [name for name in zipped.namelist() if "display" in name]


def test_deep_gray_alone_has_numbers(scans):
    """A page gets each of them, packed; an address of the picture does not open them."""
    assert [bool(scans.views(scans.image(number)).numbers) for number in (1, 2, 3)] == [0, 0, 1]
    views = scans.views(scans.image(3))
    content, mime = asked(scans, views.numbers)
    assert mime == "application/gzip"
    _, _, body = gzip.decompress(content).partition(b"\n")
    assert np.array_equal(np.frombuffer(body, "<u2"), np.arange(1000, 1384))
    assert asked(scans, views.url + "&numbers=1") is None
