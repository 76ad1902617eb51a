"""Which district holds each of n points: the locator against geopandas.sjoin, from the same two arrays."""

from __future__ import annotations

import time

import geopandas as gpd
import numpy as np
import shapely

from benchmarks.timing import Comparison, compare
from geo.analysis.locating.locate import Locator
from geo.districts import load
from geo.incidents import OUTSIDE

DEFAULT_ROWS = 300_000
DENSE_VERTICES = 2_000
OURS = "Locator.codes"


def run(rows: int) -> list[Comparison]:
    """Compare on the shipped outlines and on outlines of about 2,000 vertices each.

    Points lie anywhere in the province, as incidents do, and, in a third comparison, anywhere in its bounding
    box: two thirds of those lie outside, which both sides answer by bounds alone.
    """
    shipped = np.array(load().polygons)
    steps = shapely.length(shipped) / DENSE_VERTICES
    dense = np.array([shapely.segmentize(polygon, step) for polygon, step in zip(shipped, steps, strict=True)])
    in_box, in_province = _points(shipped, rows)
    return [
        _case("points in the province, shipped outlines", shipped, *in_province),
        _case("points in the province, densified outlines", dense, *in_province),
        _case("points in the bounding box, densified outlines", dense, *in_box),
    ]


def _points(polygons: np.ndarray, rows: int) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Return random points in the bounding box, and random points in the province: (lon, lat) of each."""
    west, south, east, north = shapely.total_bounds(polygons)
    rng = np.random.default_rng(20250101)
    lon, lat = rng.uniform(west, east, 4 * rows), rng.uniform(south, north, 4 * rows)
    inside = np.flatnonzero(Locator(polygons, tolerance_km=0.0).codes(lon, lat) >= 0)[:rows]
    return (lon[:rows], lat[:rows]), (lon[inside], lat[inside])


def _case(name: str, polygons: np.ndarray, lon: np.ndarray, lat: np.ndarray) -> Comparison:
    frame = gpd.GeoDataFrame(geometry=list(polygons), crs=4326)
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(lon, lat), crs=4326)
    locator, set_up_s = _ready(polygons)
    facts: dict[str, object] = {
        "mean vertices": round(float(shapely.get_num_coordinates(polygons).mean())),
        "set-up s": round(set_up_s, 3),
        "cells": f"{len(locator.grid().codes):,}",
    }
    facts |= _checked(locator, polygons, points, frame, lon, lat)
    return compare(
        name,
        {
            OURS: lambda: locator.codes(lon, lat),
            "geopandas.sjoin within, points given": lambda: gpd.sjoin(points, frame, predicate="within"),
            "points_from_xy and geopandas.sjoin within": lambda: gpd.sjoin(
                gpd.GeoDataFrame(geometry=gpd.points_from_xy(lon, lat), crs=4326), frame, predicate="within"
            ),
            "prepared shapely, no grid": lambda: _prepared(polygons, lon, lat),
        },
        OURS,
        facts=facts,
    )


def _prepared(polygons: np.ndarray, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Return the lowest polygon with each point by prepared shapely alone, one bounding box at a time."""
    codes = np.full(len(lon), OUTSIDE, dtype=np.int8)
    order = np.argsort(lon)
    x = lon[order]
    for code in range(len(polygons) - 1, -1, -1):
        west, south, east, north = polygons[code].bounds
        rows = order[np.searchsorted(x, west) : np.searchsorted(x, east, side="right")]
        rows = rows[(lat[rows] >= south) & (lat[rows] <= north)]
        codes[rows[shapely.intersects_xy(polygons[code], lon[rows], lat[rows])]] = code
    return codes


def _ready(polygons: np.ndarray) -> tuple[Locator, float]:
    """Return a locator whose grid is prepared, and how long that took after the libraries were loaded."""
    Locator(polygons).grid()
    start = time.perf_counter()
    locator = Locator(polygons)
    locator.grid()
    return locator, time.perf_counter() - start


def _checked(
    locator: Locator,
    polygons: np.ndarray,
    points: gpd.GeoDataFrame,
    frame: gpd.GeoDataFrame,
    lon: np.ndarray,
    lat: np.ndarray,
) -> dict[str, int]:
    """Compare every answer with geopandas; without the tolerance they must be identical."""
    joined = gpd.sjoin(points, frame, predicate="within")
    expected = np.full(len(lon), OUTSIDE, dtype=np.int8)
    expected[joined.index] = joined["index_right"]
    strict = Locator(polygons, tolerance_km=0.0)
    strict.grid()
    if not np.array_equal(strict.codes(lon, lat), expected):
        raise AssertionError("the locator and geopandas disagree")
    if not np.array_equal(_prepared(polygons, lon, lat), expected):
        raise AssertionError("prepared shapely and geopandas disagree")
    codes = locator.codes(lon, lat)
    if not np.array_equal(codes[expected >= 0], expected[expected >= 0]):
        raise AssertionError("the tolerance moved a point that lies in a district")
    return {"points in a district": len(joined), "kept by the tolerance": int(((codes >= 0) & (expected < 0)).sum())}
