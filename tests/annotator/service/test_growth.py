"""What a page reads of the database does not grow with the pool."""

import hashlib
from secrets import token_hex

import numpy as np
import pytest

from annotator.model import NewImage, Settings, Sought, SoughtGuesses
from annotator.service import Service
from tests.annotator.invented import finish_round
from tests.annotator.small import event

FEW, MANY = 1_200, 2_400  # images: more than are asked ahead, or drawn on the map
DRAWN, LABELED = 50, 30
ORDERS = ("uncertain", "confidence", "rounds", "models", "remote")


def says(image):
    """One class in ten of another kind, more or less surely."""
    return ("light" if image.id % 10 else "dark"), 0.5 + (image.id * 7 % 50) / 100


def made(folder, n: int) -> Service:
    """Two rounds over n images without files; all labels are of the first images."""
    service = Service.create(folder, ["dark", "light"], Settings(round_every=0))
    names = [hashlib.sha256(str(number).encode()).hexdigest() for number in range(n)]
    images = [
        NewImage(name, f"{number} dark.png", f"images/{name[:2]}/{name}.png", 8, 8)
        for number, name in enumerate(names)
    ]
    kept = {name: "test" if number % 5 == 0 else "pool" for number, name in enumerate(names)}
    service.store.images.add(images, test_share=0.2, seed=0, kept=kept)
    first = service.images(limit=LABELED)
    service.record([event(service, each, seq=seq) for seq, each in enumerate(first, 1)], "anna")
    for _ in range(2):
        finish_round(service, says, lambda _: ("light", 0.7))
    places = np.column_stack([np.arange(1, DRAWN + 1), np.zeros((DRAWN, 2))])
    np.save(service.workspace.map, places)
    return service


@pytest.fixture(scope="module")
def pools(tmp_path_factory):
    found = {n: made(tmp_path_factory.mktemp("growth") / "ws", n) for n in (FEW, MANY)}
    yield found
    for service in found.values():
        service.close()


PAGES = {
    "Start": lambda s: (s.next_step(), s.news(), s.progress()),
    "Label": lambda s: (s.lease(token_hex(4), "anna"), s.last_job(), s.curve()),
    "Data": lambda s: (
        s.explore.near_duplicates(), s.explore.points(), s.explore.state(), s.count_by_class(),
        s.find(Sought()), s.count_found(Sought()), s.disagreements(), s.people(),
    ),
    "asking what was found": lambda s: s.explore.ask_next([40, 41], "picked"),
    "Rounds": lambda s: (s.curve(), s.below_baseline(), s.stretches(), s.epochs(2)),
    "Quality": lambda s: (
        s.advice(), s.confusion(2), s.class_table(2), s.reliability(2), s.flips(2), s.ratios(),
        s.beside_baseline(2), s.drift(2), s.agreement(),
        s.count_guesses(SoughtGuesses(among="labels")),
    ),
    "Review": lambda s: [
        (s.guesses(SoughtGuesses(order=each)), s.count_guesses(SoughtGuesses()), s.decided())
        for each in ORDERS
    ],
    "Export": lambda s: (s.doubt(), s.count_by_class()),
}  # fmt: skip


def read(service: Service, page) -> int:
    """How many rows come out of the database while a page is drawn."""
    connection, rows = service.store.db.connection.conn, 0

    def counting(_, row):
        nonlocal rows
        rows += 1
        return row

    connection.row_factory = counting
    try:
        assert page(service) is not None
    finally:
        connection.row_factory = None
    return rows


@pytest.mark.parametrize("name", PAGES)
def test_twice_the_images_are_no_more_rows(pools, name):
    """Whatever the page tells of all of them is counted where they lie."""
    few, many = (read(pools[n], PAGES[name]) for n in (FEW, MANY))
    assert 0 < many <= few + 3


def test_looking_for_what_is_alike_reads_the_vectors_and_no_image(pools):
    """But for those that are shown, and of a few others whether they are of the pool."""
    for n, service in pools.items():
        vectors = np.random.default_rng(0).normal(size=(n, 4)).astype(np.float16)
        np.save(service.workspace.embeddings, vectors)
    few, many = (read(pools[n], lambda s: s.explore.like(2, 5)) for n in (FEW, MANY))
    assert 5 <= many <= few + 10


def test_the_map_says_the_same_as_going_through_all_images(pools):
    """Point by point, by what the round says and by the labels."""
    service = pools[FEW]
    said = service.store.results.predictions(2)
    labels = {each.image_id: each.class_id for each in service.store.labels.current("pool")}
    names = {each.id: each.name for each in service.classes()}
    for point in service.explore.points():
        guess = said.get(point.image_id)
        assert point.predicted == (names[guess.class_id] if guess else None)
        assert point.confidence == (guess.confidence if guess else None)
        wanted = labels.get(point.image_id)
        assert point.label == (names[wanted] if wanted else None)
