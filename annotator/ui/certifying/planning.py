"""The plan: target, confidence and number of labels, with what an audit would release."""

from __future__ import annotations

from typing import Any

import streamlit as st

from annotator.model.auditing import words
from annotator.model.auditing.plans import GROUP, Outlook, Terms
from annotator.service import Service
from annotator.ui.certifying.picture import offers
from annotator.ui.parts.text import errors_in_words, plain
from annotator.ui.words.language import _
from annotator.ui.words.numbers import localized
from annotator.wording import percent

_USUAL = 200  # labels that are proposed where none is enough
_TARGETS = ("0.95", "0.9", "0.98", "0.99")
_CONFIDENCES = ("0.95", "0.9", "0.99")
_RETRIES = (0, 1, 2)
_PLANTED = (0, 30, 60, 100)
_EACH = "\neach"  # no class can have that name
_AHEAD = "certify_ahead"  # session state: the last outlook, and what it was of


def draw(service: Service) -> None:
    """Draw the form beside the picture, and begin an audit at a click."""
    left, right = st.columns([1, 1.6], gap="medium")
    with left:
        terms = _terms(service)
    if terms is None:
        return
    with errors_in_words():
        ahead = _ahead(service, terms)
        with left:
            labels = _labels(ahead)
            if labels is not None:
                _begin(service, ahead, labels)
        with right:
            if ahead.offers:
                st.altair_chart(localized(offers(ahead.offers, labels)))
            # The form says itself what is promised of all images
            for line in words.ahead(ahead, "What counts alike")[0 if terms.by else 1 :]:
                st.caption(plain(_(line)))


def _terms(service: Service) -> Terms | None:
    """What is to be promised; None where no classes are chosen yet."""
    names = tuple(each.name for each in service.classes())
    of = st.selectbox(
        _("Pseudo-labels"),
        ("", _EACH, *names),
        format_func=lambda name: {
            "": _("all of them"),
            _EACH: _("of each class, held together"),
        }.get(name, name),
        key="certify_class",
        help=_(
            "What is promised of all of them says nothing about a rare class. One class has its "
            "own audit, and its chance to be false comes on top of that of others; of several at "
            "once, each has its own draw, and all of them share one chance."
        ),
    )
    each = tuple(_chosen(names)) if of == _EACH else ()
    if of == _EACH and len(each) < 2:
        st.info(_("Choose two classes or more, or one alone above."))
        return None
    by = _by(service, several=bool(each))
    target = st.selectbox(
        _("At least so many are right"),
        _TARGETS,
        format_func=lambda share: _(words.shared(share)),
        key="certify_target",
    )
    confidence = st.selectbox(
        _("With a confidence of"),
        _CONFIDENCES,
        format_func=lambda share: _(words.shared(share)),
        key="certify_confidence",
    )
    retries = st.selectbox(
        _("Retries that are declared now"),
        _RETRIES,
        key="certify_retries",
        help=_(
            "They share the chance to be false with the first attempt, which then has most of it. "
            "One that was not declared adds its own."
        ),
    )
    strict = st.checkbox(
        _("Also of those that nobody looks at"),
        key="certify_strict",
        disabled=bool(by),  # there is no such promise: it says so there
        help=_("Else the audited ones, which are corrected, count among those that are right."),
    )
    planted = st.selectbox(
        _("Questions whose answer is known, besides"),
        _PLANTED,
        key="certify_planted",
        help=_(
            "Images that people have labeled, asked blind once more: how often another answer "
            "comes bounds how many wrong pseudo-labels are waved through, and all is tested "
            "stricter by as much."
        ),
    )
    strict = strict and not by
    return Terms(target, confidence, strict, retries, "" if each else of, each, planted, by)


def _by(service: Service, *, several: bool) -> str:
    """What counts alike, images or groups; it is asked only where groups are known."""
    if not service.certify.groups():
        return ""
    by = st.selectbox(
        _("What counts alike"),
        ("", GROUP),
        format_func=lambda by: _("every group, such as a patient" if by else "every image"),
        key="certify_by",
        disabled=several,
        help=_(
            "By group it is promised of an average patient's images, and takes as many labels or "
            "more: one test of one set, where all of it is released or nothing. It is for all "
            "guesses or one class, and not for those alone that nobody looks at."
        ),
    )
    return "" if several else by


def _chosen(names: tuple[str, ...]) -> list[str]:
    return st.multiselect(_("Classes"), names, default=names, key="certify_each")


def _ahead(service: Service, terms: Terms) -> Outlook:
    """The outlook, worked out once for what there is now: a second, or a few for very many."""
    now = (service.rounds()[-1].number, service.progress().labeled, terms)
    kept: tuple[Any, Outlook] | None = st.session_state.get(_AHEAD)
    if kept is None or kept[0] != now:
        with st.spinner(_("Working out what an audit would release…")):
            kept = st.session_state[_AHEAD] = (now, service.certify.outlook(terms))
    return kept[1]


def _labels(ahead: Outlook) -> int | None:
    """How many labels to spend; None where no number certifies anything."""
    if not ahead.offers:
        st.info(_(f"No number of labels certifies anything of {ahead.rows:,} guesses."))
        return None
    usual, terms = ahead.offer(_USUAL) or ahead.offers[0], ahead.terms
    rest = ("_strict" if terms.strict else "") + (f"_{terms.of}" if terms.of else "")
    rest += f"_{terms.planted}" if terms.planted else ""
    if terms.each:
        sizes = [each.labels for each in ahead.offers]
        return st.selectbox(
            _(f"Labels to spend on all classes ({ahead.least:,} at least)"),
            sizes,
            index=sizes.index(ahead.proposed or usual.labels),
            help=_("Each of these asks every class enough for one wrong image more."),
            key=f"certify_labels_{terms.target}_{terms.confidence}_{terms.retries}{rest}_each",
        )
    rest += f"_{terms.by}" if terms.by else ""
    return st.number_input(
        _(f"Draws of a group ({ahead.least:,} at least)")
        if terms.by
        else _(f"Labels to spend ({ahead.least:,} to {ahead.rows:,})"),
        value=ahead.proposed or usual.labels,
        step=1,
        help=_(
            "Good numbers are the dots of the picture: labels between two of them are half wasted."
        ),
        key=f"certify_labels_{terms.target}_{terms.confidence}_{terms.retries}{rest}",
    )


def _begin(service: Service, ahead: Outlook, labels: int) -> None:
    terms = ahead.terms
    best = service.certify.offer(labels, terms)
    st.markdown(
        _(
            f"**{labels:,} draws**, and at most as many labels, release {percent(best.coverage)} "
            f"on the mean, and anything at all with a chance of {percent(best.chance)}."
        )
        if terms.by
        else _(
            f"**{labels:,} labels** release {percent(best.coverage)} on the mean, and anything at "
            f"all with a chance of {percent(best.chance)}."
        )
    )
    for line in words.by_class(best):
        st.caption(plain(_(line)))
    if useless := words.unseen(ahead, best):
        st.warning(plain(_(" ".join(useless))), icon=":material/warning:")
    if st.button(_("Begin the audit"), type="primary", icon=":material/play_arrow:"):
        service.certify.begin(labels, terms)
        st.session_state.pop(_AHEAD, None)  # the next is another attempt
        st.rerun()
