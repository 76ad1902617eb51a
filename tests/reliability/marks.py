"""Which tests show which case, read from the source: no test is imported or run."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class MarkedTest:
    """A test function with `@pytest.mark.case(...)`. `is_always_skipped`: a plain skip stands above it."""

    file: str
    name: str
    numbers: tuple[int, ...]
    is_always_skipped: bool


def marked_tests() -> list[MarkedTest]:
    """Return every marked test, by file and place in it."""
    return [test for path in sorted(TESTS.rglob("test_*.py")) for test in _in_file(path)]


def _in_file(path: Path) -> Iterator[MarkedTest]:
    for node in ast.parse(path.read_text("utf-8")).body:
        if not isinstance(node, ast.FunctionDef):
            continue
        numbers = [number for mark in node.decorator_list for number in _numbers(mark)]
        if numbers:
            skipped = any(_is_plain_skip(mark) for mark in node.decorator_list)
            yield MarkedTest(path.relative_to(TESTS).as_posix(), node.name, tuple(numbers), skipped)


def _numbers(mark: ast.expr) -> list[int]:
    if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.case":
        return [ast.literal_eval(number) for number in mark.args]
    return []


def _is_plain_skip(mark: ast.expr) -> bool:
    called = mark.func if isinstance(mark, ast.Call) else mark
    return ast.unparse(called) == "pytest.mark.skip"
