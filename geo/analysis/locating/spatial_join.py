"""The join of points to districts in geopandas: the reference for the faster `locate.Locator`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo.analysis.locating.border import local_projection
from geo.analysis.locating.locate import TOLERANCE_KM

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd


def join_points(
    points: gpd.GeoDataFrame, units: gpd.GeoDataFrame, tolerance_km: float = TOLERANCE_KM
) -> pd.Series[float]:
    """Return the position of the unit of each point: float64 with the index of the points, NaN for outside.

    points: one point a row, any coordinate system, with a unique index. units: polygons with the index 0, 1, ..., such
    as `Districts.frame`. The first unit that contains a point or touches it counts (geopandas.sjoin, predicate
    "intersects"); a point in no unit goes to the nearest within the tolerance (geopandas.sjoin_nearest, in a projection
    in metres around the units).
    """
    import geopandas as gpd
    import pandas as pd

    outlines = units[["geometry"]].to_crs(4326)
    placed = points[["geometry"]].to_crs(4326)
    placed = placed[np.isfinite(placed.geometry.x) & np.isfinite(placed.geometry.y)]  # neither empty nor missing
    inside = gpd.sjoin(placed, outlines, predicate="intersects")["index_right"]
    metres = local_projection(outlines.geometry.to_numpy()).definition
    others = placed.drop(inside.index).to_crs(metres)
    reach_m = max(tolerance_km * 1000, 1e-9)  # geopandas takes no zero
    near = gpd.sjoin_nearest(others, outlines.to_crs(metres), max_distance=reach_m)["index_right"]
    # Points on a shared border, or equally far from two units, are joined to both: the first unit counts.
    first: pd.Series[float] = pd.concat([inside, near]).groupby(level=0).min().astype(float)
    return first.reindex(points.index)
