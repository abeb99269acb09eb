"""What is told of two models is what going through all images finds, whatever was decided since."""

import random
from collections import Counter

import pytest

from annotator.model import LabelEvent
from tests.annotator.invented import finish_round, truly, wrongly
from tests.annotator.small import workspace

NAMES = ("dark", "light", "striped")
THRESHOLDS = {1: 0.9, 2: 0.95, 3: 0.5}


def mixed(seed):
    """Says one of the classes of an image, at the thresholds and around them."""
    rng = random.Random(seed)
    return lambda _: (rng.choice(NAMES), rng.choice((0.5, 0.9, 0.92, 0.95, 0.97)))


@pytest.fixture
def service(tmp_path):
    """Two rounds of three classes and of thresholds of their own, of which models say whatever."""
    made = workspace(tmp_path / "ws", 60, NAMES, val_share=0.1)
    for number in (1, 2):
        finish_round(made, mixed(number), mixed(-number), threshold=THRESHOLDS[number])
    yield made
    made.close()


def slowly(service, number):
    """Image by image: those of both models, those alike, and changes by class before and now."""
    db = service.store.db
    now = {row["id"]: row["now"] for row in db.rows("SELECT * FROM class_now")}
    said = {
        (row["round_id"], row["model"], row["image_id"]): (now.get(row["class_id"]), row)
        for row in db.rows("SELECT * FROM prediction")
    }
    labeled = {each.image_id for each in service.store.labels.current()}
    both = alike = 0
    changes = Counter()
    for image in set(service.store.images.ids("pool")) - labeled:
        own, row = said.get((number, "ssl", image), (None, None))
        plain, _ = said.get((number, "baseline", image), (None, None))
        was, earlier = said.get((number - 1, "ssl", image), (None, None))
        both += bool(own and plain)
        alike += bool(own and own == plain)
        if own and was and row["confidence"] >= THRESHOLDS[number]:
            changes[was, own] += earlier["confidence"] >= THRESHOLDS[number - 1]
    return (both, alike), sorted((*pair, n) for pair, n in changes.items() if n)


def agree(service, numbers=(2,)):
    """Counted and gone through one by one, it is the same."""
    comparing = service.store.comparing
    for number in numbers:
        agreeing, changes = slowly(service, number)
        assert comparing.agreeing(number) == agreeing
        given = (number, THRESHOLDS[number], number - 1, THRESHOLDS.get(number - 1, 0.5))
        assert comparing.flips(*given) == changes


def without_counts(service):
    """As an earlier version left it."""
    service.store.db.run("DELETE FROM pair_count")
    agree(service, (2, 3))


@pytest.mark.parametrize("seed", range(3))
def test_pairs_hold_whatever_is_decided(service, seed):
    """Labeled, turned down, taken back, put off, not told; then classes merged and removed."""
    agree(service)
    assert service.store.comparing.agreeing(2)[0] > 20
    assert service.store.comparing.flips(2, 0.95, 1, 0.9)
    rng, seq = random.Random(seed), 0
    images, classes = service.images(limit=100), [each.id for each in service.classes()]
    for _ in range(60):
        image, seq = rng.choice(images), seq + 1
        kind = rng.choice(("label", "label", "reject", "undo", "skip", "unclear"))
        class_id = rng.choice(classes) if kind in ("label", "reject") else None
        service.record(
            [LabelEvent("tab", seq, kind, image.id, image.sha256, class_id, 0.0, 0.1)], "anna"
        )
    agree(service)
    rng.shuffle(classes)
    service.merge_class(classes[0], classes[1])
    agree(service)
    finish_round(service, truly if seed else mixed(9), mixed(-3), threshold=THRESHOLDS[3])
    agree(service, (2, 3))
    service.remove_class(classes[2])
    agree(service, (2, 3))
    without_counts(service)


def test_nothing_is_kept_of_a_round_whose_predictions_went(service):
    """What it said of the pool is gone, and so are the counts of it."""
    comparing = service.store.comparing
    assert comparing.agreeing(1)[0] > 20
    finish_round(service, truly, wrongly)
    assert comparing.agreeing(1) == (0, 0)
    assert comparing.agreeing(2)[0] > 20


def test_other_thresholds_than_those_of_the_rounds_are_gone_by_too(service):
    """They were not counted, so all images are looked at."""
    found = {
        least: sum(n for _, _, n in service.store.comparing.flips(2, least, 1, least))
        for least in (0.0, 0.9, 0.96, 0.99)
    }
    assert found[0.0] > found[0.9] > found[0.96] > found[0.99] == 0
