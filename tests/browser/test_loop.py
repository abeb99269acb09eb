"""The product's main job, as a person does it: `certilabel demo`, a browser, twenty digits."""

from __future__ import annotations

import csv
import hashlib
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from annotator.service import Service
from tests.browser.labeling import painted, passed, press, saved, shown
from tests.browser.serving import serving
from tests.browser.workspaces import idle


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """What `make demo` runs, with fewer digits: the workspace, and the address of the app."""
    root = tmp_path / "demo"
    command = [sys.executable, "-c", "from annotator.cli import main; main()", "demo"]
    command += ["--images", "400", "--workspace", str(root), "--port"]
    with serving(command, tmp_path / "demo.log", tmp_path) as url:
        yield root, url
    idle(root)


def newcomer(page: Page, url: str, truth: Mapping[str, str], service: Service) -> dict[str, str]:
    """Label ten digits by what can be read on the screen; return SHA-256 -> digit.

    Whoever has never seen the tool reads what the pages say, and the key on the button of a class.
    """
    acts = ["open the address that the command printed"]
    page.goto(url)
    page.get_by_role("link", name="demo", exact=True).click()
    acts.append("look at the page that is called by the workspace")
    expect(
        page.get_by_text("Label the first images: each takes one press of its class")
    ).to_be_visible()
    page.get_by_role("link", name="Label images").click()
    acts.append("follow its link")
    given = {}
    classes = page.get_by_role("group", name="Classes").get_by_role("button")
    while len(given) < 10:
        painted(page)
        image = shown(page)
        digit = truth[page.locator(".name").inner_text()]
        key = classes.filter(has_text=digit).locator("kbd").inner_text()
        given[looked_at(page, url, service)] = digit
        page.keyboard.press(key)
        acts.append(f"press {key}")
        passed(page, image)
    expect(page.get_by_text("saved 10", exact=True)).to_be_visible()
    assert len(acts) == 13, "nothing else was in the way"
    return given


def looked_at(page: Page, url: str, service: Service) -> str:
    """SHA-256 of the bytes on the screen."""
    source = f"{url}{service.image_url(shown(page))}"
    return hashlib.sha256(page.request.get(source).body()).hexdigest()


@pytest.mark.timeout(1800)  # a round in the middle, on a machine that may be busy
def test_twenty_labels_become_a_round_a_curve_and_an_export(page: Page, demo: tuple[Path, str]):
    """Every label is in the export, on the right image; ten were given by whoever knows nothing."""
    root, url = demo
    service = Service.open(root)
    # Eight labels of ten classes make nobody as sure as the demo asks for, and it says so
    service.save_settings(replace(service.settings(), threshold=0.3, steps=50, least_look=0))
    with (root.with_name("demo.truth.csv")).open(newline="") as file:
        truth = {Path(row["path"]).name: row["label"] for row in csv.DictReader(file)}

    given = newcomer(page, url, truth, service)  # SHA-256 of the bytes on the screen -> the digit
    while len(given) < 20:
        painted(page)
        digit = truth[page.locator(".name").inner_text()]
        given[looked_at(page, url, service)] = digit
        passed(page, press(page, digit))  # a class that is named by a digit has that key
    saved(page, 20)

    expect(page.get_by_text("pseudo-labels").first).to_be_visible(timeout=1_200_000)
    page.goto(f"{url}/rounds")
    expect(page.get_by_text("All rounds")).to_be_visible()
    expect(page.locator("[data-testid=stVegaLiteChart]").first).to_be_visible()
    done = [each for each in Service.open(root).rounds() if each.state == "done"]
    assert {point.model for point in Service.open(root).curve()} == {"baseline", "ssl"}
    assert done[0].pseudo_labels
    page.goto(f"{url}/review")
    expect(page.locator(".card img").first).to_be_visible()

    page.goto(f"{url}/export")
    out = root / "exports" / "exported"
    page.get_by_role("textbox", name="Folder to write to").fill(str(out))
    page.get_by_role("button", name="Export").last.click()
    expect(page.get_by_text("human labels and").last).to_be_visible()
    with (out / "labels.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    human = {row["sha256"]: row["label"] for row in rows if row["source"] == "human"}
    assert human == given
    for row in rows:
        assert hashlib.sha256((out / row["path"]).read_bytes()).hexdigest() == row["sha256"]
    pseudo = [row for row in rows if row["source"] == "pseudo"]
    assert pseudo
    assert all(float(row["confidence"]) > 0 and row["round"] and row["model"] for row in pseudo)
