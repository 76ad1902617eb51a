"""The map benchmark at smoke size: both ways draw the points that the page says, offline; no time is judged."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

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


@pytest.mark.browser
@pytest.mark.slow
def test_both_ways_draw_the_same_points_in_a_browser(tmp_path: Path) -> None:
    missing = not shutil.which("chromium") or find_spec("playwright") is None
    if missing and os.environ.get("CI") != "true":
        pytest.skip("Chromium or the Python package playwright is not installed")
    file = tmp_path / "map.json"
    command = [sys.executable, "-m", "benchmarks", "map", "--rows", str(ROWS), "--json", str(file)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    comparison: dict[str, Any] = json.loads(file.read_text("utf-8"))["comparisons"][0]
    assert list(comparison["ways"]) == list(NAMES.values())
    rounds = len(comparison["ways"][NAMES[OURS]]["seconds"])
    targets = made_up.incidents(ROWS)["target_type"].to_pylist()
    kept = [ROWS - targets.count(left_out) for left_out in LEFT_OUT[2 : 2 + rounds]]
    assert comparison["facts"]["points drawn"] == f"{min(kept):,} to {max(kept):,}"
