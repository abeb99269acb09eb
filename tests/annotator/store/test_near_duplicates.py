"""Near-duplicates in the store: groups, what is asked last, and what a test image keeps out."""

import random

import pytest

from annotator.rounds.snapshot import take
from annotator.service import Service
from annotator.store.database import Database
from annotator.store.file import connect, make
from annotator.store.migrations import apply, first
from annotator.store.queue import RANDOM, Ask
from tests.annotator.small import event, workspace


@pytest.fixture
def service(tmp_path):
    return workspace(tmp_path / "ws", 40)


def label(service, *ids):
    for image_id in ids:
        image = service.image(image_id)
        seq = service.store.labels.acknowledged("tab") + 1
        service.record([event(service, image, seq=seq)], "anna")


def snapshot(service):
    active = [each.id for each in service.classes()]
    watermark = service.store.labels.watermark()
    return take(service.workspace, service.store, watermark, active, 10**6)


def ids(rows):
    return [row + 1 for row in rows.tolist()]


def test_groups_are_the_connected_parts_whatever_the_order_and_the_batches(service):
    """Compared with a search through all pairs."""
    rng = random.Random(0)
    pairs = [(rng.randint(1, 40), rng.randint(1, 40)) for _ in range(18)]
    pairs = [(one, other) for one, other in pairs if one != other]
    for start in range(0, len(pairs), 5):
        service.store.near_duplicates.record(40, pairs[start : start + 5])

    def reached(image_id):
        seen, edge = {image_id}, {image_id}
        while edge:
            edge = {b for p in pairs for a, b in (p, p[::-1]) if a in edge} - seen
            seen |= edge
        return seen

    involved = {each for pair in pairs for each in pair}
    rows = service.store.db.rows("SELECT image_id, first_id FROM near_duplicate")
    found = {row["image_id"]: row["first_id"] for row in rows}
    assert found == {each: min(reached(each)) for each in involved}
    assert service.store.near_duplicates.searched() == 40


def test_one_of_a_group_is_asked_and_none_once_one_is_labeled(service):
    """The others are still there: unlabeled, predicted, and asked in the end."""
    pool = service.store.images.ids("pool")
    a, b, c = pool[:3]
    service.store.near_duplicates.record(40, [(a, b), (b, c)])
    data = snapshot(service)
    assert set(ids(data.unlabeled)) - set(ids(data.askable)) == {b, c}
    assert ids(data.unlabeled) == pool
    label(service, b)
    data = snapshot(service)
    assert set(ids(data.unlabeled)) - set(ids(data.askable)) == {a, c}
    assert data.y[b - 1] >= 0
    drawn = service.store.queue.unanswered("pool", 100)
    assert set(drawn[-2:]) == {a, c}
    assert sorted(drawn) == [each for each in pool if each != b]
    assert not {a, c} & set(service.store.queue.unanswered("pool", len(pool) - 3))


def test_what_shows_a_test_image_is_not_trained_on(service):
    """Neither its label nor the image itself; it stays in the pool for prediction and export."""
    test, other = service.store.images.ids("test")[:2]
    leak, fine, chained = service.store.images.ids("pool")[:3]
    service.store.near_duplicates.record(40, [(test, leak), (test, other), (leak, chained)])
    label(service, leak, fine)
    data = snapshot(service)
    assert not data.pool[leak - 1]
    assert data.y[leak - 1] == -1
    assert data.y[fine - 1] >= 0
    assert data.pool[chained - 1]  # it shows another pool image, not the test image itself
    assert int((data.y >= 0).sum()) == 1
    assert ids(data.test) == service.store.images.ids("test")
    assert leak not in ids(data.askable)
    found = service.explore.near_duplicates()
    assert (found.of_test, found.unsearched) == (1, 0)


def test_a_test_image_is_asked_in_its_random_order_whatever_it_resembles(service):
    """Near-duplicates never thin out the sample that measures."""
    before = service.store.queue.unanswered("test", 100)
    pool = service.store.images.ids("pool")
    service.store.near_duplicates.record(40, [(before[0], before[1]), (before[2], pool[0])])
    label(service, pool[0])
    assert service.store.queue.unanswered("test", 100) == before


def test_everything_is_asked_in_the_end(service):
    """A queue without near-duplicates still reaches every image."""
    pool = service.store.images.ids("pool")
    service.store.near_duplicates.record(40, [(pool[0], each) for each in pool[1:10]])
    service.store.queue.replace([])
    asked = []
    while questions := service.lease("tab", "anna", 7):
        asked += [each.image.id for each in questions]
        label(service, *(each.image.id for each in questions))
    assert sorted(asked) == list(range(1, 41))


def test_a_workspace_of_the_first_version_is_upgraded_without_loss(tmp_path):
    """Images, labels and the queue of an old database are there afterwards, and picks work."""
    source = workspace(tmp_path / "new", 12)
    label(source, 1, 2)
    source.store.queue.replace([Ask(5, "entropy 0.50 nats", 0.5), Ask.random(6)])
    held = source.workspace.database
    source.close()
    old, new = tmp_path / "old.db", tmp_path / "now.db"
    first_version(held, old)
    held.rename(new)
    old.rename(held)
    for beside in ("-wal", "-shm"):
        held.with_name(held.name + beside).unlink(missing_ok=True)
    upgraded = Service.open(tmp_path / "new")
    assert len(upgraded.store.labels.current()) == 2
    assert upgraded.store.images.count() == 12
    asked = upgraded.store.queue.ahead()
    assert [(each.reason, each.drawn) for each in asked] == [
        ("entropy 0.50 nats", False),
        (RANDOM, True),
    ]
    assert [each.reason for each in upgraded.lease("tab", "anna", 1)] == ["entropy 0.50 nats"]
    assert upgraded.explore.near_duplicates().unsearched == 12
    apply(Database(held).connection, 1, first)  # done before, so nothing happens


def first_version(new, old):
    """Write what a database holds into one of the first version."""
    make(old)
    connection = connect(old)
    db = connection.conn
    db.execute("CREATE TABLE migration (number INTEGER PRIMARY KEY, name TEXT, applied REAL)")
    apply(connection, 1, first)
    db.execute("ATTACH ? AS new", [str(new)])
    for table in ("class", "image", "event", "queue"):
        known, kept = (
            [row[1] for row in db.execute(f"PRAGMA {place}.table_xinfo({table})")]
            for place in ("main", "new")
        )
        shared = ", ".join(column for column in known if column in kept)
        db.execute(f"INSERT INTO {table} ({shared}) SELECT {shared} FROM new.{table}")
    connection.close()


def test_what_belongs_together_with_a_test_image_is_not_learned_from_and_asked_last(service):
    """Images of one patient that were divided before anybody said whose they are."""
    images = service.images(limit=-1)
    test = {image.id for image in images if image.split == "test"}
    groups = {image.sha256: f"g{image.id % 20}" for image in images if image.id <= 30}
    service.store.images.join(groups)
    measured = {image_id % 20 for image_id in test if image_id <= 30}
    leaking = {n for n in range(1, 31) if n % 20 in measured} - test
    assert leaking
    assert set(service.store.near_duplicates.of_test()) == leaking
    assert set(service.store.near_duplicates.spare()) == leaking
    label(service, *sorted(leaking)[:3])
    now = snapshot(service)
    assert not set(ids(now.pool.nonzero().squeeze(1))) & leaking
    assert (now.y < 0).all()
    assert not set(ids(now.askable)) & leaking


def test_what_shows_a_validation_image_teaches_nothing_and_what_shows_a_test_image_tells_nothing(
    service,
):
    """A pool image of either; a validation image of a test image, by likeness or by its group."""
    store = service.store
    validate, alike, kin, pool = store.images.ids("pool")[:4]
    test, other = store.images.ids("test")[:2]
    store.db.run(f"UPDATE image SET split = 'val' WHERE id IN ({validate}, {alike}, {kin})")
    together = {service.image(each).sha256: "mary" for each in (kin, other)}
    store.images.join(together)
    store.near_duplicates.record(40, [(validate, pool), (alike, test)])
    assert set(store.near_duplicates.of_test()) == {pool, alike, kin}
    label(service, validate, alike, kin, pool)
    data = snapshot(service)
    assert (data.y < 0).all()
    assert not data.pool[[each - 1 for each in (validate, alike, kin, pool, test)]].any()
    assert ids(data.validated) == [validate]
    assert data.truths.tolist() == [(validate - 1) % 2]
