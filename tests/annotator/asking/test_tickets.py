"""A ticket is good for its page and its person, for an hour or two."""

from dataclasses import replace

import pytest

from annotator.asking.tickets import HOUR, good, ticket

SECRET = b"0" * 32


def test_a_ticket_is_good_until_it_expires(monkeypatch):
    """Its date is an hour or two off, and one more second is too many."""
    made = ticket(SECRET, "tab", "anna")
    assert good(SECRET, made)
    for at, wanted in ((made.until - 1, True), (made.until, False), (made.until + HOUR, False)):
        monkeypatch.setattr("annotator.asking.tickets.time.time", lambda at=at: at)
        assert good(SECRET, made) is wanted


def test_it_stays_the_same_for_an_hour(monkeypatch):
    """So a page has no reason to tell its worker anew with each answer."""
    start = 1_000 * HOUR
    made = []
    for at in (start, start + HOUR - 1, start + HOUR):
        monkeypatch.setattr("annotator.asking.tickets.time.time", lambda at=at: at)
        made.append(ticket(SECRET, "tab", "anna"))
        assert HOUR < made[-1].until - at <= 2 * HOUR
    assert made[0] == made[1] != made[2]


@pytest.mark.parametrize(
    "change",
    [
        {"client": "tab:4"},
        {"client": "", "annotator": "tab:anna"},
        {"annotator": "ben"},
        {"until": 10**12},
        {"sig": ""},
        {"sig": "ä"},
    ],
)
def test_a_ticket_of_which_anything_was_changed_is_none(change):
    """Nor is one that another workspace made."""
    made = ticket(SECRET, "tab", "anna")
    assert not good(SECRET, replace(made, **change))
    assert not good(b"1" * 32, made)
