"""A raster of district codes: most points are answered by one array look-up, the rest by geometry.

A cell that no border touches lies wholly in one district or wholly outside, so one exact test holds for
every point in it. Cells that a border touches, and cells outside but near a border, are left to the exact test.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from geo.analysis.locating.border import UNDECIDED, Border, Codes, Floats
from geo.incidents import OUTSIDE

ExactTest = Callable[[Floats, Floats], Codes]
Cells = NDArray[np.bool_]

CELL_DEG = 0.0025
# A boundary set of a continent gets larger cells, not a larger raster (one byte a cell).
_MOST_CELLS = 20_000_000
# Borders are sampled this many times a cell; each sample marks the cells within half a step of it.
_SAMPLES_A_CELL = 8
# Far above the rounding of a coordinate and of a cell number, far below anything on a map.
_ROUNDING_DEG = 1e-7
_LEAST_M_A_DEGREE, _MOST_M_A_DEGREE = 110_570.0, 111_700.0  # of latitude on WGS84: equator, poles


@dataclass(frozen=True, slots=True, eq=False)
class CodeGrid:
    """Codes of the cells of a regular raster in degrees; row 0 is the south edge, column 0 the west edge.

    codes: int8, shape (n_rows * n_columns,), a district code, OUTSIDE or UNDECIDED. Points beyond the
    raster are OUTSIDE.
    """

    codes: Codes
    n_rows: int
    n_columns: int
    west_deg: float
    south_deg: float
    cell_deg: float

    def look_up(self, lon: Floats, lat: Floats) -> Codes:
        """Return the code of the cell of each point: int8, shape (n,). Coordinates are finite degrees."""
        column = ((lon - self.west_deg) * (1.0 / self.cell_deg)).astype(np.int32)
        row = ((lat - self.south_deg) * (1.0 / self.cell_deg)).astype(np.int32)
        # Read as unsigned, numbers below zero are large: one comparison does for both ends.
        is_within = (column.view(np.uint32) < self.n_columns) & (row.view(np.uint32) < self.n_rows)
        row *= self.n_columns
        row += column
        row *= is_within  # cell 0 is a corner of the margin: OUTSIDE
        return self.codes.take(row)


def build(polygons: NDArray[np.object_], containing: ExactTest, border: Border, limit_m: float) -> CodeGrid:
    """Return the raster of a set of polygons.

    polygons: shapely polygons in degrees. containing: the code of each of n points by geometry alone,
    OUTSIDE for none. border, limit_m: points outside go to the nearest unit at most so far away.
    """
    import shapely
    from scipy import ndimage

    west, south, east, north = (float(bound) for bound in shapely.total_bounds(polygons))
    cell = max(CELL_DEG, math.sqrt((east - west) * (north - south) / _MOST_CELLS))
    margin_lon, margin_lat = margins_deg(limit_m, max(abs(south), abs(north)))
    reach_columns, reach_rows = math.ceil(margin_lon / cell) + 1, math.ceil(margin_lat / cell) + 1
    west, south = west - (reach_columns + 1) * cell, south - (reach_rows + 1) * cell
    n_columns = math.ceil((east - west) / cell) + reach_columns + 2
    n_rows = math.ceil((north - south) / cell) + reach_rows + 2
    grid = CodeGrid(np.empty(0, dtype=np.int8), n_rows, n_columns, west, south, cell)
    is_border = _border_cells(polygons, grid)
    codes = _fill(is_border, grid, containing)
    is_near = ndimage.maximum_filter(is_border, size=(2 * reach_rows + 1, 2 * reach_columns + 1))
    near = np.nonzero(is_near & (codes == OUTSIDE) & ~is_border)
    codes[near] = border.nearest_around(*_centres(near, grid), limit_m, _half_diagonal_m(grid))
    codes[is_border] = UNDECIDED
    flat = codes.ravel()
    flat.flags.writeable = False
    return replace(grid, codes=flat)


def margins_deg(limit_m: float, furthest_lat_deg: float) -> tuple[float, float]:
    """Return a distance as degrees of longitude and latitude, never too small."""
    margin_lat = limit_m / _LEAST_M_A_DEGREE * 1.01
    widest = math.cos(math.radians(min(furthest_lat_deg + margin_lat, 89.0)))
    return margin_lat / widest, margin_lat


def _half_diagonal_m(grid: CodeGrid) -> float:
    """Return a distance no point of a cell exceeds from its centre; the cells nearest the equator are widest."""
    north = grid.south_deg + grid.n_rows * grid.cell_deg
    least_lat = 0.0 if grid.south_deg * north < 0 else min(abs(grid.south_deg), abs(north))
    side_m = grid.cell_deg * _MOST_M_A_DEGREE * 1.01
    return math.hypot(side_m, side_m * math.cos(math.radians(least_lat))) / 2


def _centres(cells: tuple[NDArray[np.intp], ...], grid: CodeGrid) -> tuple[Floats, Floats]:
    row, column = cells[0].astype(np.float64), cells[1].astype(np.float64)
    return grid.west_deg + (column + 0.5) * grid.cell_deg, grid.south_deg + (row + 0.5) * grid.cell_deg


def _border_cells(polygons: NDArray[np.object_], grid: CodeGrid) -> Cells:
    """Return the cells that a border may touch: bool, shape (n_rows, n_columns)."""
    import shapely

    step = grid.cell_deg / _SAMPLES_A_CELL
    samples = shapely.get_coordinates(shapely.segmentize(shapely.boundary(polygons), step))
    reach = step / 2 + _ROUNDING_DEG
    touched = np.zeros((grid.n_rows, grid.n_columns), dtype=bool)
    # A square narrower than a cell meets no cell but those of its corners.
    for lon_shift in (-reach, reach):
        column = ((samples[:, 0] + lon_shift - grid.west_deg) / grid.cell_deg).astype(np.int32)
        for lat_shift in (-reach, reach):
            row = ((samples[:, 1] + lat_shift - grid.south_deg) / grid.cell_deg).astype(np.int32)
            touched[row, column] = True
    return touched


def _fill(border: Cells, grid: CodeGrid, containing: ExactTest) -> Codes:
    """Return the code of every cell no border touches; cells of a row between two border cells share one code."""
    is_start = ~border
    is_start[:, 1:] &= border[:, :-1]
    lon, lat = _centres(np.nonzero(is_start), grid)
    # Row ends begin a new run because the first column is never a border cell.
    starts = np.flatnonzero(is_start.ravel())
    lengths = np.diff(np.append(starts, border.size))
    return np.repeat(containing(lon, lat), lengths).reshape(border.shape)
