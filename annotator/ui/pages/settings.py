"""Settings: the classes, and how the workspace asks and learns."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from annotator.model import SETTINGS, ClassName
from annotator.service import Service
from annotator.ui.gate.gate import access, signed_in
from annotator.ui.parts.asked import ask
from annotator.ui.parts.text import barred, errors_in_words, plain
from annotator.ui.web.opened import opened


def page() -> None:
    """Draw the classes beside the settings."""
    service = opened()
    left, right = st.columns(2, gap="large")
    with left:
        _classes(service)
    with right:
        _settings(service)
    with errors_in_words():
        _person()


def _classes(service: Service) -> None:
    st.subheader("Classes")
    for each in service.classes(removed=True):
        _one_class(service, each)
    if barred(service, "add_class"):
        return
    with st.form("add_class", clear_on_submit=True):
        name = st.text_input("New class")
        if st.form_submit_button("Add", icon=":material/add:"):
            with errors_in_words():
                service.add_class(name)
                st.rerun()
    st.caption(
        "A removed class keeps its labels in the log: its images are asked again, and restoring "
        "the class brings all of them back."
    )


def _one_class(service: Service, each: ClassName) -> None:
    name, button = st.columns([3, 1], vertical_alignment="center")
    name.markdown(f":gray[~~{plain(each.name)}~~]" if each.removed else plain(each.name))
    word, act = (
        ("Restore", service.restore_class) if each.removed else ("Remove", service.remove_class)
    )
    barred_ = bool(service.refusal("restore_class" if each.removed else "remove_class"))
    if button.button(word, key=f"class_{each.id}", width="stretch", disabled=barred_):
        with errors_in_words():
            act(each.id)
            st.rerun()


def _settings(service: Service) -> None:
    st.subheader("Asking and learning")
    if barred(service, "save_settings"):
        return
    now = service.settings()
    with st.form("settings"):
        chosen = {
            name: ask(each, getattr(now, name), service.offered(each))
            for name, each in SETTINGS.items()
        }
        told = st.container()  # above the button: below the form it would be out of sight
        sent = st.form_submit_button("Save", type="primary", icon=":material/save:")
    if sent:
        with told, errors_in_words():
            service.save_settings(replace(now, **chosen))
            st.success("Saved.", icon=":material/check_circle:")


def _person() -> None:
    """Who has signed in, where a name is asked for, and the way out."""
    name = signed_in()
    if name:
        st.caption(plain(f"Signed in as {name}."))
    if access().oidc and st.button("Sign out", icon=":material/logout:"):
        st.logout()
