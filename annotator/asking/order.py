"""The order of questions: picks, with random and test images mixed in blind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from annotator.store import Store
from annotator.store.queue import Ask

TEST_EVERY = 5  # each fifth question is a test image, as long as any is left
RANDOM_EVERY = 10  # each tenth comes from the pool at random, where the policy draws none itself
SHORTLIST = 200  # questions prepared ahead


def arranged(store: Store, picks: Sequence[Ask], asks: Sequence[Ask]) -> list[Ask]:
    """What an expert picked, then what a policy asks, with test and random images among both.

    A test image says that it was chosen at random, so some others must: among the picks always,
    further back where the policy draws none itself.
    """
    own = {pick.image_id for pick in picks}
    draws = any(ask.drawn for ask in asks)
    # A tenth of the places, when a fifth and a tenth of them are not picks
    most = -(-len(picks) // 7) if draws else SHORTLIST
    drawn = store.queue.unanswered("pool", most + len(own))
    randoms = [each for each in drawn if each not in own][:most]
    return mixed([*picks, *asks], randoms, store.queue.unanswered("test", SHORTLIST))


def mixed(picks: Sequence[Ask], randoms: Sequence[int], tests: Sequence[int]) -> list[Ask]:
    """The picks in their order, with a test image at each fifth place and some random ones.

    A test image gives the same reason as a pool image that is chosen at random, so nobody can
    tell which answers measure the model. When the picks end, the other test images follow.
    """
    chosen, drawn, waiting = iter(picks), iter(randoms), iter(tests)
    placed = set()
    order = []
    for ask in _places(chosen, drawn, waiting):
        if ask.image_id not in placed:
            placed.add(ask.image_id)
            order.append(ask)
    return order


def _places(chosen: Iterator[Ask], drawn: Iterator[int], waiting: Iterator[int]) -> Iterator[Ask]:
    place = 0
    for pick in chosen:
        place += 1
        while mixed_in := _mixed_in(place, drawn, waiting):
            yield mixed_in
            place += 1
        yield pick
    yield from (Ask.random(each) for each in waiting)


def _mixed_in(place: int, drawn: Iterator[int], waiting: Iterator[int]) -> Ask | None:
    """The test or random image that belongs at this place, if any."""
    if place % TEST_EVERY == 0:
        image_id = next(waiting, None)
    elif place % RANDOM_EVERY == 3:
        image_id = next(drawn, None)
    else:
        return None
    return Ask.random(image_id) if image_id is not None else None
