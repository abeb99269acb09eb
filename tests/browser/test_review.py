"""Pseudo-labels are reviewed by keyboard, and nothing of it is lost."""

from __future__ import annotations

import random
from pathlib import Path

from playwright.sync_api import Page, expect

from annotator.model import Image, SoughtGuesses
from annotator.service import Service
from tests.annotator.invented import finish_round
from tests.browser.labeling import eventually
from tests.browser.server import Serve
from tests.browser.workspaces import workspace

CARD = ".card[aria-selected=true]"


def selected(page: Page) -> int:
    return int(page.locator(CARD).get_attribute("data-image") or 0)


def turned(page: Page, before: str) -> None:
    """Wait until other cards are there."""
    expect(page.locator(f".card[data-image='{before}']")).to_have_count(0)
    page.locator(CARD).wait_for()


def guessed(root: Path) -> Path:
    """A workspace whose round has a pseudo-label for every image of the pool."""
    service = Service.open(workspace(root, images=200))
    rng = random.Random(1)
    classes = [each.name for each in service.classes()]

    def guess(_image: Image) -> tuple[str, float]:
        return rng.choice(classes), 0.9 + rng.random() / 10

    finish_round(service, guess, guess)
    return root


def test_a_hundred_pseudo_labels_are_reviewed_by_keys_with_a_reload_between(
    page: Page, serve: Serve, tmp_path: Path
):
    """Accepted, changed, rejected: what the log says is what was pressed on the card in sight."""
    server = serve(guessed(tmp_path / "many"))
    service = server.service()
    guesses = {each.image.id: each.class_id for each in service.guesses(SoughtGuesses(), limit=999)}
    white = service.class_named("white cell").id
    page.goto(f"{server.url}/review")
    page.locator(CARD).wait_for()
    given: dict[int, tuple[str, int]] = {}
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
            page.reload()
            page.locator(CARD).wait_for()
        elif not page.locator(".card:not([data-decided])").count():
            page.keyboard.press("Enter")
            turned(page, str(image))
    eventually(lambda: sum(service.decided()) == 100)
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
    page.locator(CARD).wait_for()
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
