"""Data: bring images in, see what came and what was refused, and how the classes are balanced."""

from __future__ import annotations

import streamlit as st

from annotator.model import NearDuplicates
from annotator.service import Service
from annotator.ui.found.gallery import gallery
from annotator.ui.found.one import one
from annotator.ui.parts import charts
from annotator.ui.parts.alike import LIKE, alike
from annotator.ui.parts.bringing import bring_in, is_wanted, report, under_way
from annotator.ui.parts.links import link
from annotator.ui.parts.map import atlas
from annotator.ui.parts.text import barred, errors_in_words
from annotator.ui.web.opened import opened
from annotator.ui.words.language import _
from annotator.ui.words.numbers import localized
from annotator.wording import many


def page() -> None:
    """Draw the counts, the import form and its report, the map with the balance, the images."""
    service = opened()
    if barred(service, "images"):
        return
    _counts(service)
    filled = service.progress().images > 0
    now = under_way(service)
    # Above the form, which may fill the screen
    report(service, now, lambda: link("Label", _("Label images")))
    with st.expander(_("Import"), expanded=not filled or is_wanted(now), icon=":material/upload:"):
        bring_in(service, now)
    if filled:
        st.fragment(_looking)()
        one()


def _counts(service: Service) -> None:
    progress = service.progress()
    values = {
        "Images": f"{progress.images:,}",
        "Labeled": f"{progress.labeled:,}",
        "To learn from": f"{progress.pool_labeled:,} of {progress.pool:,}",
        "To measure with": f"{progress.test_labeled:,} of {progress.test:,}",
    }
    for column, (name, value) in zip(st.columns(len(values)), values.items(), strict=True):
        column.metric(_(name), _(value))
    if progress.validation:
        st.caption(_(progress.validation))
    if told := near_duplicates_in_words(service.explore.near_duplicates()):
        st.caption(_(told))


def near_duplicates_in_words(seen: NearDuplicates) -> str:
    """What near-duplicates mean for labeling and training; empty if there is none to speak of."""
    images = many(seen.unsearched, "image is", "images are")
    waiting = (
        f"{images} not compared with the others yet; the next job does it."
        if seen.unsearched
        else ""
    )
    if not seen.found:
        return waiting
    found = f"{many(seen.found, 'near-duplicate')}."
    if seen.of_test:
        found = f"{found[:-1]}: {seen.of_test:,} of images that measure, not trained on."
    return f"{found} They are asked after all other images. {waiting}".rstrip()


def _balance(counts: dict[str, int]) -> None:
    st.subheader(_("Labels by class"))
    if not counts:
        st.caption(_("There are no classes yet. Add some on the Settings page."))
        return
    st.altair_chart(localized(charts.labels_by_class(counts)))


def _looking() -> None:
    """The map, the nearest images, and the search: what is picked in one is shown in another."""
    left, right = st.columns([3, 1], gap="large")
    with left, errors_in_words():
        atlas(LIKE)
    with right, errors_in_words():
        _balance(opened().count_by_class())
    alike()
    gallery()
