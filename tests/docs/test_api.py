"""The page on the names of ssl_core: all that it exports, each once, with its words."""

import re

from tests.docs.pages import DOCS, exported

PAGE = (DOCS / "api.md").read_text()


def test_the_page_has_every_exported_name():
    """No other, and none twice."""
    names = re.findall(r"^\.\. (?:auto|py:)\w+:: ssl_core\.(\w+)$", PAGE, re.MULTILINE)
    assert sorted(names) == sorted(exported())


def test_every_exported_class_and_function_has_a_docstring_of_its_own():
    """Tables aside, which the page says a word on: there is nothing to generate from no words."""
    from inspect import getdoc

    found = {name: each for name, each in exported().items() if not name.isupper()}
    inherited = {
        getdoc(base) for each in found.values() for base in getattr(each, "__mro__", ())[1:]
    }
    assert [name for name, each in found.items() if getdoc(each) in (None, "", *inherited)] == []
