"""In public mode no payload of the map tells where or what a single record of a restricted source is."""

from __future__ import annotations

import base64
import json
from datetime import date
from typing import Any

import numpy as np
import pytest

from geo import districts as geo_districts
from geo.filters import Filters
from geo.incidents import IncidentTable, build
from geo.views import incident_points
from geo.views import map as view_map
from geo.views.coloured_points import COLOURED_BY
from geo.views.layers import sent_points
from geo.views.restricted_points import CELL_DEG
from geo.views.state import View
from tests.toy import row, table

DISTRICTS = geo_districts.load()
OPEN = {(33.101, 70.601), (33.202, 70.702)}
SECRET = {(32.9871, 70.6123), (32.9312, 70.5634), (33.9219, 71.4626)}
STEP_DEG = 1e-4


def incidents() -> IncidentTable:
    """Two of a table of the user; one of ACLED, one of GTD and one of no known source, all with a place."""
    cells = {"geo_precision": "exact", "pcode": "PK503", "place": "secret hamlet"}
    rows = [
        row(k, lat=lat, lon=lon, day=date(2024, 1, k), **cells) for k, (lat, lon) in enumerate(sorted(OPEN), start=1)
    ]
    sources = ("acled", "gtd", "not_in_the_list")
    for k, ((lat, lon), source) in enumerate(zip(sorted(SECRET), sources, strict=True), start=11):
        kind = {"attack_type": "abduction", "target_type": "police", "group_id": "iskp"}
        rows.append(row(k, source=source, lat=lat, lon=lon, day=date(2024, 1, k), **cells, **kind))
    return build({"1": table(*rows)}, DISTRICTS.pcodes, "v")


def view(**chosen: Any) -> View:
    return View.of(incidents(), DISTRICTS, Filters(**chosen))


def decoded(shown: View, mode: Any, coloured_by: str) -> tuple[dict[str, Any], list[tuple[float, float, int]]]:
    """Return the JSON of the points and their (lat, lon, kind), read back as the browser reads them."""
    points = incident_points.points_view(shown, mode, coloured_by)
    data, packed = view_map._update(None, points, None, "light", None)
    sent = json.loads(base64.b64decode(data))["points"]
    return sent, unpacked(base64.b64decode(packed), sent["bounds"])


def unpacked(content: bytes, bounds: Any) -> list[tuple[float, float, int]]:
    n = len(content) // 5
    west, south, east, north = bounds
    lon = west + np.frombuffer(content[: 2 * n], "<u2") * ((east - west) / 65535)
    lat = south + np.frombuffer(content[2 * n : 4 * n], "<u2") * ((north - south) / 65535)
    return list(zip(lat.tolist(), lon.tolist(), np.frombuffer(content[4 * n :], "u1").tolist(), strict=True))


def is_at(places: Any, lat: float, lon: float) -> bool:
    return any(abs(lat - y) < STEP_DEG and abs(lon - x) < STEP_DEG for y, x in places)


@pytest.fixture(autouse=True)
def _public(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATLAS_MODE", "public")


@pytest.mark.parametrize("coloured_by", COLOURED_BY)
def test_points_of_restricted_sources_are_in_no_payload(coloured_by: str) -> None:
    sent, points = decoded(view(), "pins", coloured_by)
    assert sent["count"] == len(points) == len(OPEN)
    assert all(is_at(OPEN, lat, lon) for lat, lon, _kind in points)
    assert len(sent["texts"]["rows"]) == len(OPEN)
    assert not {"11 Jan 2024", "12 Jan 2024", "13 Jan 2024"} & set(sent["texts"]["words"])
    assert sent["badges"] == [["PK503", len(SECRET)]], "they are counted in their district"


@pytest.mark.parametrize("mode", ["heat", "hex"])
def test_surfaces_hold_them_in_the_middle_of_coarse_cells_alike(mode: str) -> None:
    sent, points = decoded(view(), mode, "target")
    assert len(points) == len(OPEN) + len(SECRET)
    assert sent["texts"] is None
    coarse = points[len(OPEN) :]
    for lat, lon, _kind in coarse:
        assert not is_at(SECRET, lat, lon)
        middles = ((lat / CELL_DEG) % 1, (lon / CELL_DEG) % 1)
        assert middles == pytest.approx((0.5, 0.5), abs=STEP_DEG / CELL_DEG)
    assert len({kind for _lat, _lon, kind in coarse}) == 1, "no category is told by a colour"
    assert sent["badges"] == []


def test_the_table_that_the_browser_keeps_holds_no_restricted_point_either() -> None:
    kept: list[bytes] = []

    def publish(content: bytes, _digest: bytes) -> str:
        kept.append(content)
        return "points.bin"

    copies = 5_000
    cells = {"geo_precision": "exact", "pcode": "PK503"}
    rows = [row(k, lat=33.1, lon=70.6, **cells) for k in range(copies)]
    rows += [row(copies + k, source="acled", lat=32.9871, lon=70.6123, **cells) for k in range(3)]
    shown = View.whole(build({"1": table(*rows)}, DISTRICTS.pcodes, "v"), DISTRICTS)
    sent = sent_points(incident_points.points_view(shown, "pins", "target"), publish)
    assert len(kept) == 1
    assert len(kept[0]) == 5 * copies
    assert not any(is_at(SECRET, lat, lon) for lat, lon, _kind in unpacked(kept[0], sent.bounds))


def test_filters_tell_only_how_many_a_cell_holds() -> None:
    """Which record of a cell a filter keeps would join its day to its kind."""
    cells = {"source": "acled", "geo_precision": "exact", "pcode": "PK503", "lat": 32.9871, "lon": 70.6123}
    rows = table(*(row(k, day=date(2024, 1, k), **cells) for k in (1, 2, 3)))
    made = build({"1": rows}, DISTRICTS.pcodes, "v")
    days = [date(2024, 1, k) for k in (1, 2, 3)]
    shown = [
        incident_points.points_view(View.of(made, DISTRICTS, Filters(start=day, end=day)), "hex", "target").shown
        for day in days
    ]
    assert [one.tolist() for one in shown] == [[True, False, False]] * 3


def test_the_page_says_how_many_are_left_out_and_why() -> None:
    sentence = incident_points.restricted_text(view(), "pins")
    assert "3 incidents" in sentence
    assert "ACLED" in sentence
    assert "Global Terrorism Database" in sentence
    assert "licence" in sentence
    assert "25 km" in incident_points.restricted_text(view(), "heat")
    assert incident_points.restricted_text(view(start=date(2024, 1, 1), end=date(2024, 1, 2)), "pins") == ""


def test_on_the_own_machine_they_are_drawn_where_they_lie(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATLAS_MODE", "local")
    sent, points = decoded(view(), "pins", "target")
    assert len(points) == len(OPEN) + len(SECRET)
    assert sent["badges"] == []
    assert incident_points.restricted_text(view(), "pins") == ""


def test_without_a_district_they_are_only_counted_in_the_sentence() -> None:
    rows = table(row(1, source="acled", geo_precision="exact", lat=20.0, lon=60.0, district_method="outside"))
    shown = View.whole(build({"1": rows}, DISTRICTS.pcodes, "v"), DISTRICTS)
    sent, points = decoded(shown, "pins", "target")
    assert (points, sent["badges"]) == ([], [])
    assert "1 incident " in incident_points.restricted_text(shown, "pins")
