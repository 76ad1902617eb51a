"""The part of the panel "Use this" that passes a view on: a link that pins it, and a frame for another web page."""

from __future__ import annotations

import html

import streamlit as st

from geo.export.map_position import MapPosition
from geo.export.view import ExportedView
from geo.filters import Filters
from geo.text import markdown_sentence
from geo.views import cached, embed, whole_address
from geo.wording import _, format_list

_FRAME_PX = (600, 400)


def for_others(view: ExportedView, place: MapPosition | None, filters: Filters | None = None) -> str:
    """Return the link to a view whose map looks at a place; "" on one's own machine, which nobody else can open.

    filters: where they are not those of the controls.
    """
    return "" if whole_address.is_own_machine() else whole_address.permanent(view.version.code, place, filters=filters)


def draw(view: ExportedView, place: MapPosition | None, filters: Filters | None = None) -> None:
    """Draw the link to a view, and the frame where its page has one. place: where its map looks, None as it opens.

    filters: as in `for_others`.
    """
    found = whole_address.permanent(view.version.code, place, filters=filters)
    if not found:
        return
    opens = _("It opens this period and these filters, and says so if the data have changed since.")
    if place:
        opens = _(
            "It opens this period, these filters and the map where it stands now, and says so if the data have changed "
            "since."
        )
    draw_address(found, opens)
    if view.settings.page in embed.MAPS:
        st.caption(_("The map alone, for a frame in another web page:"))
        st.code(frame(whole_address.permanent(view.version.code, place, embed=True)), language="html", wrap_lines=True)
        st.caption(markdown_sentence(who_may_show(cached.settings().embed_origins)))


def draw_address(found: str, opens: str) -> None:
    """Draw a whole address, "" for none, with what it opens in words."""
    if not found:
        return
    if whole_address.is_own_machine():
        opens = f"{opens} {_('The address is that of this computer: nobody else can open it.')}"
    st.markdown(_("**Link**"))
    st.caption(opens)
    st.code(found, language=None, wrap_lines=True)


def who_may_show(origins: tuple[str, ...]) -> str:
    """Return which sites the browser lets show the frame. origins: those that the operator allows."""
    if not origins:
        return _(
            "No other site may show this frame yet: browsers leave it empty until the operator of this atlas names the "
            "site in ATLAS_EMBED_ORIGINS."
        )
    return _("Sites that may show this frame: {sites}; browsers leave it empty on others.", sites=format_list(origins))


def frame(source: str) -> str:
    """Return the HTML of a frame that shows the map of an address."""
    width, height = _FRAME_PX
    title = html.escape(_("Map of recorded incidents, KP Incident Atlas"))
    return (
        f'<iframe src="{html.escape(source)}" title="{title}" width="{width}" height="{height}" '
        f'style="border: 0; max-width: 100%" loading="lazy"></iframe>'
    )
