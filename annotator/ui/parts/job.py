"""The running job as it goes: state, progress, time left, a way to stop it, and what came of it."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

import streamlit as st

from annotator.model import Job, Part, Timed
from annotator.service import Service
from annotator.ui.parts.result import draw, outcome
from annotator.ui.parts.text import duration, errors_in_words, plain
from annotator.ui.web.opened import opened
from annotator.ui.words.language import _
from annotator.wording import percent

_FAST, _SLOW = 1.0, 3.0  # seconds between looks: while a job is active, and while none is
APART = 1.2  # so many times the least time left is the most, where both are told
_UNSAID = {"queued": "waiting for the worker"}  # state -> what is said where the job says nothing
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
    timed = service.timed(job)
    if parts := in_parts(timed.parts):
        st.caption(_(parts))  # each of them in its own words already
    if job.cancel_requested:
        st.caption(_("Stopping at the next safe point…"))
        return
    st.caption(
        f"{plain(_(job.message or _UNSAID.get(job.state, 'just begun')))}  \n{in_time(job, timed)}"
    )
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


def in_time(job: Job, timed: Timed) -> str:
    """How long a job will still take, in words; that nobody knows yet, where that is so."""
    if timed.seconds is not None:
        if timed.most is not None and timed.most > APART * max(1.0, timed.seconds):
            least, most = duration(timed.seconds), duration(timed.most)
            return _(f"about {least} to {most} left, as a trial decides what is trained")
        return _(f"about {duration(timed.seconds)} left")
    if job.state == "running":
        return _("How long it takes is being measured. Go on labeling meanwhile.")
    return _("Go on labeling meanwhile.")


def in_parts(parts: Sequence[Part]) -> str:
    """The parts of a job in their order: those that are done, the present one, those to come."""
    there = [each for each in parts if each.amount or each.begun]
    now = next((each for each in there if not each.ended), None)
    return " · ".join(
        f":material/check: {plain(_(each.name))}"
        if each.ended
        else f"**{plain(_(each.name))} {_(percent(each.share))}**"
        if each is now
        else plain(_(each.name))
        for each in there
    )


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
