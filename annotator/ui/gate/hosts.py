"""Known hosts and own pages only: another name that leads here, or a page from elsewhere, is out.

Any page may give its own name the address of this machine and then speak to the server as if it
were the page's own (DNS rebinding); the name in the Host header tells. A page that keeps its name
tells by the Origin header, which is compared with Host and with nothing else: no name is looked up.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from annotator.model import NAMES, Access, ip, is_loopback
from annotator.ui.gate.refusing import refuse

_ELSEWHERE = ("cross-site", "same-site")  # another port of this machine is the same site


class KnownHosts:
    """Lets requests and websockets through that name a known host and come from its own pages."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self.app = app
        self.names = {*NAMES, *access.names}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse with 421 where the host is unknown, with 403 where the page is foreign."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if not self._known(headers.getlist("host"), scope):
            sentence = (
                "This server does not answer to that name. Open it as localhost, or start it with "
                "`--allow-host NAME`."
            )
            await refuse(scope, receive, send, sentence, 421)
        elif _foreign(headers, scope):
            await refuse(scope, receive, send, "Only pages of this server may ask for this.")
        else:
            await self.app(scope, receive, send)

    def _known(self, hosts: list[str], scope: Scope) -> bool:
        if len(hosts) != 1:
            return False
        name = _name(hosts[0])
        return name in self.names or _own(name, scope)


def _name(host: str) -> str:
    """The host without its port, in lower case."""
    name, colon, port = host.rpartition(":")
    return (name if colon and port.isdigit() else host).lower()


def _own(name: str, scope: Scope) -> bool:
    """Whether it is the very address that was connected to: no name server can point that here."""
    here = ip((scope.get("server") or ("",))[0])
    return here is not None and not is_loopback(str(here)) and ip(name) == here


def _foreign(headers: Headers, scope: Scope) -> bool:
    origins = headers.getlist("origin")
    if origins:
        return len(origins) > 1 or not _same(origins[0], headers["host"])
    # A picture or a script that a foreign page embeds comes without an origin; a link does too,
    # and may come in
    fetched = headers.get("sec-fetch-mode", "navigate") not in ("navigate", "websocket")
    written = scope["type"] == "http" and scope["method"] not in ("GET", "HEAD")
    return from_elsewhere(headers) and (fetched or written)


def from_elsewhere(headers: Headers) -> bool:
    """Whether a page of another site led here, as the browser says; a typed address did not."""
    return headers.get("sec-fetch-site") in _ELSEWHERE


def _same(origin: str, host: str) -> bool:
    """Whether an origin (scheme, host and port) is of the host; a proxy may speak https for it."""
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    default = {"http": ":80", "https": ":443"}.get(parts.scheme)
    if default is None:
        return False
    there, here = parts.netloc.lower(), host.lower()
    return there == here or there.removesuffix(default) == here.removesuffix(default)
