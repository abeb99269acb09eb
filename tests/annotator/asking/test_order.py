"""The order of questions: test images at their places, drawn ones among the picks, none twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.asking.order import arranged, mixed
from annotator.store.queue import RANDOM, Ask
from tests.annotator.small import answer, workspace


@pytest.fixture
def service(tmp_path):
    return workspace(tmp_path / "ws", 90)


def places(order, ids):
    """At which places, from 1, the order has an image of these."""
    return [place for place, ask in enumerate(order, 1) if ask.image_id in ids]


ids = st.lists(st.integers(1, 40), unique=True)
tests = st.lists(st.integers(51, 70), unique=True)


@given(ids, ids, tests)
def test_no_image_is_asked_twice_and_every_fifth_measures_while_any_is_left(picks, drawn, measure):
    """Whatever the policy, the expert and chance agree on, the places are kept."""
    order = mixed([Ask(each, "entropy") for each in picks], drawn, measure)
    asked = [ask.image_id for ask in order]
    assert len(asked) == len(set(asked))
    assert set(picks) | set(measure) <= set(asked)
    assert set(asked) <= {*picks, *drawn, *measure}
    assert [each for each in asked if each in measure] == measure
    among = [place for place in places(order, measure) if place <= len(order) - len(measure)]
    assert among == [5 * number for number in range(1, len(among) + 1)]


def test_test_images_stand_at_every_fifth_place_with_the_reason_of_random_ones():
    """Places 5, 10, 15, … measure; place 3, 13, … is drawn at random; the rest is the policy's."""
    picks = [Ask(each, "entropy") for each in range(100, 120)]
    order = mixed(picks, [1, 2, 3], [51, 52, 53, 54])
    assert [place for place, ask in enumerate(order, 1) if ask.image_id in (51, 52, 53, 54)] == [
        5, 10, 15, 20,
    ]  # fmt: skip
    assert [place for place, ask in enumerate(order, 1) if ask.image_id in (1, 2, 3)] == [3, 13, 23]
    assert {ask.reason for ask in order if ask.image_id < 100} == {RANDOM}
    assert [ask.image_id for ask in order if ask.image_id >= 100] == list(range(100, 120))


def test_an_image_that_is_picked_and_drawn_is_asked_once():
    """The random slice may hit what the policy wants anyway."""
    order = mixed([Ask(1, "a"), Ask(2, "b"), Ask(3, "c")], [2], [])
    assert sorted(ask.image_id for ask in order) == [1, 2, 3]


def test_what_an_expert_picked_has_others_among_it_that_say_what_a_test_image_says(service):
    """A policy that draws by itself does so later; the picks come first and need some of their own.

    Seven in ten places are picks, two measure and one is drawn: one drawn for seven picks.
    """
    store = service.store
    pool, measure = store.images.ids("pool"), set(store.images.ids("test"))
    picks = [Ask(each, "picked", picked=True) for each in pool[:14]]
    drawing = [Ask(each, "entropy") for each in pool[14:30]] + [Ask.random(pool[30])]
    order = arranged(store, picks, drawing)
    block = order[: places(order, {pool[13]})[0]]
    assert [ask.image_id for ask in block if ask.picked] == pool[:14]
    drawn = [ask for ask in block if not ask.picked and ask.image_id not in measure]
    assert len(drawn) == 2
    assert {ask.reason for ask in block if not ask.picked} == {RANDOM}
    assert places(block, measure) == [5, 10, 15]
    rest = [ask for ask in order[len(block) :] if ask.image_id not in measure]
    wanted = [ask for ask in drawing if ask.image_id not in {each.image_id for each in drawn}]
    assert rest == wanted  # nothing more is drawn: the policy has done so


def test_what_has_an_answer_is_neither_drawn_nor_measured_again(service):
    """Half the images answered: the order holds none of them beyond what was asked for."""
    done = {image.id for image in answer(service, 45)}
    left = [each for each in service.store.images.ids("pool") if each not in done]
    order = arranged(service.store, [], [Ask(each, "entropy") for each in left[:20]])
    assert not done & {ask.image_id for ask in order}
    open_tests = set(service.store.images.ids("test")) - done
    assert open_tests <= {ask.image_id for ask in order}


def test_drawn_images_come_in_the_order_of_their_draws(service):
    """The lowest draw first, sorted anew: the same images whoever asks."""
    rows = service.store.db.rows("SELECT id, split FROM image ORDER BY draw")
    pool, measure = ([row["id"] for row in rows if row["split"] == s] for s in ("pool", "test"))
    order = arranged(service.store, [], [Ask(each, "entropy") for each in pool[-20:]])
    said = [ask.image_id for ask in order if ask.reason == RANDOM]
    assert [each for each in said if each in measure] == measure
    drawn = [each for each in said if each in pool]
    assert drawn == pool[: len(drawn)]
    assert len(drawn) == 3


def test_images_that_validate_are_asked_by_turns_with_those_that_measure(service):
    """At their places, in their own random order, and with nothing that tells them apart."""
    store = service.store
    for each in store.images.ids("pool")[:4]:
        store.db.run("UPDATE image SET split = 'val' WHERE id = :id", {"id": each})
    validate = store.queue.unanswered("val", 9)
    test = store.queue.unanswered("test", 3)
    picks = [Ask(each, "entropy") for each in store.images.ids("pool")]
    order = arranged(store, [], picks)
    fifth = [order[place - 1] for place in range(5, 31, 5)]
    assert [each.image_id for each in fifth] == [
        each for turn in zip(test, validate[:3], strict=True) for each in turn
    ]
    blind = {(each.reason, each.guess, each.detail, each.score, each.drawn) for each in fifth}
    assert blind == {(RANDOM, "", "", None, True)}
    answer(service, 60)
    assert service.progress().val_labeled == 4
    assert service.progress().labeled == 60
