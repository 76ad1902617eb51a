"""What the reader may choose on the page: two periods or two places; all of it part of the address."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import streamlit as st

from geo.analysis.counting.compare import Period
from geo.analysis.counting.compare_places import DIVISION, REST, SOUTH
from geo.districts import Districts
from geo.incidents import IncidentTable
from geo.shown_names import shown_name
from geo.views import address
from geo.wording import N_, _, words

KINDS: dict[str, str] = {"periods": N_("Two periods"), "places": N_("Two places")}
_SPANS: dict[str, str] = {
    "years": N_("Two calendar years"),
    "twelve": N_("The last 12 months and the 12 before"),
    "own": N_("Other dates"),
}


def periods(table: IncidentTable) -> tuple[Period, Period]:
    """Draw the choice of two periods and return the earlier and the later one, or as the reader has put them."""
    first_day, last_day = table.first_day or date.today(), table.last_day or date.today()
    how, left, right = st.columns([2, 2, 2])
    with how:
        spans = address.option("spans", words(_SPANS), _("Periods"))
    if spans == "twelve":
        return twelve_months(last_day)
    whole = last_day.year if last_day.month == 12 else last_day.year - 1
    if spans == "years":
        years = {str(year): str(year) for year in range(last_day.year, min(first_day.year, whole - 1) - 1, -1)}
        with left:
            first = int(address.option("year1", years, _("First year"), usual=str(whole - 1)))
        with right:
            second = int(address.option("year2", years, _("Second year"), usual=str(whole)))
        # Always in the address: a link that was quoted must mean the same years when newer data have come.
        address.keep("year1", str(first))
        address.keep("year2", str(second))
        return year_of(first), year_of(second)
    bounds = Period(date(first_day.year, 1, 1), date(last_day.year, 12, 31))
    with left:
        first_period = _dates("period1", _("First period"), year_of(whole - 1), bounds)
    with right:
        second_period = _dates("period2", _("Second period"), year_of(whole), bounds)
    return first_period, second_period


def year_of(year: int) -> Period:
    """Return a calendar year."""
    return Period(date(year, 1, 1), date(year, 12, 31))


def twelve_months(last_day: date) -> tuple[Period, Period]:
    """Return the 12 months before the last twelve, and the last twelve whole months of data up to a day.

    The month of the last record is left out unless it ends there: it is often still being filled.
    """
    after = last_day + timedelta(days=1)
    end = after if after.day == 1 else last_day.replace(day=1)
    starts = [end.replace(year=end.year - years) for years in (2, 1, 0)]
    day = timedelta(days=1)
    return Period(starts[0], starts[1] - day), Period(starts[1], starts[2] - day)


def _dates(key: str, label: str, usual: Period, bounds: Period) -> Period:
    """Draw one period of days; while only its first day is chosen, the last whole choice counts."""
    remembered = parsed(address.text(key), bounds)
    address.check(key, remembered is not None or not address.text(key))
    kept, widget = remembered or usual, address.widget_key(key)
    st.session_state.setdefault(widget, (kept.first, kept.last))
    chosen: Any = st.date_input(
        label,
        key=widget,
        min_value=bounds.first,
        max_value=bounds.last,
        format="YYYY-MM-DD",
        help=_("First and last day"),
    )
    found = Period(*chosen) if len(chosen) == 2 else kept
    address.keep(key, _code(found))
    return found


def _code(period: Period) -> str:
    return f"{period.first}_{period.last}"


def parsed(code: str, bounds: Period) -> Period | None:
    """Return the period of a text such as "2024-01-01_2024-06-30", None if it is not one within the bounds."""
    try:
        first, last = (date.fromisoformat(part) for part in code.split("_"))
    except ValueError:
        return None
    return Period(first, last) if bounds.first <= first <= last <= bounds.last else None


def place_names(districts: Districts) -> dict[str, str]:
    """Return the names of everything that can be compared as a place, by its code."""
    divisions = {
        f"{DIVISION}{name}": _("{name} division", name=shown_name(name)) for name in sorted(set(districts.divisions))
    }
    by_name = sorted(districts.pcodes, key=districts.names.__getitem__)
    named = {pcode: districts.names[pcode] for pcode in by_name}
    return {SOUTH: _("The south"), REST: _("The rest"), **divisions, **named}


def places(districts: Districts) -> tuple[str, str, dict[str, str]]:
    """Draw the choice of a place and a reference; return their codes, and the names of all codes."""
    names = place_names(districts)
    left, right = st.columns(2)
    with left:
        place = address.option("place", names, _("Place"), usual=SOUTH)
    with right:
        reference = address.option("reference", names, _("Compared with"), usual=REST)
    st.caption(_("The south: Bannu and Dera Ismail Khan divisions. The rest: all districts outside the other place."))
    return place, reference, names
