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


@dataclass(frozen=True, slots=True)
class Ticket:
    """With it an open page says that it lives: which page, whose, until when, and the proof."""

    client: str
    annotator: str
    until: int  # unix seconds
    sig: str


@dataclass(frozen=True, slots=True)
class Beat:
    """What came of a page's sign of life."""

    gone: tuple[int, ...]  # of the images that the page names: those that it does not hold now
    more: bool  # it holds less than its share, and there is something to get
