"""The classes of a workspace: their order and look, and renaming, merging, removing, restoring."""

from __future__ import annotations

import time
from collections.abc import Mapping
from html import escape

import pandas as pd
import streamlit as st

from annotator.model import ClassChange, ClassName
from annotator.service import Service
from annotator.ui.parts.text import barred, errors_in_words, plain
from annotator.ui.web.opened import opened

_GRAY = "#808c8c"  # of a class without a color of its own
_LOGGED = 200  # changes that are listed


def classes_part(service: Service) -> None:
    """Draw the classes; who may not change them sees them all the same."""
    st.subheader("Classes")
    counts, shown = service.count_by_class(), service.classes()
    may = not service.refusal("rename_class")
    for place, each in enumerate(shown):
        _row(each, counts[each.name], place, shown, may=may)
    if not shown:
        st.caption("There are none yet: an image needs at least two to choose from.")
    hidden = [each for each in service.classes(removed=True) if not each.active]
    if hidden:
        _hidden(service, hidden, may=may)
    if not service.refusal("class_log"):
        _log(service.class_log(_LOGGED))
    if barred(service, "add_class"):
        return
    with st.form("add_class", clear_on_submit=True):
        name = st.text_input("New class")
        if st.form_submit_button("Add", icon=":material/add:"):
            with errors_in_words():
                service.add_class(name)
                st.rerun()
    st.caption(
        "No change loses a label, and each can be taken back. Pages that are open keep the keys of "
        "their classes until they are reloaded."
    )


def _row(each: ClassName, labels: int, place: int, shown: list[ClassName], *, may: bool) -> None:
    name, up, down, change = st.columns([5, 0.8, 0.8, 1.4], vertical_alignment="center")
    name.html(_line(each, "1 label" if labels == 1 else f"{labels:,} labels"))
    for button, sign, step in ((up, "arrow_upward", -1), (down, "arrow_downward", 1)):
        button.button(
            "",
            key=f"move_{each.id}_{step}",
            icon=f":material/{sign}:",
            help="Earlier" if step < 0 else "Later",
            disabled=not may or not 0 <= place + step < len(shown),
            on_click=_move,
            args=([other.id for other in shown], place, step),
        )
    if change.button("Change", key=f"change_{each.id}", disabled=not may, width="stretch"):
        _change(each, labels, [other for other in shown if other.id != each.id])


def _line(each: ClassName, labels: str) -> str:
    color = each.color or _GRAY  # judged when it was saved: no markup
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


@st.dialog("Change a class")
def _change(each: ClassName, labels: int, others: list[ClassName]) -> None:
    with errors_in_words():
        service = opened()
        _look(service, each)
        if others:
            _merge(service, each, labels, others)
        _remove(service, each, labels)


def _look(service: Service, each: ClassName) -> None:
    with st.form("look", border=False):
        name = st.text_input("Name", each.name)
        left, right = st.columns([1, 4])
        color = left.color_picker("Color", each.color or _GRAY)
        example = right.text_input(
            "Image that shows it",
            str(each.example_id or ""),
            placeholder="the end of its name, or its number",
        )
        text = st.text_area("How to tell it", each.description, height=68)
        if each.example_id:
            address = service.image_url(each.example_id, thumbnail=True)
            st.html(f'<img src="{address}" alt="" style="max-height:8rem">')
        if st.form_submit_button("Save", type="primary"):
            found = service.explore.find(example).id if example.strip() else 0
            own = "" if color == _GRAY else color
            service.describe_class(each.id, color=own, description=text, example_id=found)
            service.rename_class(each.id, name)
            st.rerun()


def _merge(service: Service, each: ClassName, labels: int, others: list[ClassName]) -> None:
    st.divider()
    into = st.selectbox(
        f"Count its {labels:,} labels as", others, format_func=lambda other: other.name
    )
    if st.button("Merge", disabled=into is None) and into:
        service.merge_class(each.id, into.id)
        st.rerun()
    st.caption("Nothing is asked again, and it can be split off again with the labels it has.")


def _remove(service: Service, each: ClassName, labels: int) -> None:
    st.divider()
    hides = (
        "No image has it as its label."
        if not labels
        else "It hides 1 label; its image is asked again."
        if labels == 1
        else f"It hides {labels:,} labels; their images are asked again."
    )
    st.markdown(f"Removing it: {hides} Restoring it brings all of them back.")
    label = "Remove" if not labels else f"Remove and hide {labels:,}"
    if st.button(label, icon=":material/delete:", key="remove_class"):
        service.remove_class(each.id)
        st.rerun()


def _hidden(service: Service, hidden: list[ClassName], *, may: bool) -> None:
    names = {each.id: each.name for each in service.classes(removed=True)}
    with st.expander(f"Removed and merged ({len(hidden)})"):
        for each in hidden:
            name, button = st.columns([3, 1], vertical_alignment="center")
            how = "removed" if each.removed else f"counts as {plain(names[each.merged_into or 0])}"
            name.markdown(f"{plain(each.name)} :gray[· {how}]")
            word, act = (
                ("Restore", service.restore_class)
                if each.removed
                else ("Split", service.split_class)
            )
            if button.button(word, key=f"back_{each.id}", disabled=not may, width="stretch"):
                with errors_in_words():
                    act(each.id)
                    st.rerun()


def _log(changes: list[ClassChange]) -> None:
    if changes:
        with st.expander("What was done to them"):
            st.dataframe(pd.DataFrame(_change_row(each) for each in changes), hide_index=True)


def _change_row(each: ClassChange) -> dict[str, str]:
    return {
        "when": time.strftime("%Y-%m-%d %H:%M", time.localtime(each.at)),
        "who": each.person or "a source",
        "did": each.kind,
        "class": each.name,
        "before": _side(each.before, each.after),
        "after": _side(each.after, each.before),
    }


def _side(side: Mapping[str, object], other: Mapping[str, object]) -> str:
    """What changed, without what stayed; the time of a removal is said already."""
    return ", ".join(
        f"{key.replace('_', ' ')}: {', '.join(value) if isinstance(value, list) else value}"
        for key, value in side.items()
        if value not in (None, "") and value != other.get(key) and key != "removed"
    )
