"""The open audit: how far it is, second looks, and its end."""

from __future__ import annotations

import streamlit as st

from annotator.model.auditing import words
from annotator.model.auditing.results import AuditProgress, SecondLook
from annotator.service import Service
from annotator.ui.parts.links import link
from annotator.ui.parts.text import errors_in_words, plain
from annotator.ui.words.language import _


def draw(service: Service, progress: AuditProgress) -> None:
    """Draw it; it is closed and canceled here."""
    st.caption(plain(_(words.promise(progress.terms))))
    done = progress.labels - progress.waiting
    st.progress(done / progress.labels, text=_(f"{done:,} of {progress.labels:,} answered"))
    for line in words.progress(progress)[1:]:
        st.markdown(plain(_(line)))
    if not progress.asked_all:
        link("Label", _("Answer"))
    second_looks = service.certify.second_looks()
    if second_looks:
        _look_twice(service, second_looks[0], len(second_looks))
    _end(service, progress, pending=bool(second_looks))
    with st.expander(_("Hash of the plan")):
        st.code(progress.audit.plan_hash, language=None, wrap_lines=True)
        st.caption(
            _(
                "Whoever is told it now can see later that the plan was not made up after the "
                "answers."
            )
        )


def _look_twice(service: Service, look: SecondLook, left: int) -> None:
    """One image whose answer and pseudo-label differ: which is it?"""
    st.markdown(_(f"**Look twice** · {left:,} to go"))
    names = {each.id: each.name for each in service.classes(removed=True)}
    style = "max-width:100%;max-height:20rem;min-height:8rem;object-fit:contain"
    st.html(f'<img src="{service.image_url(look.image.id)}" alt="" style="{style}">')
    others = [each.id for each in service.classes() if each.id not in look.classes]
    with st.container(horizontal=True):
        for class_id in (*look.classes, *others):
            st.button(
                plain(names[class_id]),
                key=f"settle_{look.image.id}_{class_id}",
                type="primary" if class_id in look.classes else "secondary",
                on_click=_settle,
                args=(service, look.image.id, class_id),
            )
    st.caption(_("One of the two is the model's, the other was answered; this answer is final."))


def _settle(service: Service, image_id: int, class_id: int) -> None:
    with errors_in_words():
        service.certify.settle(image_id, class_id)


def _end(service: Service, progress: AuditProgress, *, pending: bool) -> None:
    ready = progress.hopeless or not progress.waiting
    with st.container(horizontal=True):
        if st.button(
            _("Close and see what it proves"),
            type="primary" if ready and not pending else "secondary",
            disabled=not ready and not progress.asked_all,
            icon=":material/verified:",
        ):
            service.certify.close(unanswered_wrong=progress.asked_all)
            st.session_state.pop("certify_plan", None)
            st.rerun()
        if st.button(
            _("Cancel the audit"),
            icon=":material/cancel:",
            help=_("Nothing is certified then, and it counts as an attempt all the same."),
        ):
            service.certify.cancel()
            st.session_state.pop("certify_plan", None)
            st.rerun()
