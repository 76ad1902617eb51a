"""Published totals that people of this deployment added, kept in the store beside those of the embedded file.

They are shown and recounted like the others, and marked as added; no class and no line of evidence rests on them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from geo.analysis.evidence import published
from geo.analysis.evidence.published import Total
from geo.analysis.evidence.recount import METRICS, UNITS
from geo.districts import load
from geo.problems import AtlasError, Problem, ProblemCode
from geo.publishers import web_address
from geo.store import PUBLISHED_TOTAL
from geo.wording import Text, text

if TYPE_CHECKING:
    from geo.store import Store

MOST_CHARACTERS = 300  # of publisher and note
FIELDS = ("period_start", "period_end", "unit", "pcode", "metric", "value", "publisher", "source_url", "source_date")
_UNITS_WITH_DISTRICT = ("district", "district_part")


class CannotAdd(AtlasError):
    """A total with cells to correct; nothing was stored."""


@dataclass(frozen=True, slots=True)
class AddedTotal:
    """A total and who added it. made_at: UTC."""

    decision_id: int
    total: Total
    actor: str
    made_at: datetime


def everything(store: Store) -> tuple[AddedTotal, ...]:
    """Return the added totals in the order in which they were added."""
    return tuple(
        AddedTotal(one.decision_id, published.total_of(one.details), one.actor, one.made_at)
        for one in store.decisions(PUBLISHED_TOTAL)
    )


def add(store: Store, cells: Mapping[str, str], *, actor: str = "local") -> Total:
    """Keep a total. cells: texts by name of FIELDS, and "note". Raises CannotAdd naming every cell to correct."""
    cells = {name: str(cells.get(name, "")).strip() for name in (*FIELDS, "note")}
    wrong = [*_wrong_words(cells), *_wrong_days(cells)]
    if not wrong:
        found = published.total_of(cells)
        known = {_identity(total) for total in (*published.totals(), *(one.total for one in everything(store)))}
        if _identity(found) in known:
            wrong.append(("value", text("This total is in the list already.")))
    if wrong:
        raise CannotAdd(
            [Problem(ProblemCode.PUBLISHED_TOTAL, said, column=name, value=cells[name]) for name, said in wrong]
        )
    store.replace_decisions(PUBLISHED_TOTAL, [((), cells)], actor=actor)
    return found


def take_back(store: Store, decision_id: int, *, actor: str = "local") -> None:
    """Remove an added total from the list; it stays on record in the store."""
    store.replace_decisions(PUBLISHED_TOTAL, undo=(decision_id,), actor=actor)


def _identity(total: Total) -> tuple[object, ...]:
    return (*(getattr(total, name) for name in ("first", "last", "unit", "pcode", "metric", "value")), total.url)


def _wrong_words(cells: Mapping[str, str]) -> list[tuple[str, Text]]:
    wrong = []
    if cells["unit"] not in UNITS:
        wrong.append(("unit", text("This is not a unit of the list.")))
    elif (cells["unit"] in _UNITS_WITH_DISTRICT) != bool(cells["pcode"]):
        wrong.append(
            ("pcode", text("A district belongs to figures of a district or a part of one, and only to these."))
        )
    elif cells["pcode"] and cells["pcode"] not in load().attributes:
        wrong.append(("pcode", text("This is not the P-code of a district.")))
    if cells["metric"] not in METRICS:
        wrong.append(("metric", text("This is not a figure of the list.")))
    if not (cells["value"].isascii() and cells["value"].isdecimal() and len(cells["value"]) <= 9):
        wrong.append(("value", text("The figure must be a whole number.")))
    if not 0 < len(cells["publisher"]) <= MOST_CHARACTERS:
        wrong.append(
            ("publisher", text("Name who published the figure, in at most {n} characters.", n=MOST_CHARACTERS))
        )
    if not web_address(cells["source_url"]):
        wrong.append(("source_url", text("Give the address of the page, beginning with https://.")))
    if len(cells["note"]) > MOST_CHARACTERS:
        wrong.append(("note", text("A note has at most {n} characters.", n=MOST_CHARACTERS)))
    return wrong


def _wrong_days(cells: Mapping[str, str]) -> list[tuple[str, Text]]:
    days: dict[str, date] = {}
    for name in ("period_start", "period_end", "source_date"):
        try:
            days[name] = date.fromisoformat(cells[name])
        except ValueError:
            if cells[name] or name != "source_date":
                return [(name, text("Give the day as year-month-day."))]
    if days["period_end"] < days["period_start"]:
        return [("period_end", text("The period ends before it begins."))]
    if "source_date" in days and days["source_date"] < days["period_end"]:
        return [("period_end", text("The period ends after the day of the page: a page cannot count days to come."))]
    return []
