"""Dates and times are written in one place, in a way that every operating system knows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PRODUCT = [ROOT / "app.py", *sorted((ROOT / "pages").glob("*.py")), *sorted((ROOT / "geo").rglob("*.py"))]
# glibc's %-d is %#d on Windows, and an error in the other's place.
PLATFORM = re.compile(r"%[-#_^][a-zA-Z]")
# Names of months and days, and the local form, depend on the process and not on the visitor.
NAMES = re.compile(r":[^{}\"']*%[aAbBcxXp]|strftime\([^)]*%[aAbBcxXp]")


@pytest.mark.parametrize("path", PRODUCT, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_date_depends_on_the_platform(path: Path) -> None:
    text = path.read_text("utf-8")
    for pattern in (PLATFORM, NAMES):
        found = pattern.search(text)
        assert not found, f"{path}: {found[0]!r}: use geo.wording.format_date"


@pytest.mark.parametrize(
    "text", ['f"{day:%-d %b}"', 'f"{day:%#d}"', 'day.strftime("%B %Y")', 'f"{day.day} {day:%b %Y}"']
)
def test_the_rule_finds_what_it_forbids(text: str) -> None:
    assert PLATFORM.search(text) or NAMES.search(text)


def test_the_rule_lets_numbers_pass() -> None:
    text = 'f"{day:%Y-%m-%d %H:%M} {share:.0%}"'
    assert not PLATFORM.search(text)
    assert not NAMES.search(text)
