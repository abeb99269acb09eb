"""What came of the rounds so far; before the first one, how labeling goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from annotator.model import CurvePoint, Job, Progress, Round
from annotator.service import Service
from annotator.ui.parts.links import link
from annotator.ui.parts.text import bounds, interval, plain
from annotator.ui.words.language import _
from annotator.wording import baseline, began_anew, could_not, percent

_KEPT = "outcome"  # (what it was computed from, Outcome)
_WIDTH = 250  # pixels, unless the panel is narrower
_READING = (
    "With its exact 95 % interval, on n labeled test images. The baseline learned from the labels "
    "alone: on frozen images the better of logistic regression and a network, by labeled images "
    "kept from them; elsewhere a network."
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The last job, the last round that finished, and how both of its models did."""

    job: Job | None
    round: Round | None
    ssl: CurvePoint | None
    baseline: CurvePoint | None
    round_every: int  # labels; 0 = rounds start by hand
    unjudged: int = 0  # test images that were put off or that nobody can tell


def outcome(service: Service) -> Outcome:
    """Compute it anew only if a job ended or a test image was labeled since the last time."""
    job, progress = service.last_job(), service.progress()
    ended = (job.id, job.state) if job and not job.active else None
    now = (ended, progress.test_labeled, progress.test_unjudged, progress.round_every)
    known = st.session_state.get(_KEPT)
    if known is None or known[0] != now:
        known = (now, _computed(service, job, progress))
        st.session_state[_KEPT] = known
    found: Outcome = known[1]
    return found


def _computed(service: Service, job: Job | None, progress: Progress) -> Outcome:
    done = [each for each in service.rounds() if each.state == "done"]
    if not done:
        return Outcome(job, None, None, None, progress.round_every)
    models = {each.model: each for each in service.curve() if each.round == done[-1].number}
    both = models.get("ssl"), models.get("baseline")
    return Outcome(job, done[-1], *both, progress.round_every, progress.test_unjudged)


def draw(found: Outcome, links: Mapping[str, str], *, busy: bool) -> None:
    """Draw a failure first, then the newest result or, without one, what to do.

    `links` are titles of pages that show more, each with the text of its link.
    """
    if found.job and found.job.state == "failed" and not busy:
        st.error(plain(_(f"The last job failed: {found.job.error}")))
    elif found.job and found.job.state == "canceled" and not busy:
        st.caption(_("The last job was canceled."))
    if found.round is None:
        _guide(found.round_every)
        return
    st.markdown(f"**{_(f'Round {found.round.number}')}** · {plain(found.round.method)}")
    with st.container(horizontal=True):  # side by side where there is room
        with st.container(width=_WIDTH, gap="xsmall"):
            _accuracy(found)
        with st.container(width=_WIDTH, gap="xsmall"):
            _pseudo_labels(found.round)
    if found.round.details.anew:
        st.caption(plain(_(began_anew(found.round.details.anew))))
    for words in (*found.round.details.adapted, *found.round.heard):
        st.caption(plain(_(words)))
    for title, text in links.items():
        link(title, _(text))


def _accuracy(found: Outcome) -> None:
    if found.ssl is None:
        st.metric(_("Test accuracy"), "–")
        st.caption(_("No test image is labeled yet. They come up by themselves."))
        return
    st.metric(_("Test accuracy"), _(percent(found.ssl.accuracy)), help=_(_READING))
    beside = found.baseline
    told = f"  \n{plain(_(baseline(beside.learner)))}: {_(interval(beside))}" if beside else ""
    where = could_not(found.unjudged, found.ssl.n)
    st.caption(_(f"95 % interval {bounds(found.ssl)}{where}") + told)


def _pseudo_labels(found: Round) -> None:
    st.metric(_("Pseudo-labels"), _(f"{found.pseudo_labels or 0:,}"))
    share, least = percent(found.pseudo_ratio or 0), percent(found.threshold)
    st.caption(
        _(f"{share} of the unlabeled images as the round ended, at {least} confidence or more")
    )


def _guide(round_every: int) -> None:
    when = (
        f"After {round_every:,} labels of two classes or more, a model trains in the background."
        if round_every
        else "Start a round on the Rounds page whenever you like: a model trains in the background."
    )
    st.markdown(
        _(
            "**How it goes**\n"
            "1. Press the key of the image’s class. The answer is saved and the next image comes.\n"
            f"2. {when} Go on labeling meanwhile.\n"
            "3. Its accuracy appears here, and it labels the images that it is sure of."
        )
    )
