"""Labels of a table for images that are here already, by their names."""

import json
from functools import partial
from unicodedata import normalize

import pandas as pd
import pytest

from annotator.importing.deciding import matching
from annotator.importing.deciding.matching import Known, matched
from annotator.importing.looking.ahead import look
from annotator.importing.looking.tables import outcome
from annotator.importing.source import Absent
from annotator.model import Agreed, How, Refused, Settings, Told, sentences
from annotator.service import Service
from annotator.store.columns.names import called
from tests.annotator.documents import pdf
from tests.annotator.pictures import png

HERE = ("p1/a.png", "p1/b.png", "p2/b.png", "grün.png", "top.png")


@pytest.fixture
def service(tmp_path):
    """A workspace of a few images that lie in folders, and a letter of two pages."""
    made = Service.create(tmp_path / "ws", ["cat", "dog"], Settings(round_every=0))
    for seed, name in enumerate(HERE):
        path = tmp_path / "scans" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(png(seed))
    (tmp_path / "scans" / "letter.pdf").write_bytes(pdf("x", "y"))
    made.import_source(tmp_path / "scans")
    (tmp_path / "elsewhere").mkdir()
    yield made
    made.close()


def labels(service):
    """The class of each labeled image, by name."""
    names = {each.id: each.name for each in service.classes()}
    found = {each.image_id: names[each.class_id] for each in service.store.labels.current()}
    return {service.image(image_id).name: name for image_id, name in found.items()}


def table(tmp_path, rows, suffix="csv"):
    path, frame = tmp_path / "elsewhere" / f"labels.{suffix}", pd.DataFrame(rows)
    if suffix == "parquet":
        frame.to_parquet(path)
    elif suffix == "jsonl":
        path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    else:
        frame.to_csv(path, index=False)
    return path


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
@pytest.mark.parametrize(
    ("row", "name"),
    [
        ("p1/a.png", "p1/a.png"),
        ("a.png", "p1/a.png"),
        ("./p1/a.png", "p1/a.png"),
        ("p1\\a.png", "p1/a.png"),
        ("C:\\data\\p1\\a.png", "p1/a.png"),
        ("/data/scans/p1/a.png", "p1/a.png"),
        ("../scans/p2/b.png", "p2/b.png"),
        (normalize("NFD", "grün.png"), "grün.png"),
        ("some/top.png", "top.png"),
        ("letter.pdf#page=2", "letter.pdf#page=2"),
    ],
)
def test_a_row_without_a_file_is_about_the_one_image_of_its_name(
    service, tmp_path, suffix, row, name
):
    """However the table is written, and however much of the way to the image it says."""
    report = service.import_source(table(tmp_path, [{"path": row, "label": "cat"}], suffix))
    assert labels(service) == {name: "cat"}
    assert (report.added, report.duplicates, report.labeled, report.refused) == (0, 1, 1, ())
    assert report.by_name == ((row.strip(), name),)
    told = " ".join(sentences(report))
    assert "1 row names no file there: matched by name with images that are here" in told
    assert ("by the end of a name alone" in told) == (row != name)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("b.png", "more than one image of the workspace has this name, such as 'p1/b.png' and"),
        ("gone.png", "no image of the workspace has this name: put the images beside the table"),
        ("p2/a.png", "but 'p1/a.png' is called so in another folder"),
        ("A.png", "no image of the workspace has this name: put"),
        ("letter.pdf", "but 2 are pages of such a file: name each of them, such as 'letter.pdf#"),
    ],
)
def test_a_row_that_may_mean_another_image_or_none_is_refused_as_a_row(service, tmp_path, row, why):
    """With the reason, and the way out; nothing is guessed."""
    report = service.import_source(table(tmp_path, [{"path": row, "label": "cat"}]))
    [refused] = report.refused
    assert refused.row
    assert why in refused.reason
    assert "(line 2)" in refused.reason
    assert labels(service) == {}
    assert "Nothing was imported: 1 row refused" in sentences(report)[0]


def test_such_labels_are_taken_as_those_of_known_files(service, tmp_path):
    """Those that differ stay unless agreed to; then both are named; so are unknown classes."""
    path = table(tmp_path, [{"path": "a.png", "label": "cat"}])
    service.import_source(path)
    rows = [{"path": "a.png", "label": "dog"}, {"path": "top.png", "label": "cow"}]
    report = service.import_source(table(tmp_path, rows))
    assert [(each.name, each.stored, each.told) for each in report.differing] == [
        ("p1/a.png", "cat", "dog")
    ]
    assert report.unknown == {"cow": 1}
    report = service.import_source(path.parent / path.name, agreed=Agreed(update_labels=True))
    assert labels(service) == {"p1/a.png": "dog"}
    assert [each.name for each in report.replaced] == ["p1/a.png"]
    assert "p1/a.png was 'cat' here by import, is now 'dog'" in " ".join(sentences(report))


def test_a_sha256_decides_by_itself(service, tmp_path):
    """An image of the same name with other bytes is another one."""
    sha256 = service.images()[0].sha256
    rows = [
        {"path": "x.png", "label": "cat", "sha256": sha256},
        {"path": "top.png", "label": "cat", "sha256": "0" * 64},
    ]
    report = service.import_source(table(tmp_path, rows))
    assert labels(service) == {service.images()[0].name: "cat"}
    assert "has the SHA-256 that it tells" in report.refused[0].reason


def test_a_coco_file_alone_labels_images_that_are_here(service, tmp_path):
    """As a table does."""
    path = tmp_path / "elsewhere" / "coco.json"
    path.write_text(
        json.dumps(
            {
                "images": [{"id": 1, "file_name": "a.png"}, {"id": 2, "file_name": "gone.png"}],
                "categories": [{"id": 1, "name": "cat"}],
                "annotations": [{"id": 1, "image_id": 1, "category_id": 1}],
            }
        )
    )
    report = service.import_source(path)
    assert labels(service) == {"p1/a.png": "cat"}
    assert [each.row for each in report.refused] == [True]


def test_names_are_looked_through_a_few_times_however_many_rows_there_are(monkeypatch):
    """Not once a row; and rows stay in their order."""
    monkeypatch.setattr(matching, "FIRST", 4)
    looks = []

    def images():
        looks.append(1)
        return [(f"{number}.png", f"{number}") for number in range(0, 1000, 2)]

    rows = [Absent(f"{n}.png", "", Told(), "none", (f"{n}.png",)) for n in range(1000)]
    found = list(matched(rows, frozenset(), images, lambda: False))
    assert [each.name for each in found] == [each.name for each in rows]
    assert [isinstance(each, Refused) for each in found] == [False, True] * 500
    assert len(looks) < 8


def known(service):
    return Known(service.store.images.hashes(), partial(called, service.store.db))


def test_a_look_at_a_table_counts_rows_by_name_as_the_import_then_does(service, tmp_path):
    """A file beside it, images here by name and by hash, and rows that name nothing."""
    (tmp_path / "elsewhere" / "new.png").write_bytes(png(99))
    here = next(each.sha256 for each in service.images() if each.name == "top.png")
    names = (
        "new.png",
        "a.png",
        "b.png",
        "p2\\b.png",
        "gone.png",
        "letter.pdf#page=1",
        " ",
        "x.png",
    )
    rows = [{"path": name, "label": "cat", "sha256": ""} for name in names]
    rows[-1]["sha256"] = here
    path = table(tmp_path, rows)
    looked = outcome(path, How(), known(service))
    assert (looked.rows, looked.by_name, looked.missing) == (8, 4, 3)
    assert looked.first_missing == "b.png"
    assert outcome(path, How()).missing == 7
    report = service.import_source(path)
    assert (report.added, report.duplicates, len(report.refused)) == (1, 4, 3)


def test_a_table_of_images_that_are_here_says_so_beside_other_files(service, tmp_path):
    """It names no file of its folder, and is of use all the same: by itself."""
    table(tmp_path, [{"path": name, "label": "cat"} for name in ("a.png", "top.png", "gone.png")])
    (tmp_path / "elsewhere" / "new.png").write_bytes(png(99))
    [seen] = look(tmp_path / "elsewhere", How(), tmp_path / "ws", known(service)).beside
    assert (seen.here, seen.by_name, seen.count) == (0, 2, 3)


@pytest.mark.parametrize("keep", [False, True])
@pytest.mark.parametrize("part", ["train", "test"])
def test_a_table_alone_moves_no_image_between_the_sets_and_says_so(service, tmp_path, part, keep):
    """Whatever set it names: images that are here stay, and it is told how many would not."""
    before = {each.name: each.split for each in service.images()}
    rows = [{"path": name, "label": "cat", "split": part} for name in HERE]
    path = table(tmp_path, rows)
    agreed = Agreed(keep_splits=keep)
    report = service.take_in(service.read_source(path, keep_splits=keep), agreed)
    assert len(report.by_name) == len(HERE)
    assert {each.name: each.split for each in service.images()} == before
    told = " ".join(sentences(report))
    assert f"{part} {len(HERE)} images" in told
    others = [name for name in HERE if before[name] != {"train": "pool"}.get(part, part)]
    assert report.stayed == (len(others) if keep else 0)
    assert ("came in earlier, with another split, which stays" in told) is bool(keep and others)


def test_a_group_that_a_table_alone_tells_moves_no_image_and_what_it_does_is_told(
    service, tmp_path
):
    """Images join it where they are; where it lies in two sets, that is said."""
    before = {each.name: each.split for each in service.images()}
    rows = [{"path": name, "patient": "p"} for name in HERE]
    report = service.import_source(table(tmp_path, rows), group="patient")
    assert {each.name: each.split for each in service.images()} == before
    splits = {before[name] for name in HERE}
    assert report.both == (len(splits) > 1)
    told = " ".join(sentences(report))
    assert "1 group, each drawn as a whole" in told
    assert ("images in the test set and beside it" in told) is (len(splits) > 1)
    assert len(set(service.store.images.groups().values())) == 1
