"""Dates: every way of writing a day is read as that day, a range or a reason; nothing is chosen in silence."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.ingest import question_for
from geo.ingest.notes import NoteKind
from geo.ingest.tables import CellError
from geo.ingest.values import date_days
from geo.ingest.values.date_days import DateStyle, Span, days_of, parse_date
from geo.ingest.values.date_writings import read_writing
from geo.problems import ProblemCode, RejectedUpload
from tests.conftest import SHARED

CASES = SHARED / "cases"
THE_DAY = (date(2024, 3, 4), date(2024, 3, 4), "day")


def table(*dates: str, header: str = "date,district") -> str:
    return "\n".join([header, *(f'"{one}",Bannu' for one in dates)]) + "\n"


def days(text: str, order: str | None = None, **style: object) -> tuple[date, date, str] | ProblemCode:
    found = days_of(read_writing(text), DateStyle(order, **style))  # type: ignore[arg-type]
    return found.code if isinstance(found, CellError) else (found.start, found.end, found.precision)


def starts(result) -> list[str]:
    return [str(day) for day in result.rows["date_start"].to_pylist()]


def noted(result) -> dict[NoteKind, int | None]:
    of_others = (NoteKind.ENCODING, NoteKind.SEPARATOR, NoteKind.COLUMNS_READ, NoteKind.COLUMNS_NOT_USED)
    of_others += (NoteKind.INITIATOR_NOT_STATED,)
    return {note.kind: note.n_rows for note in result.notes if note.kind not in of_others}


# --- one cell ------------------------------------------------------------------------------------------


@pytest.mark.case(40)
@pytest.mark.parametrize("order", [None, "DMY", "MDY"])
@pytest.mark.parametrize(
    "text",
    [
        "2024-03-04",
        "2024-3-4",
        "2024/03/04",
        "2024.03.04",
        "20240304",
        "2024-03-04 00:00:00.000",
        "2024-03-04T15:30:00",
        "2024-03-04 23:30",
        "2024-Mar-04",
    ],
)
def test_the_year_first_is_never_read_day_first(text, order):
    assert days(text, order) == THE_DAY


@pytest.mark.parametrize("order", [None, "DMY", "MDY"])
@pytest.mark.parametrize(
    "text",
    [
        "4 March 2024",
        "04-Mar-2024",
        "04-Mar-24",
        "4 Mar. 2024",
        "04 Mar, 2024",
        "March 4, 2024",
        "Mar 4 2024",
        "4th March 2024",
        "4th of March, 2024",
        "March 4th, 2024",
        "Monday, March 4, 2024",
        "Mon 4 Mar 2024",
        "Monday-March 4-2024",
        "Mon, 04 Mar 2024 09:30:00 +0500",
        "Mon Mar 04 2024 14:30:00 GMT+0500 (Pakistan Standard Time)",
        "4 March 2024 at 9 pm",
        "4 March 2024, 0930 hrs",
        "4 March 2024 (night)",
        "4 مارچ 2024",
        "۴ مارچ ۲۰۲۴ء",
        "پیر، 4 مارچ 2024",
        "\u200f4 مارچ 2024\u200e",
        "4\xa0March\xa02024",
        "'4 March 2024",
        "4 March 2024, 14:30",
        "intervening night of 4 March 2024",
        "۲۰۲۴-۰۳-۰۴",
        "٢٠٢٤-٠٣-٠٤",
    ],
)
def test_a_named_month_leaves_nothing_open(text, order):
    assert days(text, order) == THE_DAY


@pytest.mark.parametrize(
    "text", ["04/03/2024", "4/3/2024", "04.03.2024", "4-3-24", "04/03/2024 09:00 AM", "4/3/2024 (night)"]
)
def test_numbers_with_the_year_last_need_an_order_and_obey_it(text):
    assert days(text) is ProblemCode.DATE_ORDER
    assert days(text, "DMY") == THE_DAY
    assert days(text, "MDY")[0] == date(2024, 4, 3)


@pytest.mark.parametrize("order", [None, "DMY", "MDY"])
@pytest.mark.parametrize("text", ["25/12/2023", "12/25/2023", "25.12.23"])
def test_a_number_above_12_is_the_day_in_any_order(text, order):
    assert days(text, order)[0] == date(2023, 12, 25)


@pytest.mark.parametrize(
    ("text", "start", "end", "precision"),
    [
        ("2024-02", "2024-02-01", "2024-02-29", "month"),
        ("02/2024", "2024-02-01", "2024-02-29", "month"),
        ("February 2024", "2024-02-01", "2024-02-29", "month"),
        ("Feb-24", "2024-02-01", "2024-02-29", "month"),
        ("Sept. 2023", "2023-09-01", "2023-09-30", "month"),
        ("فروری 2024", "2024-02-01", "2024-02-29", "month"),
        ("farwari 2024", "2024-02-01", "2024-02-29", "month"),
        ("2023", "2023-01-01", "2023-12-31", "year"),
        ("2023.0", "2023-01-01", "2023-12-31", "year"),
        ("Q1 2024", "2024-01-01", "2024-03-31", "year"),
        ("early March 2024", "2024-03-01", "2024-03-10", "month"),
        ("mid-March 2024", "2024-03-11", "2024-03-20", "month"),
        ("late Feb 2024", "2024-02-21", "2024-02-29", "month"),
        ("end of March 2024", "2024-03-21", "2024-03-31", "month"),
        ("early 2024", "2024-01-01", "2024-04-30", "year"),
        ("1st week of March 2024", "2024-03-01", "2024-03-07", "week"),
        ("4-6 March 2024", "2024-03-04", "2024-03-06", "days_2_6"),
        ("4–6 March 2024", "2024-03-04", "2024-03-06", "days_2_6"),
        ("4th to 6th March, 2024", "2024-03-04", "2024-03-06", "days_2_6"),
        ("between 4 and 6 March 2024", "2024-03-04", "2024-03-06", "days_2_6"),
        ("March 4-6, 2024", "2024-03-04", "2024-03-06", "days_2_6"),
        ("4 سے 6 مارچ 2024", "2024-03-04", "2024-03-06", "days_2_6"),
        ("Night of 4/5 March 2024", "2024-03-04", "2024-03-05", "days_2_6"),
        ("28 Feb - 2 Mar 2024", "2024-02-28", "2024-03-02", "days_2_6"),
        ("February 28 - March 2, 2024", "2024-02-28", "2024-03-02", "days_2_6"),
        ("30 Dec - 2 Jan 2024", "2023-12-30", "2024-01-02", "days_2_6"),
        ("28 February 2024 - 5 March 2024", "2024-02-28", "2024-03-05", "week"),
        ("2024-03-04 to 2024-03-06", "2024-03-04", "2024-03-06", "days_2_6"),
        ("2024-03-04/2024-03-06", "2024-03-04", "2024-03-06", "days_2_6"),
        ("25/03/2024 - 27/03/2024", "2024-03-25", "2024-03-27", "days_2_6"),
        ("4, 5 March 2024", "2024-03-04", "2024-03-05", "days_2_6"),
        ("4-6/3/2024", "2024-03-04", "2024-03-06", "days_2_6"),
        ("4-4 March 2024", "2024-03-04", "2024-03-04", "day"),
    ],
)
def test_months_years_and_ranges_keep_their_first_and_last_day(text, start, end, precision):
    assert days(text) == (date.fromisoformat(start), date.fromisoformat(end), precision)


@pytest.mark.case(41)
@pytest.mark.parametrize(
    "text",
    [
        "2024-02-30",
        "30/02/2024",
        "13/13/2024",
        "2024-13-01",
        "24",
        "1445-09-01",
        "1946-12-31",
        "5-Jan-46",
        "2024-03-04 24:00",
        "45355",
        "45355.5",
        "yesterday",
        "4 Brumaire 2024",
        "2024-03-04 x",
        "0000-01-01",
        "6-4 March 2024",
        "",
        (datetime.now(UTC).date() + timedelta(days=2)).isoformat(),
    ],
)
def test_what_is_not_a_plausible_day_is_refused(text):
    assert days(text) is (ProblemCode.DATE if text else ProblemCode.MISSING)


@pytest.mark.case(41)
@pytest.mark.parametrize("text", ["1445-09-01", "9 رمضان 1445", "Ramadan 1445"])
def test_a_hijri_date_gets_its_remedy(text):
    found = parse_date(text)
    assert isinstance(found, CellError)
    assert "Hijri" in str(found.hint)


@pytest.mark.case(41, 61)
@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-03-04T00:00:00Z", 4),
        ("2024-03-04T00:00:00+08:00", 4),
        ("2024-03-04T20:30:00+05:00", 4),
        ("2024-05-01T10:00:00.000+05:00", 1),
        ("2024-03-04T18:59:00Z", 4),
        ("2024-03-04T19:00:00Z", 5),
        ("2024-03-04T20:30:00-05:00", 5),
        ("2024-03-04T01:00:00+09:00", 3),
        ("4 March 2024 20:30 UTC", 5),
    ],
)
def test_a_time_of_another_zone_gives_the_day_in_pakistan(text, day):
    assert days(text)[0].day == day


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("4 March", "2023-03-04"),
        ("March 4", "2023-03-04"),
        ("4 to 6 March", "2023-03-04"),
        ("25/03", "2023-03-25"),
        ("March", "2023-03-01"),
    ],
)
def test_a_date_without_a_year_waits_for_it(text, start):
    assert days(text) is ProblemCode.DATE_YEAR
    assert days(text, year=2023)[0] == date.fromisoformat(start)


@pytest.mark.case(41)
def test_two_digit_years_are_never_in_the_future_and_never_before_1947():
    this_year = datetime.now(UTC).year
    for digits in range(100):
        found = days(f"5-Jan-{digits:02}")
        possible = [year for year in (1900 + digits, 2000 + digits) if 1947 <= year <= this_year]
        assert found is ProblemCode.DATE if not possible else [found[0].year] == possible


@settings(max_examples=200, deadline=None)
@given(day=st.dates(date(1947, 1, 1), date(2025, 12, 31)))
def test_every_way_of_writing_a_day_gives_that_day(day):
    for text, order in (
        (day.isoformat(), None),
        (day.strftime("%Y%m%d"), None),
        (day.strftime("%d/%m/%Y"), "DMY"),
        (day.strftime("%m/%d/%Y"), "MDY"),
        (day.strftime("%d.%m.%y"), "DMY"),
        (day.strftime("%d %B %Y"), None),
        (day.strftime("%A, %B %d, %Y"), "MDY"),
        (day.strftime("%d-%b-%y"), None),
        (day.strftime("%c"), None),
    ):
        assert parse_date(text, order) == Span(day, day, "day")


@settings(max_examples=300, deadline=None)
@given(text=st.text(st.sampled_from("0123456789-/. :TZ+~q۴MarchJunetoearly"), max_size=20))
def test_any_text_is_a_day_or_a_reason_never_an_exception(text):
    found = days_of(read_writing(text), DateStyle("DMY", 2024, True))
    assert isinstance(found, CellError) or found.start <= found.end


# --- what a file proves, and what is asked --------------------------------------------------------------


def test_a_proved_order_is_used_and_said_with_the_counts_that_prove_it(read):
    result = read(table("03/04/2024", "25/12/2023", "2024-03-04", "26/12/2023"))
    assert starts(result) == ["2024-04-03", "2023-12-25", "2024-03-04", "2023-12-26"]
    assert noted(result) == {NoteKind.DAY_FIRST: 2}


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Date (DD/MM/YYYY),District", ["2024-04-03", "2024-11-12"]),
        ("Incident date [mm-dd-yyyy],District", ["2024-03-04", "2024-12-11"]),
    ],
)
def test_an_order_that_the_name_of_the_column_states_is_used_and_said(read, header, expected):
    result = read(table("03/04/2024", "12/11/2024", header=header))
    assert starts(result) == expected
    assert set(noted(result)) & {NoteKind.DAY_FIRST_BY_NAME, NoteKind.MONTH_FIRST_BY_NAME}


def test_the_name_of_one_column_decides_no_other_column_of_the_date(refusal, read):
    content = "Date,Date to (DD/MM/YYYY),District\n03/04/2024,05/04/2024,Bannu\n"
    problem = refusal(content).problems[0]
    assert (problem.code, problem.column) == (ProblemCode.DATE_ORDER, "Date")
    found = read(content.replace("03/04/2024", "2024-04-03"))
    assert [note.values["column"] for note in found.notes if note.kind is NoteKind.DAY_FIRST_BY_NAME] == [
        "Date to (DD/MM/YYYY)"
    ]


def test_days_of_reports_follow_the_name_of_the_date_which_the_note_names(read):
    found = read("Date (DD/MM/YYYY),Report date,District\n03/04/2024,05/04/2024,Bannu\n2024-04-03,06/04/2024,Tank\n")
    assert [str(day) for day in found.rows["source_date"].to_pylist()] == ["2024-04-05", "2024-04-06"]
    notes = [note for note in found.notes if note.kind is NoteKind.DAY_FIRST_BY_NAME]
    assert [(note.n_rows, note.values["column"]) for note in notes] == [
        (1, "Date (DD/MM/YYYY)"),
        (2, "Date (DD/MM/YYYY)"),
    ]


def test_a_name_that_the_dates_contradict_leaves_the_order_a_question(refusal):
    problem = refusal(table("03/04/2024", "03/15/2024", header="Date (DD/MM/YYYY),District")).problems[0]
    assert problem.code is ProblemCode.DATE_ORDER


@pytest.mark.case(40)
@pytest.mark.parametrize("order", ["DMY", "MDY"])
def test_an_open_order_is_asked_and_the_answer_is_used(read, refusal, order):
    content = table("03/04/2024", "12/11/2024", "2024-01-02")
    problem = refusal(content).problems[0]
    assert (problem.code, problem.column, problem.value) == (ProblemCode.DATE_ORDER, "date", "03/04/2024")
    assert "2 dates can be read day first or month first" in str(problem.message)
    assert question_for(problem).option == "date_order"
    assert starts(read(content, date_order=order))[0] == {"DMY": "2024-04-03", "MDY": "2024-03-04"}[order]


@pytest.mark.parametrize(
    ("dates", "proposed", "why"),
    [
        (["03/04/2024"], "DMY", "mostly written in Pakistan"),
        (["01/05/2024", "01/07/2024", "01/09/2024", "02/01/2024", "02/03/2024"], "MDY", "follow each other"),
        (["05/01/2024", "07/01/2024", "09/01/2024", "01/02/2024", "03/02/2024"], "DMY", "follow each other"),
    ],
)
def test_the_order_that_fits_the_file_is_proposed_with_what_follows(refusal, dates, proposed, why):
    problem = refusal(table(*dates)).problems[0]
    assert question_for(problem).proposed == proposed
    assert why in str(problem.hint)
    n_rows = "1 row is" if len(dates) == 1 else f"{len(dates)} rows are"
    assert f"{'day' if proposed == 'DMY' else 'month'} first: {n_rows} read so" in str(problem.hint)


@pytest.mark.parametrize(
    ("cell", "day"),
    [("14:30 05/01/2024", "5 January"), ("۰۵/۰۱/۲۰۲۴", "5 January"), ("02/04/2024 - 04/04/2024", "2 April")],
)
def test_the_proposal_names_the_day_of_the_cell(refusal, cell, day):
    problem = refusal(table(cell, "11/11/2024")).problems[0]
    assert str(problem.hint).startswith(f"Proposed: day first: 1 row is read so, and “{cell}” is {day}.")


_ORDERED = (
    "24-03-15",
    "23-02-28",
    "31-03-24",
    "99/03/04",
    "4/3/2024",
    "25/12/23",
    "12/25/2023",
    "04/03",
    "14:30 05/01/2024",
    "30/02/2024",
    "5/6/24 - 7/6/24",
)
_CERTAIN = ("2024-03-04", "Mar-24", "4-6 March 2024", "early 2024", "2024-03-04T20:00:00Z", "45355", "1445-09-01")
_PIECES = st.sampled_from([*_ORDERED, *_CERTAIN, "4 March", "March", "99999", "Total", "", "?"])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cells=st.lists(st.tuples(_PIECES, _PIECES), min_size=1, max_size=6),
    answer=st.sampled_from([None, "DMY", "MDY", "YMD"]),
)
def test_any_mixture_of_writings_is_read_refused_by_row_or_asked(read, cells, answer):
    content = "date,date_end,source_date,district\n" + "".join(f"{one},{other},{one},Bannu\n" for one, other in cells)
    try:
        result = read(content, date_order=answer)
    except RejectedUpload as refusal:
        # Only a question stops a whole file.
        unasked = [problem for problem in refusal.problems if question_for(problem) is None]
        if unasked:
            raise
        return
    start, end = (result.rows[name].to_pylist() for name in ("date_start", "date_end"))
    assert all(first <= last for first, last in zip(start, end, strict=True))


def test_an_order_whose_other_reading_is_in_the_future_is_proposed(refusal, monkeypatch):
    monkeypatch.setattr(date_days, "today", lambda: date(2024, 6, 15))
    problem = refusal(table("03/08/2024", "04/01/2024")).problems[0]
    assert question_for(problem).proposed == "MDY"
    assert "in the future" in str(problem.hint)


def test_two_digit_years_in_a_column_of_years_are_read_and_said(read):
    mapping = {"year": "Year", "month": "Month", "district": "Distt"}
    result = read("Year,Month,Distt\n24,Sept.,Bannu\n2023,3,Bannu\n", mapping=mapping)
    assert starts(result) == ["2024-09-01", "2023-03-01"]
    assert noted(result) == {NoteKind.SHORT_YEARS: 1}


def test_two_orders_in_a_column_are_each_read_if_every_date_has_one_meaning(read):
    result = read(table("25/12/2023", "12/26/2023", "2024-03-04"))
    assert starts(result) == ["2023-12-25", "2023-12-26", "2024-03-04"]
    assert noted(result) == {NoteKind.BOTH_ORDERS: 1}


@pytest.mark.case(40)
def test_two_orders_in_a_column_are_asked_if_a_date_has_two_meanings(read, refusal):
    content = table("25/12/2023", "12/26/2023", "03/04/2024")
    problem = refusal(content).problems[0]
    assert problem.code is ProblemCode.DATE_ORDER
    assert "only be read day first (1) or only month first (1)" in str(problem.message)
    result = read(content, date_order="MDY")
    assert starts(result) == ["2023-12-25", "2023-12-26", "2024-03-04"]
    assert noted(result) == {NoteKind.ORDER_NOT_AS_ANSWERED: 1}


def test_two_digit_years_that_come_first_are_read_so_if_a_date_proves_it(read):
    for sign in "-/.":
        result = read(table(*(one.replace("-", sign) for one in ("24-03-15", "24-03-16", "23-02-28"))))
        assert starts(result) == ["2024-03-15", "2024-03-16", "2023-02-28"]
        assert noted(result) == {NoteKind.YEAR_FIRST: 1, NoteKind.SHORT_YEARS: 3}


@pytest.mark.parametrize(
    ("dates", "proposed", "day"),
    [
        (("24-03-15", "24-03-16", "24-05-02"), "YMD", "15 March 2024"),
        (("15-03-24", "16-03-24", "02-05-24"), "DMY", "15 March 2024"),
        (("15-03-24",), "DMY", "15 March 2024"),
    ],
)
def test_dates_that_may_begin_with_the_year_are_asked(read, refusal, dates, proposed, day):
    problem = refusal(table(*dates)).problems[0]
    assert (problem.code, question_for(problem).proposed) == (ProblemCode.DATE_ORDER, proposed)
    assert f"{len(dates)} date" in str(problem.message)
    assert "year first or in another order" in str(problem.message)
    assert f"“{dates[0]}” is {day}" in str(problem.hint)
    result = read(table(*dates), date_order=proposed)
    assert starts(result)[0] == "2024-03-15"
    assert noted(result) == {NoteKind.SHORT_YEARS: len(dates)}


def test_a_date_that_cannot_begin_with_the_year_settles_the_others(read):
    result = read(table("15-03-24", "16-03-24", "31-03-24"))
    assert starts(result) == ["2024-03-15", "2024-03-16", "2024-03-31"]
    assert noted(result) == {NoteKind.DAY_FIRST: 1, NoteKind.SHORT_YEARS: 3}


def test_years_first_and_last_are_read_where_each_date_has_one_meaning_else_asked(read, refusal):
    result = read(table("23-02-28", "31-03-24"))
    assert starts(result) == ["2023-02-28", "2024-03-31"]
    assert noted(result)[NoteKind.YEAR_FIRST_BESIDE_OTHERS] == 1
    problem = refusal(table("23-02-28", "31-03-24", "24-03-15")).problems[0]
    assert "Others can only be read year first (1) or only in another order (1)." in str(problem.message)
    result = read(table("23-02-28", "31-03-24", "24-03-15"), date_order="YMD")
    assert starts(result) == ["2023-02-28", "2024-03-31", "2024-03-15"]
    assert noted(result)[NoteKind.ORDER_NOT_AS_ANSWERED] == 1


def test_short_years_are_read_and_said(read):
    result = read(table("05-Jan-24", "06-Jan-99", "7 January 2024"))
    assert starts(result) == ["2024-01-05", "1999-01-06", "2024-01-07"]
    assert noted(result) == {NoteKind.SHORT_YEARS: 2}


def test_day_numbers_of_a_spreadsheet_are_read_and_said(read):
    result = read(table("45355", "45356.75", "2024-03-06"))
    assert starts(result) == ["2024-03-04", "2024-03-05", "2024-03-06"]
    assert noted(result) == {NoteKind.SERIAL_DAYS: 2}


@pytest.mark.parametrize("bad", ["12345", "99999"])
def test_one_number_that_is_no_day_of_a_spreadsheet_is_refused_alone(read, bad):
    result = read(table("44927", "44958", bad, "2024-03-06"))
    assert starts(result) == ["2023-01-01", "2023-02-01", "2024-03-06"]
    assert result.problems_by_code == {"date": 1}
    assert noted(result) == {NoteKind.SERIAL_DAYS: 2}


def test_numbers_of_which_most_cannot_be_days_are_refused(read):
    result = read(table("45355", "99999", "12345", "2024-03-06"))
    assert (result.n_accepted, result.problems_by_code) == (1, {"date": 3})
    assert noted(result) == {}


def test_ranges_and_parts_of_months_are_said(read):
    result = read(table("4-6 March 2024", "early March 2024", "2024-03-04T20:00:00Z"))
    assert [str(day) for day in result.rows["date_end"].to_pylist()] == ["2024-03-06", "2024-03-10", "2024-03-05"]
    assert noted(result) == {NoteKind.RANGES_OF_DAYS: 1, NoteKind.PARTS_OF_MONTHS: 1, NoteKind.DAYS_OF_PAKISTAN: 1}


@pytest.mark.parametrize(
    "cell", ["4 March 2024 (after prayers)", "approx. 4 March 2024", "2024-03-04?", "04-Mar-2024 [to be checked]"]
)
def test_words_beside_a_date_are_left_out_and_said(read, cell):
    result = read(table(cell, "2024-03-05"))
    assert starts(result) == ["2024-03-04", "2024-03-05"]
    assert noted(result) == {NoteKind.WORDS_BESIDE_DATES: 1}


@pytest.mark.parametrize("cell", ["4 or 7 March 2024", "4 March 2024 near Bannu", "March 2024 4 5", "(4 March 2024)x"])
def test_other_words_are_not_skipped(read, cell):
    assert days(cell) is ProblemCode.DATE


@pytest.mark.parametrize(
    ("name", "title", "proposed"),
    [("incidents_2021.csv", "", "2021"), ("upload.csv", "KP incidents 2022,\n", "2022"), ("upload.csv", "", "")],
)
def test_dates_without_a_year_are_asked_once_with_the_year_of_title_or_name(read, refusal, name, title, proposed):
    content = title + table("4 March", "25/12")
    problem = refusal(content, name).problems[0]
    question = question_for(problem)
    assert (problem.code, problem.column) == (ProblemCode.DATE_YEAR, "date")
    assert (question.option, question.proposed) == ("date_year", proposed)
    result = read(content, name, date_year=2020)
    assert starts(result) == ["2020-03-04", "2020-12-25"]
    assert noted(result)[NoteKind.YEAR_AS_ANSWERED] == 2


def test_some_dates_without_a_year_refuse_their_rows_and_are_asked(read):
    content = table("4 March", "2021-03-05", "6 March 2021")
    result = read(content)
    assert (result.n_accepted, result.problems_by_code) == (2, {"date_year": 1})
    assert question_for(result.problems[0]).proposed == "2021"
    assert starts(read(content, date_year=2021)) == ["2021-03-04", "2021-03-05", "2021-03-06"]


def test_the_year_of_its_own_column_completes_a_date(read):
    content = "When,Year,Distt\n4 March,2019,Bannu\n5 March,2020,Bannu\n6 March,,Bannu\n2021-03-07,2021,Bannu\n"
    result = read(content, mapping={"date": "When", "year": "Year", "district": "Distt"})
    assert starts(result) == ["2019-03-04", "2020-03-05", "2021-03-07"]
    assert noted(result) == {NoteKind.YEAR_OF_COLUMN: 2}
    assert result.problems_by_code == {"date_year": 1}


def test_an_end_before_the_first_day_is_dropped_and_said(read):
    rows = "2024-03-04,2024-03-03,Bannu\n2024-03-04,1969-12-30,Bannu\n2024-03-04,2024-03-06,Bannu\n"
    result = read(f"Date,End date,District\n{rows}")
    assert [str(day) for day in result.rows["date_end"].to_pylist()] == ["2024-03-04", "2024-03-04", "2024-03-06"]
    assert (result.n_refused, noted(result)) == (0, {NoteKind.ENDS_BEFORE_BEGIN: 2})


def test_the_date_of_a_report_refuses_no_row_and_asks_nothing(read):
    lines = ["2024-03-04,Bannu,03/04/2024", "2024-03-05,Bannu,last week", "2024-03-06,Bannu,2024-03-07"]
    result = read("\n".join(["date,district,source_date", *lines]) + "\n")
    assert result.rows["source_date"].to_pylist() == [None, None, date(2024, 3, 7)]
    assert noted(result) == {NoteKind.UNREADABLE_DAYS: 2}


# --- days and months exchanged --------------------------------------------------------------------------

PARTS = {"date": "Date", "day": "day", "month": "month", "year": "year", "place": "Location"}


def test_columns_of_day_month_and_year_count_and_a_disagreement_is_told(read):
    lines = ["5/8/2005,5,8,2005,Wana", "8/5/2005,9,5,2005,Wana", ",1,2,2006,Wana", "7 March 2006,,,,Wana"]
    result = read("Date,day,month,year,Location\n" + "\n".join(lines) + "\n", mapping=PARTS)
    assert starts(result) == ["2005-08-05", "2005-05-09", "2006-02-01", "2006-03-07"]
    assert noted(result) == {NoteKind.DATE_AND_PARTS_DIFFER: 1}


@pytest.mark.parametrize(
    ("header", "cells", "day", "differs"),
    [
        ("Date,Year,Month", "2024-03-04,2023,4", "2024-03-04", True),
        ("Date,Year,Month", "2024-03-04,2024,4", "2024-03-04", True),
        ("Date,Year,Month", "2024-03-04,2024,March", "2024-03-04", False),
        ("Date,Year", "2024-03-04,2023", "2024-03-04", True),
        ("Date,Year", "2024-03-04,2024", "2024-03-04", False),
        ("Date,Month", "2024-03-04,April", "2024-03-04", True),
        ("Date,Month", "2024-03-04,March", "2024-03-04", False),
        ("Date,Year,Month", "4 March,2023,3", "2023-03-04", False),
        ("Date,Year,Month", ",2023,3", "2023-03-01", False),
    ],
)
def test_a_date_counts_beside_a_year_and_a_month_and_what_differs_is_told(read, header, cells, day, differs):
    result = read(f"{header},District,Killed\n{cells},Bannu,1\n")
    assert starts(result) == [day]
    assert (NoteKind.DATE_AND_PARTS_DIFFER in noted(result)) == differs


@pytest.mark.parametrize(
    ("header", "rows"),
    [
        ("Year,Month,Date", ("2024,March,4", "2024,3,31.0")),
        ("Month,Date,Year", ("March,4,2024", "Mar.,31,2024")),
        ("Date,Month,Year", ("04,March,2024", "۳۱,March,2024")),
    ],
)
def test_a_date_of_the_numbers_1_to_31_beside_year_and_month_is_the_day(read, header, rows):
    result = read(f"{header},District\n" + "".join(f"{row},Bannu\n" for row in rows))
    assert starts(result) == ["2024-03-04", "2024-03-31"]
    assert noted(result) == {NoteKind.DAYS_BESIDE_MONTHS: 2}


def test_a_day_that_its_month_does_not_have_is_refused_and_a_blank_one_is_not_known(read):
    result = read("Year,Month,Date,District\n2024,2,30,Bannu\n2024,2,,Bannu\n2024,3,2024-03-05,Bannu\n")
    assert (result.problems[0].code, result.problems[0].column) == (ProblemCode.DATE, "Date")
    assert result.rows["date_precision"].to_pylist() == ["month", "day"]


@pytest.mark.parametrize(
    ("month", "start", "end", "precision"),
    [
        ("Jan-Mar", "2024-01-01", "2024-03-31", "year"),
        ("January to March", "2024-01-01", "2024-03-31", "year"),
        ("Q1", "2024-01-01", "2024-03-31", "year"),
        ("Quarter 2", "2024-04-01", "2024-06-30", "year"),
        ("جنوری - مارچ", "2024-01-01", "2024-03-31", "year"),
    ],
)
def test_several_months_in_a_column_of_months_are_read_as_a_range(read, month, start, end, precision):
    result = read(f"Year,Month,District\n2024,{month},Bannu\n2024,5,Bannu\n")
    found = result.rows.select(["date_start", "date_end", "date_precision"]).to_pylist()[0]
    assert [*map(str, found.values())] == [start, end, precision]
    assert noted(result) == {NoteKind.RANGES_OF_DAYS: 1}


def test_what_is_read_of_the_columns_is_told_where_the_date_is_blank(read):
    result = read("Date,Year,Month,District\n,24,Jan-Mar,Bannu\n2024-02-05,24,Jan-Mar,Bannu\n")
    assert starts(result) == ["2024-01-01", "2024-02-05"]
    assert noted(result) == {NoteKind.RANGES_OF_DAYS: 1, NoteKind.SHORT_YEARS: 1}


@pytest.mark.parametrize("month", ["Mar-24", "March 2024", "2024-03"])
def test_a_month_may_repeat_its_year(read, month):
    result = read(f"Year,Month,District\n2024,{month},Bannu\n")
    assert (starts(result), result.rows["date_precision"].to_pylist()) == (["2024-03-01"], ["month"])


@pytest.mark.parametrize("month", ["13", "Mar-23", "Smarch", "5-7", "Jan 5", "Q5"])
def test_what_names_no_month_of_the_year_is_refused(read, month):
    result = read(f"Year,Month,District\n2024,{month},Bannu\n2024,5,Bannu\n")
    assert (result.problems[0].code, result.problems[0].column) == (ProblemCode.DATE, "Month")


def test_a_date_beside_its_parts_is_asked_about_only_where_they_are_blank(read, refusal):
    content = "Date,day,month,year,Location\n5/8/2005,8,5,2005,Wana\n{},,,,Wana\n,30,2,2005,Wana\n,,,,Wana\n"
    result = read(content.format("2005-03-04"), mapping=PARTS)
    assert starts(result) == ["2005-05-08", "2005-03-04"]
    assert [(problem.code.value, problem.column) for problem in result.problems] == [
        ("date", "day"),
        ("missing", "Date"),
    ]
    problem = refusal(content.format("03/04/2005"), mapping=PARTS).problems[0]
    assert (problem.code, problem.value) == (ProblemCode.DATE_ORDER, "03/04/2005")


@pytest.mark.parametrize(
    ("early", "late", "is_told"),
    [
        (["5/8/05", "12/3/07"], ["13/03/2011", "24/04/2010"], True),
        (["5/8/2005", "12/3/2007", "1/2/2008"], ["13/03/2011"], True),
        (["2005-08-05", "2007-03-12", "2008-02-01"], ["13/03/2011"], True),
        (["5-Aug-05", "12-Mar-07", "1-Feb-08"], ["13/03/2011"], True),
        (["5/8/2005", "12/3/2007", "1/2/2008"], ["13/3/2011", "24/4/2010"], False),
        (["05/08/2005", "12/03/2007", "01/02/2008"], ["13/03/2011", "24/04/2010"], False),
        (["2005-08-05", "2007-03-12", "2008-02-21"], ["13/03/2011", "24/04/2010"], False),
        (["5/8/05", "12/3/07"], ["13/03/2011", "05/04/2010"], False),
    ],
)
def test_dates_that_a_spreadsheet_program_may_have_exchanged_are_told(read, early, late, is_told):
    result = read(table(*early, *late))
    assert result.n_accepted == len(early + late)
    assert noted(result).get(NoteKind.DAYS_PERHAPS_EXCHANGED) == (len(early) if is_told else None)


# --- tables as people have them -------------------------------------------------------------------------


@pytest.fixture
def case():
    if not CASES.is_dir():
        pytest.skip(f"the tables of users are not in {CASES}")
    return lambda name: (CASES / name).read_text("utf-8")


def test_every_writing_of_the_list_is_read(read, case):
    content = case("19-date-writings.csv")
    result = read(content, date_order="DMY")
    found = dict(zip(result.rows["source_event_id"].to_pylist(), starts(result), strict=True))
    months = {"D2", "D3", "D24"}
    expected = {
        row["incident_id"]: "2024-03-01" if row["incident_id"] in months else "2024-03-04"
        for row in csv.DictReader(content.splitlines())
    }
    del expected["D19"]
    assert found == expected | {"D4": "2024-01-01", "D18": "2024-01-01", "D11": "2024-03-05"}


@pytest.mark.parametrize(
    ("name", "mapping", "expected"),
    [
        ("11-ged-us-dates.csv", None, ["2009-03-27", "2009-02-07", "2009-05-08"]),
        ("suicide_mdy.csv", None, ["2009-11-19", "2009-11-06", "2010-05-08"]),
        ("18-excel-long-date.csv", {"date": "Date", "district": "District"}, ["2004-06-18", "2005-05-08"]),
        ("kobo.csv", {"date": "start", "district": "District"}, ["2024-05-01", "2024-05-03"]),
        ("34-excel-mixed-day-month.csv", PARTS, ["2005-08-05", "2007-03-12", "2011-03-13", "2010-04-24"]),
        ("title.csv", {"date": "Date", "district": "District"}, ["2024-01-05", "2024-01-06"]),
    ],
)
def test_tables_as_people_have_them_give_the_right_days(read, case, name, mapping, expected):
    result = read(case(name), name, mapping=mapping)
    assert starts(result) == expected


def test_two_styles_in_a_column_ask_only_for_what_is_open(read, refusal, case):
    mapping = {"date": "datetime", "district": "district"}
    problem = refusal(case("hours.csv"), mapping=mapping).problems[0]
    assert (problem.value, question_for(problem).proposed) == ("05/01/2024 09:00 AM", "DMY")
    assert starts(read(case("hours.csv"), mapping=mapping, date_order="DMY")) == ["2024-01-05", "2024-01-05"]


def test_a_table_with_exchanged_days_says_so(read, case):
    assert noted(read(case("34-excel-mixed-day-month.csv"), mapping=PARTS))[NoteKind.DAYS_PERHAPS_EXCHANGED] == 2


# --- numbers of the parts of a date as programs write them -----------------------------------------------------------


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [
        ("2024", "3", "4"),
        ("2024.0", "3.0", "4.0"),
        ("2024,0", "3,0", "4,0"),
        ("2024,00", "03", "4th"),
        ("۲۰۲۴", "۳", "۴"),
    ],
)
def test_parts_of_a_date_may_have_a_fraction_of_zeros(read, year, month, day):
    row = ";".join((year, month, day, "Bannu"))
    found = read(f"Year;Month;Day;District\n{row}\n")
    assert found.rows["date_start"].to_pylist() == [date(2024, 3, 4)]


@pytest.mark.parametrize("blank", ["", "-", "N/A", "unknown", "nan"])
def test_a_word_for_nothing_in_a_part_of_a_date_is_not_known(read, blank):
    found = read(f"Year,Month,Day,District\n2024,3,{blank},Bannu\n2024,{blank},{blank},Bannu\n")
    assert found.rows["date_precision"].to_pylist() == ["month", "year"]


def test_the_date_columns_of_gtd_may_have_decimal_commas(read):
    header = "eventid;iyear;imonth;iday;city;country_txt;nkill\n"
    found = read(f"{header}202403040001;2024,0;3,0;4,0;Bannu;Pakistan;2,0\n")
    assert (found.format, found.rows["date_start"].to_pylist()) == ("gtd", [date(2024, 3, 4)])


@pytest.mark.parametrize("written", ["1709510400000", "1709510400", "1709510400000.0", "1709578799999"])
def test_moments_since_1970_are_days_in_pakistan_and_said(read, written):
    result = read(f"date,district\n{written},Bannu\n")
    assert result.rows["date_start"].to_pylist() == [date(2024, 3, 4)]
    assert [one.n_rows for one in result.notes if one.kind is NoteKind.DAYS_SINCE_1970] == [1]


@pytest.mark.parametrize("written", ["202403041200", "9951040000000", "2709510400000", "17095104"])
def test_other_long_numbers_are_no_moments(read, written):
    assert read(f"date,district\n{written},Bannu\n").n_refused == 1
