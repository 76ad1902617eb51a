"""Clicks on a map: what the browser reports, checked, and returned once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from geo import districts
from geo.views.layers import PointsView

_MOST_RETURNED = 200


@dataclass(frozen=True, slots=True)
class MapClick:
    """What the reader clicked: a district, or incidents by their position in the table.

    is_number: whether it was the number of incidents in the district.
    """

    pcode: str | None = None
    positions: tuple[int, ...] = ()
    is_number: bool = False


def new_click(
    state: Any, key: str, value: Mapping[str, Any] | None, points: PointsView | None, reader: str
) -> MapClick | None:
    """Return the click in a map's value, once.

    state: the session's state. reader: who asks, the callback ("called") or the page ("returned"); each gets a
    click once, although Streamlit returns the same value in every later run. Everything the browser sent is checked:
    an unknown P-code or a position outside the points of the map is dropped.
    """
    drawing = (value or {}).get("last_active_drawing") or {}
    properties = drawing.get("properties") or {}
    stamp = properties.get("click")
    seen = f"{key}:{reader}"
    if not isinstance(stamp, int) or state.get(seen) == stamp:
        return None
    state[seen] = stamp
    pcode = properties.get("pcode")
    if not isinstance(pcode, str) or pcode not in districts.load().attributes:
        pcode = None
    is_number = pcode is not None and properties.get("number") is True
    return MapClick(pcode, _positions(properties, points), is_number)


def _positions(properties: Mapping[str, Any], points: PointsView | None) -> tuple[int, ...]:
    """The filter may have changed since the click: places within another set of points mean other incidents."""
    chosen = properties.get("incidents")
    if points is None or not isinstance(chosen, list) or properties.get("of") != points.token:
        return ()
    inside = [place for place in chosen[:_MOST_RETURNED] if isinstance(place, int) and 0 <= place < len(points)]
    return tuple(int(points.positions[place]) for place in inside)
