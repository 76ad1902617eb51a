"""Dates whose year only the title states: it is asked once with that year, whoever matched the columns."""

from __future__ import annotations

import pytest

from geo.ingest.notes import NoteKind
from geo.problems import ProblemCode

TITLE = "Attacks in Khyber Pakhtunkhwa 2024\n"
DAYS = f"{TITLE}Date,District,Killed\n12 Jan,Bannu,2\n14 Feb,Tank,1\n"
MONTHS = f"{TITLE}Day,Month,District,Killed\n12,Jan,Bannu,2\n14,Feb,Tank,1\n"
OF_DAYS = {"date": "Date", "district": "District", "killed_total": "Killed"}
OF_MONTHS = {"month": "Month", "day": "Day", "district": "District", "killed_total": "Killed"}


@pytest.mark.parametrize(("content", "mapping"), [(DAYS, None), (DAYS, OF_DAYS), (MONTHS, None), (MONTHS, OF_MONTHS)])
def test_the_year_is_asked_once_with_that_of_the_title_and_obeyed(read, refusal, content, mapping):
    [problem] = refusal(content, mapping=mapping).problems
    assert (problem.code, problem.hint.values["proposed"]) == (ProblemCode.DATE_YEAR, 2024)
    found = read(content, mapping=mapping, date_year=2023)
    assert [str(day) for day in found.rows["date_start"].to_pylist()] == ["2023-01-12", "2023-02-14"]
    assert [note.n_rows for note in found.notes if note.kind is NoteKind.YEAR_AS_ANSWERED] == [2]


def test_months_without_days_are_of_the_answered_year(read):
    content = f"{TITLE}Month,District,Place,Killed\nJan,Bannu,Domel,2\nQ1,Tank,Gomal,1\n"
    found = read(content, date_year=2024)
    assert [str(day) for day in found.rows["date_end"].to_pylist()] == ["2024-01-31", "2024-03-31"]


@pytest.mark.parametrize("title", ["Attacks in KP 2023-24", "Attacks of FY 2023/24"])
def test_no_year_is_proposed_of_a_title_of_two_years(refusal, title):
    [problem] = refusal(DAYS.replace(TITLE, f"{title}\n")).problems
    assert problem.code is ProblemCode.DATE_YEAR
    assert "proposed" not in problem.hint.values


def test_a_row_without_a_month_has_no_date_and_a_total_is_none(read):
    found = read(f"{MONTHS},,Tank,3\n,Total,,6\n", date_year=2024)
    assert (found.n_accepted, found.n_refused, found.n_sums) == (2, 2, 1)
