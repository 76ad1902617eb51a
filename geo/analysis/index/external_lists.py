"""What others have published about districts: press and police lists, counts by police region, official denials.

Used only to compare, never to tune the index. Lists and incidents come from the same stream of news.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from geo.analysis.index.monthly_counts import Window, month_of
from geo.problems import DamagedData, Problem, ProblemCode
from geo.settings import DATA_DIR
from geo.wording import N_

LISTS_FILE = DATA_DIR / "external_lists.csv"
KINDS: dict[str, str] = {
    "list": N_("Named in a published list"),
    "reported": N_("Named in a published report"),
    "count": N_("Published count"),
    "denial": N_("Official denial"),
}
UNIT_KINDS: dict[str, str] = {
    "district": N_("District"),
    "ctd_region": N_("Region of the Counter Terrorism Department, not a district"),
    "province": N_("Province"),
    "unstated": N_("District or police region: the page does not say which"),
}


@dataclass(frozen=True, slots=True)
class Statement:
    """One published statement. day: date of the page. pcode: None where the unit is not a district."""

    day: date
    publisher: str
    unit_kind: str
    unit: str
    pcode: str | None
    statement: str
    value: int | None
    url: str
    kind: str
    note: str


@dataclass(frozen=True, slots=True)
class PublishedList:
    """Districts that one publisher named on one day."""

    day: date
    publisher: str
    url: str
    pcodes: tuple[str, ...]

    @property
    def window_before(self) -> Window:
        """The twelve whole months before the list: what an index may be compared with."""
        return Window(month_of(self.day) - 12, 12)


@cache
def statements(path: Path = LISTS_FILE) -> tuple[Statement, ...]:
    """Return all statements, oldest first. Raises DamagedData naming the row that cannot be used."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    except OSError as error:
        raise DamagedData([Problem(ProblemCode.DAMAGED_DATA, f"cannot be read: {error}.", file=path.name)]) from error
    return tuple(sorted((_statement(row, number, path) for number, row in enumerate(rows, 2)), key=lambda s: s.day))


def about(pcode: str) -> tuple[Statement, ...]:
    """Return the statements that concern a district: those that name it and those about the whole province."""
    return tuple(s for s in statements() if s.pcode == pcode or s.unit_kind == "province")


def published_lists() -> tuple[PublishedList, ...]:
    """Return the lists of districts, oldest first. Counts by CTD region are not lists of districts."""
    groups: dict[tuple[date, str, str], list[str]] = {}
    for entry in statements():
        if entry.kind == "list" and entry.unit_kind == "district" and entry.pcode:
            groups.setdefault((entry.day, entry.publisher, entry.url), []).append(entry.pcode)
    return tuple(PublishedList(*key, tuple(pcodes)) for key, pcodes in groups.items())


def _statement(row: dict[str, str], number: int, path: Path) -> Statement:
    try:
        if row["kind"] not in KINDS or row["unit_kind"] not in UNIT_KINDS or not row["url"].startswith("https://"):
            raise ValueError("kind, unit_kind or url is not one of the allowed forms")
        return Statement(
            day=date.fromisoformat(row["date"]),
            publisher=row["publisher"],
            unit_kind=row["unit_kind"],
            unit=row["district"],
            pcode=row["pcode"] or None,
            statement=row["statement"],
            value=int(row["value"]) if row["value"] else None,
            url=row["url"],
            kind=row["kind"],
            note=row["note"],
        )
    except (KeyError, ValueError, AttributeError) as error:
        raise DamagedData(
            [Problem(ProblemCode.DAMAGED_DATA, f"is not a statement: {error}.", file=path.name, row=number)]
        ) from error
