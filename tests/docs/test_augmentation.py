"""The page on augmentation: a sheet for each preset, and examples that run."""

import importlib.util
import re

import numpy as np
import pytest
import torch
from PIL import Image

from ssl_core import PRESETS
from tests.docs.pages import DOCS

PAGE = (DOCS / "augmentation.md").read_text()


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_has_its_sheet_on_the_page(name):
    """A section with its picture, which is there, small, and has a row for each of three images."""
    section = PAGE.split(f"\n### {name}\n")[1].split("\n#")[0]
    [path] = re.findall(r"!\[[^\]]+\]\((images/[^)]+)\)", section)
    assert path == f"images/preset-{name}.webp"
    assert (DOCS / path).stat().st_size < 60_000
    with Image.open(DOCS / path) as sheet:
        assert sheet.width > 600


def test_the_script_draws_the_sheets_that_are_there():
    """For every preset; a sheet drawn now is the one on the page, up to its compression."""
    place = importlib.util.spec_from_file_location("contact_sheets", DOCS / "contact_sheets.py")
    script = importlib.util.module_from_spec(place)
    place.loader.exec_module(script)
    assert script.SUBJECTS.keys() == PRESETS.keys()
    for name in PRESETS:
        with Image.open(DOCS / "images" / f"preset-{name}.webp") as sheet:
            kept = np.asarray(sheet.convert("RGB"))
        drawn = np.asarray(script.sheet(name))
        assert kept.shape == drawn.shape
        assert np.abs(kept.astype(float) - drawn).mean() < 12, f"{name}: draw the sheets anew"


def test_the_examples_run():
    """Both blocks of Python, on small random images."""
    names = {
        "pixels": np.random.default_rng(0).integers(0, 256, (24, 3, 12, 12)).astype(np.uint8),
        "y": torch.where(torch.arange(24) < 8, torch.arange(24) % 2, -1),
    }
    blocks = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert len(blocks) == 2
    for block in blocks:
        exec(compile(block, "augmentation.md", "exec"), names)
    rows = torch.zeros(4, dtype=torch.int64)
    seen = names["data"].view("strong", rows, torch.Generator())
    assert not torch.equal(seen[0], seen[1])
