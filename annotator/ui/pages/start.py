"""Start: what this workspace is, what to do next, and what happened since last time."""

from __future__ import annotations

import streamlit as st

from annotator.service import Service
from annotator.ui.parts.text import moment, plain
from annotator.ui.starting.next import draw
from annotator.ui.web.opened import opened
from annotator.ui.words.language import _
from annotator.wording import many

_NAMED = 12  # classes that are named


def page() -> None:
    """Draw the three, from top to bottom."""
    service = opened()
    st.title(plain(_(service.name)))
    st.caption(plain(_(_what(service))))
    if said := service.progress().validation:
        st.caption(_(said))
    st.subheader(_("What to do next"))
    draw(service.next_step())
    _news(service)


def _what(service: Service) -> str:
    """What the workspace holds, in a line."""
    progress, names = service.progress(), [each.name for each in service.classes()]
    more = [f"{len(names) - _NAMED:,} more"] if len(names) > _NAMED else []
    named = f": {', '.join([*names[:_NAMED], *more])}" if names else ""
    done = sum(each.state == "done" for each in service.rounds())
    return (
        f"{many(progress.images, 'image')}, {progress.labeled:,} of them labeled; "
        f"{many(done, 'finished round')}; {many(len(names), 'class', 'classes')}{named}."
    )


def _news(service: Service) -> None:
    news = service.news()
    if news.since is None:
        st.subheader(_("What happened in the last seven days"))
    else:
        st.subheader(_(f"What happened since {moment(news.since)}"))
    st.markdown("\n".join(f"- {plain(_(each))}" for each in news.said) or _("Nothing."))
