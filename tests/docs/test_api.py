"""The page on the names of ssl_core: all that it exports, each once, with its words."""

import re

import ssl_core
from tests.docs.pages import DOCS

PAGE = (DOCS / "api.md").read_text()


def test_the_page_has_every_exported_name():
    """No other, and none twice."""
    names = re.findall(r"^\.\. (?:auto|py:)\w+:: ssl_core\.(\w+)$", PAGE, re.MULTILINE)
    assert sorted(names) == sorted(ssl_core.__all__)


def test_every_exported_class_and_function_has_a_docstring_of_its_own():
    """Tables aside, which the page says a word on: there is nothing to generate from no words."""
    from inspect import getdoc

    found = {name: getattr(ssl_core, name) for name in ssl_core.__all__ if not name.isupper()}
    inherited = {
        getdoc(base) for each in found.values() for base in getattr(each, "__mro__", ())[1:]
    }
    assert [name for name, each in found.items() if getdoc(each) in (None, "", *inherited)] == []
