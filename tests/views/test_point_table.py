"""Packed points come back, and a table keeps what it was asked for once."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hypothesis_numpy

from geo.views.point_table import PACKED_BYTES, PointTable


def table(lon: Any, lat: Any) -> PointTable:
    """Points with every third near and four colours in turn."""
    n = np.arange(len(lon))
    return PointTable(np.asarray(lon, float), np.asarray(lat, float), n % 3 == 2, (n % 4).astype(np.uint8), n + 100)


def unpacked(points: PointTable) -> tuple[Any, Any, Any, Any]:
    """Decode what the browser decodes: longitudes, latitudes, near, colour."""
    data, n = points.packed, len(points)
    west, south, east, north = points.bounds
    lon = west + np.frombuffer(data, "<u2", n) * ((east - west) / 65535)
    lat = south + np.frombuffer(data, "<u2", n, 2 * n) * ((north - south) / 65535)
    kind = np.frombuffer(data, np.uint8, n, 4 * n)
    return lon, lat, kind > 127, kind & 127


coordinates = hypothesis_numpy.arrays(
    np.float64, st.tuples(st.integers(1, 60), st.just(2)), elements=st.floats(-1, 1, allow_nan=False)
)


@given(coordinates)
def test_packed_points_come_back_within_half_a_step(offsets: Any) -> None:
    points = table(71.5 + 2.5 * offsets[:, 0], 34 + 2.9 * offsets[:, 1])
    lon, lat, is_near, colour = unpacked(points)
    west, south, east, north = points.bounds
    np.testing.assert_allclose(lon, points.lon_deg, atol=(east - west) / 65535 * 0.51)
    np.testing.assert_allclose(lat, points.lat_deg, atol=(north - south) / 65535 * 0.51)
    np.testing.assert_array_equal(is_near, points.is_near)
    np.testing.assert_array_equal(colour, points.colour)


def test_a_step_in_the_province_is_under_ten_metres() -> None:
    west, south, east, north = table([69.24, 74.12], [31.17, 36.91]).bounds
    assert (east - west) / 65535 * 95_000 < 10
    assert (north - south) / 65535 * 111_000 < 10


def test_equal_places_stay_equal_and_a_point_takes_five_bytes() -> None:
    points = table([70.6, 70.6, 71.5, 70.6], [32.9, 32.9, 34.0, 32.9])
    lon, lat, _, _ = unpacked(points)
    assert len({(lon[i], lat[i]) for i in (0, 1, 3)}) == 1
    assert len(points.packed) == PACKED_BYTES * 4


@pytest.mark.parametrize("count", [0, 1])
def test_no_point_and_a_single_place_can_be_packed(count: int) -> None:
    points = table([70.6] * count, [32.9] * count)
    west, south, east, north = points.bounds
    assert east > west
    assert north > south
    assert len(points.packed) == PACKED_BYTES * count


def test_a_part_keeps_order_and_every_column() -> None:
    part = table([70, 71, 72, 73], [32, 33, 34, 35]).part(np.array([False, True, True, False]))
    assert part.lon_deg.tolist() == [71, 72]
    assert part.lat_deg.tolist() == [33, 34]
    assert part.is_near.tolist() == [False, True]
    assert part.colour.tolist() == [1, 2]
    assert part.positions.tolist() == [101, 102]


def test_packing_is_done_once() -> None:
    points = table([70, 71], [32, 33])
    assert points.packed is points.packed


def test_digest_and_checksum_tell_tables_apart() -> None:
    points, moved = table([70, 71], [32, 33]), table([70, 71], [32.0, 33.5])
    assert points.digest == table([70, 71], [32, 33]).digest
    assert points.digest != moved.part(np.array([True, False])).digest
    assert points.checksum == moved.checksum, "the same incidents"
    assert points.checksum != points.part(np.array([True, False])).checksum
