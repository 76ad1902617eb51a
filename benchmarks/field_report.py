"""The part of docs/formats-tested.md about changed tables, from the saved figures of `python -m benchmarks field`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

BENCHMARK = "field"
RESULTS = Path(__file__).with_name("results")
_COLUMNS = (
    "files",
    "files that go in with at most one question",
    "questions",
    "rows",
    "rows accepted",
    "accepted rows that are right",
    "wrong and told",
    "wrong silently",
)
LEAST_FILES, LEAST_ROWS = 0.95, 0.99


def saved(results: Path = RESULTS) -> Mapping[str, Any] | None:
    """Return the saved figures of the run with the most files, or None."""
    records = [json.loads(path.read_text("utf-8")) for path in results.glob(f"{BENCHMARK}-*.json")]
    return max(records, key=lambda record: record["rows"], default=None)


def totals(record: Mapping[str, Any]) -> dict[str, int]:
    """Return the sums of the figures over all layouts."""
    facts = [case["facts"] for case in record["comparisons"]]
    return {name: sum(one[name] for one in facts if name in one and _COLUMNS[1] in one) for name in _COLUMNS}


def lines(record: Mapping[str, Any] | None) -> Iterator[str]:
    """Yield the section as Markdown; nothing if nothing was measured."""
    if record is None:
        return
    yield from ("", "## Changed as people change them", "")
    yield (
        f"Figures of `python -m benchmarks field`: {record['rows']} files of each layout, made up, each changed in one "
        "to four ways (other names and orders of columns, other dates, words, marks, titles, totals, footnotes) and "
        "put into one of 20 containers. A question is answered as by one who knows the file; a proposed mapping is "
        "accepted as it stands. Right: days, district and people killed are the true ones. Silently: no note says so. "
        f"To be reached: {LEAST_FILES:.0%} of the files, {LEAST_ROWS:.0%} of the rows, nothing wrong silently."
    )
    heads = ("table", *_COLUMNS)
    yield from ("", f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}")
    for case in record["comparisons"]:
        facts = case["facts"]
        if _COLUMNS[1] in facts:
            yield f"| {case['case']} | {' | '.join(str(facts[name]) for name in _COLUMNS)} |"
    yield f"| all | {' | '.join(str(number) for number in totals(record).values())} |"
    for case in record["comparisons"]:
        if _COLUMNS[1] not in case["facts"]:
            told = ", ".join(f"{name}: {number}" for name, number in case["facts"].items())
            yield from ("", f"{case['case']}: {told}.")
