"""Who may do what, as `serve` is told it."""

import pytest

from annotator.cli.serving import roles
from annotator.errors import AnnotatorError


def test_each_name_has_the_role_that_it_was_given_by():
    """As it was written, without blanks around it; twice the same is no mistake."""
    assert roles(["zoe@lab", " max "], ["ann@lab", "ann@lab"]) == {
        "zoe@lab": "admin",
        "max": "admin",
        "ann@lab": "reviewer",
    }
    assert roles([], []) == {}


@pytest.mark.parametrize(
    ("admins", "reviewers", "words"),
    [(["zoe"], ["zoe"], "'zoe' is given two roles"), ([""], [], "--admin names nobody")],
)
def test_what_cannot_be_meant_is_refused(admins, reviewers, words):
    """An empty name would be that of whoever is not logged in."""
    with pytest.raises(AnnotatorError, match=words):
        roles(admins, reviewers)
