"""Pages of the guesses that were kept are those that going through all of them finds."""

import random
from itertools import product

import pytest

from annotator.model import LabelEvent, SoughtGuesses
from annotator.store.finding import first
from tests.annotator.invented import finish_round
from tests.annotator.small import workspace

NAMES = ("dark", "light", "striped")
ORDERS = ("uncertain", "confidence", "rounds", "models", "remote")
SIZE = 4  # of a page: those kept fill two and end within the third
EVERY = [
    SoughtGuesses(class_id, among, order)
    for class_id, among, order in product((None, 1, 2), ("all", "models", "rounds"), ORDERS)
]


def mixed(seed, doubtful=1.0):
    """Says a class that hangs on the image, or any; as sure as it comes, and often equally so."""
    rng = random.Random(seed)

    def says(image):
        name = rng.choice(NAMES) if rng.random() < doubtful else NAMES[image.id % 3]
        return name, rng.choice((0.5, 0.9, 0.92, 0.95, 0.97))

    return says


@pytest.fixture(params=[1.0, 0.1], ids=["models at odds", "models mostly alike"])
def service(tmp_path, monkeypatch, request):
    """Two rounds, of whose guesses a few are kept."""
    monkeypatch.setattr(first, "KEPT", 9)
    made = workspace(tmp_path / "ws", 60, NAMES)
    for number in (1, 2):
        models = mixed(number, request.param), mixed(-number, request.param)
        finish_round(made, *models, threshold=0.9)
    yield made
    made.close()


def pages(service, sought, size):
    """All of them, page after page."""
    found, after = [], None
    while page := service.guesses(sought, after=after, limit=size):
        found.append(page)
        after = (page[-1].place, page[-1].image.id)
    return found


def agree(service):
    """Whatever is sought, on pages that are filled by those kept and on others."""
    kept = [pages(service, each, SIZE) for each in EVERY]
    db = service.store.db
    rows = db.rows("SELECT * FROM first_guess")
    db.run("DELETE FROM first_guess")
    for sought, paged in zip(EVERY, kept, strict=True):
        assert pages(service, sought, SIZE) == paged, sought
    db.insert("first_guess", [tuple(row.values()) for row in rows])
    assert rows


@pytest.mark.parametrize("seed", range(2))
def test_pages_hold_whatever_is_decided(service, seed):
    """Labeled, turned down, taken back, put off, not told; then classes merged and removed."""
    agree(service)
    rng, seq = random.Random(seed), 0
    images, classes = service.images(limit=100), [each.id for each in service.classes()]
    for _ in range(60):
        image, seq = rng.choice(images), seq + 1
        kind = rng.choice(("label", "label", "reject", "undo", "undo", "skip", "unclear"))
        class_id = rng.choice(classes) if kind in ("label", "reject") else None
        service.record(
            [LabelEvent("tab", seq, kind, image.id, image.sha256, class_id, 0.0, 0.1)], "anna"
        )
    agree(service)
    finish_round(service, mixed(seed), mixed(9), threshold=0.9)
    agree(service)
    rng.shuffle(classes)
    service.merge_class(classes[0], classes[1])
    agree(service)
    service.remove_class(classes[2])
    agree(service)


def test_a_label_that_is_withdrawn_comes_back_to_its_place(service):
    """A round that ends while an image is labeled keeps its guess all the same."""
    image = service.guesses(SoughtGuesses(order="confidence"), limit=1)[0].image
    label = LabelEvent("tab", 1, "label", image.id, image.sha256, 1, 0.0, 0.1)
    service.record([label], "anna")
    finish_round(service, lambda each: (NAMES[each.id % 3], 0.9 + 0.05 * (each == image)))
    agree(service)
    undo = LabelEvent("tab", 2, "undo", image.id, image.sha256, None, 0.0, 0.2)
    service.record([undo], "anna")
    assert service.guesses(SoughtGuesses(order="confidence"), limit=1)[0].image == image
    agree(service)


@pytest.mark.parametrize("among", ["all", "models", "rounds"])
def test_another_threshold_than_the_rounds_counts_too(service, among):
    """With a lower one more are guesses than those that were kept; with a higher one fewer."""
    pages_of = service.store.guesses.page
    for threshold in (0.5, 0.9, 0.93, 0.96):
        given = (2, threshold, SoughtGuesses(among=among), None, 5)
        found = pages_of(*given)
        assert all(each.confidence >= threshold for each in found)
        assert found or among != "all"
        service.store.db.run("UPDATE first_guess SET sorted_by = '-' || sorted_by")
        assert pages_of(*given) == found
        service.store.db.run("UPDATE first_guess SET sorted_by = substr(sorted_by, 2)")


@pytest.mark.parametrize("order", ORDERS)
def test_a_page_of_those_kept_needs_no_other(service, order):
    """What all others say is gone, and the page is as it was."""
    sought = SoughtGuesses(order=order)
    page = service.guesses(sought, limit=9)
    service.store.db.run(
        """DELETE FROM prediction WHERE round_id = 2 AND image_id NOT IN
           (SELECT image_id FROM first_guess WHERE sorted_by = :order)""",
        {"order": order},
    )
    assert service.store.db.value("SELECT COUNT(*) FROM prediction WHERE model = 'ssl'") < 120
    assert service.guesses(sought, limit=9) == page
    assert len(page) == 9
