"""Workbooks of other kinds than .xlsx: .xls and .ods are tables like any other, within the same limits."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from geo.problems import ProblemCode
from tests.unguarded import note_words

XLS = Path(__file__).parent / "workbooks" / "excel97.xls"
SPREADSHEET = "application/vnd.oasis.opendocument.spreadsheet"
NAMESPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
)


def text_cell(words: str) -> str:
    return f'<table:table-cell office:value-type="string"><text:p>{words}</text:p></table:table-cell>'


def number(value: float) -> str:
    return f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>x</text:p></table:table-cell>'


DAY = '<table:table-cell office:value-type="date" office:date-value="2024-03-04"/>'
ERROR = (
    '<table:table-cell xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0" '
    'table:formula="of:=1/0" office:value-type="string" office:string-value="" calcext:value-type="error">'
    "<text:p>#DIV/0!</text:p></table:table-cell>"
)
# What LibreOffice writes behind the cells and rows that are used.
REST = '<table:table-cell table:number-columns-repeated="16380"/>'
REST_OF_ROWS = f'<table:table-row table:number-rows-repeated="1048570">{REST}</table:table-row>'


def ods(
    *rows: list[str], declaration: str = "", mimetype: str = SPREADSHEET, manifest: str = "", rest: str = ""
) -> bytes:
    lines = "".join(f"<table:table-row>{''.join(row)}{REST}</table:table-row>" for row in rows)
    content = (
        f'<?xml version="1.0"?>{declaration}<office:document-content {NAMESPACES}><office:body><office:spreadsheet>'
        f'<table:table table:name="Data">{lines}{rest or REST_OF_ROWS}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("mimetype", mimetype)
        archive.writestr("content.xml", content, zipfile.ZIP_DEFLATED)
        archive.writestr("META-INF/manifest.xml", f"<manifest>{manifest}</manifest>")
    return packed.getvalue()


HEADER = [text_cell(name) for name in ("date", "district", "killed_total")]
TABLE = (HEADER, [DAY, text_cell("Bannu"), number(2)], [text_cell("2024-03-05"), text_cell("Tank"), number(0)])


def test_an_old_excel_workbook_is_a_table(read):
    result = read(XLS.read_bytes(), "upload.csv")
    assert (result.format, result.n_accepted, result.n_refused) == ("template", 3, 0)
    assert result.rows["source_row"].to_pylist() == [3, 4, 5]
    assert result.rows["killed_best"].to_pylist() == [2, 0, None]
    assert result.rows["lat"].to_pylist() == [32.98, 32.2, None]
    assert [row["notes"] for row in result.rows["raw"].to_pylist()] == ["café", "بم", ""]
    words = " ".join(note_words(result))
    assert all(part in words for part in (".xls", "hidden sheets: Old", "row 2"))


def test_an_old_excel_workbook_in_an_archive_or_with_a_chosen_sheet(read, refusal):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(XLS, "incidents.xls")
    assert read(packed.getvalue()).n_accepted == 3
    assert refusal(XLS.read_bytes(), sheet="Nowhere").problems[0].code is ProblemCode.SHEET


@pytest.mark.parametrize("end", [600, 2000, 5000])
def test_a_cut_off_old_excel_workbook_is_damaged_not_a_crash(refusal, end):
    problem = refusal(XLS.read_bytes()[:end]).problems[0]
    assert problem.code in (ProblemCode.DAMAGED_WORKBOOK, ProblemCode.TYPE_NOT_ACCEPTED)


@pytest.mark.parametrize("part", ["EncryptedPackage", "WordDocument"])
def test_other_files_of_old_office_are_named(refusal, part):
    content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + part.encode("utf-16-le")
    problem = refusal(content).problems[0]
    assert problem.code is ProblemCode.TYPE_NOT_ACCEPTED
    assert ("password" in str(problem.message)) == (part == "EncryptedPackage")


def test_an_opendocument_spreadsheet_is_a_table(read):
    result = read(ods(*TABLE))
    assert (result.format, result.n_accepted, result.n_refused) == ("template", 2, 0)
    assert result.rows["date_start"].to_pylist()[0].isoformat() == "2024-03-04"
    assert result.rows["killed_best"].to_pylist() == [2, 0]
    assert any(".ods" in words for words in note_words(result))


def test_cells_with_an_error_are_counted(read):
    result = read(ods(*TABLE, [DAY, text_cell("Swat"), ERROR]))
    assert result.n_refused in (0, 1)
    assert any("1 cell of the workbook holds an error" in words for words in note_words(result))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"mimetype": "application/vnd.oasis.opendocument.text"}, ProblemCode.TYPE_NOT_ACCEPTED),
        ({"manifest": "<manifest:encryption-data/>"}, ProblemCode.TYPE_NOT_ACCEPTED),
        ({"declaration": '<!DOCTYPE x [<!ENTITY a "b">]>'}, ProblemCode.UNSAFE_XML),
        ({"rest": "<table:broken"}, ProblemCode.DAMAGED_WORKBOOK),
    ],
)
def test_what_is_no_readable_opendocument_spreadsheet_says_so(refusal, changes, code):
    assert refusal(ods(*TABLE, **changes)).problems[0].code is code


def test_a_packed_opendocument_spreadsheet_is_read(read):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("incidents.ods", ods(*TABLE))
    assert read(packed.getvalue()).n_accepted == 2


def test_a_text_below_the_table_is_no_data(read):
    found = read(ods(*TABLE, [], [text_cell("Source: PIPS, 2024")]), "below.ods")
    assert (found.n_accepted, found.n_refused) == (2, 0)
    assert "1 row above or below the data holds a remark" in " ".join(note_words(found))
