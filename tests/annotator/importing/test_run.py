"""Taking images in: whole images, again without harm, and with the labels that came along."""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from PIL import Image as Picture

from annotator.importing.run import SEEN_EVERY
from annotator.model import Agreed, Settings, sentences
from annotator.project.leftovers import aside
from annotator.service import Service
from tests.annotator.documents import pdf
from tests.annotator.pictures import png
from tests.annotator.small import event, source

MANY = 1030


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """A thousand pictures, each of another color."""
    folder = tmp_path_factory.mktemp("many")
    for number in range(MANY):
        color = (number % 256, number // 256, 0)
        Picture.new("RGB", (4, 4), color).save(folder / f"{number:04d}.png", compress_level=0)
    return folder


def empty(root):
    return Service.create(root, ["dark", "light"], Settings(round_every=0))


def current(service):
    """The class of each labeled image, by the image's name."""
    names = {each.id: each.name for each in service.classes()}
    found = {each.image_id: names[each.class_id] for each in service.store.labels.current()}
    return {service.image(image_id).name: name for image_id, name in found.items()}


def test_all_images_are_written_at_once(tmp_path, many):
    """Their rows bear one time; all the while it is told how many files were read."""
    service, seen = empty(tmp_path / "ws"), []
    report = service.import_source(many, progress=seen.append)
    assert (report.added, report.duplicates, report.refused) == (MANY, 0, ())
    times = Counter(row["added"] for row in service.store.db.rows("SELECT added FROM image"))
    assert [*times.values()] == [MANY]
    assert seen == list(range(SEEN_EVERY, MANY + 1, SEEN_EVERY))


def test_an_import_that_is_stopped_leaves_nothing_and_can_be_given_again(tmp_path, many):
    """Ctrl-C at file 600: no image, no label, no class; the second time all of them are new."""
    service = empty(tmp_path / "ws")

    def stop(read):
        if read == 600:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        service.import_source(many, progress=stop)
    assert service.store.images.count() == 0
    assert service.active_job() is None
    report = service.import_source(many)
    assert (report.added, report.duplicates) == (MANY, 0)


def test_what_a_killed_import_was_writing_is_removed_and_nothing_else(tmp_path):
    """Its process is gone: the part has no use. One of a living process is left alone."""
    service = empty(tmp_path / "ws")
    folder = service.workspace.images / "ab"
    folder.mkdir()
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    mine = aside(folder / "ab12.png")
    dead = Path(str(mine).replace(f".{os.getpid()}-", f".{process.pid}-"))
    for part in (mine, dead):
        part.write_bytes(b"half")
    service.import_source(source(tmp_path / "pictures", 2))
    assert (mine.exists(), dead.exists()) == (True, False)


def test_copies_are_on_the_disk_before_their_rows(tmp_path, monkeypatch):
    """Every file and every folder of theirs is flushed; a power cut leaves no row without one."""
    service, flushed, fsync = empty(tmp_path / "ws"), set(), os.fsync
    folder = source(tmp_path / "pictures", 6)

    def note(handle):
        fsync(handle)
        flushed.add(os.fstat(handle).st_ino)

    append = service.store.images.append
    due = []

    def noted(images, *given, **named):
        due.append(set(flushed))
        append(images, *given, **named)

    monkeypatch.setattr(os, "fsync", note)
    monkeypatch.setattr(service.store.images, "append", noted)
    service.import_source(folder)
    files = [service.workspace.image_path(each.stored) for each in service.images()]
    assert len(files) == 6
    for path in (*files, *(each.parent for each in files), service.workspace.images):
        assert path.stat().st_ino in due[0], path


def test_every_file_is_counted_once(tmp_path):
    """Added, a copy, refused: together all files, and what is known of an image is told."""
    folder = source(tmp_path / "pictures", 4)
    (folder / "copy.png").write_bytes((folder / "000 dark.png").read_bytes())
    (folder / "notes.txt").write_text("out of focus")
    white, black = (Picture.new("L", (8, 8), level) for level in (255, 0))
    white.save(folder / "moving.gif", save_all=True, append_images=[black])
    report = empty(tmp_path / "ws").import_source(folder)
    assert (report.added, report.duplicates, report.labeled) == (5, 1, 0)
    assert [each.name for each in report.refused] == ["notes.txt"]
    assert [(each.name, each.reason) for each in report.notes] == [
        ("moving.gif", "animated: first frame")
    ]


def test_every_copy_is_named_with_the_image_that_it_is_a_copy_of(tmp_path):
    """One in the source, one here under another name, one named twice; not what is here as such."""
    folder = source(tmp_path / "pictures", 4)
    content = [(folder / name).read_bytes() for name in ("000 dark.png", "001 light.png")]
    (folder / "copy.png").write_bytes(content[0])
    service = empty(tmp_path / "ws")
    assert service.import_source(folder).copies == (("copy.png", "000 dark.png"),)
    assert service.import_source(folder).copies == (("copy.png", "000 dark.png"),)
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "other.png").write_bytes(content[1])
    (tmp_path / "more" / "000 dark.png").write_bytes(content[0])
    (tmp_path / "more" / "new.png").write_bytes(png(99))
    table = tmp_path / "more" / "table.csv"
    table.write_text("path\nother.png\n000 dark.png\nnew.png\nnew.png\n")
    found = service.read_source(table)
    foreseen = service.foresee(found)
    assert foreseen.copies == (("other.png", "001 light.png"), ("new.png", "new.png"))
    assert service.take_in(found).copies == foreseen.copies


@pytest.mark.parametrize("pages", ["all", "first", "2-"])
def test_what_a_report_counts_adds_up_page_by_page(tmp_path, pages):
    """Files, pages that are counted by themselves, and what is no file of pages: none twice."""
    folder = tmp_path / "in"
    folder.mkdir()
    for name, content in {
        "a.pdf": pdf("x", "y", "z"),
        "b.pdf": pdf("one"),
        "c.pdf": pdf("x", "y", "z"),
        "d.png": png(1),
        "e.txt": b"no image",
    }.items():
        (folder / name).write_bytes(content)
    service = empty(tmp_path / "ws")
    for _ in range(2):
        report = service.import_source(folder, pages=pages)
        assert report.counted_of == 2
        files = 5 - report.counted_of + report.counted
        assert report.added + report.duplicates + len(report.refused) == files
        said = " ".join(sentences(report))
        assert f"{report.counted} pages of 2 files with several" in said


def test_labels_of_a_second_import_reach_the_images_of_the_first(tmp_path):
    """The images are duplicates by then; what their folders say is news, and only once."""
    folder = tmp_path / "pictures"
    for seed, name in enumerate(("dark/a.png", "light/b.png", "dark/c.png")):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(png(seed))
    service = empty(tmp_path / "ws")
    assert service.import_source(folder).labeled == 0
    report = service.import_source(folder, labels="folders")
    assert (report.added, report.duplicates, report.labeled) == (0, 3, 3)
    assert current(service) == {"dark/a.png": "dark", "dark/c.png": "dark", "light/b.png": "light"}
    assert service.import_source(folder, labels="folders").labeled == 0


def test_a_removed_class_does_not_come_back_with_an_import(tmp_path):
    """Its labels are left out and named; once a person has restored it, they are taken."""
    folder = tmp_path / "pictures"
    for seed, name in enumerate(("dark/a.png", "light/b.png", "dark/c.png")):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(png(seed))
    service = empty(tmp_path / "ws")
    dark = service.classes()[0]
    service.remove_class(dark.id)
    report = service.import_source(folder, labels="folders")
    assert (report.added, report.labeled) == (3, 1)
    assert report.removed == {"dark": 2}
    assert any("'dark' was removed. Restore it" in each for each in sentences(report))
    assert [each.name for each in service.classes()] == ["light"]
    service.restore_class(dark.id)
    assert service.import_source(folder, labels="folders").labeled == 2
    assert service.count_by_class() == {"dark": 2, "light": 1}


def test_an_answer_that_an_expert_gives_during_the_import_is_kept(tmp_path):
    """It came after the source was read, and before the labels of the source were written."""
    folder = tmp_path / "pictures"
    for number in range(SEEN_EVERY):
        path = folder / "light" / f"{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(png(number, 8, 8))
    service = empty(tmp_path / "ws")
    service.import_source(folder)
    images, expert = service.images(limit=2), Service.open(tmp_path / "ws")

    def meanwhile(_read):
        expert.record([event(expert, images[0], seq=1, name="dark")], "anna")

    assert service.import_source(folder, labels="folders", progress=meanwhile).labeled == 49
    kept = {each.image_id: each.annotator for each in service.store.labels.current()}
    assert (kept[images[0].id], kept[images[1].id]) == ("anna", "import")
    assert current(service)[images[0].name] == "dark"


def test_a_label_of_a_merged_class_is_known_as_what_it_counts_as(tmp_path):
    """The source says what it always said: nothing differs, and a split gives the class back."""
    service = empty(tmp_path / "ws")
    folder = source(tmp_path / "source", 4)
    rows = "".join(f"{each.name},{each.stem.split()[-1]}\n" for each in sorted(folder.iterdir()))
    table = folder / "labels.csv"
    table.write_text(f"path,label\n{rows}")
    assert service.import_source(table, labels="label").labeled == 4
    before = current(service)
    dark, light = service.classes()
    service.merge_class(dark.id, light.id)
    again = service.import_source(table, labels="label")
    assert (again.known, again.labeled, again.differing) == (4, 0, ())
    late = source(tmp_path / "more" / "late", 6)
    (late.parent / "labels.csv").write_text("path,label\nlate/004 dark.png,dark\n")
    assert service.import_source(late.parent / "labels.csv", labels="label").labeled == 1
    assert set(current(service).values()) == {"light"}
    service.split_class(dark.id)
    assert current(service) == before | {"late/004 dark.png": "dark"}


def test_a_source_s_validation_set_validates_where_the_workspace_has_one(tmp_path):
    """Exactly its images do; what there is too little of is told with the way out."""
    made = Service.create(tmp_path / "ws", ["dark"], Settings(round_every=0, val_share=0.05))
    for part, many in (("train", 3), ("val", 2), ("test", 2)):
        (tmp_path / "scans" / part / "dark").mkdir(parents=True)
        for n in range(many):
            color = (n, len(part), 0)
            Picture.new("RGB", (4, 4), color).save(tmp_path / "scans" / part / "dark" / f"{n}.png")
    agreed = Agreed(keep_splits=True)
    report = made.import_source(tmp_path / "scans", labels="folders", agreed=agreed)
    assert {each.name for each in made.images(kind="val")} == {"val/dark/0.png", "val/dark/1.png"}
    assert (report.kept, report.kept_val, report.val, report.validating) == (2, 2, 2, 2)
    said = " ".join(sentences(report))
    assert "and so is its validation set (2 new images); what else is divided" in said
    assert "2 validation images in all: confidences are calibrated by them from 60" in said
    made.close()
