"""The matcher against known answers: made-up events, and real pairs that were looked at one by one."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from benchmarks import matching as benchmark
from benchmarks.__main__ import main
from benchmarks.matching_truth import SOURCES, made_up
from geo.analysis.matching.matcher import RULES
from geo.districts import load
from geo.settings import DATA_DIR


@pytest.fixture(scope="module")
def figures() -> dict[str, tuple[float, float, float]]:
    """Precision, recall and F1 of each way on the made-up truth of the fixed seed."""
    districts, truth = load(), made_up(load())
    ids, events = benchmark._sorted_events(truth.rows, districts)
    ways = benchmark._ways(events, districts)
    return {way: benchmark._quality(benchmark._named(ids, find()), truth.pairs) for way, find in ways.items()}


def test_the_made_up_truth_is_the_same_on_every_machine() -> None:
    truth = made_up(load())
    told_by = truth.rows["source"].to_pylist()
    assert (told_by.count(SOURCES[0]), told_by.count(SOURCES[1]), len(truth.pairs)) == (728, 535, 435)
    assert made_up(load()).rows.equals(truth.rows)


def test_the_matcher_finds_most_true_pairs_and_few_others(figures: dict[str, tuple[float, float, float]]) -> None:
    precision, recall, f1 = figures[benchmark.OURS]
    assert precision > 0.9
    assert recall > 0.84
    assert f1 > max(figures["3 km / 1 day"][2], figures["50 km / 1 day"][2]) + 0.05


def test_the_checked_pairs_name_incidents_of_the_register() -> None:
    with (DATA_DIR / "incidents.csv").open(encoding="utf-8", newline="") as file:
        known = {row["incident_id"] for row in csv.DictReader(file)}
    labels = benchmark._labels()
    assert len(labels) == 134
    assert {pair[0].removeprefix("register:") for pair in labels} <= known
    assert set(labels.values()) == {"same", "different", "unclear"}


@pytest.mark.slow
def test_of_the_real_pairs_that_are_matched_hardly_one_is_known_to_be_wrong() -> None:
    if not benchmark.SAMPLE.exists():
        pytest.skip(f"the UCDP sample is not at {benchmark.SAMPLE}")
    facts = benchmark._overlap(load()).facts
    assert facts["matcher: same"] >= 75
    assert facts["matcher: different"] <= 2
    assert facts["matcher: not checked"] <= 3


@pytest.mark.slow
def test_the_benchmark_at_smoke_size_is_recorded(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "matching.json"
    assert main(["matching", "--rows", "2000", "--json", str(file)]) == 0
    comparisons = json.loads(file.read_text("utf-8"))["comparisons"]
    assert "matcher: F1" in comparisons[0]["facts"]
    assert comparisons[1]["facts"]["rows"] == pytest.approx(2000, rel=0.1)
    assert "| matcher |" in capsys.readouterr().out


def test_the_rules_are_those_that_were_measured() -> None:
    assert (RULES.exact_km, RULES.near_km, RULES.matched, RULES.review_low, RULES.review_high) == (3, 15, 3, 2.5, 3.5)
