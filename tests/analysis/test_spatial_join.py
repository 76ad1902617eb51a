"""The join written with geopandas and the locator that pages use give every point the same district."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.analysis.locating import locate
from geo.analysis.locating.locate import Locator
from geo.analysis.locating.spatial_join import join_points
from geo.districts import load
from geo.incidents import NOT_LOCATED, OUTSIDE
from tests.real_tables import register

# A country of four square districts, read like a page, and an island.
COUNTRY = gpd.GeoDataFrame(
    geometry=[shapely.box(70 + x, 33 + y, 71 + x, 34 + y) for x, y in ((0, 1), (1, 1), (0, 0), (1, 0), (3, 0))],
    crs=4326,
)
DEGREES = st.tuples(
    st.one_of(st.floats(69.9, 74.1), st.sampled_from([70.0, 70.5, 71.0, 72.0, 73.0, 69.995, 72.005, 72.5])),
    st.one_of(st.floats(32.9, 35.1), st.sampled_from([33.0, 33.5, 34.0, 35.0, 32.995, 35.005])),
)


def as_points(lon: np.ndarray, lat: np.ndarray) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(geometry=gpd.points_from_xy(lon, lat), crs=4326)


@pytest.fixture(scope="module")
def country() -> Locator:
    return with_grid(COUNTRY)


def with_grid(units: gpd.GeoDataFrame) -> Locator:
    """Return the locator of the units with its grid, as after many points."""
    locator = Locator(units.geometry.to_numpy())
    locator._n_asked = locate.GRID_FROM_POINTS
    locator.grid()
    return locator


@settings(max_examples=20, deadline=None)
@given(degrees=st.lists(DEGREES, min_size=1, max_size=40))
def test_the_toy_country_is_joined_alike(country: Locator, degrees: list[tuple[float, float]]) -> None:
    lon, lat = np.array(degrees).T
    # A point outside that is equally far from two units goes to either: rounding decides.
    beside_edge = (lon == 71.0) & ((lat > 35) | (lat < 33)) | (lat == 34.0) & ((lon < 70) | (lon > 72))
    lon, lat = lon[~beside_edge], lat[~beside_edge]
    found = join_points(as_points(lon, lat), COUNTRY).fillna(OUTSIDE).astype(int)
    assert found.tolist() == country.codes(lon, lat).tolist()


def test_points_of_another_system_and_index_are_joined_as_they_are() -> None:
    points = as_points(np.array([70.5, 71.0, 90.0]), np.array([33.5, 33.5, 33.5])).to_crs(3857)
    points.index = ["first", "on a border", "far"]
    found = join_points(points, COUNTRY)
    assert found.index.tolist() == ["first", "on a border", "far"]
    assert found.fillna(OUTSIDE).tolist() == [2, 2, OUTSIDE]


def test_without_a_tolerance_a_point_beyond_the_border_is_outside() -> None:
    points = as_points(np.array([69.995, 70.0]), np.array([33.5, 33.5]))
    assert join_points(points, COUNTRY, 0).fillna(OUTSIDE).tolist() == [OUTSIDE, 2]
    assert join_points(points, COUNTRY).tolist() == [2, 2]


def test_the_incidents_of_the_register_and_points_all_over_the_province_are_joined_alike() -> None:
    units, table = load().frame, register()
    west, south, east, north = units.total_bounds
    rng = np.random.default_rng(20250101)
    lon = np.concatenate([table.lon, rng.uniform(west - 0.3, east + 0.3, 20_000)])
    lat = np.concatenate([table.lat, rng.uniform(south - 0.3, north + 0.3, 20_000)])
    found = with_grid(units).codes(lon, lat)
    has_point = found != NOT_LOCATED
    assert has_point[: len(table)].any()
    joined = join_points(as_points(lon, lat), units)
    assert joined[~has_point].isna().all()
    assert joined[has_point].fillna(OUTSIDE).astype(int).tolist() == found[has_point].tolist()
