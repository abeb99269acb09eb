"""What the last audit proved and its export; or why it proved nothing, and what then."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from annotator.model.auditing import words
from annotator.model.auditing.results import Certificate
from annotator.service import Service
from annotator.ui.certifying.picture import curve
from annotator.ui.parts.text import errors_in_words, plain
from annotator.ui.words.language import _
from annotator.ui.words.numbers import localized

_USUAL = 60  # labels
_DONE = "certify_exported"  # session state: where the last certified export is


def draw(service: Service, found: Certificate) -> None:
    """Draw it, with its way out."""
    told = st.success if found.released else st.error
    told(plain(_(found.told)), icon=":material/verified:" if found.released else ":material/block:")
    left, right = st.columns([1.3, 1], gap="medium")
    with left:
        for line in found.sentences:
            st.markdown(plain(_(line)))
        for line in found.looks:
            st.caption(plain(_(line)))
        for line in found.advice:
            st.markdown(f":material/arrow_forward: {plain(_(line))}")
        if found.released:
            _export(service)
            if found.extendable:
                _go_on(service, found)
    with right:
        if found.classes:
            _classes(found)
            return
        if found.terms.by:
            st.caption(
                _("There is no curve: groups were drawn, each alike, and not the images behind it.")
            )
            return
        st.altair_chart(localized(curve(found)))
        st.caption(
            _(
                "Dots: of the audited images among the surest so many, the share that is right. "
                "Line: at least this share of all of them is, for all points at once. Dashed: what "
                "is released."
            )
        )


def _classes(found: Certificate) -> None:
    """What came of each class."""
    st.dataframe(
        pd.DataFrame(
            {
                _("class"): each.name,
                _("guesses"): f"{each.rows:,}",
                _("asked"): f"{each.asked:,}",
                _("released"): f"{each.released:,}",
                _("right at least"): _(each.right) or _("nothing certified"),
                _("tested at"): _(words.shared(each.level)),
            }
            for each in found.classes
        ),
        hide_index=True,
    )
    st.caption(
        _(
            "Tested at: the part of the chance to be false that a class had at last. All begin "
            "with equal parts; where all that was drawn from one is released, the others share its "
            "part (Holm). So all classes hold at once."
        )
    )


def _go_on(service: Service, found: Certificate) -> None:
    """All that was drawn from is certified, and there is more: a new draw costs no chance."""
    if not st.checkbox(_(f"Go on beyond these {found.released:,}"), key="certify_beyond"):
        return
    with errors_in_words():
        labels = st.number_input(
            _("Labels to spend on it"), value=_USUAL, step=1, min_value=1, key="certify_on"
        )
        st.caption(plain(_(words.onward(service.certify.beyond(labels)))))
        if st.button(_("Go on"), icon=":material/arrow_forward:"):
            service.certify.go_on(labels)
            st.rerun()


def _export(service: Service) -> None:
    """Write the certified export into the next free folder of the workspace."""
    barred = service.refusal("export")
    place = service.export_place() if not barred else None
    if st.button(
        _("Export with the certificate"),
        type="primary",
        icon=":material/download:",
        disabled=bool(barred),
        help=plain(_(barred)) or None,
    ):
        with st.spinner(_("Writing…")), errors_in_words():
            assert place
            report = service.export(place, "csv", certified=True)
            st.session_state[_DONE] = report.path
    if done := st.session_state.get(_DONE):
        st.success(
            plain(_(f"Written to {done}. Whoever gets it checks it with `certilabel verify`.")),
            icon=":material/check_circle:",
        )
