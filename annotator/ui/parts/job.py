"""The running job as it goes: state, progress, time left, a way to stop it, and what came of it."""

from __future__ import annotations

import time
from collections.abc import Mapping

import streamlit as st

from annotator.model import Job
from annotator.service import Service
from annotator.ui.parts.result import draw, outcome
from annotator.ui.parts.text import duration, errors_in_words, plain
from annotator.ui.web.opened import opened
from annotator.ui.words.language import _

_FAST, _SLOW = 1.0, 3.0  # seconds between looks: while a job is active, and while none is
_PATIENCE = 30.0  # seconds between two starts of a worker that does not stay
_NEXT_START = "live_next_start"  # monotonic seconds
_SEEN = "live_seen"  # id and state of the job that the page was last drawn for


def live(links: Mapping[str, str]) -> None:
    """Draw the panel, with `links` (page -> text) below a result, and keep it fresh."""
    job = opened().active_job()
    st.session_state[_SEEN] = _mark(job)
    st.fragment(_panel, run_every=_FAST if job else _SLOW)(links)


def _mark(job: Job | None) -> tuple[int, str] | None:
    return (job.id, job.state) if job else None


def _panel(links: Mapping[str, str]) -> None:
    with errors_in_words():
        service = opened()
        job = service.active_job()
        if _mark(job) != st.session_state.get(_SEEN):
            st.rerun()  # begun or ended: other parts of the page change too, and so does the pace
        _keep_worker(service)
        if job:
            _running(service, job)
        draw(outcome(service), links, busy=job is not None)


def _running(service: Service, job: Job) -> None:
    what = "A round" if job.kind == "round" else "Looking at the images"
    st.markdown(f"**{_(what)}** · {_(job.state)}")
    st.progress(min(max(job.progress, 0.0), 1.0))
    eta = service.eta(job)
    left = f"about {duration(eta)} left" if eta is not None else "Go on labeling meanwhile."
    if job.cancel_requested:
        st.caption(_("Stopping at the next safe point…"))
        return
    st.caption(f"{plain(_(job.message or 'waiting for the worker'))}  \n{_(left)}")
    barred = service.refusal("cancel")
    stop = st.button(
        _("Cancel"),
        key=f"cancel_{job.id}",
        icon=":material/cancel:",
        disabled=bool(barred),
        help=plain(_(barred)) or None,
    )
    if stop:
        service.cancel(job.id)
        st.rerun(scope="fragment")


def _keep_worker(service: Service) -> None:
    """Start a worker if none lives; say so if the one that was started has ended again."""
    if service.worker_alive():
        return
    if time.monotonic() > st.session_state.get(_NEXT_START, 0.0):
        st.session_state[_NEXT_START] = time.monotonic() + _PATIENCE
        service.ensure_worker()
        return
    st.warning(
        _(
            "No worker is running, so no round can start. It ended right after its start; "
            "`worker.log` in the workspace says why. It is started again twice a minute."
        )
    )
