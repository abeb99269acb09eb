"""Whether one can listen at an address: told before it is printed, for it may be another's."""

from __future__ import annotations

import errno
import socket

from annotator.errors import AnnotatorError


def check(host: str, port: int) -> None:
    """Bind the address as the server will, and let it go again.

    Raises:
        AnnotatorError: another program has it, it is none of this machine, or only root may.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                tried.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
            tried.bind((host, port))
    except OSError as problem:
        raise AnnotatorError(_told(host, port, problem)) from problem


def _told(host: str, port: int, problem: OSError) -> str:
    if problem.errno == errno.EADDRINUSE:
        return (
            f"Port {port} of {host} is taken by another program, perhaps by this one. End it, or "
            f"name another port: `--port {port + 1 if port < 65_535 else port - 1}`."
        )
    if problem.errno == errno.EACCES:
        return f"Only root may listen on port {port}: name one above 1023 with `--port`."
    return (
        f"Nobody can listen at {host} ({problem.strerror or problem}): name an address of this "
        "machine with `--host`, such as 127.0.0.1 or 0.0.0.0."
    )
