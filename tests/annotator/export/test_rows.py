"""What an export holds: each expert's label, then what the newest round is sure of."""

import pytest

from annotator.export import rows as export
from annotator.export.rows import measured, point_of, provenance
from annotator.store.results import KEPT_ROUNDS
from tests.annotator.invented import finish_round, truly
from tests.annotator.small import answer, event, truth, workspace


@pytest.fixture
def service(tmp_path):
    """Forty images, fourteen of them answered."""
    service = workspace(tmp_path / "ws", 40)
    answer(service, 14)
    return service


def export_rows(store, latest, threshold):
    """All rows of an export at once."""
    with export.export_rows(store, latest, threshold) as rows:
        return list(rows)


def of(rows, source):
    return [row for row in rows if row.source == source]


def test_every_current_label_is_a_row_with_who_gave_it_and_why(service):
    """By image, test images among them; one that was taken back is none."""
    images = {each.image_id: each for each in service.store.labels.current()}
    gone = service.image(next(iter(images)))
    service.record([event(service, gone, "undo", seq=15)], "anna")
    log = {row["image_id"]: row for row in service.store.db.rows("SELECT * FROM event")}
    rows = export_rows(service.store, None, 0.5)
    assert [row.image.id for row in rows] == sorted(set(images) - {gone.id})
    for row in rows:
        assert row.label == truth(row.image.name)
        assert (row.source, row.annotator, row.split) == ("human", "anna", row.image.split)
        assert (row.confidence, row.round, row.model) == (None, None, None)
        answered = log[row.image.id]
        assert (row.at, row.reason) == (answered["at"], answered["reason"])
    assert {row.split for row in rows} == {"pool", "test"}


def test_pseudo_labels_are_the_confident_ones_of_open_pool_images_surest_first(service):
    """Worked out from what the round says of each image."""
    latest = finish_round(service)
    cut = 0.975
    said = {image.id: truly(image) for image in service.images(limit=-1)}
    labeled = {each.image_id for each in service.store.labels.current()}
    open_ = set(service.store.images.ids("pool")) - labeled
    sure = [each for each in open_ if said[each][1] >= cut]
    rows = export_rows(service.store, latest, cut)
    pseudo = of(rows, "pseudo")
    assert rows == of(rows, "human") + pseudo
    assert [row.image.id for row in pseudo] == sorted(sure, key=lambda each: -said[each][1])
    assert 0 < len(pseudo) < len(open_)
    for row in pseudo:
        assert (row.label, row.confidence) == said[row.image.id]
        assert (row.round, row.model) == (latest.number, latest.model_hash)
        assert (row.annotator, row.at, row.reason, row.split) == (None, None, "", "pool")


def test_what_an_expert_answers_after_the_round_is_the_expert_s(service):
    """No image has two rows, whatever the model still says of it."""
    latest = finish_round(service)
    before = export_rows(service.store, latest, 0.0)
    chosen = of(before, "pseudo")[0].image
    other = "light" if truth(chosen.name) == "dark" else "dark"
    service.record([event(service, chosen, seq=15, name=other)], "ben")
    rows = export_rows(service.store, latest, 0.0)
    assert len(rows) == len(before) == len({row.image.id for row in rows})
    [now] = [row for row in rows if row.image == chosen]
    assert (now.source, now.label, now.annotator) == ("human", other, "ben")


def test_a_removed_class_is_in_no_row_until_it_is_back(service):
    """Neither what experts said nor what the model says; nothing of it is lost."""
    latest = finish_round(service)
    before = export_rows(service.store, latest, 0.0)
    dark = next(each for each in service.classes() if each.name == "dark")
    service.remove_class(dark.id)
    rows = export_rows(service.store, latest, 0.0)
    assert {row.label for row in rows} == {"light"}
    assert rows == [row for row in before if row.label == "light"]
    service.restore_class(dark.id)
    assert export_rows(service.store, latest, 0.0) == before


def test_a_round_whose_predictions_were_dropped_gives_no_pseudo_labels(service):
    """Only the newest rounds keep what they said of the pool; labels are there whatever comes."""
    rounds = [finish_round(service) for _ in range(KEPT_ROUNDS + 1)]
    human = export_rows(service.store, None, 1.0)
    assert export_rows(service.store, rounds[0], 0.0) == human
    for kept in rounds[1:]:
        rows = export_rows(service.store, kept, 0.0)
        assert {row.round for row in of(rows, "pseudo")} == {kept.number}


def test_the_provenance_names_the_round_or_none(service):
    """Whoever gets the folder can say which model, seed and threshold it came from."""
    bare = provenance("cells", None, 0.9, {"seed": 3})
    assert (bare["workspace"], bare["settings"]) == ("cells", {"seed": 3})
    assert not {"round", "model", "threshold"} & set(bare)
    latest = finish_round(service)
    told = provenance("cells", latest, 0.9, {"seed": 3})
    assert told | bare | {"made_at": None} == told | {"made_at": None}
    assert {
        key: told[key] for key in ("round", "method", "regime", "model", "seed", "threshold")
    } == {
        "round": latest.number,
        "method": latest.method,
        "regime": latest.regime,
        "model": latest.model_hash,
        "seed": latest.seed,
        "threshold": 0.9,
    }
    assert "answered_by" not in told
    deferred = finish_round(service, details={"baseline": "logistic", "deferred": True})
    assert provenance("cells", deferred, 0.9, {})["answered_by"] == "logistic"


def test_how_right_the_model_is_comes_with_its_interval_or_not_at_all(service):
    """Of the round that is exported, on the test labels of now."""
    assert measured(service.store, None) == {}
    finish_round(service)
    latest = finish_round(service)
    [point] = [
        each for each in service.curve() if (each.round, each.model) == (latest.number, "ssl")
    ]
    told = measured(service.store, point_of(service.store, latest))["accuracy"]
    assert (told["value"], told["test_images"]) == (point.accuracy, point.n)
    assert told["interval"] == [point.low, point.high]
