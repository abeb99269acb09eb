"""Label Studio's export, as its own SDK writes the parts of it."""

import json

import pytest

from annotator.errors import ImportingError
from annotator.importing.containers import json as reader
from annotator.importing.containers.json.task import SKIPPED
from annotator.importing.source import Absent, Source, Wanted
from annotator.model import Noted, Refused
from annotator.service import Service
from tests.annotator.pictures import png

pytestmark = pytest.mark.filterwarnings("ignore")  # the SDK's own

ANNA, BEN = {"id": 1, "email": "anna@x.org"}, {"id": 2, "first_name": "Ben", "last_name": "B"}
AT = "2024-05-06T07:08:09.250000Z"
SECONDS = 1714979289.25  # of that moment


@pytest.fixture(scope="module")
def studio():
    """The interface of a project with one question, made by the SDK."""
    from label_studio_sdk.label_interface import LabelInterface
    from label_studio_sdk.label_interface.create import choices

    config = LabelInterface.create({"image": "Image", "kind": choices(("cat", "dog", "Ödem"))})
    return LabelInterface(config)


def annotation(studio, label, by=ANNA, **more):
    """What one person answered, its result by the SDK."""
    from label_studio_sdk.label_interface.objects import AnnotationValue

    result = [studio.get_control("kind").label(label=label)] if label else []
    said = AnnotationValue(completed_by=1, result=result, lead_time=2.5).model_dump()
    return said | {"completed_by": by, "created_at": AT, "updated_at": AT} | more


def prediction(studio, label, version="m1"):
    from label_studio_sdk.label_interface.objects import PredictionValue

    region = studio.get_control("kind").label(label=label)
    return PredictionValue(model_version=version, score=0.7, result=[region]).model_dump()


def task(image, annotations=(), predictions=()):
    return {
        "id": 7,
        "data": {"image": image},
        "annotations": list(annotations),
        "predictions": list(predictions),
    }


def export(folder, *tasks, names=("a.png",)):
    """Write the export beside images of these names."""
    for seed, name in enumerate(names):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(png(seed))
    path = folder / "of something.json"
    path.write_text(json.dumps(tasks), encoding="utf-8")
    return path


def read(path, **wanted):
    """(images by name, refusals, notes)."""
    found = list(reader.sources(path, Wanted(**wanted)))
    images = [each for each in found if isinstance(each, Source)]
    notes = [each for each in found if isinstance(each, Noted)]
    refused = [each for each in found if isinstance(each, Refused | Absent) and each not in notes]
    return images, refused, notes


def test_answers_come_with_who_gave_them_and_when(studio, tmp_path):
    """The class, the person, the moment and the seconds of each task; SDK's validation agrees."""
    tasks = [
        task("cat.png", [annotation(studio, "cat")]),
        task("odem.png", [annotation(studio, "Ödem", BEN)]),
        task("new.png"),
    ]
    assert all(studio.validate_annotation(each["annotations"][0]) is not None for each in tasks[:2])
    images, refused, notes = read(
        export(tmp_path, *tasks, names=("cat.png", "odem.png", "new.png"))
    )
    assert (refused, notes) == ([], [])
    told = [(each.name, each.told.label, each.told.given) for each in images]
    assert [each[:2] for each in told] == [
        ("cat.png", "cat"),
        ("odem.png", "Ödem"),
        ("new.png", None),
    ]
    first = told[0][2]
    assert (first.source, first.annotator, first.at, first.seconds) == (
        "human", "anna@x.org", SECONDS, 2.5,
    )  # fmt: skip
    assert told[1][2].annotator == "Ben B"


def test_a_prediction_is_a_model_s_word_and_never_a_label(studio, tmp_path):
    """Alone it comes as a pseudo-label of its model; beside an answer it is left out, and said."""
    path = export(
        tmp_path,
        task("a.png", [], [prediction(studio, "dog", "net-3")]),
        task("b.png", [annotation(studio, "cat")], [prediction(studio, "dog")]),
        names=("a.png", "b.png"),
    )
    (guessed, answered), _, notes = read(path)
    assert (guessed.told.label, guessed.told.given.source) == ("dog", "pseudo")
    assert guessed.told.given.annotator == "net-3"
    assert (answered.told.label, answered.told.given.source) == ("cat", "human")
    assert [each.reason for each in notes] == [
        "predictions of 1 tasks that people answered were left out"
    ]
    service = Service.create(tmp_path / "w", ["cat", "dog"])
    service.import_source(path)
    assert service.count_by_class() == {"cat": 1, "dog": 0}


def test_an_answer_that_began_as_a_guess_was_not_given_blind(studio, tmp_path):
    """Label Studio says which prediction it was made of."""
    said = annotation(studio, "cat", parent_prediction=12)
    (image,), _, _ = read(export(tmp_path, task("a.png", [said])))
    assert image.told.given.source == "verified"


def test_a_skipped_task_says_who_skipped_it_and_brings_no_label(studio, tmp_path):
    """Skipped annotations may carry a half-made answer."""
    said = annotation(studio, "cat", **{SKIPPED: True})
    (image,), refused, notes = read(export(tmp_path, task("a.png", [said])))
    assert image.told.label is None
    assert refused == []
    assert [(each.name, each.reason) for each in notes] == [("a.png", "skipped by anna@x.org")]


@pytest.mark.parametrize(
    ("labels", "truth", "label", "told"),
    [
        (
            ("cat", "cat"),
            None,
            "cat",
            "2 answers agree (anna@x.org: 'cat', Ben B: 'cat'); one label",
        ),
        (
            ("cat", "dog"),
            None,
            None,
            "answers differ (anna@x.org: 'cat', Ben B: 'dog'), so it came",
        ),
        (
            ("cat", "dog"),
            0,
            "cat",
            "answers differed (anna@x.org: 'cat', Ben B: 'dog'); the ground",
        ),
    ],
)
def test_two_people_s_answers_are_both_told(studio, tmp_path, labels, truth, label, told):
    """Those that differ bring no label by their order: only a ground truth settles them."""
    said = [
        annotation(studio, each, by, ground_truth=number == truth)
        for number, (each, by) in enumerate(zip(labels, (ANNA, BEN), strict=True))
    ]
    (image,), _, (note,) = read(export(tmp_path, task("a.png", said)))
    assert image.told.label == label
    assert note.reason.startswith(told)


def test_several_choices_at_once_are_refused_by_name(studio, tmp_path):
    """An image has one class here."""
    said = annotation(studio, "cat")
    said["result"][0]["value"]["choices"] = ["cat", "dog"]
    images, (refused,), _ = read(export(tmp_path, task("a.png", [said])))
    assert images == []
    assert refused.name == "a.png"
    assert "several choices at once ('cat', 'dog')" in refused.reason


def test_a_box_without_a_choice_is_told(studio, tmp_path):
    """The image is there, and what was drawn on it is said to be left out."""
    said = annotation(studio, None) | {
        "result": [{"type": "rectanglelabels", "from_name": "box", "value": {"x": 1}}]
    }
    (image,), _, (note,) = read(export(tmp_path, task("a.png", [said])))
    assert image.told.label is None
    assert "rectanglelabels" in note.reason


def test_of_two_questions_one_is_to_be_named(studio, tmp_path):
    """The error names them; the one that is named is read."""
    other = {
        "from_name": "quality",
        "to_name": "image",
        "type": "choices",
        "value": {"choices": ["bad"]},
    }
    said = annotation(studio, "cat")
    said["result"].append(other)
    path = export(tmp_path, task("a.png", [said]))
    with pytest.raises(ImportingError, match="more than one question: kind, quality"):
        read(path)
    assert [each.told.label for each in read(path, labels="kind")[0]] == ["cat"]
    assert [each.told.label for each in read(path, labels="quality")[0]] == ["bad"]
    with pytest.raises(ImportingError, match="Did you mean 'quality'"):
        read(path, labels="qualty")


@pytest.mark.parametrize(
    ("reference", "file"),
    [
        ("/data/upload/3/0a1b2c3d-cat.png", "media/upload/3/0a1b2c3d-cat.png"),
        ("/data/upload/3/0a1b2c3d-cat.png", "upload/3/0a1b2c3d-cat.png"),
        ("/data/upload/3/0a1b2c3d-cat.png", "0a1b2c3d-cat.png"),
        ("/data/upload/3/0a1b2c3d-cat.png", "cat.png"),
        ("http://localhost:8080/data/upload/3/0a1b2c3d-my%20cat.png", "my cat.png"),
        ("/data/local-files/?d=scans/my%20cat.png", "scans/my cat.png"),
        ("/data/local-files/?d=all/scans/cat.png", "scans/cat.png"),
        ("/srv/anna/scans/cat.png", "scans/cat.png"),
        ("scans\\cat.png", "scans/cat.png"),
        ("scans/100% cat.png", "scans/100% cat.png"),
    ],
)
def test_an_image_is_found_wherever_the_export_was_moved_with_it(studio, tmp_path, reference, file):
    """Uploads with and without the digits before their names, files that the server shared."""
    path = export(tmp_path, task(reference, [annotation(studio, "cat")]), names=(file,))
    images, refused, _ = read(path)
    assert [(each.name, each.told.label) for each in images] == [(file, "cat")], refused


def test_a_short_name_that_two_images_share_is_nobody_s(studio, tmp_path):
    """Two uploads were called alike: taking either for both would give a wrong label."""
    path = export(
        tmp_path,
        task("/data/upload/3/0a1b2c3d-cat.png", [annotation(studio, "cat")]),
        task("/data/upload/3/99999999-cat.png", [annotation(studio, "dog")]),
        names=("cat.png",),
    )
    images, refused, _ = read(path)
    assert images == []
    assert len(refused) == 2
    assert all("no such file" in each.reason for each in refused)


@pytest.mark.parametrize("address", ["https://x.org/a.png", "s3://bucket/a.png"])
def test_an_address_is_not_fetched_and_said(studio, tmp_path, address):
    """With what to do instead."""
    images, (refused,), _ = read(export(tmp_path, task(address, [annotation(studio, "cat")])))
    assert images == []
    assert refused.name == address
    assert "nothing is fetched" in refused.reason


def test_a_file_outside_the_folder_of_the_export_is_not_read(studio, tmp_path):
    """Neither by dots nor by a link."""
    (tmp_path / "outside.png").write_bytes(png(9))
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "link.png").symlink_to(tmp_path / "outside.png")
    path = export(folder, task("../outside.png"), task("link.png"))
    images, refused, _ = read(path)
    assert images == []
    assert [each.name for each in refused] == ["../outside.png", "link.png"]
    assert "follow-links" in refused[1].reason
    assert [each.name for each in read(path, links=True)[0]] == ["link.png"]


def test_a_task_without_an_image_is_refused_by_its_number(tmp_path):
    """One of text, one with two pictures."""
    path = export(
        tmp_path,
        {"id": 5, "data": {"text": "hello"}, "annotations": []},
        {"id": 6, "data": {"left": "a.png", "right": "b.png"}, "annotations": []},
    )
    _, refused, _ = read(path)
    assert [each.name for each in refused] == ["task 5", "task 6"]
    assert "which has 'text'" in refused[0].reason
    assert "'left', 'right'" in refused[1].reason
