"""What came of an import, or would come of it: what was refused first, then the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pandas as pd
import streamlit as st

from annotator.model import ImportReport, Refused, refusals, sentences
from annotator.model.cells import marked
from annotator.ui.bringing.wording import LATER, WAYS, on_page
from annotator.ui.parts.text import plain
from annotator.ui.words.language import _
from annotator.wording import many, may_name

FEW = 6  # lines that are shown in full
REASONS = 4  # of many files, that are counted
HEIGHT = 215  # pixels of a long list: five lines


def summary(report: ImportReport) -> str:
    """`3 images added, 0 were there already, 1 refused, 2 labels came with them.`."""
    left = f", {len(report.refused):,} refused" if report.refused else ""
    if report.rows or report.pages_refused:
        left = f", {refusals(report)}"
    added, were, came = ("added", "were", "came") if report.written else ("to add", "are", "come")
    there = report.duplicates - report.repeated
    if there == 1:
        were = "was" if report.written else "is"
    copies = f", {many(report.repeated, 'more file is a copy', 'more files are copies')} of them"
    labels = many(report.labeled, "label")
    come = "comes" if came == "come" and report.labeled == 1 else came
    labeled = f", {labels} {come} with them" if report.labeled else ""
    return (
        f"{many(report.added, 'image')} {added}, {there:,} {were} there already"
        f"{copies if report.repeated else ''}{left}{labeled}."
    )


def refused(report: ImportReport) -> None:
    """Each file that is left out, with the reason."""
    rows = [each for each in report.refused if each.row]
    title = "Refused files and pages" if report.pages_refused else "Refused files"
    files(title, [each for each in report.refused if not each.row], file="refused.csv")
    files("Refused rows", rows, file="refused-rows.csv")


def say(report: ImportReport) -> None:
    """What to know of the import as a whole, and what it says of labels."""
    ways = LATER if report.written else WAYS
    for sentence in sentences(report, ways, named=0):  # they are listed below
        st.markdown(f"- {plain(_(on_page(sentence)))}")
    pairs = [
        Refused(each.name, f"{each.here}, '{each.told}' in the source") for each in report.differing
    ]
    files("Labels that differ", pairs)
    pairs = [Refused(each.name, f"{each.here}, now '{each.told}'") for each in report.replaced]
    files("Labels that were replaced" if report.written else "Labels to replace", pairs)
    pairs = [Refused(row, f"{name} here") for row, name in report.by_name if row != name]
    files("Rows matched by the end of a name", pairs)
    copies = [Refused(name, f"a copy of {image}") for name, image in report.copies]
    files("Copies", copies, file="copies.csv")
    pairs = [Refused(", ".join(each.names), " or ".join(each.labels)) for each in report.conflicts]
    files("Images under several labels", pairs)
    files("Labels that cannot be class names", report.unfit)


def noted(report: ImportReport) -> None:
    """What an import says of single files that are taken, before it and after it."""
    if report.personal:
        first = report.personal[0]
        told = may_name(len(report.personal), first.name, first.reason)
        st.warning(plain(_(told)), icon=":material/person_alert:")
    files("Metadata that may name a person", report.personal)
    coming = "Imported" if report.written else "To import"
    files(f"{coming}, with something to know", report.notes)


def files(title: str, found: Iterable[Refused], file: str = "files.csv") -> None:
    """List files, each with what is said of it; many as a table that can be taken along."""
    if not (listed := tuple(found)):
        return
    rows = [{"file": each.name, "why": _(on_page(each.reason))} for each in listed]
    with st.expander(f"{_(title)} ({len(listed):,})", expanded=True):
        if len(rows) <= FEW:  # in full, however long
            lines = (f"- **{plain(row['file'])}**: {plain(row['why'])}" for row in rows)
            st.markdown("\n".join(lines))
            return
        reasons = Counter(row["why"] for row in rows).most_common()
        if len(reasons) < len(rows):
            told = [f"{count:,} × {plain(why)}" for why, count in reasons[:REASONS]]
            more = [_(f"{len(reasons) - REASONS:,} more reasons")] if len(reasons) > REASONS else []
            st.caption("  \n".join([*told, *more]))
        table = pd.DataFrame(rows)
        wide = {
            "file": st.column_config.TextColumn(_("file"), width="medium"),
            "why": st.column_config.TextColumn(_("why")),
        }
        st.dataframe(table, hide_index=True, column_config=wide, height=HEIGHT)
        st.download_button(
            _("All as CSV"),
            _csv(table),
            file,
            "text/csv",
            key=f"take_{title}",
            icon=":material/download:",
            help=_("A double click shows all of a line that is cut off here."),
        )


def _csv(table: pd.DataFrame) -> bytes:
    """The list as a spreadsheet reads it: with the mark of UTF-8, and nothing that would run."""
    return table.map(marked).to_csv(index=False).encode("utf-8-sig")
