"""The files of a certified export: their bytes, their folders, and none beside them."""

import hashlib
import shutil

import pytest

from annotator.export.proof import files, record
from annotator.export.proof.verify import verify
from tests.annotator import audits, small
from tests.annotator.export.proof.certified import edit_lines, failed, told


def test_a_missing_file_is_told(export):
    """By its path."""
    path = next((export / "images").iterdir())
    path.unlink()
    assert told(files.images, export) == f"the file 'images/{path.name}' is missing"


def test_files_outside_the_export_are_not_looked_at(export):
    """A path that leads out is a problem, not a file to read; so is one that is none."""
    (export.parent / "outside.png").write_bytes(b"")
    for path in ("../outside.png", "images/\0.png"):
        edit_lines(export, lambda lines, path=path: [lines[0] | {"path": path}, *lines[1:]])
        assert "images" in failed(export)
    edit_lines(export, lambda lines: [lines[0] | {"path": "../outside.png"}, *lines[1:]])
    assert "leads out of the export" in failed(export)["images"]


def test_an_export_without_images_is_checked_but_for_them(export):
    """Tables alone: the step says so; a single file without a hash is a file that has changed."""
    edit_lines(export, lambda lines: [line | {"file_sha256": ""} for line in lines[:1]] + lines[1:])
    assert "has changed" in failed(export)["images"]
    edit_lines(export, lambda lines: [line | {"file_sha256": ""} for line in lines])
    [step] = [step for step in verify(export) if not step.holds]
    assert (step.name, step.holds) == ("images", None)
    assert "has no image files" in step.told


def test_a_file_that_stands_for_two_images_or_for_none_is_told(export):
    """A copy beside the others, and a row that takes another row's file."""
    path = next((export / "images").iterdir())
    shutil.copy(path, path.with_name("more.png"))
    assert "file 'images/more.png' is of no row" in failed(export)["images"]
    path.with_name("more.png").unlink()

    def take(lines):
        taken = {each: lines[0][each] for each in ("path", "file_sha256")}
        return [lines[0], lines[1] | taken, *lines[2:]]

    edit_lines(export, take)
    assert "stands for two images" in failed(export)["images"]


def test_files_that_were_written_anew_are_counted_as_not_checked(export):
    """What is in them is not what was imported, so nothing ties them to their row."""
    [line, *_] = record.read(export).lines
    content = b"without metadata"
    (export / line["path"]).write_bytes(content)
    anew = hashlib.sha256(content).hexdigest()
    edit_lines(export, lambda lines: [lines[0] | {"file_sha256": anew}, *lines[1:]])
    step = next(each for each in verify(export) if each.name == "images")
    assert (step.holds, step.unchecked) == (True, 1)
    assert "1 of 220 files were written anew" in step.told


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Certified exports of a folder a class, by format."""
    root = tmp_path_factory.mktemp("folders")
    service = audits.ready(root / "work")
    service.certify.begin(40, audits.TERMS)
    audits.answer(service)
    service.certify.close()
    for kind in ("folder", "yolo"):
        service.export(root / kind, kind, certified=True)
    service.close()
    return root


def moved(folder, source, target):
    """Move a file and tell its row."""
    (folder / target).parent.mkdir(parents=True, exist_ok=True)
    (folder / source).rename(folder / target)
    edit_lines(folder, lambda lines: [
        line | {"path": target} if line["path"] == source else line for line in lines
    ])  # fmt: skip


@pytest.mark.parametrize("kind", ["folder", "yolo"])
def test_a_file_that_lies_in_another_class_or_split_is_told(made, tmp_path, kind):
    """Readers of folders go by them, whatever the table says."""
    folder = shutil.copytree(made / kind, tmp_path / kind)
    assert failed(folder) == {}
    line = next(each for each in record.read(folder).lines if each["source"] == "pseudo")
    path, name = line["path"], line["path"].rsplit("/", 1)[1]
    other = next(each for each in small.KINDS[:2] if each != line["label"])
    split = path.split("/")[0]
    for target, reason in (
        (f"{split}/{other}/{name}", f"lies in the folder '{other}', but is labeled"),
        (f"test/{line['label']}/{name}", "lies in 'test', but is of the split 'pool'"),
        (f"unclear/{name}", "lies among those that nobody can tell"),
    ):
        moved(folder, path, target)
        assert reason in failed(folder)["images"]
        moved(folder, target, path)
    assert failed(folder) == {}


@pytest.mark.parametrize("kind", ["folder", "yolo"])
def test_folders_of_classes_that_changed_their_names_are_told(made, tmp_path, kind):
    """All of them at once, and the table along."""
    folder = shutil.copytree(made / kind, tmp_path / kind)
    one, other = small.KINDS[:2]
    swap = {one: other, other: one}

    def change(lines):
        for line in lines:
            split, name, file = line["path"].split("/")
            line["path"] = f"{split}/{swap[name]}/{file}"
        return lines

    for place in [each for each in folder.glob("*/*") if each.name in swap]:
        place.rename(place.with_name(f"was {place.name}"))
    for place in folder.glob("*/was *"):
        place.rename(place.with_name(swap[place.name.removeprefix("was ")]))
    edit_lines(folder, change)
    assert "lies in the folder" in failed(folder)["images"]
