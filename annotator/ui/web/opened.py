"""The one Service that pages, image route and start-up share."""

from __future__ import annotations

import hashlib
import os
from functools import lru_cache
from pathlib import Path

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
    """The open workspace.

    Raises:
        WorkspaceError: there is none yet; the message says the way out.
    """
    return _open(workspace())


@lru_cache(maxsize=1)
def _open(root: Path) -> Service:  # a failure is not cached: the next page tries again
    service = Service.open(root)
    service.restrict(Path(folder) for folder in access().folders)
    service.ensure_worker()
    return service


def annotator() -> str:
    """Who labels: the name with which this page's session has signed in, else `expert`.

    Raises:
        AnnotatorError: a name is asked for, and this session has ended.
    """
    return signed_in() or "expert"
