"""Exports of ours in other tools' containers, written by the export and read by the import."""

import pytest

from annotator.service import Service
from tests.annotator.small import answer, workspace

FORMATS = {
    "label-studio": ("tasks.json",),
    "coco": ("train.json", "test.json"),
    "huggingface": ("",),
}

MOMENT = 3  # where it stands among what is told of a label


def labels(service):
    """SHA-256 -> class, source, annotator, moment, seconds and split."""
    names = {each.id: each.name for each in service.classes()}
    images = {each.id: each for each in service.images(limit=-1)}
    return {
        images[each.image_id].sha256: (
            names[each.class_id], each.source, each.annotator, each.at,
            each.seconds, images[each.image_id].split,
        )
        for each in service.store.labels.current()
    }  # fmt: skip


def timeless(found):
    return {key: (*said[:MOMENT], *said[MOMENT + 1 :]) for key, said in found.items()}


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
    before, after = labels(service), labels(again)
    assert len(before) == 10
    for sha256, said in before.items():
        assert abs(said[MOMENT] - after[sha256][MOMENT]) <= 1.001e-3  # milliseconds are written
    assert timeless(after) == timeless(before)
