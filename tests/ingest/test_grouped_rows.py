"""Tables that write a date or district once for several rows."""

from __future__ import annotations

import io

import numpy as np
import openpyxl
import pyarrow as pa
import pytest

from geo.ingest import open_question
from geo.ingest.containers import merged
from geo.ingest.containers.headers import Header
from geo.ingest.notes import NoteKind
from geo.ingest.results import ReadOptions
from geo.ingest.tables import TextTable, plain_texts

MERGED = (
    "Date,District,Place,Killed\n"
    "2024-03-04,Bannu,Mandan,1\n,Tank,Gomal,2\n,Lakki Marwat,Naurang,0\n2024-03-09,Bannu,Janikhel,3\n,Karak,,1\n"
)


def noted(found, kind: NoteKind) -> list[tuple[int, int]]:
    return [(note.n_rows, note.first_row) for note in found.notes if note.kind is kind]


def days(found) -> list[str]:
    return [str(day) for day in found.rows["date_start"].to_pylist()]


def test_blank_dates_below_a_date_are_asked_once_for_the_file(read):
    found = read(MERGED)
    assert (found.n_accepted, noted(found, NoteKind.BLANK_BELOW)) == (2, [(3, 3)])
    [question] = filter(None, map(open_question, (one for one in found.notes if one.kind is NoteKind.BLANK_BELOW)))
    assert (question.option, question.proposed, list(question.choices)) == ("blank_cells", "above", ["above", "blank"])


def test_as_answered_they_are_the_date_above_or_not_stated(read):
    above = read(MERGED, blank_cells="above")
    assert days(above) == ["2024-03-04"] * 3 + ["2024-03-09"] * 2
    assert (above.n_refused, noted(above, NoteKind.CELLS_FROM_ABOVE)) == (0, [(3, 3)])
    blank = read(MERGED, blank_cells="blank")
    assert (blank.n_accepted, noted(blank, NoteKind.BLANK_BELOW)) == (2, [])


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("District,Date,Killed\nBannu,2024-03-04,1\n,2024-03-05,2\n,2024-03-06,2\nTank,2024-03-07,1\n", 4),
        ("District,Year,Attacks\nBannu,2022,4\n,2023,5\nTank,2022,1\n,2023,2\n", 4),
        ("Year,Month,District,Attacks\n2022,January,Bannu,4\n,,Tank,1\n,February,Bannu,2\n,,Tank,3\n", 4),
        ("S.No,Date,District,Killed\n1,2024-03-04,Bannu,\n2,,Tank,\n3,,Karak,1\n", 3),
        ("تاریخ,ضلع,ہلاک\n2024-03-04,بنوں,1\n,ٹانک,2\n,کرک,3\n", 3),
    ],
)
def test_districts_years_and_months_may_stand_once_for_several_rows(read, content, expected):
    assert read(content).n_accepted < expected or "Month" in content
    assert [note.kind for note in read(content).notes if note.kind is NoteKind.BLANK_BELOW]
    found = read(content, blank_cells="above")
    assert (found.n_accepted, found.n_refused) == (expected, 0)


def test_a_value_is_not_carried_past_what_ends_its_group(read):
    for line in ("Total,,3", "Section B,,", "a,b,c,d"):
        found = read(
            f"Date,District,Killed\n2024-03-04,Bannu,1\n,Tank,2\n{line}\n,Karak,2\n2024-03-06,Tank,1\n,Karak,1\n",
            blank_cells="above",
        )
        assert found.rows["source_row"].to_pylist() == [2, 3, 6, 7]
    # The district to the left is the wider group.
    found = read(
        "District,Date,Killed\nBannu,2024-03-04,1\n,2024-03-05,2\nTank,,1\n,2024-03-05,1\n", blank_cells="above"
    )
    assert found.n_refused == 1


def test_a_row_with_another_statement_of_its_day_or_place_is_not_filled(read):
    parts = "Date,Year,Month,District\n2024-03-04,,,Bannu\n,2023,May,Tank\n,2023,June,Tank\n"
    assert days(read(parts, blank_cells="above")) == ["2024-03-04", "2023-05-01", "2023-06-01"]
    points = "Date,District,Lat,Lon\n2024-03-04,Bannu,32.99,70.6\n2024-03-05,,32.2,70.3\n2024-03-05,,32.2,70.3\n"
    assert noted(read(points), NoteKind.BLANK_BELOW) == []


def test_a_district_is_not_asked_about_where_places_lie_in_another(read):
    found = read("Date,District,Place\n2024-03-04,Bannu,Mir Ali\n2024-03-05,,Mir Ali\n2024-03-06,,Miran Shah\n")
    assert noted(found, NoteKind.BLANK_BELOW) == []


def test_a_second_line_of_text_is_no_incident(read):
    found = read(
        "Date,District,Killed,Remarks\n2024-03-04,Bannu,1,first line\n,,,second line\n,Tank,2,x\n,Karak,2,y\n",
        blank_cells="above",
    )
    assert (found.n_accepted, found.n_refused) == (3, 1)


@pytest.mark.parametrize(("n_rows", "n_blank"), [(8, 1), (50, 2)])
def test_few_missing_dates_among_many_rows_raise_no_question(read, n_rows, n_blank):
    rows = "".join(f"2024-03-{day % 30 + 1:02},Bannu,1\n" for day in range(n_rows))
    blank = ",Tank,2\n" * n_blank
    assert noted(read(f"Date,District,Killed\n{rows}{blank}"), NoteKind.BLANK_BELOW) == []


def merged_book(*areas: str) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ("Date", "District", "Place", "Killed"),
        ("2024-03-04", "Bannu", "Mandan", 5),
        (None, "Tank", "Gomal", None),
        (None, None, "Jandola", 1),
        ("2024-03-09", "Karak", None, 2),
    ):
        sheet.append(row)
    for area in areas:
        sheet.merge_cells(area)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def test_merged_dates_and_districts_of_a_workbook_are_read_in_each_of_their_rows(read):
    found = read(merged_book("A2:A4", "B3:B4"))
    assert days(found) == ["2024-03-04"] * 3 + ["2024-03-09"]
    assert found.rows["district_reported"].to_pylist() == ["Bannu", "Tank", "Tank", "Karak"]
    assert noted(found, NoteKind.MERGED_CELLS_READ) == [(2, 3)]
    assert not {NoteKind.BLANK_BELOW, NoteKind.MERGED_CELLS} & {note.kind for note in found.notes}


def test_a_merged_toll_is_counted_once(read):
    found = read(merged_book("A2:A4", "B3:B4", "D2:D3"))
    assert found.rows["killed_best"].to_pylist() == [5, None, 1, 2]
    assert [note.values["area"] for note in found.notes if note.kind is NoteKind.MERGED_CELLS] == ["D2:D3"]


def test_blank_cells_of_a_workbook_that_are_not_merged_are_asked_about(read):
    assert noted(read(merged_book()), NoteKind.BLANK_BELOW) == [(2, 3)]


@pytest.mark.parametrize("mark", ["-do-", "Do", "ditto", "''", '""""', "ایضاً", "〃"])
def test_a_mark_of_repetition_is_the_cell_above(read, mark):
    found = read(f"Date,District,Killed\n2024-03-04,Bannu,1\n{mark},{mark},2\n{mark},Tank,3\n")
    assert (days(found), found.n_refused) == (["2024-03-04"] * 3, 0)
    assert found.rows["district_reported"].to_pylist() == ["Bannu", "Bannu", "Tank"]
    assert noted(found, NoteKind.CELLS_REPEATED) == [(2, 3)]


def test_a_mark_of_repetition_with_nothing_above_it_is_refused(read):
    assert read("Date,District\ndo,Bannu\n2024-03-04,Tank\n").n_refused == 1


def test_a_row_of_another_province_has_another_district(read):
    rows = "2024-03-04,KP,Bannu,x\n2024-03-05,KP,,y\n2024-03-06,Punjab,,z\n2024-03-07,,,z\n"
    found = read(f"Date,Province,District,Remarks\n{rows}", blank_cells="above")
    assert found.rows["district_reported"].to_pylist() == ["Bannu", "Bannu"]
    assert found.n_refused == 2


@pytest.mark.parametrize("line", ["2024-03-09,Tank,Firing,2,more,cells", "Total,,,2"])
def test_a_mark_of_repetition_repeats_nothing_past_what_ends_its_group(read, line):
    head = "Date,District,Type,Killed\n2024-03-04,Bannu,Firing,1\ndo,Karak,Firing,1\n"
    found = read(f"{head}{line}\ndo,Tank,IED blast,3\n2024-03-10,Tank,Firing,1\n")
    assert found.rows["source_row"].to_pylist() == [2, 3, 6]
    assert days(found) == ["2024-03-04"] * 2 + ["2024-03-10"]


def test_many_merged_cells_take_each_column_once(monkeypatch):
    taken = []
    monkeypatch.setattr(merged, "plain_texts", lambda column: taken.append(column) or plain_texts(column))
    n = 2 * 50
    cells = pa.table({"0": ["2024-03-04", ""] * (n // 2), "1": ["Bannu", "Tank"] * (n // 2)})
    table = TextTable(("Date", "District"), cells, np.arange(2, n + 2))
    areas = [((row, 0), (row + 1, 0)) for row in range(1, n, 2)]
    found = merged.with_merged(table, areas, 0, Header(("Date", "District"), 1, 2), ReadOptions())
    assert found.cells["0"].to_pylist() == ["2024-03-04"] * n
    assert len(taken) == 1


def test_the_rest_of_a_district_in_a_row_of_its_own_is_no_incident(read):
    lines = [
        "1,13.01.2024,Mohmand,Unknown accused fired upon,1",
        ",,,police party near bazar,",
        "2,26.01.2024,Lakki,Unknown accused fired upon,9",
        ",,Marwat,police party near bazar,",
        "3,,Bannu,Unknown accused fired upon,2",
    ]
    found = read("\n".join(["S.No,Date,District,Brief facts,Killed", *lines]), blank_cells="above")
    assert found.rows["killed_best"].to_pylist() == [1, 9, 2]
    assert [str(day) for day in found.rows["date_start"].to_pylist()] == ["2024-01-13", "2024-01-26", "2024-01-26"]
