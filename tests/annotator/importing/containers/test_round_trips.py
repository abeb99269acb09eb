"""Exports of ours in other tools' containers, written by the export and read by the import."""

import pytest

from annotator.service import Service
from tests.annotator.small import answer, workspace

FORMATS = {
    "label-studio": ("tasks.json",),
    "coco": ("train.json", "test.json"),
    "huggingface": ("",),
}


def labels(service):
    """SHA-256 -> class, source, annotator, whole milliseconds, seconds and split."""
    names = {each.id: each.name for each in service.classes()}
    images = {each.id: each for each in service.store.images.all()}
    return {
        images[each.image_id].sha256: (
            names[each.class_id], each.source, each.annotator, round(each.at * 1000),
            each.seconds, images[each.image_id].split,
        )
        for each in service.store.labels.current()
    }  # fmt: skip


@pytest.mark.parametrize("form", FORMATS)
def test_an_export_comes_back_as_what_it_was(tmp_path, form):
    """Class, source, annotator, moment, seconds and split of every label, in a new workspace."""
    service = workspace(tmp_path / "w", 16)
    answer(service, 10)
    service.export(tmp_path / "out", form)
    again = Service.create(tmp_path / "again", ["dark", "light"])
    for name in FORMATS[form]:
        if (tmp_path / "out" / name).exists():
            report = again.import_source(tmp_path / "out" / name)
            assert report.refused == ()
    assert len(labels(service)) == 10
    assert labels(again) == labels(service)
