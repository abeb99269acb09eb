"""The running job as it goes: state, progress, time left, a way to stop it, and what came of it."""

from __future__ import annotations

import streamlit as st

from annotator.model import Job, Round
from annotator.service import Service
from annotator.ui.opened import opened
from annotator.ui.shown import duration, errors_in_words, interval, plain

_FAST, _SLOW = 1.0, 5.0  # seconds between looks: while a job is active, and while none is
_SEEN = "live_seen"  # id and state of the job that the page was last drawn for


def live() -> None:
    """Draw the panel and keep it fresh; its regular work is one row of one indexed table."""
    service = opened()
    job = service.active_job()
    st.session_state[_SEEN] = _mark(job)
    result = "" if job else _result(service)  # once a page, not at every look
    st.fragment(_panel, run_every=_FAST if job else _SLOW)(result)


def _mark(job: Job | None) -> tuple[int, str] | None:
    return (job.id, job.state) if job else None


def _panel(result: str) -> None:
    with errors_in_words():
        service = opened()
        job = service.active_job()
        if _mark(job) != st.session_state.get(_SEEN):
            st.rerun()  # begun or ended: other parts of the page change too, and so does the pace
        if job:
            _running(service, job)
        else:
            if not service.worker_alive():
                _worker_missing(service)
            st.markdown(result)


def _running(service: Service, job: Job) -> None:
    what = "Round" if job.kind == "round" else "Preparing the images"
    st.markdown(f"**{what}** · {job.state}")
    st.progress(min(max(job.progress, 0.0), 1.0))
    eta = service.eta(job)
    left = f" · about {duration(eta)} left" if eta is not None else ""
    if job.state == "queued" and not service.worker_alive():
        _worker_missing(service)
    if job.cancel_requested:
        st.caption("Stopping at the next safe point…")
        return
    st.caption(plain(f"{job.message or 'waiting for the worker'}{left}"))
    if st.button("Cancel", key=f"cancel_{job.id}", icon=":material/cancel:"):
        service.cancel(job.id)
        st.rerun(scope="fragment")


def _worker_missing(service: Service) -> None:
    st.warning("No worker is running, so no round can start.")
    if st.button("Start a worker", key="start_worker"):
        service.ensure_worker()
        st.rerun(scope="fragment")


def _result(service: Service) -> str:
    """What came of the last job, and of the last round that finished, as Markdown."""
    lines = []
    last = service.last_job()
    if last and last.state == "failed":
        lines.append(f":red[{plain(f'The last job failed: {last.error}')}]")
    elif last and last.state == "cancelled":
        lines.append("The last job was cancelled.")
    done = [each for each in service.rounds() if each.state == "done"]
    if done:
        lines.append(plain(summary(service, done[-1])))
    else:
        lines.append("No round yet. One starts by itself once enough images are labeled.")
    return "\n\n".join(lines)


def summary(service: Service, found: Round) -> str:
    """`Round 3: 94 % test accuracy (88–98, n = 61), 3,204 pseudo-labels`."""
    points = [
        each for each in service.curve() if each.round == found.number and each.model == "ssl"
    ]
    accuracy = interval(points[-1]) if points else "no test labels yet"
    return f"Round {found.number}: {accuracy}, {found.pseudo_labels or 0:,} pseudo-labels"
