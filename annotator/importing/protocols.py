"""How the bytes at an address are had: http and https by themselves, storage through fsspec."""

from __future__ import annotations

import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from typing import IO, Any
from urllib.parse import quote, urlsplit

from typing_extensions import override

from annotator.errors import ImportingError

MOST_BYTES = 2**30  # as of a file on the disk
PIECE = 2**18  # bytes
PATIENCE = 15.0  # seconds without a byte
LONGEST = 900.0  # seconds for a file
KEPT = ":/?#[]@!$&'()*+,;=%~"  # what stays as it is in an address; all else is escaped

# Storage that fsspec reads once this package is there
STORAGE = {
    "s3": "s3fs",
    "s3a": "s3fs",
    "gs": "gcsfs",
    "gcs": "gcsfs",
    "abfs": "adlfs",
    "az": "adlfs",
}


class RefusedError(Exception):
    """The file of an address cannot be had, however often it is asked for."""


class UnreachableError(Exception):
    """A host does not answer; the message names it and how it failed."""


def pieces(address: str) -> Iterator[bytes]:
    """Yield the bytes at an address.

    Raises:
        ImportingError: what reads addresses of this kind is not installed.
        RefusedError: there is no such file, it is too large, or no such kind of address is read.
        UnreachableError: its host does not answer, or stopped half-way.
    """
    scheme, _ = parts(address)
    reader = PROTOCOLS.get(scheme)
    if reader is None:
        raise RefusedError(f"{scheme}:// is not fetched; {', '.join(PROTOCOLS)} are")
    size, until = 0, time.monotonic() + LONGEST
    for piece in reader(address):
        size += len(piece)
        if size > MOST_BYTES:
            raise RefusedError(f"too large: more than {MOST_BYTES >> 20:,} MiB")
        if time.monotonic() > until:
            raise UnreachableError(
                f"{parts(address)[1]} took longer than {LONGEST:.0f} s for a file"
            )
        yield piece


def parts(address: str) -> tuple[str, str]:
    """(scheme, host) of an address, both in lower case.

    Raises:
        RefusedError: it has none.
    """
    try:
        found = urlsplit(address)
        return found.scheme.lower(), found.hostname or ""
    except ValueError as problem:
        raise RefusedError(f"no address that can be asked for ({problem})") from problem


class _Redirects(urllib.request.HTTPRedirectHandler):
    """A server may send on to another address of the web, and nowhere else."""

    @override
    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: Any,
        newurl: str,
    ) -> urllib.request.Request | None:
        if urlsplit(newurl).scheme.lower() not in ("http", "https"):
            raise urllib.error.HTTPError(newurl, code, msg, headers, fp)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _opener() -> urllib.request.OpenerDirector:
    """What opens http and https, and knows nothing else."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        _Redirects(),
    ):
        opener.add_handler(handler)
    return opener


def _web(address: str) -> Iterator[bytes]:
    _, host = parts(address)
    try:
        request = urllib.request.Request(  # noqa: S310 - the opener knows http and https alone
            quote(address, KEPT), headers={"User-Agent": "certilabel"}
        )
        with _opener().open(request, timeout=PATIENCE) as answer:
            due = answer.headers.get("Content-Length")
            size = 0
            while piece := answer.read(PIECE):
                size += len(piece)
                yield piece
            if due is not None and due.isdecimal() and size < int(due):
                raise UnreachableError(f"{host} stopped after {size:,} of {int(due):,} bytes")
    except urllib.error.HTTPError as problem:
        problem.close()
        raise RefusedError(f"{host} {_answer(problem)}") from problem
    except urllib.error.URLError as problem:
        raise UnreachableError(f"{host} cannot be reached: {_said(problem.reason)}") from problem
    except (ValueError, http.client.InvalidURL) as problem:
        raise RefusedError(f"no address that can be asked for ({problem})") from problem
    except (OSError, http.client.HTTPException) as problem:
        raise UnreachableError(f"{host} cannot be reached: {_said(problem)}") from problem


def _answer(problem: urllib.error.HTTPError) -> str:
    if 300 <= problem.code < 400:
        return "sends on in a circle, or to an address that is not of the web"
    later = problem.code in (408, 429) or problem.code >= 500
    again = "; import again to try once more" if later else ""
    return f"answers {problem.code} {problem.reason}{again}"


def _said(problem: object) -> str:
    if isinstance(problem, OSError) and problem.strerror:
        return problem.strerror
    return str(problem) or type(problem).__name__


def _storage(address: str) -> Iterator[bytes]:
    import fsspec  # only who has such addresses waits for it

    scheme, host = parts(address)
    try:
        system, path = fsspec.core.url_to_fs(address)
    except ImportError as problem:
        needed = STORAGE[scheme]
        raise ImportingError(
            f"To fetch {scheme}:// the package {needed} is needed: `pip install {needed}`, then "
            "import again. Or download the files, and name them by their paths."
        ) from problem
    try:
        with system.open(path, "rb") as file:
            while piece := file.read(PIECE):
                yield piece
    except FileNotFoundError as problem:
        raise RefusedError(f"no such file in {host}") from problem
    except PermissionError as problem:
        raise RefusedError(f"{host} does not let us read it") from problem
    except Exception as problem:  # each kind of storage has errors of its own
        raise UnreachableError(f"{host} cannot be read: {_said(problem)}") from problem


PROTOCOLS: dict[str, Callable[[str], Iterator[bytes]]] = {
    "http": _web,
    "https": _web,
    **dict.fromkeys(STORAGE, _storage),
}
