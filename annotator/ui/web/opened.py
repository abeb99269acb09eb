"""The one open workspace behind all pages, and each page's own view of it by who looks."""

from __future__ import annotations

import hashlib
import json
import os
from functools import lru_cache
from pathlib import Path

from annotator.errors import AnnotatorError, NotAllowedError
from annotator.model import LOCAL, Person, Role
from annotator.service import Service
from annotator.ui.gate.gate import access, signed_in


def workspace() -> Path:
    """The workspace's folder: CERTILABEL_WORKSPACE, or `demo` below the current folder."""
    return Path(os.environ.get("CERTILABEL_WORKSPACE") or "demo").expanduser().resolve()


def workspace_key() -> str:
    """A short name that tells this workspace from others in a browser's storage."""
    root = workspace()
    return f"{root.name}-{hashlib.sha256(str(root).encode()).hexdigest()[:8]}"


def opened() -> Service:
    """The open workspace, for the person before this page.

    Raises:
        NotAllowedError: nobody knows who that is, and it matters here.
        WorkspaceError: there is none yet; the message says the way out.
    """
    return served().acting(person())


def served() -> Service:
    """The open workspace as the server itself has it: for start-up, and what is signed.

    Raises:
        WorkspaceError: there is none yet; the message says the way out.
    """
    return _open(workspace())


@lru_cache(maxsize=1)
def _open(root: Path) -> Service:  # a failure is not cached: the next page tries again
    service = Service.open(root)
    service.collect_log()
    service.restrict(Path(folder) for folder in access().folders)
    service.ensure_worker()
    return service


def authenticated() -> str | None:
    """The name with which this page's session has signed in; None where people show no name.

    Raises:
        NotAllowedError: a name is asked for, and this session has ended.
    """
    try:
        return signed_in()
    except AnnotatorError as ended:
        raise NotAllowedError(str(ended)) from ended


def person() -> Person:
    """Who is before this page.

    Without a login that is whoever can reach the server. Who signed in has the role that `serve`
    was told for this name, and is an annotator otherwise.

    Raises:
        NotAllowedError: the session has ended, or roles were given and there is no login to tell
            by.
    """
    return known(authenticated())


def known(name: str | None) -> Person:
    """The person of a name that has signed in; None is the name where people show none.

    Raises:
        NotAllowedError: as `person` says.
    """
    roles = _roles()
    if name:
        return Person(name, roles.get(name, "annotator"))
    if name is None and not roles:
        return LOCAL
    raise NotAllowedError(
        "Nobody is logged in. Log in, then reload the page."
        if name is not None
        else "This workspace was served with roles, but without a login that tells who is who. "
        "Serve it with a login, or without `--admin` and `--reviewer`."
    )


def _roles() -> dict[str, Role]:
    """The roles that `serve` was told, by name."""
    found: dict[str, Role] = json.loads(os.environ.get("CERTILABEL_ROLES") or "{}")
    return found
