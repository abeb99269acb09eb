"""Who asks: a visitor, how long they are let in, and the ways in which they show it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.requests import HTTPConnection
from starlette.responses import Response

SESSION_SECONDS = 12 * 3600  # a working day; then a person shows again who they are


@dataclass(frozen=True, slots=True)
class Shown:
    """What a request or a websocket brings along to show who asks."""

    cookies: Mapping[str, str]
    headers: Sequence[tuple[str, str]]

    @classmethod
    def of(cls, connection: HTTPConnection) -> Shown:
        """What this request or websocket has brought."""
        return cls(connection.cookies, connection.headers.items())


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who is let in."""

    name: str | None  # None: one of those who hold the token, or of this machine
    until: float  # unix seconds, UTC: when this ends
    browser: str = ""  # what tells their browser from others that have no name either

    @property
    def who(self) -> str:
        """By which one visitor is told from another; empty where nothing does."""
        return f"name {self.name}" if self.name else self.browser


class Way(ABC):
    """One way to show who one is."""

    local = False  # whether it may be trusted on a loopback address alone
    sentence = "You are not signed in. Reload the page."

    @abstractmethod
    def visitor(self, shown: Shown) -> Visitor | None:
        """Who it is; None if they are not let in."""

    def answer(self, request: HTTPConnection) -> Response | None:
        """What this way answers by itself, before anyone is asked who they are; mostly nothing."""
        del request
        return None

    def passes(self, path: str) -> bool:
        """Whether a path below the base is open to all: what signing in itself needs."""
        del path
        return False

    def way_in(self, base: str) -> tuple[str, str] | None:
        """A link (address, text) that leads in; None if there is none."""
        del base
        return None
