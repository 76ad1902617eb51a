"""A published total beside its recount in words, and the table of several."""

from __future__ import annotations

import pandas as pd

from geo.analysis.evidence.published import Total
from geo.analysis.evidence.recount import UNITS, Recount
from geo.publishers import web_address
from geo.shown_names import shown_publisher
from geo.views import cached
from geo.wording import N_, _, format_number

# Names of the columns of `totals_frame`, on the page and, in English, in files.
COLUMNS: dict[str, str] = {
    "from": N_("From"),
    "to": N_("To"),
    "figure": N_("Figure"),
    "place": N_("Place"),
    "publisher": N_("Publisher"),
    "value": N_("Published"),
    "ours": N_("Recorded here"),
    "coverage": N_("Recorded of published"),
    "url": N_("Page"),
    "note": N_("Caveat"),
}


def place_text(total: Total) -> str:
    """Return the place of a total: the district, the province, or the kind of unit that is neither."""
    names = cached.districts().names
    if total.unit == "province":
        return _("Khyber Pakhtunkhwa")
    name = names[total.pcode] if total.pcode else ""
    return name if total.unit == "district" else ": ".join(filter(None, (_(UNITS[total.unit]), name)))


def coverage_text(found: Recount) -> str:
    """Return our count as a share of the published figure, with its interval where it has one."""
    if found.coverage is None:
        return ""
    share = format_number(100 * found.coverage)
    if found.interval is None:
        return _("{share} %", share=share)
    low, high = (format_number(100 * limit) for limit in found.interval)
    return _("{share} % ({low} to {high})", share=share, low=low, high=high)


def totals_frame(found: list[Recount]) -> pd.DataFrame:
    """Return one row a total: window, place, publisher, both figures, coverage in words, caveat, address."""
    return pd.DataFrame(
        {
            "from": [one.total.first for one in found],
            "to": [one.total.last for one in found],
            "place": [place_text(one.total) for one in found],
            "publisher": [shown_publisher(one.total.publisher) for one in found],
            "value": [one.total.value for one in found],
            "ours": pd.array([one.ours for one in found], dtype=pd.Int64Dtype()),
            "coverage": [coverage_text(one) for one in found],
            "url": [web_address(one.total.url) for one in found],
            "note": [one.total.note for one in found],
        }
    )
