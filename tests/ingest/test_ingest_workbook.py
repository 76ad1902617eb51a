"""Workbooks: bombs are refused before a library opens them, cells are never dropped or guessed."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime

import openpyxl
import pytest

from geo.ingest.notes import NoteKind
from geo.ingest.questions import open_question, question_for
from geo.problems import ProblemCode
from tests.unguarded import note_words

Change = Callable[[dict[str, bytes]], None]


def workbook(fill: Callable[[openpyxl.Workbook], None]) -> bytes:
    book = openpyxl.Workbook()
    fill(book)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def simple(book: openpyxl.Workbook) -> None:
    sheet = book.active
    sheet.append(["date", "district", "killed_total"])
    sheet.append([date(2024, 3, 4), "Bannu", 3])
    sheet.append([datetime(2024, 3, 5, 14, 30), "Tank", None])


def rezipped(content: bytes, change: Change) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def with_cells(xml: bytes) -> bytes:
    """A simple workbook with these cells as a fourth row."""

    def change(parts: dict[str, bytes]) -> None:
        sheet = parts["xl/worksheets/sheet1.xml"]
        parts["xl/worksheets/sheet1.xml"] = sheet.replace(b"</sheetData>", xml + b"</sheetData>")

    return rezipped(workbook(simple), change)


@pytest.mark.case(26)
def test_typed_cells_are_read_as_days_and_numbers(read):
    result = read(workbook(simple))
    assert result.rows["date_start"].to_pylist() == [date(2024, 3, 4), date(2024, 3, 5)]
    assert result.rows["killed_best"].to_pylist() == [3, None]
    assert result.rows["source_row"].to_pylist() == [2, 3]


@pytest.mark.case(26)
def test_the_1904_date_system_gives_the_same_day(read):
    def fill(book: openpyxl.Workbook) -> None:
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
        simple(book)

    assert read(workbook(fill)).rows["date_start"].to_pylist()[0] == date(2024, 3, 4)


@pytest.mark.case(26)
def test_a_day_number_without_a_date_format_is_read_and_said(read):
    def fill(book: openpyxl.Workbook) -> None:
        simple(book)
        book.active.append([45355, "Kohat", 1])

    result = read(workbook(fill))
    assert result.rows["date_start"].to_pylist()[2] == date(2024, 3, 4)
    assert any("1 row has a spreadsheet's day number" in note for note in note_words(result))


@pytest.mark.case(26)
def test_a_number_that_is_no_day_is_refused_with_a_hint(read):
    def fill(book: openpyxl.Workbook) -> None:
        simple(book)
        book.active.append([99999, "Kohat", 1])

    problem = read(workbook(fill)).problems[0]
    assert (problem.code, problem.row, problem.value) == (ProblemCode.DATE, 4, "99999")
    assert "day number" in str(problem.hint)


@pytest.mark.case(27, 43)
def test_identifiers_keep_leading_zeros_and_long_digits(read):
    def fill(book: openpyxl.Workbook) -> None:
        book.active.append(["incident_id", "date", "district"])
        book.active.append(["00123", "2024-03-04", "Bannu"])
        book.active.append([202401150007, "2024-03-04", "Bannu"])

    assert read(workbook(fill)).rows["source_event_id"].to_pylist() == ["00123", "202401150007"]


@pytest.mark.case(24)
def test_every_row_with_a_formula_without_a_value_is_counted_however_many_there_are(read):
    def fill(book: openpyxl.Workbook) -> None:
        book.active.append(["date", "district", "killed_total", "killed_police", "killed_civilian", "injured_total"])
        for _ in range(8000):
            book.active.append(["2024-03-04", "Bannu", *["=1"] * 4])
        book.active.append(["2024-03-04", "Bannu", 3])

    result = read(workbook(fill))
    assert (result.n_accepted, result.n_refused) == (8001, 0)
    [note] = [one for one in result.notes if one.kind is NoteKind.FORMULAS_WITHOUT_VALUE]
    assert (note.n_rows, note.first_row) == (8000, 2)
    assert not any("stored values were used" in note for note in note_words(result))


@pytest.mark.case(24)
def test_a_formula_with_a_stored_value_is_used_and_counted(read):
    content = with_cells(
        b'<row r="4"><c r="A4" t="str"><f>B1</f><v>2024-03-06</v></c><c r="B4" t="str"><v>Kohat</v></c></row>'
    )
    result = read(content)
    assert result.rows["district_reported"].to_pylist() == ["Bannu", "Tank", "Kohat"]
    assert any("stored value of 1 formula" in note for note in note_words(result))


@pytest.mark.case(24)
@pytest.mark.parametrize(
    "cell", [b'<c r="A4"><f>1+1</f></c>', b'<c r="A4"><f>1+1</f><v/></c>', b'<c r="A4"><f t="shared" si="0"/></c>']
)
def test_a_formula_without_a_value_in_place_of_the_date_refuses_the_row_by_address(read, cell):
    result = read(with_cells(b'<row r="4">' + cell + b'<c r="B4" t="str"><v>Kohat</v></c></row>'))
    assert (result.n_accepted, result.n_refused) == (2, 1)
    assert (result.problems[0].code, result.problems[0].row) == (ProblemCode.FORMULA_WITHOUT_VALUE, 4)
    assert "A4" in str(result.problems[0].message)


@pytest.mark.case(27)
@pytest.mark.parametrize("cell", [b'<c r="C4" t="e"><v>#REF!</v></c>', b'<c t="e" r="C4"><f>1/0</f><v>#DIV/0!</v></c>'])
def test_an_error_in_a_cell_that_may_be_blank_is_read_as_blank_and_said(read, cell):
    row = b'<row r="4"><c r="A4" t="str"><v>2024-03-06</v></c><c r="B4" t="str"><v>Kohat</v></c>' + cell + b"</row>"
    result = read(with_cells(row))
    assert (result.n_accepted, result.n_refused) == (3, 0)
    assert result.rows["killed_best"].to_pylist()[2] is None
    [note] = [one for one in result.notes if one.kind is NoteKind.ERROR_CELLS]
    assert (note.n_rows, note.first_row) == (1, 4)


@pytest.mark.case(27)
def test_an_error_in_place_of_the_date_refuses_the_row(read):
    row = b'<row r="4"><c r="A4" t="e"><v>#N/A</v></c><c r="B4" t="str"><v>Kohat</v></c></row>'
    result = read(with_cells(row))
    assert (result.n_accepted, [one.code for one in result.problems]) == (2, [ProblemCode.MISSING])


@pytest.mark.case(25)
def test_title_rows_and_other_sheets_are_passed_over_and_hidden_things_said(read):
    def fill(book: openpyxl.Workbook) -> None:
        simple(book)
        book.active.insert_rows(1, 2)
        book.active["A1"] = "Incidents, second half"
        book.active.row_dimensions[5].hidden = True
        notes = book.create_sheet("licence", 0)
        notes["A1"] = "This is the licence."
        book.create_sheet("secret").sheet_state = "hidden"

    result = read(workbook(fill))
    assert result.rows["source_row"].to_pylist() == [4, 5]
    said = " ".join(note_words(result))
    assert "row 3" in said
    assert "secret" in said
    assert "1 hidden row was read" in said


@pytest.mark.case(25)
def test_two_sheets_of_known_format_are_asked_and_the_answer_holds(read, refusal):
    def fill(book: openpyxl.Workbook) -> None:
        simple(book)
        second = book.create_sheet("Second")
        second.append(["date", "district"])
        second.append(["2024-04-01", "Swat"])

    problem = refusal(workbook(fill)).problems[0]
    assert problem.code is ProblemCode.SHEET
    assert "Sheet, Second" in str(problem.message)
    assert list(question_for(problem).choices) == ["Sheet", "Second"]
    assert read(workbook(fill), sheet="Second").rows["district_reported"].to_pylist() == ["Swat"]
    assert refusal(workbook(fill), sheet="Third").problems[0].code is ProblemCode.SHEET


def cover_and(*names: str):
    def fill(book: openpyxl.Workbook) -> None:
        book.active.title = "Read me"
        book.active.append(["Incidents of the province"])
        book.active.append([])
        book.active.append(["Prepared by the safety desk"])
        sheet = book.create_sheet("Data")
        sheet.append(names)
        sheet.append(["2024-03-04", "Bannu", 2])
        sheet.append(["2024-03-05", "Tank", 1])

    return workbook(fill)


def test_a_cover_sheet_is_passed_over_and_said(read):
    result = read(cover_and("Date", "District", "Persons dead"))
    assert (result.format, result.n_accepted) == ("plain", 2)
    [note] = [one for one in result.notes if one.kind is NoteKind.SHEET_READ]
    assert note.values == {"sheet": "Data", "others": "Read me"}


def two_tables(book: openpyxl.Workbook) -> None:
    simple(book)
    for name, names in (("Old, 1_2_3", ["Zeit", "Ort", "Zahl"]), ("Codes", ["Code", "Meaning"])):
        book.create_sheet(name).append(names)
        book[name].append(["x"] * len(names))


def test_another_table_of_the_workbook_is_named_and_offered(read):
    found = read(workbook(two_tables))
    [note] = [one for one in found.notes if one.kind is NoteKind.SHEET_READ]
    question = open_question(note)
    assert (question.option, list(question.choices), question.is_open) == ("sheet", ["Old, 1_2_3"], False)


def test_a_cover_sheet_is_not_offered(read):
    result = read(cover_and("Date", "District", "Persons dead"))
    assert [open_question(note) for note in result.notes if note.kind is NoteKind.SHEET_READ] == [None]


def test_two_sheets_whose_names_say_what_they_hold_are_asked(refusal):
    def fill(book: openpyxl.Workbook) -> None:
        book.active.append(["date", "district"])
        book.active.append(["2023-03-04", "Bannu"])
        sheet = book.create_sheet("2024")
        sheet.append(["Date", "Distt", "Dead", "Kind"])
        sheet.append(["2024-03-04", "Bannu", 2, "IED"])

    assert [one.code for one in refusal(workbook(fill)).problems] == [ProblemCode.SHEET]


def test_a_sheet_of_one_column_is_no_table(refusal):
    """The other is taken, though only a person can say what its columns hold."""
    [problem] = refusal(cover_and("Zeit", "Ort", "Zahl")).problems
    assert (problem.code, problem.sheet) == (ProblemCode.COLUMNS, "Data")


def test_a_legend_beside_a_plain_table_is_passed_over(read):
    def fill(book: openpyxl.Workbook) -> None:
        book.active.append(["Code", "Meaning"])
        book.active.append(["IED", "a bomb"])
        sheet = book.create_sheet("2024")
        sheet.append(["Title"])
        sheet.append(["Date", "Distt", "Dead", "Kind"])
        sheet.append(["2024-03-04", "Bannu", 2, "IED"])

    assert read(workbook(fill)).n_accepted == 1


def test_the_question_for_a_sheet_says_which_are_hidden(refusal):
    def fill(book: openpyxl.Workbook) -> None:
        simple(book)
        for name in ("Second", "Third"):
            sheet = book.create_sheet(name)
            sheet.append(["date", "district"])
            sheet.append(["2024-03-04", "Swat"])
        book["Second"].sheet_state = "hidden"

    for options in ({}, {"sheet": "Fourth"}):
        assert "Sheet, Second (hidden), Third." in str(refusal(workbook(fill), **options).problems[0].message)


@pytest.mark.case(25)
def test_a_chosen_header_row_is_used(read):
    def fill(book: openpyxl.Workbook) -> None:
        book.active.append(["date", "district"])
        book.active.append(["date", "place"])
        book.active.append(["2024-04-01", "Swat"])

    result = read(workbook(fill), header_row=2)
    assert result.rows["place"].to_pylist() == ["Swat"]


@pytest.mark.case(20)
def test_one_cell_at_the_far_end_is_refused_at_once(refusal):
    content = with_cells(b'<row r="20000"><c r="XFD20000"><v>1</v></c></row>')
    assert refusal(content).problems[0].code is ProblemCode.TOO_MANY_COLUMNS


@pytest.mark.parametrize("reference", [b'r="Bpoint2"', b"r='BPOINT2'", b'r = "bpoint2"'])
def test_a_reference_to_a_column_that_no_sheet_has_is_refused_before_it_is_read(refusal, reference):
    content = with_cells(b"<row r='4'><c " + reference + b' t="inlineStr"><is><t>x</t></is></c></row>')
    assert refusal(content).problems[0].code is ProblemCode.TOO_MANY_COLUMNS


@pytest.mark.case(21)
def test_a_workbook_that_unpacks_to_a_thousand_times_its_size_is_refused(refusal):
    row = b'<row r="4">' + b" " * 4_000 + b"</row>"
    assert refusal(with_cells(row * 5_000)).problems[0].code is ProblemCode.EXPANDS_TOO_MUCH


@pytest.mark.case(21)
def test_the_total_of_all_parts_is_limited(refusal):
    assert refusal(workbook(simple), limit_unpacked_mb=0).problems[0].code is ProblemCode.EXPANDS_TOO_MUCH


@pytest.mark.case(23)
@pytest.mark.parametrize(
    "part", ["xl/sharedStrings.xml", "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"]
)
@pytest.mark.parametrize(
    "declaration",
    [
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>',
        b'<!DOCTYPE x SYSTEM "file:///etc/passwd">',
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "http://127.0.0.1:9/">]>',
    ],
)
def test_document_types_and_entities_are_refused_unread(refusal, part, declaration):
    def change(parts: dict[str, bytes]) -> None:
        parts[part] = declaration + parts.get(part, b"<x/>")

    assert refusal(rezipped(workbook(simple), change)).problems[0].code is ProblemCode.UNSAFE_XML


@pytest.mark.case(23)
def test_xml_in_utf_16_cannot_hide_a_declaration(refusal):
    def change(parts: dict[str, bytes]) -> None:
        parts["xl/styles.xml"] = '<!DOCTYPE x [<!ENTITY a "a">]><x/>'.encode("utf-16")

    assert refusal(rezipped(workbook(simple), change)).problems[0].code is ProblemCode.UNSAFE_XML


@pytest.mark.case(23)
def test_a_declaration_behind_a_long_comment_is_found(refusal):
    def change(parts: dict[str, bytes]) -> None:
        filling = "".join(f"{number:x}" for number in range(400_000)).encode()
        parts["xl/styles.xml"] = b"<!--" + filling + b"--><!DOCTYPE x><x/>"

    assert refusal(rezipped(workbook(simple), change)).problems[0].code is ProblemCode.UNSAFE_XML


@pytest.mark.case(28)
def test_macros_are_refused_and_links_are_not_opened(read, refusal):
    def macros(parts: dict[str, bytes]) -> None:
        parts["xl/vbaProject.bin"] = b"\xd0\xcf\x11\xe0"

    def links(parts: dict[str, bytes]) -> None:
        parts["xl/externalLinks/externalLink1.xml"] = b'<externalLink target="http://127.0.0.1:9/"/>'

    assert refusal(rezipped(workbook(simple), macros)).problems[0].code is ProblemCode.TYPE_NOT_ACCEPTED
    assert any("not opened" in note for note in note_words(read(rezipped(workbook(simple), links))))


@pytest.mark.case(22)
def test_a_false_size_in_the_directory_is_damage(refusal):
    content = bytearray(workbook(simple))
    entry = content.rfind(b"PK\x01\x02")
    content[entry + 24 : entry + 28] = (7).to_bytes(4, "little")
    assert refusal(bytes(content)).problems[0].code is ProblemCode.DAMAGED_WORKBOOK


@pytest.mark.case(22)
def test_overlapping_repeated_encrypted_and_too_many_parts_are_damage(refusal):
    content = workbook(simple)
    entries = [match.start() for match in re.finditer(b"PK\x01\x02", content)]
    overlapping = bytearray(content)
    overlapping[entries[1] + 42 : entries[1] + 46] = content[entries[0] + 42 : entries[0] + 46]
    encrypted = bytearray(content)
    encrypted[entries[0] + 8] |= 1
    repeated = io.BytesIO(content)
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(repeated, "a") as archive:
        archive.writestr("xl/workbook.xml", b"<x/>")
    for damaged in (bytes(overlapping), bytes(encrypted), repeated.getvalue()):
        assert refusal(damaged).problems[0].code is ProblemCode.DAMAGED_WORKBOOK
    assert refusal(content, limit_members=3).problems[0].code is ProblemCode.DAMAGED_WORKBOOK


@pytest.mark.case(8)
def test_a_workbook_cut_off_in_the_middle_is_truncated(refusal):
    content = workbook(simple)
    assert refusal(content[: len(content) // 2]).problems[0].code is ProblemCode.TRUNCATED


def test_a_damaged_part_is_named_as_damage(refusal):
    content = bytearray(workbook(simple))
    start = content.find(b"xl/worksheets/sheet1.xml") + 40
    content[start : start + 40] = bytes(40)
    assert refusal(bytes(content)).problems[0].code is ProblemCode.DAMAGED_WORKBOOK


def test_a_workbook_without_its_list_of_sheets_is_damage(refusal):
    def change(parts: dict[str, bytes]) -> None:
        parts["xl/workbook.xml"] = b"<workbook"

    assert refusal(rezipped(workbook(simple), change)).problems[0].code is ProblemCode.DAMAGED_WORKBOOK


@pytest.mark.case(1)
def test_an_empty_workbook_says_so(refusal):
    assert refusal(workbook(lambda book: None)).problems[0].code is ProblemCode.EMPTY


def test_the_verbatim_row_holds_what_the_sheet_shows(read):
    raw = read(workbook(simple)).rows["raw"].to_pylist()[1]
    assert raw == {"date": "2024-03-05 14:30:00", "district": "Tank", "killed_total": ""}


def test_names_in_two_rows_below_a_title_are_joined_and_said(read):
    def fill(book: openpyxl.Workbook) -> None:
        book.active.append(["Incidents of 2024"])
        book.active.append(["No", "Date", "District", "Killed", None, "Injured", None])
        book.active.append([None, None, None, "Police", "Civilian", "Police", "Civilian"])
        book.active.append([1, date(2024, 3, 4), "Bannu", 2, 1, 3, 4])
        book.active.merge_cells("A1:G1")

    mapping = {"date": "Date", "district": "District", "killed_police": "Killed: Police"}
    result = read(workbook(fill), mapping=mapping | {"killed_civilian": "Killed: Civilian"})
    assert (result.rows["killed_police"].to_pylist(), result.rows["killed_civilian"].to_pylist()) == ([2], [1])
    assert list(result.rows["raw"][0].as_py())[3:] == [
        "Killed: Police",
        "Killed: Civilian",
        "Injured: Police",
        "Injured: Civilian",
    ]
    assert any("rows 2 and 3" in note and "Killed: Police" in note for note in note_words(result))


def test_a_merged_cell_counts_for_its_first_row_and_that_is_said(read):
    def fill(book: openpyxl.Workbook) -> None:
        simple(book)
        book.active["D1"] = "group"
        book.active["D2"] = "TTP"
        book.active.merge_cells("D2:D3")

    result = read(workbook(fill))
    assert result.rows["group_reported"].to_pylist() == ["TTP", None]
    assert any("merged, as in D2:D3" in note for note in note_words(result))


@pytest.mark.case(25)
def test_merged_titles_above_the_names_are_no_matter(read):
    def fill(book: openpyxl.Workbook) -> None:
        simple(book)
        book.active.insert_rows(1)
        book.active["A1"] = "Incidents"
        book.active.merge_cells("A1:C1")

    assert not any("merged" in note for note in note_words(read(workbook(fill))))


@pytest.mark.parametrize(
    ("left_as_text", "is_told"), [("13/03/2024", True), ("3/14/2024", True), ("05/03/2024", False)]
)
def test_dates_that_a_spreadsheet_program_may_have_exchanged_are_told(read, left_as_text, is_told):
    def fill(book: openpyxl.Workbook) -> None:
        book.active.append(["date", "district"])
        for cell in (date(2024, 4, 3), date(2024, 5, 7), date(2024, 6, 12), left_as_text):
            book.active.append([cell, "Bannu"])

    result = read(workbook(fill), date_order=None if is_told else "DMY")
    assert result.n_accepted == 4
    assert any("exchanged day and month" in note for note in note_words(result)) is is_told


def test_dates_of_late_days_show_that_nothing_was_exchanged(read):
    def fill(book: openpyxl.Workbook) -> None:
        book.active.append(["date", "district"])
        for cell in (date(2024, 4, 3), date(2024, 5, 7), date(2024, 6, 13), "13/03/2024"):
            book.active.append([cell, "Bannu"])

    assert not any("exchanged" in note for note in note_words(read(workbook(fill))))


@pytest.mark.parametrize("target", [b"../../etc/passwd", b"/xl/worksheets/sheet9.xml", b"https://example.org/x.xml"])
def test_a_sheet_whose_part_is_not_in_the_workbook_is_damage(refusal, target):
    def change(parts: dict[str, bytes]) -> None:
        name = "xl/_rels/workbook.xml.rels"
        parts[name] = parts[name].replace(b"/xl/worksheets/sheet1.xml", target)

    problem = refusal(rezipped(workbook(simple), change)).problems[0]
    assert (problem.code, problem.sheet) == (ProblemCode.DAMAGED_WORKBOOK, "Sheet")


def test_a_sheet_that_ends_in_the_middle_of_its_cells_loses_no_row_in_silence(refusal):
    def change(parts: dict[str, bytes]) -> None:
        name = "xl/worksheets/sheet1.xml"
        parts[name] = parts[name][: parts[name].index(b"Tank")]

    assert refusal(rezipped(workbook(simple), change)).problems[0].code is ProblemCode.DAMAGED_WORKBOOK
