"""The environment in which Ray reports to nobody and, on one machine, listens to it alone."""

from __future__ import annotations

import os
import secrets

from annotator.model.networks.executors import RAY, stays_here

NOWHERE = "http://127.0.0.1:9/"  # a port on which nothing listens
SILENT = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_USAGE_STATS_REPORT_URL": NOWHERE,  # where it reports that it does not report
    "OMP_NUM_THREADS": "1",
}
# Of a cluster that is made here: one of its processes asks a cloud for its name otherwise
UNASKED = {
    "http_proxy": NOWHERE,
    "https_proxy": NOWHERE,
    "no_proxy": "127.0.0.1,localhost",
    "RAY_AUTH_MODE": "token",
}
# Ray's word for one machine, which it thinks has another system: it then listens on loopback alone
LOOPBACK = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"}
ADDRESS = "RAY_ADDRESS"


def environment(executor: str, temporary: str) -> dict[str, str]:
    """What a driver and all that it starts are to find.

    Args:
        executor: as the setting names it.
        temporary: folder for Ray's sockets and logs, of a short path.
    """
    found = {**os.environ, **SILENT, "RAY_TMPDIR": temporary}
    found.pop(ADDRESS, None)  # the setting says which cluster
    if stays_here(executor):
        found |= LOOPBACK
    if executor == RAY:
        # Else the secret would be kept in a file of the home folder, for all clusters to come
        found |= {**UNASKED, "RAY_AUTH_TOKEN": secrets.token_hex(32)}
    return found
