"""Benchmarks at smoke size: they find their modules, check results for being right, and write what they say."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path

import pytest

from benchmarks import leave, load, query, start
from benchmarks.__main__ import main, names
from benchmarks.timing import Comparison, compare


def test_every_benchmark_says_what_it_is_and_how_large() -> None:
    assert "locate" in names()
    for name in names():
        benchmark = import_module(f"benchmarks.{name}")
        assert benchmark.__doc__
        assert benchmark.DEFAULT_ROWS > 0
        assert callable(benchmark.run)


def test_ratios_are_taken_round_by_round() -> None:
    comparison = Comparison("case", "a", {"a": [1.0, 2.0], "b": [3.0, 8.0]}, {"a": [1.0, 2.0], "b": [3.0, 8.0]})
    assert comparison.ratios("b") == [3.0, 4.0]
    assert comparison.record()["ways"]["b"]["times_ours"] == {"median": 3.5, "min": 3.0, "max": 4.0}
    assert "| b | 5.500 | 5.500 | 3.5 (3 to 4) |" in comparison.lines()


def test_ways_are_interleaved_and_the_first_place_moves_on() -> None:
    calls: list[str] = []
    ways = {name: (lambda name=name: calls.append(name)) for name in "abc"}
    compare("case", ways, "a", rounds=3)
    assert "".join(calls) == "abcbcacab"


def test_a_size_that_is_no_size_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["locate", "--rows", "0"])
    assert "above zero" in capsys.readouterr().err


@pytest.mark.slow
def test_locate_at_smoke_size_is_right_and_recorded(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "locate.json"
    assert main(["locate", "--rows", "2000", "--json", str(file)]) == 0
    record = json.loads(file.read_text("utf-8"))
    assert record["rows"] == 2000
    assert record["machine"]["versions"]["shapely"]
    assert len(record["comparisons"]) == 3
    assert record["comparisons"][0]["facts"]["points in a district"] == 2000
    assert "Locator.codes" in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "rows", "n_comparisons"),
    [("query", 3_000, 10), ("export", 300, 1), ("ingest", 400, 2), ("bulk", 600, 1), ("evidence", 4, 1)],
)
def test_benchmarks_at_smoke_size_are_right_and_recorded(
    name: str, rows: int, n_comparisons: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(query, "_QUESTIONS", 4)
    file = tmp_path / f"{name}.json"
    assert main([name, "--rows", str(rows), "--json", str(file)]) == 0
    record = json.loads(file.read_text("utf-8"))
    assert (record["benchmark"], record["rows"], len(record["comparisons"])) == (name, rows, n_comparisons)


@pytest.mark.slow
def test_the_store_that_a_start_opens_holds_the_incidents(tmp_path: Path) -> None:
    environment = start.prepared(tmp_path, 500)
    assert environment["ATLAS_STORE"] == str(tmp_path / "store")
    comparison = start._opening(tmp_path)
    assert comparison.facts["embedded incidents beside them"] > 0
    assert len(comparison.ratios("pandas.read_parquet, categoricals")) == 5


@pytest.mark.slow
def test_many_readers_at_smoke_size_get_right_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"READERS": 2, "INTERACTIONS": 8, "THOUGHT_S": (0.0, 0.1)}.items():
        monkeypatch.setattr(load, name, value)
    for comparison in load.run(2_000):
        assert {f"{way}: interactions" for way in (start.OURS, start.PLAIN)} <= set(comparison.facts)
        assert comparison.facts[load.P95] > 0
        assert comparison.facts[load.COMPARED] > 0


def test_many_readers_at_smoke_size_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"READERS": 2, "INTERACTIONS": 5, "THOUGHT_S": (0.0, 0.1), "WATCHED_S": (0, 1)}.items():
        monkeypatch.setattr(leave, name, value)
    (leaving,) = leave.run(2_000)
    assert leaving.facts[leave.BACK] > 0
    assert leaving.facts[load.COMPARED] > 0
