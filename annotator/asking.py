"""The order of questions: the policy's picks, with random and test images mixed in blind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from annotator.store.queue import RANDOM, Ask

TEST_EVERY = 5  # each fifth question is a test image, as long as any is left
RANDOM_EVERY = 10  # each tenth comes from the pool at random, where the policy draws none itself
SHORTLIST = 200  # questions prepared ahead


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
    yield from (Ask(each, RANDOM) for each in waiting)


def _mixed_in(place: int, drawn: Iterator[int], waiting: Iterator[int]) -> Ask | None:
    """The test or random image that belongs at this place, if any."""
    if place % TEST_EVERY == 0:
        image_id = next(waiting, None)
    elif place % RANDOM_EVERY == 3:
        image_id = next(drawn, None)
    else:
        return None
    return Ask(image_id, RANDOM) if image_id is not None else None
