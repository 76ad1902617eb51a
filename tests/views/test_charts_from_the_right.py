"""Charts in a language from right to left: where names, amounts, legends and time stand."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest

from geo import wording
from geo.views import charts


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The specifications of the charts that a test draws."""
    found: list[dict[str, Any]] = []
    monkeypatch.setattr(charts.st, "altair_chart", lambda chart, **_options: found.append(chart.to_dict()))
    monkeypatch.setattr(charts, "page_theme", lambda: "light")
    return found


def bars_across_the_seam() -> None:
    days = [date(2021, 1, 1), date(2022, 1, 1)]
    charts.time_bars(
        days, np.array([3, 4]), "n", "t", "year", days[0], date(2022, 12, 31), seam=days[1], has_table=False
    )


def test_the_axis_of_amounts_stands_on_the_right_and_time_still_runs_to_the_right(drawn: list[dict[str, Any]]) -> None:
    for language in ("ur", "en"):
        with wording.in_language(language):
            bars_across_the_seam()
    urdu, english = (chart["encoding"] for chart in drawn)
    assert urdu["y"]["axis"]["orient"] == "right"
    assert "orient" not in english["y"]["axis"]
    assert "scale" not in urdu["x"], "years are not turned round"


def test_the_marks_of_a_legend_stand_at_the_right_edge(drawn: list[dict[str, Any]]) -> None:
    with wording.in_language("ur"):
        bars_across_the_seam()
    legend = drawn[0]["encoding"]["color"]["legend"]
    assert (legend["labelAlign"], legend["title"]) == ("right", None)
    assert legend["symbolOffset"]["expr"].startswith("width")
    assert legend["labelOffset"]["expr"].startswith("-"), "a label ends before its mark"


def test_amounts_beside_names_grow_from_the_right() -> None:
    with wording.in_language("ur"):
        assert charts.amounts().to_dict() == {"reverse": True}
    assert charts.amounts().to_dict() == {"reverse": False}


@pytest.mark.parametrize("digits", wording.DIGITS)
def test_months_of_an_axis_leave_room_for_any_year(monkeypatch: pytest.MonkeyPatch, digits: str) -> None:
    monkeypatch.setattr(wording, "_digits_source", lambda: digits)
    with wording.in_language("ur"):
        assert all("1000" in name for name in charts.month_names())
        assert "۱۰۰۰" not in str(charts.month_axis().to_dict())
