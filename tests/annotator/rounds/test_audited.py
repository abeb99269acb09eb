"""An open audit teaches no round: with its answers turned around, a round sees the same."""

import pytest
import torch

from annotator.rounds.snapshot import take
from tests.annotator import audits, small


@pytest.fixture
def service(tmp_path):
    opened = audits.ready(tmp_path / "ws", 90)
    yield opened
    opened.close()


def snapshot(service):
    ids = [each.id for each in service.classes()]
    return take(service.workspace, service.store, service.store.labels.watermark(), ids, 10**6)


def answered(service, client, turned):
    """Answer the whole audit, right or turned around; return what a round would see."""
    rows = service.store.audits.rows(1)
    images = service.store.images.many(each.image_id for each in rows).values()
    events = []
    for seq, image in enumerate(images, 1):
        name = small.truth(image.name)
        said = audits.other(name) if turned else name
        events.append(small.event(service, image, seq=seq, client=client, name=said))
    service.record(events, "anna")
    return snapshot(service)


def test_a_round_beside_an_open_audit_sees_none_of_its_answers(service):
    """Labels, and what may be asked, are the same bit for bit; at its end they differ."""
    service.certify.begin(40, audits.TERMS)
    rows = snapshot(service).index.mask(service.store.audits.asked())
    right = answered(service, "right", turned=False)
    turned = answered(service, "turned", turned=True)
    assert torch.equal(right.y, turned.y)
    assert torch.equal(right.askable, turned.askable)
    assert (right.y[torch.from_numpy(rows)] == -1).all()
    assert not set(right.askable.tolist()) & set(rows.nonzero()[0].tolist())
    service.certify.close()
    after = snapshot(service)
    assert (after.y[torch.from_numpy(rows)] >= 0).all()
