"""The page on training in code: its table is the trainer's signature, and its script runs."""

import inspect
import re

import numpy as np
import torch

from ssl_core import METHODS, SemiSupervisedTrainer
from ssl_core.hyper import PerClass, declared
from tests.docs.pages import DOCS
from tests.ssl_core.contract import keywords

TEXT = (DOCS / "training.md").read_text()


def test_the_table_has_every_argument_with_its_default():
    """In the order of the signature; the model is the one argument without a default."""
    rows = re.findall(r"^\| `(\w+)` \| `([^`]+)` \|", TEXT, re.MULTILINE)
    _, _, *parameters = inspect.signature(SemiSupervisedTrainer.__init__).parameters.values()
    assert rows == [(each.name, str(each.default)) for each in parameters]


def test_the_methods_that_align_are_those_that_are_named():
    """Those with the option, and those that take a threshold for each class."""
    [aligned] = re.findall(r"`align` of (.*?) makes guesses", TEXT, re.DOTALL)
    named = re.findall(r"\[(\w+)\]", aligned)
    assert named == [name for name in METHODS if "align" in keywords(METHODS[name])]
    [several] = re.findall(r"`threshold` of (.*?) may be a sequence", TEXT)
    taken = {name: declared(METHODS[name]).get("threshold", ()) for name in METHODS}
    found = [name for name, atoms in taken.items() if PerClass in atoms]
    assert re.findall(r"[a-z_]{3,}", several.replace(" and ", " ")) == found


def test_the_script_for_several_processes_runs_alone_too(tmp_path, monkeypatch, capsys):
    """It trains, saves its checkpoint and its weights, and ends with their name."""
    script = TEXT.partition("<!-- train.py -->\n```python\n")[2].partition("```")[0]
    pixels = np.random.default_rng(0).integers(0, 256, (40, 1, 8, 8), dtype=np.uint8)
    np.save(tmp_path / "pixels.npy", pixels)
    np.save(tmp_path / "labels.npy", np.where(np.arange(40) < 12, np.arange(40) % 2, -1))
    monkeypatch.chdir(tmp_path)
    exec(compile(script, "train.py", "exec"), {})
    assert (tmp_path / "run.pt").exists()
    assert torch.load(tmp_path / "model.pt", weights_only=True)
    assert re.fullmatch(r"[0-9a-f]{16}", capsys.readouterr().out.splitlines()[-1])
