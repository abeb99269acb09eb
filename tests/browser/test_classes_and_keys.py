"""Which key stands for which class, and class names of every sort."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.labeling import labels, open_labeler, press, saved, shown
from tests.browser.server import Serve, Server
from tests.browser.workspaces import workspace

NAMES = (
    "mitosis",
    "7",
    "<script>alert(1)</script>",
    "0",
    '"quoted" & O\'Brien',
    "a class whose name is as long as names may be, because nobody abbreviated it",
    *(f"stage {letter}" for letter in "ABCDEF"),
)


@pytest.fixture(scope="module")
def odd(serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> Server:
    """Twelve classes: two named by a digit, some with signs that markup uses."""
    root = tmp_path_factory.mktemp("odd") / "odd"
    return serve(workspace(root, images=200, classes=NAMES))


def test_a_class_named_by_a_digit_has_that_key_and_the_others_what_is_left(page: Page, odd: Server):
    """Whoever sees a 7 presses 7, wherever the class stands in the list."""
    open_labeler(page, odd.url)
    keys = [NAMES[1], NAMES[3], NAMES[0], NAMES[2], NAMES[11]]
    given = {press(page, key): name for key, name in zip("7012w", keys, strict=True)}
    saved(page, len(keys))
    names = {each.id: each.name for each in odd.service().classes()}
    recorded = labels(odd.service())
    assert {image: names[recorded[image]] for image in given} == given


def test_each_button_shows_its_key_and_its_name_as_text(page: Page, odd: Server):
    """No name is run as markup, none is swallowed, and every key is different."""
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    open_labeler(page, odd.url)
    buttons = page.locator(".choices button")
    expect(buttons.locator("span")).to_have_text(list(NAMES))
    assert buttons.locator("kbd").all_inner_texts() == list("1720345689QW")
    assert dialogs == []


def test_with_many_classes_everything_is_still_on_the_screen(page: Page, odd: Server):
    """The image keeps most of the window, and no button hangs over the edge."""
    open_labeler(page, odd.url)
    page.wait_for_timeout(300)
    stage, hints, whole = (
        page.locator(each).bounding_box() for each in (".stage", ".hints", ".labeler")
    )
    assert stage
    assert hints
    assert whole
    assert stage["height"] > 300
    assert hints["y"] + hints["height"] <= 720
    for box in (each.bounding_box() for each in page.locator(".choices button").all()):
        assert box
        assert box["x"] + box["width"] <= whole["x"] + whole["width"] + 1
        assert box["y"] + box["height"] <= whole["y"] + whole["height"] + 1
        assert box["x"] >= stage["x"] + stage["width"], "they stand beside the image"


def test_thirty_presses_as_fast_as_fingers_go_are_all_on_the_right_image(page: Page, odd: Server):
    """At 60 ms a press, a press that comes before its image was painted labels nothing."""
    open_labeler(page, odd.url)
    page.wait_for_timeout(500)
    given: dict[int, str] = {}
    for number in range(30):
        before, key = shown(page), "12"[number % 2]
        page.keyboard.press(key)
        page.wait_for_timeout(60)
        if shown(page) != before:
            given[before] = NAMES[0] if key == "1" else NAMES[2]
    saved(page, len(given))
    names = {each.id: each.name for each in odd.service().classes()}
    recorded = labels(odd.service())
    assert given  # how many of them depends on the machine: benchmarks/labeler.py counts
    assert {image: names[recorded[image]] for image in given} == given
