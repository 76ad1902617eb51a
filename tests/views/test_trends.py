"""Series by group: what no group is named for is always a series of its own, and its share is said."""

from __future__ import annotations

from datetime import date
from itertools import zip_longest
from typing import Any

import pytest

from geo import districts
from geo.districts import group_names
from geo.filters import Filters
from geo.incidents import IncidentTable, build
from geo.schema import ATTACK_TYPES, TARGET_TYPES
from geo.views import charts, palettes, trends
from geo.views.state import View
from tests.toy import PCODES, row, table

LABEL = "ttp_or_allied_official_label"
GROUPS = ("ttp", "iskp", "lei", "hgb", "lej", "aq", "imp", "tjp")
DAY = date(2024, 3, 4)


def incidents(*keys: str) -> IncidentTable:
    return build({"1": table(*(row(n, group_id=key, day=DAY) for n, key in enumerate(keys)))}, PCODES, "v")


def view(shown: IncidentTable, **chosen: object) -> View:
    return View.of(shown, districts.load(), Filters(**chosen))  # type: ignore[arg-type]


def test_the_smallest_series_stays_visible_if_it_is_what_no_group_is_named_for() -> None:
    shown = view(incidents(*(key for key in GROUPS for _ in range(2)), "unid"))
    frame, order, rest = trends.by_year_and(shown, "incidents", "group")
    assert group_names()["unid"] in order
    assert frame.set_index("series")["value"][group_names()["unid"]] == 1
    assert frame["value"].sum() == 2 * len(GROUPS) + 1
    assert order[-1] == "Other"
    assert {"Other", group_names()["unid"]} <= rest


def test_years_without_a_figure_keep_their_place_and_are_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[dict[str, Any]] = []
    monkeypatch.setattr(charts, "draw", lambda chart, alt: drawn.append(chart.to_dict()))
    days = [date(year, 1, 1) for year in (2019, 2020, 2021, 2022)]
    charts.time_bars(days, [None, None, 3, 0], "n", "n", "year", days[0], date(2022, 12, 31), has_table=False)
    field, words, bars = drawn[0]["layer"]
    assert bars["encoding"]["x"]["scale"]["domain"] == ["2019", "2020", "2021", "2022"]
    rows = [drawn[0]["datasets"][one["data"]["name"]] for one in (field, words)]
    assert [[row["period"] for row in found] for found in rows] == [["2019", "2020"], ["2020"]]
    assert words["mark"]["text"] == "?"


def test_the_share_counts_what_has_an_official_label_only_and_does_not_follow_the_chosen_groups() -> None:
    shown = incidents("ttp", "ttp", LABEL, "unid")
    expected = "Not attributed to a group: 2 of 4 (50%), 1 of them with an official label only."
    assert trends.unattributed_text(view(shown)) == expected
    assert trends.unattributed_text(view(shown, groups=("ttp",))) == expected
    assert trends.unattributed_text(view(incidents("ttp"))) == "Not attributed to a group: 0 of 1 (0%)."


def test_two_sources_have_a_share_each_and_none_where_a_source_cannot_tell() -> None:
    old, new = (
        [row(n, day=date(year, 1, 1), source=source, group_id=key, target_type="police", initiator="militant")
         for n, key in enumerate(keys, year)]
        for year, source, keys in ((2021, "ucdp_ged", ("ttp", "ttp")), (2022, "register", ("unid", "ttp")))
    )  # fmt: skip
    shown = view(build({"1": table(*old), "2": table(*new)}, PCODES, "v"))
    assert trends.unattributed_text(shown) == (
        "UCDP: Not attributed to a group: 0 of 2 (0%). Register: Not attributed to a group: 1 of 2 (50%)."
    )


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("breakdown", list(trends.BREAKDOWNS))
def test_every_series_of_a_chart_has_a_colour_of_its_own(breakdown: str, theme: palettes.Theme) -> None:
    # Many kinds, and more of what is not stated: "Other", "Not stated" and the like stand beside one another.
    kinds = [*zip_longest(ATTACK_TYPES, TARGET_TYPES, GROUPS), *([("unknown", "unknown", "unid")] * 3)]
    rows = [
        row(n, day=DAY, attack_type=attack or "unknown", target_type=target or "unknown", group_id=group or "unid")
        for n, (attack, target, group) in enumerate(kinds)
    ]
    shown = view(build({"1": table(*rows)}, PCODES, "v"))
    _frame, order, rest = trends.by_year_and(shown, "incidents", breakdown)
    colours = charts.series_colours(order, rest, theme)
    assert len(rest & set(order)) > 1
    assert len(set(colours)) == len(order)


def test_without_incidents_there_is_no_share_to_divide() -> None:
    shown = view(incidents("ttp"), start=date(2025, 1, 1))
    assert trends.unattributed_text(shown) == "Not attributed to a group: 0 of 0 (0%)."


def test_a_year_without_a_record_keeps_its_place_in_the_chart() -> None:
    rows = (row(1, group_id="ttp", day=date(2020, 1, 1)), row(2, group_id="unid", day=date(2023, 3, 1)))
    frame, _order, _rest = trends.by_year_and(view(build({"1": table(*rows)}, PCODES, "v")), "incidents", "group")
    by_period = frame.groupby("period")["value"].sum().to_dict()
    assert by_period == {"2020": 1, "2021": 0, "2022": 0, "2023*": 1}


@pytest.mark.parametrize("breakdown", list(trends.BREAKDOWNS))
def test_where_no_shown_incident_counts_for_the_measure_every_year_with_a_record_is_zero(breakdown: str) -> None:
    rows = (row(1, day=date(2020, 1, 1), target_type="civilian"), row(2, day=date(2022, 3, 1), target_type="civilian"))
    shown = view(build({"1": table(*rows)}, PCODES, "v"))
    frame, order, _rest = trends.by_year_and(shown, "police_attacks", breakdown)
    assert order == ["Other"]
    assert frame.to_dict("list") == {
        "period": ["2020", "2021", "2022*"],
        "series": ["Other"] * 3,
        "value": [0, None, 0],
    }
