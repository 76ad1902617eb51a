"""The download of refused rows is a file that can be corrected and uploaded: nothing is lost or changed on the way."""

from __future__ import annotations

import csv
import io
import json

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.ingest.results import ReadResult
from geo.problems import ProblemCode
from geo.settings import DATA_DIR
from geo.text import csv_cell, csv_cell_text
from geo.views.tables import csv_bytes
from tests.ingest.test_ingest_formats import acled, ged, gtd, hdx, table
from tests.ingest.test_ingest_mapping import COLUMNS, TABLE, VALUES


def download(result: ReadResult) -> str:
    return csv_bytes(result.refused_rows.to_pandas()).decode("utf-8-sig")


def facts(result: ReadResult) -> list[dict[str, object]]:
    """Return the accepted rows without their place in the file."""
    rows = result.rows.drop_columns(["source_row"]).to_pylist()
    return sorted(rows, key=lambda row: str(row["incident_id"]))


TEMPLATE = {"date": "2024-03-04", "district": "Bannu", "killed_total": 2, "notes": "-5 °C, =SUM(A1), 'quoted'"}
with (DATA_DIR / "incidents.csv").open(encoding="utf-8", newline="") as _lines:
    REGISTER = list(csv.DictReader(_lines))[:3]
FILES: dict[str, tuple[list[dict[str, object]], str]] = {
    # (rows, column of the date)
    "register": (REGISTER, "date"),
    "template": ([TEMPLATE, TEMPLATE | {"notes": "=cmd|'/c calc'!A0"}], "date"),
    "ucdp": ([ged(), ged(id=2, where_coordinates="-Mir Ali")], "date_start"),
    "acled": ([acled(), acled(event_id_cnty="PAK2", notes="+ one")], "event_date"),
    "hdx": ([hdx(), hdx(Admin2="Tank", **{"Admin2 Pcode": "PK533"})], "Year"),
    "gtd": ([gtd(), gtd(eventid="202001010002")], "iyear"),
}


@pytest.mark.parametrize("name", FILES)
def test_corrected_rows_are_the_rows_that_a_right_file_would_have_given(read, name: str) -> None:
    rows, column = FILES[name]
    right = read(table(*rows))
    assert right.n_accepted == len(rows)
    wrong = read(table(*(row | {column: "someday"} for row in rows)))
    assert (wrong.n_accepted, wrong.n_refused) == (0, len(rows))
    lines = list(csv.DictReader(io.StringIO(download(wrong), newline="")))
    for line, row in zip(lines, rows, strict=True):
        line[column] = str(row[column])
    again = read(table(*lines))
    assert (again.format, again.n_refused) == (right.format, 0)
    assert facts(again) == facts(right)


def test_every_reason_in_the_download_stands_with_its_remedy(read) -> None:
    wrong = read(
        "date,district,killed_total\n2024-03-32,Total,few\n2024-03-04,Bannu\n2024-02-30,Bannu,2\n2024-03-04,Swat,1\n"
    )
    told = wrong.refused_rows["refused_because"].to_pylist()
    assert len(wrong.problems) == 4
    for problem in wrong.problems:
        assert str(problem.hint)
        of_row = told[[2, 3, 4].index(problem.row)]
        assert f"{problem.column}: {problem.message!s} {problem.hint!s}".removeprefix(": ") in of_row
    assert told[0].count("; ") >= 1


def test_the_rows_of_a_mapped_table_return_under_the_same_mapping(read) -> None:
    options = {"mapping": COLUMNS, "values": VALUES}
    right = read(TABLE, **options)
    wrong = read(TABLE.replace("04/03/2024", "99/99/2024"), **options)
    assert wrong.n_refused == 1
    again = read(download(wrong).replace("99/99/2024", "2024-03-04"), **options)
    (row,) = facts(again)
    assert (row["incident_id"], row["killed_best"], again.n_refused) == (facts(right)[0]["incident_id"], 2, 0)


def test_the_rows_of_a_geojson_return_with_their_points(read) -> None:
    def collection(date: str) -> str:
        point = {"type": "Point", "coordinates": [70.6, 32.99]}
        of_one = {"type": "Feature", "properties": {"date": date, "district": "Bannu"}, "geometry": point}
        return json.dumps({"type": "FeatureCollection", "features": [of_one]})

    right, wrong = read(collection("2024-03-04")), read(collection("2024-13-04"))
    again = read(download(wrong).replace("2024-13-04", "2024-03-04"))
    assert facts(again) == facts(right)


def test_a_workbook_of_refused_rows_returns_as_the_text_file_does(read) -> None:
    wrong = read(table(TEMPLATE | {"date": "2024-13-04"}))
    book = openpyxl.Workbook()
    for line in csv.reader(io.StringIO(download(wrong).replace("2024-13-04", "2024-03-04"), newline="")):
        book.active.append(line)
    content = io.BytesIO()
    book.save(content)
    assert facts(read(content.getvalue())) == facts(read(table(TEMPLATE)))


TEXT = st.text(st.sampled_from("ab'=+-@,; \t\n\"5٣"), max_size=6)


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(notes=st.lists(TEXT, min_size=1, max_size=4))
def test_cells_come_back_as_they_were_whatever_they_hold(read, notes: list[str]) -> None:
    wrong = read(table(*(TEMPLATE | {"date": "2024-13-04", "notes": note} for note in notes)))
    again = read(download(wrong).replace("2024-13-04", "2024-03-04"))
    assert [cells["notes"] for cells in again.rows["raw"].to_pylist()] == notes


@given(st.text())
def test_the_text_of_an_inert_cell_is_the_text_it_was_made_of(text: str) -> None:
    assert csv_cell_text(csv_cell(text)) == text


@pytest.mark.parametrize("row", ["2024-03-04,Bannu 2\n", "2024-03-04,Bannu,2,extra\n"])
def test_a_row_of_another_length_is_refused_again_until_a_person_says_it_is_right(read, row: str) -> None:
    wrong = read("date,district,killed_total\n" + row)
    untouched = read(download(wrong))
    assert (untouched.n_accepted, untouched.n_refused) == (0, 1)
    assert untouched.problems[0].code is ProblemCode.ROW_LENGTH
    assert "further_cells" in str(untouched.problems[0].message)
    # A second download still holds what the first held.
    assert untouched.refused_rows["further_cells"].to_pylist() == wrong.refused_rows["further_cells"].to_pylist()
    (line,) = csv.DictReader(io.StringIO(download(untouched), newline=""))
    again = read(table(line | {"district": "Bannu", "killed_total": "2", "further_cells": ""}))
    assert facts(again) == facts(read("date,district,killed_total\n2024-03-04,Bannu,2\n"))


def test_an_apostrophe_of_any_other_file_stays(read) -> None:
    assert read(table(TEMPLATE | {"notes": "'x"})).rows["raw"][0].as_py()["notes"] == "'x"
