"""Answers that are no label, by keyboard: can't tell, flags, notes, undo, and looking back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from annotator.service import Service
from annotator.store.queue import Ask
from tests.annotator.small import event
from tests.browser.labeling import (
    eventually,
    labels,
    open_labeler,
    painted,
    press,
    ready,
    saved,
    shown,
)
from tests.browser.server import Serve, Server
from tests.browser.workspaces import workspace


@pytest.fixture
def server(serve: Serve, tmp_path: Path) -> Server:
    """Of its own: the key that flags would take off a flag that another test has left."""
    return serve(workspace(tmp_path / "own", images=60))


def field(page: Page):
    return page.locator(".text")


def marks(service: Service, image: int) -> tuple[bool, str]:
    found = service.store.beside.marks([image]).get(image)
    return (bool(found.flags), found.note) if found else (False, "")


def back(page: Page) -> int:
    """Look back by one answer, as far as the page has them; the image that is shown then."""
    page.keyboard.press("ArrowLeft")
    return shown(page)


def test_a_question_mark_is_for_good_and_its_reason_may_follow(page: Page, server: Server):
    """The next image comes at once; enter opens the field, and meanwhile nothing is lost."""
    open_labeler(page, server.url)
    image = press(page, "?")
    assert shown(page) != image
    saved(page, 0)
    service = server.service()
    assert service.store.beside.unclear([image])[image].why == ""
    page.keyboard.press("Enter")
    expect(field(page)).to_be_focused()
    page.keyboard.type("1 f n ? blurred")  # no key of it labels, flags or opens anything
    page.keyboard.press("Enter")
    eventually(lambda: service.store.beside.unclear([image])[image].why == "1 f n ? blurred")
    expect(field(page)).to_be_hidden()
    saved(page, 0)
    assert not marks(service, shown(page))[0]
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".reason")).to_contain_text("could not tell (1 f n ? blurred)")
    press(page, "2")  # after all
    saved(page, 1)
    assert labels(service)[image] == service.classes()[1].id
    assert service.store.beside.unclear([image]) == {}


def test_a_flag_stays_on_its_image_and_toggles(page: Page, server: Server):
    """The image stays in sight; the button shows the flag; the same key takes it off."""
    open_labeler(page, server.url)
    service, image = server.service(), shown(page)
    page.keyboard.press("f")
    expect(page.locator(".marks")).to_have_text("⚑ flagged")
    eventually(lambda: marks(service, image)[0])
    assert shown(page) == image
    page.keyboard.press("F")
    expect(page.locator(".marks")).to_be_hidden()
    eventually(lambda: not marks(service, image)[0])
    page.locator(".flag").click()
    eventually(lambda: marks(service, image)[0])
    press(page, "1")
    saved(page, 1)
    page.reload()
    ready(page)
    expect(page.locator(".marks")).to_be_hidden()  # another image
    expect(page.locator(".status")).to_have_text("saved 0")
    page.keyboard.press("ArrowLeft")
    assert shown(page) == image
    expect(page.locator(".marks")).to_have_text("⚑ flagged")


def test_a_note_is_kept_by_enter_and_left_by_escape(page: Page, server: Server):
    """It stands beside the image, also after a reload; in the field no key means anything else."""
    open_labeler(page, server.url)
    service, image = server.service(), shown(page)
    page.keyboard.press("n")
    expect(field(page)).to_be_focused()
    page.keyboard.type("12 <b>dim</b>")
    page.keyboard.press("Escape")
    expect(field(page)).to_be_hidden()
    assert marks(service, image) == (False, "")
    page.keyboard.press("n")
    page.keyboard.type("12 <b>dim</b>")
    page.keyboard.press("Enter")
    expect(page.locator(".marks")).to_have_text("note: 12 <b>dim</b>")
    eventually(lambda: marks(service, image)[1] == "12 <b>dim</b>")
    assert shown(page) == image
    page.reload()
    ready(page)
    assert shown(page) == image
    expect(page.locator(".marks")).to_have_text("note: 12 <b>dim</b>")
    page.keyboard.press("n")
    expect(field(page)).to_have_value("12 <b>dim</b>")
    page.keyboard.press("Escape")
    press(page, "1")  # the keys are the page's again
    saved(page, 1)


def test_undo_takes_back_what_was_last_done_to_the_image_in_sight(page: Page, server: Server):
    """A label, then a flag and a note while one looks back: note, flag, label, one by one."""
    open_labeler(page, server.url)
    service, image = server.service(), press(page, "1")
    page.keyboard.press("ArrowLeft")
    assert shown(page) == image
    page.keyboard.press("f")
    page.keyboard.press("n")
    page.keyboard.type("dim")
    page.keyboard.press("Enter")
    eventually(lambda: marks(service, image) == (True, "dim"))
    page.keyboard.press("u")
    eventually(lambda: marks(service, image) == (True, ""))
    assert shown(page) == image
    page.keyboard.press("u")
    eventually(lambda: marks(service, image) == (False, ""))
    assert image in labels(service)
    page.keyboard.press("u")
    eventually(lambda: image not in labels(service))
    assert shown(page) == image
    painted(page)
    press(page, "?")
    eventually(lambda: image in service.store.beside.unclear([image]))
    page.keyboard.press("u")
    eventually(lambda: image not in service.store.beside.unclear([image]))
    assert shown(page) == image


def test_what_waits_while_the_server_is_dead_is_sent_to_the_next_one(
    page: Page, serve: Serve, tmp_path: Path
):
    """Every kind, over a kill of the server, a reload of nothing, and its return."""
    server = serve(workspace(tmp_path / "killed", images=40))
    open_labeler(page, server.url)
    page.wait_for_timeout(500)
    server.kill()
    skipped = press(page, "Space")
    unclear = press(page, "?")
    flagged = shown(page)
    page.keyboard.press("f")
    page.keyboard.press("n")
    page.keyboard.type("dim")
    page.keyboard.press("Enter")
    labeled = press(page, "1")
    expect(page.locator(".status")).to_contain_text("saving 5")
    server.start()
    saved(page, 1)
    service = server.service()
    beside = service.store.beside
    assert (skipped in beside.skipped([skipped]), unclear in beside.unclear([unclear])) == (
        True,
        True,
    )
    assert flagged == labeled
    assert marks(service, flagged) == (True, "dim")
    assert set(labels(service)) == {labeled}
    kinds = service.store.db.rows("SELECT kind FROM event ORDER BY id")
    assert [row["kind"] for row in kinds] == ["skip", "unclear", "flag", "note", "label"]


def test_a_reload_right_after_the_keys_loses_and_doubles_nothing(page: Page, server: Server):
    """They are sent by the reloaded page, once each."""
    service = server.service()
    before = service.store.labels.watermark()  # others may have answered the same images
    open_labeler(page, server.url)
    page.wait_for_timeout(300)
    unclear, flagged = press(page, "?"), shown(page)
    page.keyboard.press("f")
    page.reload()
    ready(page)
    eventually(lambda: unclear in service.store.beside.unclear([unclear]))
    eventually(lambda: marks(service, flagged)[0])
    expect(page.locator(".status")).to_have_text("saved 0")
    written = service.store.db.rows(
        "SELECT kind, image_id FROM event WHERE id > :before ORDER BY id", {"before": before}
    )
    assert [(each["kind"], each["image_id"]) for each in written] == [
        ("unclear", unclear),
        ("flag", flagged),
    ]


def test_after_a_reload_one_looks_back_over_all_of_ones_own_answers(
    page: Page, serve: Serve, tmp_path: Path
):
    """More than a page of them, each as it was answered, and forward again to the question."""
    server = serve(workspace(tmp_path / "history", images=60))
    service = server.service()
    images = service.images(limit=45)
    classes = [each.id for each in service.classes()]
    for seq, image in enumerate(images, 1):
        each = event(service, image, "skip", seq=seq, client="before")
        if seq % 3:
            each = replace(each, kind="label", class_id=classes[seq % 2])
        service.record([each], service.person.name)
    open_labeler(page, server.url)
    current, seen = shown(page), []
    for number in range(45):
        eventually(lambda: back(page) not in {current, *seen})
        seen.append(shown(page))
        word = "skipped before" if (45 - number) % 3 == 0 else "answered before"
        expect(page.locator(".reason")).to_contain_text(word)
    assert seen == [each.id for each in reversed(images)]
    page.keyboard.press("ArrowLeft")
    assert shown(page) == seen[-1]
    for _ in range(45):
        page.keyboard.press("ArrowRight")
    assert shown(page) == current
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    press(page, "3")
    saved(page, 1)
    assert labels(service)[images[-2].id] == classes[2]


def test_the_guess_is_shown_only_where_the_setting_says_so_and_then_written_down(
    page: Page, serve: Serve, tmp_path: Path
):
    """The reason alone at first; with the setting the guess beside it, and the answer says so."""
    server = serve(workspace(tmp_path / "guess", images=20))
    service = server.service()
    asks = [
        Ask(each.id, "the model is undecided", guess="torn between red cell and platelet",
            detail="entropy 0.94 nats")
        for each in service.images(limit=20)
    ]  # fmt: skip
    service.store.queue.replace(asks)
    open_labeler(page, server.url)
    reason = page.locator(".reason")
    expect(reason).to_have_text("the model is undecided")
    expect(reason).to_have_attribute(
        "title", "entropy 0.94 nats · number 1 in the order of questions"
    )
    blind = press(page, "1")
    saved(page, 1)
    expect(page.get_by_text("Asked first, by the policy mix:")).to_be_visible()
    service.save_settings(replace(service.settings(), show_guess="on"))
    page.reload()
    ready(page)
    expect(reason).to_contain_text("the model is torn between red cell and platelet")
    swayed = press(page, "1")
    saved(page, 1)
    told = {each.image_id: each.suggestion_shown for each in service.store.labels.current()}
    assert told == {blind: 0, swayed: 1}
