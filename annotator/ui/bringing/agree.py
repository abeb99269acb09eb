"""A source that was read: what it would change is shown, and taken in where somebody agrees."""

from __future__ import annotations

import streamlit as st

from annotator.model import Agreed, Going, ImportReport, counted
from annotator.service import Service
from annotator.ui.bringing.again import discard
from annotator.ui.bringing.report import noted, refused, say, summary
from annotator.ui.bringing.wording import BOXES, import_errors, on_page
from annotator.ui.parts.text import plain
from annotator.ui.words.language import _
from annotator.wording import many


def agree(service: Service, now: Going) -> None:
    """Say what an import would do, before it does, and take an answer to what is open."""
    first = now.report
    if first is None:
        return
    with import_errors():
        st.write(_(_begun(now)))
        if now.error:
            st.error(plain(_(on_page(now.error))), icon=":material/error:")
        if now.stopping:
            st.warning(_(stopped(now)), icon=":material/stop_circle:")
        agreed = _boxes(first)
        foreseen = service.bringing.foresee(agreed) if first.asks else first
        st.write(_(summary(foreseen)))
        some = bool(foreseen.added or foreseen.duplicates or foreseen.labeled)
        with st.container(horizontal=True):
            taken = st.button(_("Import"), type="primary", disabled=not some)
            dropped = st.button(_("Discard"))
        if taken:
            service.bringing.finish(agreed)
            st.rerun()
        if dropped:
            discard(service)
            st.rerun()
        refused(foreseen)
        say(foreseen)
        noted(foreseen)  # below the buttons, however long


def _begun(now: Going) -> str:
    """Whether anything is in, and what the two buttons do."""
    if now.written:
        return "**Some of it is in.** *Import* brings in the rest, *Discard* leaves what is in."
    return "**Nothing is written yet.** The source is read; what shall come of it?"


def stopped(now: Going) -> str:
    """That the reading was stopped, what is left, and how it goes on."""
    read = f"{now.files:,} of {many(now.total, 'file')}" if now.total else many(now.files, "file")
    rest = f", {now.rest:,} are left" if now.total else ""
    what = "The files sent again go" if now.sent else "The same source imported again goes"
    return (
        f"Stopped after {read}{rest}. What was read is whole. {what} on from here: what is in by "
        "then is skipped."
    )


def _boxes(first: ImportReport) -> Agreed:
    add = bool(first.unknown) and st.checkbox(
        f"{_(BOXES['add-classes'])}: {plain(counted(first.unknown))}"
    )
    update = bool(first.replaceable) and st.checkbox(
        f"{_(BOXES['update-labels'])}: {_(f'{first.replaceable:,} differ from those here')}"
    )
    kept = _(many(first.parts.get("test", 0), "image"))
    if val := _validating(first):
        validate = _(f"and {many(val, 'image')} that validate")
        kept += f", {validate}"
    keep = bool(first.keepable) and st.checkbox(f"{_(BOXES['keep-splits'])}: {kept}")
    return Agreed(add, update, keep)


def _validating(first: ImportReport) -> int:
    """How many images of the source are in a validation set that would be kept."""
    return first.parts.get("val", 0) if first.validates else 0
