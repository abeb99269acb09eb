"""How the bytes at an address are had."""

import socket
import time

import pytest
from fsspec.implementations.memory import MemoryFileSystem
from fsspec.registry import _registry, known_implementations

from annotator.errors import ImportingError
from annotator.importing import protocols
from annotator.importing.protocols import RefusedError, UnreachableError, pieces
from tests.annotator.importing.web import closed_port, serving
from tests.annotator.pictures import png


@pytest.fixture(autouse=True)
def directly(monkeypatch):
    """Not by way of a proxy that this machine may have."""
    monkeypatch.setenv("no_proxy", "*")


def had(address):
    return b"".join(pieces(address))


def test_a_file_of_the_web_comes_whole():
    """By its address as a person writes it, with umlauts, and where a server sends on."""
    content = bytes(range(256)) * 4096
    with serving({"a.png": content, "b%20%C3%BC.png": b"umlaut"}) as web:
        web.files["on"] = web.address("a.png")
        assert had(web.address("a.png")) == content
        assert had(web.address("on")) == content
        assert had(web.address("b ü.png")) == b"umlaut"


@pytest.mark.parametrize(
    ("status", "again"), [(404, False), (403, False), (503, True), (429, True)]
)
def test_what_a_server_refuses_is_told_with_its_answer(status, again):
    """Where another time may help, that is said."""
    with serving({"a": status}) as web, pytest.raises(RefusedError, match=str(status)) as error:
        had(web.address("a"))
    assert ("import again" in str(error.value)) is again


def test_a_server_cannot_send_on_to_a_file_of_this_machine():
    """Nor to any other kind of address than those of the web."""
    for target in ("file:///etc/passwd", "ftp://127.0.0.1/a", "s3://bucket/a"):
        with serving({"a": target}) as web, pytest.raises(RefusedError, match="not of the web"):
            had(web.address("a"))


def test_too_much_is_not_fetched(monkeypatch):
    """It ends at the limit, whatever the server says and sends."""
    monkeypatch.setattr(protocols, "MOST_BYTES", 2**20)
    monkeypatch.setattr(protocols, "PIECE", 2**16)
    with serving({"a": bytes(2**20), "b": bytes(2**20 + 1)}) as web:
        assert len(had(web.address("a"))) == 2**20
        with pytest.raises(RefusedError, match="too large: more than 1 MiB"):
            had(web.address("b"))


def test_half_a_file_is_none():
    """A connection that ends early is told with what had come."""
    with serving({"a": bytes(1000)}) as web:
        web.cut.add("a")
        with pytest.raises(UnreachableError, match=r"stopped after 500 of 1,000 bytes"):
            had(web.address("a"))


def test_a_host_that_is_not_there_is_told_at_once():
    """Refused, or of a name that nobody has: within a moment, in one sentence."""
    began = time.monotonic()
    with pytest.raises(UnreachableError, match=r"127\.0\.0\.1 cannot be reached"):
        had(f"http://127.0.0.1:{closed_port()}/a.png")
    with pytest.raises(UnreachableError, match=r"nowhere\.invalid cannot be reached"):
        had("http://nowhere.invalid/a.png")
    assert time.monotonic() - began < protocols.PATIENCE


def test_a_host_that_says_nothing_is_given_up(monkeypatch):
    """It accepts, and then is silent."""
    monkeypatch.setattr(protocols, "PATIENCE", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(UnreachableError, match="cannot be reached: timed out"):
            had(f"http://127.0.0.1:{port}/a.png")


@pytest.mark.parametrize("address", ["ftp://host/a", "memory://a", "gopher://host/a", "jar://a"])
def test_other_kinds_of_addresses_are_refused_by_name(address):
    """Not every kind that a library happens to know."""
    with pytest.raises(RefusedError, match=f"{address.partition(':')[0]}:// is not fetched; http"):
        had(address)


@pytest.mark.parametrize("address", ["http://host:port/a", "http://[::1/a", "http:///a"])
def test_what_only_looks_like_an_address_is_refused(address):
    with pytest.raises((RefusedError, UnreachableError)):
        had(address)


def test_storage_without_its_package_says_what_to_install(monkeypatch):
    """It is no fault of a file, so the import ends with it."""
    monkeypatch.delitem(_registry, "s3", raising=False)
    monkeypatch.setitem(known_implementations, "s3", {"class": "no_s3fs.S3FileSystem"})
    with pytest.raises(ImportingError, match="s3:// the package s3fs is needed: `pip install s3fs"):
        had("s3://bucket/a.png")


def test_storage_is_read_through_fsspec(monkeypatch):
    """Here by a file system in memory in the place of S3; what is absent is told."""
    monkeypatch.setitem(_registry, "s3", _Bucket)
    MemoryFileSystem().pipe("/bucket/a.png", png(3))
    try:
        assert had("s3://bucket/a.png") == png(3)
        with pytest.raises(RefusedError, match="no such file in bucket"):
            had("s3://bucket/b.png")
    finally:
        MemoryFileSystem.store.clear()


class _Bucket(MemoryFileSystem):
    protocol = "s3"

    @classmethod
    def _strip_protocol(cls, path):
        return "/" + path.removeprefix("s3://").strip("/")
