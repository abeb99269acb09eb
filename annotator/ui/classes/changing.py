"""A dialog that changes one class: its name and look, what it counts as, whether it is shown."""

from __future__ import annotations

import streamlit as st

from annotator.model import ClassName
from annotator.service import Service
from annotator.ui.parts.text import errors_in_words
from annotator.ui.web.opened import opened
from annotator.ui.words.language import _

GRAY = "#808c8c"  # of a class without a color of its own


def change_class(each: ClassName, labels: int, others: list[ClassName]) -> None:
    """Open the dialog; each part of it does its work and closes it."""
    st.dialog(_("Change a class"))(_changing)(each, labels, others)


def _changing(each: ClassName, labels: int, others: list[ClassName]) -> None:
    service = opened()
    with errors_in_words():  # what one part is refused leaves the others as they are
        _look(service, each)
    with errors_in_words():
        _merge(service, each, labels, others)
    with errors_in_words():
        _remove(service, each, labels)


def _look(service: Service, each: ClassName) -> None:
    with st.form("look", border=False):
        name = st.text_input(_("Name"), each.name)
        left, right = st.columns([1, 4])
        color = left.color_picker(_("Color"), each.color or GRAY)
        example = right.text_input(
            _("Image that shows it"),
            str(each.example_id or ""),
            placeholder=_("the end of its name, or its number"),
        )
        text = st.text_area(_("How to tell it"), each.description, height=68)
        if each.example_id:
            address = service.image_url(each.example_id, thumbnail=True)
            st.html(f'<img src="{address}" alt="" style="max-height:8rem">')
        if st.form_submit_button(_("Save"), type="primary"):
            found = service.explore.find(example).id if example.strip() else 0
            own = "" if color == GRAY else color
            service.describe_class(
                each.id, name=name, color=own, description=text, example_id=found
            )
            st.rerun()


def _merge(service: Service, each: ClassName, labels: int, others: list[ClassName]) -> None:
    if not others:
        return
    st.divider()
    into = st.selectbox(
        _(f"Count its {labels:,} labels as"), others, format_func=lambda other: other.name
    )
    if st.button(_("Merge"), disabled=into is None) and into:
        service.merge_class(each.id, into.id)
        st.rerun()
    st.caption(_("Nothing is asked again, and it can be split off again with the labels it has."))


def _remove(service: Service, each: ClassName, labels: int) -> None:
    st.divider()
    st.markdown(
        _(
            "Removing it hides no label, as no image has it. It can be restored."
            if not labels
            else "Removing it hides 1 label, and its image is asked again. Restoring it brings "
            "that back."
            if labels == 1
            else f"Removing it hides {labels:,} labels, and their images are asked again. "
            "Restoring it brings all of them back."
        )
    )
    label = "Remove" if not labels else f"Remove and hide {labels:,}"
    if st.button(_(label), icon=":material/delete:", key="remove_class"):
        service.remove_class(each.id)
        st.rerun()
