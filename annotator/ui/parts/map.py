"""The map on the Data page: draw a box, look at what is in it, ask it next."""

from __future__ import annotations

import streamlit as st

from annotator.model import MapPoint
from annotator.service import Service
from annotator.ui.parts.grid import Card, picked
from annotator.ui.parts.scatter import inside, scatter
from annotator.ui.parts.text import errors_in_words
from annotator.ui.web.opened import opened
from annotator.ui.words.language import _
from annotator.ui.words.numbers import localized
from annotator.wording import percent

_KEPT = "map_points"  # (state, points)
_SHOWN = 12  # pictures of a selection
_COLORS = ("label", "pseudo-label", "entropy", "source")


def atlas(like: str) -> None:
    """Draw the map; a picture that is clicked goes into the session state under `like`."""
    service = opened()
    points = _points(service)
    st.subheader(_("Map"))
    if not points:
        st.caption(_(absent(service.settings().map_images, service.progress().pool)))
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        color = st.segmented_control(
            _("Color by"), _COLORS, default="label", required=True, format_func=_
        )
        beside = st.container()  # here a box can be asked without scrolling past the map
    names = [each.name for each in service.classes()]
    drawn = st.altair_chart(  # one key for all colors: the box outlives a change of color
        localized(scatter(points, color, names)), on_select="rerun", key="map", theme="streamlit"
    )
    pool = service.progress().pool
    sample = f"A sample of {len(points):,} of {pool:,} images. " if len(points) < pool else ""
    st.caption(
        _(
            f"{sample}Images that look alike to the newest model lie together. Drag a box over "
            "some to look at them or have them asked next. Test images are left out: nobody picks "
            "those."
        )
    )
    chosen = inside(points, drawn.selection)
    if chosen:
        with beside:
            _ask(service, chosen)
        _chosen(service, chosen, like)


def absent(most: int, pool: int) -> str:
    """Why there is no map, where `most` images may be on it and the pool has so many."""
    if not most:
        return "There is no map: “Images on the map” is 0 on the Settings page."
    if not pool:
        return "There is no map: every image is reserved for measuring."
    return "The map appears as soon as a job has looked at the images."


def _points(service: Service) -> list[MapPoint]:
    """Read anew only if a job drew it, an expert labeled, or a round ended."""
    state = service.explore.state()
    kept = st.session_state.get(_KEPT)
    if kept is None or kept[0] != state:
        kept = st.session_state[_KEPT] = (state, service.explore.points())
    points: list[MapPoint] = kept[1]
    return points


def _ask(service: Service, chosen: list[MapPoint]) -> None:
    """The button that asks what is in the box, and what that is."""
    open_ = [each for each in chosen if each.label is None]
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(_("Ask these next"), type="primary", disabled=not open_, key="ask_map"):
            with errors_in_words():
                n = service.explore.ask_next(
                    (each.image_id for each in open_), f"picked on the map by {service.person.name}"
                )
                st.toast(_(asked(n, len(open_))))
        st.markdown(_(f"{len(chosen):,} images, {len(open_):,} of them without a label"))


def asked(n: int, open_: int) -> str:
    """What became of `open_` images without a label, of which `n` were taken."""
    rest = f", the most doubtful of {open_:,}: no more are asked at once" if n < open_ else ""
    return f"{n:,} images are asked next on the Label page{rest}."


def _chosen(service: Service, chosen: list[MapPoint], like: str) -> None:
    if len(chosen) > _SHOWN:
        st.caption(_(f"The {_SHOWN} most doubtful of the {len(chosen):,} images in the box:"))
    images = service.images_of(each.image_id for each in chosen[:_SHOWN])
    cards = {
        each.image_id: Card(
            service.image_url(each.image_id, thumbnail=True),
            _(known(each)),
            images[each.image_id].name,
        )
        for each in chosen[:_SHOWN]
    }
    if image_id := picked(cards, "picked_on_map"):
        st.session_state[like] = image_id
        st.rerun()


def known(point: MapPoint) -> str:
    """The class by the expert, or by the model and how sure it is."""
    if point.label:
        return f"{point.label}, labeled"
    if point.predicted is None or point.confidence is None:
        return "not predicted yet"
    return f"{point.predicted}? {percent(point.confidence)}"
