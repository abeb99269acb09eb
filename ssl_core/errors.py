"""What can go wrong in training, in words that name the thing, the choices and the way out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from inspect import Parameter, signature
from typing import Any


class SSLError(ValueError):
    """Something the caller can mend; its message says how."""


def unknown(kind: str, name: str, choices: Iterable[str]) -> SSLError:
    """Say that `name` is no `kind`, guess what was meant, and list the choices."""
    known = sorted(choices)
    guess = get_close_matches(name, known, n=1)
    meant = f" Did you mean '{guess[0]}'?" if guess else ""
    return SSLError(f"No {kind} named '{name}'.{meant} Choose one of: {', '.join(known) or '-'}.")


def no_label() -> SSLError:
    """Say that there is nothing to learn from."""
    return SSLError("Nothing to learn from: no row that may be trained on has a label.")


def options_of(kind: str, builder: Callable[..., Any], options: Mapping[str, Any]) -> None:
    """Check that every option is a keyword-only parameter of `builder`; list them if not.

    Raises:
        SSLError: one is not; the message lists them.
    """
    known = [
        name
        for name, parameter in signature(builder).parameters.items()
        if parameter.kind is Parameter.KEYWORD_ONLY
    ]
    for name in options:
        if name not in known:
            raise unknown(f"parameter of {kind}", name, known)
