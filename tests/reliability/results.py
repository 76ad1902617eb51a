"""What runs of the marked tests said, kept in results.json: each run replaces the results of the tests that it ran."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Generator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pytest

RESULTS = Path(__file__).with_name("results.json")


@dataclass(slots=True)
class Result:
    """How often a test passed, failed and was skipped (once for each set of parameters), why, and what it counted."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    reasons: list[str] = field(default_factory=list)
    counted: dict[str, int] = field(default_factory=dict)


class Recorder:
    """A pytest plugin that records the results of tests with the mark `case`."""

    def __init__(self) -> None:
        """Start with nothing."""
        self.results: dict[str, Result] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Add a part (set-up, call, end) of a test to its result."""
        report = yield
        if any(item.iter_markers("case")):
            self._add(item, report)
        return report

    def _add(self, item: pytest.Item, report: pytest.TestReport) -> None:
        name = f"{item.path.name}::{getattr(item, 'originalname', item.name)}"
        result = self.results.setdefault(name, Result())
        if report.failed:
            result.failed += 1
        elif report.skipped:
            result.skipped += 1
            reason = str(report.longrepr[2]) if isinstance(report.longrepr, tuple) else "skipped"
            if reason not in result.reasons:
                result.reasons.append(reason.removeprefix("Skipped: "))
        elif report.when == "call":
            result.passed += 1
            counted = Counter(result.counted)
            counted.update({what: n for what, n in item.user_properties if isinstance(n, int)})
            result.counted = dict(counted)


def read() -> dict[str, Result]:
    """Return the kept results by the name of the test."""
    held: dict[str, Any] = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}
    return {name: Result(**values) for name, values in held.items()}


def keep(found: dict[str, Result], names: set[str]) -> None:
    """Keep results of this run beside those of tests that it did not run; tests that are not marked are dropped."""
    held = {name: result for name, result in (read() | found).items() if name in names}
    ordered = {name: asdict(held[name]) for name in sorted(held)}
    RESULTS.write_text(json.dumps(ordered, indent=1, ensure_ascii=False) + "\n", "utf-8")
