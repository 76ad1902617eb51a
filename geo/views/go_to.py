"""The box that moves the map to a place of the gazetteer, typed in any script."""

from __future__ import annotations

import streamlit as st

from geo.districts import Districts
from geo.gazetteer import Place
from geo.shown_names import shown_name
from geo.text import markdown_text
from geo.views.layers import GoTo
from geo.wording import _

# No closer than a town: the places of a gazetteer are known to about a kilometre.
_TOWN_ZOOM, _DISTRICT_ZOOM = 10.0, 8.5
_MOST_PROPOSALS, _LONGEST = 8, 80
_TYPED, _CHOSEN = "go_to_typed", "go_to_chosen"


def box(districts: Districts) -> GoTo | None:
    """Draw the box, with proposals where several places answer to what was typed; return where the map should go."""
    typed = st.text_input(_("Go to a place"), key=_TYPED, placeholder=_("Mir Ali, میر علی"))[:_LONGEST]
    if not typed.strip():
        return None
    found = proposals(districts, typed)
    if not found:
        st.caption(_("No place of this name is in the gazetteer."))
        return None
    names = [place_name(districts, place) for place in found]
    position = 0
    if len(found) > 1:
        # Another text brings other proposals, of which the first is chosen: the list is a new one.
        label, key = _("Places of this name"), f"{_CHOSEN}_{typed}"
        position = st.selectbox(label, range(len(found)), key=key, format_func=names.__getitem__)
    else:
        st.caption(markdown_text(names[0]))
    place = found[position]
    zoom = _DISTRICT_ZOOM if place.source == "district" else _TOWN_ZOOM
    return GoTo(names[position], place.lat, place.lon, zoom)


def proposals(districts: Districts, typed: str) -> list[Place]:
    """Return the places to choose from, best first; of the spellings of one point only the first."""
    kept: dict[tuple[str, float, float], Place] = {}
    for place in districts.search_places(typed, 10 * _MOST_PROPOSALS):
        kept.setdefault((place.pcode, round(place.lat, 1), round(place.lon, 1)), place)
    return list(kept.values())[:_MOST_PROPOSALS]


def place_name(districts: Districts, place: Place) -> str:
    """Return "Mir Ali, North Waziristan", or the name alone where it is that of its district."""
    district = districts.names[place.pcode]
    name = shown_name(place.name)
    is_whole = place.source == "district" or name == district
    return district if is_whole else _("{place}, {district}", place=name, district=district)
