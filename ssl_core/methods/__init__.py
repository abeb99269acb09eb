"""Methods: one loss each. To add one: its file, a line in METHODS, its page, its test."""

from __future__ import annotations

from typing import Any

from ssl_core.errors import options_of, unknown
from ssl_core.method import Method
from ssl_core.methods.fixmatch import FixMatch
from ssl_core.methods.pseudo_label import PseudoLabeling
from ssl_core.methods.supervised import Supervised
from ssl_core.types import Task

METHODS: dict[str, type[Method]] = {
    "fixmatch": FixMatch,
    "pseudo_label": PseudoLabeling,
    "supervised": Supervised,
}


def build_method(name: str, task: Task, **options: Any) -> Method:
    """Make the method called `name`; an unknown name or option is an error that lists the choices.

    Raises:
        SSLError: no such method, no such parameter, or a value out of its range.
    """
    if name not in METHODS:
        raise unknown("method", name, METHODS)
    options_of(f"method {name}", METHODS[name], options)
    return METHODS[name](task, **options)
