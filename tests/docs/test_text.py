"""The page on text is one program: it runs, offline, and unlabeled documents help in it."""

import re

from tests.docs.pages import DOCS


def test_the_example_runs_and_learns():
    """All blocks in order; better than the largest class, and best with views made of text."""
    page = (DOCS / "text.md").read_text()
    names: dict = {}
    for block in re.findall(r"```python\n(.*?)```", page, re.DOTALL):
        exec(compile(block, "text.md", "exec"), names)
    accuracy, truth = names["accuracy"], names["truth"]
    assert len(truth) > 500
    assert len(accuracy) == 4
    largest = max((truth == number).mean() for number in range(5))
    assert min(accuracy.values()) > largest
    assert accuracy["fixmatch, views of text"] > accuracy["supervised, views of text"]
