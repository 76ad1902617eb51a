"""What goes to the browser: points by the shortest way, small updates without geometry, texts sent once."""

from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geo.text import map_payload
from geo.views.layers import (
    OPEN_STREET_MAP,
    ChoroplethView,
    Density,
    DistrictValue,
    GoTo,
    IncidentTexts,
    Legend,
    LegendEntry,
    PointsView,
    payload,
    sent_points,
)
from geo.views.point_table import PointTable

LEGEND = Legend("Incidents", (LegendEntry("No data", is_hatched=True), LegendEntry("1 to 4", "#fbe3c6")), ("note",))


def points(n: int, shown: Any = None, **changes: Any) -> PointsView:
    """Points on a line, every third near, four colours in turn; all shown unless told otherwise."""
    k = np.arange(n)
    table = PointTable(np.linspace(70, 73, n), np.linspace(32, 35, n), k % 3 == 2, (k % 4).astype(np.uint8), k + 100)
    values: dict[str, Any] = {
        "legend": LEGEND,
        "table": table,
        "shown": np.ones(n, dtype=bool) if shown is None else np.asarray(shown),
        "colours": ("#000000", "#111111", "#222222", "#333333"),
    }
    return PointsView(**(values | changes))


class Published:
    """Keeps what would be files; an address is the place in the list."""

    def __init__(self) -> None:
        self.files: list[tuple[bytes, bytes]] = []

    def __call__(self, packed: bytes, digest: bytes) -> str:
        self.files.append((packed, digest))
        return f"file {len(self.files) - 1}"


def sent_points_payload(view: PointsView) -> Any:
    """The points of an update with everything in it, as a saved map has them."""
    return payload(None, view, theme="light", sent=sent_points(view, None))["points"]


def test_few_points_come_with_the_update() -> None:
    publish = Published()
    view = points(4_000)
    sent = sent_points(view, publish)
    assert (sent.content, sent.table_file) == (view.table.packed, None)
    assert publish.files == []


def test_many_points_are_one_bit_each_beside_a_table_that_stays_the_same() -> None:
    publish = Published()
    n = np.arange(10_000)
    view = points(10_000, n % 5 != 0)
    sent = sent_points(view, publish)
    assert publish.files == [(view.table.packed, view.table.digest)]
    assert (sent.table_file, sent.bounds) == ("file 0", view.table.bounds)
    assert len(sent.content) == 1_250
    bits = np.unpackbits(np.frombuffer(sent.content, np.uint8), bitorder="little")
    np.testing.assert_array_equal(bits, n % 5 != 0)


def test_a_filter_of_a_million_points_is_125_kilobytes() -> None:
    sent = sent_points(points(1_000_000), Published())
    assert len(sent.content) == 125_000


def test_a_few_of_many_points_are_sent_by_themselves_when_that_is_less() -> None:
    publish = Published()
    view = points(1_000_000, np.arange(1_000_000) < 20_000)
    sent = sent_points(view, publish)
    assert publish.files == []
    assert len(sent.content) == 5 * 20_000
    assert sent.bounds == view.table.part(view.shown).bounds


@given(st.integers(1, 60_000), st.floats(0, 1))
def test_no_update_is_larger_than_it_need_be(n: int, share: float) -> None:
    view = points(n, np.arange(n) < share * n)
    sent = sent_points(view, Published())
    assert len(sent.content) <= max(20_000, n // 8 + 1)


def test_a_saved_map_holds_all_that_it_shows_and_nothing_else() -> None:
    view = points(50_000, np.arange(50_000) % 2 == 0)
    sent = sent_points(view, None)
    assert sent.table_file is None
    assert len(sent.content) == 5 * 25_000


def test_the_payload_says_where_the_table_is() -> None:
    view = points(30_000, np.arange(30_000) % 2 == 0)
    data = payload(None, view, theme="light", sent=sent_points(view, Published()))["points"]
    assert (data["count"], data["table"]) == (15_000, {"file": "file 0", "count": 30_000})
    assert sent_points_payload(points(2))["table"] is None


def test_texts_of_a_small_table_are_one_file_under_every_filter_and_few_come_with_the_update() -> None:
    publish, n = Published(), np.arange(900)
    rows = tuple((f"2024, number {k} of many", f"Place {k}") for k in n)
    every = IncidentTexts(("Date", "Place"), rows, ("",) * len(n))
    sent = []
    for shown in (n % 2 == 0, n % 3 == 0):
        view = points(len(n), shown, texts=every.part(shown), table_texts=every)
        sent.append(payload(None, view, theme="light", sent=sent_points(view, publish))["points"]["texts"])
        bits = np.unpackbits(np.frombuffer(base64.b64decode(sent[-1]["bits"]), np.uint8), bitorder="little")
        np.testing.assert_array_equal(bits[: len(n)], shown)
    assert publish.files[0] == publish.files[1]
    file = json.loads(publish.files[0][0])
    assert [[file["words"][word] for word in row] for row in file["rows"]] == [list(row) for row in rows]
    few = every.part(n < 3)
    view = points(3, texts=few, table_texts=few)
    assert len(payload(None, view, theme="light", sent=sent_points(view, publish))["points"]["texts"]["rows"]) == 3
    assert len(publish.files) == 2


def test_an_update_of_35_districts_is_small_and_has_no_geometry() -> None:
    view = ChoroplethView(LEGEND, tuple(DistrictValue(f"PK{500 + i}", 1, (("Incidents", "12"),)) for i in range(35)))
    data = payload(view, None, theme="light")
    assert len(map_payload(data)) < 4_000
    assert set(data["choropleth"]) == {"legend", "districts", "badges"}
    assert data["choropleth"]["districts"]["PK503"] == [1, (("Incidents", "12"),)]
    assert data["points"] is None


def test_the_legend_keeps_order_hatching_and_notes() -> None:
    legend = payload(ChoroplethView(LEGEND, ()), None, theme="dark")["choropleth"]["legend"]
    assert [(entry["label"], entry["is_hatched"]) for entry in legend["entries"]] == [
        ("No data", True),
        ("1 to 4", False),
    ]
    assert list(legend["notes"]) == ["note"]


def test_a_text_that_many_incidents_share_is_sent_once() -> None:
    texts = IncidentTexts(("Date", "Place"), (("2024", "Bannu"), ("2025", "Bannu")), ("", "https://a.example/"))
    sent = sent_points_payload(points(2, texts=texts))["texts"]
    assert sent["words"].count("Bannu") == 1
    read = [[sent["words"][word] for word in row] for row in sent["rows"]]
    assert read == [["2024", "Bannu"], ["2025", "Bannu"]]
    assert sent["links"][0] == -1
    assert sent["words"][sent["links"][1]] == "https://a.example/"


@given(st.lists(st.text(max_size=20), min_size=1, max_size=20))
def test_any_text_survives_the_way_and_is_never_seen_by_a_parser(words: list[str]) -> None:
    words = [word.encode("utf-8", "ignore").decode() for word in words]
    texts = IncidentTexts(("Incident",), tuple((word,) for word in words), ("",) * len(words))
    sent = map_payload(sent_points_payload(points(len(words), texts=texts)))
    assert set(sent) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=")
    back = json.loads(base64.b64decode(sent))["texts"]
    assert [back["words"][row[0]] for row in back["rows"]] == words


def test_selection_comes_from_either_layer() -> None:
    chosen = points(1, selected=("PK503",))
    assert payload(None, chosen, theme="light")["selected"] == ["PK503"]
    assert payload(ChoroplethView(LEGEND, (), ("PK533",)), chosen, theme="light")["selected"] == ["PK533"]


def test_tiles_and_density_are_absent_unless_asked_for() -> None:
    assert payload(None, None, theme="light")["tiles"] is None
    assert sent_points_payload(points(1))["density"] is None
    density = Density((1, 10), ("#aaaaaa", "#bbbbbb"))
    asked = sent_points_payload(points(1, density=density, mode="heat"))
    assert list(asked["density"]["breaks"]) == [1, 10]
    tiles = payload(None, None, theme="light", tiles=OPEN_STREET_MAP)["tiles"]
    assert "OpenStreetMap" in tiles["credit"]


def test_the_token_tells_sets_of_points_apart() -> None:
    tokens = [
        points(3).token,
        points(3).token,
        points(3, [True, True, False]).token,
        points(3, [False, True, True]).token,
    ]
    moved = points(3)
    moved.table.positions[0] = 90
    assert tokens[0] == tokens[1]
    assert len({*tokens[1:], moved.token}) == 4


def test_positions_are_those_of_the_points_shown() -> None:
    view = points(4, [True, False, False, True])
    assert len(view) == 2
    assert view.positions.tolist() == [100, 103]


def test_where_to_go_is_sent_when_the_reader_asks_and_never_kept_in_a_saved_map() -> None:
    asked = GoTo("Mir Ali, North Waziristan", 33.07, 70.27, 10.0)
    sent = payload(None, None, theme="light", go_to=asked)["go_to"]
    assert sent == {"name": "Mir Ali, North Waziristan", "lat": 33.07, "lon": 70.27, "zoom": 10.0}
    assert payload(None, None, theme="light")["go_to"] is None
