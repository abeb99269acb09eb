"""Bringing images in: read a source, agree to what it would change, and see what came of it."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd
import streamlit as st

from annotator.model import Agreed, ImportReport, Refused, Ways, counted, sentences
from annotator.service import Service
from annotator.ui.parts.text import barred, errors_in_words, plain
from annotator.wording import many, may_name

_FOUND, _REPORT = "import_found", "import_report"
_FEW = 12  # lines that are shown without a click
_FOLDERS = "Folder names are labels"
_FIELDS = {
    "labels": "Column of the labels",
    "group": "Images that belong together",
    "pages": "Pages of PDF, TIFF and DICOM files",
    "documents": "A file of several pages is one document",
}
_OPTION = re.compile(rf"`--(?P<name>{'|'.join(_FIELDS)})(?: (?P<value>[^`]+))?`")
WAYS = Ways(
    "The box 'Add these classes'", "The box 'Take over these labels'", "The box 'Keep its test set'"
)


def is_asking() -> bool:
    """Whether a source that was read waits for an answer."""
    return _FOUND in st.session_state


def bring_in(service: Service) -> None:
    """Draw the form; once a source is read that asks something, draw what it asks instead."""
    if barred(service, "import_source"):
        return
    if is_asking():
        _agree(service)
    else:
        _form(service)


def _form(service: Service) -> None:
    with st.form("import", border=False):
        source = st.text_input(
            "Folder or CSV file on the server",
            help="In the workspace or a folder that the server was started with. Images are copied "
            "into the workspace; the source is left as it is. A CSV has a column `path`, relative "
            "to its own folder, and may have one `label`.",
        )
        uploads = st.file_uploader(
            "Or files from this computer",
            accept_multiple_files=True,
            help="A table among them says which of the others are imported, and their labels.",
        )
        folders = st.checkbox(_FOLDERS, help="`cat/12.png` is labeled `cat`.")
        left, right = st.columns(2)
        column = left.text_input(_FIELDS["labels"], help="Of a table; without one it is `label`.")
        group = right.text_input(
            _FIELDS["group"],
            help="Such as a patient's: a column, `parent` for the folder, or a pattern for names. "
            "They are never in the test set and beside it.",
        )
        pages = left.text_input(
            _FIELDS["pages"],
            "all",
            help="Each is an image: `all` of them, the `first`, or as `3`, `3-9` or `3-`.",
        )
        tags = right.text_input(
            "DICOM tags to keep",
            help="As `Modality,BodyPartExamined`. No other tag of a file enters the workspace.",
        )
        documents = st.checkbox(
            _FIELDS["documents"],
            help="It is asked and labeled once, with all of its pages to turn. Models see the "
            "first page, of a series of frames the middle one.",
        )
        if not st.form_submit_button("Import", type="primary"):
            return
    if not (source.strip() or uploads):
        st.warning("Name a folder or a CSV file, or choose files.")
        return
    labels = "folders" if folders else column.strip() or None
    named = tuple(filter(None, (each.strip() for each in tags.split(","))))
    read = pages.strip() or "all"
    place = st.empty()

    def seen(files: int) -> None:
        place.caption(f"{files:,} files are read.")

    with st.spinner("Reading…"), errors_in_words():
        if source.strip():
            found = service.read_source(
                source.strip(),
                labels=labels,
                group=group.strip(),
                pages=read,
                tags=named,
                documents=documents,
                progress=seen,
            )
        else:
            sent = ((each.name, each.getvalue()) for each in uploads)
            found = service.read_uploads(
                sent,
                labels=labels,
                group=group.strip(),
                pages=read,
                tags=named,
                documents=documents,
                progress=seen,
            )
        foreseen = service.foresee(found)
        if foreseen.asks:
            st.session_state[_FOUND] = found, foreseen
            st.session_state.pop(_REPORT, None)
        else:
            st.session_state[_REPORT] = service.take_in(found)
        st.rerun()


def _agree(service: Service) -> None:
    """Say what an import would do, before it does, and take an answer to what is open."""
    found, first = st.session_state[_FOUND]
    with errors_in_words():
        st.write("**Nothing is written yet.** The source is read; what shall come of it?")
        add = bool(first.unknown) and st.checkbox(
            f"Add these classes: {plain(counted(first.unknown))}"
        )
        update = bool(first.differing) and st.checkbox(
            f"Take over these labels: {len(first.differing):,} differ from those here"
        )
        keep = "test" in first.parts and st.checkbox(
            f"Keep its test set: {first.parts['test']:,} images"
        )
        agreed = Agreed(add, update, keep)
        foreseen = service.foresee(found, agreed)
        st.write(_summary(foreseen))
        _say(foreseen)
        taken, dropped = st.columns([1, 4])
        if taken.button("Import", type="primary"):
            with st.spinner("Importing…"):
                st.session_state[_REPORT] = service.take_in(found, agreed)
            del st.session_state[_FOUND]
            st.rerun()
        if dropped.button("Discard"):
            del st.session_state[_FOUND]
            st.rerun()
        _listed(foreseen)  # below the buttons, however long


def report() -> None:
    """Draw what the last import of this page did, if there was one."""
    done: ImportReport | None = st.session_state.get(_REPORT)
    if done is None:
        return
    if done.nothing:
        st.error(_summary(done), icon=":material/error:")
    else:
        st.success(_summary(done), icon=":material/check_circle:")
    _say(done)
    _listed(done)


def _listed(done: ImportReport) -> None:
    """What an import says of single files, before it and after it."""
    if done.personal:
        first = done.personal[0]
        told = may_name(len(done.personal), first.name, first.reason)
        st.warning(plain(told), icon=":material/person_alert:")
    _files("Metadata that may name a person", done.personal)
    _files("Refused files", done.refused)
    coming = "Imported" if done.written else "To import"
    _files(f"{coming}, with something to know", done.notes)


def _summary(report: ImportReport) -> str:
    refused = f", {len(report.refused):,} refused" if report.refused else ""
    added, were, came = ("added", "were", "came") if report.written else ("to add", "are", "come")
    if report.duplicates == 1:
        were = "was" if report.written else "is"
    labels = many(report.labeled, "label")
    come = "comes" if came == "come" and report.labeled == 1 else came
    labeled = f", {labels} {come} with them" if report.labeled else ""
    return (
        f"{many(report.added, 'image')} {added}, {report.duplicates:,} {were} there already"
        f"{refused}{labeled}."
    )


def _say(report: ImportReport) -> None:
    for sentence in sentences(report, WAYS):
        st.markdown(f"- {plain(sentence)}")
    pairs = [
        Refused(each.name, f"'{each.stored}' here by {each.annotator}, '{each.told}' in the source")
        for each in report.differing
    ]
    _files("Labels that differ", pairs)
    pairs = [Refused(", ".join(each.names), " or ".join(each.labels)) for each in report.conflicts]
    _files("Images under several labels", pairs)
    _files("Labels that cannot be class names", report.unfit)


def _files(title: str, files: Iterable[Refused]) -> None:
    if listed := tuple(files):
        with st.expander(f"{title} ({len(listed):,})", expanded=len(listed) <= _FEW):
            rows = [{"file": each.name, "why": on_page(each.reason)} for each in listed]
            if len(rows) > _FEW:
                wide = {"file": st.column_config.TextColumn(width="medium")}
                st.dataframe(pd.DataFrame(rows), hide_index=True, column_config=wide)
                st.caption("A double click shows all of a line that is cut off.")
                return
            # In full, however long
            lines = (f"- **{plain(row['file'])}**: {plain(row['why'])}" for row in rows)
            st.markdown("\n".join(lines))


def on_page(reason: str) -> str:
    """A way out that names an option of the command line, as the field of the form it is here."""
    return _OPTION.sub(_field, reason)


def _field(option: re.Match[str]) -> str:
    name, value = option["name"], option["value"]
    if (name, value) == ("labels", "folders"):
        return f"the box '{_FOLDERS}'"
    return f"{value} as '{_FIELDS[name]}'" if value else f"'{_FIELDS[name]}'"
