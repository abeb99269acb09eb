"""Review: look through the newest round's pseudo-labels, or the labels that it doubts."""

from __future__ import annotations

from secrets import token_hex
from typing import NamedTuple

import streamlit as st

from annotator.model import Guess, GuessesAmong, GuessOrder, Round, SoughtGuesses
from annotator.service import Service
from annotator.ui.parts.links import link
from annotator.ui.parts.text import barred, deferral, errors_in_words
from annotator.ui.review.component import review
from annotator.ui.web.opened import opened, workspace_key
from annotator.ui.words.language import _
from annotator.wording import many

SIZES = (12, 24, 48, 96)  # cards on a page
AMONG: dict[GuessesAmong, str] = {
    "all": "all",
    "models": "the baseline says something else",
    "rounds": "the round before said something else",
}
ORDERS: dict[GuessOrder, str] = {
    "uncertain": "least sure first",
    "confidence": "surest first",
    "rounds": "where rounds contradict first",
    "models": "where the baseline contradicts first",
    "remote": "farthest from labeled images first",
}
KINDS = {"guesses": "pseudo-labels", "labels": "labels that may be wrong"}
_KIND = "review_kind"  # session state: what is looked through
_PAGE = "review_page"  # session state: the cards that are looked at


class _Page(NamedTuple):
    """The cards of a page, fixed until another is asked for or this one is entered again."""

    sought: tuple[SoughtGuesses, int, int]  # what, how many a page, of which round
    name: str  # another each time that cards are read
    guesses: list[Guess]
    left: list[Guess]  # those that were still to be decided when the page was entered


def page() -> None:
    """Draw what is looked for, and the cards."""
    service = opened()
    if barred(service, "decide"):
        return
    done = [each for each in service.rounds() if each.state == "done"]
    if not done:
        st.info(_("Nothing to review yet: no round has finished. Start one on the Rounds page."))
        return
    if "review_class" not in st.session_state:  # Streamlit forgets it once another page is drawn
        _entered(service, done[-1].number)
    _cards(done[-1])


def _entered(service: Service, number: int) -> None:
    """Drop the cards that were decided, or that an audit has drawn, since they were read.

    The next are read if none of them is left.
    """
    shown: _Page | None = st.session_state.get(_PAGE)
    if shown is None or not shown.guesses or shown.sought[2] != number:
        return
    with errors_in_words():
        ids = [each.image.id for each in shown.guesses]
        left = service.guesses(shown.sought[0], limit=len(ids), within=ids)
        if left:
            st.session_state[_PAGE] = shown._replace(left=left)
        else:
            _read(service, shown.sought, shown)


@st.fragment
def _cards(newest: Round) -> None:
    with errors_in_words():
        service, number = opened(), newest.number
        sought, size = _filters(service)
        if sought.among == "labels":
            _doubted(service, sought, newest)
        else:
            _told(service, sought, number)
            deferral(newest)
        shown: _Page | None = st.session_state.get(_PAGE)
        wanted = (sought, size, number)
        if shown is None or shown.sought != wanted:
            shown = _read(service, wanted, None)
        if not shown.guesses:
            _empty(service, shown)
            return
        if review(service, shown.left, workspace=workspace_key(), page=shown.name):
            _read(service, wanted, shown)
            st.rerun(scope="fragment")


def _read(service: Service, wanted: tuple[SoughtGuesses, int, int], last: _Page | None) -> _Page:
    """Read the page after the last, or the first."""
    sought, size, _ = wanted
    after = None
    if last and last.guesses:
        after = (last.guesses[-1].place, last.guesses[-1].image.id)
    guesses = service.guesses(sought, after=after, limit=size)
    shown = _Page(wanted, token_hex(8), guesses, guesses)
    st.session_state[_PAGE] = shown
    return shown


def _filters(service: Service) -> tuple[SoughtGuesses, int]:
    kind, class_, among, order, size = st.columns([1.2, 1, 1.4, 1.4, 0.6])
    names = {each.id: each.name for each in service.classes()}
    what = kind.selectbox(
        _("Look through"), list(KINDS), format_func=lambda each: _(KINDS[each]), key=_KIND
    )
    class_id = class_.selectbox(
        _("Class"),
        [0, *names],
        format_func=lambda each: names.get(each, _("any class")),
        key="review_class",
    )
    cards = size.selectbox(_("Cards"), SIZES, index=1, key="review_size")
    if what == "labels":
        return SoughtGuesses(class_id or None, "labels"), cards
    where = among.selectbox(
        _("Where"), list(AMONG), format_func=lambda each: _(AMONG[each]), key="review_among"
    )
    way = order.selectbox(
        _("Order"), list(ORDERS), format_func=lambda each: _(ORDERS[each]), key="review_order"
    )
    return SoughtGuesses(class_id or None, where, way), cards


def _told(service: Service, sought: SoughtGuesses, number: int) -> None:
    left = service.count_guesses(sought)
    checked, turned_down = service.decided()
    st.caption(
        _(
            f"{many(left, 'pseudo-label')} of round {number} to look at; {checked:,} checked so "
            f"far, {turned_down:,} rejected. What you accept or change becomes a label, marked as "
            "checked: rounds learn from it, and no accuracy is measured by it. What you reject "
            "stays open."
        ),
    )


def _doubted(service: Service, sought: SoughtGuesses, newest: Round) -> None:
    """How many there are, of how many that could be asked about."""
    asked = newest.details.withheld
    source = (
        f"of {many(asked, 'label')} that were kept from round {newest.number}’s learners, and of "
        "those given since"
        if asked is not None
        else f"of those given since round {newest.number}, which kept no label from its learners: "
        "a frozen round does"
    )
    st.caption(
        _(
            f"{many(service.count_guesses(sought), 'label')} that may be wrong, {source}; the "
            "least likely first. What you keep stays as it was given and does not come back. What "
            "you change is marked as checked. Labels of test images are not shown: they are given "
            "without a guess in sight."
        )
    )


def _empty(service: Service, shown: _Page) -> None:
    if service.count_guesses(shown.sought[0]):  # those that were passed over
        st.success(_("This was the last page."))
        if st.button(_("From the first again")):
            _read(service, shown.sought, None)
            st.rerun(scope="fragment")
        return
    of_labels = shown.sought[0].among == "labels"
    st.success(_("No label is doubted here." if of_labels else "No pseudo-label is left here."))
    if not of_labels:
        link("Export", _("Export the data set"))
