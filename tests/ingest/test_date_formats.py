"""Every format reads its dates by the same rules: every style of writing, under every answer."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import pytest

from geo.ingest import question_for
from geo.ingest.notes import NoteKind
from geo.ingest.results import ReadOptions
from geo.problems import ProblemCode, RejectedUpload
from tests.format_tables import MadeUp, all_tables

# Column of the day -> column of the last day, in the tables that state days as text.
DATE_COLUMNS = {"date_start": "date_end", "event_date": "", "Date": "", "date": "", "When": ""}
FIRST, SECOND = date(2009, 5, 8), date(2009, 3, 27)
WRITTEN: Mapping[str, str] = {
    "2009-05-08": "%Y-%m-%d",
    "2009-05-08 00:00:00.000": "%Y-%m-%d 00:00:00.000",
    "20090508": "%Y%m%d",
    "08 May 2009": "%d %B %Y",
    "08-May-09": "%d-%b-%y",
    "May 08, 2009": "%B %d, %Y",
    "Friday, May 08, 2009": "%A, %B %d, %Y",
    "Friday-May 08-2009": "%A-%B %d-%Y",
    "Fri 08 May 2009 14:30": "%a %d %b %Y 14:30",
}
DAY_FIRST = ["%d/%m/%Y", "%d-%m-%y", "%d.%m.%Y", "%d/%m/%Y 00:00:00"]
MONTH_FIRST = ["%m/%d/%Y", "%m-%d-%y", "%m/%d/%Y 00:00:00"]
TABLES = {
    one.name: one
    for one in all_tables()
    if one.header and set(DATE_COLUMNS) & set(one.header) and "weekly" not in one.name
}


@dataclass(frozen=True)
class Days:
    """A table whose two first rows are on the given days."""

    made_up: MadeUp

    def text(self, *cells: str) -> str:
        header = self.made_up.header or ()
        key = next(name for name in DATE_COLUMNS if name in header)
        places = [header.index(name) for name in (key, DATE_COLUMNS[key]) if name in header]
        rows = []
        for number, cell in enumerate(cells):
            # A row of tags has none for the dates.
            row = list(next(one for one in self.made_up.rows if one[places[0]]))
            for place in places:
                row[place] = cell
            # Each row is an incident of its own.
            for place, name in enumerate(header):
                if name in ("id", "eventid", "event_id_cnty", "incident_id", "Serial", "S#") and row[place]:
                    row[place] = f"{row[place]}{number}"
            rows.append(tuple(row))
        content = io.StringIO()
        csv.writer(content).writerows([header, *rows])
        return content.getvalue()

    def options(self, answer: str | None) -> dict[str, object]:
        return {**self.made_up.answers, "date_order": answer}


@pytest.fixture(params=TABLES)
def days(request: pytest.FixtureRequest) -> Days:
    return Days(TABLES[request.param])


def test_the_tables_of_text_dates_are_all_here():
    formats = {"UCDP GED", "Register", "Atlas template", "Own table, mapped", "Suicide attacks (Kaggle)"}
    assert formats < set(TABLES)
    assert sum("ACLED" in name for name in TABLES) >= 4


@pytest.mark.parametrize("answer", [None, "DMY", "MDY"])
@pytest.mark.parametrize("style", WRITTEN.values(), ids=WRITTEN)
def test_what_can_be_read_in_one_way_is_read_so_under_every_answer(read, days, style, answer):
    result = read(days.text(FIRST.strftime(style), SECOND.strftime(style)), **days.options(answer))
    assert result.rows["date_start"].to_pylist() == [FIRST, SECOND]
    assert not any(note.kind in (NoteKind.DAY_FIRST, NoteKind.MONTH_FIRST) for note in result.notes)


@pytest.mark.parametrize("answer", [None, "DMY", "MDY"])
@pytest.mark.parametrize("style", DAY_FIRST + MONTH_FIRST)
def test_an_order_that_the_file_proves_is_used_and_said_or_answered(read, days, style, answer):
    order, other = ("DMY", NoteKind.DAY_FIRST) if style in DAY_FIRST else ("MDY", NoteKind.MONTH_FIRST)
    result = read(days.text(FIRST.strftime(style), SECOND.strftime(style)), **days.options(answer))
    as_answered = FIRST if answer in (None, order) else date(2009, 8, 5)
    assert result.rows["date_start"].to_pylist() == [as_answered, SECOND]
    found = {note.kind: note.n_rows for note in result.notes}
    has_end = "date_end" in (days.made_up.header or ()) and "date_start" in (days.made_up.header or ())
    n_proving = 2 if has_end else 1
    if answer is None:
        assert found[other] == n_proving
    else:
        assert (NoteKind.ORDER_NOT_AS_ANSWERED in found) == (answer != order)


@pytest.mark.parametrize("style", DAY_FIRST + MONTH_FIRST)
def test_an_open_order_is_asked_once_and_every_answer_is_obeyed(read, days, style):
    order = "DMY" if style in DAY_FIRST else "MDY"
    content = days.text(FIRST.strftime(style), date(2009, 6, 9).strftime(style))
    with pytest.raises(RejectedUpload) as caught:
        read(content, **days.options(None))
    (problem,) = caught.value.problems
    question = question_for(problem)
    assert problem.code is ProblemCode.DATE_ORDER
    assert question is not None
    assert question.proposed in ("DMY", "MDY")
    for answer in ("DMY", "MDY"):
        result = read(content, **days.options(answer))
        expected = [FIRST, date(2009, 6, 9)] if answer == order else [date(2009, 8, 5), date(2009, 9, 6)]
        assert result.rows["date_start"].to_pylist() == expected


@pytest.mark.parametrize("answer", [None, 2009])
def test_a_missing_year_is_asked_once_or_taken_from_its_column(read, days, answer):
    header = days.made_up.header or ()
    content = days.text("8 May", "27 March")
    if "year" in header:
        year = next(int(row[header.index("year")]) for row in days.made_up.rows if row[header.index("year")])
        assert read(content, **days.options(None)).rows["date_start"].to_pylist() == [
            FIRST.replace(year=year),
            SECOND.replace(year=year),
        ]
        return
    if answer is None:
        with pytest.raises(RejectedUpload) as caught:
            read(content, **days.options(None))
        assert [problem.code for problem in caught.value.problems] == [ProblemCode.DATE_YEAR]
        return
    result = read(content, **days.options(None) | {"date_year": answer})
    assert result.rows["date_start"].to_pylist() == [FIRST, SECOND]


def test_every_answer_about_dates_is_checked():
    make: Callable[..., ReadOptions] = ReadOptions
    for given in ({"date_order": "YDM"}, {"date_year": 24}):
        with pytest.raises(ValueError, match=next(iter(given))):
            make(**given)
