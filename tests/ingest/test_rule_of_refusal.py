"""The rule: only the date, the place, the identity or a double count refuse a row; all else is taken, and listed."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from geo.ingest.notes import NoteKind
from geo.ingest.results import ReadResult
from geo.problems import ProblemCode
from tests.ingest.test_ingest_workbook import rezipped, workbook
from tests.ingest.test_other_workbooks import ods, text_cell
from tests.unguarded import note_words

# A row of a table that has every optional field; each test spoils one cell of it.
ROW: dict[str, str] = {
    "date": "2024-03-04",
    "district": "Bannu",
    "incident_id": "7",
    "date_end": "2024-03-05",
    "date_precision": "day",
    "place": "Jani Khel",
    "geo_precision": "near",
    "attack_type": "ied",
    "target_type": "police",
    "initiator": "militant",
    "group": "ٹی ٹی پی",
    "killed_total": "3",
    "killed_police": "1",
    "injured_total": "2",
    "n_sources": "2",
    "source_url": "https://example.org/a",
    "source_date": "2024-03-06",
    "notes": "چوک پر",
}
NEEDED = ("date", "district", "incident_id")
OPTIONAL = tuple(name for name in ROW if name not in NEEDED)
ODD = {
    "control characters": "1\x002\x1b[0m",
    "half a character": "1\ud8002",
    "a word": "as reported",
    "an absurd number": "99999999999999999999999999",
    "a number below zero": "-5",
    "a fraction": "2.75",
    "an error": "#N/A",
    "another error": "#REF!",
    "a formula as text": "=SUM(A1:A9)",
    "infinity": "inf",
    "a day that is none": "2024-02-31",
    "a long text": "word " * 2_000,
}


Rows = Sequence[Mapping[str, str]]


def as_csv(rows: Rows) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([rows[0].keys(), *(row.values() for row in rows)])
    return out.getvalue().encode("utf-8", "surrogatepass")


def as_json(rows: Rows) -> bytes:
    return json.dumps(rows).encode()


def as_lines(rows: Rows) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def as_geojson(rows: Rows) -> bytes:
    point = {"type": "Point", "coordinates": [70.5, 32.9]}
    features = [{"type": "Feature", "properties": row, "geometry": point} for row in rows]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def as_parquet(rows: Rows) -> bytes:
    """A Parquet file; its texts are UTF-8, which has no halves of characters."""
    out = io.BytesIO()
    pq.write_table(pa.table({name: [row[name].replace("\ud800", "�") for row in rows] for name in rows[0]}), out)
    return out.getvalue()


def as_ods(rows: Rows) -> bytes:
    """A spreadsheet; XML has neither control characters nor halves of characters."""
    plain = str.maketrans({"\x00": None, "\x1b": None, "\ud800": "�"})
    lines = [[text_cell(cell.translate(plain)) for cell in row.values()] for row in rows]
    return ods([text_cell(name) for name in rows[0]], *lines)


def as_workbook(rows: Rows) -> bytes:
    """A workbook whose cells are text, with control characters and halves of characters as Excel writes them."""
    escapes = str.maketrans({"\x00": "_x0000_", "\x1b": "_x001B_", "\ud800": "_xD800_"})

    def fill(book: openpyxl.Workbook) -> None:
        book.active.append(list(rows[0]))
        for number, row in enumerate(rows, start=2):
            for place, cell in enumerate(row.values(), start=1):
                book.active.cell(number, place, cell.translate(escapes)).data_type = "s"

    return workbook(fill)


WRITERS = {
    "csv": as_csv,
    "json": as_json,
    "jsonl": as_lines,
    "geojson": as_geojson,
    "parquet": as_parquet,
    "xlsx": as_workbook,
    "ods": as_ods,
}


def reasons(result: ReadResult) -> list[str]:
    return [str(problem) for problem in result.problems]


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("container", WRITERS)
def test_no_optional_cell_refuses_a_row_whatever_it_holds(read, container: str, odd: str) -> None:
    spoilt = [ROW | {"incident_id": str(number), name: ODD[odd]} for number, name in enumerate(OPTIONAL, 100)]
    result = read(WRITERS[container]([ROW, *spoilt]), f"upload.{container}")
    assert reasons(result) == []
    assert (result.n_accepted, result.n_refused) == (1 + len(OPTIONAL), 0)


@pytest.mark.parametrize("name", ["killed_total", "killed_police", "injured_total", "n_sources"])
@pytest.mark.parametrize("odd", ["control characters", "a word", "an absurd number", "a number below zero", "an error"])
def test_a_figure_that_cannot_be_read_is_missing_never_zero_and_listed(read, name: str, odd: str) -> None:
    result = read(as_csv([ROW | {name: ODD[odd]}]))
    column = {"killed_total": "killed_best", "injured_total": "injured"}.get(name, name)
    if name == "killed_total":  # the parts that are stated still count
        assert result.rows[column].to_pylist() == [1]
    else:
        assert result.rows[column].to_pylist() == [None]
    [note] = [one for one in result.notes if one.kind is NoteKind.UNREADABLE_COUNTS]
    assert (note.n_rows, note.values["column"]) == (1, name)


def with_formula(*columns: str, cell: bytes = b"<f>1+1</f>", kind: str = "", row: Mapping[str, str] = ROW) -> bytes:
    """A workbook of one row in which the cells of these columns are a formula that nobody has calculated."""

    def change(parts: dict[str, bytes]) -> None:
        sheet = parts["xl/worksheets/sheet1.xml"]
        for name in columns:
            address = f"{openpyxl.utils.get_column_letter(list(row).index(name) + 1)}2"
            start = sheet.index(f'<c r="{address}"'.encode())
            end = sheet.index(b"</c>", start) + len(b"</c>")
            sheet = sheet[:start] + f'<c r="{address}"{kind}>'.encode() + cell + b"</c>" + sheet[end:]
        parts["xl/worksheets/sheet1.xml"] = sheet

    return rezipped(as_workbook([row]), change)


@pytest.mark.parametrize("name", OPTIONAL)
def test_a_formula_without_a_stored_value_is_missing_in_an_optional_column(read, name: str) -> None:
    result = read(with_formula(name), "upload.xlsx")
    assert reasons(result) == []
    plain = read(as_workbook([ROW | {name: ""}]), "upload.xlsx")
    facts = [column for column in plain.rows.column_names if column not in ("incident_id", "source_event_id")]
    assert result.rows.select(facts).to_pylist() == plain.rows.select(facts).to_pylist()
    [note] = [one for one in result.notes if one.kind is NoteKind.FORMULAS_WITHOUT_VALUE]
    assert (note.n_rows, note.first_row) == (1, 2)
    assert any("formula without a stored value" in words for words in note_words(result))


@pytest.mark.parametrize(
    ("name", "row"),
    [("date", ROW), ("district", {one: cell for one, cell in ROW.items() if one != "place"}), ("incident_id", ROW)],
)
@pytest.mark.parametrize("kind", ["formula", "error"])
def test_a_formula_or_an_error_refuses_the_row_where_the_date_place_or_identity_should_be(
    read, name: str, row: Mapping[str, str], kind: str
) -> None:
    if kind == "formula":
        content = with_formula(name, row=row)
    else:
        content = with_formula(name, cell=b"<v>#N/A</v>", kind=' t="e"', row=row)
    result = read(content, "upload.xlsx")
    assert (result.n_accepted, result.n_refused, result.n_problems) == (0, 1, 1)
    address = f"{openpyxl.utils.get_column_letter(list(row).index(name) + 1)}2"
    [reason] = reasons(result)
    assert address in reason
    if kind == "formula":
        assert result.problems[0].code is ProblemCode.FORMULA_WITHOUT_VALUE
        assert "Open and save the workbook" in reason


def test_a_place_that_something_else_names_survives_a_formula_in_the_district(read) -> None:
    result = read(with_formula("district"), "upload.xlsx")
    assert (reasons(result), result.rows["place"].to_pylist()) == ([], ["Jani Khel"])


def test_a_formula_is_found_wherever_the_table_begins(read) -> None:
    """Names of columns may stand below a title, and beside a column without a name."""

    def fill(book: openpyxl.Workbook) -> None:
        book.active.append(["", "Incidents of 2024"])
        book.active.append([])
        book.active.append(["", "date", "district", "killed_total"])
        book.active.append(["", "=TODAY()", "Bannu", 3])
        book.active.append(["", "2024-03-05", "Tank", "=1+1"])

    result = read(workbook(fill), "upload.xlsx")
    assert (result.n_accepted, result.n_refused) == (1, 1)
    assert "B4" in reasons(result)[0]
    assert result.rows["killed_best"].to_pylist() == [None]
    assert [(one.n_rows, one.first_row) for one in result.notes if one.kind is NoteKind.FORMULAS_WITHOUT_VALUE] == [
        (1, 5)
    ]
