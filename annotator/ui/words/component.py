"""A component of pages in every language: its markup is written once, in English."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from annotator.ui.web.modules import importing
from annotator.ui.words.language import language
from annotator.ui.words.markup import spoken
from annotator.ui.words.table import ENGLISH, NAMES


def component(name: str, *, html: Path, css: Sequence[Path], script: str) -> Callable[..., Any]:
    """Register a component once a language; what is returned mounts that of whoever looks.

    Args:
        name: of the component, which all languages but English append their codes to.
        html: the file of its markup.
        css: the files of its style, one after the other.
        script: the file of its script, one of the modules of pages.
    """
    markup, style = _text(html), "".join(map(_text, css))
    made = {
        code: st.components.v2.component(
            name if code == ENGLISH else f"{name}_{code}",
            html=spoken(markup, code),
            css=style,
            js=importing(script, code),
        )
        for code in NAMES
    }

    def mount(**told: Any) -> Any:
        return made[language()](**told)

    return mount


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8")
