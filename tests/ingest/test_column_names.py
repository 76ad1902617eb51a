"""Column names as programs and people leave them: missing, repeated, spoilt, with units; every file is still read."""

from __future__ import annotations

import io

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from geo.ingest.containers.detection import read_table
from geo.ingest.mapping.preview import preview_table
from geo.ingest.notes import NoteKind
from geo.ingest.results import ReadOptions
from geo.ingest.tables import column_keys, stated_keys
from geo.problems import ProblemCode
from tests.conftest import SHARED
from tests.unguarded import note_words

OWN = {"date": "date", "district": "district"}
ACLED = (
    "event_id_cnty,event_date,year,time_precision,event_type,sub_event_type,actor1,inter1,actor2,inter2,admin1,admin2,"
    "location,latitude,longitude,geo_precision,notes,fatalities"
)
EVENT = (
    "2025-03-01,2025,1,Battles,Armed clash,TTP,Rebel group,Police Forces of Pakistan (2024-),State forces,"
    "Khyber Pakhtunkhwa,Bannu,Made up,32.98,70.60,1,militants attacked a post,2"
)


@pytest.fixture
def table(tmp_path, limits):
    """Return the table of text of a file, before anything is interpreted."""

    def read_text(content: str | bytes, **options: object):
        path = tmp_path / "file"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_table(path, tmp_path, "f", ReadOptions(**options), limits, lambda share: None)

    return read_text


def kinds(notes) -> dict[NoteKind, object]:
    return {note.kind: note.values for note in notes}


def workbook(*rows: tuple[object, ...]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


# --- columns without a name ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("quote", ['""', "", " "])
def test_the_numbers_of_rows_that_programs_write_do_not_hide_a_format(read, quote):
    rows = "".join(f"{row},PAK{row},{EVENT}\n" for row in (1, 2, 3))
    result = read(f"{quote},{ACLED}\n{rows}")
    assert (result.format, result.n_accepted, result.n_refused) == ("acled", 3, 0)
    assert kinds(result.notes)[NoteKind.COLUMN_WITHOUT_NAME] == {"columns": "“column 1”"}
    assert [row["column 1"] for row in result.rows["raw"].to_pylist()] == ["1", "2", "3"]


def test_a_template_with_numbers_of_rows_stays_a_template_also_when_it_comes_back(read):
    result = read(",date,district\n0,2024-03-04,Bannu\n1,2024-13-04,Tank\n")
    assert (result.format, result.n_accepted, result.n_refused) == ("template", 1, 1)
    back = ",".join(result.refused_rows.column_names) + "\n2,,1,2024-12-04,Tank\n"
    assert (read(back).format, read(back).n_accepted) == ("template", 1)
    assert read("Unnamed: 0,date,district\n0,2024-03-04,Bannu\n").format == "template"


def test_rows_that_r_numbers_without_a_name_in_the_header_are_read(read):
    rows = "".join(f'"{row}","PAK{row}",{EVENT}\n' for row in (3, 7, 12))
    result = read(f"{ACLED}\n{rows}")
    assert (result.format, result.n_accepted) == ("acled", 3)
    assert result.rows["source_event_id"].to_pylist() == ["PAK3", "PAK7", "PAK12"]
    # Rows that are one cell too long for another reason stay refused.
    assert read(f"{ACLED}\n" + rows.replace('"7"', '"2"')).n_refused == 3
    assert read("date,district\n2024-03-04,Bannu,x\n").n_refused == 1


@pytest.mark.case(15)
def test_a_nameless_column_is_kept_and_can_be_assigned(read, refusal):
    content = "when,,what\n2024-03-04,Bannu,x\n"
    assert "“column 2”" in " ".join(note_words(read(content, mapping={"date": "when", "district": "column 2"})))
    assert read(content, mapping={"date": "when", "place": "column 2"}).rows["place"].to_pylist() == ["Bannu"]
    # Without an answer it is one question about the whole table, not a refusal of the header.
    assert "match no known format" in str(refusal(content).problems[0].message)


def test_nameless_columns_without_cells_are_left_out(table):
    assert table("date,,district,,\n2024-03-04,,Bannu,,\n2024-03-05,,Tank,,\n").columns == ("date", "district")


def test_a_nameless_last_column_is_a_column_where_most_rows_fill_it(table):
    found = table("date,district,,\n2024-03-04,Bannu,x,\n2024-03-05,Tank,y,\n")
    assert (found.columns, found.malformed) == (("date", "district", "column 3"), ())
    # One filled cell is more likely a cell that moved: unquoted commas must not shift a row without a word.
    rows = "2024-03-04,Bannu,,\n" * 3 + "2024-03-05,Tank,y,\n"
    assert [line.row for line in table(f"date,district,,\n{rows}").malformed] == [5]


def test_a_remark_beside_a_sheet_refuses_no_row(read):
    content = workbook(
        ("date", "district"), ("2024-03-04", "Bannu"), ("2024-03-05", "Tank", None, "checked"), ("2024-03-06", "Swat")
    )
    result = read(content, mapping=OWN)
    assert (result.n_accepted, result.n_refused) == (3, 0)
    assert result.rows["raw"].to_pylist()[1] == {"date": "2024-03-05", "district": "Tank", "column 4": "checked"}


@pytest.mark.parametrize("title", ["", "KP incidents 2024,,,,\n,,,,\n"])
def test_a_header_with_a_nameless_first_column_is_found_below_a_title(table, title):
    found = table(title + ",Date,District,Killed,Place\nx,05-Jan-24,Bannu,2,Bazaar\ny,06-Jan-24,Tank,0,Road\n")
    assert found.columns == ("column 1", "Date", "District", "Killed", "Place")
    assert len(found) == 2


@pytest.mark.parametrize("title", ["KP incidents 2024", "Incidents, made up, of 2024", "Incidents: a, b, c, d"])
@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_a_title_does_not_hide_the_separator(table, title, separator):
    rows = ["when|where|dead|lat", "2024-03-04|Bannu|2|32,9", "2024-03-05|Tank|0|32,2"]
    content = f"{title}\n\n" + "\n".join(rows).replace("|", separator) + "\n"
    assert table(content).columns == ("when", "where", "dead", "lat")


def test_words_below_a_nameless_first_column_are_rows_not_names(table):
    assert table(",when,where\na,June,Bannu\nb,July,Tank\n").columns == ("column 1", "when", "where")


# --- repeated names --------------------------------------------------------------------------------------------------


@pytest.mark.case(15)
def test_repeated_names_get_a_number_and_a_note(read):
    result = read("date,district,Source,source ,SOURCE\n2024-03-04,Bannu,Dawn,AFP,BBC\n", mapping=OWN)
    assert list(result.rows["raw"][0].as_py()) == ["date", "district", "Source", "source (2)", "SOURCE (3)"]
    assert kinds(result.notes)[NoteKind.REPEATED_COLUMN_NAMES] == {"columns": "“source (2)”, “SOURCE (3)”"}


def test_a_number_that_is_taken_is_passed_over(table):
    assert table("Source,Source (2),Source\na,b,c\n").columns == ("Source", "Source (2)", "Source (3)")


def test_a_format_reads_the_first_of_two_columns_of_one_name(read):
    result = read("date,district,date\n2024-03-04,Bannu,2024-05-04\n")
    assert (result.format, result.n_accepted) == ("template", 1)
    assert result.rows["date_start"][0].as_py().isoformat() == "2024-03-04"
    assert "“date (2)”" in " ".join(note_words(result))


def test_repeated_names_in_other_containers(table):
    content = io.BytesIO()
    arrays = [pa.array(["2024-03-04"]), pa.array(["Bannu"]), pa.array(["Tank"])]
    pq.write_table(pa.Table.from_arrays(arrays, names=["date", "place", "Place"]), content)
    assert table(content.getvalue()).columns == ("date", "place", "Place (2)")
    assert table('{"data": [{"date": "2024", "Place": "x", "place": "y"}]}').cells.to_pylist() == [
        {"0": "2024", "1": "x", "2": "y"}
    ]


# --- spoilt marks ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mark", ["ï..", "ï»¿", "X.U.FEFF.", "\ufeff", '"\ufeff', "\ufeff\ufeff"])
@pytest.mark.parametrize("before", ["", '"",'])
def test_a_spoilt_byte_order_mark_leaves_the_first_name(read, mark, before):
    header, row = ACLED, f"PAK1,{EVENT}\n"
    first = f'{mark}event_id_cnty"' if mark.startswith('"') else f"{mark}event_id_cnty"
    row = f"1,{row}" if before else row
    result = read(before + header.replace("event_id_cnty", first) + "\n" + row)
    assert (result.format, result.n_accepted) == ("acled", 1)
    assert result.rows["source_event_id"].to_pylist() == ["PAK1"]
    assert "event_id_cnty" in result.rows["raw"][0].as_py()


def test_a_removed_mark_is_said(read):
    result = read("ï..date,district\n2024-03-04,Bannu\n")
    assert kinds(result.notes)[NoteKind.SPOILT_FIRST_NAME] == {"name": "date", "written": "ï..date"}


# --- units -----------------------------------------------------------------------------------------------------------


def test_units_do_not_make_another_name():
    names = ("Date (dd/mm/yyyy)", "Killed (nos.)", "Injured [No]", "Place (old name)", "Lat", "Lat (deg)")
    assert column_keys(names) == ("date", "killed", "injured", "place_old_name", "lat", "lat_deg")


def test_a_unit_that_tells_two_columns_apart_stays():
    assert column_keys(("Killed (no.)", "Killed (nos.)")) == ("killed_no", "killed_nos")


def test_a_table_with_units_is_proposed_and_read(table, read):
    content = "Date (dd/mm/yyyy),District Name,Killed (nos.),Type\n14/03/2024,Bannu,2,x\n"
    proposals = {one.field: one.column for one in preview_table(table(content)).proposals}
    assert (proposals["date"], proposals["killed_total"]) == ("Date (dd/mm/yyyy)", "Killed (nos.)")
    mapping = {name: proposals[name] for name in ("date", "district", "killed_total")}
    assert read(content, mapping=mapping).rows["killed_best"].to_pylist() == [2]
    assert read("Date (dd/mm/yyyy),District\n14/03/2024,Bannu\n").format == "template"


def test_names_that_a_reading_gave_do_not_count_as_stated():
    assert stated_keys(("column 1", "Source", "Source (2)", "Total (2)")) == {"source", "total_2"}


# --- names in two rows -----------------------------------------------------------------------------------------------

TWO_ROWS = "Date,District,Killed,,Injured,\n,,Police,Army,Police,Army\n2024-03-04,Bannu,2,0,1,0\n"
TWO_ROWS_NAMES = ("Date", "District", "Killed: Police", "Killed: Army", "Injured: Police", "Injured: Army")


@pytest.mark.parametrize("title", ["", "KP incidents,,,,,\n", "KP incidents,,,,,\n\n"])
@pytest.mark.parametrize("row", [None, 0, 1])
def test_names_in_two_rows_are_joined(table, title, row):
    options = {} if row is None else {"header_row": title.count("\n") + 1 + row}
    found = table(title + TWO_ROWS, **options)
    assert (found.columns, len(found), found.malformed) == (TWO_ROWS_NAMES, 1, ())
    assert kinds(found.notes)[NoteKind.NAMES_IN_TWO_ROWS]["example"] == "Killed: Police"


def test_groups_above_repeated_names_are_joined(table):
    content = TWO_ROWS.replace("Date,District,", ",,", 1).replace(",,Police", "Date,District,Police")
    assert table(content).columns == TWO_ROWS_NAMES


@pytest.mark.parametrize(
    ("content", "columns"),
    [
        # A title above names that need no group.
        (
            "Incidents,,,2024 update\nDate,District,Killed,Injured\n2024-03-04,Bannu,1,2\n",
            "Date District Killed Injured",
        ),
        ("Incidents,,,\nDate,District,Killed,Killed\n2024-03-04,Bannu,1,2\n", "Date District Killed Killed_(2)"),
        # A line about the report above names of which only that of the row numbers is missing.
        (
            "Prepared by,Desk,,,\n,Date,District,Killed,Injured\n0,2024-03-04,Bannu,1,2\n",
            "column_1 Date District Killed Injured",
        ),
        # A first row of data with few cells is no row of names.
        ("date,district,,killed\n,,yes,\n2024-03-04,Bannu,no,1\n", "date district column_3 killed"),
        ("date,district,,killed\n2024-03-03,Tank,2,1\n2024-03-04,Bannu,3,1\n", "date district column_3 killed"),
        # A blank group member stays open.
        ("a,b,Killed,,\n,,Police,,Army\n2024-03-04,Bannu,1,2,3\n", "a b Killed column_4 column_5"),
    ],
)
def test_rows_that_only_look_like_two_rows_of_names_are_not_joined(table, content, columns):
    assert table(content).columns == tuple(name.replace("_", " ") for name in columns.split())


# --- files as people have them ---------------------------------------------------------------------------------------


@pytest.mark.skipif(not SHARED.exists(), reason="the files of cases are not beside the project")
@pytest.mark.parametrize(
    ("file", "n_rows", "first"),
    [
        ("index.csv", 2, "column 1"),
        ("drone_like.csv", 2, "column 1"),
        ("gtd_subset.csv", 3, "column 1"),
        ("dupcols.csv", 1, "date"),
    ],
)
def test_files_of_cases_have_a_header(table, file, n_rows, first):
    found = table((SHARED / "cases" / file).read_bytes())
    assert (len(found), found.columns[0], found.malformed) == (n_rows, first, ())


@pytest.mark.skipif(not SHARED.exists(), reason="the files of cases are not beside the project")
def test_merged_groups_of_a_workbook_are_joined_and_proposed(table):
    found = table((SHARED / "cases" / "25-two-row-header.xlsx").read_bytes())
    assert found.columns[2:] == tuple(
        f"{toll}: {who}" for toll in ("Killed", "Injured") for who in ("Police", "Army", "Civilian")
    )
    proposals = {one.field: one.column for one in preview_table(found).proposals}
    assert (proposals["date"], proposals["killed_police"]) == ("Date", "Killed: Police")


@pytest.mark.skipif(not SHARED.exists(), reason="the files of cases are not beside the project")
def test_an_acled_file_written_by_r_is_acled_with_all_rows(read):
    result = read((SHARED / "cases" / "14-R-row-names.csv").read_bytes())
    assert (result.format, result.n_accepted + result.n_refused) == ("acled", 9)
    assert ProblemCode.COLUMNS.value not in result.problems_by_code
