"""What a source of incidents records: attacks on any target by district, over any days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from geo.analysis.evidence.published import days_shared
from geo.analysis.evidence.synthesis import SIGMA, Column, Floats
from geo.analysis.index.access import source_coverage
from geo.analysis.index.monthly_counts import attack_masks
from geo.incidents import IncidentTable

# Of a window a source must cover this share to say something about it.
LEAST_COVERED = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class RecordedAttacks:
    """The located attacks of one source, as the index counts them, whoever the target was; arrays of shape (m,).

    day: int32, days since 1970-01-01. district: int8. events: int32. first, last: days that the source covers.
    """

    source: str
    n_districts: int
    first: date
    last: date
    day: NDArray[np.int32]
    district: NDArray[np.int8]
    events: NDArray[np.int32]

    def by_district(self, first: date, last: date) -> Floats:
        """Return the attacks of an inclusive period: float64, shape (n,)."""
        begin, end = (np.datetime64(day, "D").astype(np.int64) for day in (first, last))
        kept = (self.day >= begin) & (self.day <= end)
        counts = np.bincount(self.district[kept], self.events[kept], self.n_districts)
        return np.asarray(counts, dtype=np.float64)

    def column(self, first: date, last: date, population: Floats) -> Column | None:
        """Return what the source states about a window, or None where it covers less than LEAST_COVERED of it.

        population: residents by district. The exposure is that of the days covered.
        """
        covered = days_shared(first, last, self.first, self.last)
        if covered < LEAST_COVERED * ((last - first).days + 1):
            return None
        kind = self.source if self.source in SIGMA else "other"
        begin, end = max(first, self.first), min(last, self.last)
        exposure = population / 1e5 * covered / 365.25
        return Column(kind, self.source, begin, end, self.by_district(begin, end), exposure)


def recorded_attacks(table: IncidentTable, source: str) -> RecordedAttacks:
    """Return the attacks that one source of a table records. ValueError if the source is not in the table."""
    if source not in table.sources:
        raise ValueError(f"the table has no rows of {source!r}")
    _on_forces, is_attack = attack_masks(table)
    kept = is_attack & (table.source == table.sources.index(source)) & (table.district >= 0)
    covered = source_coverage(table, (source,))
    return RecordedAttacks(
        source,
        len(table.pcodes),
        covered.first_day,
        covered.last_day,
        table.day[kept],
        table.district[kept],
        table.n_events[kept],
    )
