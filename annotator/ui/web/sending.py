"""Files of a browser wait in memory, so they are taken only from those who may import them."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from annotator.errors import NotAllowedError
from annotator.service.people.roles import refusal
from annotator.ui.gate.entrance import NAME
from annotator.ui.gate.refusing import refuse
from annotator.ui.web.opened import known

PLACE = "/_stcore/upload_file/"  # where Streamlit takes them, of any open page


class Sending:
    """Stands behind the entrance, which knows who sends."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a file of somebody who may not import, before any of it is read."""
        if scope["type"] == "http" and PLACE in scope["path"] and (why := _refusal(scope)):
            await refuse(scope, receive, send, why)
        else:
            await self.app(scope, receive, send)


def _refusal(scope: Scope) -> str:
    try:
        return refusal(known(scope.get(NAME)), "bringing.look_at_uploads")
    except NotAllowedError as nobody:
        return str(nobody)
