"""Who holds what: by shares where little is left, never two of one image, and none for ever."""

import random
import time

import pytest

from annotator.store.holding.held import AHEAD, SILENCE_SECONDS
from annotator.store.queue import Ask
from tests.annotator.small import event, workspace


@pytest.fixture
def service(tmp_path):
    made = workspace(tmp_path / "ws", 40)
    yield made
    made.close()


@pytest.fixture
def leases(service):
    return service.store.leases


def ids(questions):
    return [question.image.id for question in questions]


def waiting(service, n):
    """Leave n images in the queue, the first of which are the lowest."""
    service.lease("filler", "nobody", 1)
    service.store.leases.release("filler", 0)
    service.store.db.run("DELETE FROM queue WHERE image_id > :n", {"n": n})
    service.store.db.run("UPDATE queue SET position = image_id")
    rest = [event(service, each, seq=each.id) for each in service.images(limit=100) if each.id > n]
    service.record(rest, "before")


def passes(service, seconds):
    """Let time pass: all that is written of it is so much older."""
    for table in ("queue", "open_page"):
        service.store.db.run(f"UPDATE {table} SET until = until - :s", {"s": seconds})


def silent(service, client):
    """A page that said its last word long ago."""
    past = {"who": client, "past": time.time() - 1}
    service.store.db.run("UPDATE queue SET until = :past WHERE holder = :who", past)
    service.store.db.run("UPDATE open_page SET until = :past WHERE client = :who", past)


def test_a_page_has_a_dozen_ahead(service):
    """Not thirty: a new order of questions reaches the page soon, and others find something."""
    assert len(service.lease("a", "anna")) == AHEAD == 12


def test_the_last_images_are_shared(service, leases):
    """Whoever came first gives back what is more than their share, and keeps what they look at."""
    waiting(service, 9)
    first = ids(service.lease("a", "anna"))
    assert first == [*range(1, 10)]
    assert service.lease("b", "ben") == []
    assert leases.beat("b", "ben", None, []).more is False
    beat = leases.beat("a", "anna", 7, [7, *first])
    assert set(beat.gone) == {5, 6, 8, 9}
    assert leases.beat("b", "ben", None, []).more is True
    assert ids(service.lease("b", "ben")) == [5, 6, 8, 9]
    assert ids(service.lease("a", "anna")) == [1, 2, 3, 4, 7]


def test_the_very_last_image_stays_with_whom_it_is(service, leases):
    """It is shown to one, and the others are told that nothing is left."""
    waiting(service, 1)
    assert ids(service.lease("a", "anna")) == [1]
    assert leases.beat("a", "anna", 1, [1]).gone == ()
    assert service.lease("b", "ben") == []


def test_a_silent_page_is_forgotten_after_a_third_of_a_minute(service, leases):
    """With all it held; nobody waits longer, and a page that goes on saying so keeps it."""
    assert SILENCE_SECONDS + SILENCE_SECONDS / 4 <= 20
    waiting(service, 2)
    service.lease("a", "anna")
    for _ in range(40):  # four minutes of looking
        passes(service, 6)
        assert leases.beat("a", "anna", 1, [1, 2]).gone in ((), (2,))
        assert 1 not in ids(service.lease("b", "ben"))
    silent(service, "a")
    assert 1 in ids(service.lease("b", "ben"))


def test_a_page_that_was_cut_off_gets_back_what_nobody_has_taken(service, leases):
    """And is told what somebody has: that image is on two screens."""
    waiting(service, 6)
    held = ids(service.lease("a", "anna"))
    silent(service, "a")
    taken = ids(service.lease("b", "ben", 2))
    assert taken == [1, 2]
    assert leases.beat("a", "anna", 1, held).gone == (1, 2, 6)
    assert ids(service.lease("a", "anna")) == [3, 4, 5]


def test_closing_frees_at_once_and_a_late_farewell_of_a_reload_frees_nothing(service, leases):
    """The page that was loaded anew has spoken since."""
    waiting(service, 5)
    service.lease("a", "anna", turn=100)
    leases.release("a", 100)
    assert len(service.lease("b", "ben", turn=7)) == 5
    leases.release("b", 7)
    service.lease("a", "anna", turn=200)
    leases.release("a", 100)
    leases.release("a", 100)
    leases.release("unheard of", 1e300)
    assert service.lease("b", "ben") == []


def test_a_new_order_takes_no_image_from_a_screen(service, leases):
    """Wherever in the queue it is, and though the new order begins with it."""
    held = ids(service.lease("a", "anna"))
    last = held[-1]
    leases.beat("a", "anna", last, [last, *held[:-1]])
    others = [each.id for each in service.images(limit=100) if each.id not in held]
    service.store.queue.replace([Ask(each, "new") for each in [last, *others]])
    assert last not in ids(service.lease("b", "ben", 40))


def test_both_answers_to_one_image_are_kept_and_listed(service):
    """A page was cut off and answered what somebody else had been given meanwhile."""
    image = service.lease("a", "anna")[0].image
    silent(service, "a")
    assert image.id in ids(service.lease("b", "ben"))
    service.record([event(service, image, seq=1, client="b", name="dark")], "ben")
    service.record([event(service, image, seq=1, client="a", name="light")], "anna")
    assert service.store.search.opinions.disagreements() == {image.id}
    assert {each.annotator for each in service.answers_to(image.id)} == {"anna", "ben"}


class Tab:
    """The page's half, as its script has it: the first of the list is on the screen."""

    def __init__(self, service, client):
        self.service, self.client, self.items, self.seq = service, client, [], 0
        self.heard = True  # within the silence that is allowed

    def fetch(self):
        fresh = ids(self.service.lease(self.client, self.client))
        self.items = [*self.items[:1], *[each for each in fresh if each not in self.items[:1]]]
        self.heard = True

    def beat(self):
        shown = self.items[0] if self.items else None
        gone = self.service.store.leases.beat(self.client, self.client, shown, self.items).gone
        self.items = [each for at, each in enumerate(self.items) if not at or each not in gone]
        self.heard = True
        return gone

    def answer(self):
        if self.items:
            self.seq += 1
            image = self.service.store.images.get(self.items.pop(0))
            self.service.record(
                [event(self.service, image, seq=self.seq, client=self.client)], self.client
            )
            self.fetch()

    def go_silent(self):
        silent(self.service, self.client)
        self.heard = False

    def close(self):
        self.service.store.leases.release(self.client, 0)
        self.items, self.heard = [], False


@pytest.mark.parametrize("seed", range(6))
def test_what_is_on_the_screen_of_a_living_page_is_nobody_elses(service, seed):
    """Whatever three people do in whatever order, and every image is answered in the end."""
    rng = random.Random(seed)
    tabs = [Tab(service, name) for name in ("anna", "ben", "zoe")]
    lapsed: set[int] = set()  # what a page had as it fell silent: it may show that all the same
    for _ in range(250):
        tab = rng.choice(tabs)
        act = rng.choices(["fetch", "beat", "answer", "go_silent", "close"], [3, 6, 6, 1, 1])[0]
        getattr(tab, act)()
        for each in tabs:
            if not each.heard:
                lapsed.update(each.items)
        shown = [each.items[0] for each in tabs if each.heard and each.items]
        twice = {each for each in shown if shown.count(each) > 1}
        assert twice <= lapsed, f"{twice} is on two screens, and both pages live"
    for _ in range(60):
        for tab in tabs:
            tab.beat()
            tab.fetch()
            tab.answer()
    assert service.progress().labeled == 40
