"""docs/reliability.md: the cases, the tests that show each, and what their last recorded run said."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tests.reliability.marks import TESTS, MarkedTest
from tests.reliability.results import Result

CASES = Path(__file__).with_name("cases.toml")
DOCUMENT = TESTS.parent / "docs" / "reliability.md"
MEASURED = Path(__file__).with_name("measured.md")

HEAD = """# Reliability

What is promised when files are hostile, processes are killed, disks fill up and bits flip, and which test shows it.
This page is written by `python -m tests.reliability`, which runs the tests that bear the number of a case and records
what they said; a test compares the page with the tests. "Here" says where this program differs from what is
expected, on purpose. "n passed" counts the sets of parameters of a test.

```
python -m tests.reliability               # run all marked tests, browser tests too, and write this page
python -m tests.reliability -k bit        # only some; the rest of the page keeps its results
python -m tests.reliability --long        # with many more kills, flipped bits and runs of the fuzzer
python -m tests.reliability --write-only  # after a mark or a case has changed
```
"""


def cases() -> dict[str, Any]:
    """Return promises, groups and cases."""
    return tomllib.loads(CASES.read_text("utf-8"))


def document(tests: Iterable[MarkedTest], results: Mapping[str, Result]) -> str:
    """Return the text of the page."""
    told, by_case = cases(), _by_case(tests)
    shown = [
        number for number, marked in by_case.items() if any(results.get(key(one), Result()).passed for one in marked)
    ]
    lines = [HEAD, f"{len(shown)} of {len(told['case'])} cases are shown by at least one test that passed.\n"]
    lines += ["## Promises\n", "| promise | cases |", "|---|---|"]
    lines += [f"| {one['text']} | {', '.join(map(str, one['cases']))} |" for one in told["promise"]]
    starts = [group["first"] for group in told["group"]] + [len(told["case"]) + 1]
    for group, end in zip(told["group"], starts[1:], strict=True):
        lines += [
            f"\n## {group['title']}\n",
            "| case | what happens | expected | here | tests and results |",
            "|---:|---|---|---|---|",
        ]
        lines += [_row(told["case"][n - 1], by_case.get(n, []), results) for n in range(group["first"], end)]
    return "\n".join(lines) + "\n\n" + MEASURED.read_text("utf-8") + _counted(results)


def key(test: MarkedTest) -> str:
    """Return the name under which the results of a test are kept."""
    return f"{Path(test.file).name}::{test.name}"


def _by_case(tests: Iterable[MarkedTest]) -> dict[int, list[MarkedTest]]:
    found: dict[int, list[MarkedTest]] = {}
    for test in tests:
        for number in test.numbers:
            found.setdefault(number, []).append(test)
    return found


def _row(case: Mapping[str, Any], tests: Iterable[MarkedTest], results: Mapping[str, Result]) -> str:
    said = "<br>".join(f"`{test.name}`: {_words(results.get(key(test)))}" for test in tests)
    cells = (str(case["number"]), case["what"], case["expected"], case.get("here", "as expected"), said)
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"


def _words(result: Result | None) -> str:
    if result is None:
        return "not run yet"
    counts = {"passed": result.passed, "failed": result.failed, "skipped": result.skipped}
    words = ", ".join(f"{n} {name}" for name, n in counts.items() if n)
    return f"{words} ({'; '.join(result.reasons)})" if result.reasons else words


def _counted(results: Mapping[str, Result]) -> str:
    rows = [
        f"| `{name.split('::')[1]}` | {what} | {n:,} |"
        for name, result in sorted(results.items())
        for what, n in sorted(result.counted.items())
    ]
    head = "\n## Counted in the last recorded run\n\n| test | what | number |\n|---|---|---:|\n"
    return head + "\n".join(rows) + "\n"
