"""The Label page while something is wrong: it stays, says what, and goes on by itself."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, Route, expect

from tests.browser.labeling import labels, open_labeler, press, saved, shown
from tests.browser.server import Serve, Server
from tests.browser.workspaces import workspace


@contextmanager
def unwritable(server: Server) -> Iterator[None]:
    """While it lasts SQLite answers every label and every lease with an error."""
    db = sqlite3.connect(server.root / "certilabel.db", isolation_level=None)
    refusals = [
        f"CREATE TRIGGER {table}_refused BEFORE {act} ON {table} "
        "BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END"
        for table, act in (("event", "INSERT"), ("queue", "UPDATE"))
    ]
    for refusal in refusals:
        db.execute(refusal)
    yield
    for table in ("event", "queue"):
        db.execute(f"DROP TRIGGER {table}_refused")
    db.close()


def test_a_store_that_fails_is_a_notice_and_every_answer_is_stored_once_it_is_well(
    page: Page, serve: Serve, tmp_path: Path
):
    """No blank page, no reload: one labels on, and the answers are sent again by themselves."""
    server = serve(workspace(tmp_path / "failing", images=60))
    open_labeler(page, server.url)
    before = [press(page, "1") for _ in range(3)]
    saved(page, 3)
    with unwritable(server):
        given = [press(page, "2")]
        expect(page.locator(".notice")).to_contain_text("stay in this browser")
        for _ in range(4):
            given.append(press(page, "2"))
            expect(page.locator(".stage")).not_to_have_attribute("data-image", str(given[-1]))
        expect(page.locator(".status")).to_contain_text("saving 5")
        assert set(labels(server.service())) == set(before)
    saved(page, 8)
    expect(page.locator(".notice")).to_be_hidden()
    first, second, _ = server.service().classes()
    assert labels(server.service()) == dict.fromkeys(before, first.id) | dict.fromkeys(
        given, second.id
    )


def test_what_is_damaged_in_the_outbox_is_refused_and_holds_up_nothing(page: Page, server: Server):
    """A class of 2**70, a time in the year 275760, and no answer at all, before the page loads."""
    open_labeler(page, server.url)
    images = server.service().images(kind="unlabeled", offset=500, limit=2)
    page.evaluate(
        """(images) => {
            const own = Object.keys(sessionStorage).find((key) => key.endsWith(':client'));
            const put = (seq, fields) => localStorage.setItem(
                own.replace(/client$/, `event:hurt:${seq}`),
                JSON.stringify({client: 'hurt', seq, kind: 'label', class_id: 1, seconds: 1,
                                at: 1, ...fields}));
            const [one, two] = images.map(([image_id, sha256]) => ({image_id, sha256}));
            put(1, {...one, class_id: 2 ** 70});
            put(2, {...two, at: 8.64e12, seconds: -8.64e12});
            put(3, {...one, kind: 'destroy'});
            put(4, {...one, image_id: 1e300, sha256: '\\ud800'});
        }""",
        [[each.id, each.sha256] for each in images],
    )
    page.reload()
    expect(page.locator(".notice")).to_contain_text("not stored")
    press(page, "1")
    expect(page.locator(".status")).not_to_contain_text("saving")
    recorded = labels(server.service())
    assert recorded[images[1].id] == 1
    assert images[0].id not in recorded
    assert "hurt" not in page.evaluate("Object.keys(localStorage).join()")


def test_an_image_that_failed_once_is_fetched_again_by_itself(page: Page, server: Server):
    """Until then it cannot be labeled; afterwards it can, without a key or a reload."""
    failed: set[str] = set()

    def fail_once(route: Route) -> None:
        if route.request.url in failed:
            route.continue_()
        else:
            failed.add(route.request.url)
            route.fulfill(status=503, body="The database is locked.")

    page.route("**/img/**", fail_once)
    page.goto(server.url)
    expect(page.locator(".stage")).to_contain_text("fetched again")
    image = shown(page)
    page.keyboard.press("1")
    assert shown(page) == image
    assert press(page, "1") == image
    saved(page, 1)
    assert image in labels(server.service())
