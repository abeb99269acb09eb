"""A language that was chosen is remembered by the browser, and nothing else is."""

import pytest

from annotator.ui.words.language import COOKIE
from tests.annotator.asgi import ours


@pytest.mark.parametrize("below", ["/", "/tools/here/"])
def test_a_choice_is_remembered_and_leads_back(below):
    """A cookie of a year, and the page where it was chosen."""
    answer = ours(f"{below}language?is=de")
    assert answer.status == 303
    assert answer.header("Location") == "./settings"
    cookie = answer.header("Set-Cookie")
    assert cookie.startswith(f"{COOKIE}=de;")
    assert "Max-Age=31536000" in cookie
    assert "HttpOnly" in cookie


@pytest.mark.parametrize("wanted", ["", "is=", "is=fr", "is=de%0d%0aX: y", "to=de"])
def test_what_there_is_no_table_of_is_not_remembered(wanted):
    """Nor does anything of it come back."""
    answer = ours(f"/language?{wanted}")
    assert answer.status == 303
    assert not answer.header("Set-Cookie")
