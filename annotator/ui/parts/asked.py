"""A setting as the form asks for it: a box of names, a slider of percent, or a whole number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from annotator.model import Setting
from annotator.ui.words.language import _


def ask(setting: Setting, now: Any, names: Mapping[str, str], key: str | None = None) -> Any:
    """Draw the input of a setting; return what it stands at, in the setting's own unit.

    Args:
        setting: what is asked for.
        now: what it is.
        names: which it may be, with what each does; none of a number.
        key: of the input, by which the page knows it again.
    """
    if names:
        return st.selectbox(**box(setting, now, names), key=key)
    if setting.unit == "%":
        return st.slider(**slider(setting, now), key=key) / 100
    return st.number_input(**whole(setting, now), key=key)


def box(setting: Setting, now: str, names: Mapping[str, str]) -> dict[str, Any]:
    """The arguments of a box of names. A name that went since it was saved is not offered."""
    typed = setting.choices in ("backbones", "executors")
    known = list({**names, now: ""} if typed else names)
    return {
        "label": _(setting.label),
        "options": known,
        "index": known.index(now) if now in known else 0,
        # A network of timm, a file of weights or the address of a cluster is typed; what is wrong
        # with it is said on saving
        "accept_new_options": typed,
        "format_func": lambda name: f"{name}: {_(names[name])}" if names.get(name) else name,
        "help": _(setting.help),
    }


def slider(setting: Setting, now: float) -> dict[str, Any]:
    """The arguments of a slider of percent."""
    step = 100.0 * setting.step
    return {
        "label": _(setting.label),
        "min_value": 100.0 * setting.low,
        "max_value": 100.0 * setting.high,
        "value": 100.0 * now,
        "step": step,
        "format": f"%.{0 if step >= 1 else 1}f %%",
        "help": _(setting.help),
    }


def whole(setting: Setting, now: int) -> dict[str, Any]:
    """The arguments of an input of a whole number.

    Limits set on the input would keep the number from before in place of a wrong one, without a
    word; they stand beside the name, and what is saved is judged in words.
    """
    return {
        "label": _(f"{setting.label} ({setting.span})"),
        "value": now,
        "step": 1,
        "help": _(setting.help),
    }
