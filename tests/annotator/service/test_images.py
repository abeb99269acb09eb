"""Images as pages ask for them: by id, by page, by an address that carries its permission."""

import hashlib
from io import BytesIO
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image as Picture

from annotator.errors import AnnotatorError, WorkspaceError
from annotator.service.images import THUMBNAIL_SIDE
from tests.annotator import several
from tests.annotator.invented import finish_round
from tests.annotator.small import answer, source, workspace


@pytest.fixture
def service(tmp_path):
    return workspace(tmp_path / "ws", 40)


def asked(service, address):
    """What the image route makes of an address."""
    split = urlsplit(address)
    query = {key: values[0] for key, values in parse_qs(split.query).items()}
    number = int(split.path.rpartition("/")[2])
    given = (query["until"], query["sig"], "thumb" in query, query.get("page", ""))
    return service.picture(number, *given)


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


def test_an_address_of_another_workspace_opens_nothing(service, tmp_path):
    """Each has a secret of its own."""
    other = workspace(tmp_path / "other", 3)
    assert asked(service, other.image_url(1)) is None
    assert asked(service, service.image_url(1).replace("/img/1?", "/img/2?")) is None


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


def test_an_image_that_is_not_there_is_told_with_those_that_are(service):
    """By its id; an address that was signed for it says the same."""
    for look in (lambda: service.image(41), lambda: asked(service, service.image_url(41))):
        with pytest.raises(AnnotatorError, match=r"no image 41; ids go from 1 to 40"):
            look()
    assert service.images_of([2, 41]) == {2: service.image(2)}


def test_a_file_that_is_gone_is_told_with_the_way_out(service):
    """Importing its source again restores it."""
    image = service.image(1)
    service.workspace.image_path(image.stored).unlink()
    with pytest.raises(WorkspaceError, match="Import its source again"):
        asked(service, service.image_url(1))
    service.import_source(service.workspace.root.parent / "ws source")
    assert asked(service, service.image_url(1))


def test_pages_put_together_are_all_images_of_their_kind(service):
    """Each kind against a filter by hand."""
    labeled = {image.id for image in answer(service, 15)}
    every = [service.image(number) for number in range(1, 41)]
    kinds = {
        "all": every,
        "labeled": [each for each in every if each.id in labeled],
        "unlabeled": [each for each in every if each.id not in labeled],
        "test": [each for each in every if each.split == "test"],
    }
    for kind, wanted in kinds.items():
        pages = [service.images(kind=kind, offset=start, limit=7) for start in range(0, 42, 7)]
        assert [each for page in pages for each in page] == wanted
        assert service.images_of(each.id for each in wanted) == {each.id: each for each in wanted}


def test_an_import_has_its_questions_prepared_once(tmp_path):
    """A job waits after the first; another import adds none, nor does one that brings nothing."""
    service = workspace(tmp_path / "ws", 6)
    first = service.last_job()
    service.import_source(tmp_path / "ws source")
    assert service.last_job() == first  # nothing came in
    service.import_source(source(tmp_path / "more", 7))
    second = service.active_job()
    assert (second.kind, second.state) == ("prepare", "queued")
    service.import_source(source(tmp_path / "larger", 9, side=20))
    assert service.last_job() == second
    service.cancel(second.id)
    finish_round(service)
    service.import_source(source(tmp_path / "later", 9, side=24))
    assert service.active_job() is None  # a round asks from now on


def replaced(service, image_id, content=None):
    """Put other bytes into the file of an image; return the image and its bytes of before."""
    image = service.image(image_id)
    path = service.workspace.image_path(image.stored)
    before = path.read_bytes()
    path.write_bytes(content or before[:-20] + bytes([before[-20] ^ 1]) + before[-19:])
    return image, before


def test_one_byte_of_damage_is_mended_by_importing_again(service, tmp_path):
    """Its size is right and it may even decode: its hash says that it is another."""
    answer(service, 40)
    image, before = replaced(service, 7)
    with pytest.raises(AnnotatorError, match="gone or damaged") as error:
        service.export(tmp_path / "out")
    assert image.name in str(error.value)
    report = service.export(tmp_path / "without", leave_out_damaged=True)
    assert (report.human, report.left_out) == (39, (image.name,))
    found = service.import_source(tmp_path / "ws source")
    assert (found.added, found.duplicates) == (0, 40)
    assert service.workspace.image_path(image.stored).read_bytes() == before
    assert service.export(tmp_path / "out").human == 40


def test_an_image_that_was_replaced_is_never_shown_under_the_old_hash(service):
    """Nor as a thumbnail; one that was made before still shows the old image."""
    thumbnail = service.image_url(3, thumbnail=True)
    known = asked(service, thumbnail)
    other = service.workspace.image_path(service.image(4).stored).read_bytes()
    for image_id in (3, 5):
        replaced(service, image_id, other)
        with pytest.raises(WorkspaceError, match="damaged or was replaced"):
            asked(service, service.image_url(image_id))
    with pytest.raises(WorkspaceError, match="damaged or was replaced"):
        asked(service, service.image_url(5, thumbnail=True))
    assert asked(service, thumbnail) == known


def test_a_thumbnail_is_made_once_and_again_where_its_file_is_cut(service, monkeypatch):
    """It is kept on the disk for everybody who looks."""
    from annotator.imaging import pixels

    made = []
    make = pixels.thumbnail
    monkeypatch.setattr(pixels, "thumbnail", lambda *given: made.append(given) or make(*given))
    address = service.image_url(3, thumbnail=True)
    first = asked(service, address)
    assert asked(service, address) == first
    assert len(made) == 1
    [kept] = (service.workspace.features / "shown").rglob("*.jpg")
    kept.write_bytes(kept.read_bytes()[:-9])
    assert asked(service, address) == first
    assert len(made) == 2
