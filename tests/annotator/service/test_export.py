"""The export as it is asked for: what is the threshold, what is left out, what is refused."""

import csv
import hashlib
import json

import pytest
from PIL import Image as Picture

from annotator.errors import AnnotatorError, ExportError
from annotator.service import Service
from tests.annotator.invented import finish_round, truly
from tests.annotator.pictures import jpeg, png
from tests.annotator.small import answer, workspace


@pytest.fixture
def service(tmp_path):
    service = workspace(tmp_path / "ws", 40, seed=3)
    answer(service, 14)
    return service


def rows(out):
    with (out / "labels.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_by_default_the_round_decides_what_is_sure_enough(service, tmp_path):
    """Its own threshold holds, not the one that is set now; one that is asked for overrules it."""
    done = finish_round(service, threshold=0.975)
    report = service.export(tmp_path / "a")
    assert (report.human, report.pseudo, report.round) == (14, done.pseudo_labels, done.number)
    assert {float(row["confidence"]) >= 0.975 for row in rows(tmp_path / "a") if row["round"]} == {
        True
    }
    report = service.export(tmp_path / "b", threshold=0.98)
    labeled = {each.image_id for each in service.store.labels.current()}
    sure = [
        image
        for image in service.images(limit=-1)
        if image.split == "pool" and image.id not in labeled and truly(image)[1] >= 0.98
    ]
    assert report.pseudo == len(sure) < done.pseudo_labels


def test_pseudo_labels_can_be_left_out(service, tmp_path):
    """Then no round is named, neither in the report nor in the provenance."""
    finish_round(service)
    report = service.export(tmp_path / "out", pseudo=False)
    assert (report.human, report.pseudo, report.round) == (14, 0, None)
    told = json.loads((tmp_path / "out" / "provenance.json").read_text())
    assert "round" not in told
    assert told["sources"] == {"human": 14}


def test_the_provenance_says_what_the_workspace_was_set_to(service, tmp_path):
    """Its name, its settings, and the threshold that was used."""
    finish_round(service)
    service.export(tmp_path / "out", threshold=0.5)
    told = json.loads((tmp_path / "out" / "provenance.json").read_text())
    assert (told["workspace"], told["threshold"]) == ("ws", 0.5)
    assert (told["settings"]["seed"], told["settings"]["test_share"]) == (3, 0.3)


def test_every_format_that_is_offered_is_written(service, tmp_path):
    """Each into a folder of its own; an unknown one lists them."""
    for name in service.export_formats():
        assert service.export(tmp_path / name, name).human == 14
    with pytest.raises(
        ExportError, match=f"Choose one of: {', '.join(sorted(service.export_formats()))}"
    ):
        service.export(tmp_path / "out", "xlsx")


@pytest.mark.parametrize("cut", [-0.1, 1.1, float("nan")])
def test_a_threshold_that_is_no_share_is_refused_before_anything_is_written(service, tmp_path, cut):
    """It must lie between 0 and 1."""
    with pytest.raises(AnnotatorError, match="between 0 and 1"):
        service.export(tmp_path / "out", threshold=cut)
    assert not (tmp_path / "out").exists()


def test_with_nothing_to_export_it_says_what_to_do(tmp_path):
    """No label, no round."""
    service = workspace(tmp_path / "empty", 4)
    with pytest.raises(ExportError, match="Label some images or train a round"):
        service.export(tmp_path / "out")


def test_a_label_of_the_year_275760_does_not_stop_the_export(service, tmp_path):
    """An earlier version wrote what the browser's clock said: the row says when it arrived."""
    image = service.images(kind="unlabeled")[0]
    for seq, at in enumerate((8.64e12, -8.64e12), 1):
        service.store.db.run(
            """INSERT INTO event (client, seq, kind, image_id, class_id, annotator, at, received,
                                  seconds, reason)
               VALUES ('old', :seq, 'label', :id, 1, 'anna', :at, 1e9, 0, '')""",
            {"seq": seq, "id": image.id, "at": at},
        )
        service.export(tmp_path / str(seq), pseudo=False)
        [row] = [each for each in rows(tmp_path / str(seq)) if each["sha256"] == image.sha256]
        assert row["at"] == "2001-09-09T01:46:40.000+00:00"


@pytest.fixture
def odd(tmp_path):
    """A workspace with a class that a spreadsheet would run, and images that name who made them."""
    exif = Picture.Exif()
    exif[0x013B], exif[0x0112] = "Jane Roe", 6
    folder = tmp_path / "source" / "=1+1"
    folder.mkdir(parents=True)
    for seed in range(3):
        (folder / f"-{seed}.jpg").write_bytes(jpeg(seed, exif=exif))
    (tmp_path / "source" / "plain").mkdir()
    (tmp_path / "source" / "plain" / "a.png").write_bytes(png(9))
    made = Service.create(tmp_path / "odd", ["=1+1", "plain"])
    made.import_source(tmp_path / "source", labels="folders")
    yield made
    made.close()


def labels(service):
    """Of each image, its class by name."""
    names = {each.id: each.name for each in service.classes()}
    images = {image.id: image.sha256 for image in service.images(limit=-1)}
    return {images[each.image_id]: names[each.class_id] for each in service.store.labels.current()}


WAYS = [
    (name, {"keep_metadata": keep, "safe_cells": sheet})
    for name in ("csv", "folder")
    for keep in (False, True)
    for sheet in (False, True)
]


@pytest.mark.parametrize(("name", "options"), WAYS)
def test_an_export_that_comes_back_changes_nothing(odd, tmp_path, name, options):
    """Each file is known as the image it was made of, and each cell is what it was."""
    before = labels(odd)
    odd.export(tmp_path / "out", name, **options)
    report = odd.import_source(tmp_path / "out" / "labels.csv")
    assert (report.added, report.duplicates, report.refused, report.labeled) == (0, 4, (), 0)
    assert labels(odd) == before
    assert [each.name for each in odd.classes()] == ["=1+1", "plain"]


@pytest.mark.parametrize(("name", "options"), WAYS)
def test_an_export_makes_the_same_workspace_elsewhere(odd, tmp_path, name, options):
    """The same images with the same labels; what those images are called by content may differ."""
    odd.export(tmp_path / "out", name, **options)
    fresh = Service.create(tmp_path / "fresh", ["=1+1", "plain"])
    report = fresh.import_source(tmp_path / "out" / "labels.csv")
    assert (report.added, report.labeled) == (4, 4)
    assert bool(report.personal) == options["keep_metadata"]
    fresh.export(tmp_path / "again", name, **options)
    one, other = (
        {row["file_sha256"]: row["label"] for row in rows(tmp_path / out)}
        for out in ("out", "again")
    )
    assert one == other
    assert all(row["sha256"] == row["file_sha256"] for row in rows(tmp_path / "again"))
    fresh.close()


def test_a_table_cannot_pass_an_image_off_as_another(odd, tmp_path):
    """A label goes to the image whose pixels lie beside it, whatever the row says of its hash."""
    odd.export(tmp_path / "out")
    table = rows(tmp_path / "out")
    [plain] = [row for row in table if row["label"] == "plain"]
    forged = next(row for row in table if row["label"] == "=1+1")
    (tmp_path / "out" / "new.png").write_bytes(png(50))
    file = hashlib.sha256(png(50)).hexdigest()
    with (tmp_path / "out" / "forged.csv").open("w", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(("path", "label", "sha256", "file_sha256"))
        writer.writerow(("new.png", "plain", forged["sha256"], file))
        writer.writerow(("new.png", "plain", "../../secret", file))
    report = odd.import_source(tmp_path / "out" / "forged.csv")
    assert (report.added, report.duplicates, report.labeled) == (1, 1, 1)
    assert labels(odd)[forged["sha256"]] == "=1+1"
    assert labels(odd)[plain["sha256"]] == "plain"


def test_an_import_warns_of_metadata_that_may_name_a_person(odd, tmp_path):
    """Which files, and what; browsers get none of it, and neither does a small picture."""
    other = Service.create(tmp_path / "other", ["a", "b"])
    report = other.import_source(tmp_path / "source")
    assert [each.reason for each in report.personal] == ["EXIF Artist"] * 3
    assert {each.name for each in report.personal} == {f"=1+1/-{n}.jpg" for n in range(3)}
    for small in (False, True):
        address = other.image_url(1, thumbnail=small).split("?")[1]
        given = dict(pair.split("=") for pair in address.split("&"))
        variant = "thumb" if small else ""
        content, _ = other.picture(1, given["until"], given["sig"], variant)
        assert b"Jane Roe" not in content
    other.close()


BACK = {"huggingface": "", "label-studio": "tasks.json", "coco": "train.json"}


def given(service, split):
    """What is known of each label of a split, its time in milliseconds as an export has it."""
    names = {each.id: each.name for each in service.classes()}
    images = {image.id: image for image in service.images(limit=-1) if image.split == split}
    return {
        images[each.image_id].sha256: (
            *(names[each.class_id], each.source, each.annotator, int(1_000 * each.at + 1e-3)),
            *(each.seconds, each.suggestion_shown, each.reason),
        )
        for each in service.store.labels.current()
        if each.image_id in images
    }


@pytest.mark.parametrize("name", BACK)
def test_what_others_read_comes_back_as_it_was(service, tmp_path, name):
    """People's labels as theirs, a model's as nobody's; in its own workspace nothing changes."""
    finish_round(service)
    before = {split: given(service, split) for split in ("pool", "test")}
    assert before["test"]
    service.export(tmp_path / "out", name)
    source = tmp_path / "out" / BACK[name]
    fresh = Service.create(tmp_path / "fresh", ["dark", "light"])
    fresh.import_source(source)
    assert given(fresh, "pool") == before["pool"]
    if name != "coco":  # whose test images are in a file of their own
        assert given(fresh, "test") == before["test"]
    fresh.close()
    report = service.import_source(source)
    assert (report.added, report.labeled, report.refused) == (0, 0, ())
    assert {split: given(service, split) for split in before} == before


def test_pseudo_labels_that_test_images_speak_against_are_left_out_unless_asked_for(tmp_path):
    """A round that says one class of everything, and is sure of it; what it is worth is told."""
    made = workspace(tmp_path / "ws", 120, seed=3, test_share=0.4)
    answer(made, 60)
    finish_round(made, lambda _: ("dark", 0.99))
    tested = [
        each for each in made.store.labels.current() if made.image(each.image_id).split == "test"
    ]
    right = sum(each.class_id == made.class_named("dark").id for each in tested)
    assert len(tested) >= 10
    assert right / len(tested) < 0.8
    report = made.export(tmp_path / "careful")
    assert (report.human, report.pseudo) == (60, 0)
    assert f"Of {len(tested)} labeled test images" in report.notes[0]
    assert f"{right} are right" in report.notes[0]
    assert "no pseudo-label was written" in " ".join(report.notes)
    told = json.loads((tmp_path / "careful" / "provenance.json").read_text())
    assert tuple(told["notes"]) == report.notes
    assert f"{right} are right" in (tmp_path / "careful" / "README.md").read_text()
    report = made.export(tmp_path / "told", pseudo=True)
    assert report.pseudo > 0
    assert "may be wrong" in " ".join(report.notes)
    report = made.export(tmp_path / "without", pseudo=False)
    assert report.notes == ()
    made.close()
