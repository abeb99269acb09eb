"""What shows a test image teaches nothing, and who knows a patient is not asked about it."""

import math
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image as Picture

from annotator.auditing import freezing, planning
from annotator.model import Settings
from annotator.project.workspace import SECRET_BYTES
from annotator.rounds.snapshot import take
from annotator.service import Service
from ssl_core.evidence.folds import folds
from tests.annotator.audits import TERMS, other
from tests.annotator.rounds.leaking import files, tables
from tests.annotator.small import answer, event, truth, workspace
from tests.annotator.workers import finish


@pytest.fixture
def service(tmp_path):
    """Forty pictures, and a brighter copy of each test image, imported later and prepared."""
    service = workspace(tmp_path / "ws", 40, steps=4)
    copies(service, tmp_path / "copies")
    return service


def copies(service, folder):
    """Import a brighter copy of each test image, and look at all images."""
    folder.mkdir()
    for image in service.images(kind="test"):
        pixels = np.asarray(Picture.open(service.workspace.image_path(image.stored)), int)
        brighter = Picture.fromarray((pixels + 9).clip(0, 255).astype(np.uint8))
        brighter.save(folder / f"copy of {image.id} {image.name.split()[-1]}")
    assert service.import_source(folder).added == len(list(folder.iterdir()))
    service.prepare()
    finish(service)


def test_copies_of_test_images_are_found_and_not_trained_on(service):
    """Those that fell into the pool; the test images themselves still measure."""
    leaking = {
        image.id
        for image in service.images(limit=100)
        if image.name.startswith("copy of") and image.split == "pool"
    }
    assert leaking
    assert leaking <= set(service.store.near_duplicates.of_test())
    assert service.explore.near_duplicates().of_test >= len(leaking)
    active = [each.id for each in service.classes()]
    data = take(service.workspace, service.store, service.store.labels.watermark(), active, 10**6)
    assert not any(data.pool[each - 1] for each in leaking)
    assert data.test.tolist() == [each - 1 for each in service.store.images.ids("test")]
    others = service.progress().images - len(service.store.near_duplicates.spare())
    asked = {each.image.id for each in service.lease("tab", "anna", others)}
    assert not asked & leaking


def test_a_round_predicts_them_all_the_same(service):
    """A label on such an image is not learned from; without one it may be pseudo-labeled."""
    leaking = service.store.near_duplicates.of_test()
    pool = [each for each in service.store.images.ids("pool") if each not in leaking]
    chosen = [*pool[:12], leaking[0]]
    images = [service.image(each) for each in chosen]
    kinds = [each.name.removesuffix(".png").split()[-1] for each in images]
    events = [
        event(service, image, seq=seq, name=kind)
        for seq, (image, kind) in enumerate(zip(images, kinds, strict=True), 1)
    ]
    service.record(events, "anna")
    service.start_round("supervised", "finetune")
    finish(service)
    latest = service.store.results.latest()
    assert latest is not None
    assert latest.labels == 12, "the label on the copy of a test image is not one of them"
    assert set(leaking) <= set(service.store.results.predictions(latest.number))
    exported = {each.image_id for each in service.store.results.pseudo_labels(latest.number, 0.0)}
    assert set(leaking[1:]) <= exported
    assert latest.pseudo_labels == len(service.store.results.pseudo_labels(latest.number, 0.95))


def patients(folder, n=20, each=5):
    """So many images of each: a face of its own, and a class that it does not show."""
    folder.mkdir()
    rng = np.random.default_rng(0)
    for number in range(n):
        face = np.kron(rng.normal(0, 45, (4, 4)), np.ones((4, 4)))
        kind = ("dark", "light")[int(rng.integers(2))]
        for copy in range(each):
            pixels = 128 + face + rng.normal(0, 16, (16, 16))
            picture = Picture.fromarray(pixels.clip(0, 255).astype(np.uint8))
            picture.save(folder / f"p{number:02d}_{copy} {kind}.png")
    return folder


@pytest.fixture
def studied(tmp_path):
    """Patients whose images are all labeled, but for those that measure."""
    made = Service.create(
        tmp_path / "ws", ["dark", "light"], Settings(steps=20, round_every=0, test_share=0.1)
    )
    (made.workspace.root / "secret").write_bytes(bytes(SECRET_BYTES))  # who measures is by it
    made.import_source(patients(tmp_path / "patients"), group=r"p\d+")
    made.cancel(made.active_job().id)
    images = [made.image(each) for each in made.store.images.ids("pool")]
    made.record([event(made, image, seq=seq) for seq, image in enumerate(images, 1)], "anna")
    yield made
    made.close()


def said_of_kept_labels(service):
    """Of a round's learners, the log loss on labels that were kept from them."""
    service.start_round("plain", "frozen")
    finish(service)
    latest = service.store.results.latest()
    return latest.details.losses["supervised"]


def test_who_knows_the_patient_does_not_look_as_if_it_knew_the_class(studied):
    """The same images and labels: with groups a round knows that it knows nothing."""
    by_patient = said_of_kept_labels(studied)
    store = studied.store
    [classes, mark] = [each.id for each in studied.classes()], store.labels.watermark()
    data = take(studied.workspace, store, mark, classes, 10**6)
    known = data.groups[data.y >= 0]
    fold = folds(data.y[data.y >= 0], groups=known)
    assert {len(fold[known == each].unique()) for each in known.unique()} == {1}
    assert len(known.unique()) == len(known) // 5
    assert not store.near_duplicates.counts()[0], "or they would be told apart by that"
    store.db.run("UPDATE image SET in_group = ''")
    by_image = said_of_kept_labels(studied)
    assert by_image < 0.62 < math.log(2) < by_patient


def lived(root, say):
    """A workspace trained three times, whose test images and some copies were answered by `say`.

    With ten labels of each class "auto" holds a trial; the third round starts from the weights of
    the second; and a few answers come after it, from which an audit is planned.
    """
    made = workspace(root, 56, steps=4, test_share=0.25)
    copies(made, root.parent / f"{root.name} copies")
    tests = [made.image(each) for each in made.store.images.ids("test")]
    shown = [made.image(each) for each in made.store.near_duplicates.of_test()]
    answers = [event(made, image, seq=0, name=say(image)) for image in (*tests, *shown)]
    pool = [each for each in made.store.images.ids("pool") if made.image(each) not in shown]
    answers += [event(made, made.image(each), seq=0) for each in pool[:22]]
    answers = [replace(each, seq=seq) for seq, each in enumerate(answers, 1)]
    made.record(answers, "anna")
    for method, regime in (("ensemble", "auto"), ("fixmatch", "finetune"), ("vat", "finetune")):
        made.start_round(method, regime)
        finish(made)
        assert made.last_job().state == "done", made.last_job().error
    assert len(answer(made, 12, client="later")) == 12
    return made


def kept(service):
    """All that a workspace keeps, by table and by file, and what an audit of it would plan."""
    order = freezing.order(service.store)
    plan = (
        list(order.rows),
        order.at.tolist(),
        order.wrong.tolist(),
        planning.outlook(service.store, order, TERMS),
    )
    return tables(service), files(service), plan


def test_nothing_but_what_is_measured_changes_with_the_labels_of_test_images(tmp_path):
    """Each is answered otherwise, and so is what shows one: rounds, weights, queue, plans stay."""
    one = lived(tmp_path / "one", lambda image: truth(image.name))
    two = lived(tmp_path / "two", lambda image: other(truth(image.name)))
    (rows, kept_files, plan), (others, other_files, other_plan) = kept(one), kept(two)
    assert [name for name in rows if rows[name] != others[name]] == []
    assert {*kept_files} == {*other_files}
    assert [name for name in kept_files if kept_files[name] != other_files[name]] == []
    assert plan == other_plan
    assert one.curve() != two.curve(), "only that may change, and what follows from it"
    trained = one.rounds()
    assert trained[0].details.trial
    assert len(trained[0].details.shares) > 1
    assert [each.details.warm for each in trained] == [None, None, 2]
    assert {"rounds/3/ssl.pt", "map.npy"} <= {*kept_files}
    assert rows["queue"]
    assert rows["near_duplicate"]
    assert plan[1]
    one.close()
    two.close()
