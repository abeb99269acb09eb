"""A source that was looked at: what it holds, and what of it is not clear is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd
import streamlit as st

from annotator.errors import AnnotatorError
from annotator.model import Going, How, Looked, TableOutcome, TableSeen, Window
from annotator.service import Service
from annotator.ui.bringing.again import discard
from annotator.ui.bringing.wording import FIELDS, import_errors, on_page
from annotator.ui.parts.text import plain
from annotator.ui.words.language import _
from annotator.wording import many

NAMED = 4  # classes and kinds of files that are named
_NONE = "No labels: images alone"
_FOLDERS = "folders"
_SEEN = "import_outcome"  # what a table was read by, and what would come of it


def looked(service: Service, now: Going) -> None:
    """Ask how to read what was looked at, and show what would come of it."""
    found = now.looked or Looked(None)
    st.write(_("**Nothing is read yet.** Something about this source is not clear; please look."))
    st.markdown(_kinds(now, found))
    with import_errors():
        how, table = _labels(service, found, now.how)
        if found.windows and (chosen := _window(found.windows)):
            how = replace(how, window=chosen)
        ready = True
        if table:
            how = _columns(table, how)
            ready = _outcome(service, table, how)
            if others := _others(table, found):
                besides = st.checkbox(
                    _(f"Bring in the other files as well, without labels: {others:,}"),
                    help=_(
                        "Models learn from images without labels, too, and people may label them "
                        "later. Without it they stay out."
                    ),
                )
                how = replace(how, others=besides)
        with st.container(horizontal=True):
            taken = st.button(_("Import"), type="primary", disabled=not ready)
            dropped = st.button(_("Discard"))
        if taken:
            service.bringing.read(how, table.name if table else "")
            st.rerun()
        if dropped:
            discard(service)
            st.rerun()
        if table:
            _rows(table)


def _kinds(now: Going, found: Looked) -> str:
    """`scans: 40 files: 38 .dcm, 1 .csv, 1 .pdf.`."""
    if not found.kinds:
        return plain(now.source)
    most = sorted(found.kinds.items(), key=lambda each: -each[1])
    named = [f"{count:,} {plain(kind) or 'without a suffix'}" for kind, count in most[:NAMED]]
    others = sum(count for _, count in most[NAMED:])
    more = f", {others:,} others" if others else ""
    told = f"{now.source}: {_(many(found.files, 'file'))}"
    if found.table:
        told = f"{now.source}: '{found.table.name}' names {many(found.files, 'file')}"
    elif now.sent:  # it says itself how many they are
        told = now.source
    return f"{plain(told)}: {', '.join(named)}{more}."


def _labels(service: Service, found: Looked, how: How) -> tuple[How, TableSeen | None]:
    """Where labels come from, where a folder offers several places; and the table to read."""
    if found.table or not (found.beside or found.folders):
        return how, found.table
    useful = [each for each in found.beside if each.here]
    words = {each.name: _offer(each, found) for each in useful}
    if found.folders:
        words[_FOLDERS] = _(f"The folders' names: {plain(_counted(found.folders, 'file'))}")
    words[""] = _(_NONE)
    known = {each.name for each in service.classes()} & set(found.folders)
    first = useful[0].name if useful else _FOLDERS if known else ""
    chosen = st.radio(
        _("Where are the labels?"),
        list(words),
        index=list(words).index(first),
        format_func=words.__getitem__,
    )
    for each in found.beside:
        if not each.here:
            st.caption(plain(_(_aside(each))))
    if chosen == _FOLDERS:
        return replace(how, labels=_FOLDERS), None
    return how, next((each for each in useful if each.name == chosen), None)


def _offer(table: TableSeen, found: Looked) -> str:
    others = _others(table, found)
    left = f"; it does not name {many(others, 'other file')}" if others else ""
    return plain(
        f"'{table.name}' in this folder looks like labels for these files: use it? "
        f"Rows that name a file here: {table.here:,} of {table.count:,}{left}"
    )


def _aside(table: TableSeen) -> str:
    """That a table is of no use for the files beside it, and for what it is."""
    told = f"'{table.name}' is a table, too, but names no file of this folder."
    if not table.by_name:
        return told
    rows = many(table.by_name, "row of it names", "rows of it name")
    return f"{told} {rows} images that are here already: import it by itself to label these."


def _others(table: TableSeen, found: Looked) -> int:
    """How many files the rows of a table beside them do not name."""
    return max(0, found.files - table.here - 1) if not found.table else 0  # but for itself


def _window(windows: tuple[Window, ...]) -> str:
    """The window that is chosen; empty where each file's first is shown."""
    words = {"": _("The first of each file"), **{each.asked: _called(each) for each in windows}}
    return st.selectbox(
        _(FIELDS["window"]),
        list(words),
        format_func=words.__getitem__,
        help=_(
            "DICOM files here say several ways to show their values. What is stored is the "
            "values themselves; this says how they are shown."
        ),
    )


def _called(window: Window) -> str:
    name = f" '{window.name}'" if window.name else ""
    return _(f"{window.number}{name}: center {window.center:g}, width {window.width:g}")


def _columns(table: TableSeen, how: How) -> How:
    """The columns to read, each proposed where a name or the first rows tell it."""
    if table.unclear:
        st.markdown("\n".join(f"- {plain(_(each))}" for each in table.unclear))
    left, right = st.columns(2)
    names = list(dict.fromkeys(filter(None, table.columns)))
    if not table.fixed:
        path = left.selectbox(
            _(FIELDS["path"]),
            names,
            index=names.index(table.path) if table.path in names else None,
            placeholder=_("Which column names the files?"),
        )
        how = replace(how, path=path)
    label = right.selectbox(
        _(FIELDS["labels"]),
        ["", *names],
        index=1 + names.index(table.label) if table.label in names else 0,
        format_func=lambda name: name or _(_NONE),
    )
    return replace(how, labels=label)  # empty: none, whatever the columns are called


def _outcome(service: Service, table: TableSeen, how: How) -> bool:
    """Say what would come of the columns; whether they can be read so."""
    if table.fixed:
        return True
    if not how.path:
        return False
    key = (table.name, table.count, how)
    if st.session_state.get(_SEEN, (None,))[0] != key:
        try:
            st.session_state[_SEEN] = key, service.bringing.outcome(table.name, how)
        except AnnotatorError as problem:
            st.error(plain(_(on_page(str(problem)))), icon=":material/error:")
            return False
    st.markdown(plain(_(_told(st.session_state[_SEEN][1]))))
    return True


def _told(found: TableOutcome) -> str:
    here = found.rows - found.missing - found.by_name
    known = f", {found.by_name:,} an image that is here already" if found.by_name else ""
    missing = (
        f", {found.missing:,} name none that is there, such as '{found.first_missing}'"
        if found.missing
        else ""
    )
    labels = f"Labels: {_counted(found.classes, 'row')}" if found.classes else "No labels"
    without = (
        f"; {many(found.unlabeled, 'row')} without one" if found.unlabeled and found.classes else ""
    )
    return f"{many(found.rows, 'row')}: {here:,} name a file{known}{missing}. {labels}{without}."


def _counted(classes: Mapping[str, int], unit: str) -> str:
    named = [f"'{name}' ({many(count, unit)})" for name, count in list(classes.items())[:NAMED]]
    more = f" and {len(classes) - NAMED:,} more" if len(classes) > NAMED else ""
    return ", ".join(named) + more


def _rows(table: TableSeen) -> None:
    st.caption(plain(_(f"The first of {many(table.count, 'row')} of {table.name}:")))
    names = [f"{name or '(no name)'}{' ' * at}" for at, name in enumerate(table.columns)]
    st.dataframe(pd.DataFrame(list(table.first), columns=names), hide_index=True)
