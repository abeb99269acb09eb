"""Whether an executor may be chosen, before anything is computed: its form, and its package."""

from __future__ import annotations

import os
from importlib.util import find_spec

from annotator.errors import AnnotatorError, unknown
from annotator.model.networks.executors import CLIENT, EXECUTORS, FORMS, LOCAL, is_address

NAMED = "RAY_ADDRESS"  # environment variable, Ray's own: the cluster that whoever serves has named


def check_executor(executor: str) -> None:
    """Judge where networks are to compute. Whether a cluster answers is found out by the first job.

    Raises:
        AnnotatorError: it is neither a name nor an address, or a package is not installed.
    """
    if executor == LOCAL:
        return
    if executor not in EXECUTORS and not is_address(executor):
        raise AnnotatorError(f"{unknown('executor', executor, EXECUTORS)} Or give {FORMS}.")
    needed = ["ray", *(["grpc"] if executor.startswith(CLIENT) else [])]
    missing = [name for name in needed if find_spec(name) is None]
    if missing:
        raise AnnotatorError(
            f"The executor '{executor}' needs the package '{missing[0]}', which is not installed: "
            "pip install 'certilabel[ray]'; without a network, from a folder of wheels. Without "
            f"it, '{LOCAL}' computes {EXECUTORS[LOCAL]}."
        )


def check_on_pages(executor: str) -> None:
    """Judge an executor that a page names: a cluster is given images, and runs what it is told.

    Whoever uses the pages need not have an account on this machine.

    Raises:
        AnnotatorError: it is another cluster than the one that the server was told of.
    """
    if not is_address(executor) or executor == os.environ.get(NAMED):
        return
    raise AnnotatorError(
        f"Pages may not name the cluster '{executor}': images would be sent there. Start the "
        f"server with the environment variable {NAMED}={executor}, and choose it then; or make "
        f"the workspace with `certilabel init --set executor={executor}`."
    )


def named() -> dict[str, str]:
    """The cluster that a page may offer too, where the server was told of one."""
    address = os.environ.get(NAMED, "")
    return {address: "the cluster that the server was told of"} if address else {}
