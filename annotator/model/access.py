"""Where the pages are served and who may use them, as it was said when the server started."""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from annotator.errors import AnnotatorError

LOOPBACK = "127.0.0.1"
NAMES = ("localhost", "127.0.0.1", "[::1]")  # of this machine, which no other one answers to
LEAST_TOKEN = 20  # characters
ENVIRONMENT = "CERTILABEL_ACCESS"  # from the command to the server that it becomes

_NAME = re.compile(r"[a-z0-9]([a-z0-9._-]*[a-z0-9])?|\[[0-9a-f:.]+\]")
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_TOKEN = re.compile(rf"[A-Za-z0-9_-]{{{LEAST_TOKEN},}}")


@dataclass(frozen=True, slots=True)
class Access:
    """Who may talk to the server: by default whoever is on this machine."""

    host: str = LOOPBACK  # the address that is listened on
    names: tuple[str, ...] = ()  # further names by which browsers reach it
    token: str = ""  # what an address must carry once to open a session
    header: str = ""  # in which a proxy on this machine says who has signed in
    oidc: str = ""  # path of the TOML file with the provider of the login
    folders: tuple[str, ...] = ()  # further folders that pages may import from and export to

    @property
    def guarded(self) -> bool:
        """Whether somebody must show who they are."""
        return bool(self.token or self.header or self.oidc)

    def check(self) -> None:
        """Judge what was said.

        Raises:
            AnnotatorError: it would let in whoever reaches the server, or a part of it is of the
                wrong form.
        """
        if not self.guarded and not is_loopback(self.host):
            raise AnnotatorError(
                f"Whoever reaches {self.host or 'this machine'} could see and change everything: "
                "add `--token` for an address that only you know, or `--auth` for a login."
            )
        if self.header and not is_loopback(self.host):
            raise AnnotatorError(
                f"A header tells who has signed in only where nobody but the proxy can send it: "
                f"leave out `--host {self.host}`, and let the proxy on this machine forward "
                f"to {LOOPBACK}."
            )
        if self.header and not _HEADER.fullmatch(self.header):
            raise AnnotatorError(f"'{self.header}' is no name of a header, such as X-Remote-User.")
        if self.token and (self.header or self.oidc):
            raise AnnotatorError("Choose one of `--token` and `--auth`.")
        if self.token and not _TOKEN.fullmatch(self.token):
            raise AnnotatorError(
                f"The access token must have {LEAST_TOKEN} characters or more, of letters, digits, "
                "'_' and '-'. Leave CERTILABEL_TOKEN out, and one is made."
            )
        for name in self.names:
            if not _NAME.fullmatch(name):
                raise AnnotatorError(
                    f"'{name}' is no name of a host: give it without scheme, port and path, such "
                    "as labels.example.org."
                )

    def environment(self) -> dict[str, str]:
        """As an environment that `read` understands."""
        return {ENVIRONMENT: json.dumps(asdict(self))}

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Access:
        """What the environment of a server says; without a word, the defaults.

        Raises:
            AnnotatorError: it is of the wrong form.
        """
        try:
            said = dict(json.loads(environment.get(ENVIRONMENT) or "{}").items())
            known = [each.name for each in fields(cls) if each.name in said]
            given: dict[str, Any] = {name: said[name] for name in known}
            for name, value in given.items():
                several = name in ("names", "folders")
                given[name] = tuple(map(str, value)) if several else str(value)
            access = cls(**given)
        except (ValueError, TypeError, AttributeError) as problem:
            raise AnnotatorError(
                f"{ENVIRONMENT} is damaged. Start the server with `certilabel serve`."
            ) from problem
        access.check()
        return access


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches what listens on `host`, an IP address or a name."""
    address = ip(host)
    return host.casefold() == "localhost" if address is None else address.is_loopback


def ip(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The IP address that `host` is, with or without brackets; None if it is a name."""
    try:
        address = ipaddress.ip_address(host.removeprefix("[").removesuffix("]"))
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address
