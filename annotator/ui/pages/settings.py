"""Settings: the classes, and how the workspace asks and learns."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from annotator.model import SETTINGS
from annotator.service import Service
from annotator.ui.classes.listed import classes_part
from annotator.ui.gate.gate import access, signed_in
from annotator.ui.parts.asked import ask
from annotator.ui.parts.text import barred, errors_in_words, plain
from annotator.ui.web.opened import opened
from annotator.ui.words.choosing import choice
from annotator.ui.words.language import _

_BAR = "settings_save"
_SHARES = ("test_share", "val_share")  # settings of imports alone
# The form is longer than a screen: what saves it stays at its lower edge
_STYLE = (
    f"<style>.stApp :has(> .st-key-{_BAR}){{position:sticky;bottom:0;z-index:1;padding:.5rem 0;"
    "backdrop-filter:blur(1rem)}</style>"  # no color: it is that of whatever theme there is
)


def page() -> None:
    """Draw the classes beside the settings."""
    service = opened()
    choice()
    left, right = st.columns(2, gap="large")
    with left:
        classes_part(service)
    with right:
        _settings(service)
    with errors_in_words():
        _person()


def _settings(service: Service) -> None:
    st.subheader(_("Asking and learning"))
    if barred(service, "save_settings"):
        return
    now = service.settings()
    st.html(_STYLE)
    with st.form("settings"):
        chosen = {
            name: ask(each, getattr(now, name), service.offered(each))
            for name, each in SETTINGS.items()
        }
        with st.container(key=_BAR):
            told = st.container()  # above the button: below the form it would be out of sight
            sent = st.form_submit_button(_("Save"), type="primary", icon=":material/save:")
    if sent:
        with told, errors_in_words():
            service.save_settings(replace(now, **chosen))
            st.success(_("Saved."), icon=":material/check_circle:")
            if any(chosen[each] != getattr(now, each) for each in _SHARES):
                _shares_hold_later(service)
    if said := service.progress().validation:
        st.caption(_(said))


def _shares_hold_later(service: Service) -> None:
    """Say what a new share does not change."""
    if images := service.progress().images:
        said = (
            f"The shares hold for later imports: the images that are here ({images:,}) stay what "
            "they are for, as rounds may have learned from them."
        )
        st.info(_(said), icon=":material/info:")


def _person() -> None:
    """Who has signed in, where a name is asked for, and the way out."""
    name = signed_in()
    if name:
        st.caption(plain(_(f"Signed in as {name}.")))
    if access().oidc and st.button(_("Sign out"), icon=":material/logout:"):
        st.logout()
