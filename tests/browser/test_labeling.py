"""Labeling by keyboard, as the store sees it afterwards."""

from __future__ import annotations

import hashlib
import re
import time

from playwright.sync_api import Page, expect

from tests.browser.labeling import labels, open_labeler, press, ready, saved, shown
from tests.browser.server import Server


def pictured(address: str) -> dict[int, str]:
    found = re.search(r"/img/(\d+)\?", address)
    return {int(found[1]): address} if found else {}


def test_a_digit_labels_the_image_on_the_screen(page: Page, server: Server):
    """The bytes that the browser showed hash to the image that carries the label."""
    open_labeler(page, server.url)
    asked: dict[int, str] = {}  # the image of an address -> the address
    page.on("request", lambda request: asked.update(pictured(request.url)))
    page.reload()
    ready(page)
    seen = hashlib.sha256(page.request.get(asked[shown(page)]).body()).hexdigest()
    image = press(page, "2")
    saved(page, 1)
    service = server.service()
    assert service.image(image).sha256 == seen
    assert labels(service)[image] == service.classes()[1].id
    assert shown(page) != image


def test_twenty_presses_at_ten_a_second_are_all_recorded_on_the_right_image(
    page: Page, server: Server
):
    """Each image got the class whose key was pressed while it was on the screen."""
    open_labeler(page, server.url)
    page.wait_for_timeout(500)
    given = {}
    begin = time.monotonic()
    for number in range(20):
        page.wait_for_timeout(max(0.0, (begin + number * 0.1 - time.monotonic()) * 1000))
        choice = number % 3
        given[press(page, str(choice + 1))] = choice
    saved(page, 20)
    service = server.service()
    classes, recorded = service.classes(), labels(service)
    assert len(given) == 20
    assert {image: recorded[image] for image in given} == {
        image: classes[choice].id for image, choice in given.items()
    }


def test_the_keypad_labels_too(page: Page, server: Server):
    """Both digit rows work."""
    open_labeler(page, server.url)
    image = press(page, "Numpad3")
    saved(page, 1)
    assert labels(server.service())[image] == server.service().classes()[2].id


def test_a_held_key_labels_once(page: Page, server: Server):
    """The repeats of a held key change nothing."""
    open_labeler(page, server.url)
    before = len(labels(server.service()))
    for _ in range(6):
        page.keyboard.down("1")
    page.keyboard.up("1")
    saved(page, 1)
    assert len(labels(server.service())) == before + 1


def test_backspace_takes_the_answer_back_and_shows_the_image_again(page: Page, server: Server):
    """After the undo the image has no label, and the next key answers it anew."""
    open_labeler(page, server.url)
    image = press(page, "1")
    saved(page, 1)
    page.keyboard.press("Backspace")
    saved(page, 0)
    assert shown(page) == image
    assert image not in labels(server.service())
    ready(page)
    press(page, "3")
    saved(page, 1)
    assert labels(server.service())[image] == server.service().classes()[2].id


def test_a_quick_undo_of_an_answer_on_its_way_holds(page: Page, server: Server):
    """Label, undo and label again without waiting: the last answer counts."""
    open_labeler(page, server.url)
    image = press(page, "1")
    page.keyboard.press("u")
    assert press(page, "2") == image
    saved(page, 1)
    assert labels(server.service())[image] == server.service().classes()[1].id


def test_space_skips_without_a_label(page: Page, server: Server):
    """The next image comes, and the skipped one has no label."""
    open_labeler(page, server.url)
    image = press(page, "Space")
    saved(page, 0)  # labels are counted
    assert shown(page) != image
    assert image not in labels(server.service())


def test_one_can_go_back_and_change_an_answer(page: Page, server: Server):
    """The arrow shows the last answer; another key replaces it."""
    open_labeler(page, server.url)
    first, second = press(page, "1"), shown(page)
    page.keyboard.press("ArrowLeft")
    assert shown(page) == first
    expect(page.locator(".choices .given")).to_contain_text("red cell")
    press(page, "2")
    saved(page, 1)
    assert shown(page) == second
    assert labels(server.service())[first] == server.service().classes()[1].id


def test_keys_in_a_text_field_or_with_a_modifier_do_nothing(page: Page, server: Server):
    """Typing a number elsewhere labels nothing."""
    open_labeler(page, server.url)
    image = shown(page)
    page.keyboard.press("Control+1")
    page.keyboard.press("Alt+1")
    page.evaluate("document.body.append(document.createElement('input'))")
    page.locator("body > input").focus()
    page.keyboard.press("1")
    assert shown(page) == image
    expect(page.locator(".status")).to_have_text("saved 0")
    page.evaluate("document.activeElement.blur()")
    press(page, "1")
    saved(page, 1)


def test_all_keys_are_shown_on_a_key_and_the_others_go_on(page: Page, server: Server):
    """H shows the list beside the picture, H or escape hides it; meanwhile a class key labels."""
    open_labeler(page, server.url)
    page.keyboard.press("h")
    expect(page.get_by_role("dialog", name="All keys")).to_contain_text("skip this image")
    press(page, "1")
    saved(page, 1)
    page.keyboard.press("h")
    expect(page.get_by_role("dialog", name="All keys")).to_be_hidden()
    page.keyboard.press("h")
    expect(page.get_by_role("dialog", name="All keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="All keys")).to_be_hidden()


def test_a_click_labels_and_leaves_the_space_bar_free(page: Page, server: Server):
    """After a click on a class the space bar still skips."""
    open_labeler(page, server.url)
    image = shown(page)
    page.locator(".choices button").nth(1).click()
    saved(page, 1)
    skipped = press(page, "Space")
    saved(page, 1)
    recorded = labels(server.service())
    assert recorded[image] == server.service().classes()[1].id
    assert skipped not in recorded


def test_coming_back_from_another_page_a_key_counts_once(page: Page, server: Server):
    """Each visit removes its key listener when it ends."""
    open_labeler(page, server.url)
    press(page, "1")
    saved(page, 1)
    for _ in range(2):
        page.get_by_role("link", name="Export").click()
        expect(page.get_by_text("Export the data set")).to_be_visible()
        page.keyboard.press("1")
        page.get_by_role("link", name="Label").click()
        ready(page)
    press(page, "1")
    saved(page, 2)


def test_the_image_fills_the_window_without_scrolling(page: Page, server: Server):
    """Everything is visible at 1280x720, and a tiny image is scaled up crisp."""
    open_labeler(page, server.url)
    page.wait_for_timeout(300)
    scroll = page.evaluate(
        "(() => { const m = document.querySelector('[data-testid=stMain]');"
        "return m.scrollHeight - m.clientHeight })()"
    )
    picture = page.locator(".stage .picture canvas")
    box = page.locator(".hints").bounding_box()
    assert scroll <= 0
    assert box
    assert box["y"] + box["height"] <= 720
    assert (picture.bounding_box() or {})["height"] > 420
    assert picture.evaluate("each => getComputedStyle(each).imageRendering") == "pixelated"
