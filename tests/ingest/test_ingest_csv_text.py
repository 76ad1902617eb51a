"""Delimited text: no cell ever moves to another column, no row is lost, no character is guessed."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.ingest.containers import csv_arrow, csv_text
from geo.problems import ProblemCode
from tests.unguarded import note_words

HEADER = "date,district,latitude,longitude,notes\n"
ROW = "2024-03-04,Bannu,32.9,70.6,{}\n"


def cells_of(result) -> list[dict[str, str]]:
    return result.rows["raw"].to_pylist()


def only_problem(result):
    assert result.n_problems == 1
    return result.problems[0]


@pytest.mark.case(1)
@pytest.mark.parametrize(
    ("text", "word"), [("", "empty"), (" \n\n", "empty"), (HEADER, "no rows"), ("\ufeff", "empty")]
)
def test_a_file_without_rows_says_so(refusal, text, word):
    problem = refusal(text).problems[0]
    assert problem.code is ProblemCode.EMPTY
    assert word in str(problem.message)


@pytest.mark.case(11)
def test_a_trailing_comma_on_every_row_moves_nothing(read):
    result = read(HEADER + "2024-03-04,Bannu,32.9,70.6,x,\n" * 3)
    assert result.rows["lat"].to_pylist() == [32.9] * 3
    assert result.n_refused == 0


@pytest.mark.case(11)
def test_a_trailing_cell_that_is_filled_refuses_the_row(read):
    result = read(HEADER + ROW.format("a") + "2024-03-04,Bannu,32.9,70.6,x,extra\n")
    problem = only_problem(result)
    assert (problem.code, problem.row) == (ProblemCode.ROW_LENGTH, 3)
    assert result.refused_rows["further_cells"].to_pylist() == ["extra"]


@pytest.mark.case(12)
def test_a_leading_extra_cell_refuses_every_row_and_names_the_first(read):
    result = read(HEADER + "0,2024-03-04,Bannu,32.9,70.6,x\n" * 4)
    assert (result.n_accepted, result.n_refused) == (0, 4)
    assert result.problems[0].row == 2


@pytest.mark.case(13)
def test_a_short_row_is_refused(read):
    result = read(HEADER + ROW.format("a") + "2024-03-04,Bannu,32.9\n")
    assert (only_problem(result).code, only_problem(result).row) == (ProblemCode.ROW_LENGTH, 3)


@pytest.mark.case(16)
def test_unquoted_decimal_commas_break_the_row(read):
    result = read(HEADER + "2024-03-04,Bannu,32,9,70,6,x\n")
    assert only_problem(result).code is ProblemCode.ROW_LENGTH


@pytest.mark.case(14)
@pytest.mark.parametrize("rest", ["", ROW.format("c") * 3, ROW.format('"quoted"') * 3])
def test_an_open_quotation_mark_names_the_row_where_it_opens(refusal, rest):
    problem = refusal(HEADER + ROW.format("a") + ROW.format('"b') + rest).problems[0]
    assert (problem.code, problem.row) == (ProblemCode.QUOTE, 3)


def test_a_quotation_mark_inside_a_cell_is_text(read):
    result = read(HEADER + ROW.format('a 5" gun') + ROW.format("b"))
    assert [row["notes"] for row in cells_of(result)] == ['a 5" gun', "b"]


@pytest.mark.case(10)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_gives_the_same_rows(read, end):
    result = read((HEADER + ROW.format('"a\nb"') + ROW.format("c")).replace("\n", end))
    assert result.rows["source_row"].to_pylist() == [2, 3]
    assert cells_of(result)[0]["notes"] == f"a{end}b"


@pytest.mark.case(10)
def test_blank_rows_are_passed_over_and_row_numbers_stay_right(read):
    result = read(HEADER + "\n" + ROW.format("a") + ",,,,\n\n" + ROW.format("b") + "\n\n")
    assert result.rows["source_row"].to_pylist() == [3, 6]
    assert any("blank row" in note for note in note_words(result))


@pytest.mark.case(16)
@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_other_separators_are_found_and_said(read, delimiter):
    result = read((HEADER + ROW.format("a")).replace(",", delimiter))
    assert result.rows["lon"].to_pylist() == [70.6]
    assert any(str(csv_text.DELIMITERS[delimiter]) in note for note in note_words(result))


@pytest.mark.case(17)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_encodings_are_read_as_they_are(read, encoding):
    content = (HEADER + ROW.format("بنوں میں دھماکہ")).encode(encoding)
    assert cells_of(read(content))[0]["notes"] == "بنوں میں دھماکہ"


@pytest.mark.case(17)
@pytest.mark.parametrize(("encoding", "text"), [("cp1252", "Muñoz “quoted”"), ("cp1256", "بم دھماکا")])
def test_an_older_encoding_is_asked_and_then_read_exactly(read, refusal, encoding, text):
    content = (HEADER + ROW.format("plain") + ROW.format(text)).encode(encoding)
    problem = refusal(content).problems[0]
    assert (problem.code, problem.row) == (ProblemCode.ENCODING, 3)
    assert "byte" in str(problem.message)
    assert "cp1252" in str(problem.hint)
    assert "cp1256" in str(problem.hint)
    assert cells_of(read(content, encoding=encoding))[1]["notes"] == text


def test_an_answer_about_the_encoding_does_not_garble_utf_8(read):
    assert cells_of(read(HEADER + ROW.format("بنوں"), encoding="cp1252"))[0]["notes"] == "بنوں"


@pytest.mark.case(19)
def test_a_lone_surrogate_is_not_text(refusal):
    content = (HEADER + ROW.format("\ud800")).encode("utf-8", "surrogatepass")
    assert refusal(content).problems[0].code is ProblemCode.ENCODING


@pytest.mark.case(18)
@pytest.mark.parametrize("name", ["بنوں", "بنّو", "\u200fبنوں\u200e", "می\u200cران"])
def test_joiners_and_direction_marks_are_kept_as_given(read, name):
    assert read(HEADER + ROW.replace("Bannu", name).format("a")).rows["district_reported"].to_pylist() == [name]


@pytest.mark.case(8)
def test_a_file_cut_off_in_a_row_names_the_last_whole_row(read):
    problem = only_problem(read(HEADER + ROW.format("a") + "2024-03-04,Ban"))
    assert (problem.code, problem.row) == (ProblemCode.TRUNCATED, 3)
    assert "last whole row is 2" in str(problem.message)


@pytest.mark.case(8)
@pytest.mark.parametrize(
    "content",
    [
        (HEADER + ROW.format("a")).encode() + "2024-03-04,بنو".encode()[:-1],
        (HEADER + ROW.format('"a\nb')).encode()[:-1],
    ],
)
def test_a_file_cut_off_in_a_character_or_quotation_is_truncated(refusal, content):
    assert refusal(content).problems[0].code is ProblemCode.TRUNCATED


@pytest.mark.case(15)
def test_a_table_of_no_known_format_shows_its_columns(refusal):
    problem = refusal("when,who\n2024,x\n").problems[0]
    assert problem.code is ProblemCode.COLUMNS
    assert "when, who" in str(problem.message)


def test_title_rows_above_the_header_are_passed_over_and_said(read):
    result = read("Incidents of 2024,,,,\n,,,,\n" + HEADER + ROW.format("a"))
    assert result.rows["source_row"].to_pylist() == [4]
    assert any("row 3" in note for note in note_words(result))


@pytest.mark.case(2)
@pytest.mark.parametrize(
    ("limit", "content", "code"),
    [
        ("rows", HEADER + ROW.format("a") * 4, ProblemCode.TOO_LARGE),
        ("rows", HEADER + ROW.format('a"b') * 4, ProblemCode.TOO_LARGE),
        ("columns", HEADER + ROW.format("a"), ProblemCode.TOO_MANY_COLUMNS),
    ],
)
def test_limits_of_rows_and_columns_hold(refusal, limit, content, code):
    assert refusal(content, **{f"limit_{limit}": 3}).problems[0].code is code


@pytest.mark.case(2)
def test_a_long_text_in_an_optional_column_is_kept_and_counted(read):
    result = read(HEADER + ROW.format("é" * 60) + ROW.format("é" * 61), limit_cell_chars=60)
    assert (result.n_accepted, result.n_refused) == (2, 0)
    assert [len(cells["notes"]) for cells in cells_of(result)] == [60, 61]
    assert any("1 row has more than 60 characters in “notes”" in note for note in note_words(result))


@pytest.mark.case(2)
def test_an_identifier_longer_than_any_name_refuses_its_row(read):
    rows = "id," + HEADER + "a" * 61 + "," + ROW.format("one") + "b," + ROW.format("two")
    result = read(rows, limit_cell_chars=60)
    assert (only_problem(result).code, only_problem(result).row) == (ProblemCode.TOO_LARGE, 2)


def test_a_corrected_file_of_refused_rows_can_be_read_again(read):
    refused = read(HEADER + ROW.format("a").replace("2024", "1024")).refused_rows
    text = io.StringIO()
    writer = csv.DictWriter(text, refused.column_names)
    writer.writeheader()
    writer.writerows(refused.to_pylist())
    again = read(text.getvalue().replace("1024-", "2024-"))
    assert (again.n_accepted, again.n_refused) == (1, 0)
    assert "refused_because" not in cells_of(again)[0]


CELL = st.text(st.sampled_from('ab,;"\n\r\t ۳é'), max_size=6)


@pytest.mark.case(45)
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    rows=st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=6), end=st.sampled_from(["\n", "\r\n"])
)
def test_any_written_table_comes_back_cell_by_cell(read, rows, end):
    text = io.StringIO()
    writer = csv.writer(text, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerow(["date", "district", "notes", "place"])
    writer.writerows([["2024-03-04", *row] for row in rows])
    result = read(text.getvalue())
    refused = result.refused_rows.select(["district", "notes", "place"]).to_pylist() if result.n_refused else []
    accepted = [{key: row[key] for key in ("district", "notes", "place")} for row in cells_of(result)]
    assert sorted(map(repr, accepted + refused)) == sorted(
        repr(dict(zip(("district", "notes", "place"), row, strict=True))) for row in rows
    )


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(body=st.text(st.sampled_from('ab,"\n\r '), max_size=24))
def test_the_fast_parser_is_used_only_where_the_csv_module_agrees(tmp_path, limits, body):
    from geo.ingest.results import ReadOptions
    from geo.problems import RejectedUpload

    path = tmp_path / "text"
    path.write_bytes(("date,district\n" + body).encode())
    options = ReadOptions(header_row=1)

    def outcome():
        try:
            table = csv_text.read_text(path, tmp_path, "f", options, limits, lambda share: None)
        except RejectedUpload as refused:
            return refused.problems[0].code, refused.problems[0].row
        return table.rows.tolist(), table.cells.to_pydict(), table.malformed

    quick = outcome()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_text, "parsed_fast", lambda *arguments: None)
        exact = outcome()
    assert quick == exact
    with pytest.MonkeyPatch.context() as patch:
        for name in ("_SAMPLE_ROWS", "_MOST_DIFFERENT"):
            patch.setattr(csv_arrow, name, 1)
        patch.setattr(csv_arrow, "_SAMPLED_FROM", 0)
        encoded = outcome()
    assert encoded == exact
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_arrow, "_BLOCK_BYTES", 1)  # a few records in each
        in_blocks = outcome()
    assert in_blocks == exact
