"""Whether one can listen at an address: told before it is printed, for it may be another's."""

from __future__ import annotations

import errno
import socket
from contextlib import suppress

from annotator.errors import AnnotatorError

FURTHER = 100  # ports that are tried after one that is taken


def check(host: str, port: int) -> None:
    """Bind the address as the server will, and let it go again.

    Raises:
        AnnotatorError: another program has it, it is none of this machine, or only root may.
    """
    try:
        _bind(host, port)
    except OSError as problem:
        raise AnnotatorError(_told(host, port, problem)) from problem


def _bind(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            tried.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        tried.bind((host, port))


def _free(host: str, port: int) -> int:
    """The next port on which one can listen, upward and then downward; 0 if there is none near."""
    upward = list(range(port + 1, min(port + FURTHER, 65_535) + 1))
    downward = list(range(port - 1, max(port - FURTHER, 1_023), -1))
    for each in upward + downward:
        with suppress(OSError):
            _bind(host, each)
            return each
    return 0


def _told(host: str, port: int, problem: OSError) -> str:
    if problem.errno == errno.EADDRINUSE:
        free = _free(host, port)
        way = (
            f"name the next one that is free: `--port {free}`" if free else "name another `--port`"
        )
        return (
            f"Port {port} of {host} is taken by another program, perhaps by this one. End it, or "
            f"{way}."
        )
    if problem.errno == errno.EACCES:
        return f"Only root may listen on port {port}: name one above 1023 with `--port`."
    return (
        f"Nobody can listen at {host} ({problem.strerror or problem}): name an address of this "
        "machine with `--host`, such as 127.0.0.1 or 0.0.0.0."
    )
