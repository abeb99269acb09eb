"""An address is for one export, for an hour or two, and cannot be made elsewhere."""

from urllib.parse import parse_qs

import pytest

from annotator.export.sending import addresses
from annotator.imaging.addresses import sign

SECRET = b"known to this workspace alone"


def parts(address):
    known = {key: value[0] for key, value in parse_qs(address.partition("?")[2]).items()}
    return known["export"], known["until"], known["sig"]


def test_an_address_that_was_made_here_is_good():
    name = "export 1 & ü"
    assert parts(addresses.address(SECRET, name))[0] == name
    assert addresses.allows(SECRET, *parts(addresses.address(SECRET, name)))


@pytest.mark.parametrize(
    ("place", "changed"),
    [(0, "export-2"), (1, "9999999999"), (1, "²"), (1, ""), (1, "9" * 30), (2, "0" * 32), (2, "é")],
)
def test_a_part_that_is_changed_is_refused(place, changed):
    known = list(parts(addresses.address(SECRET, "export-1")))
    known[place] = changed
    assert not addresses.allows(SECRET, *known)


def test_it_expires(monkeypatch):
    known = parts(addresses.address(SECRET, "export-1"))
    monkeypatch.setattr(addresses.time, "time", lambda: float(known[1]) + 1)
    assert not addresses.allows(SECRET, *known)


def test_the_signature_of_an_image_opens_no_export():
    """All are made by one secret: their texts differ."""
    _, until, _ = parts(addresses.address(SECRET, "1"))
    assert not addresses.allows(SECRET, "1", until, sign(SECRET, 1, int(until), ""))
