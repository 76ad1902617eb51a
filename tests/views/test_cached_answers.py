"""An answer of the caches is found while other visitors' runs add theirs."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from geo.filters import Filters
from geo.views import cached


def test_many_runs_ask_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    content = cached.Content(Path("store"), "1", date(2026, 1, 1))
    monkeypatch.setattr(cached, "content", lambda: content)
    asked = cached.of_content("Counting", 8)(lambda _shown, filters, number: (filters, number))

    def ask(number: int) -> tuple[Filters, int]:
        return asked(Filters(targets=(f"{number % 40}",)), number)

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(ask, range(1_500)))
    finally:
        sys.setswitchinterval(before)
    assert [number for _filters, number in answers] == list(range(1_500))
