"""One point, one answer: the grid, the geometry and plain shapely say the same about every point."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS, Transformer

from geo.analysis.locating import locate
from geo.analysis.locating.locate import TOLERANCE_KM, Locator
from geo.districts import load
from geo.incidents import NOT_LOCATED, OUTSIDE

ATLAS = load()
# Four unit squares around (1, 1), read like a page: 0 1 / 2 3.
SQUARES = np.array([shapely.box(0, 1, 1, 2), shapely.box(1, 1, 2, 2), shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)])
METRE_DEG = 1 / 110_600  # of latitude near the equator


@pytest.fixture(params=["geometry", "grid"])
def path(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Answer by geometry alone, or through the grid from the first point on."""
    monkeypatch.setattr(locate, "GRID_FROM_POINTS", 0 if request.param == "grid" else 10**9)
    return str(request.param)


def by_grid(polygons: np.ndarray, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(locate, "GRID_FROM_POINTS", 0)
        return Locator(polygons).codes(lon, lat)


def containing(polygons: np.ndarray, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """The rule in one line of plain shapely: the lowest closed polygon with the point, else OUTSIDE."""
    inside = shapely.intersects(polygons[:, None], shapely.points(lon, lat)[None, :])
    return np.where(inside.any(axis=0), inside.argmax(axis=0), OUTSIDE)


def distances_km(lon: float, lat: float) -> np.ndarray:
    """Distance of a point to every district, in a projection that is true from that very point."""
    around = Transformer.from_crs(4326, CRS.from_dict({"proj": "aeqd", "lon_0": lon, "lat_0": lat}), always_xy=True)
    local = shapely.transform(ATLAS.polygons, around.transform, interleaved=False)
    return shapely.distance(local, shapely.Point(0, 0)) / 1000.0


def bounds_points(n: int, seed: int = 20250101, margin: float = 0.3) -> tuple[np.ndarray, np.ndarray]:
    west, south, east, north = shapely.total_bounds(ATLAS.polygons)
    rng = np.random.default_rng(seed)
    return rng.uniform(west - margin, east + margin, n), rng.uniform(south - margin, north + margin, n)


# --- the rule on four squares ----------------------------------------------------------------------------


@pytest.mark.case(38)
@pytest.mark.parametrize(
    ("lon", "lat", "code"),
    [
        (0.5, 1.5, 0),
        (1.5, 0.5, 3),
        (1.0, 1.0, 0),  # the corner of all four
        (1.0, 1.5, 0),  # a border of 0 and 1
        (1.0, 0.5, 2),  # a border of 2 and 3
        (1.5, 1.0, 1),  # a border of 1 and 3
        (0.0, 0.0, 2),  # the outer corner
        (2.0, 1.0, 1),  # where an inner border meets the edge
        (-500 * METRE_DEG, 0.5, 2),  # outside, half a kilometre
        (1.0, -500 * METRE_DEG, 2),  # outside, 2 and 3 equally near
        (2 + 500 * METRE_DEG, 1.0, 1),  # outside, 1 and 3 equally near
        (-990 * METRE_DEG, 1.5, 0),
        (-1010 * METRE_DEG, 1.5, OUTSIDE),
        (-0.5, -0.5, OUTSIDE),
        (179.0, -89.0, OUTSIDE),
        (180.0, 90.0, OUTSIDE),
        (180.1, 0.5, NOT_LOCATED),
        (0.5, -90.1, NOT_LOCATED),
        (np.nan, 0.5, NOT_LOCATED),
        (0.5, np.nan, NOT_LOCATED),
        (np.inf, 0.5, NOT_LOCATED),
        (0.5, -np.inf, NOT_LOCATED),
        (1e308, 0.5, NOT_LOCATED),
    ],
)
@pytest.mark.usefixtures("path")
def test_the_rule_on_four_squares(lon: float, lat: float, code: int) -> None:
    assert Locator(SQUARES).codes(np.array([lon]), np.array([lat])).tolist() == [code]


@pytest.mark.usefixtures("path")
def test_no_points_give_no_codes() -> None:
    codes = Locator(SQUARES).codes(np.array([]), np.array([]))
    assert (codes.dtype, codes.shape) == (np.int8, (0,))


@pytest.mark.usefixtures("path")
def test_a_polygon_that_lies_in_another_never_wins_from_below_but_does_from_above() -> None:
    big, small = shapely.box(0, 0, 1, 1), shapely.box(0.4, 0.4, 0.6, 0.6)
    at = np.array([0.5]), np.array([0.5])
    assert Locator(np.array([big, small])).codes(*at).tolist() == [0]
    assert Locator(np.array([small, big])).codes(*at).tolist() == [0]


@pytest.mark.usefixtures("path")
def test_a_hole_and_an_island_are_outside_and_inside() -> None:
    ring = shapely.difference(shapely.box(0, 0, 1, 1), shapely.box(0.2, 0.2, 0.8, 0.8))
    parted = shapely.union(ring, shapely.box(0.45, 0.45, 0.55, 0.55))
    lon = np.array([0.1, 0.3, 0.5, 0.2, 0.2 + 300 * METRE_DEG])
    lat = np.array([0.5, 0.5, 0.5, 0.5, 0.5])
    assert Locator(np.array([parted])).codes(lon, lat).tolist() == [0, OUTSIDE, 0, 0, 0]


def test_too_many_or_no_polygons_are_refused() -> None:
    for n in (0, 127):
        with pytest.raises(ValueError, match="1 to 126"):
            Locator(np.array([shapely.box(0, 0, 1, 1)] * n, dtype=object))


def test_arrays_of_different_shapes_are_refused() -> None:
    with pytest.raises(ValueError, match="one shape"):
        Locator(SQUARES).codes(np.zeros(2), np.zeros(3))


# --- the province ----------------------------------------------------------------------------------------


def test_random_points_agree_with_shapely_and_with_geopandas() -> None:
    lon, lat = bounds_points(30_000)
    expected = containing(ATLAS.polygons, lon, lat)
    located = by_grid(ATLAS.polygons, lon, lat)
    exact = Locator(ATLAS.polygons, tolerance_km=0).codes(lon, lat)
    assert exact.tolist() == expected.tolist()
    assert located[expected >= 0].tolist() == expected[expected >= 0].tolist()
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(lon, lat), crs=4326)
    joined = gpd.sjoin(points, ATLAS.frame[["geometry"]], predicate="within")
    assert located[joined.index].tolist() == joined["index_right"].tolist()


@pytest.mark.case(38)
@pytest.mark.parametrize("shift_deg", [0.0, 1e-12, -1e-12, 1e-9, 1e-6, -1e-4])
def test_corners_and_border_points_agree_with_shapely(shift_deg: float) -> None:
    corners = shapely.get_coordinates(ATLAS.polygons)
    halves = (corners[1:] + corners[:-1])[np.hypot(*(corners[1:] - corners[:-1]).T) < 0.3] / 2
    lon, lat = (np.concatenate([corners, halves]) + shift_deg).T.copy()
    expected = containing(ATLAS.polygons, lon, lat)
    found = by_grid(ATLAS.polygons, lon, lat)
    assert found[expected >= 0].tolist() == expected[expected >= 0].tolist()
    # What rounding put a hair outside goes to a district at its edge, never astray.
    assert (found >= 0).all()


def test_points_on_the_lines_of_the_grid_agree_with_geometry() -> None:
    gridded = Locator(ATLAS.polygons)
    grid = gridded.grid()
    rng = np.random.default_rng(7)
    column = rng.integers(0, grid.n_columns + 1, 20_000)
    row = rng.integers(0, grid.n_rows + 1, 20_000)
    for nudge in (0.0, 1e-13, -1e-13):
        lon, lat = grid.west_deg + column * grid.cell_deg + nudge, grid.south_deg + row * grid.cell_deg + nudge
        assert gridded.codes(lon, lat).tolist() == Locator(ATLAS.polygons).codes(lon, lat).tolist()


def test_each_place_outside_has_the_answer_of_its_distance_on_the_ground() -> None:
    rng = np.random.default_rng(11)
    edge = shapely.boundary(shapely.union_all(ATLAS.polygons))
    on_edge = shapely.get_coordinates(shapely.line_interpolate_point(edge, rng.uniform(0, 1, 400), normalized=True))
    lon, lat = (on_edge + rng.uniform(-0.025, 0.025, on_edge.shape)).T.copy()
    outside = containing(ATLAS.polygons, lon, lat) == OUTSIDE
    lon, lat = lon[outside], lat[outside]
    found = by_grid(ATLAS.polygons, lon, lat)
    assert found.tolist() == Locator(ATLAS.polygons).codes(lon, lat).tolist()
    slack_km = 0.005
    n_near = 0
    for x, y, code in zip(lon, lat, found, strict=True):
        km = distances_km(x, y)
        if code == OUTSIDE:
            assert km.min() > TOLERANCE_KM - slack_km
        else:
            n_near += 1
            assert km[code] < TOLERANCE_KM + slack_km
            assert km[code] < km.min() + slack_km
    assert n_near > 30


@pytest.mark.case(38)
def test_the_wedge_at_a_shared_edge_point_goes_to_the_lowest() -> None:
    edge_of = [set(map(tuple, shapely.get_coordinates(polygon))) for polygon in ATLAS.polygons]
    edge = shapely.union_all(ATLAS.polygons)
    rim = set(map(tuple, shapely.get_coordinates(edge)))
    shared = [(p, [i for i, corners in enumerate(edge_of) if p in corners]) for p in rim]
    shared = [(p, members) for p, members in shared if len(members) > 1]
    assert shared
    for point, members in shared:
        assert Locator(ATLAS.polygons).codes(*np.array([point]).T)[0] == members[0]


def test_border_posts_a_few_hundred_metres_out_are_kept_and_places_far_out_are_not() -> None:
    # As UCDP places them: Angoor Adda and Nawa Pass; then a point of Torkham 5 km out, Kabul, Islamabad.
    lon = np.array([69.274167, 71.183039, 71.069264, 69.1783, 73.0479])
    lat = np.array([32.517778, 34.742012, 34.190457, 34.5281, 33.6844])
    assert (containing(ATLAS.polygons, lon, lat) == OUTSIDE).all()
    codes = Locator.build(ATLAS).codes(lon, lat)
    assert [ATLAS.pcodes[code] for code in codes[:2]] == ["PK530", "PK502"]
    assert codes[2:].tolist() == [OUTSIDE] * 3


def test_the_order_and_the_company_of_points_change_nothing() -> None:
    lon, lat = bounds_points(5_000, seed=3)
    lon[::50] = np.nan
    order = np.random.default_rng(5).permutation(len(lon))
    locator = Locator(ATLAS.polygons)
    whole = locator.codes(lon, lat)
    assert locator.codes(lon[order], lat[order]).tolist() == whole[order].tolist()
    parts = [locator.codes(lon[i : i + 777], lat[i : i + 777]) for i in range(0, len(lon), 777)]
    assert np.concatenate(parts).tolist() == whole.tolist()


def test_many_small_calls_lead_to_the_same_answers_as_one_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locate, "GRID_FROM_POINTS", 2_000)
    lon, lat = bounds_points(6_000, seed=4)
    locator = Locator(ATLAS.polygons)
    parts = [locator.codes(lon[i : i + 500], lat[i : i + 500]) for i in range(0, len(lon), 500)]
    assert np.concatenate(parts).tolist() == Locator(ATLAS.polygons).codes(lon, lat).tolist()


def test_threads_that_begin_together_get_the_same_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locate, "GRID_FROM_POINTS", 0)
    lon, lat = bounds_points(4_000, seed=9)
    expected = Locator(ATLAS.polygons).codes(lon, lat).tolist()
    locator = Locator(ATLAS.polygons)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: locator.codes(lon, lat).tolist(), range(8)))
    assert all(answer == expected for answer in answers)


def test_one_locator_serves_all_visitors() -> None:
    assert Locator.build(ATLAS) is Locator.build(ATLAS)


# --- any boundary set ------------------------------------------------------------------------------------

hundredths = st.integers(0, 60).map(lambda n: n / 100)
boxes = st.tuples(hundredths, hundredths, st.integers(1, 30), st.integers(1, 30)).map(
    lambda b: shapely.box(70 + b[0], 34 + b[1], 70 + b[0] + b[2] / 100, 34 + b[1] + b[3] / 100)
)
triangles = st.lists(st.tuples(hundredths, hundredths), min_size=3, max_size=3, unique=True).map(
    lambda corners: shapely.Polygon([(70 + x, 34 + y) for x, y in corners])
)
polygon_sets = st.lists(boxes | triangles.filter(lambda t: t.area > 1e-4), min_size=1, max_size=6)


@settings(max_examples=60, deadline=None)
@given(polygon_sets, st.integers(0, 2**32 - 1))
def test_any_set_of_polygons_overlapping_or_apart_is_answered_as_shapely_does(
    shapes: list[shapely.Polygon], seed: int
) -> None:
    polygons = np.array(shapes, dtype=object)
    corners = shapely.get_coordinates(polygons)
    rng = np.random.default_rng(seed)
    scattered = rng.uniform(corners.min(axis=0) - 0.05, corners.max(axis=0) + 0.05, (300, 2))
    halves = (corners[1:] + corners[:-1]) / 2
    lon, lat = np.concatenate([corners, halves, scattered, corners + rng.normal(0, 0.01, corners.shape)]).T.copy()
    expected = containing(polygons, lon, lat)
    found = by_grid(polygons, lon, lat)
    assert found[expected >= 0].tolist() == expected[expected >= 0].tolist()
    assert found.tolist() == Locator(polygons).codes(lon, lat).tolist()


def test_a_boundary_set_of_a_continent_gets_a_grid_of_bounded_size() -> None:
    polygons = np.array([shapely.box(-20, -35, 15, 35), shapely.box(15, -35, 52, 35)])
    locator = Locator(polygons)
    assert len(locator.grid().codes) < 25_000_000
    rng = np.random.default_rng(1)
    lon, lat = rng.uniform(-25, 57, 2_000), rng.uniform(-40, 40, 2_000)
    assert locator.codes(lon, lat).tolist() == Locator(polygons).codes(lon, lat).tolist()
