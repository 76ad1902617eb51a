"""The whole address of a view, with the name of the server, for somebody else."""

from __future__ import annotations

from urllib.parse import quote, urlencode, urljoin, urlsplit

import streamlit as st

from geo.export.map_position import MapPosition
from geo.export.view_settings import ViewSettings
from geo.filters import Filters
from geo.views import address

_OWN_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})


def is_own_machine() -> bool:
    """Whether only this computer can open the address of the app."""
    return urlsplit(st.context.url or "").hostname in _OWN_MACHINE


def of_incident(url: str, incident_id: str, version: str) -> str:
    """Return the whole address of the page of an incident with the version of the data.

    url: of any page of the app, "" where it is not known; then there is no address.
    """
    query = urlencode({address.VERSION: version}, quote_via=quote)
    return urljoin(url, f"{address.of_incident(incident_id)}&{query}") if url else ""


def permanent(
    version: str, place: MapPosition | None = None, *, embed: bool = False, filters: Filters | None = None
) -> str:
    """Return the whole address of the view with its period and the version of its data; "" where it is not known.

    filters: of the view, where they are not those of the controls. place: where its map is opened.
    embed: the address of the map alone, for a frame in another page. The address of
    the browser leaves out a period that follows the data.
    """
    url = st.context.url or ""
    chosen = address.filters() if filters is None else filters
    view = ViewSettings(chosen, options=address.options(), data_version=version, map_position=place)
    query = address.query_of(view) | address.spoken()
    query |= {"embed": "1"} if embed else {}
    return f"{url}?{urlencode(query, quote_via=quote)}" if url else ""
