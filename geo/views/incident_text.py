"""One incident in words: date as precise as it is known, place, toll, and a link that is a web address."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from urllib.parse import urlsplit

from geo.incidents import UNKNOWN, IncidentTable
from geo.schema import DATE_PRECISIONS, SOURCES

_PRECISIONS = tuple(DATE_PRECISIONS)


def date_text(table: IncidentTable, k: int) -> str:
    """Return the date of incident k: "3 Mar 2024", "March 2024" or "2024", never more than is known."""
    return day_text(date(1970, 1, 1) + timedelta(days=int(table.day[k])), _PRECISIONS[table.date_precision[k]])


def day_text(day: date, precision: str) -> str:
    """Return a first possible day as precise as it is known; precision: key of DATE_PRECISIONS."""
    if precision == "year":
        return f"{day:%Y}"
    if precision == "month":
        return f"{day:%B %Y}"
    if precision == "week":
        return f"week of {day.day} {day:%b %Y}"
    if precision == "days_2_6":
        return f"about {day.day} {day:%b %Y}"
    return f"{day.day} {day:%b %Y}"


def figure_text(value: int) -> str:
    """Return a count, or that the source states none."""
    return "not stated" if value == UNKNOWN else f"{value:,}"


def merged_text(member_sources: Sequence[str] | None) -> str:
    """Return "merged, 2 sources: ..." for a merged incident, "" for any other (None)."""
    if not member_sources:
        return ""
    labels = [SOURCES[key].label if key in SOURCES else key for key in dict.fromkeys(member_sources)]
    if len(labels) == 1:
        return f"merged, {len(member_sources)} records of one source: {labels[0]}"
    return f"merged, {len(labels)} sources: {'; '.join(labels)}"


def web_address(text: str | None) -> str | None:
    """Return the text if it is an http or https address with a host, else None."""
    if not text:
        return None
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    return text if parts.scheme in ("http", "https") and parts.netloc else None
