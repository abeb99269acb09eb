"""What stands beside an image: for whom its path, and of a file's tags those that name nobody."""

import pytest
from pydicom.datadict import keyword_dict

from annotator.errors import NotAllowedError
from annotator.model import Image, Person
from annotator.service import Service
from annotator.service.looking.about import FREE
from tests.annotator.documents import dicom
from tests.annotator.pictures import noise, png

TAGS = {
    "Modality": "CT",
    "SliceThickness": "5",
    "PatientName": "Roe^Jane",
    "PatientAge": "061Y",
    "StudyDate": "20200131",
    "OperatorsName": "Doe",
}


@pytest.fixture
def service(tmp_path):
    folder = tmp_path / "source" / "glioma"
    folder.mkdir(parents=True)
    (folder / "a.dcm").write_bytes(dicom(noise(2, channels=1), **TAGS))
    (folder / "b.png").write_bytes(png(1))
    made = Service.create(tmp_path / "ws", ["glioma", "none"])
    made.import_source(tmp_path / "source", tags=tuple(TAGS))
    yield made
    made.close()


def said(service, number):
    return service.about([service.store.images.get(number)])[0]


def test_how_a_picture_was_taken_is_said_and_who_is_on_it_is_not(service):
    """Of what may name a person, an hour or a place stands the keyword alone."""
    found = said(service, 1)
    assert (found["Modality"], found["SliceThickness"]) == ("CT", "5")
    hidden = "OperatorsName, PatientAge, PatientName, StudyDate: may name a person"
    assert found["not shown"] == hidden
    told = " ".join(found.values())
    assert not [value for value in ("Roe", "061Y", "2020", "Doe") if value in told]


def test_tags_that_may_name_a_person_are_for_reviewers_who_ask_for_them(service):
    """Just those that are held back, with what they say; of a picture without any, none."""
    images = [service.store.images.get(number) for number in (1, 2)]
    held = {
        name: TAGS[name] for name in ("OperatorsName", "PatientAge", "PatientName", "StudyDate")
    }
    assert service.about_people(images) == [held, {}]
    assert service.acting(Person("zoe", "reviewer")).about_people(images) == [held, {}]
    with pytest.raises(NotAllowedError, match="tags that may name a person"):
        service.acting(Person("anna", "annotator")).about_people(images)


def test_a_path_that_tells_the_class_is_for_those_who_may_look_at_any_image(service):
    """Everybody else gets the name of the file."""
    assert said(service, 2)["path"] == "glioma/b.png"
    for role, sees in (("annotator", False), ("reviewer", True), ("admin", True)):
        found = said(service.acting(Person(f"{role}@lab", role)), 2)
        assert ("glioma" in " ".join(found.values())) == sees
        assert found.get("name") == (None if sees else "b.png")


def test_what_is_said_comes_in_order_and_nothing_of_it_is_empty(service):
    """Where from, how large, and no line without words."""
    one, two = service.about([service.store.images.get(number) for number in (1, 2)])
    assert list(two) == ["path", "size"]
    assert two["size"] == "24 × 16 pixels"
    assert all([*one.values(), *two.values()])


def test_a_document_says_how_many_pages_it_has_and_which_models_see(service):
    """Another picture says nothing of pages."""
    document = Image(3, "ab", "study.dcm", "ab.png", 24, 16, "pool", pages=12, face=7)
    assert service.about([document])[0]["pages"] == "12; models see page 7"
    assert "pages" not in said(service, 1)


def test_every_keyword_that_is_shown_is_one_of_the_standard():
    """A slip in one would hide it."""
    assert not [word for word in FREE if word not in keyword_dict]
