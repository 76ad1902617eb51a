"""What every page needs: the incidents, the filter and the rows it keeps."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from geo.analysis.counting import questions
from geo.analysis.counting.questions import years_between
from geo.districts import Districts
from geo.filters import Filters
from geo.incidents import IncidentTable, Mask, select
from geo.sources import EMBEDDED, SEAM, crosses_seam
from geo.views import address, cached
from geo.wording import _, format_date


@dataclass(frozen=True, slots=True)
class View:
    """The filtered view of one run.

    mask: incidents the filter keeps. first, last: the period, taken from the data where the filter leaves it open.
    """

    table: IncidentTable
    districts: Districts
    filters: Filters
    mask: Mask
    first: date
    last: date

    @classmethod
    def of(cls, table: IncidentTable, districts: Districts, filters: Filters) -> View:
        """Return the view of the incidents that a filter keeps; one chosen data set gives it its own months."""
        own = _months_of(table, filters.datasets) or questions.covered(table) or (None, None)
        last = filters.end or own[1] or date.today()
        first = filters.start or own[0] or last
        mask = select(table, filters)
        return cls(table, districts, filters, mask, min(first, last), last)

    @classmethod
    def whole(cls, table: IncidentTable, districts: Districts) -> View:
        """Return the view of every incident of a table."""
        return cls.of(table, districts, Filters())

    @property
    def covered(self) -> tuple[date, date]:
        """First and last day of the part of the period that the records cover: time without a source is not quiet time.

        The period itself where no record lies in or around it.
        """
        found = questions.covered(self.table) or (self.first, self.last)
        first, last = max(self.first, found[0]), min(self.last, found[1])
        return (first, last) if first <= last else (self.first, self.last)

    @property
    def years(self) -> float:
        """Length of the covered part of the period in years: the time that rates refer to."""
        return years_between(*self.covered)

    @property
    def population(self) -> NDArray[np.float64]:
        """Residents of each district in the middle of the covered part of the period, shape (districts,)."""
        return self.districts.population_between(*self.covered)

    @property
    def sources(self) -> frozenset[str]:
        """The sources of the incidents that the filter keeps, keys of geo.schema.SOURCES."""
        found = np.bincount(self.table.source[self.mask], minlength=len(self.table.sources))
        return frozenset(self.table.sources[code] for code in np.flatnonzero(found).tolist())

    @property
    def seam(self) -> date | None:
        """First day of another source inside the period, None if there is one only, or files of the user alone."""
        is_embedded = not self.mask.any() or bool(self.sources & EMBEDDED)
        return SEAM if is_embedded and crosses_seam(self.first, self.last, self.filters.sources) else None

    @property
    def period_label(self) -> str:
        """The period in words, and the covered part of it where that is shorter."""
        first, last = format_date(self.first, "short"), format_date(self.last, "short")
        begin, end = (format_date(day, "short") for day in self.covered)
        if begin != first and end != last:
            return _("{first} to {last} (records from {begin} to {end})", first=first, last=last, begin=begin, end=end)
        if end != last:
            return _("{first} to {last} (records to {end})", first=first, last=last, end=end)
        if begin != first:
            return _("{first} to {last} (records from {begin})", first=first, last=last, begin=begin)
        return _("{first} to {last}", first=first, last=last)


def current() -> View:
    """Return the view of this run."""
    filters = address.filters()
    return View.of(cached.incidents(filters.sources), cached.districts(), filters)


def _months_of(table: IncidentTable, datasets: tuple[str, ...]) -> tuple[date, date] | None:
    """Return first and last day of the months in which one chosen data set has incidents, else None.

    Whole months: a rate over the days between two incidents would be too high.
    """
    if len(datasets) != 1:
        return None
    days = table.day[select(table, Filters(datasets=datasets))]
    if not len(days):
        return None
    first, last = (date(1970, 1, 1) + timedelta(days=int(day)) for day in (days.min(), days.max()))
    return first.replace(day=1), last.replace(day=monthrange(last.year, last.month)[1])
