"""Addresses of images: good for what they were made for, and for a while."""

from urllib.parse import parse_qs, urlsplit

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
