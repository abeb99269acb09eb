"""The classes of a workspace in their order, those that are hidden, and what was done to them."""

from __future__ import annotations

import time
from collections.abc import Mapping
from html import escape

import pandas as pd
import streamlit as st

from annotator.model import ClassChange, ClassName
from annotator.service import Service
from annotator.ui.classes.changing import GRAY, change_class
from annotator.ui.parts.text import barred, errors_in_words, plain
from annotator.ui.web.opened import opened
from annotator.ui.words.language import _
from annotator.wording import many, read_alike

_ADDED = "classes_added"  # session state: how many were added on this page
_LOGGED = 200  # changes that are listed


def classes_part(service: Service) -> None:
    """Draw the classes; who may not change them sees them all the same."""
    st.subheader(_("Classes"))
    counts, shown = service.count_by_class(), service.classes()
    may = not service.refusal("rename_class")
    for place, each in enumerate(shown):
        _row(each, counts[each.name], place, shown, may=may)
    if not shown:
        st.caption(_("There are none yet: an image needs at least two to choose from."))
    _alike(service)
    hidden = [each for each in service.classes(removed=True) if not each.active]
    if hidden:
        _hidden(service, hidden, may=may)
    if not service.refusal("class_log"):
        _log(service.class_log(_LOGGED))
    if barred(service, "add_class"):
        return
    added = st.session_state.get(_ADDED, 0)
    with st.form("add_class"):
        # A key of its own for each: what was refused stays to be mended, what was added is gone
        name = st.text_input(_("New class"), key=f"new_class_{added}")
        if st.form_submit_button(_("Add"), icon=":material/add:"):
            with errors_in_words():
                service.add_class(name)
                st.session_state[_ADDED] = added + 1
                st.rerun()
    st.caption(
        _(
            "No change loses a label, and each can be taken back. Pages that are open keep the "
            "keys of their classes until they are reloaded."
        )
    )


def _row(each: ClassName, labels: int, place: int, shown: list[ClassName], *, may: bool) -> None:
    name, up, down, change = st.columns([5, 0.8, 0.8, 1.4], vertical_alignment="center")
    name.html(_line(each, _(many(labels, "label"))))
    for button, sign, step in ((up, "arrow_upward", -1), (down, "arrow_downward", 1)):
        button.button(
            "",
            key=f"move_{each.id}_{step}",
            icon=f":material/{sign}:",
            help=_("Earlier" if step < 0 else "Later"),
            disabled=not may or not 0 <= place + step < len(shown),
            on_click=_move,
            args=([other.id for other in shown], place, step),
        )
    if change.button(_("Change"), key=f"change_{each.id}", disabled=not may, width="stretch"):
        change_class(each, labels, [other for other in shown if other.id != each.id])


def _alike(service: Service) -> None:
    """Say which names are hard to tell apart, whatever brought them."""
    for each, other in service.alike_classes():
        then = (
            "The one that was removed keeps its labels: restore it and merge the two if they mean "
            "the same."
            if other.removed
            else "Merge the two (Change) if they mean the same."
        )
        told = _(read_alike(each.name, other.name))
        st.warning(plain(f"{told} {_(then)}"), icon=":material/difference:")


def _line(each: ClassName, labels: str) -> str:
    color = each.color or GRAY  # judged when it was saved: no markup
    chip = f"height:1rem;width:1rem;flex:none;border-radius:.25rem;background:{color}"
    told = f'<div style="opacity:.75;font-size:.9rem">{escape(each.description)}</div>'
    return (
        f'<div style="display:flex;gap:.75rem;align-items:center"><div style="{chip}"></div>'
        f'<div><span style="overflow-wrap:anywhere">{escape(each.name)}</span> '
        f'<span style="opacity:.7">· {labels}</span>{told if each.description else ""}</div></div>'
    )


def _move(ids: list[int], place: int, step: int) -> None:
    ids[place], ids[place + step] = ids[place + step], ids[place]
    with errors_in_words():
        opened().order_classes(ids)


def _hidden(service: Service, hidden: list[ClassName], *, may: bool) -> None:
    names = {each.id: each.name for each in service.classes(removed=True)}
    with st.expander(_(f"Removed and merged ({len(hidden)})")):
        for each in hidden:
            name, button = st.columns([3, 1], vertical_alignment="center")
            how = "removed" if each.removed else f"counts as {names[each.merged_into or 0]}"
            name.markdown(f"{plain(each.name)} :gray[· {plain(_(how))}]")
            word, act = (
                ("Restore", service.restore_class)
                if each.removed
                else ("Split", service.split_class)
            )
            if button.button(_(word), key=f"back_{each.id}", disabled=not may, width="stretch"):
                with errors_in_words():
                    act(each.id)
                    st.rerun()


def _log(changes: list[ClassChange]) -> None:
    if changes:
        with st.expander(_("What was done to them")):
            st.dataframe(pd.DataFrame(_change_row(each) for each in changes), hide_index=True)


def _change_row(each: ClassChange) -> dict[str, str]:
    return {
        _("when"): time.strftime("%Y-%m-%d %H:%M", time.localtime(each.at)),
        _("who"): each.person or _("a source"),
        _("did"): _(each.kind),
        _("class"): each.name,
        _("before"): _side(each.before, each.after),
        _("after"): _side(each.after, each.before),
    }


def _side(side: Mapping[str, object], other: Mapping[str, object]) -> str:
    """What changed, without what stayed; the time of a removal is said already."""
    return ", ".join(
        f"{key.replace('_', ' ')}: {', '.join(value) if isinstance(value, list) else value}"
        for key, value in side.items()
        if value not in (None, "") and value != other.get(key) and key != "removed"
    )
