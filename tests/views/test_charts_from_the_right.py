"""Charts in a language from right to left: where names, amounts, legends and time stand."""

from __future__ import annotations

from datetime import date
from pathlib import Path
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
    assert urdu["x"]["scale"] == english["x"]["scale"] == {"domain": ["2021", "2022"]}, "years are not turned round"


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


@pytest.mark.parametrize(("digits", "zero"), [("latn", ""), ("arabext", "۰")])
def test_a_chart_has_the_digits_that_the_reader_chose(
    monkeypatch: pytest.MonkeyPatch, drawn: list[dict[str, Any]], digits: str, zero: str
) -> None:
    monkeypatch.setattr(wording, "_digits_source", lambda: digits)
    with wording.in_language("ur"):
        bars_across_the_seam()
    (chart,) = drawn
    locale = chart["config"].get("locale", {"number": {"numerals": [""]}})["number"]
    assert locale["numerals"][0] == zero
    years = [row["period"] for rows in chart["datasets"].values() for row in rows]
    assert years == (["۲۰۲۱", "۲۰۲۲"] if zero else ["2021", "2022"])
    assert "format(year(datum.value), 'd')" in charts.month_axis().to_dict()["labelExpr"]


def test_every_chart_is_drawn_in_the_digits_of_the_reader() -> None:
    sources = {path: path.read_text("utf-8") for path in Path(charts.__file__).parent.rglob("*.py")}
    assert [path.name for path, said in sources.items() if "st.altair_chart(" in said] == ["charts.py"]


def test_english_keeps_its_digits_whatever_was_chosen_elsewhere(
    monkeypatch: pytest.MonkeyPatch, drawn: list[dict[str, Any]]
) -> None:
    monkeypatch.setattr(wording, "_digits_source", lambda: "arabext")
    bars_across_the_seam()
    assert "locale" not in drawn[0]["config"]
