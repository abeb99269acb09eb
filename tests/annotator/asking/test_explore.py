"""What is like an image, finding one, and asking what was found."""

import numpy as np
import pytest

from annotator.asking.order import arranged
from annotator.errors import AnnotatorError
from annotator.rounds import questions as ask
from annotator.rounds.places import keep
from annotator.store.queue import RANDOM, Ask
from ssl_core.acquire import Selection
from tests.annotator.clusters import clusters
from tests.annotator.small import answer, source, workspace


@pytest.fixture
def service(tmp_path):
    return workspace(tmp_path / "ws", 40)


def test_nearest_images_are_those_of_a_full_sort_without_test_images(service):
    """Cosines of the stored half-precision vectors, re-derived one by one."""
    vectors, _ = clusters(40)
    keep(vectors, service.workspace.embeddings)
    found = service.explore.like(5, n=10)
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    pool = [each for each in service.store.images.ids("pool") if each != 5]
    slow = sorted(pool, key=lambda each: -float(unit[each - 1] @ unit[4]))[:10]
    assert [cosine for _, cosine in found] == sorted((c for _, c in found), reverse=True)
    assert {image.id for image, _ in found} == set(slow)
    assert found[0][1] == pytest.approx(max(float(unit[p - 1] @ unit[4]) for p in pool), abs=2e-3)


def test_an_image_is_found_by_the_end_of_its_name_or_its_number(service):
    """What a person sees in a caption is enough; nothing found is said in words."""
    image = service.image(7)
    assert service.explore.find(image.name.split("/")[-1]) == image
    assert service.explore.find(" 7 ") == image
    with pytest.raises(AnnotatorError, match="from 1 to 40"):
        service.explore.find("elephant")
    for number in ("9" * 5000, str(2**63), "0"):
        with pytest.raises(AnnotatorError, match="from 1 to 40"):
            service.explore.find(number)
    with pytest.raises(AnnotatorError, match="looked at this image"):
        service.explore.like(7)


def test_a_number_is_an_image_before_it_is_the_end_of_a_name(tmp_path):
    """A card, a link and a class's picture name images by number; pages of PDF end in one too."""
    service = workspace(tmp_path / "ws", 4)
    folder = source(tmp_path / "more", 3, ("striped",))
    for number, path in enumerate(sorted(folder.iterdir()), 1):
        path.rename(folder / f"scan page={number}")
    service.import_source(folder)
    assert service.explore.find("page=1").name.endswith("page=1")
    for image_id in range(1, 8):
        assert service.explore.find(str(image_id)).id == image_id
    assert service.explore.find("=3").name.endswith("page=3")


def test_what_was_picked_is_asked_next_and_survives_a_new_order(service):
    """Before everything but what open pages show and one drawn by chance, in the order picked."""
    pool = service.store.images.ids("pool")
    service.store.queue.replace([Ask.random(each) for each in pool[:20]])
    held = [each.image.id for each in service.lease("tab", "anna", 10)]
    picks = [pool[15], pool[22], pool[12]]
    assert service.explore.ask_next(picks, "picked on the map by anna") == 3
    order = [each.image.id for each in service.lease("tab", "anna", 10)]
    assert order[:5] + order[6:7] == held[:3] + picks
    service.store.queue.replace([Ask(each, "entropy 1.00 nats") for each in pool[::-1]])
    asked = service.lease("tab", "anna", 12)
    assert [each.image.id for each in asked][:6] == held[:3] + picks
    assert [each.reason for each in asked][3:6] == ["picked on the map by anna"] * 3


def places(questions, ids):
    return [place for place, each in enumerate(questions, 1) if each.image_id in ids]


def test_measuring_goes_on_while_picked_images_are_asked(tmp_path):
    """At each fifth place a test image, and among the picks others that say the same."""
    store = (service := workspace(tmp_path / "ws", 120)).store
    pool, tests = store.images.ids("pool"), set(store.images.ids("test"))
    entropy = [Ask(each, "entropy 1.00 nats") for each in pool[:30]]
    store.queue.replace(arranged(store, [], entropy))
    wanted = [each.image_id for each in store.queue.ahead() if each.reason != RANDOM]
    picks = pool[20:60]
    assert service.explore.ask_next(picks, "picked") == len(picks)
    for _ in range(2):  # as the expert picked them, then as a round orders all anew
        asked = store.queue.ahead()
        block = asked[: places(asked, {picks[-1]})[0]]
        assert [each.image_id for each in block if each.picked] == picks
        assert places(block, tests) == list(range(5, len(block), 5))
        others = {each.image_id for each in block} - set(picks) - tests
        assert len(block) // 10 <= len(others) <= len(block) // 10 + 1
        assert {each.reason for each in block if not each.picked} == {RANDOM}
        assert {each.image_id for each in asked if each.picked} == set(picks)
        rest = [each for each in asked[len(block) :] if each.reason != RANDOM]
        drawn = {each.image_id for each in asked if each.reason == RANDOM}
        left = [each for each in wanted if each not in drawn.union(picks)]
        assert [each.image_id for each in rest] == left
        wanted = pool[:20]
        order = Selection(
            np.array(wanted),
            np.zeros(20),
            np.full(20, np.nan),
            ("entropy 2.00 nats",) * 20,
            np.zeros(20, bool),
        )
        store.queue.replace(ask.order(store, order))


def test_further_picks_come_before_earlier_ones_and_spread_their_test_images(service):
    """Two handfuls, one after the other: one order, with its test images evenly among both."""
    store = service.store
    pool, tests = store.images.ids("pool"), set(store.images.ids("test"))
    service.explore.ask_next(pool[:6], "first")
    service.explore.ask_next(pool[6:12], "then")
    asked = store.queue.ahead()
    assert [each.image_id for each in asked if each.picked] == pool[6:12] + pool[:6]
    assert [each.reason for each in asked if each.picked] == ["then"] * 6 + ["first"] * 6
    assert places(asked, tests)[:3] == [5, 10, 15]
    assert len({each.image_id for each in asked}) == len(asked)


def test_test_images_and_labeled_ones_are_not_picked(service):
    """What measures is drawn by chance alone."""
    [done] = answer(service, 1)
    test = service.store.images.ids("test")
    open_ = [each for each in service.store.images.ids("pool") if each != done.id]
    service.store.queue.replace([])
    assert service.explore.ask_next([test[0], done.id, open_[0], open_[0]], "like a.png") == 1
    reasons = {each.image.id: each.reason for each in service.lease("tab", "anna", 30)}
    assert reasons[open_[0]] == "like a.png"
    assert reasons.get(test[0], RANDOM) == RANDOM
