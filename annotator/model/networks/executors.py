"""Where networks compute, as the setting names it: in the worker, or on a Ray cluster."""

from __future__ import annotations

import re

LOCAL = "local"
RAY = "ray"
EXECUTORS = {
    LOCAL: "in the worker's own process",
    RAY: "in processes on every core of this machine, by Ray",
}
CLIENT = "ray://"  # through a cluster's one open port; without it, from a machine of the cluster
FORMS = f"HOST:PORT or {CLIENT}HOST:PORT, the address of a Ray cluster that runs"
_ADDRESS = re.compile(r"(?:ray://)?(?P<host>[\w.-]+|\[[0-9a-fA-F:.]+\]):(?P<port>\d{1,5})")
_LOOPBACK = re.compile(r"localhost|127(\.\d{1,3}){3}|\[::1\]")


def is_address(executor: str) -> bool:
    """Whether it is the address of a cluster, which others have started."""
    found = _ADDRESS.fullmatch(executor)
    return found is not None and 0 < int(found["port"]) < 2**16


def stays_here(executor: str) -> bool:
    """Whether nothing leaves this machine for it."""
    found = _ADDRESS.fullmatch(executor)
    return found is None or _LOOPBACK.fullmatch(found["host"]) is not None
