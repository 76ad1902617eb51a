"""The table of figures: written from what was saved, by one hand, and never better than that."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from benchmarks import leave, load, report
from benchmarks.timing import Comparison


def saved(folder: Path, benchmark: str, rows: int, *comparisons: Comparison) -> None:
    """Save a benchmark's figures as `python -m benchmarks NAME --json` does."""
    machine = {"taken": "2025-01-02T03:04:05", "cores": 2, "load": [0.5, 0.4, 0.3], "system": "Linux", "versions": {}}
    record = {"benchmark": benchmark, "rows": rows, "machine": machine}
    record["comparisons"] = [comparison.record() for comparison in comparisons]
    (folder / f"{benchmark}-{rows}.json").write_text(json.dumps(record), encoding="utf-8")


def opening(seconds: float) -> Comparison:
    return Comparison("stored incidents to coded columns", "store", {"store": [seconds], "other": [2 * seconds]}, {})


def told(folder: Path) -> str:
    document = folder / "performance.md"
    report.write(folder, document)
    return document.read_text("utf-8")


def verdict(text: str, target: str) -> str:
    """Return the last cell of a target's row."""
    return next(line for line in text.splitlines() if target in line).split("|")[3].strip()


def test_the_document_is_what_the_saved_figures_say(tmp_path: Path) -> None:
    document = tmp_path / "performance.md"
    report.write(document=document)
    assert report.DOCUMENT.read_text("utf-8") == document.read_text("utf-8"), "run: python -m benchmarks report"


def test_a_target_is_met_or_missed_by_what_was_measured(tmp_path: Path) -> None:
    saved(tmp_path, "start", 1_000_000, opening(0.9))
    assert verdict(told(tmp_path), "A million stored rows") == "yes"
    saved(tmp_path, "start", 1_000_000, opening(1.9))
    assert verdict(told(tmp_path), "A million stored rows") == "**no**"


def test_what_stands_in_the_way_of_a_target_is_told_only_if_it_is_missed(tmp_path: Path) -> None:
    for share, told_why in ((2.5, False), (5.0, True)):
        facts = {"times a bare reading": share}
        saved(tmp_path, "ingest", 1_000_000, Comparison("through all checks", "a", {"a": [1.0]}, {}, facts))
        assert ("keeps no cell as it was written" in told(tmp_path)) is told_why


def test_targets_of_many_readers_name_what_their_benchmark_measures(tmp_path: Path) -> None:
    for p95, ratio, expected in ((0.9, 1.1, "yes"), (1.1, 1.3, "**no**")):
        cases = [
            Comparison(case, "a", {"a": [1.0]}, {}, {load.P95: p95}) for case in (load.THINKING, load.WITHOUT_PAUSE)
        ]
        saved(tmp_path, "load", 100_000, *cases)
        saved(tmp_path, "leave", 100_000, Comparison(leave.MEMORY, "a", {"a": [1.0]}, {}, {leave.BACK: ratio}))
        text = told(tmp_path)
        for target in ("12 x 20: p95 under 1 s", "The same without a pause", "20 x 50: memory back within 20 %"):
            assert verdict(text, target).startswith(expected)


def test_a_smaller_run_does_not_speak_for_a_target(tmp_path: Path) -> None:
    saved(tmp_path, "start", 1_000, opening(0.1))
    text = told(tmp_path)
    assert verdict(text, "A million stored rows") == "not measured"
    assert "## start, 1,000 rows" in text


def test_the_worst_of_several_cases_decides(tmp_path: Path) -> None:
    cases: dict[str, Any] = {"pandas categoricals": [1.0], "cube": [0.01]}
    slow = {**cases, "cube": [0.5]}
    good, bad = Comparison("by district", "cube", cases, {}), Comparison("by month", "cube", slow, {})
    saved(tmp_path, "query", 1_000_000, good, bad)
    assert verdict(told(tmp_path), "Filtered counts at least") == "**no**"


def test_work_of_processes_that_cannot_be_asked_shows_no_cpu_time(tmp_path: Path) -> None:
    saved(tmp_path, "start", 1_000_000, opening(0.9))
    assert "| other | 1.8 | - | 2 (2 to 2) |" in told(tmp_path)
