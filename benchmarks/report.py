"""The table of docs/performance.md from saved figures: python -m benchmarks report."""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import field_report

RESULTS = Path(__file__).with_name("results")
DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "performance.md"
Record = dict[str, Any]

_HEAD = """# Performance

Written by `python -m benchmarks report` from `benchmarks/results/*.json`; not to be edited by hand. Each comparison was
taken in one run, way after way in turn, on a machine that other work shared: ratios hold, absolute times do not. "Times
ours" is the other way's time over this project's, round by round: median (least to greatest). Every benchmark checks
that the ways give the same result before or while they are timed. Inputs are made up (`benchmarks/made_up.py`).

`load` has many readers at once, each a connection of its own that speaks the server's protocol without a browser. An
interaction is a change of period, group, district, measure or page, and lasts from its message to the end of the run
that answers it; every answer is compared with a count of the stored rows, on the front page the figure of each district
on the map too, and a wrong one ends the measurement. The plain page has no controls: there it is
one more run. Both servers stand beside one another, each warmed by one reader, and are asked in turn. `leave` has the
same readers come and go.

`start` begins each process anew, with the modules of both apps kept as bytecode, as after their first start on a
machine; before that, loading the front page takes this app 0.13 s longer. The page itself notes when its map is on the
screen.
"""


@dataclass(frozen=True, slots=True)
class Target:
    """What was to be reached: `measure` gives (figure, whether it is reached) for a saved benchmark that it fits.

    why_missed: what stands in the way, told if it is not reached.
    """

    text: str
    benchmark: str
    least_rows: int
    measure: Callable[[Record], tuple[str, bool] | None]
    why_missed: str = ""


def write(results: Path = RESULTS, document: Path = DOCUMENT) -> None:
    """Write the document from the saved results."""
    records = [json.loads(path.read_text("utf-8")) for path in sorted(results.glob("*.json"))]
    records = [record for record in records if record["benchmark"] != field_report.BENCHMARK]
    document.write_text(
        "\n".join([_HEAD, *_target_lines(records), *_tables(records)]).rstrip() + "\n", encoding="utf-8"
    )


def _target_lines(records: list[Record]) -> list[str]:
    lines = ["## Targets", "", "| target | measured | met |", "|---|---|---|"]
    for target in TARGETS:
        fitting = [one for one in records if one["benchmark"] == target.benchmark and one["rows"] >= target.least_rows]
        told = [f"{found[0]} ({one['rows']:,} rows)" for one in fitting if (found := target.measure(one))]
        met = [found[1] for one in fitting if (found := target.measure(one))]
        word = "not measured" if not met else "yes" if all(met) else f"**no** {target.why_missed}".rstrip()
        lines.append(f"| {target.text} | {'; '.join(told) or '-'} | {word} |")
    return [*lines, ""]


def _tables(records: list[Record]) -> Iterable[str]:
    for record in records:
        machine = record["machine"]
        yield f"## {record['benchmark']}, {record['rows']:,} rows"
        yield ""
        load = f", load {machine['load'][0]} at the end" if machine["load"] else ""
        versions = ", ".join(f"{name} {number}" for name, number in machine["versions"].items())
        yield f"{machine['taken'][:10]}, {machine['cores']} cores, {machine['system']}{load}; {versions}."
        yield ""
        for comparison in record["comparisons"]:
            yield from _comparison_lines(comparison)


def _comparison_lines(comparison: Record) -> Iterable[str]:
    yield f"### {comparison['case']}"
    yield ""
    yield "| way | median s | cpu s | times ours |"
    yield "|---|---|---|---|"
    for name, way in comparison["ways"].items():
        cpu = f"{statistics.median(way['cpu_seconds']):.3g}" if way["cpu_seconds"] else "-"
        ratio = (
            "1" if name == comparison["ours"] else "{median:.3g} ({min:.3g} to {max:.3g})".format(**way["times_ours"])
        )
        yield f"| {name} | {way['median_s']:.3g} | {cpu} | {ratio} |"
    yield ""
    if comparison["facts"]:
        yield "; ".join(f"{name}: {value}" for name, value in comparison["facts"].items()) + "."
        yield ""


# --- what was to be reached ---------------------------------------------------------------------------


def _at_least(ratio: float, case: str, way: str) -> Callable[[Record], tuple[str, bool] | None]:
    """The lowest median ratio among the cases that contain a text."""
    return lambda record: _judged(_ratios(record, case, way), min, lambda found: found >= ratio)


def _at_most(ratio: float, case: str, way: str) -> Callable[[Record], tuple[str, bool] | None]:
    """The highest median ratio among the cases that contain a text."""
    return lambda record: _judged(_ratios(record, case, way), max, lambda found: found <= ratio)


def _ratios(record: Record, case: str, way: str) -> list[float]:
    return [
        one["ways"][way]["times_ours"]["median"]
        for one in record["comparisons"]
        if case in one["case"] and way in one["ways"]
    ]


def _judged(
    ratios: list[float], worst: Callable[[list[float]], float], is_met: Callable[[float], bool]
) -> tuple[str, bool] | None:
    return (f"{worst(ratios):.3g} times", is_met(worst(ratios))) if ratios else None


def _fact_at_most(most: float, case: str, fact: str, unit: str) -> Callable[[Record], tuple[str, bool] | None]:
    def measure(record: Record) -> tuple[str, bool] | None:
        found = [one["facts"][fact] for one in record["comparisons"] if one["case"] == case and fact in one["facts"]]
        return (f"{float(found[0]):.3g} {unit}", float(found[0]) <= most) if found else None

    return measure


def _median_at_most(most: float, *cases: str) -> Callable[[Record], tuple[str, bool] | None]:
    """The longest median of this app among some cases."""

    def measure(record: Record) -> tuple[str, bool] | None:
        found = [one["ways"][one["ours"]]["median_s"] for one in record["comparisons"] if one["case"] in cases]
        return (f"{max(found):.2f} s", max(found) <= most) if found else None

    return measure


_SJOIN = "geopandas.sjoin within, points given"
_PLAIN = "plain app: pandas, folium.GeoJson, st_folium"
_PANDAS = "pandas categoricals"
_FOLIUM = "rebuilt folium FastMarkerCluster"
_SIZES = "sizes against one another"
_THINKING = "12 readers x 20 interactions, 2 to 6 s of thought before each"
_WITHOUT_PAUSE = "12 readers x 20 interactions without a pause"
_LEAVING = "20 readers x 50 interactions with thought, then all leave"
TARGETS: tuple[Target, ...] = (
    Target(
        "Locating a million points in the province at least 25 times faster than geopandas.sjoin(within), same answers",
        "locate",
        1_000_000,
        _at_least(25, "in the province", _SJOIN),
    ),
    Target(
        "The same for points anywhere in the bounding box of the province",
        "locate",
        1_000_000,
        _at_least(25, "in the bounding box", _SJOIN),
        "Two thirds of these points lie outside, which a join rules out by bounds alone.",
    ),
    Target(
        "Filtered counts at least 10 times faster than pandas categoricals, whatever the question",
        "query",
        1_000_000,
        _at_least(10, "", _PANDAS),
    ),
    Target(
        "From filter to painted map at most 200 ms in the middle, at 1,000, 10,000 and 100,000 points",
        "map",
        100_000,
        _median_at_most(0.2, *(f"filter to painted map, {n:,} incidents" for n in (1_000, 10_000, 100_000))),
    ),
    Target(
        "100,000 points from filter to painted map at least 10 times faster than a rebuilt FastMarkerCluster",
        "map",
        100_000,
        _at_least(10, _SIZES, f"{_FOLIUM}, 100,000"),
    ),
    Target(
        "100,000 points faster than a rebuilt FastMarkerCluster of 10,000",
        "map",
        100_000,
        _at_least(1, _SIZES, f"{_FOLIUM}, 10,000"),
    ),
    Target(
        "A million points from filter to painted map no slower than twice 100,000",
        "map",
        1_000_000,
        _at_most(2, _SIZES, "Points page, 1,000,000"),
    ),
    Target(
        "A GED-like file of a million rows through all checks within 4 times a bare pandas.read_csv",
        "ingest",
        1_000_000,
        _fact_at_most(4, "through all checks", "times a bare reading", "times"),
        "pandas 3.1 parses on all cores and keeps no cell as it was written. Here every byte is looked at for encoding "
        "and quotation, each cell is kept as text and typed or refused, and all is handed over by a guarded process. "
        "Looking for quotation marks in two threads, and making dictionaries of columns after they are parsed, saved "
        "hardly any computing.",
    ),
    Target(
        "The same file checked, located and stored within 8 times a bare pandas.read_csv",
        "ingest",
        1_000_000,
        _fact_at_most(8, "end to end", "times a bare reading", "times"),
        "Of the computing after the checks, writing compressed Parquet takes two fifths, and copying the upload under "
        "its digest a sixth. A lighter compression would save a tenth of it and take two thirds more room; handing "
        "words to the writer as dictionaries saved nothing.",
    ),
    Target(
        "Memory for checking it below 2.5 GB",
        "ingest",
        1_000_000,
        _fact_at_most(2_500, "through all checks", "peak MB, read through all checks", "MB"),
    ),
    Target(
        "A million stored rows open in about a second",
        "start",
        1_000_000,
        _median_at_most(1.2, "stored incidents to coded columns"),
    ),
    Target(
        "The map of a running app painted no later than that of a plain page of pandas, folium.GeoJson and st_folium",
        "visit",
        100_000,
        _at_least(1, "map painted", _PLAIN),
        "Around the map stand a heading with its sentence, a sidebar and styles, and the map has a legend and a small "
        "map: their drawing takes the browser a little longer than that of a title and bare outlines. Menu, language "
        "and figures follow the map, and so do its names.",
    ),
    Target("The same from the start of the process", "start", 100_000, _at_least(1, "first map painted", _PLAIN)),
    Target(
        "Two Dask workers at least 1.3 times one worker on 10 million rows",
        "bulk",
        10_000_000,
        _at_least(1.3, "", "one worker"),
    ),
    Target(
        "12 x 20: p95 under 1 s (12 readers with 20 interactions each, 2 to 6 s of thought before each)",
        "load",
        100_000,
        _fact_at_most(1.0, _THINKING, "this app: p95 s", "s"),
    ),
    Target("The same without a pause", "load", 100_000, _fact_at_most(1.0, _WITHOUT_PAUSE, "this app: p95 s", "s")),
    Target(
        "20 x 50: memory back within 20 % of the level after the first reader, five minutes after all have left",
        "leave",
        100_000,
        _fact_at_most(1.2, _LEAVING, "memory after all have left over that after the first reader", "times"),
    ),
)
