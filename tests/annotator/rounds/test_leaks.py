"""From import to training: a brighter copy of a test image is found, and teaches nothing."""

import numpy as np
import pytest
from PIL import Image as Picture

from annotator.rounds.snapshot import take
from annotator.worker.loop import Worker
from tests.annotator.small import event, workspace


@pytest.fixture
def service(tmp_path):
    """Forty pictures, and a brighter copy of each test image, imported later and prepared."""
    service = workspace(tmp_path / "ws", 40, steps=4)
    copies = tmp_path / "copies"
    copies.mkdir()
    for image in service.images(kind="test"):
        pixels = np.asarray(Picture.open(service.workspace.image_path(image.stored)), int)
        brighter = Picture.fromarray((pixels + 9).clip(0, 255).astype(np.uint8))
        brighter.save(copies / f"copy of {image.id} {image.name.split()[-1]}")
    assert service.import_source(copies).added == len(list(copies.iterdir()))
    service.prepare()
    Worker(service.workspace).run(once=True)
    return service


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
    Worker(service.workspace).run(once=True)
    latest = service.store.results.latest()
    assert latest is not None
    assert latest.labels == 12, "the label on the copy of a test image is not one of them"
    assert set(leaking) <= set(service.store.results.predictions(latest.number))
    exported = {each.image_id for each in service.store.results.pseudo_labels(latest.number, 0.0)}
    assert set(leaking[1:]) <= exported
    assert latest.pseudo_labels == len(service.store.results.pseudo_labels(latest.number, 0.95))
