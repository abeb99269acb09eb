"""What CONTRIBUTING.md says of a new method is true: its example is added to a copy of the tree."""

import os
import re
import shutil
import subprocess
import sys
from contextlib import suppress

import pytest

from tests.docs.pages import ROOT, tracked

NAME, CLASS = "mutual_information", "MutualInformation"
PAGE = r"""# mutual_information

**Idea.** Each image is of one class, so its prediction should be sure. All classes occur, so the
mean of the predictions should not be.

**Equation.** With the mean prediction $\bar p$ of $M$ unlabeled images $u$, and entropies $H$:

$$
\mathcal{L} = \mathcal{L}_s + \lambda \left( \frac{1}{M} \sum_{u} H(p(u)) - H(\bar p) \right)
$$

**Source.** Bridle, Heading and MacKay, *Unsupervised Classifiers, Mutual Information and Phantom
Targets* (NIPS 1991).

**Parameters.** `weight` (0.1): $\lambda$. `ramp` (0): the share of training over which it rises.

**When it fails.** When classes are rare: the mean is drawn towards equal shares.
"""
TEST = '''"""Mutual information, worked out by hand."""

import math

import pytest
import torch

from ssl_core.methods.mutual_information import MutualInformation
from tests.ssl_core.contract import problem


def test_it_is_the_mean_entropy_less_the_entropy_of_the_mean():
    """Row by row."""
    one = problem("vectors")
    with torch.no_grad():
        rows = one.student(one.batch().u["weak"]).softmax(1).tolist()
    mean = [sum(column) / len(rows) for column in zip(*rows, strict=True)]
    alone = sum(-v * math.log(v) for row in rows for v in row) / len(rows)
    whole = sum(-v * math.log(v) for v in mean)
    made = one.losses(MutualInformation(one.task), one.batch())
    assert made.unsupervised.item() == pytest.approx(alone - whole, rel=1e-4)
'''
ROW = f"| [{NAME}](methods/{NAME}.md) | sure of each image, unsure of all | classes are even |\n"
# The contract of methods, what the catalog says of them, and the pages
TESTS = [
    "tests/ssl_core/methods/test_methods.py",
    "tests/ssl_core/methods/test_contract_bites.py",
    f"tests/ssl_core/methods/test_{NAME}.py",
    "tests/ssl_core/test_hyper.py",
    "tests/ssl_core/test_package.py",
    "tests/ssl_core/parts/test_guesses.py",
    "tests/annotator/catalog",
    "tests/docs/test_pages.py",
]
PICKED = f"{NAME} or not (test_methods.py or test_contract_bites.py)"  # others' are as they were


def _bring_types(tree):
    """What the type checker knows of all packages takes half a minute; not while it is written."""
    cache, copy = (each / ".mypy_cache" for each in (ROOT, tree))
    if cache.exists() and not _is_written(cache):
        with suppress(shutil.Error):
            shutil.copytree(cache, copy)
        if _is_written(copy):
            shutil.rmtree(copy)


def _is_written(cache):
    return any((*cache.rglob("*-wal"), *cache.rglob("*-journal")))


@pytest.fixture
def tree(tmp_path):
    """A copy of all files, with the example in its four places, and the changelog."""
    for path in tracked():
        copy = tmp_path / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    _bring_types(tmp_path)
    [code] = re.findall(r"```python\n(.*?)```", (ROOT / "CONTRIBUTING.md").read_text(), re.DOTALL)
    methods = tmp_path / "ssl_core" / "methods"
    (methods / f"{NAME}.py").write_text(code)
    table, after = (
        methods / "__init__.py",
        "from ssl_core.methods.mixmatch import MixMatch as MixMatch\n",
    )
    text = table.read_text()
    assert after in text
    line = f"from ssl_core.methods.{NAME} import {CLASS} as {CLASS}\n"
    text = text.replace(after, after + line)
    after = '    "mixmatch": MixMatch,\n'
    assert after in text
    table.write_text(text.replace(after, f'{after}    "{NAME}": {CLASS},\n'))
    (tmp_path / "docs" / "methods" / f"{NAME}.md").write_text(PAGE)
    (tmp_path / "tests" / "ssl_core" / "methods" / f"test_{NAME}.py").write_text(TEST)
    rounds = tmp_path / "docs" / "rounds.md"
    text, after = rounds.read_text(), "| [pseudo_label]"
    assert after in text
    rounds.write_text(text.replace(after, f"{ROW}{after}", 1))
    changes = tmp_path / "CHANGELOG.md"
    heading = "### Added\n\n"
    changes.write_text(
        changes.read_text().replace(heading, f"{heading}- There is a method more, {NAME}.\n", 1)
    )
    return tmp_path


def run(tree, *words):
    """Run Python in the copy; return how it ended and what it said."""
    ran = subprocess.run(
        [sys.executable, *words],
        cwd=tree,
        env=os.environ | {"PYTHONPATH": str(tree)},
        capture_output=True,
        text=True,
        check=False,
    )
    return ran.returncode, ran.stdout[-5000:] + ran.stderr[-2000:]


def test_the_example_in_its_four_places_passes_every_test_of_methods_and_pages(tree):
    """The contract, the catalog, the pages and its own test; and it is listed."""
    code, said = run(tree, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", PICKED, *TESTS)
    assert code == 0, said
    code, said = run(
        tree, "-c", f"from annotator.catalog import methods; print(methods.method({NAME!r}))"
    )
    assert code == 0, said
    assert "MethodInfo(name='mutual_information'" in said


def test_the_example_is_clean(tree):
    """The linter and the format find nothing in the four places."""
    for check in ("check", "format"):
        words = ["-m", "ruff", check, "ssl_core", "tests/ssl_core/methods"]
        code, said = run(tree, *words, *(["--check"] if check == "format" else []))
        assert code == 0, said
