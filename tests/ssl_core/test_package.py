"""What the package offers at its top."""

import pytest

import ssl_core
from ssl_core import METHODS, RECIPES


@pytest.mark.parametrize("kind", [*METHODS.values(), *RECIPES.values()], ids=lambda k: k.__name__)
def test_every_method_and_recipe_is_there_by_the_name_of_its_class(kind):
    """`from ssl_core import MeanTeacher` needs no line of its own."""
    assert getattr(ssl_core, kind.__name__) is kind


def test_a_name_that_is_not_there_is_an_import_error():
    """As in any package."""
    with pytest.raises(ImportError):
        from ssl_core import NoSuchMethod  # noqa: F401
