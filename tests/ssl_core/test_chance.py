"""Nothing here reads, moves or seeds the random state that belongs to the rest of the program."""

import ast
import random
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch

from ssl_core.backbones import build
from ssl_core.chance import carried, carry, current, drawing, fresh
from ssl_core.data.sources import ImageData
from ssl_core.data.transforms import Views
from ssl_core.estimator import SemiSupervisedClassifier
from ssl_core.methods import METHODS
from ssl_core.recipes import RECIPES
from ssl_core.start import start
from ssl_core.types import finish

ROOT = Path(__file__).parents[2]
CARDS = ("manual_seed", "manual_seed_all", "seed", "seed_all", "set_rng_state_all")


def _note(asked, name, *_):
    asked.append(name)


@pytest.fixture
def seeded(monkeypatch):
    """What was asked of the generators of all cards; without a card torch only notes it down."""
    asked = []
    for name in CARDS:
        monkeypatch.setattr(torch.cuda, name, partial(_note, asked, name))
    return asked


def everything():
    """The random state of the three libraries that a program may draw from."""
    kind, keys, *rest = np.random.get_state()  # noqa: NPY002 - whose state it is
    return (torch.get_rng_state().tolist(), kind, keys.tolist(), rest, random.getstate())


@pytest.mark.parametrize("name", [*METHODS, *RECIPES])
def test_training_neither_reads_nor_moves_the_global_state(name, moons, seeded):
    """Another seed of the program changes nothing, and its next draw is what it would have been."""
    data, truth = moons
    y = torch.where(torch.arange(len(truth)) < 12, truth, -1)
    found = []
    for seed in (1, 2):
        torch.manual_seed(seed)
        np.random.seed(seed)  # noqa: NPY002 - what a program may do, and nothing here may hear of
        random.seed(seed)
        del seeded[:]  # that was the test's own
        before = everything()
        model = build("mlp", 2, 2, seed=3)
        run = start(name, data, y, model, steps=3, batch_size=4, device="cpu", seed=3)
        found.append(finish(run).probabilities(torch.arange(len(truth))))
        assert everything() == before
        assert seeded == []
    assert torch.equal(*found)


def test_networks_estimators_and_transforms_of_ones_own_seed_no_card(seeded):
    """Each of them needs a random state of its own for what cannot be given a generator."""
    build("small_cnn", 1, 2, seed=4)
    SemiSupervisedClassifier(steps=2, random_state=0).fit(np.eye(4), [0, 1, -1, -1])
    views = Views(weak=lambda image: image * torch.rand(()), strong=lambda image: image)
    pixels = np.full((3, 1, 8, 8), 200, np.uint8)
    data = ImageData(pixels, views)
    data.view("weak", torch.arange(3), torch.Generator().manual_seed(0))
    assert seeded == []


def test_no_file_seeds_a_generator_that_is_everybodys():
    """`generator.manual_seed` is of one's own; `torch.manual_seed` reaches every card."""
    bad = []
    for package in ("annotator", "ssl_core"):
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Attribute) and "seed" in node.attr:
                    owner = ast.unparse(node.value)
                    if owner in ("torch", "torch.cuda", "torch.random", "np.random", "random"):
                        bad.append(f"{path.relative_to(ROOT)}: {owner}.{node.attr}")
    assert bad == []


def test_what_is_drawn_within_comes_from_the_state_and_leaves_no_trace():
    """The same draws from the same state; those of the program go on as if there were none."""
    torch.manual_seed(7)
    wanted = torch.rand(4)
    torch.manual_seed(7)
    with drawing(fresh(5)):
        first, middle = torch.rand(3), current()
        second = torch.rand(3)
    assert torch.equal(torch.rand(4), wanted)
    with drawing(fresh(5)):
        assert torch.equal(torch.rand(3), first)
    with drawing(middle):
        assert torch.equal(torch.rand(3), second)


def test_a_state_of_another_kind_of_device_begins_draws_of_its_own():
    """The state of a card's generator is 16 bytes: a CPU cannot go on from it, nor draw the same.

    What it draws instead is settled by that state, and is not what it began with.
    """
    cpu = torch.device("cpu")
    state = [*fresh(1), torch.zeros(16, dtype=torch.uint8)]  # as a card would have written
    found = carried(state, cpu)
    assert len(found) == 1
    assert torch.equal(found[0], carried(state, cpu)[0])
    assert not torch.equal(found[0], state[0])
    assert carried(state[:1], cpu) == state[:1]
    one, other, new = (torch.Generator().manual_seed(3) for _ in range(3))
    for generator in (one, other):
        carry(generator, state[1])
    drawn = torch.rand(3, generator=one)
    assert torch.equal(torch.rand(3, generator=other), drawn)
    assert not torch.equal(torch.rand(3, generator=new), drawn)
    carry(new, one.get_state())
    assert torch.equal(torch.rand(3, generator=new), torch.rand(3, generator=one))
