"""One incident in words: date as precise as it is known, place, toll, and a link that is a web address."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from urllib.parse import quote

import numpy as np
from numpy.typing import NDArray

from geo.districts import shown_group
from geo.incidents import UNKNOWN, IncidentTable
from geo.policy import rows_shown
from geo.publishers import web_address
from geo.schema import ATTACK_TYPES, ATTRIBUTIONS, DATE_PRECISIONS, SOURCES, TARGET_TYPES
from geo.text import markdown_text
from geo.wording import N_, _, _n, digits, format_date, format_number, in_digits, language, words

# Labels of what `incident_rows` returns for each incident.
FIELDS: dict[str, str] = {
    "date": N_("Date"),
    "place": N_("Place"),
    "attack": N_("Type"),
    "target": N_("Target"),
    "group": N_("Group"),
    "killed": N_("Killed"),
    "injured": N_("Injured"),
    "reported_by": N_("Reported by"),
}
_RANGE = N_("{best} ({low} to {high})")
_PRECISIONS, _ATTRIBUTIONS = tuple(DATE_PRECISIONS), tuple(ATTRIBUTIONS)


def incident_rows(table: IncidentTable, positions: NDArray[np.int64]) -> list[dict[str, str]]:
    """Return incidents in words, in the order of their positions: the keys of FIELDS, and "url" of the source page.

    Everything but the date is "" where the licence of the source does not allow its rows to be shown.
    """
    attacks, targets = list(words(ATTACK_TYPES).values()), list(words(TARGET_TYPES).values())
    allowed = may_show_rows(table)
    rows = []
    for k, detail in zip(positions, table.details.take(positions).to_pylist(), strict=True):
        row = dict.fromkeys((*FIELDS, "url"), "") | {"date": date_text(table, int(k))}
        if allowed[table.source[k]]:
            row |= {
                "place": detail["place"] or "",
                "attack": attacks[table.attack_type[k]],
                "target": targets[table.target_type[k]],
                "group": group_text(shown_group(detail["group_reported"] or ""), _ATTRIBUTIONS[table.attribution[k]]),
                "killed": toll_text(int(table.killed_best[k]), detail["killed_low"], detail["killed_high"]),
                "injured": figure_text(int(table.injured[k])),
                "reported_by": merged_text(detail["member_sources"]),
                "url": web_address(detail["source_url"]) or "",
            }
        rows.append(row)
    return rows


def may_show_rows(table: IncidentTable) -> NDArray[np.bool_]:
    """Return whether the licence of each source of a table allows its rows to be shown: bool, shape (sources,)."""
    return rows_shown(table.sources)


def date_text(table: IncidentTable, k: int) -> str:
    """Return the date of incident k: "3 Mar 2024", "March 2024", "2024" or "2022-23", never more than is known."""
    first, precision = date(1970, 1, 1) + timedelta(days=int(table.day[k])), _PRECISIONS[table.date_precision[k]]
    return day_text(first, precision, table.details["date_end"][k].as_py() if precision == "year" else None)


def day_text(day: date, precision: str, last: date | None = None) -> str:
    """Return a first possible day as precise as it is known; precision: key of DATE_PRECISIONS.

    last: the last possible day; of a year that ends in another both are named, as of a financial year.
    """
    if precision == "year" and last is not None and last.year != day.year:
        if last.year == day.year + 1:
            return in_digits(f"{day:%Y}-{last:%y}")
        return _("{first} to {last}", first=in_digits(f"{day:%Y}"), last=in_digits(f"{last:%Y}"))
    return _day_text(day, precision, language(), digits())


@lru_cache(maxsize=20_000)  # a map's pop-ups hold thousands of dates, and formatting one is slow
def _day_text(day: date, precision: str, language: str, system: str) -> str:  # noqa: ARG001 (parts of the key)
    if precision == "year":
        return in_digits(f"{day:%Y}")
    if precision == "month":
        return format_date(day, "month")
    short = format_date(day, "short")
    if precision == "week":
        return _("week of {day}", day=short)
    return _("about {day}", day=short) if precision == "days_2_6" else short


def where_text(place: str, district: str) -> str:
    """Return a place, as its source names it, and its district; either may be ""."""
    return _("{place}, {district}", place=place, district=district) if place and district else place or district


def group_text(stated: str | None, attribution: str) -> str:
    """Return the stated group and who named it, or that none is named."""
    if not stated or attribution == "none":
        return stated or _("not attributed")
    return _("{group} ({attribution})", group=stated, attribution=_(ATTRIBUTIONS[attribution]))


def outside_text(said: str, km: int) -> str:
    """Return a district or a precision, marked where the point of the incident lies so far outside its district."""
    return _("{said}; its point lies {n} km outside the district", said=said, n=km) if km else said


def toll_text(best: int, low: int | None, high: int | None, template: str = _RANGE) -> str:
    """Return people killed with the range that the source states: "5", "5 (3 to 9)", "0 to 4".

    template: of a figure with a range, where the words around it do not say what the brackets are.
    """
    if best == UNKNOWN or high is None or high <= max(best, 0):
        return figure_text(best)
    lowest = best if low is None else low
    if best == lowest:
        return _("{low} to {high}", low=lowest, high=high)
    return _(template, best=best, low=lowest, high=high)


def figure_text(value: int) -> str:
    """Return a count, or that the source states none."""
    if value == UNKNOWN:
        return _("not stated")
    return in_digits(str(value)) if value < 1_000 else format_number(value)


def merged_text(member_sources: Sequence[str] | None) -> str:
    """Return "merged, 2 sources: ..." for a merged incident, "" for any other (None)."""
    if not member_sources:
        return ""
    labels = [_(SOURCES[key].label) if key in SOURCES else key for key in dict.fromkeys(member_sources)]
    if len(labels) == 1:
        n = len(member_sources)
        return _n("merged, {n} record of {source}", "merged, {n} records of one source: {source}", n, source=labels[0])
    return _n(
        "merged, {n} source: {sources}", "merged, {n} sources: {sources}", len(labels), sources=_("; ").join(labels)
    )


def link(address: str, label: str) -> str:
    """Return a Markdown link with the label as plain text; characters that would end the address are percent-encoded.

    The only way in which an address of a file enters Markdown: it must have passed geo.publishers.web_address.
    """
    target = "".join(quote(char) if char in "()<>[]\\|`\"'" or not char.isprintable() else char for char in address)
    target = "%20".join(target.split(" "))
    return f"[{markdown_text(label)}]({target})"


def markdown_table(heads: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table; cells are Markdown without line ends and bare vertical bars."""
    ruled = [heads, ["---"] * len(heads), *lines]
    return "\n".join(f"| {' | '.join(line)} |" for line in ruled)
