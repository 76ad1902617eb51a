"""What is said first of several published totals of a district."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from geo import districts as geo_districts
from geo.analysis.evidence import lines
from geo.views.access import evidence_map

DISTRICTS = geo_districts.load()


def test_the_latest_published_total_is_named_first_and_the_coloured_one_on_the_map() -> None:
    found = lines.evidence([], DISTRICTS, date(2025, 1, 1), date(2025, 12, 31)).of("PK525")
    model = found.officials[0]
    longest = replace(model, total=replace(model.total, first=date(2025, 1, 1), last=date(2025, 8, 31), value=111))
    latest = replace(model, total=replace(model.total, first=date(2025, 6, 1), last=date(2025, 12, 31), value=77))
    several = replace(found, officials=(longest, latest))
    for card, first, other in (
        (evidence_map.hover_lines(several), "77", "111"),
        (evidence_map.hover_lines(several, "published"), "111", "77"),
    ):
        said = dict(card)["Published totals"]
        assert first in said
        assert other not in said
