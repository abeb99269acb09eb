"""Settings: the classes, and how the workspace asks and learns."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import Any

import streamlit as st

from annotator.errors import SettingsError
from annotator.model import SETTINGS, Settings
from annotator.service import Service
from annotator.ui.classes.listed import classes_part
from annotator.ui.gate.gate import access, signed_in
from annotator.ui.parts.asked import ask
from annotator.ui.parts.text import barred, errors_in_words, plain
from annotator.ui.web.opened import opened
from annotator.ui.words.choosing import choice
from annotator.ui.words.language import _

_BAR = "settings_save"
_UNSAVED = "settings_unsaved"  # session state: what was changed and not saved, by name
_DISCARDED = "settings_discarded"  # session state: how often that was discarded
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
    chosen = _chosen(service, now)
    with st.container(key=_BAR):
        told = st.container()  # above the button: below the form it would be out of sight
        waiting = st.container()
        save, discard = st.columns([1, 3])
        sent = save.button(_("Save"), type="primary", icon=":material/save:")
    if sent:
        with told:
            _save(service, replace(now, **chosen))
    unsaved = {
        name: value
        for name, value in chosen.items()
        if not _same(value, getattr(service.settings(), name))
    }
    st.session_state[_UNSAVED] = unsaved
    if unsaved:
        with waiting:
            _waits(list(unsaved))
        discard.button(_("Discard the changes"), on_click=_discard, icon=":material/undo:")
    if said := service.progress().validation:
        st.caption(_(said))


def _chosen(service: Service, now: Settings) -> dict[str, Any]:
    """Draw each setting as it was left; return what each stands at.

    An input is another once another value is saved, or its changes were discarded.
    """
    left, anew = st.session_state.get(_UNSAVED, {}), st.session_state.get(_DISCARDED, 0)
    return {
        name: ask(
            each,
            left.get(name, getattr(now, name)),
            service.offered(each),
            key=f"setting_{name}_{getattr(now, name)}_{anew}",
        )
        for name, each in SETTINGS.items()
    }


def _same(one: Any, other: Any) -> bool:
    """Whether two values are one; a slider of percent may be off by a rounding."""
    return one == other or (isinstance(one, float) and math.isclose(one, other, abs_tol=1e-9))


def _save(service: Service, chosen: Settings) -> None:
    now = service.settings()
    with errors_in_words():
        try:
            service.save_settings(chosen)
        except SettingsError as error:
            told = "  \n".join(plain(_as_labeled(*each)) for each in error.refused)
            st.error(told, icon=":material/error:")
            return
        st.success(_("Saved."), icon=":material/check_circle:")
        if any(not _same(getattr(chosen, each), getattr(now, each)) for each in _SHARES):
            _shares_hold_later(service)


def _as_labeled(names: tuple[str, ...], why: str) -> str:
    """What is wrong with settings, which are called as on the page, and shares are in percent."""
    about = [SETTINGS[name] for name in names]
    if not why.startswith(names[0]):
        return f"{_(about[0].label)}: {_(why)}"
    if all(each.unit == "%" for each in about):
        why = re.sub(r"\d*\.?\d+", lambda share: f"{100 * float(share[0]):g} %", why)
    for each in about:
        why = why.replace(each.name, f"'{each.label}'", 1)
    return _(why)


def _waits(names: list[str]) -> None:
    """Say what is not saved, and how long it is kept."""
    told = ", ".join(_(SETTINGS[name].label) for name in names)
    st.markdown(f":orange[:material/edit: {_('Not saved yet:')}] {plain(told)}")
    st.caption(
        _("It is kept while you look at other pages, until you save or discard it, or reload.")
    )


def _discard() -> None:
    st.session_state[_UNSAVED] = {}
    st.session_state[_DISCARDED] = st.session_state.get(_DISCARDED, 0) + 1


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
