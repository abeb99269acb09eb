"""The order in which files of tests begin."""

from tests.longest import HERE, LONGEST


def test_every_file_that_is_begun_first_exists():
    """A file that moved would be begun late without a word."""
    assert [name for name in LONGEST if not (HERE / name).is_file()] == []
