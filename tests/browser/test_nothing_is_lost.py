"""Reloads, power cuts and twin tabs: no answer goes missing."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.labeling import eventually, labels, open_labeler, press, ready, saved
from tests.browser.server import Serve, Server
from tests.browser.workspaces import workspace


def test_a_reload_right_after_a_press_loses_nothing(page: Page, server: Server):
    """Answers that were on their way are sent by the reloaded page."""
    open_labeler(page, server.url)
    page.wait_for_timeout(300)
    given = [press(page, "1") for _ in range(5)]
    page.reload()
    ready(page)
    eventually(lambda: set(given) <= set(labels(server.service())))
    expect(page.locator(".status")).not_to_contain_text("saving")
    press(page, "1")  # the numbers go on: this one is not taken for an old one
    before = len(labels(server.service()))
    eventually(lambda: len(labels(server.service())) >= before)


def test_a_killed_server_loses_no_answer(page: Page, serve: Serve, tmp_path: Path):
    """What was acknowledged is on disk; what was not is sent to the next server."""
    server = serve(workspace(tmp_path / "killed", images=60))
    open_labeler(page, server.url)
    page.wait_for_timeout(500)
    kept = [press(page, "1") for _ in range(5)]
    saved(page, 5)
    server.kill()
    assert set(kept) == set(labels(server.service()))
    unsent = [press(page, "2") for _ in range(5)]
    expect(page.locator(".status")).to_contain_text("offline")
    expect(page.locator(".status")).to_contain_text("saving 5")
    server.start()
    saved(page, 10)
    first, second, _ = server.service().classes()
    assert labels(server.service()) == dict.fromkeys(kept, first.id) | dict.fromkeys(
        unsent, second.id
    )


def test_answers_of_a_closed_tab_are_sent_by_the_next_one(page: Page, server: Server):
    """An answer that lies in the browser's storage alone reaches the store."""
    open_labeler(page, server.url)
    image = server.service().images(kind="unlabeled", offset=400, limit=1)[0]
    page.evaluate(
        """([id, sha]) => {
            const own = Object.keys(sessionStorage).find((key) => key.endsWith(':client'));
            const event = {client: 'gone', seq: 7, kind: 'label', image_id: id, sha256: sha,
                           class_id: 1, at: 1, seconds: 1};
            localStorage.setItem(own.replace(/client$/, 'event:gone:7'), JSON.stringify(event));
        }""",
        [image.id, image.sha256],
    )
    twin = page.context.new_page()
    open_labeler(twin, server.url)
    eventually(lambda: labels(server.service()).get(image.id) == 1)
    eventually(lambda: not twin.evaluate("Object.keys(localStorage).join().includes('gone')"))


def test_a_duplicated_tab_numbers_its_own_answers(page: Page, server: Server):
    """A copy of a tab copies its name; both tabs' answers are recorded all the same."""
    open_labeler(page, server.url)
    first = press(page, "1")
    saved(page, 1)
    copied = page.evaluate("Object.entries(sessionStorage)")
    twin = page.context.new_page()
    twin.add_init_script(
        f"for (const [key, value] of {copied!r}) sessionStorage.setItem(key, value)"
    )
    open_labeler(twin, server.url)
    second, third = press(twin, "2"), press(page, "3")
    saved(twin, 1)
    saved(page, 2)
    recorded, classes = labels(server.service()), server.service().classes()
    assert [recorded[each] for each in (first, second, third)] == [each.id for each in classes]


def test_a_browser_that_keeps_no_site_data_can_label_too(page: Page, server: Server):
    """There the mere name of a storage throws."""
    page.add_init_script(
        """for (const name of ['localStorage', 'sessionStorage'])
            Object.defineProperty(window, name, {
                get() { throw new DOMException('Access is denied.', 'SecurityError'); },
            });"""
    )
    open_labeler(page, server.url)
    image = press(page, "1")
    saved(page, 1)
    assert labels(server.service())[image] == server.service().classes()[0].id


def test_an_answer_with_a_removed_class_is_refused_in_words(
    page: Page, serve: Serve, tmp_path: Path
):
    """The page says so, offers the classes there are, and asks the image again."""
    server = serve(workspace(tmp_path / "removing", images=20))
    open_labeler(page, server.url)
    service = server.service()
    service.remove_class(service.classes()[0].id)
    image = press(page, "1")
    expect(page.locator(".notice")).to_contain_text("not stored")
    expect(page.locator(".choices button")).to_have_count(2)
    assert image not in labels(service)
    saved(page, 0)
