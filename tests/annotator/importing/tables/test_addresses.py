"""Addresses in a table."""

import pytest

from annotator.importing.tables.addresses import is_address, public


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("https://host/a.png", True),
        (" HTTP://host/a.png", True),
        ("s3://bucket/a.png", True),
        ("gopher://x", True),
        ("file:///a.png", False),
        ("C:\\a.png", False),
        ("C://a.png", False),
        ("a://b.png", False),
        ("dir/http:/a.png", False),
        ("", False),
    ],
)
def test_an_address_has_a_scheme_of_two_letters_or_more(name, answer):
    """A disk of Windows has one; what begins with `file:` is a path."""
    assert is_address(name) is answer


def test_what_lets_others_in_is_no_part_of_a_name():
    """A password, and a signature in the query, do not enter the database or an export."""
    assert public("https://me:secret@host:8080/a%20b.png?X-Amz-Signature=1#x") == (
        "https://host:8080/a%20b.png"
    )
    assert public("http://[broken/a.png?key=1") == "http://[broken/a.png"
