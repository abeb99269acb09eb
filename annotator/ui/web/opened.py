"""The one open workspace behind all pages, and each page's own view of it by who looks."""

from __future__ import annotations

import hashlib
import json
import os
from functools import lru_cache
from pathlib import Path

import streamlit as st

from annotator.errors import NotAllowedError
from annotator.model import LOCAL, Person, Role
from annotator.service import Service


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
    service.ensure_worker()
    return service


def authenticated() -> str | None:
    """The name of who logged in, empty if nobody did; None where there is no login at all."""
    user = st.user.to_dict()
    return str(user.get("email") or user.get("name") or "") if user else None


def person() -> Person:
    """Who is before this page.

    Without a login that is whoever can reach the server. Who logged in has the role that `serve`
    was told for this name, and is an annotator otherwise.

    Raises:
        NotAllowedError: nobody is logged in, or roles were given and there is no login to tell by.
    """
    name, roles = authenticated(), _roles()
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
