"""Policing under pressure: police killed and injured as published and as recorded, and cited signs of strain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from geo.analysis.evidence import published, statements
from geo.analysis.evidence.files import district_code, first_day, last_day, period, read_records, web_url
from geo.analysis.evidence.published import Total
from geo.analysis.evidence.statements import Statement
from geo.analysis.index.monthly_counts import attack_masks
from geo.districts import load
from geo.incidents import UNKNOWN, IncidentTable, is_one_of
from geo.schema import POLICE_TARGETS, TARGET_TYPES
from geo.settings import DATA_DIR
from geo.wording import N_

if TYPE_CHECKING:
    import pandas as pd

TOLL_FILE = DATA_DIR / "police_toll.csv"
TOLLS: dict[str, str] = {"police_killed": N_("Police killed"), "police_injured": N_("Police injured")}
STRAINS: dict[str, str] = {
    "police_suspended_not_reporting": N_("Suspended for not reporting to duty"),
    "police_dismissed_refusal": N_("Dismissed for refusing a duty"),
    "police_dismissed_protest": N_("Dismissed for a protest"),
    "police_dismissed_absence": N_("Dismissed for absence"),
    "police_absence_inquiries": N_("Under inquiry for absence"),
}
STRENGTH = "police_strength_stated"
# Posts of senior officers in the whole province: published, but no measure of strain by themselves.
_OTHER_MEASURES = ("senior_posts_sanctioned", "senior_posts_filled", "senior_posts_vacant")


@dataclass(frozen=True, slots=True)
class PolicePressure:
    """What was published about the police of a district, or of the province, in a period.

    tolls: figures of TOLLS. strains: figures of STRAINS. statements: of statements.POLICE_KINDS.
    strength: number of officers of the province as somebody stated it, None elsewhere or where nobody did.
    """

    tolls: tuple[Total, ...]
    strains: tuple[Total, ...]
    statements: tuple[Statement, ...]
    strength: Total | None


@cache
def figures(path: Path = TOLL_FILE) -> tuple[Total, ...]:
    """Return the figures of the file. Raises DamagedData naming the row that cannot be used."""
    return read_records(path, _figure)


def _figure(row: dict[str, str]) -> Total:
    if row["measure"] not in {*TOLLS, *STRAINS, STRENGTH, *_OTHER_MEASURES}:
        raise ValueError(f"{row['measure']!r} is not a measure")
    first, last = period(first_day(row["date_from"]), last_day(row["date_to"]))
    day = first_day(row["source_date"]) if row["source_date"] else None
    url, pcode = web_url(row["source_url"]), district_code(row["pcode"])
    unit, value = row["unit_kind"], int(row["value"])
    return Total(first, last, unit, pcode, row["measure"], value, row["publisher"], url, day, row["note"])


def pressure(pcode: str | None, first: date, last: date) -> PolicePressure:
    """Return what was published for a period about a district, or with None about the province and all its districts.

    Figures whose period lies at least half within the given one, the longest period first. Tolls of the province are
    those of the whole alone; signs of strain are those of every district.
    """
    every = [t for t in (*published.totals(), *figures()) if published.is_within(t, first, last)]
    every.sort(key=lambda t: (t.metric, -t.days, t.last, t.publisher))
    unit = "district" if pcode else "province"
    whole = [t for t in every if t.unit == unit and t.pcode == pcode]
    strengths = [t for t in whole if t.metric == STRENGTH]
    places = {None, *load().pcodes} if pcode is None else {pcode}
    said = (s for place in sorted(places, key=str) for s in statements.between(first, last, place))
    return PolicePressure(
        tuple(t for t in whole if t.metric in TOLLS),
        tuple(t for t in every if t.metric in STRAINS and t.pcode in places),
        tuple(sorted((s for s in said if s.kind in statements.POLICE_KINDS), key=lambda s: (s.first, s.statement_id))),
        strengths[-1] if strengths else None,
    )


def recorded_by_year(table: IncidentTable, pcode: str | None) -> pd.DataFrame:
    """Return what a table records by year of a district, or of the province; only years with a row in any column.

    Columns, all whole numbers: Year; Attacks on police; Of these without a figure of police killed; Police killed in
    them, at least (the attacks without a figure add nothing); Police killed in other attacks.
    """
    import pandas as pd

    _on_forces, is_attack = attack_masks(table)
    kept = is_attack & (table.district >= 0)
    if pcode:
        kept &= table.district == table.pcodes.index(pcode)
    on_police = is_one_of(table.target_type, POLICE_TARGETS, tuple(TARGET_TYPES))[kept]
    events, figure = table.n_events[kept], table.killed_police[kept]
    killed = np.maximum(figure, 0)
    frame = pd.DataFrame(
        {
            N_("Year"): table.year[kept],
            N_("Attacks on police"): np.where(on_police, events, 0),
            N_("Of these without a figure"): np.where(on_police & (figure == UNKNOWN), events, 0),
            N_("Police killed in them, at least"): np.where(on_police, killed, 0),
            N_("Police killed in other attacks"): np.where(on_police, 0, killed),
        }
    )
    by_year = frame.groupby("Year", as_index=False).sum()
    return by_year[by_year.drop(columns="Year").any(axis=1)]
