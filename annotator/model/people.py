"""People: who asks, and the role that says what they may."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Role = Literal["annotator", "reviewer", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)


@dataclass(frozen=True, slots=True)
class Person:
    """Whoever a workspace is opened for."""

    name: str  # written with each of their labels
    role: Role


LOCAL = Person("expert", "admin")
"""Whoever has the workspace's folder: at the command line, and in pages without a login."""
