"""The order of questions: picks, with random and measuring images mixed in blind."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from itertools import chain, zip_longest

from annotator.model import Split
from annotator.store import Store
from annotator.store.queue import Ask

TEST_EVERY = 5  # each fifth question is a test or validation image, as long as any is left
RANDOM_EVERY = 10  # each tenth comes from the pool at random, where the policy draws none itself
AUDIT_OF = 4  # while an audit is open, all but one of so many questions are its images
SHORTLIST = 200  # questions prepared ahead


def arranged(store: Store, picks: Sequence[Ask], asks: Sequence[Ask]) -> list[Ask]:
    """What an expert picked, then what a policy asks, with others mixed in among both.

    An image that measures or validates says that it was chosen at random, so some others must:
    among the picks always, further back where the policy draws none itself. What an audit asks
    about is among them all.
    """
    own = {pick.image_id for pick in picks}
    draws = any(ask.drawn for ask in asks)
    # A tenth of the places, when a fifth and a tenth of them are not picks
    most = -(-len(picks) // 7) if draws else SHORTLIST
    drawn = store.queue.unanswered("pool", most + len(own))
    randoms = [each for each in drawn if each not in own][:most]
    others = mixed([*picks, *asks], randoms, measuring(store.queue.unanswered))
    return woven(others, store.audits.waiting())


def measuring(find: Callable[[Split, int], list[int]]) -> list[int]:
    """Test and validation images by turns, while both last; `find` gives those of a split."""
    turns = zip_longest(find("test", SHORTLIST), find("val", SHORTLIST))
    return [each for each in chain.from_iterable(turns) if each is not None]


def anew(store: Store, without: Container[int] = ()) -> None:
    """Put what waits in order once more, as an audit begins; or ends, without its images."""
    pool = set(store.images.ids("pool"))
    waiting = [
        each
        for each in store.queue.ahead()
        if each.image_id in pool and each.image_id not in without
    ]
    picks = [each for each in waiting if each.picked]
    asks = [each for each in waiting if not each.picked]
    store.queue.replace(arranged(store, picks, asks))


def woven(others: Sequence[Ask], audited: Sequence[int]) -> list[Ask]:
    """The images of an audit in the order of its draw, with some of the others between.

    They say what measuring and random images say, so that nobody can tell which answers prove
    something.
    """
    own, found = set(audited), list[Ask]()
    rest = (each for each in others if each.image_id not in own)
    for image_id in audited:
        if len(found) % AUDIT_OF == AUDIT_OF - 1 and (other := next(rest, None)):
            found.append(other)
        found.append(Ask.random(image_id))
    return [*found, *rest]


def mixed(picks: Sequence[Ask], randoms: Sequence[int], tests: Sequence[int]) -> list[Ask]:
    """The picks in their order, with one that measures at each fifth place and some random ones.

    That one gives the same reason as a pool image that is chosen at random, so nobody can
    tell which answers measure the model. When the picks end, the others follow.
    """
    order: dict[int, Ask] = {}  # by image: what is in already is not asked again
    drawn, waiting = iter(randoms), iter(tests)
    for pick in picks:
        while pick.image_id not in order and (
            other := _mixed_in(len(order) + 1, order, drawn, waiting)
        ):
            order[other.image_id] = other
        order.setdefault(pick.image_id, pick)
    for image_id in waiting:
        order.setdefault(image_id, Ask.random(image_id))
    return list(order.values())


def _mixed_in(
    place: int, order: Container[int], drawn: Iterator[int], waiting: Iterator[int]
) -> Ask | None:
    """The measuring or random image that belongs at this place, if any."""
    if place % TEST_EVERY == 0:
        source = waiting
    elif place % RANDOM_EVERY == 3:
        source = drawn
    else:
        return None
    image_id = next((each for each in source if each not in order), None)
    return Ask.random(image_id) if image_id is not None else None
