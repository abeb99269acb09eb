"""The method that CONTRIBUTING.md shows is a real one: it keeps the contract and it trains."""

import re
from pathlib import Path

import numpy as np
import pytest
import torch

from ssl_core import ImageData, Method, SemiSupervisedTrainer, Task, build
from tests.ssl_core.contract import check_gradient, check_weighs_in
from tests.ssl_core.runs import listen

ROOT = Path(__file__).parents[2]


@pytest.fixture
def example():
    """The class that the page's code block defines."""
    [code] = re.findall(r"```python\n(.*?)```", (ROOT / "CONTRIBUTING.md").read_text(), re.DOTALL)
    names: dict = {}
    exec(compile(code, "CONTRIBUTING.md", "exec"), names)
    [found] = [
        each
        for each in names.values()
        if isinstance(each, type) and issubclass(each, Method) and each is not Method
    ]
    return found


@pytest.mark.parametrize("kind", ["images", "vectors"])
def test_the_example_keeps_the_contract(example, kind):
    """Its term teaches the student and not the teacher, and it counts."""
    check_gradient(example, kind)
    check_weighs_in(example, kind)


def test_the_example_trains_in_the_trainer(example):
    """A Method that is in no table can be handed over as it is."""
    rng = np.random.default_rng(0)
    y = torch.full((24,), -1)
    y[:6] = torch.arange(6) % 2
    data = ImageData(rng.integers(0, 256, (24, 1, 8, 8)).astype(np.uint8), "handwriting")
    model = build("small_cnn", 1, 2)
    task = Task(2, 18, model.num_features, torch.tensor([0.5, 0.5]))
    before = [parameter.clone() for parameter in model.parameters()]
    run = SemiSupervisedTrainer(model, example(task), steps=5, device="cpu").run(data, y)
    _, predictor = listen(run)
    assert predictor(torch.arange(24)).shape == (24, 2)
    after = model.parameters()
    assert any(not torch.equal(a, b) for a, b in zip(before, after, strict=True))
