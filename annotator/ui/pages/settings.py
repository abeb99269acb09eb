"""Settings: the classes, and how the workspace asks and learns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import streamlit as st

from annotator.model import ClassName
from annotator.service import Service
from annotator.ui.pages.rounds import REGIMES
from annotator.ui.parts.text import errors_in_words, plain
from annotator.ui.web.opened import opened


def page() -> None:
    """Draw the classes beside the settings."""
    service = opened()
    left, right = st.columns(2, gap="large")
    with left:
        _classes(service)
    with right:
        _settings(service)


def _classes(service: Service) -> None:
    st.subheader("Classes")
    for each in service.classes(removed=True):
        _one_class(service, each)
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
    if button.button(word, key=f"class_{each.id}", width="stretch"):
        with errors_in_words():
            act(each.id)
            st.rerun()


def _settings(service: Service) -> None:
    st.subheader("Asking and learning")
    now = service.settings()
    with st.form("settings"):
        chosen = replace(
            now,
            method=_choice(
                "Method",
                [each.name for each in service.methods()],
                now.method,
                "How rounds learn from labeled and unlabeled images; Rounds explains each.",
            ),
            regime=_choice(
                "Regime",
                REGIMES,
                now.regime,
                "What of the network is trained.",
            ),
            policy=_choice(
                "Asking policy",
                service.policies(),
                now.policy,
                "Which images are asked first. It holds from the next round on.",
            ),
            preset=_choice(
                "Augmentation",
                service.presets(),
                now.preset,
                "What a change may do to an image without changing its class.",
            ),
            backbone=_choice(
                "Backbone", service.backbones(), now.backbone, "The network that sees the images."
            ),
            threshold=_percent(
                "Pseudo-label threshold",
                (0.0, 100.0),
                now.threshold,
                0.5,
                "Confidence from which a prediction is a pseudo-label.",
            ),
            steps=_whole(
                "Training steps of a round",
                (1, 10**7),
                now.steps,
                "Of each of its two models. More steps take longer and may learn better.",
            ),
            round_every=_whole(
                "Start a round every … labels",
                (0, 10**6),
                now.round_every,
                "0: only when you press Start on the Rounds page.",
            ),
            test_share=_percent(
                "Reserved for measuring",
                (0.0, 90.0),
                now.test_share,
                1.0,
                "Share of each later import that measures accuracy and is never learned from.",
            ),
            goal=_percent(
                "Goal",
                (50.0, 100.0),
                now.goal,
                0.5,
                "Test accuracy at which the Quality page says that you may stop.",
            ),
            map_images=_whole(
                "Images on the map",
                (0, 10**5),
                now.map_images,
                "At most so many are drawn on the Data page. 0: no map.",
            ),
            seed=_whole("Seed", (0, 2**31 - 1), now.seed, "The same seed repeats the same round."),
        )
        sent = st.form_submit_button("Save", type="primary", icon=":material/save:")
    if sent:
        with errors_in_words():
            service.save_settings(chosen)
            st.success("Saved.", icon=":material/check_circle:")


def _choice(label: str, names: Iterable[str], now: str, hint: str) -> str:
    """Ask for a name; a mapping holds what each of them does."""
    does = names if isinstance(names, Mapping) else {}
    known = list(names)
    return st.selectbox(
        label,
        known,
        index=known.index(now) if now in known else 0,
        format_func=lambda each: f"{each}: {does[each]}" if each in does else each,
        help=hint,
    )


def _percent(
    label: str, limits: tuple[float, float], now: float, step: float, help_text: str
) -> float:
    """Ask for a share, 0 to 1, in percent."""
    digits = 0 if step >= 1 else 1
    low, high = limits
    chosen = st.slider(label, low, high, 100 * now, step, format=f"%.{digits}f %%", help=help_text)
    return chosen / 100


def _whole(label: str, limits: tuple[int, int], now: int, hint: str) -> int:
    return int(st.number_input(label, *limits, now, help=hint))
