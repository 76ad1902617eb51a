"""The smoothed surface of incidents on paper: incidents per 1,000 km² on a grid in an equal-area plane.

The screen comes close to the same Gaussian by three running means on the grid of its pixels, so its cells depend on the
size of the screen; a test compares the two.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

CELL_KM = 3.0
# Reaches of the surface around exact and near places; the standard deviation is half of them.
EXACT_KM, NEAR_KM = 10.0, 25.0
Floats = NDArray[np.float64]


def surface(
    km: Floats,
    is_near: NDArray[np.bool_],
    corner_km: tuple[float, float],
    shape: tuple[int, int],
    cell_km: float = CELL_KM,
) -> Floats:
    """Return incidents per 1,000 km² in each cell, float64, of a shape (rows, columns), the southernmost row first.

    km: points in the plane, shape (n, 2). corner_km: west and south end of the grid. A point outside the grid counts in
    the cells that it reaches.
    """
    from scipy.ndimage import gaussian_filter

    around = int(np.ceil(2 * NEAR_KM / cell_km))
    larger = (shape[0] + 2 * around, shape[1] + 2 * around)
    column, row = (np.floor((km - np.array(corner_km)) / cell_km).astype(np.int64) + around).T
    is_inside = (column >= 0) & (row >= 0) & (column < larger[1]) & (row < larger[0])
    found = np.zeros(larger)
    for chosen, reach_km in ((is_inside & ~is_near, EXACT_KM), (is_inside & is_near, NEAR_KM)):
        counts = np.zeros(larger)
        np.add.at(counts, (row[chosen], column[chosen]), 1.0)
        found += gaussian_filter(counts, reach_km / 2 / cell_km, mode="constant", truncate=4.0)
    return found[around:-around, around:-around] * (1000 / cell_km**2)
