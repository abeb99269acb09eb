"""Validation images say how sure a round may be, and have a say in nothing else."""

import json
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image as Picture

from annotator.auditing import freezing
from annotator.model import VALIDATION
from annotator.rounds.snapshot import take
from tests.annotator.audits import other
from tests.annotator.rounds.leaking import files, tables
from tests.annotator.small import event, truth, workspace
from tests.annotator.workers import finish

# What a temperature changes, by table
MAY = {
    "prediction": {"confidence", "entropy", "shares"},
    "round": {"pseudo_labels", "pseudo_ratio", "model_hash", "details"},
    "class_ratio": {"pseudo"},
}
CONFIDENT = {"guess_count", "pair_count", "first_guess"}  # tables of those that are sure enough


def lived(root, say):
    """A workspace with one round, whose validation images and some copies were answered by `say`.

    The share is 0 by the time of the round: what is there validates all the same.
    """
    made = workspace(root, 150, steps=4, test_share=0.1, val_share=0.5)
    validate = made.images(kind="val", limit=-1)
    made.save_settings(replace(made.settings(), test_share=0.0, val_share=0.0))
    folder = root.parent / f"{root.name} copies"
    folder.mkdir()
    for image in validate[:3]:
        pixels = np.asarray(Picture.open(made.workspace.image_path(image.stored)), int)
        brighter = Picture.fromarray((pixels + 9).clip(0, 255).astype(np.uint8))
        brighter.save(folder / f"copy of {image.id} {image.name.split()[-1]}")
    assert made.import_source(folder).added == 3
    made.prepare()
    finish(made)
    shown = [made.image(each) for each in made.store.near_duplicates.of_test()]
    answers = [event(made, image, seq=0, name=say(image)) for image in (*validate, *shown)]
    pool = [made.image(each) for each in made.store.images.ids("pool")]
    answers += [event(made, each, seq=0) for each in pool if each not in shown][:12]
    made.record([replace(each, seq=seq) for seq, each in enumerate(answers, 1)], "anna")
    made.start_round("fixmatch", "finetune")
    finish(made)
    assert made.last_job().state == "done", made.last_job().error
    return made


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """Two workspaces that differ in nothing but what was answered to validation images."""
    folder = tmp_path_factory.mktemp("validating")
    made = [
        lived(folder / "one", lambda image: truth(image.name)),
        lived(folder / "two", lambda image: other(truth(image.name))),
    ]
    yield made
    for each in made:
        each.close()


def details(rows):
    """What a round remembers, but for what a temperature changes."""
    kept = [json.loads(row["details"]) for row in rows]
    return [
        {name: each[name] for name in each if name not in {"temperatures", "histogram"}}
        for each in kept
    ]


def test_nothing_but_confidences_changes_with_the_labels_of_validation_images(two):
    """Weights, embeddings, map, queue, classes that are said: each table, each byte of a file."""
    (ours, theirs), (own, others) = map(tables, two), map(files, two)
    assert [name for name in own if own[name] != others.get(name)] == []
    assert {*own} == {*others}
    assert {"rounds/1/ssl.pt", "map.npy"} <= {*own}
    for name in {*ours} - CONFIDENT:
        left = [
            [{key: row[key] for key in row if key not in MAY.get(name, ())} for row in rows[name]]
            for rows in (ours, theirs)
        ]
        assert left[0] == left[1], name
    assert details(ours["round"]) == details(theirs["round"])
    assert ours["prediction"] != theirs["prediction"], "only that may change, and does"
    assert two[0].rounds()[0].details.temperatures != two[1].rounds()[0].details.temperatures
    assert two[0].curve() == two[1].curve()


def test_what_validates_is_neither_learned_from_nor_pseudo_labeled(two):
    """Nor are copies of it; a round says by how many it was calibrated, and by how many labels."""
    for made in two:
        store, latest = made.store, made.store.results.latest()
        shown, validate = set(store.near_duplicates.of_test()), set(store.images.ids("val"))
        assert len(shown) == 3
        assert len(validate) >= VALIDATION
        classes = [each.id for each in made.classes()]
        data = take(made.workspace, store, store.labels.watermark(), classes, 10**6)
        apart = shown | validate
        assert not any(data.pool[each - 1] or data.y[each - 1] >= 0 for each in apart)
        assert not any(data.open[each - 1] for each in validate)
        assert latest.labels == 12
        assert (
            latest.calibrated == f"Confidences are calibrated on {len(validate)} validation images."
        )
        pseudo = {each.image_id for each in store.results.pseudo_labels(latest.number, 0.0)}
        assert not pseudo & validate
        assert not {*freezing.order(store).rows.image_ids.tolist()} & validate
        waiting = {row["image_id"] for row in store.db.rows("SELECT image_id FROM queue")}
        assert not waiting & validate, "all of them are answered"


def test_a_change_of_the_share_moves_no_image(two):
    """Whether it was labeled or not: what there is to learn from may have been learned from."""
    made = two[0]
    before = made.store.db.rows("SELECT id, split FROM image ORDER BY id")
    made.save_settings(replace(made.settings(), val_share=0.4))
    assert made.store.db.rows("SELECT id, split FROM image ORDER BY id") == before
    made.save_settings(replace(made.settings(), val_share=0.0))
    progress = made.progress()
    assert progress.val == progress.val_labeled == len(made.store.images.ids("val"))
    assert progress.labeled == progress.pool_labeled + progress.val_labeled
    assert "confidences are calibrated by them" in progress.validation


def test_an_audit_is_planned_by_what_they_say_of_the_round(two):
    """Each says where it stands among the pseudo-labels, and whether the round was wrong."""
    found = [freezing.order(each.store) for each in two]
    wrong = [each.wrong.sum() for each in found]
    assert [len(each.wrong) for each in found] == [len(two[0].store.images.ids("val"))] * 2
    assert sum(wrong) == len(found[0].wrong), "the one is answered just otherwise than the other"
