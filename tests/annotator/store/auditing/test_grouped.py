"""Images that belong together are counted, and what that means is said before and after."""

from annotator.model.auditing import words
from tests.annotator import audits


def test_images_of_one_patient_are_counted_and_told(tmp_path):
    """Of the pseudo-labels alone; one by itself belongs with nothing, and then nothing is said."""
    service = audits.ready(tmp_path / "ws", 90)
    ids = [each.image_id for each in service.store.results.pseudo_labels(1, 0.0)]
    assert service.store.audits.grouped(ids) == (0, 0)
    assert words.grouped(0, 0) == []
    labeled = service.store.labels.current("pool")[0].image_id
    for name, own in {"a": ids[:5], "b": ids[5:7], "c": [ids[7], labeled]}.items():
        for each in own:
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
