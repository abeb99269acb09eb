"""Images that belong together are counted, and what that means is said before and after."""

from collections import Counter

import numpy as np

from annotator.model.auditing import words
from tests.annotator import audits


def test_images_of_one_patient_are_counted_and_told(tmp_path):
    """Of the pseudo-labels alone; one by itself belongs with nothing, and then nothing is said."""
    service = audits.ready(tmp_path / "ws", 90)
    ids = service.store.orders.pseudo_labels(1).image_ids
    assert service.store.audits.grouped(ids) == (0, 0)
    assert words.grouped(0, 0) == []
    labeled = service.store.labels.current("pool")[0].image_id
    for name, own in {"a": ids[:5], "b": ids[5:7], "c": [ids[7], labeled]}.items():
        for each in map(int, own):
            service.store.db.run(
                "UPDATE image SET in_group = :name WHERE id = :id", {"name": name, "id": each}
            )
    assert service.store.audits.grouped(ids) == (7, 2)
    said = "7 of these images come in 2 groups, such as patients"
    assert any(each.startswith(said) for each in words.ahead(service.certify.outlook(audits.TERMS)))
    plan = service.certify.begin(40, audits.TERMS).plan
    assert plan["grouped"] == [7, 2]
    audits.answer(service)
    assert any(each.startswith(said) for each in service.certify.close().looks)
    service.close()


def test_groups_are_numbered_and_counted_as_one_by_one(tmp_path):
    """Of random images in random groups, in a random order."""
    service = audits.ready(tmp_path / "ws", 40)
    store, rng = service.store, np.random.default_rng(0)
    for _ in range(20):
        names = {each: f"{rng.integers(9)}" if rng.random() < 0.6 else "" for each in range(1, 41)}
        for each, name in names.items():
            store.db.run(
                "UPDATE image SET in_group = :name WHERE id = :id", {"name": name, "id": each}
            )
        asked = rng.permutation(40)[: rng.integers(41)] + 1
        sizes = Counter(names[each] for each in asked.tolist() if names[each])
        several = [size for size in sizes.values() if size > 1]
        assert store.audits.grouped(asked) == (sum(several), len(several))
        known: dict[str | int, int] = {}
        slowly = [known.setdefault(names[i] or i, len(known)) for i in asked.tolist()]
        assert store.audits.numbered(asked).tolist() == slowly
    service.close()
