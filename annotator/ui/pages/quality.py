"""Quality: how much was pseudo-labeled, how sure the model is, and how often it is right."""

from __future__ import annotations

import streamlit as st

from annotator.model import Round, SoughtGuesses
from annotator.service import Service
from annotator.ui.certifying.section import section
from annotator.ui.parts import charts, shades
from annotator.ui.parts.links import link
from annotator.ui.parts.text import alarm, barred, deferral, interval, plain
from annotator.ui.people.agreement import agreement
from annotator.ui.quality.looked_at import looked_at
from annotator.ui.web.opened import opened
from annotator.ui.words.language import _
from annotator.ui.words.numbers import localized
from annotator.wording import could_not, decided_since, many, percent


def page() -> None:
    """Draw the advice and the certificate, then one round: all of it, and a part of the rest."""
    service = opened()
    if barred(service, "pseudo_labels"):
        return
    done = [each for each in service.rounds() if each.state == "done"]
    if not done:
        st.info(_("Nothing to judge yet: no round has finished. Start one on the Rounds page."))
        agreement(service)
        return
    alarm(service.below_baseline())
    _advice(service)
    section(service)
    numbers = {each.number: each for each in reversed(done)}
    chosen = numbers[
        st.selectbox(
            _("Look at round"), list(numbers), width=160, format_func=lambda n: _(f"Round {n}")
        )
    ]
    left, right = st.columns(2, gap="medium")
    with left:
        _confidence(service, chosen)
    with right:
        _confusion(service, chosen)
    looked_at(service, chosen, done)
    if doubted := service.count_guesses(SoughtGuesses(among="labels")):
        st.markdown(
            _(
                f"{many(doubted, 'label')} may be wrong, by what models say that had not learned "
                "from them: look through them on Review."
            )
        )
    link("Review", _("Look through the pseudo-labels"))
    agreement(service)


def _advice(service: Service) -> None:
    """What speaks for stopping and what against it; the decision is the expert's."""
    st.subheader(_("Label on or stop?"))
    for each in service.advice():
        icon = ":material/check_circle:" if each.stop else ":material/arrow_forward:"
        st.markdown(f"{icon} {plain(_(each.text))}")


def _confidence(service: Service, chosen: Round) -> None:
    st.subheader(_("Confidence"))
    bins = service.confidences(chosen.number)
    if not bins:
        st.caption(_("No image is left without a label, so there is nothing to be sure about."))
        return
    st.altair_chart(localized(charts.confidences(bins, chosen.threshold)))
    deferral(chosen)
    given, left = chosen.pseudo_labels or 0, service.pseudo_left(chosen.number)
    told = (
        f"{given:,} images, {percent(chosen.pseudo_ratio or 0)} of the unlabeled ones, lay at or "
        f"above the threshold of {percent(chosen.threshold)} as the round ended: these are the "
        "pseudo-labels.",
        decided_since(given, given if left is None else left),
        chosen.calibrated,
    )
    st.caption(_(" ".join(filter(None, told))))


def _confusion(service: Service, chosen: Round) -> None:
    st.subheader(_("Test images: expert and model"))
    matrix = service.confusion(chosen.number)
    if matrix is None:
        st.info(_("No test image is labeled yet. They come up by themselves on the Label page."))
        return
    st.altair_chart(localized(shades.confusion(matrix, st.context.theme.type)))
    point = next(
        (each for each in service.curve() if each.round == chosen.number and each.model == "ssl"),
        None,
    )
    if point:
        told = could_not(service.progress().test_unjudged, point.n)
        st.caption(
            _(f"Accuracy {interval(point)}{told}. Rows: experts’ labels; columns: the model’s.")
        )
