"""Pseudo-labels are reviewed by keyboard, and nothing of it is lost."""

from __future__ import annotations

import random
import re
import time
from dataclasses import replace
from pathlib import Path
from statistics import median

from playwright.sync_api import Page, Route, expect

from annotator.model import DoubtedLabel, Image, LabelEvent, SoughtGuesses
from annotator.service import Service
from tests.annotator.invented import finish_round
from tests.browser.labeling import drawn, eventually
from tests.browser.reviewing import CARD, LACKING, TIMED, ids, ready, selected, turned
from tests.browser.server import Serve
from tests.browser.workspaces import CLASSES, label, workspace


def guessed(root: Path, classes: tuple[str, ...] = CLASSES) -> Path:
    """A workspace whose round has a pseudo-label for every image of the pool."""
    service = Service.open(workspace(root, images=200, classes=classes))
    rng = random.Random(1)

    def guess(_image: Image) -> tuple[str, float]:
        return rng.choice(classes), 0.9 + rng.random() / 10

    finish_round(service, guess, guess)
    return root


def test_a_hundred_pseudo_labels_are_reviewed_by_keys_with_a_reload_between(
    page: Page, serve: Serve, tmp_path: Path
):
    """Accepted, changed, rejected: what the log says is what was pressed on the card in sight.

    Each key is answered within 100 ms on a calm machine; beside other tests, most are.
    """
    server = serve(guessed(tmp_path / "many"))
    service = server.service()
    guesses = {each.image.id: each.class_id for each in service.guesses(SoughtGuesses(), limit=999)}
    white = service.class_named("white cell").id
    page.goto(f"{server.url}/review")
    ready(page)
    page.evaluate(TIMED)
    given: dict[int, tuple[str, int]] = {}
    answered: list[float] = []  # ms
    while len(given) < 100:
        image = selected(page)
        assert image not in given, "a card that is decided is not looked at again"
        key = ("Enter", "Enter", "x", "2")[len(given) % 4]
        page.keyboard.press(key)
        if key == "2":
            given[image] = ("label", white)
        else:
            given[image] = ("label" if key == "Enter" else "reject", guesses[image])
        if len(given) == 50:
            answered += page.evaluate("window.answered")
            page.reload()
            ready(page)
            page.evaluate(TIMED)
        elif not page.locator(".card:not([data-decided])").count():
            page.keyboard.press("Enter")
            turned(page, str(image))
    eventually(lambda: sum(service.decided()) == 100)
    answered += page.evaluate("window.answered")
    assert len(answered) > 90
    assert median(answered) < 100
    for image, said in given.items():
        [answer] = service.answers_to(image)
        assert (answer.kind, answer.class_id) == said


def test_keys_walk_enlarge_and_take_back_and_one_accepts_the_rest(
    page: Page, serve: Serve, tmp_path: Path
):
    """Nothing is decided by looking, and what was decided is not accepted with the rest."""
    server = serve(guessed(tmp_path / "page"))
    service = server.service()
    page.goto(f"{server.url}/review")
    ready(page)
    first = selected(page)
    page.keyboard.press("ArrowRight")
    second = selected(page)
    assert second != first
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowDown")
    assert selected(page) not in (first, second)
    page.keyboard.press("ArrowUp")
    assert selected(page) == first
    page.keyboard.press("z")
    expect(page.locator("dialog.large img")).to_be_visible()
    page.keyboard.press("x")
    expect(page.locator("dialog.large")).to_be_visible()  # it follows the keys
    page.keyboard.press("Escape")
    expect(page.locator("dialog.large")).to_be_hidden()
    expect(page.locator(f"[data-image='{first}'] .mark")).to_have_text("✗ rejected")
    page.keyboard.press("u")
    assert selected(page) == first
    expect(page.locator(f"[data-image='{first}'] .mark")).to_be_empty()
    page.keyboard.press("x")
    page.keyboard.press("Shift+A")
    expect(page.locator(".card:not([data-decided])")).to_have_count(0)
    eventually(lambda: service.decided() == (23, 1))
    kinds = [each.kind for each in reversed(service.answers_to(first))]
    assert kinds == ["reject", "undo", "reject"]


def test_what_was_decided_stays_so_when_one_looks_at_another_page_in_between(
    page: Page, serve: Serve, tmp_path: Path
):
    """A rejected image becomes no label by accepting the rest; what others decided is gone."""
    server = serve(guessed(tmp_path / "back"))
    service = server.service()
    page.goto(f"{server.url}/review")
    ready(page)
    cards = ids(page)
    page.keyboard.press("x")
    page.keyboard.press("Enter")
    eventually(lambda: service.decided() == (1, 1))
    leave(page)
    elsewhere = {each.image.id: each for each in service.guesses(SoughtGuesses(), limit=99)}
    taken = elsewhere[cards[5]]
    sha256, now = taken.image.sha256, time.time()
    event = LabelEvent("other", 1, "reject", cards[5], sha256, taken.class_id, now, 1.0)
    service.decide([event])
    page.get_by_role("link", name="Review").click()
    ready(page)
    assert ids(page) == [each for each in cards if each != cards[5]]
    assert ids(page, ".card[data-decided]") == cards[:2]
    page.keyboard.press("Shift+A")
    eventually(lambda: service.decided() == (22, 2))
    assert [each.kind for each in service.answers_to(cards[0])] == ["reject"]
    assert [each.kind for each in service.answers_to(cards[5])] == ["reject"]
    leave(page)
    page.get_by_role("link", name="Review").click()
    turned(page, str(cards[0]))  # nothing is left of that page: the next one is there
    assert not set(ids(page)) & set(cards)


def leave(page: Page) -> None:
    page.get_by_role("link", name="Export").click()
    page.get_by_role("heading", name="Export").first.wait_for()
    expect(page.locator(CARD)).to_have_count(0)


def test_a_picture_that_has_not_come_is_neither_accepted_nor_rejected(
    page: Page, serve: Serve, tmp_path: Path
):
    """Accepting the rest takes those that are there, and says how many are not."""
    server = serve(guessed(tmp_path / "slow"))
    service = server.service()
    held: list[Route] = []
    first = service.guesses(SoughtGuesses(), limit=1)[0].image.id

    def hold(route: Route) -> None:
        held.append(route)

    page.route(re.compile(rf"/img/{first}\?"), hold)
    page.goto(f"{server.url}/review")
    page.locator(CARD).wait_for()
    page.locator(".cards[data-painted]").wait_for()
    page.wait_for_function(LACKING, arg=1)
    assert selected(page) == first
    for key in ("Enter", "x", "1"):
        page.keyboard.press(key)
        expect(page.locator(".status")).to_contain_text("pressed before it was seen: not counted")
        assert selected(page) == first
    page.keyboard.press("Shift+A")
    expect(page.locator(".status")).to_contain_text("1 of 24 not loaded yet: not decided")
    eventually(lambda: service.decided() == (23, 0))
    assert service.answers_to(first) == []
    [*_, last] = held
    last.continue_()
    ready(page)
    page.keyboard.press("Enter")
    eventually(lambda: service.decided() == (24, 0))


def test_a_key_counts_once_the_page_was_in_sight_for_the_shortest_look(
    page: Page, serve: Serve, tmp_path: Path
):
    """Of one card as of all the rest."""
    server = serve(guessed(tmp_path / "hasty"))
    service = server.service()
    service.save_settings(replace(service.settings(), least_look=3000))
    page.goto(f"{server.url}/review")
    ready(page)
    for key in ("Enter", "Shift+A"):
        page.keyboard.press(key)
        expect(page.locator(".status")).to_contain_text("pressed before it was seen: not counted")
    expect(page.locator(".card[data-decided]")).to_have_count(0)
    page.wait_for_timeout(3100)
    page.keyboard.press("Enter")
    eventually(lambda: service.decided() == (1, 0))


def test_two_quick_presses_turn_one_page(page: Page, serve: Serve, tmp_path: Path):
    """The cards that come are the next 24, not those after them."""
    server = serve(guessed(tmp_path / "quick"))
    order = [each.image.id for each in server.service().guesses(SoughtGuesses(), limit=72)]
    page.goto(f"{server.url}/review")
    ready(page)
    assert ids(page) == order[:24]
    page.keyboard.press("PageDown")
    page.keyboard.press("PageDown")
    turned(page, str(order[0]))
    page.wait_for_timeout(1000)
    assert ids(page) == order[24:48]


def test_labels_that_may_be_wrong_are_kept_or_changed_by_keys(
    page: Page, serve: Serve, tmp_path: Path
):
    """A card says the label and the model's answer; what is kept stays as it was given."""
    root = workspace(tmp_path / "labels", images=60)
    service = Service.open(root)
    pool = [each for each in service.images(limit=60) if each.split == "pool"][:4]
    label(service, pool)
    finish_round(service, lambda _: (CLASSES[0], 0.95), lambda _: (CLASSES[0], 0.95))
    given = {each.image_id: each.class_id for each in service.store.labels.current()}
    classes = [each.id for each in service.classes()]
    said = {each: next(other for other in classes if other != given[each]) for each in given}
    service.store.doubts.write(
        1,
        [
            DoubtedLabel(each.id, given[each.id], said[each.id], 0.9, 0.01 * n)
            for n, each in enumerate(pool)
        ],
    )
    service.close()
    server = serve(root)
    service = server.service()
    page.goto(f"{server.url}/review")
    ready(page)
    drawn(page)
    page.get_by_role("combobox", name="Look through").click()
    page.get_by_role("option", name="labels that may be wrong").click()
    page.locator(".card[data-doubted]").first.wait_for()
    ready(page)
    first, second, third, _ = cards = ids(page)
    assert cards == [each.id for each in pool]
    names = {each.id: each.name for each in service.classes()}
    card = page.locator(f"[data-image='{first}']")
    expect(card.locator("strong")).to_have_text(names[given[first]])
    expect(card.locator(".detail")).to_contain_text(f"model: {names[said[first]]}, 90.0")
    page.keyboard.press("Enter")
    expect(card.locator(".mark")).to_have_text("✓ kept")
    page.keyboard.press("x")
    eventually(lambda: len(service.answers_to(second)) == 2)
    page.keyboard.press("Shift+A")
    eventually(lambda: len(service.answers_to(third)) == 2)
    now = {each.image_id: each for each in service.store.labels.current()}
    assert {each: now[each].class_id for each in cards} == {**given, second: said[second]}
    assert [now[each].source for each in cards].count("human") == 3
    assert service.guesses(SoughtGuesses(among="labels")) == []


def test_a_class_whose_key_means_something_else_here_shows_none(
    page: Page, serve: Serve, tmp_path: Path
):
    """Those of the 26th and 27th class: they are given by a click."""
    names = tuple(f"kind {number}" for number in range(1, 28))
    server = serve(guessed(tmp_path / "long", names))
    service = server.service()
    page.goto(f"{server.url}/review")
    ready(page)
    buttons = page.locator(".choices button")
    expect(buttons).to_have_count(27)
    assert [each.locator("kbd").count() for each in buttons.all()] == [1] * 25 + [0] * 2
    image = selected(page)
    buttons.nth(26).click()
    eventually(lambda: service.decided() == (1, 0))
    assert [each.class_id for each in service.answers_to(image)] == [
        service.class_named("kind 27").id
    ]


def test_a_class_name_is_read_to_its_end_on_every_card(page: Page, serve: Serve, tmp_path: Path):
    """Also a long one without blanks, as names may differ at their ends; and in the tooltip."""
    names = ("no tumor, post-operative", "pituitary", "meningioma_" * 4)
    server = serve(guessed(tmp_path / "names", names))
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(f"{server.url}/review")
    ready(page)
    heads = page.locator(".card strong").all()
    assert heads
    for each in heads:
        assert each.evaluate("it => it.scrollWidth <= it.clientWidth")
    told = page.locator(".card").first
    assert (told.get_attribute("title") or "").startswith(tuple(names))
