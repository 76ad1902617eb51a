"""The map benchmark at smoke size: both ways draw the points that the page says, offline; no time is judged."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import made_up
from benchmarks.map import FOLIUM, NAMES, OURS, Case, _compared, _name
from benchmarks.map_browser import LEFT_OUT, Traffic, Update
from geo.schema import TARGET_TYPES

ROOT = Path(__file__).resolve().parents[1]
ROWS = 400


def case(way: str, rows: int, seconds: float, drawn: int = 10) -> Case:
    """A case of two updates, the second twice as slow."""
    updates = [Update(seconds, 0.1, drawn), Update(2 * seconds, 0.1, drawn)]
    return Case(way, rows, None, 1.0, Traffic(1_000, 2_000_000), Traffic(5_000, 125_000), updates, 17.2)  # type: ignore[arg-type]


def test_leaving_out_a_target_keeps_most_points() -> None:
    targets = made_up.incidents(20_000)["target_type"].to_pylist()
    assert set(LEFT_OUT) < set(TARGET_TYPES)
    assert max(targets.count(target) for target in LEFT_OUT) < 0.06 * len(targets)


def test_a_target_is_judged_by_the_median_ratio() -> None:
    cases = [
        case(OURS, 100_000, 0.1),
        case(FOLIUM, 100_000, 0.9),
        case(FOLIUM, 10_000, 0.2),
        case(OURS, 1_000_000, 0.2),
    ]
    across = _compared(cases, {})[-1]
    assert across.ours == _name(OURS, 100_000)
    verdicts = [text.rsplit(", ", 1)[1] for text in across.facts.values()]
    assert verdicts == ["not met", "met", "met"]


def test_what_was_sent_and_what_was_not_drawn_is_recorded() -> None:
    facts = _compared([case(OURS, 1_000_000, 0.1)], {1_000_000: "first map not painted within 60 s"})[0].facts
    assert facts[f"{NAMES[OURS]}: kB an update, websocket + files"] == "5 + 125"
    assert facts[f"{NAMES[OURS]}: ms min/median/max"] == "100/150/200"
    assert facts[NAMES[FOLIUM]] == "first map not painted within 60 s"


def test_two_ways_that_draw_different_numbers_are_no_comparison() -> None:
    with pytest.raises(AssertionError, match="different numbers"):
        _compared([case(OURS, 1_000, 0.1, drawn=990), case(FOLIUM, 1_000, 0.1, drawn=991)], {})
