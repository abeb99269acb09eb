"""A round is what it was at the click, whatever is saved, labeled or imported before it begins."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image as Picture

from annotator.model import RoundRequest, SoughtGuesses
from annotator.rounds import judge
from annotator.rounds.learn import Learned
from annotator.rounds.train import Training, strongest
from annotator.store import Fence
from tests.annotator.small import answer, event, source, truth, workspace
from tests.annotator.workers import finish


@pytest.fixture
def service(tmp_path):
    opened = workspace(tmp_path / "ws", 40, steps=10)
    answer(opened, 14)
    yield opened
    opened.close()


def test_what_is_saved_after_the_click_does_not_touch_the_round(service):
    """Settings, a class and labels: each would change the round if it were read at its start."""
    asked = service.settings()
    labels = service.progress().pool_labeled
    classes = [each.id for each in service.classes()]
    service.start_round("fixmatch", "frozen", {"threshold": 0.7})
    changed = replace(
        asked, steps=20, policy="random", preset="photo", threshold=0.5, seed=9, round_every=3
    )
    service.save_settings(changed)
    service.add_class("late")
    service.remove_class(classes[0])
    answer(service, 6, first=50)
    finish(service)
    [done] = service.rounds()
    assert done.state == "done"
    assert service.progress().pool_labeled < labels, "its labels are hidden now"
    assert (done.labels, done.params, done.threshold) == (labels, {"threshold": 0.7}, 0.95)
    assert list(done.details.classes) == classes
    assert (done.details.steps, done.details.policy) == (10, "mix")
    assert done.details.preset == "handwriting"
    assert done.seed == asked.seed + done.job_id
    assert service.settings() == changed, "what was saved holds from the next round on"


def test_images_that_come_after_the_click_wait_for_the_next_round(service, tmp_path):
    """The round predicts the images there were; the next one knows all of them."""
    service.start_round("supervised", "frozen")
    service.import_source(source(tmp_path / "late", 12, kinds=("striped",)))
    finish(service)
    said = service.store.results.predictions(1)
    assert max(said) <= 40
    assert service.explore.near_duplicates().unsearched == 12
    while service.active_job():  # the import asked for a look at the images
        finish(service)
    service.start_round("supervised", "frozen")
    finish(service)
    assert max(service.store.results.predictions(2)) > 40
    assert service.explore.near_duplicates().unsearched == 0


def test_a_round_over_ids_with_gaps_is_right_about_every_image(service, tmp_path):
    """Ids may have gaps; each prediction, map point and neighbor belongs to its own image."""
    service.store.db.run(
        """INSERT INTO image (id, sha256, name, kept, width, height, split, note, draw, added)
           VALUES (1000, 'gone', 'gone', 'gone', 1, 1, 'pool', '', 0.5, 0)"""
    )
    folder = tmp_path / "late"
    folder.mkdir()
    for number in range(8):
        pixels = np.full((16, 16), 60 if number % 2 else 190, np.uint8)
        pixels[number, :] = 128
        kind = "dark" if number % 2 else "light"
        Picture.fromarray(pixels).save(folder / f"{number} {kind}.png")
    service.import_source(folder)
    service.store.db.run("DELETE FROM image WHERE id = 1000")
    late = [each for each in service.images(limit=-1) if each.id > 1000]
    assert len(late) == 8
    service.save_settings(replace(service.settings(), steps=60))
    service.start_round("supervised", "frozen")
    while service.active_job():
        finish(service)
    names = {each.id: each.name for each in service.classes()}
    said = service.store.results.predictions(1)
    images = {each.id: each for each in service.images(limit=-1) if each.split == "pool"}
    assert set(said) == set(images)
    right = [names[each.class_id] in images[each.image_id].name for each in said.values()]
    assert sum(right) / len(right) > 0.8  # half of them, if rows were shifted
    assert {each.image_id for each in service.explore.points()} == set(images)
    found = service.explore.like(late[0].id, n=3)
    assert all(("dark" in image.name) == ("dark" in late[0].name) for image, _ in found)


def test_a_request_survives_its_travel_through_the_job(service):
    """What the click fixed is what the worker reads, type by type."""
    service.start_round("supervised", "frozen")
    read = RoundRequest.read(service.last_job().params)
    assert read.settings == service.settings()
    assert read.classes == tuple(each.id for each in service.classes())
    assert read.newest == 40
    assert read.median_side == 16
    assert RoundRequest.read({"method": "vat", "regime": "auto", "params": {}}) is None


def trained(service, cut=0):
    """A frozen round by `plain`, done here; what ends after `cut` steps is begun again."""
    service.start_round("plain", "frozen")
    job = service.store.jobs.claim("test")
    fence = Fence(job.id, job.attempt)
    for attempt in (cut, None) if cut else (None,):
        steps = Training(service.workspace, service.store, job, fence).steps()
        for number, step in enumerate(steps, 1):
            if number == attempt:
                assert "training plain" in step.message
                steps.close()
    return service.rounds()[-1]


def test_a_round_keeps_its_baseline_by_name_and_what_its_learners_count(tmp_path):
    """The baseline is the learner with the lower loss; a round that was cut says the very same.

    So it does of a label that is wrong, which its learners contradict, and of how far images lie.
    """
    found, doubted, far = [], [], []
    for name, cut in (("calm", 0), ("cut", 25)):
        made = workspace(tmp_path / name, 40, steps=60)
        wrong = next(each for each in answer(made, 20) if each.split == "pool")
        other = "light" if truth(wrong.name) == "dark" else "dark"
        made.record([event(made, wrong, seq=50, name=other)], "anna")
        found.append(trained(made, cut))
        labels = made.guesses(SoughtGuesses(among="labels"), limit=99)
        doubted.append([(each.image.id, each.class_id, each.own) for each in labels])
        assert wrong.id in {each.image.id for each in labels}
        far.append(made.store.db.rows("SELECT image_id, distance FROM prediction"))
        assert sum(each["distance"] is None for each in far[-1]) == 40, "the baseline's"
        made.close()
    assert doubted[0] == doubted[1]
    assert far[0] == far[1]
    calm, cut = (each.details for each in found)
    assert set(calm.losses) == {"logistic", "supervised"}
    assert calm.withheld == found[0].labels
    best = min(calm.losses, key=calm.losses.get)
    assert calm.shares == {name: float(name == best) for name in calm.losses}
    assert (calm.baseline, found[0].baseline) == (best, best)
    assert cut == calm


def test_a_round_that_defers_keeps_the_classes_of_its_baseline(service, monkeypatch):
    """Another model by name; what it asks is what it would have asked."""
    images = [each for each in service.images(limit=40) if each.split == "pool"]
    names = [each.name for each in service.classes()]
    wrong = [event(service, e, seq=90 + i, name=names[i % 2]) for i, e in enumerate(images[:18])]
    service.record(wrong, "ben")  # models part where labels are no help
    chosen = []
    for defers in (False, True):
        monkeypatch.setattr(judge, "defers", lambda *_, defers=defers: defers)
        service.start_round("label_spreading", "frozen")
        finish(service)
        chosen.append([each.image.id for each in service.lease("anna", str(defers), 5)])
    own, deferred = service.rounds()
    assert (own.details.deferred, deferred.details.deferred) == (False, True)
    assert own.model_hash != deferred.model_hash
    by = "SELECT model, class_id FROM prediction WHERE round_id = :n ORDER BY model, image_id"
    for found, same in ((own, False), (deferred, True)):
        said = {"ssl": [], "baseline": []}
        for row in service.store.db.rows(by, {"n": found.number}):
            said[row["model"]].append(row["class_id"])
        assert (said["ssl"] == said["baseline"]) is same
    assert chosen[0] == chosen[1]
    service.start_round("plain", "frozen", {"strength": 0.5})  # who asks for it gets it
    finish(service)
    assert not service.rounds()[-1].details.deferred


def test_the_strongest_learner_counts_most():
    """None where nobody was weighed: the round keeps what it had asked for."""
    assert strongest(Learned(None, "", {"a": 0.2, "b": 0.5, "c": 0.3})) == "b"
    assert strongest(Learned(None, "")) is None
