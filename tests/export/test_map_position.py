"""The position of a map in an address: short, exact, and nothing else than a position."""

from __future__ import annotations

import pytest

from geo.export.map_position import MapPosition, from_short, from_values


@pytest.mark.parametrize(
    ("position", "short"),
    [
        (MapPosition(33.5, 70.25, 8.0), "33.5_70.25_8"),
        (MapPosition(-0.00001, -179.99999, 10.125), "-0_-180_10.125"),
        (MapPosition(32.98765432, 70.0, 0.0), "32.9877_70_0"),
    ],
)
def test_an_address_names_a_place_to_about_ten_metres(position: MapPosition, short: str) -> None:
    assert position.short == short
    found = from_short(short)
    assert found is not None
    assert found.lat_deg == pytest.approx(position.lat_deg, abs=0.00006)
    assert (found.lon_deg, found.zoom) == (pytest.approx(position.lon_deg, abs=0.00006), position.zoom)


@pytest.mark.parametrize(
    "text",
    ["", "33.5_70.25", "91_70_8", "33_181_8", "33_70_23", "33_70_-1", "nan_70_8", "1e1_70_8", "33,5_70_8", "٣٣_70_8",
     "33_70_8\n", " 33_70_8", "33_70_8_9", None, 33],
)  # fmt: skip
def test_any_other_text_is_no_position(text: object) -> None:
    assert from_short(text) is None


@pytest.mark.parametrize("values", [{}, {"lat_deg": 33.0}, {"lat_deg": True, "lon_deg": 70, "zoom": 8}, [33, 70, 8]])
def test_values_without_all_three_numbers_are_no_position(values: object) -> None:
    assert from_values(values) is None
