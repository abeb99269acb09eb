"""An import that runs: how far it is, how long it takes, a way to stop it, and how it ended."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from annotator.model import Going
from annotator.service import Service
from annotator.ui.bringing.agree import stopped
from annotator.ui.bringing.report import noted, refused, say, summary
from annotator.ui.bringing.wording import import_errors, on_page
from annotator.ui.parts.text import duration, plain
from annotator.ui.words.language import _
from annotator.wording import many

_EVERY = 1.0  # seconds between two looks
_DISMISS = "Dismiss"


def running(service: Service, now: Going) -> None:
    """Draw an import that goes on by itself, and the whole page anew once it does not."""
    st.fragment(_running, run_every=_EVERY)(service, now.stage)


def _running(service: Service, stage: str) -> None:
    with import_errors():
        now = service.bringing.state()
        if now is None or now.stage != stage:
            st.rerun()
        else:
            _draw(service, now)


def _draw(service: Service, now: Going) -> None:
    by = f" · {_(f'begun by {plain(now.by)}')}" if now.by else ""
    st.markdown(f"**{_('Importing')}** {plain(now.source)}{by}")
    if now.stage == "writing":
        st.progress(_taken(now), text=_(writing(now)))
        st.caption(_("Go on labeling meanwhile. This page may be left or closed."))
        return
    st.progress(_share(now), text=_(progress(now)))
    if now.stage == "elsewhere":
        st.caption(_("Another server of this workspace runs it."))
        if st.button(_("It does not run any more")):
            service.bringing.drop()
            st.rerun()
        return
    if now.stopping:
        st.caption(_("Stopping: what is being read now is finished first."))
        return
    st.caption(_("Go on labeling meanwhile. This page may be left or closed: the import goes on."))
    if st.button(
        _("Stop"), icon=":material/stop_circle:", help=_("Nothing that was read is lost.")
    ):
        service.bringing.stop()
        st.rerun(scope="fragment")


def _share(now: Going) -> float:
    return min(1.0, now.files / now.total) if now.total else 0.0


def _taken(now: Going) -> float:
    new = now.report.added if now.report else 0
    return min(1.0, now.taken / new) if new else 1.0


def writing(now: Going) -> str:
    """`Everything is read; 500 of 1,000 images are in, about 2 s left`."""
    new = now.report.added if now.report else 0
    if not new or now.seconds is None:
        return "Everything is read; whole images with their labels come in, 250 at a time."
    said = f"{now.taken:,} of {many(new, 'image')} are in, about {duration(now.seconds)} left"
    return f"Everything is read; {said}."


def progress(now: Going) -> str:
    """`312 of 1,000 files are read, about 2 min left`."""
    if not now.total:
        return f"{now.files:,} files are read; how many there are, only reading tells"
    left = "" if now.seconds is None else f", about {duration(now.seconds)} left"
    here = f" ({now.skipped:,} were here already)" if now.skipped else ""
    return f"{now.files:,} of {many(now.total, 'file')} are read{here}{left}"


def ended(service: Service, now: Going, then: Callable[[], None]) -> None:
    """Draw what came of an import, until somebody has seen enough of it.

    Where images came in, `then` draws where to go on, in sight however long the rest is.
    """
    with import_errors():
        told, seen = st.columns([6, 1])
        with told:
            _how(now)
            if now.stage == "done" and now.report and now.report.added:
                then()
        if seen.button(_(_DISMISS), icon=":material/close:"):
            service.bringing.drop()
            st.rerun()
        if now.stage == "done" and now.report:
            refused(now.report)
            say(now.report)
            noted(now.report)


def _how(now: Going) -> None:
    """How it ended, in a sentence or two."""
    if now.stage == "failed":
        st.error(plain(_(on_page(now.error))), icon=":material/error:")
    elif now.stage == "cut":
        st.warning(_(cut(now)), icon=":material/power_off:")
    elif now.report:
        told = f"{plain(now.source)}: {_(summary(now.report))}"
        if now.report.nothing:
            st.error(told, icon=":material/error:")
        else:
            st.success(told, icon=":material/check_circle:")
        if now.stopping:
            st.warning(_(stopped(now)), icon=":material/stop_circle:")


def cut(now: Going) -> str:
    """What became of an import whose server ended."""
    read = f" after {now.files:,} of {many(now.total, 'file')}" if now.total else ""
    became = "It was not taken in yet, so nothing of it is here"
    if now.written:
        became = "It was being taken in: what of it is here is whole"
    again = "Send the files" if now.sent else "Import the same source"
    return (
        f"The import of {plain(now.source)} was cut off{read}, as the server ended. {became}. "
        f"{again} again to go on: what is here is skipped, and nothing comes in twice."
    )
