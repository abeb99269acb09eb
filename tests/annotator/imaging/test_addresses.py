"""Addresses of images: good for what they were made for, and for a while."""

from urllib.parse import parse_qs, urlsplit

import pytest

from annotator.imaging import addresses

SECRET = bytes(range(32))


def parts(address):
    split = urlsplit(address)
    query = {key: values[0] for key, values in parse_qs(split.query).items()}
    return int(split.path.removeprefix("/img/")), query


def test_an_address_opens_its_own_image_and_no_other():
    """Another number, variant, expiry or secret with the same signature is refused."""
    number, query = parts(addresses.address(SECRET, 7, ""))
    until, sig = query["until"], query["sig"]
    assert addresses.allows(SECRET, number, until, sig, "")
    assert not addresses.allows(SECRET, 8, until, sig, "")
    assert not addresses.allows(SECRET, number, until, sig, "thumb")
    assert not addresses.allows(SECRET, number, str(int(until) + 1), sig, "")
    assert not addresses.allows(bytes(32), number, until, sig, "")


def test_an_address_expires_and_nonsense_is_refused():
    """An hour ago is over; what is no number is no time."""
    sig = addresses.sign(SECRET, 7, 1000, "")
    assert not addresses.allows(SECRET, 7, "1000", sig, "")
    assert not addresses.allows(SECRET, 7, "soon", sig, "")
    assert not addresses.allows(SECRET, 7, "", "", "")


MALFORMED = {
    "an id beyond 64 bits": (str(2**63), None, None),
    "an id of 5,000 digits": ("7" * 5000, None, None),
    "an id in other digits": ("\u0667", None, None),
    "no id": ("0", None, None),
    "a negative id": ("-7", None, None),
    "an expiry of 5,000 digits": (None, "9" * 5000, None),
    "an expiry in other digits": (None, "\u0661" * 10, None),
    "an expiry with a blank": (None, "9999999999 ", None),
    "a signature with an accent": (None, None, "\u00e9" * 32),
    "a signature of 5,000 digits": (None, None, "0" * 5000),
    "a signature with a line": (None, None, "0" * 32 + "\n"),
}


@pytest.mark.parametrize("wrong", MALFORMED)
def test_a_malformed_address_asks_for_no_image(wrong):
    """It is told from one that has expired, and raises nothing wherever it is judged."""
    number, query = parts(addresses.address(SECRET, 7, ""))
    good = (str(number), query["until"], query["sig"])
    assert addresses.image_of(*good) == 7
    id_, until, sig = (bad or part for bad, part in zip(MALFORMED[wrong], good, strict=True))
    assert addresses.image_of(id_, until, sig) is None
    assert not addresses.allows(SECRET, 7, until, sig, "") or id_ != "7"
