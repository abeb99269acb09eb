"""The export as it is asked for: what is the threshold, what is left out, what is refused."""

import csv
import json

import pytest

from annotator.errors import AnnotatorError, ExportError
from tests.annotator.invented import finish_round, truly
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
    with pytest.raises(ExportError, match=f"Choose one of: {', '.join(service.export_formats())}"):
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
        assert row["at"] == "2001-09-09T01:46:40+00:00"
