"""What goes to the browser: packed points that come back, small updates without geometry, texts sent once."""

from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hypothesis_numpy

from geo.text import map_payload
from geo.views.layers import (
    OPEN_STREET_MAP,
    ChoroplethView,
    Density,
    DistrictValue,
    IncidentTexts,
    Legend,
    LegendEntry,
    PointsView,
    base64_text,
    bounds,
    packed_points,
    payload,
)

LEGEND = Legend("Incidents", (LegendEntry("No data", is_hatched=True), LegendEntry("1 to 4", "#fbe3c6")), ("note",))


def points(lon: Any, lat: Any, **changes: Any) -> PointsView:
    """Points with every third near and four colours in turn."""
    n = len(lon)
    values: dict[str, Any] = {
        "legend": LEGEND,
        "lon_deg": np.asarray(lon, dtype=np.float64),
        "lat_deg": np.asarray(lat, dtype=np.float64),
        "is_near": np.arange(n) % 3 == 2,
        "colour": (np.arange(n) % 4).astype(np.uint8),
        "colours": ("#000000", "#111111", "#222222", "#333333"),
        "positions": np.arange(n, dtype=np.int64) + 100,
    }
    return PointsView(**(values | changes))


def unpacked(view: PointsView) -> tuple[Any, Any, Any, Any]:
    """Decode what the browser decodes: longitudes, latitudes, near, colour."""
    data, n = packed_points(view), len(view)
    west, south, east, north = bounds(view)
    lon = west + np.frombuffer(data, "<u2", n) * ((east - west) / 65535)
    lat = south + np.frombuffer(data, "<u2", n, 2 * n) * ((north - south) / 65535)
    kind = np.frombuffer(data, np.uint8, n, 4 * n)
    return lon, lat, kind > 127, kind & 127


coordinates = hypothesis_numpy.arrays(
    np.float64, st.tuples(st.integers(1, 60), st.just(2)), elements=st.floats(-1, 1, allow_nan=False)
)


@given(coordinates)
def test_packed_points_come_back_within_half_a_step(offsets: Any) -> None:
    view = points(71.5 + 2.5 * offsets[:, 0], 34 + 2.9 * offsets[:, 1])
    lon, lat, is_near, colour = unpacked(view)
    west, south, east, north = bounds(view)
    np.testing.assert_allclose(lon, view.lon_deg, atol=(east - west) / 65535 * 0.51)
    np.testing.assert_allclose(lat, view.lat_deg, atol=(north - south) / 65535 * 0.51)
    np.testing.assert_array_equal(is_near, view.is_near)
    np.testing.assert_array_equal(colour, view.colour)


def test_a_step_in_the_province_is_under_ten_metres() -> None:
    west, south, east, north = bounds(points([69.24, 74.12], [31.17, 36.91]))
    assert (east - west) / 65535 * 95_000 < 10
    assert (north - south) / 65535 * 111_000 < 10


def test_equal_places_stay_equal_and_a_point_takes_five_bytes() -> None:
    view = points([70.6, 70.6, 71.5, 70.6], [32.9, 32.9, 34.0, 32.9])
    lon, lat, _, _ = unpacked(view)
    assert len({(lon[i], lat[i]) for i in (0, 1, 3)}) == 1
    assert len(packed_points(view)) == 5 * 4


@pytest.mark.parametrize("count", [0, 1])
def test_no_point_and_a_single_place_can_be_packed(count: int) -> None:
    view = points([70.6] * count, [32.9] * count)
    west, south, east, north = bounds(view)
    assert east > west
    assert north > south
    assert len(packed_points(view)) == 5 * count
    json.dumps(payload(None, view, theme="light"), allow_nan=False)


def test_an_update_of_35_districts_is_small_and_has_no_geometry() -> None:
    view = ChoroplethView(LEGEND, tuple(DistrictValue(f"PK{500 + i}", 1, (("Incidents", "12"),)) for i in range(35)))
    data = payload(view, None, theme="light")
    assert len(map_payload(data)) < 4_000
    assert set(data["choropleth"]) == {"legend", "districts"}
    assert data["choropleth"]["districts"]["PK503"] == [1, (("Incidents", "12"),)]
    assert data["points"] is None


def test_the_legend_keeps_order_hatching_and_notes() -> None:
    legend = payload(ChoroplethView(LEGEND, ()), None, theme="dark")["choropleth"]["legend"]
    assert [(entry["label"], entry["hatched"]) for entry in legend["entries"]] == [("No data", True), ("1 to 4", False)]
    assert legend["notes"] == ["note"]


def test_a_text_that_many_incidents_share_is_sent_once() -> None:
    texts = IncidentTexts(("Date", "Place"), (("2024", "Bannu"), ("2025", "Bannu")), ("", "https://a.example/"))
    sent = payload(None, points([70.6, 70.6], [32.9, 32.9], texts=texts), theme="light")["points"]["texts"]
    assert sent["words"].count("Bannu") == 1
    read = [[sent["words"][word] for word in row] for row in sent["rows"]]
    assert read == [["2024", "Bannu"], ["2025", "Bannu"]]
    assert sent["links"][0] == -1
    assert sent["words"][sent["links"][1]] == "https://a.example/"


@given(st.lists(st.text(max_size=20), min_size=1, max_size=20))
def test_any_text_survives_the_way_and_is_never_seen_by_a_parser(words: list[str]) -> None:
    words = [word.encode("utf-8", "ignore").decode() for word in words]
    texts = IncidentTexts(("Incident",), tuple((word,) for word in words), ("",) * len(words))
    sent = map_payload(payload(None, points([70.6] * len(words), [32.9] * len(words), texts=texts), theme="light"))
    assert set(sent) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=")
    back = json.loads(base64.b64decode(sent))["points"]["texts"]
    assert [back["words"][row[0]] for row in back["rows"]] == words


def test_selection_comes_from_either_layer() -> None:
    chosen = points([70.6], [32.9], selected=("PK503",))
    assert payload(None, chosen, theme="light")["selected"] == ["PK503"]
    assert payload(ChoroplethView(LEGEND, (), ("PK533",)), chosen, theme="light")["selected"] == ["PK533"]


def test_tiles_and_density_are_absent_unless_asked_for() -> None:
    plain = payload(None, points([70.6], [32.9]), theme="light")
    assert plain["tiles"] is None
    assert plain["points"]["density"] is None
    density = Density((1, 10), ("#aaaaaa", "#bbbbbb"))
    asked = payload(None, points([70.6], [32.9], density=density, mode="heat"), theme="light", tiles=OPEN_STREET_MAP)
    assert asked["points"]["density"]["breaks"] == [1, 10]
    assert "OpenStreetMap" in asked["tiles"]["credit"]


def test_the_token_tells_sets_of_points_apart() -> None:
    first, same = points([70.6, 71.0], [32.9, 33.0]), points([70.6, 71.0], [32.9, 33.0])
    other = points([70.6, 71.0], [32.9, 33.0], positions=np.array([100, 102]))
    assert first.token == same.token
    assert first.token != other.token


def test_base64_text_is_plain_ascii() -> None:
    assert base64_text(bytes(range(256))).isascii()
