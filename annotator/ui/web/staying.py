"""The page that somebody has asked for stays, whatever the page before it still has to say.

What a part of a page says in the moment in which the page is left names that page. Streamlit goes
by it once the other page is drawn: the browser takes the other one off the screen and shows
nothing. The part itself is not there any more and says nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any

from streamlit.runtime.scriptrunner_utils.script_requests import RerunData, ScriptRequests

Ask = Callable[[Any, RerunData], bool]


def stay() -> None:
    """See to it from now on; once is enough for a process."""
    ask: Ask = ScriptRequests.request_rerun
    if not hasattr(ask, "__wrapped__"):
        setattr(ScriptRequests, "request_rerun", _staying(ask))  # noqa: B010 - it is a method


def _staying(ask: Ask) -> Ask:
    @wraps(ask)
    def asked(requests: Any, said: RerunData) -> bool:
        asked_for = getattr(
            requests, "_rerun_data", None
        )  # a version to come may call it otherwise
        return ask(requests, of_page(asked_for, said) if asked_for else said)

    return asked


def of_page(asked: RerunData, said: RerunData) -> RerunData:
    """What a part of a page said, as if on the page that was asked for last, if one was."""
    of_part = said.fragment_id or said.fragment_id_queue
    if not of_part or asked.page_script_hash in ("", said.page_script_hash):
        return said
    return replace(
        said,
        page_script_hash=asked.page_script_hash,
        page_name=asked.page_name,
        query_string=asked.query_string,
    )
