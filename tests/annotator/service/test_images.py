"""Images as pages ask for them: by id, by page, by an address that carries its permission."""

import pytest

from annotator.errors import AnnotatorError, PartlyInError, StoreError, WorkspaceError
from annotator.importing.writing import pieces
from annotator.service import Service
from tests.annotator.invented import finish_round
from tests.annotator.looking import asked
from tests.annotator.small import answer, source, workspace


@pytest.fixture
def service(tmp_path):
    return workspace(tmp_path / "ws", 40)


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


def test_an_import_that_ends_in_the_middle_has_what_is_in_prepared(tmp_path, monkeypatch):
    """Whoever leaves it so is asked about what is there; where nothing is in, nothing waits."""
    service = Service.create(tmp_path / "ws", ["dark", "light"])
    found = service.read_source(source(tmp_path / "more", 9))
    db, full = service.store.db, "BEGIN SELECT json('{' || random()); END"
    monkeypatch.setattr(pieces, "AT_ONCE", 4)
    db.run(f"CREATE TRIGGER full AFTER INSERT ON image {full}")
    with pytest.raises(StoreError):
        service.take_in(found)
    assert service.active_job() is None
    db.run("DROP TRIGGER full")
    db.run(f"CREATE TRIGGER full AFTER INSERT ON image WHEN new.id > 5 {full}")
    with pytest.raises(PartlyInError, match="4 of 9 new images"):
        service.take_in(found)
    assert service.store.images.count() == 4
    assert service.active_job().kind == "prepare"


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
