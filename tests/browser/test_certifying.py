"""A certificate as a person gets it: sixty labels, a round, an audit by keyboard, a proof."""

from __future__ import annotations

import csv
from pathlib import Path

from playwright.sync_api import Page, expect

from annotator.export.proof.verify import verify
from annotator.model import Image
from annotator.service import Service
from tests.annotator import invented
from tests.browser.labeling import drawn, eventually, open_labeler, passed, press, shown
from tests.browser.server import Serve
from tests.browser.workspaces import CLASSES, label, workspace

LABELS = 124
SURE = 400  # images up to this one are known to the model; it guesses at the others


def says(image: Image) -> tuple[str, float]:
    """What the model says: right about the images that it is sure of, wrong about a few others."""
    if image.id <= SURE:
        return CLASSES[image.id % 3], 1 - image.id / 2000
    return CLASSES[(image.id + (image.id % 5 == 0)) % 3], 0.5 - image.id / 4000


def learned(root: Path) -> Path:
    """A workspace with sixty labels and a finished round."""
    service = Service.open(workspace(root, images=500))
    label(service, [each.image for each in service.lease("before", "anna", 60)][:60])
    invented.finish_round(service, says, says)
    service.close()
    return root


def test_an_audit_by_keyboard_ends_in_an_export_that_proves_itself(
    page: Page, serve: Serve, tmp_path: Path
):
    """95 % at 95 % with 124 labels; the released pseudo-labels are as right as it says, or more."""
    server = serve(learned(tmp_path / "certified"))
    service = server.service()
    page.goto(f"{server.url}/quality")
    drawn(page)
    page.get_by_role("button", name="Certify").click()
    spent = page.get_by_role("spinbutton", name="Labels to spend")
    spent.fill(str(LABELS))
    spent.press("Enter")
    expect(page.get_by_text("labels release")).to_contain_text(f"{LABELS} labels release")
    drawn(page)
    page.get_by_role("button", name="Begin the audit").click()
    expect(page.get_by_text(f"0 of {LABELS} answered")).to_be_visible()
    begun = service.certify.status()
    assert begun
    assert (begun.labels, begun.audit.plan["target"]) == (LABELS, "0.95")

    open_labeler(page, server.url)
    pressed = 0
    while pressed < 2 * LABELS:
        was = press(page, str(shown(page) % 3 + 1))
        pressed += 1
        passed(page, was)
        if pressed >= LABELS and _answered(service) == LABELS:
            break
    eventually(lambda: _answered(service) == LABELS)
    assert pressed > LABELS  # others were asked between

    page.goto(f"{server.url}/quality")
    drawn(page)
    page.get_by_role("button", name="Close and see what it proves").click()
    expect(page.get_by_text("pseudo-labels proposed, at least")).to_be_visible()
    drawn(page)
    page.get_by_role("button", name="Export with the certificate").click()
    expect(page.get_by_text("Whoever gets it checks it with")).to_be_visible(timeout=60_000)
    [out] = service.workspace.exports.iterdir()
    steps = verify(out)
    assert [(each.name, each.told) for each in steps if not each.holds] == []
    with (out / "labels.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    numbers = service.store.images.hashes()
    right = [
        row["label"] == CLASSES[numbers[row["sha256"]] % 3]
        for row in rows
        if row["source"] == "pseudo"
    ]
    assert len(right) > 40
    assert sum(right) >= 0.95 * len(right)


def _answered(service: Service) -> int:
    progress = service.certify.status()
    return progress.answered if progress else 0
