"""What is put off or cannot be told leaves the queue, and comes back when it is brought back."""

import random
from dataclasses import replace

import pytest

from annotator.asking.again import ask_again, take_flags_off
from annotator.errors import AnnotatorError
from annotator.rounds.questions import order
from annotator.store.queue import PUT_OFF, Ask
from ssl_core.acquire.pool import Selection
from tests.annotator.small import answer, event, workspace


@pytest.fixture
def service(tmp_path):
    return workspace(tmp_path / "ws", 40)


def ids(questions):
    return [question.image.id for question in questions]


def say(service, image, kind, seq, by="anna", **more):
    each = event(service, image, kind, seq=seq, client=by)
    service.record([replace(each, **more)], by)


def asked_to_the_end(service, client="anna"):
    """Every image in the order in which it is asked, each answered when it comes."""
    found, seq = [], 1000
    while questions := service.lease(client, client, 3):
        image = questions[0].image
        found.append((image.id, questions[0].reason))
        say(service, image, "label", seq := seq + 1, client)
    return found


@pytest.mark.parametrize("seed", range(4))
def test_what_was_put_off_comes_after_everything_else_and_what_nobody_can_tell_never(service, seed):
    """Also over new orders of a policy that would ask them first, and in whatever order."""
    rng, seq = random.Random(seed), 0
    put_off, unclear = [], []
    for _ in range(10):
        image = service.lease("anna", "anna", 5)[0].image
        kind, into = rng.choice([("skip", put_off), ("unclear", unclear)])
        say(service, image, kind, seq := seq + 1)
        into.append(image.id)
    pool = service.store.images.ids("pool")
    first = [each for each in put_off + unclear if each in pool]
    store = service.store
    store.queue.replace([Ask(each, "near") for each in [*first, *pool]])
    asked = asked_to_the_end(service)
    assert [each for each, _ in asked[len(asked) - len(put_off) :]] == put_off  # oldest first
    assert not {each for each, _ in asked} & set(unclear)
    assert len(asked) == 40 - len(unclear)
    assert {why for each, why in asked if each in put_off} <= {PUT_OFF}
    assert service.progress().unclear == len(unclear)


def test_an_image_that_somebody_cannot_tell_is_asked_of_nobody(service):
    """Not of the page that holds it, and not of others."""
    image = service.lease("anna", "anna", 5)[0].image
    say(service, image, "unclear", 1)
    assert image.id not in ids(service.lease("anna", "anna", 40))
    assert image.id not in ids(service.lease("ben", "ben", 40))


def test_it_is_not_picked_on_the_map_either_but_what_was_put_off_is(service):
    """An expert who picks images asks what was put off; what nobody can tell is brought back."""
    one, two = [each for each in service.images(limit=40) if each.split == "pool"][:2]
    say(service, one, "skip", 1)
    say(service, two, "unclear", 2)
    assert service.explore.ask_next([one.id, two.id], "picked") == 1
    assert ids(service.lease("anna", "anna", 40))[0] == one.id


def test_what_is_brought_back_is_asked_next_with_one_reason_for_all(service):
    """Test images too, and nobody can tell which those are."""
    images = [*service.images(kind="test", limit=2), *service.images(limit=40)]
    chosen = list({each.id: each for each in images}.values())[:6]
    for seq, image in enumerate(chosen, 1):
        say(service, image, "skip" if seq % 2 else "unclear", seq)
    assert ask_again(service.store, [each.id for each in images], "zoe") == 6
    found = service.lease("anna", "anna", 6)
    assert set(ids(found)) == {each.id for each in chosen}
    assert {each.reason for each in found} == {"brought back by zoe"}
    assert (service.progress().skipped, service.progress().unclear) == (0, 0)
    service.store.queue.replace([])  # a new order leaves them in front
    assert ids(service.lease("anna", "anna", 6)) == ids(found)
    assert ask_again(service.store, [each.id for each in images], "zoe") == 0


def test_a_label_from_before_counts_again_and_is_not_asked(service):
    """Anna knew it, Ben could not tell: brought back, it has Anna's label."""
    image = service.lease("anna", "anna", 1)[0].image
    say(service, image, "label", 1)
    say(service, image, "unclear", 1, by="ben")
    assert ask_again(service.store, [image.id], "zoe") == 1
    assert service.store.labels.count() == 1
    assert image.id not in ids(service.lease("anna", "anna", 40))


def test_none_or_too_many_are_refused_in_words(service):
    """Nothing is written then."""
    for few_or_many in ([], range(1, 2000)):
        with pytest.raises(AnnotatorError, match="Choose 1 to 1,000 images"):
            ask_again(service.store, few_or_many, "zoe")


def test_flags_are_taken_off_whoever_put_them_on(service):
    """The notes stay."""
    one, two = service.images()[:2]
    say(service, one, "flag", 1)
    say(service, one, "flag", 1, by="ben")
    say(service, one, "note", 2, note="dim")
    assert take_flags_off(service.store, [one.id, two.id], "zoe") == 1
    marks = service.store.beside.marks([one.id])[one.id]
    assert (marks.flags, marks.note) == ((), "dim")


@pytest.mark.parametrize("kind", ["skip", "unclear", "flag"])
def test_undo_takes_back_whatever_it_was_and_shows_the_image_again(service, kind):
    """An answer that is taken back is asked next; a flag leaves its image where it is."""
    first, second = (each.image for each in service.lease("anna", "anna", 2))
    say(service, first, kind, 1)
    say(service, first, "undo", 2)
    assert ids(service.lease("anna", "anna", 2))[0] == first.id
    assert service.store.beside.marks([first.id]) == {}
    assert service.store.beside.answered([first.id, second.id]) == set()


def test_a_round_neither_learns_from_nor_asks_what_nobody_can_tell(service):
    """Not among the images without a label either; what was put off may teach, and is not asked."""
    from annotator.rounds.snapshot import take

    answer(service, 8, client="anna")
    pool = [each for each in service.images(kind="unlabeled", limit=40) if each.split == "pool"]
    say(service, pool[0], "unclear", 50)
    say(service, pool[1], "skip", 51)
    mark, classes = service.store.labels.watermark(), [each.id for each in service.classes()]
    say(service, pool[2], "unclear", 52)  # after the round began
    data = take(service.workspace, service.store, mark, classes, 10**6)
    unclear, skipped, late = (data.index.row(each.id) for each in pool[:3])
    assert [bool(data.pool[row]) for row in (unclear, skipped, late)] == [False, True, True]
    assert unclear not in data.unlabeled
    assert set(data.askable.tolist()) == set(data.unlabeled.tolist()) - {skipped}


def test_an_order_of_a_policy_passes_over_what_has_an_answer(service):
    """It may have chosen before the answer came."""
    import numpy as np

    pool = [each for each in service.images(limit=40) if each.split == "pool"]
    say(service, pool[0], "unclear", 1)
    say(service, pool[1], "skip", 2)
    n = len(pool)
    chosen = Selection(
        np.array([each.id for each in pool]),
        np.ones(n),
        np.full(n, np.nan),
        ("near",) * n,
        np.zeros(n, bool),
    )
    service.store.queue.replace(order(service.store, chosen))
    waiting = {each.image_id for each in service.store.queue.ahead()}
    assert not waiting & {pool[0].id, pool[1].id}
    assert {each.id for each in pool[2:]} <= waiting
