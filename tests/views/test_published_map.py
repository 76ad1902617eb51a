"""The map of one publisher's districts: the classes of the map page, and districts that are not listed kept apart."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from geo import districts as geo_districts
from geo.analysis.counting.classes import bin_labels, class_edges
from geo.analysis.evidence.published import Total
from geo.incidents import build
from geo.views import published
from geo.views.state import View
from tests import toy

ATLAS = geo_districts.load()
VIEW = View.whole(build({"1": toy.table(toy.row(1))}, ATLAS.pcodes, "v"), ATLAS)


@pytest.mark.parametrize(("metric", "measure"), [("attacks", "incidents"), ("police_killed", "killed")])
@pytest.mark.parametrize("last", [date(2024, 12, 31), date(2034, 12, 31)])
def test_the_classes_are_those_of_the_map_page(metric: str, measure: str, last: date) -> None:
    cells: dict[str, Any] = {"unit": "district", "publisher": "A police force", "url": "https://example.org"}
    rows = tuple(
        Total(date(2024, 1, 1), last, pcode=pcode, metric=metric, value=value, day=None, note="", **cells)
        for pcode, value in (("PK503", 0), ("PK509", 60))
    )
    drawn = published.choropleth(VIEW, rows, {"PK503": 0, "PK509": 60}, "As published", "light")
    edges = class_edges(measure, "count", rows[0].days / 365.25)
    labels = [entry.label for entry in drawn.legend.entries]
    assert labels == ["not in this table", "none", *map(str, bin_labels(edges, is_count=True))]
    shown = {value.pcode: labels[value.entry] for value in drawn.districts}
    assert shown["PK503"] == "none"
    assert shown["PK509"] == labels[1 + sum(edge <= 60 for edge in edges)]
    assert {shown[pcode] for pcode in ATLAS.pcodes if pcode not in ("PK503", "PK509")} == {"not in this table"}
