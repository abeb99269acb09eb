"""Rounds: start one, watch it learn, and see whether the unlabeled images helped."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from annotator.model import REGIMES, Parameter, Round
from annotator.service import Service
from annotator.ui.parts import charts
from annotator.ui.parts.job import live
from annotator.ui.parts.text import alarm, barred, errors_in_words, log_line, plain
from annotator.ui.web.opened import opened
from annotator.ui.words.language import _
from annotator.ui.words.numbers import localized
from annotator.wording import could_not, left_out

_REFRESH = 5.0  # seconds between looks at a running round's curves


def page() -> None:
    """Draw the form beside the live job, then the curves, then the table."""
    service = opened()
    form, now = st.columns([1.2, 1], gap="large")
    with form:
        _form(service)
    with now:
        st.subheader(_("Now"))
        live({"Quality": "See the pseudo-labels"})
        if service.worker_alive():
            st.caption(_(":material/check_circle: The worker is running."))
        _log(service)
    _learning(service)
    _training(service)
    _table(service.rounds())


def _log(service: Service) -> None:
    """What the log says of the last job, if it failed, for whoever wants to know more."""
    job = service.last_job()
    if job is None or job.state != "failed" or service.refusal("job_log"):
        return
    with st.expander(_("The last lines of its log")):
        st.code("\n".join(map(log_line, service.job_log(job))) or "Nothing.", language=None)


def _form(service: Service) -> None:
    st.subheader(_("Start a round"))
    if barred(service, "start_round"):
        return
    settings, methods = service.settings(), {each.name: each for each in service.methods()}
    names = list(methods)
    default = names.index(settings.method) if settings.method in names else 0
    left, right = st.columns(2)
    name = left.selectbox(_("Method"), names, index=default)
    regimes = list(REGIMES)
    regime = right.selectbox(
        _("Regime"),
        regimes,
        index=regimes.index(settings.regime),
        format_func=lambda each: f"{each}: {_(REGIMES[each])}",
    )
    st.caption(plain(_(methods[name].summary)))
    if seen := service.features_in_use():
        st.caption(plain(_(f"Frozen rounds see {settings.backbone}: {seen}.")))
    with st.expander(_("Parameters")):
        params = {each.name: _widget(name, each) for each in methods[name].parameters}
        if not params:
            st.caption(_("This method has none."))
    changed = {
        each.name: params[each.name]
        for each in methods[name].parameters
        if params[each.name] != each.default
    }
    busy = service.active_job() is not None
    if busy:
        st.caption(_("A job runs or waits: a round can be started once it has ended."))
    if st.button(_("Start"), type="primary", disabled=busy, icon=":material/play_arrow:"):
        with errors_in_words():
            service.start_round(name, regime, changed)
            st.rerun()


def _widget(method: str, parameter: Parameter) -> Any:
    """The input that fits the parameter's type and says what is allowed."""
    key, label = f"{method}.{parameter.name}", parameter.name.replace("_", " ")
    default, hint = parameter.default, _(parameter.help) or None
    if parameter.choices:
        place = parameter.choices.index(default)
        return st.selectbox(label, parameter.choices, index=place, help=hint, key=key)
    if parameter.type == "bool":
        return st.checkbox(label, value=bool(default), help=hint, key=key)
    if parameter.type in ("int", "float"):
        return _number(parameter, label, key)
    return st.text_input(label, value=str(default), help=hint, key=key)


def _number(parameter: Parameter, label: str, key: str) -> Any:
    """The input of a number, empty where that is the default.

    What is allowed stands beside the name and is not set on the input, which would keep the number
    from before in place of a wrong one, without a word: Start says what is wrong with it.
    """
    kind = int if parameter.type == "int" else float  # all numbers of an input are of one type
    return st.number_input(
        f"{label} ({parameter.allowed})" if parameter.allowed else label,
        value=None if parameter.default is None else kind(parameter.default),
        step=1 if kind is int else None,
        format="%d" if kind is int else "%g",
        help=_(parameter.help) or None,
        key=key,
    )


def _learning(service: Service) -> None:
    st.subheader(_("Does it learn?"))
    points = service.curve()
    if not points:
        progress = service.progress()
        st.info(
            _(
                f"No accuracy yet. {progress.test:,} images are reserved for measuring and "
                f"{progress.test_labeled:,} of them are labeled; they come up by themselves, mixed "
                "among the others on the Label page. Accuracy is shown once a round has run and "
                "some of them are labeled."
            )
        )
        return
    alarm(service.below_baseline())
    left, right = st.columns(2, gap="medium")
    parted = service.stretches()
    left.altair_chart(localized(charts.learning_curve(parted, "accuracy")))
    right.altair_chart(localized(charts.learning_curve(parted, "balanced accuracy")))
    if said := service.breaks():
        st.info(_(said), icon=":material/timeline:")
    st.caption(
        _(
            f"Measured on {points[-1].n:,} labeled test images that no model learned from"
            f"{could_not(service.progress().test_unjudged, points[-1].n)}. They speak "
            "of images like all that were there when the round began. The band "
            "is the exact 95 % interval of the accuracy; balanced accuracy is the mean of the "
            "classes’ own accuracies. The baseline learned from the labels alone: on frozen images "
            "it is the better of logistic regression and a network, by labeled images kept from "
            "them; where whole networks are trained it is one of them."
        )
    )


def _training(service: Service) -> None:
    """The curves of one round; the newest unless another is chosen, growing while it runs."""
    busy = service.active_job() is not None
    st.fragment(_curves, run_every=_REFRESH if busy else None)()


def _curves() -> None:
    with errors_in_words():
        service = opened()
        numbers = {each.number: each for each in reversed(service.rounds())}
        if not numbers:
            return
        st.subheader(_("Training"))
        number = st.selectbox(
            _("Look at round"),
            list(numbers),
            width=160,
            format_func=lambda each: _(f"Round {each}"),
        )
        chosen = numbers[number]
        if chosen.details.trial:
            st.caption(plain(_(f"{chosen.details.trial.words}.")))
        points = service.epochs(chosen.number)
        if not points:
            st.caption(_("Nothing has been recorded yet."))
            return
        left, right = st.columns(2, gap="medium")
        left.altair_chart(localized(charts.losses(points)))
        if any(each.model == "ssl" for each in points):
            right.altair_chart(localized(charts.used_share(points)))
        if not any(each.model == "baseline" for each in points):
            st.caption(plain(_(f"The baseline, {chosen.baseline}, has no training steps to show.")))


def _table(found: list[Round]) -> None:
    if not found:
        return
    st.subheader(_("All rounds"))
    if without := found[-1].details.left_out:
        st.caption(_(f"Round {found[-1].number}: {left_out(without)}"))
    rows = pd.DataFrame(
        {
            _("round"): each.number,
            _("state"): _(each.state),
            _("method"): each.method,
            _("baseline"): each.baseline,
            _("regime"): each.regime,
            _("sees"): each.details.backbone,
            _("labels"): each.labels,
            _("left out"): each.details.left_out,
            _("pseudo-labels"): each.pseudo_labels,
            _("share"): None if each.pseudo_ratio is None else 100 * each.pseudo_ratio,
            _("threshold"): 100 * each.threshold,
            _("seconds"): each.seconds,
            _("stopped"): _(each.stopped or ""),
        }
        for each in reversed(found)
    )
    columns = {
        _("left out"): st.column_config.NumberColumn(
            help=_("Labeled images that people disagree about, where Settings leaves them out.")
        ),
        _("pseudo-labels"): st.column_config.NumberColumn(
            format="localized",
            help=_("As the round ended: Quality says how many have been decided on since."),
        ),
        _("share"): st.column_config.NumberColumn(
            _("share"), format="%.1f %%", help=_("Of the unlabeled images that may be trained on.")
        ),
        _("threshold"): st.column_config.NumberColumn(format="%.1f %%"),
        _("seconds"): st.column_config.NumberColumn(format="%.0f"),
    }
    st.dataframe(rows, hide_index=True, column_config=columns)
