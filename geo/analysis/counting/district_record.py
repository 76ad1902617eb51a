"""One district: its figures by year with the interval of the rate, and how well its incidents are known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pyarrow as pa

from geo.analysis.counting import questions
from geo.analysis.counting.questions import years_between
from geo.analysis.counting.rates import FEWEST_FOR_A_RATE, garwood_interval
from geo.districts import Districts
from geo.filters import Filters
from geo.incidents import IncidentTable, Mask
from geo.publishers import publishers

# Ways in which nothing but a name of a place said which district it is.
_BY_NAME: tuple[str, ...] = ("place", "fuzzy")


@dataclass(frozen=True, slots=True)
class YearFigures:
    """What is recorded of one calendar year, or the part of it in the period.

    All counts: None where no incident of the year can tell it, or none is recorded at all (`questions.is_stated`).
    n_unknown: incidents that state no number of killed. rate: incidents per 100,000 residents and year with its exact
    95 % interval low to high; NaN with fewer than FEWEST_FOR_A_RATE incidents.
    """

    year: int
    incidents: int | None
    security_attacks: int | None
    police_attacks: int | None
    killed: int | None
    n_unknown: int
    rate: float
    low: float
    high: float


def by_year(
    table: IncidentTable, districts: Districts, filters: Filters, pcode: str, first: date, last: date
) -> tuple[YearFigures, ...]:
    """Return the figures of a district in each calendar year of an inclusive period, oldest first.

    The period and the districts of the filter do not apply.
    """
    place = districts.pcodes.index(pcode)
    found = []
    for year in range(first.year, last.year + 1):
        start, end = max(first, date(year, 1, 1)), min(last, date(year, 12, 31))
        local = replace(filters, start=start, end=end, districts=(pcode,))
        counts = {measure: questions.stated_total(table, local, measure) for measure in questions.MEASURES}
        n = counts["incidents"]
        base = districts.population_between(start, end)[place] / 1e5 * years_between(start, end)
        rate, low, high = rate_with_interval(n or 0, base)
        n_unknown = questions.total(table, local, "killed")[1]
        on_forces, on_police, killed = (counts[one] for one in ("security_attacks", "police_attacks", "killed"))
        found.append(YearFigures(year, n, on_forces, on_police, killed, n_unknown, rate, low, high))
    return tuple(found)


def rate_with_interval(n: int, base: float) -> tuple[float, float, float]:
    """Return the rate n / base and its exact 95 % interval (Garwood 1936); NaN with too few incidents for a rate."""
    if n < FEWEST_FOR_A_RATE:
        return (np.nan,) * 3
    low, high = garwood_interval(n, base)
    return n / base, float(low), float(high)


@dataclass(frozen=True, slots=True)
class Quality:
    """How well n_rows incidents are known.

    by_method: incidents by how their district was found (keys of the vocabulary district_methods), the most first.
    n_by_name: those located by nothing but the name of a place. n_single_source: those that one publisher, or one
    source whose row names no page, reports alone.
    """

    n_rows: int
    by_method: Mapping[str, int]
    n_by_name: int
    n_single_source: int


def quality(table: IncidentTable, here: Mask) -> Quality:
    """Return how well the incidents of a mask are known."""
    rows = table.details.filter(pa.array(here))
    methods = Counter(rows["district_method"].to_pylist()).most_common()
    pages = zip(rows["source_url"].to_pylist(), rows["source_url_2"].to_pylist(), strict=True)
    is_alone = np.array([len(publishers(addresses)) < 2 for addresses in pages], dtype=bool)
    return Quality(
        len(rows),
        dict(methods),
        sum(n for method, n in methods if method in _BY_NAME),
        int(np.count_nonzero(is_alone & (table.n_members[here] == 1))),
    )
