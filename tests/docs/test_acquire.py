"""The page on policies in one's own code: each of its examples runs."""

import re
from pathlib import Path

import pytest

from ssl_core.acquire import ACQUIRE, ASKS
from tests.docs.pages import DOCS

EXAMPLES = re.findall(
    r"^```python\n(.*?)^```", (DOCS / "acquire.md").read_text(), re.MULTILINE | re.DOTALL
)


@pytest.mark.parametrize("source", EXAMPLES, ids=range(len(EXAMPLES)))
def test_an_example_runs(source, capsys):
    """As it stands, in a namespace of its own."""
    exec(source, {})
    printed = capsys.readouterr().out.splitlines()
    assert len(printed) == (10 if "print(" in source else 0)


def test_the_page_on_asking_lists_every_policy():
    """In its table, with a link and the words that the settings page and the commands have."""
    text = (DOCS / "asking.md").read_text()
    assert list(ASKS) == list(ACQUIRE)
    rows = {name: f"| [{name}](policies/{name}.md) | {words}" for name, words in ASKS.items()}
    assert [name for name, row in rows.items() if row not in text] == []


def test_the_default_is_written_as_it_is():
    """The expression on its page is that of the source."""
    from ssl_core import acquire

    page = (DOCS / "policies" / "mix.md").read_text()
    [shown] = re.findall(r"^```python\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    source = Path(acquire.__file__).read_text()
    assert [line for line in shown.splitlines() if line not in source.splitlines()] == []
