"""Incidents whose rows may not be shown: where a public map may count them, never where each of them lies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.incidents import IncidentTable, Mask, has_place
from geo.views.incident_text import may_show_rows
from geo.views.point_table import PointTable

# About 28 km from south to north and 23 km from west to east: wider than what "near a place" means.
CELL_DEG = 0.25


def restricted(table: IncidentTable) -> Mask:
    """Return which incidents have a place and a source that allows counts only: bool, shape (n,)."""
    return has_place(table) & ~may_show_rows(table)[table.source]


@dataclass(frozen=True, slots=True, eq=False)
class CoarsePoints:
    """Points for pictures of density: open ones where they lie, restricted ones in the middle of their cells.

    table: the open points, then one for each restricted incident, cell by cell.
    n_open: how many are open. starts: int64 (cells,), where each cell begins among the restricted points.
    """

    table: PointTable
    n_open: int
    starts: NDArray[np.int64]

    def shown(self, mask: Mask) -> Mask:
        """Return which points a filter shows, bool; mask: bool, the incidents that it keeps.

        Of a cell the first n points are shown, whichever incidents the n are: two filters that keep the same record
        would else join its day to its kind.
        """
        kept = mask[self.table.positions]
        if len(self.starts):
            inside = kept[self.n_open :]
            sizes = np.diff(self.starts, append=len(inside))
            rank = np.arange(len(inside)) - np.repeat(self.starts, sizes)
            kept[self.n_open :] = rank < np.repeat(np.add.reduceat(inside, self.starts, dtype=np.int64), sizes)
        return kept


def coarse_points(incidents: IncidentTable, open_points: PointTable, colour: int) -> CoarsePoints:
    """Return the points of a public picture of density; colour: the code that all restricted points have."""
    positions = np.flatnonzero(restricted(incidents))
    cells = np.floor(np.column_stack([incidents.lat[positions], incidents.lon[positions]]) / CELL_DEG).astype(np.int64)
    order = np.lexsort((cells[:, 1], cells[:, 0]))
    positions, cells = positions[order], cells[order]
    is_first = np.ones(len(cells), dtype=bool)
    is_first[1:] = (cells[1:] != cells[:-1]).any(axis=1)
    middles = (cells + 0.5) * CELL_DEG
    table = PointTable(
        np.concatenate([open_points.lon_deg, middles[:, 1]]),
        np.concatenate([open_points.lat_deg, middles[:, 0]]),
        np.concatenate([open_points.is_near, np.ones(len(cells), dtype=bool)]),
        np.concatenate([open_points.colour, np.full(len(cells), colour, dtype=np.uint8)]),
        np.concatenate([open_points.positions, positions]),
    )
    return CoarsePoints(table, len(open_points), np.flatnonzero(is_first))
