"""The number of guesses that are left is that of those that are found one by one."""

import random

import pytest

from annotator.model import LabelEvent, SoughtGuesses
from annotator.service import Service
from annotator.store.finding.counting import sure_by_class
from annotator.store.outgoing.labeled import pseudo_by_class
from annotator.store.views import PSEUDO_LABELS
from tests.annotator.invented import finish_round, truly, wrongly
from tests.annotator.small import event, workspace

CHOICES = [
    SoughtGuesses(class_id, among)
    for class_id in (None, 1, 2, 3)
    for among in ("all", "models", "rounds")
]
ORDERS = ("uncertain", "confidence", "rounds", "models", "remote")


def mixed(seed):
    """Says one of the classes of an image, as sure as it comes."""
    rng = random.Random(seed)
    return lambda _: (rng.choice(("dark", "light", "striped")), rng.choice((0.5, 0.92, 0.97)))


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """Two rounds of three classes, of which the models say this and that."""
    made = workspace(tmp_path_factory.mktemp("counting") / "ws", 60, ("dark", "light", "striped"))
    finish_round(made, mixed(1), mixed(2))
    finish_round(made, mixed(3), mixed(4))
    yield made
    made.close()


def agree(service: Service) -> None:
    """Each count is how many are listed; each page is where the whole list has it."""
    for sought in CHOICES:
        whole = service.guesses(sought, limit=1000)
        assert service.count_guesses(sought) == len(whole), sought
        assert len({each.image.id for each in whole}) == len(whole)
    latest = service.rounds()[-1]
    whole = service.store.db.rows(
        f"SELECT class_id, COUNT(*) AS n FROM ({PSEUDO_LABELS}) GROUP BY class_id",
        {"round": latest.number, "threshold": latest.threshold},
    )
    counted = sure_by_class(service.store.db, latest.number, latest.threshold)
    assert counted == {row["class_id"]: row["n"] for row in whole}
    assert pseudo_by_class(service.store.db, latest, latest.threshold) == counted
    assert service.pseudo_left(latest.number) == sum(counted.values())
    wider = pseudo_by_class(service.store.db, latest, 0.0)
    assert sum(wider.values()) > sum(counted.values())
    for order in ORDERS:
        sought = SoughtGuesses(order=order)
        whole = service.guesses(sought, limit=1000)
        places = [(each.place, each.image.id) for each in whole]
        assert places == sorted(places)
        after, paged = None, []
        while page := service.guesses(sought, after=after, limit=7):
            paged += page
            after = (page[-1].place, page[-1].image.id)
        assert paged == whole


def test_counts_and_pages_hold_whatever_is_decided(service):
    """Labeled, turned down, taken back, put off, not told; then classes merged and removed."""
    agree(service)
    rng, seq = random.Random(0), 0
    images = service.images(limit=100)
    classes = [each.id for each in service.classes()]
    for _ in range(60):
        image, seq = rng.choice(images), seq + 1
        kind = rng.choice(("label", "reject", "undo", "skip", "unclear"))
        class_id = rng.choice(classes) if kind in ("label", "reject") else None
        service.record(
            [LabelEvent("tab", seq, kind, image.id, image.sha256, class_id, 0.0, 0.1)], "anna"
        )
    agree(service)
    dark, light, striped = classes
    service.merge_class(striped, light)
    agree(service)
    service.remove_class(dark)
    agree(service)


def test_a_round_of_an_earlier_version_is_counted_one_by_one(tmp_path):
    """It has no counts; the number is the same."""
    made = workspace(tmp_path / "ws", 30)
    finish_round(made, truly, wrongly)
    before = [made.count_guesses(each) for each in CHOICES]
    made.store.db.run("DELETE FROM guess_count")
    assert [made.count_guesses(each) for each in CHOICES] == before
    assert before[0] > 0
    latest = made.rounds()[-1]
    assert sure_by_class(made.store.db, latest.number, latest.threshold) is None
    counts = pseudo_by_class(made.store.db, latest, latest.threshold)
    assert sum(counts.values()) == before[0]
    image = made.guesses(SoughtGuesses())[0].image
    made.record([event(made, image, seq=1)], "anna")
    assert made.count_guesses(SoughtGuesses()) == before[0] - 1
    made.close()
