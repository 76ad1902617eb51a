"""The outermost borders: the tolerance holds on each side of the area, and not beyond it."""

from __future__ import annotations

import numpy as np
import pytest

from geo.analysis.locating.locate import Locator
from geo.incidents import OUTSIDE
from tests.analysis.test_locate_points import METRE_DEG, SQUARES


@pytest.mark.parametrize(
    ("east", "north", "nearest"), [(-1, 0.5, 0), (-1, -0.5, 2), (1, 0.5, 1), (1, -0.5, 3), (0.5, 1, 1), (0.5, -1, 3)]
)
def test_a_point_just_outside_the_whole_area_is_in_the_nearest_unit(east: float, north: float, nearest: int) -> None:
    metres = np.array([-50, 50, 900, 1_100, 20_000])
    grown = 1 + metres * METRE_DEG
    lon = 1 + east * (grown if abs(east) == 1 else 1)
    lat = 1 + north * (grown if abs(north) == 1 else 1)
    codes = Locator(SQUARES).codes(*np.broadcast_arrays(lon, lat))
    assert codes.tolist() == [nearest, nearest, nearest, OUTSIDE, OUTSIDE]
