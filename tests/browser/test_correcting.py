"""Images are found and answered anew, and classes change under open pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Page, expect

from annotator.model import Image, Sought
from tests.annotator import invented
from tests.annotator.small import event
from tests.browser.labeling import (
    drawn,
    eventually,
    labels,
    open_labeler,
    press,
    saved,
    shown,
    visit,
)
from tests.browser.server import Serve, Server
from tests.browser.workspaces import CLASSES, filled, workspace


def quarreled(root: Path) -> Path:
    """A filled workspace in which Ben says of three images what Anna does not."""
    from annotator.service import Service

    service = Service.open(filled(root))
    for seq, image in enumerate(service.images(limit=3), 1):
        other = CLASSES[(image.id + 1) % 3]
        service.record([event(service, image, seq=seq, client="ben", name=other)], "ben")
    return root


def test_what_people_disagree_about_is_settled_in_a_few_clicks_and_taken_back(
    page: Page, serve: Serve, tmp_path: Path
):
    """Filter, tick all, answer; one undo; then one of them opened, answered, and turned over."""
    server = serve(quarreled(tmp_path / "quarrel"))
    service, before = server.service(), labels(server.service())
    visit(page, f"{server.url}/data", "Images")
    page.get_by_text("disagreement", exact=True).click()
    expect(page.locator(".tickable")).to_have_count(3)
    page.get_by_role("button", name="Tick all on this page").click()
    page.get_by_test_id("stButtonGroup").get_by_text("red cell", exact=True).click()
    expect(page.get_by_text("3 images are labeled 'red cell' now.")).to_be_visible()
    assert service.disagreements() == 0
    assert {each.label and each.label.source for each in service.find(Sought(), limit=3)} == {
        "adjudicated"
    }
    page.get_by_role("button", name="Undo").click()
    eventually(lambda: labels(service) == before)
    expect(page.locator(".tickable")).to_have_count(3)
    page.locator(".tickable button").first.click()
    dialog = page.get_by_test_id("stDialog")
    dialog.locator("button", has_text="platelet").click()
    expect(dialog.get_by_text("labeled 'platelet' now")).to_be_visible()
    assert labels(service)[1] == service.class_named("platelet").id
    dialog.get_by_role("button", name="Next").click()
    expect(dialog.get_by_text("Image 2")).to_be_visible()
    assert page.url.endswith("/data?image=2")
    page.goto(f"{server.url}/data?image=1")  # as a colleague who was sent the address
    expect(page.get_by_test_id("stDialog").get_by_text("Image 1 ·")).to_be_visible()


def test_keys_stay_with_their_classes_while_a_page_is_open(
    page: Page, serve: Serve, tmp_path: Path
):
    """Reordered, renamed and removed meanwhile: no press means another class."""
    server: Server = serve(workspace(tmp_path / "keys", images=20))
    open_labeler(page, server.url)
    service = server.service()
    red, white, platelet = (each.id for each in service.classes())
    service.order_classes([platelet, white, red])
    service.rename_class(white, "leukocyte")
    given = {press(page, "1"): red}
    saved(page, 1)  # with this the page has learned of it
    expect(page.locator(".changes")).to_contain_text("“white cell” is called “leukocyte” now")
    given[press(page, "3")] = platelet
    saved(page, 2)
    service.remove_class(red)
    given[press(page, "2")] = white
    saved(page, 3)
    expect(page.locator(".changes")).to_contain_text("so key 1 does nothing")
    image = press(page, "1")
    assert shown(page) == image
    saved(page, 3)
    service.restore_class(red)
    assert labels(service) == given
    page.reload()
    open_labeler(page, server.url)
    expect(page.locator(".choices button span")).to_have_text(["platelet", "leukocyte", "red cell"])
    expect(page.locator(".changes")).to_be_hidden()


def test_removing_a_class_says_first_how_many_labels_that_hides(
    page: Page, serve: Serve, tmp_path: Path
):
    """And nothing is removed until that is pressed."""
    server = serve(filled(tmp_path / "hiding"))
    service = server.service()
    many = service.count_by_class()["red cell"]
    page.goto(f"{server.url}/settings")
    page.get_by_role("button", name="Change").first.click()
    expect(
        page.get_by_text(f"Removing it hides {many} labels, and their images are asked again.")
    ).to_be_visible()
    assert len(service.classes()) == 3
    page.get_by_role("button", name=f"Remove and hide {many}").click()
    eventually(lambda: len(service.classes()) == 2)
    drawn(page)
    page.get_by_text("Removed and merged (1)").click()
    page.get_by_role("button", name="Restore").click()
    eventually(lambda: service.count_by_class().get("red cell") == many)


def contradicted(root: Path) -> Path:
    """Anna said meningioma of nine images; the model says glioma of four of them and of others."""
    from annotator.service import Service

    kinds = ("glioma", "meningioma", "pituitary")
    service = Service.open(  # without test images: those are not corrected beside the guess
        workspace(root, images=40, names="scan {:02d}.png", classes=kinds, test_share=0.0)
    )
    images = service.images(limit=40)
    for number, image in enumerate(images[:30], 1):
        who, name = (("anna", "ben", "zoe")[number % 3], kinds[number // 3 % 2])
        service.record([event(service, image, seq=number, client=who, name=name)], who)

    def says(image: Image) -> tuple[str, float]:
        return ("glioma" if image.id % 2 else "meningioma"), 0.9

    invented.finish_round(service, says, says)
    return root


def test_a_reviewer_corrects_what_the_model_contradicts_in_ten_actions(
    page: Page, serve: Serve, tmp_path: Path
):
    """Of Anna's meningiomas: found, and three of them answered anew, with opening the page."""
    server = serve(contradicted(tmp_path / "contradicted"))
    service, before = server.service(), labels(server.service())
    meningioma, glioma = (service.class_named(each).id for each in ("meningioma", "glioma"))
    apart = [
        each.image_id
        for each in service.store.labels.current()
        if (each.class_id, each.annotator) == (meningioma, "anna") and each.image_id % 2
    ]
    actions = 0

    def act(work: Callable[[], object]) -> None:
        nonlocal actions
        actions += 1
        work()

    act(lambda: visit(page, f"{server.url}/data", "Images"))
    act(lambda: page.get_by_text("model disagrees", exact=True).click())
    expect(page.get_by_text("look better than it is")).to_be_visible()
    for label, choice in (("Class", "meningioma"), ("Answered by", "anna")):
        box = page.get_by_role("combobox", name=re.compile(rf"\b{label}$"))
        drawn(page)  # a list that is open is closed when the page is drawn anew
        act(lambda box=box: box.click())  # type: ignore[misc]
        option = page.get_by_role("option", name=choice, exact=True)
        act(lambda option=option: option.click())  # type: ignore[misc]
    drawn(page)
    expect(page.locator(".tickable")).to_have_count(len(apart))
    expect(page.locator(".tickable strong").first).to_have_text(
        "meningioma · anna | model: glioma 90.0 %"
    )
    for place in range(3):
        act(page.locator(".tickable input").nth(place).click)
    answers = page.get_by_test_id("stButtonGroup").filter(has_text="Answer 3 images anew as")
    act(answers.get_by_text("glioma", exact=True).click)
    expect(page.get_by_text("3 images are labeled 'glioma' now.")).to_be_visible()
    assert len(apart) > 3
    assert labels(service) == before | dict.fromkeys(apart[:3], glioma)
    assert actions <= 10


def test_a_reviewer_settles_by_keys_and_sees_no_name(page: Page, serve: Serve, tmp_path: Path):
    """One image after the other; the last answer is taken back, and given again.

    A press belongs to the image that was seen: one to an image that another reviewer has settled
    meanwhile is refused, and the page says so.
    """
    server = serve(quarreled(tmp_path / "settling"))
    service = server.service()
    first, second, third = service.images(limit=3)
    visit(page, f"{server.url}/settle", "What people disagree about")
    main, where = page.locator("[data-testid=stMain]"), page.locator(".where")
    expect(where).to_have_text("3 images to settle")
    expect(main).not_to_contain_text("anna")
    expect(main).not_to_contain_text("ben")
    expect(page.get_by_text("1 person says")).to_have_count(2)
    assert press(page, "3") == first.id
    expect(where).to_have_text("2 images to settle")
    eventually(lambda: labels(service)[first.id] == service.class_named("platelet").id)
    page.keyboard.press("u")
    expect(where).to_have_text("3 images to settle")
    assert press(page, " ") == first.id
    assert press(page, "1") == second.id
    sooner = event(service, third, seq=1, client="sooner", name="platelet")
    service.settle([sooner])
    assert press(page, "2") == third.id
    expect(page.get_by_text("One answer was not stored: its image is settled")).to_be_visible()
    assert press(page, "2") == first.id
    expect(page.get_by_text("Nothing waits to be settled")).to_be_visible()
    eventually(lambda: service.disagreements() == 0)
    found = labels(service)
    assert [found[each.id] for each in (first, second, third)] == [
        service.class_named(name).id for name in ("white cell", "red cell", "platelet")
    ]
    late = event(service, first, seq=9, client="ben", name="red cell")
    service.record([late], "ben")
    assert labels(service) == found


def test_what_nobody_can_tell_is_found_on_data_and_asked_again(
    page: Page, serve: Serve, tmp_path: Path
):
    """Filter, tick, ask again; flags come off the same way, and notes are read on the card."""
    server = serve(filled(tmp_path / "beside"))
    service = server.service()
    images = service.images(kind="unlabeled", limit=3)
    for seq, (image, kind) in enumerate(zip(images, ("unclear", "skip", "flag"), strict=True), 1):
        note = "<b>blurred</b>" if kind == "unclear" else ""
        each = replace(event(service, image, kind, seq=seq, client="ben"), note=note)
        service.record([each], "ben")
    visit(page, f"{server.url}/data", "Images")
    page.get_by_text("can’t tell", exact=True).click()
    expect(page.locator(".tickable")).to_have_count(1)
    expect(page.locator(".tickable")).to_contain_text("can’t tell · ben: <b>blurred</b>")
    page.get_by_role("button", name="Tick all on this page").click()
    page.get_by_role("button", name="Ask 1 image again").click()
    eventually(lambda: service.progress().unclear == 0)
    drawn(page)
    page.get_by_text("flagged", exact=True).click()
    expect(page.locator(".tickable")).to_contain_text("⚑ ben")
    page.get_by_role("button", name="Tick all on this page").click()
    page.get_by_role("button", name="Take 1 flag off").click()
    eventually(lambda: service.store.beside.marks([images[2].id]) == {})
    open_labeler(page, server.url)
    assert shown(page) == images[0].id
    expect(page.locator(".reason")).to_have_text("brought back by expert")
