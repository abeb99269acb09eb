"""How far people agree, which classes they confuse, and how much each has done."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from annotator.model import Agreement, Measure, Pair, Repeated, Work
from annotator.service import Service
from annotator.ui.parts.text import errors_in_words, plain
from annotator.ui.words.language import _
from annotator.wording import many, percent

_MOST = 3  # pairs of classes that are named for each two people
_FEW = 30  # images; below that an interval drawn anew from them is too narrow


def agreement(service: Service) -> None:
    """Draw the section; nothing of it while one person alone has labeled."""
    with errors_in_words():
        found = service.agreement()
        if len(found.work) < 2 and not (found.repeats or found.waiting):
            return
        st.subheader(_("Several people" if len(found.work) > 1 else "Asked once more"))
        _waiting(found)
        if apart := service.disagreements():
            st.caption(
                _(
                    f"People disagree about {many(apart, 'image')}. Until a reviewer settles them "
                    "on Settle, rounds learn from the answer that was pressed last; a second "
                    "opinion or a repeat takes no answer's place."
                )
            )
        left, right = st.columns([3, 2], gap="medium")
        with left:
            if len(found.work) > 1:
                _agreeing(service, found)
            _repeating(found)
        with right:
            st.dataframe(pd.DataFrame(_worked(each) for each in found.work), hide_index=True)
            st.caption(_("On the Label page; a look counts for two minutes at most."))


def _waiting(found: Agreement) -> None:
    """How many second opinions are still to be given, and why nobody gives them, if so."""
    if found.waiting:
        alone = (
            " Nobody else has labeled so far; without logins everybody counts as one person."
            if len(found.work) < 2
            else ""
        )
        waits = many(found.waiting, "image waits", "images wait")
        st.caption(_(f"{waits} for another person's opinion.{alone}"))


def _agreeing(service: Service, found: Agreement) -> None:
    if not found.pairs:
        st.caption(_("No image was answered by two people, so nobody knows how far they agree."))
        return
    measured = [
        f"{_(name)} {_(_told(each))}"
        for name, each in (
            ("Krippendorff’s α", found.alpha),
            ("Fleiss’ κ", found.fleiss),
        )
        if each
    ]
    st.markdown(" · ".join(measured) or _("All said the same one class: nothing to tell apart."))
    names = {each.id: each.name for each in service.classes(removed=True)}
    st.dataframe(pd.DataFrame(_row(each, names) for each in found.pairs), hide_index=True)
    if found.confused:
        most = ", ".join(
            f"{names.get(one, '?')} / {names.get(other, '?')} ({n:,})"
            for one, other, n in found.confused[:5]
        )
        st.caption(plain(_(f"Confused most: {most}.")))
    images = (found.alpha or found.fleiss or Measure(0, 0, 0, 0)).images
    few = f" With {many(images, 'image')} they are too narrow." if images < _FEW else ""
    st.caption(
        _(
            "1 is always, 0 no more than by chance, with 95 % intervals. First answers that were "
            f"given blind to images that two or more have answered.{few}"
        )
    )


def _repeating(found: Agreement) -> None:
    """How far each agrees with themselves; nothing where no image has come back."""
    if not found.repeats:
        return
    st.dataframe(pd.DataFrame(_repeated(each) for each in found.repeats), hide_index=True)
    st.caption(
        _(
            "Images that came back blind to the person who had answered them: how many were given "
            "the same class, with the exact 95 % interval. Nobody's single answer is surer than "
            "that, and an audit takes such answers for the truth."
        )
    )


def _repeated(each: Repeated) -> dict[str, str]:
    return {
        _("asked again"): each.annotator,
        _("the same"): _(f"{each.same:,} of {each.images:,}"),
        "95 %": _(f"{percent(each.low)} to {percent(each.high)}"),
    }


def _told(each: Measure) -> str:
    return f"**{each.value:.2f}** ({each.low:.2f} to {each.high:.2f}, {many(each.images, 'image')})"


def _row(each: Pair, names: dict[int, str]) -> dict[str, str]:
    kappa = each.kappa
    apart = (
        f"{names.get(mine, '?')} / {names.get(theirs, '?')} ({n:,})"
        for mine, theirs, n in each.apart[:_MOST]
    )
    return {
        _("two people"): f"{each.first}, {each.second}",
        _("the same"): _(percent(each.same / kappa.images) if kappa else "all"),
        _("images"): _(f"{kappa.images if kappa else each.same:,}"),
        _("Cohen’s κ"): _(
            f"{kappa.value:.2f} ({kappa.low:.2f} to {kappa.high:.2f})" if kappa else "–"
        ),
        _("where they differ"): ", ".join(apart) or "–",
    }


def _worked(each: Work) -> dict[str, str]:
    hours = each.seconds / 3600
    return {
        _("who"): each.annotator,
        _("labels"): _(f"{each.labels:,}"),
        _("time"): _time(each.seconds),
        _("seconds a label"): _(f"{each.seconds / each.labels:.1f}"),
        _("labels an hour"): _(f"{each.labels / hours:,.0f}" if hours else "–"),
    }


def _time(seconds: float) -> str:
    hours, minutes = divmod(round(seconds / 60), 60)
    if hours:
        return f"{hours:,} h {minutes} min"
    return f"{minutes} min" if minutes else f"{seconds:.0f} s"
