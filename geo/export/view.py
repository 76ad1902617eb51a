"""One view to be passed on: which incidents, whose figures, and what may leave."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from geo.analysis.counting.questions import Tally
from geo.districts import Districts
from geo.export.data_version import DataVersion
from geo.export.view_settings import ViewSettings
from geo.filters import Filters
from geo.incidents import IncidentTable, Mask, select
from geo.policy import may_show_rows, rows_shown
from geo.summaries import Summaries


@dataclass(frozen=True, slots=True)
class MapFigures:
    """The measure that the map of the view shows. Arrays have shape (districts,).

    label: measure and unit in words. values: float64, NaN where there is no figure or too few incidents for a rate.
    residents: float64, estimated, in the middle of the period that has records.
    """

    label: str
    tally: Tally
    values: NDArray[np.float64]
    residents: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ExportedView:
    """A view as files need it.

    table: the incidents of the picture and the publication delay of the settings. first, last: days of the period,
    which `period` names in words; covered: first and last day of the part of it that has records.
    read_summaries: reads what sources say in their own words. datasets: batch number as text -> label.
    """

    table: IncidentTable
    districts: Districts
    settings: ViewSettings
    version: DataVersion
    period: str
    first: date
    last: date
    covered: tuple[date, date]
    figures: MapFigures
    read_summaries: Callable[[], Summaries] | None = None
    datasets: Mapping[str, str] = field(default_factory=dict)

    @property
    def filters(self) -> Filters:
        """The filter of the settings."""
        return self.settings.filters

    @cached_property
    def mask(self) -> Mask:
        """Which incidents the filter keeps: bool, shape (n,)."""
        return select(self.table, self.filters)

    @cached_property
    def positions(self) -> NDArray[np.int64]:
        """Positions of the incidents that leave: those kept whose sources allow their rows to be passed on."""
        is_open = rows_shown(self.table.sources)
        return np.flatnonzero(self.mask & is_open[self.table.source])

    @cached_property
    def n_closed(self) -> dict[str, int]:
        """Source -> number of rows that the filter keeps and the licence of the source keeps here."""
        n_rows = np.bincount(self.table.source[self.mask], minlength=len(self.table.sources))
        return {
            source: int(n)
            for source, n in zip(self.table.sources, n_rows, strict=True)
            if n and not may_show_rows(source)
        }
