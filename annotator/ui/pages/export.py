"""Export: write the labeled and pseudo-labeled data set to a folder."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from annotator.model import Doubt, ExportReport
from annotator.service import Service
from annotator.ui.exporting.downloads import downloads
from annotator.ui.parts.text import barred, errors_in_words, plain
from annotator.ui.web.opened import opened
from annotator.ui.words.language import _
from annotator.wording import BURNT_IN, decided_since, many, percent

_NUMBER, _DONE = "export_number", "export_done"  # session state: exports of this page, the last


def page() -> None:
    """Draw the form and what the last export wrote."""
    service = opened()
    if barred(service, "export"):
        return
    done = [each for each in service.rounds() if each.state == "done"]
    latest = done[-1] if done else None
    doubt = service.doubt()
    st.subheader(_("Export the data set"))
    st.caption(
        _(
            f"{service.progress().labeled:,} images carry a human label. "
            + (
                f"Round {latest.number} adds {many(doubt.pseudo, 'pseudo-label')} at "
                f"{percent(latest.threshold)} confidence or more. "
                f"{decided_since(latest.pseudo_labels or 0, doubt.pseudo)}"
                if latest and doubt
                else "No round has finished, so there are no pseudo-labels yet."
            )
        )
    )
    _warn_of_unlabeled(service.count_by_class())
    if doubt:
        _warn_of_guesses(doubt)
    formats = service.export_formats()
    # Keys, so that what the form shows is what is done: without them a field whose default moves,
    # to the next free folder or to a new round's threshold, forgets what was typed into it
    number = st.session_state.get(_NUMBER, 0)
    with st.form("export", width=640):
        out = st.text_input(
            _("Folder to write to"),
            value=str(service.export_place()),
            key=f"export_folder_{number}",
            help=_(
                "Below the workspace's exports or a folder that the server was started with. "
                "Each export needs a new one."
            ),
        )
        format_ = st.radio(
            _("Format"), formats, captions=[plain(_(each)) for each in formats.values()]
        )
        pseudo = st.checkbox(
            _("Include pseudo-labels"),
            value=doubt is not None and not doubt.left_out,
            disabled=doubt is None,
            key=f"export_pseudo_{latest.number if latest else 0}",
        )
        threshold = st.slider(
            _("Least confidence of a pseudo-label"),
            min_value=0.0,
            max_value=100.0,
            value=100 * (latest.threshold if latest else service.settings().threshold),
            step=0.5,
            format="%.1f %%",
            key="export_threshold",
        )
        certified = _certified(service)
        images = st.checkbox(
            _("Copy the images"),
            value=True,
            help=_("Without them, tables name each image as it was imported, and by its SHA-256."),
        )
        without = st.checkbox(
            _("Leave out images whose files are gone or damaged"),
            help=_("Without it, such images are named and nothing is written."),
        )
        keep = st.checkbox(
            _("Keep the metadata of image files"),
            help=_(
                "EXIF, XMP, comments and the like may name people and places. Without them the "
                "pixels are the same, but some files are not byte for byte those that were "
                "imported."
            ),
        )
        safe_cells = st.checkbox(
            _("Safe cells for a spreadsheet"),
            help=_(
                "Text that a spreadsheet would run as a formula gets an apostrophe before it. "
                "It is for formats with a labels.csv."
            ),
        )
        st.caption(_(BURNT_IN))
        told = st.container()  # above the button: below it the result may be out of sight
        sent = st.form_submit_button(_("Export"), type="primary", icon=":material/download:")
    if not sent:
        with told:
            _tell(st.session_state.pop(_DONE, None))
        with errors_in_words():
            downloads(service)
        return
    with told, st.spinner(_("Writing…")), errors_in_words():
        st.session_state[_DONE] = service.export(
            out.strip(),
            format_,
            threshold=None if certified else threshold / 100,
            pseudo=None if certified else pseudo,
            certified=certified,
            images=images,
            leave_out_damaged=without,
            keep_metadata=keep,
            safe_cells=safe_cells,
        )
        st.session_state[_NUMBER] = number + 1
        st.rerun()  # the form shows the next free folder


def _certified(service: Service) -> bool:
    """Ask whether exactly what an audit certified is exported, where there is such."""
    found = None if service.refusal("certify.result") else service.certify.result()
    if found is None or not found.released:
        return False
    return st.checkbox(
        _(
            f"Only the {found.released:,} pseudo-labels that audit {found.audit.number} certified, "
            "with the proof"
        ),
        key=f"export_certified_{found.audit.number}",
        help=_("The two fields above then say nothing. It goes with csv, folder and yolo."),
    )


def _tell(report: ExportReport | None) -> None:
    """What the last export wrote, if it was a moment ago."""
    if report is None:
        return
    st.success(
        plain(
            _(
                f"{report.human:,} human labels and {report.pseudo:,} pseudo-labels"
                + (f" of round {report.round}" if report.round else "")
                + f" written to {report.path}."
                + (f" Left out: {', '.join(report.left_out)}." if report.left_out else "")
            )
        ),
        icon=":material/check_circle:",
    )
    for note in report.notes:
        st.info(plain(_(note)))


def _warn_of_guesses(doubt: Doubt) -> None:
    """Say how many pseudo-labels may be right, and what speaks against them."""
    if not doubt.warnings:
        st.caption(plain(_(doubt.estimate)))
        return
    more = " They are left out unless you tick them below." if doubt.left_out else ""
    st.warning(plain(_(" ".join(doubt.said) + more)), icon=":material/warning:")


def _warn_of_unlabeled(counts: Mapping[str, int]) -> None:
    """Say which classes nobody has given yet: a data set without them cannot teach them."""
    nobody = [name for name, labels in counts.items() if not labels]
    if nobody and len(nobody) < len(counts):
        st.warning(
            plain(_(f"No image is labeled {', '.join(nobody)}: this export cannot teach it.")),
            icon=":material/warning:",
        )
