"""Bringing images in: a form for what to read, and the import that came of it, whoever began it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from annotator.model import Going, How
from annotator.service import Service
from annotator.ui.bringing.again import forms, is_open, shut
from annotator.ui.bringing.agree import agree
from annotator.ui.bringing.going import ended, running
from annotator.ui.bringing.looked import looked
from annotator.ui.bringing.wording import FIELDS, FOLDERS, import_errors
from annotator.ui.parts.text import barred, plain
from annotator.ui.words.language import _

_LAST = "import_source"  # as it was named last in this session


def under_way(service: Service) -> Going | None:
    """The import that runs, waits or has ended; None where there is none, or it is not theirs."""
    return None if service.refusal("bringing.state") else service.bringing.state()


def is_asking(now: Going | None) -> bool:
    """Whether an import runs or waits for an answer, so that no other can begin."""
    return now is not None and now.stage not in ("done", "failed", "cut")


def is_wanted(now: Going | None) -> bool:
    """Whether the form, or what has taken its place, is to be in sight."""
    return is_asking(now) or is_open()


def bring_in(service: Service, now: Going | None) -> None:
    """Draw the form; while there is an import, draw that instead."""
    if barred(service, "bringing.look"):
        return
    if now is None or not is_asking(now):
        _form(service)
    elif now.active:
        running(service, now)
    elif now.stage == "looked":
        looked(service, now)
    else:
        agree(service, now)


def report(service: Service, now: Going | None, then: Callable[[], None] = lambda: None) -> None:
    """Draw how the last import ended, if one did; `then` draws where to go on with what came in."""
    if now is not None and not is_asking(now):
        ended(service, now, then)


def _form(service: Service) -> None:
    with st.form("import", border=False):
        st.caption(
            _(
                "Images, DICOM, PDF and TIFF files. A table among them, such as a CSV file, says "
                "which of the others come in, and their labels."
            )
        )
        left, right = st.columns(2)
        uploads = left.file_uploader(
            _("Files from this computer"),
            accept_multiple_files=True,
            key=f"import_files_{forms()}",
        )
        folder = left.file_uploader(
            _("Or a whole folder from this computer"),
            accept_multiple_files="directory",
            key=f"import_folder_{forms()}",
        )
        source = right.text_input(
            _("Or a folder or CSV file on the server"),
            st.session_state.get(_LAST, ""),
            help=_(
                "Images are copied into the workspace; the source is left as it is. A CSV names "
                "files relative to its own folder, and may have their labels."
            ),
        )
        if service.restricted:
            named = ", ".join((*service.bringing.places(), _("its own workspace")))
            right.caption(
                plain(
                    _(
                        f"Here the server may read {named}. Whoever starts it opens more folders: "
                        "certilabel serve, option 'folder'."
                    )
                )
            )
        folders = right.checkbox(_(FOLDERS), help=_("`cat/12.png` is labeled `cat`."))
        documents = right.checkbox(
            _(FIELDS["documents"]),
            help=_(
                "It is asked and labeled once, with all of its pages to turn; else each page is "
                "an image. Models see the first page, of a series of frames the middle one."
            ),
        )
        with st.expander(_("More options")):
            how = replace(_options(folders), documents=documents)
        if not st.form_submit_button(_("Import"), type="primary"):
            return
    sent = [*uploads, *folder]
    if bool(source.strip()) == bool(sent):
        st.warning(
            _(
                "Choose one: files from this computer, or a folder on the server."
                if sent
                else "Choose files or a folder from this computer, or name a folder on the server."
            )
        )
        return
    with st.spinner(_("Looking…")), import_errors():
        if sent:
            files = ((each.name, each.getvalue()) for each in sent)
            service.bringing.look_at_uploads(files, how)
        else:
            st.session_state[_LAST] = source.strip()
            service.bringing.look(source.strip(), how)
        shut()
        st.rerun()


def _options(folders: bool) -> How:
    left, right = st.columns(2)
    column = left.text_input(
        _(FIELDS["labels"]), help=_("Of a table; without one it is `label`, or it is asked for.")
    )
    path = left.text_input(
        _(FIELDS["path"]), help=_("Of a table; without one it is `path`, or it is asked for.")
    )
    pages = left.text_input(
        _(FIELDS["pages"]),
        "all",
        help=_("Each is an image: `all` of them, the `first`, or as `3`, `3-9` or `3-`."),
    )
    group = right.text_input(
        _(FIELDS["group"]),
        help=_(
            "Such as a patient's: a column, `parent` for the folder, or a pattern for names. "
            "They are never in the test set and beside it."
        ),
    )
    tags = right.text_input(
        _(FIELDS["tags"]),
        help=_("As `Modality,BodyPartExamined`. No other tag of a file enters the workspace."),
    )
    window = right.text_input(
        _(FIELDS["window"]),
        help=_("Of files with several windows: a name or a number. Without one it is asked for."),
    )
    return How(
        "folders" if folders else column.strip() or None,
        path.strip() or None,
        group.strip(),
        pages.strip() or "all",
        tuple(filter(None, (each.strip() for each in tags.split(",")))),
        window.strip(),
    )
