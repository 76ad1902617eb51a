"""Characters and bytes that are not text: the row is read, a mark shows where they were, a note says so."""

from __future__ import annotations

import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from geo.ingest.notes import NoteKind
from geo.problems import ProblemCode
from tests.conftest import SHARED
from tests.unguarded import note_words

HEADER = "incident_id,date,district,latitude,longitude,killed_total,notes\n"
PLAIN = "X1,2024-03-04,Bannu,32.9,70.6,2,plain\n"


def cells(result, name: str = "notes") -> list[str]:
    return [row[name] for row in result.rows["raw"].to_pylist()]


def note(result, kind: NoteKind):
    return next((one.n_rows, one.first_row) for one in result.notes if one.kind is kind)


@pytest.mark.case(19)
@pytest.mark.parametrize(
    ("character", "mark"), [("\x00", "␀"), ("\x0b", "␋"), ("\x1b", "␛"), ("\x7f", "␡"), ("\x81", "�"), ("\x9d", "�")]
)
def test_a_control_character_in_a_text_is_shown_as_a_mark(read, character, mark):
    result = read(HEADER + PLAIN + PLAIN.replace("X1", "X2").replace("plain", f"a{character}b"))
    assert (result.n_refused, cells(result)) == (0, ["plain", f"a{mark}b"])
    assert note(result, NoteKind.CHARACTERS_MARKED) == (1, 3)
    assert any("not text" in words and "row 3" in words for words in note_words(result))


@pytest.mark.case(19)
@pytest.mark.parametrize(
    ("column", "code"),
    [
        ("X2", ProblemCode.CONTROL_CHARACTER),
        ("2024-03-04", ProblemCode.DATE),
        ("Bannu", ProblemCode.CONTROL_CHARACTER),
        ("32.9", ProblemCode.NUMBER),
    ],
)
@pytest.mark.parametrize("character", ["\x00", "\x1b"])
def test_a_row_is_refused_only_if_what_identifies_or_places_it_is_damaged(read, column, code, character):
    row = PLAIN.replace("X1", "X2")
    damaged = column[:-1] + character + column[-1:]
    result = read(HEADER + PLAIN + row.replace(column, damaged))
    assert (result.n_accepted, result.n_refused) == (1, 1)
    assert [(problem.code, problem.row) for problem in result.problems] == [(code, 3)]
    # The note counts accepted rows, and this row is not one of them.
    assert NoteKind.CHARACTERS_MARKED not in {one.kind for one in result.notes}


def test_marks_that_a_file_brings_are_text(read):
    result = read(HEADER + PLAIN.replace("X1", "X�1").replace("Bannu", "Ban�nu"))
    assert (result.n_accepted, result.rows["source_event_id"].to_pylist()) == (1, ["X�1"])


@pytest.mark.parametrize(
    ("character", "meant"), [("\x91", "‘"), ("\x92", "’"), ("\x93", "“"), ("\x94", "”"), ("\x96", "–")]
)
def test_invisible_quotation_marks_are_what_windows_means(read, character, meant):
    result = read(HEADER + PLAIN.replace("plain", f"Officer{character}s Colony"))
    assert (result.n_refused, cells(result)) == (0, [f"Officer{meant}s Colony"])
    assert note(result, NoteKind.WINDOWS_CHARACTERS) == (1, 2)
    assert NoteKind.CHARACTERS_MARKED not in {one.kind for one in result.notes}


@pytest.mark.parametrize(("character", "mark"), [("\x00", "␀"), ("\x1b", "␛"), ("\x92", "’")])
def test_parquet_is_marked_like_text(read, character, mark):
    content = io.BytesIO()
    columns = {
        "date": ["2024-03-04"] * 3,
        "district": ["Bannu", "ں é", f"B{character}"],
        "notes": ["a", f"b{character}", "c"],
    }
    pq.write_table(pa.table(columns), content)
    result = read(content.getvalue())
    assert cells(result)[:2] == ["a", f"b{mark}"]
    assert [(problem.code, problem.row) for problem in result.problems] == (
        [] if mark == "’" else [(ProblemCode.CONTROL_CHARACTER, 4)]
    )


def test_marks_in_names_are_said(read):
    result = read("date,district,no\x00tes\n2024-03-04,Bannu,a\n", mapping={"date": "date", "district": "district"})
    assert list(result.rows["raw"][0].as_py()) == ["date", "district", "no␀tes"]
    assert any("names" in words and "no␀tes" in words for words in note_words(result))


# --- bytes that the encoding does not know ---------------------------------------------------------------------------

MIXED = (HEADER + PLAIN).encode() + b"X2,2024-03-05,Tank,32.2,70.4,1,Town\x92s gate \xe2\x80\x9cMain\xe2\x80\x9d\n"


@pytest.mark.case(17)
def test_a_few_wrong_bytes_among_utf_8_are_marked(read):
    result = read(MIXED)
    assert (result.n_refused, cells(result)[1]) == (0, "Town�s gate “Main”")
    assert note(result, NoteKind.CHARACTERS_MARKED) == (1, 3)
    assert any("UTF-8" in words for words in note_words(result))


@pytest.mark.parametrize("byte", [b"\x81", b"\x8d", b"\x8f", b"\x90", b"\x9d"])
def test_a_byte_that_the_stated_encoding_does_not_know_is_marked(read, byte):
    result = read((HEADER + PLAIN).encode().replace(b"plain", b"caf\xe9 " + byte), encoding="cp1252")
    assert cells(result) == ["café �"]
    assert note(result, NoteKind.CHARACTERS_MARKED) == (1, 2)


@pytest.mark.case(17)
@pytest.mark.parametrize(
    ("encoding", "word"), [("cp1252", "Muñoz"), ("cp1256", "ظلم"), ("cp1256", "اپنا گاؤں ہے"), ("cp1256", "چپ رہو")]
)
def test_a_file_in_an_older_encoding_is_still_a_question(refusal, encoding, word):
    content = (HEADER + PLAIN.replace("plain", word) * 3).encode(encoding, "replace")
    assert refusal(content).problems[0].code is ProblemCode.ENCODING


def test_a_cut_off_file_stays_cut_off(refusal):
    assert refusal(MIXED + "X3,2024-03-05,بنو".encode()[:-1]).problems[0].code is ProblemCode.TRUNCATED
    assert refusal((HEADER + PLAIN).encode("utf-16")[:-1]).problems[0].code is ProblemCode.TRUNCATED


def test_half_a_pair_in_utf_16_is_marked(read):
    content = (HEADER + PLAIN.replace("plain", "a\ud800b")).encode("utf-16", "surrogatepass")
    assert cells(read(content)) == ["a�b"]


@pytest.mark.skipif(not SHARED.exists(), reason="the files of cases are not beside the project")
@pytest.mark.parametrize(
    ("file", "options", "place"),
    [
        ("15-undefined-byte-cp1252.csv", {}, ["Town�s gate", "“Main” bazaar"]),
        ("15-undefined-byte-cp1252.csv", {"encoding": "cp1252"}, ["Town’s gate", "â€œMainâ€� bazaar"]),
        ("17-c1-quote-character.csv", {}, ["Officer’s Colony", "Main bazaar"]),
    ],
)
def test_files_of_cases_are_read(read, file, options, place):
    result = read((SHARED / "cases" / file).read_bytes(), **options)
    assert (result.n_refused, cells(result, "place")) == (0, place)


@pytest.mark.skipif(not SHARED.exists(), reason="the files of cases are not beside the project")
def test_a_stray_tab_of_the_case_is_seen(read):
    mapping = {"date": "date", "district": "district", "killed_total": "killed"}
    result = read((SHARED / "cases" / "control.csv").read_bytes(), mapping=mapping)
    assert (result.n_refused, cells(result, "summary")[0]) == (0, "line with a ␋ vertical tab")
