"""What the rows of one file add up to, for a person who is about to accept them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc


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
