"""What the rows of one file add up to, for a person who is about to accept them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from geo.ingest.formats import district_totals
from geo.ingest.notes import NoteKind
from geo.ingest.results import Findings
from geo.schema import SOURCES
from geo.wording import Text, text, text_n

_NOT_LOCATED = text("No row was located in the province. Check which column holds the district or the place.")
_AS_SUMS = text(
    "Each row counts as one incident, but no two have the same district and period, and none says more, as in a table "
    "of sums. If they are sums, add a column Incidents with the number of incidents of each row."
)
# Fewer rows differ by chance.
_FEWEST_SUMS = 5
_FEWEST_ALIKE = 6
_NO_TOLL = text("No death toll was read from any row. If the file has a column of people killed, match it.")


@dataclass(frozen=True, slots=True)
class FileTotals:
    """Sums of a file.

    n_killed: people killed, the best figure of each row added up, or None if no row states one. n_without_toll: rows
    without a figure. initiators: key of geo.schema.INITIATORS -> rows, the most frequent first. first, last: the first
    possible day of the earliest row and the last possible day of the latest, None without rows.
    """

    n_killed: int | None
    n_without_toll: int
    initiators: dict[str, int]
    first: date | None
    last: date | None


def totals(rows: pa.Table) -> FileTotals:
    """Return the sums of canonical rows."""
    counted = pc.value_counts(rows["initiator"]).to_pylist()
    return FileTotals(
        n_killed=pc.sum(rows["killed_best"]).as_py(),
        n_without_toll=rows["killed_best"].null_count,
        initiators={one["values"]: one["counts"] for one in sorted(counted, key=lambda one: -one["counts"])},
        first=pc.min(rows["date_start"]).as_py(),
        last=pc.max(rows["date_end"]).as_py(),
    )


@dataclass(frozen=True, slots=True)
class Doubt:
    """What a person should look at before accepting a file. is_grave: probably something was misread."""

    sentence: Text
    is_grave: bool


def doubts(found: Findings, rows: pa.Table, n_located: int) -> tuple[Doubt, ...]:
    """Return what looks wrong in the rows of a file: none located, no toll, no target, sums as incidents."""
    if not len(rows):
        return ()
    noted = []
    if not n_located:
        noted.append(Doubt(_NOT_LOCATED, is_grave=True))
    if rows["killed_best"].null_count == len(rows):
        noted.append(Doubt(_NO_TOLL, any(note.kind is NoteKind.TOLLS_LEFT_OUT for note in found.notes)))
    may_state = SOURCES[found.source].states_target and found.format != district_totals.FORMAT.key
    if may_state and pc.all(pc.equal(rows["target_type"], "unknown")).as_py():
        said = text_n(
            "0 of {n} row states a target, so it is not counted as an attack on police or security forces. If a column "
            "of the file says who was attacked, match it to the target.",
            "0 of {n} rows state a target, so none is counted as an attack on police or security forces. If a column "
            "of the file says who was attacked, match it to the target.",
            len(rows),
        )
        noted.append(Doubt(said, is_grave=True))
    if n_alike := _n_alike(rows):
        said = text_n(
            "{n} of {total} rows has the day, district, place and type of another row. Each counts as one incident. If "
            "they are parts of one incident, such as its victims by who they were, put them into one row.",
            "{n} of {total} rows have day, district, place and type of another row. Each counts as one incident. If "
            "they are parts of one incident, such as its victims by who they were, put them into one row.",
            n_alike,
            total=len(rows),
        )
        noted.append(Doubt(said, is_grave=True))
    if _look_like_sums(rows):
        noted.append(Doubt(_AS_SUMS, is_grave=True))
    return tuple(noted)


def _n_alike(rows: pa.Table) -> int:
    """Return how many rows have day, district, place, type and group of another; 0 if these are not most rows."""
    days = rows.filter(pc.equal(rows["date_precision"], "day"))
    same = ["date_start", "district_reported", "place", "lat", "lon", "attack_type", "group_reported"]
    sizes = days.group_by(same).aggregate([("n_events", "count")])["n_events_count"]
    n_alike = pc.sum(sizes.filter(pc.greater(sizes, 1))).as_py() or 0
    return n_alike if len(rows) >= _FEWEST_ALIKE and n_alike * 3 > len(rows) * 2 else 0


def _look_like_sums(rows: pa.Table) -> bool:
    """Whether rows that say they are one incident each are so many districts and periods, and tell nothing else.

    Real incidents that are known to the year and district alone repeat a district within a year.
    """
    same = {
        "n_events": pc.all(pc.equal(rows["n_events"], 1)).as_py(),
        "date_precision": pc.all(pc.is_in(rows["date_precision"], pa.array(["month", "year"]))).as_py(),
        "attack_type": pc.all(pc.equal(rows["attack_type"], "unknown")).as_py(),
    }
    is_bare = all(rows[name].null_count == len(rows) for name in ("place", "group_reported", "lat"))
    periods = rows.group_by(["district_reported", "date_start", "date_end"]).aggregate([])
    return len(rows) >= _FEWEST_SUMS and all(same.values()) and is_bare and len(periods) == len(rows)
