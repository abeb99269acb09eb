"""The map on the Data page: draw a box, look at what is in it, ask it next."""

from __future__ import annotations

import streamlit as st

from annotator.explore import MapPoint
from annotator.service import Service
from annotator.ui.opened import annotator, opened
from annotator.ui.picker import Pick, picker
from annotator.ui.scatter import inside, scatter
from annotator.ui.shown import errors_in_words

_KEPT = "map_points"  # (state, points)
_SHOWN = 12  # pictures of a selection
_COLORS = ("label", "pseudo-label", "entropy", "source")


def atlas(like: str) -> None:
    """Draw the map; a picture that is clicked goes into the session state under `like`."""
    service = opened()
    points = _points(service)
    st.subheader("Map")
    if not points:
        st.caption("The map appears as soon as a job has looked at the images.")
        return
    color = st.segmented_control("Color by", _COLORS, default="label", required=True)
    names = [each.name for each in service.classes()]
    drawn = st.altair_chart(
        scatter(points, color, names), on_select="rerun", key=f"map_{color}", theme="streamlit"
    )
    pool = service.progress().pool
    sample = f"A sample of {len(points):,} of {pool:,} images. " if len(points) < pool else ""
    st.caption(
        f"{sample}Images that look alike to the newest model lie together. Drag a box over some to "
        "look at them or have them asked next. Test images are left out: nobody picks those."
    )
    chosen = inside(points, drawn.selection)
    if chosen:
        _chosen(service, chosen, like)


def _points(service: Service) -> list[MapPoint]:
    """Read anew only if a job drew it, an expert labelled, or a round ended."""
    state = service.explore.state()
    kept = st.session_state.get(_KEPT)
    if kept is None or kept[0] != state:
        kept = st.session_state[_KEPT] = (state, service.explore.points())
    points: list[MapPoint] = kept[1]
    return points


def _chosen(service: Service, chosen: list[MapPoint], like: str) -> None:
    open_ = [each for each in chosen if each.label is None]
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Ask these next", type="primary", disabled=not open_, key="ask_map"):
            with errors_in_words():
                n = service.explore.ask_next(
                    (each.image_id for each in open_), f"picked on the map by {annotator()}"
                )
                st.toast(f"{n:,} images are asked next on the Label page.")
        shown = f", the {_SHOWN} most doubtful are shown" if len(chosen) > _SHOWN else ""
        st.markdown(f"{len(chosen):,} images, {len(open_):,} of them without a label{shown}.")
    cards = [
        Pick(
            each.image_id,
            service.image_url(each.image_id, thumbnail=True),
            each.label or each.predicted or "not predicted yet",
            service.image(each.image_id).name,
        )
        for each in chosen[:_SHOWN]
    ]
    if picked := picker(cards, "picked_on_map"):
        st.session_state[like] = picked
        st.rerun()
