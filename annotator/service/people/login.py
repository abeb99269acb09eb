"""The provider of a login: read from the file that its owner named, and judged before serving."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from annotator.errors import AnnotatorError

_NEEDED = ("redirect_uri", "client_id", "client_secret", "server_metadata_url")


def provider(path: str) -> dict[str, Any]:
    """The table `auth` of a TOML file: what the login needs to know of its provider.

    Raises:
        AnnotatorError: the file cannot be read, or a key is missing.
    """
    try:
        found = tomllib.loads(Path(path).read_text(encoding="utf-8")).get("auth")
    except (OSError, ValueError) as problem:
        raise AnnotatorError(f"Cannot read the login's provider from {path}: {problem}.") from None
    auth: dict[str, Any] = found if isinstance(found, dict) else {}
    missing = [name for name in _NEEDED if not auth.get(name)]
    if missing or not str(auth["redirect_uri"]).endswith("/oauth2callback"):
        what = f"lacks {', '.join(missing)}" if missing else "needs another redirect_uri"
        raise AnnotatorError(
            f"The table [auth] of {path} {what}; redirect_uri ends in /oauth2callback, and "
            "server_metadata_url in /.well-known/openid-configuration."
        )
    return auth
