"""The map, what is like an image, and asking what was found."""

import csv

import numpy as np
import pytest

from annotator.asking.order import arranged
from annotator.errors import AnnotatorError
from annotator.model import RowIndex
from annotator.rounds import questions as ask
from annotator.rounds.map import LANDMARKS, arrange, draw, keep
from annotator.store.queue import RANDOM, Ask
from annotator.worker.loop import Worker
from ssl_core.acquire import Selection
from tests.annotator.small import answer, event, workspace


@pytest.fixture
def service(tmp_path):
    return workspace(tmp_path / "ws", 40)


def clusters(n, kinds=3, seed=0):
    """Embeddings (n, 8) around `kinds` corners, and which corner each is at."""
    rng = np.random.default_rng(seed)
    kind = np.arange(n) % kinds
    return (np.eye(8)[kind] * 5 + rng.normal(0, 0.4, (n, 8))).astype(np.float32), kind


@pytest.mark.parametrize("n", [200, LANDMARKS + 300])
def test_what_is_alike_lies_together_on_the_map(n):
    """Nearly every image's nearest neighbor on the map is of its own kind, also beyond a sample."""
    vectors, kind = clusters(n)
    places = arrange(vectors)
    assert np.abs(places).max() <= 1
    away = ((places[:, None] - places[None]) ** 2).sum(2)
    np.fill_diagonal(away, np.inf)
    assert (kind[away.argmin(1)] == kind).mean() > 0.95
    assert np.array_equal(arrange(vectors), places)


@pytest.mark.parametrize("n", [0, 1, 2, 6])
def test_a_handful_of_images_has_a_map_too(n):
    """No image, few images and identical images are no failure."""
    assert arrange(clusters(n)[0]).shape == (n, 2)
    assert np.isfinite(arrange(np.ones((n, 8), np.float32))).all()


def test_a_large_pool_is_sampled_the_same_way_each_time(tmp_path):
    """At most as many points as allowed, all of them from the rows that were given."""
    vectors, _ = clusters(300)
    rows = np.arange(0, 300, 2)
    for name in ("a", "b"):
        draw(vectors, rows, 50, RowIndex(range(1, len(vectors) + 1)), tmp_path / name)
    first, second = (np.load(tmp_path / name) for name in ("a", "b"))
    assert np.array_equal(first, second)
    assert len(first) == 50
    assert set(first[:, 0].astype(int) - 1) <= set(rows.tolist())


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
    with pytest.raises(AnnotatorError, match="looked at this image"):
        service.explore.like(7)


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


def test_jobs_leave_map_embeddings_near_duplicates_and_agreement(tmp_path):
    """A preparing job draws the map; rounds draw it anew and say how far they agree."""
    service = workspace(tmp_path / "ws", 40, steps=4)
    service.prepare()
    worker = Worker(service.workspace)
    worker.run(once=True)
    pool = service.store.images.ids("pool")
    assert [each.image_id for each in service.explore.points()] == pool
    assert {each.source for each in service.explore.points()} == {"new"}
    assert service.explore.near_duplicates().unsearched == 0
    assert service.explore.like(1)
    before = service.explore.state()
    for first in (1, 13):
        answer(service, 12, first=first)
        service.start_round("supervised", "finetune")
        worker.run(once=True)
    assert service.explore.state() != before
    points = {each.image_id: each for each in service.explore.points()}
    for label in service.store.labels.current("pool"):
        assert points[label.image_id].source == "human"
    assert all(each.entropy is not None and each.predicted for each in points.values())
    one, two = (each.details.agreement for each in service.rounds())
    assert one is None
    assert -1 <= two <= 1
    assert any("Too few rounds" in each.text for each in service.advice())


def test_a_reason_goes_from_the_score_to_the_page_to_the_export(tmp_path):
    """The entropy that a round computed is what the expert reads, and what the data set keeps."""
    service = workspace(tmp_path / "ws", 60, policy="entropy", steps=6)
    service.prepare()
    worker = Worker(service.workspace)
    worker.run(once=True)
    answer(service, 20)
    service.start_round("supervised", "finetune")
    worker.run(once=True)
    latest = service.store.results.latest()
    said = service.store.results.predictions(latest.number)
    questions = service.lease("reader", "anna", 25)
    scored = [each for each in questions if each.reason.startswith("entropy")]
    assert scored
    for each in scored:
        assert each.score == pytest.approx(said[each.image.id].entropy, abs=1e-4)
        assert each.reason.startswith(f"entropy {each.score:.2f} nats")
    events = [
        event(service, each.image, seq=seq, client="reader")
        for seq, each in enumerate(questions, 1)
    ]
    service.record(events, "anna")
    service.export(tmp_path / "out", pseudo=True)
    with (tmp_path / "out" / "labels.csv").open(newline="") as file:
        exported = {row["sha256"]: row for row in csv.DictReader(file)}
    for each in questions:
        assert exported[each.image.sha256]["reason"] == each.reason
    tests = {each.image.sha256 for each in questions if each.image.split == "test"}
    assert tests
    assert {exported[sha]["reason"] for sha in tests} == {RANDOM}
    assert {row["reason"] for row in exported.values() if row["source"] == "pseudo"} <= {""}
