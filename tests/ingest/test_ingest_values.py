"""Dates, numbers, coordinates and words: converted by a stated rule, asked, or refused by name."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.ingest import ReadOptions, question_for
from geo.ingest.tables import CellError
from geo.ingest.values.counts import Count, parse_count
from geo.ingest.values.places import parse_degrees
from geo.problems import ProblemCode
from tests.conftest import SHARED
from tests.unguarded import note_words

HEADER = "date,district,latitude,longitude,killed_total,notes"


def rows(*lines: str) -> str:
    return "\n".join([HEADER, *lines]) + "\n"


# --- counts ------------------------------------------------------------------------------------------


@pytest.mark.case(42)
@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("3", Count(3)),
        ("3.0", Count(3)),
        ("0", Count(0)),
        ("1,234", Count(1234)),
        ("۱۲", Count(12)),
        ("", Count()),
        ("unknown", Count()),
        ("N/A", Count()),
        ("NaN", Count()),
        ("3-5", Count(3, 3, 5)),
        ("3 to 5", Count(3, 3, 5)),
        ("at least 3", Count(3, 3)),
        ("3+", Count(3, 3)),
        ("2 – 3", Count(2, 2, 3)),
        ("between 2 and 3", Count(2, 2, 3)),
        ("one to two", Count(1, 1, 2)),
        ("two", Count(2)),
        ("Two", Count(2)),
        ("1 (one)", Count(1)),
        ("one (1)", Count(1)),
        ("3 (2 police)", Count(3)),
        ("Four (incl. a child)", Count(4)),
        ("5 (two policemen, 1 of them a Frontier Corps soldier)", Count(5)),
        ("3 (all militants)", Count(3)),
        ("3 (of whom 2 were women)", Count(3)),
        ("3 (police)", Count(3)),
        ("4 (civilians)", Count(4)),
        ("2 (soldiers)", Count(2)),
        ("1 (suicide bomber)", Count(1)),
        ("5 (terrorists)", Count(5)),
        ("3 (women and children)", Count(3)),
        ("3 persons", Count(3)),
        ("approx. 5", Count(5)),
        ("~5", Count(5)),
        ("about five people", Count(5)),
        ("٣", Count(3)),
        ("٣-۵", Count(3, 3, 5)),
        ("no casualties", Count(0)),
        ("Nil", Count(0)),
        ("not less than 4", Count(4, 4)),
        ("5 plus", Count(5, 5)),
        ("more than a dozen", Count(12, 12)),
        ("3 or 4", Count(3, 3, 4)),
        ("twenty five", Count(25)),
        ("Twenty-five", Count(25)),
        ("10-12 persons", Count(10, 10, 12)),
    ],
)
def test_counts_and_ranges_as_they_are_written(text, count):
    assert parse_count(text, allow_range=True) == count


@pytest.mark.case(42)
@pytest.mark.parametrize(
    "text",
    [
        "-1",
        "1.5",
        "1,5",
        "1e9",
        "1e400",
        "inf",
        "several",
        "5-3",
        "1000000",
        "3 dead",
        "½",
        "1 (two)",
        "3 (or 4)",
        "2 (plus 3 militants)",
        "2 (3 militants)",
        "5 (and 2 militants)",
        "5 (& 2 militants)",
        "5 (toll revised to 9)",
        "3 (injured)",
        "3 (including 1 injured)",
        "5 (including 2 missing)",
        "2 (not killed)",
        "3 (not all police)",
        "0 (2 police)",
        "0 (police)",
        "3 (and)",
        "3 (and police)",
        "3 (police or civilians)",
        "3 (police injured)",
        "3 (police post)",
        "1 (suicide)",
        "3 (of)",
        "3 and 5",
        "2/3",
        "up to 5",
        "a few",
        "none",
    ],
)
def test_what_is_no_count_is_refused(text):
    found = parse_count(text, allow_range=True)
    assert isinstance(found, CellError)
    assert found.code is ProblemCode.NUMBER


@pytest.mark.case(42)
def test_a_blank_toll_is_unknown_and_a_range_keeps_its_ends(read):
    result = read(rows("2024-03-04,Bannu,,,,", "2024-03-04,Bannu,,,0,", "2024-03-04,Bannu,,,3-5,"))
    assert result.rows["killed_best"].to_pylist() == [None, 0, 3]
    assert result.rows["killed_high"].to_pylist() == [None, None, 5]
    assert any("minimum" in note for note in note_words(result))


@pytest.mark.case(42)
def test_a_toll_with_another_figure_in_brackets_is_not_stated_and_listed_as_written(read):
    result = read(rows("2024-03-04,Bannu,,,5 (toll revised to 9),", "2024-03-04,Bannu,,,3 (2 police),"))
    assert result.rows["killed_best"].to_pylist() == [None, 3]
    assert any("5 (toll revised to 9)" in note for note in note_words(result))


# --- coordinates -------------------------------------------------------------------------------------


@pytest.mark.case(36)
@pytest.mark.parametrize(
    ("text", "degrees"),
    [
        ("33.5", 33.5),
        ("+33.5", 33.5),
        ("−33.5", -33.5),
        ("33.5°", 33.5),
        ("33.5° N", 33.5),
        ("S 33.5", -33.5),
        ("33°30'00\"N", 33.5),
        ("33° 30′", 33.5),
        ("۳۳٫۵", 33.5),
    ],
)
def test_degrees_in_their_usual_writings(text, degrees):
    assert parse_degrees(text) == pytest.approx(degrees)


@pytest.mark.case(36)
@pytest.mark.parametrize("text", ["33,5", "33.5.1", "N33.5S", "33°99'", "1e400", "inf", "north", "0x21"])
def test_what_are_no_degrees_is_refused(text):
    found = parse_degrees(text)
    assert isinstance(found, CellError)
    assert found.code is ProblemCode.NUMBER


@pytest.mark.parametrize(
    ("lat", "lon", "columns"),
    [
        ("33.0 E", "70.6", ["latitude"]),
        ("33.0 W", "70.6", ["latitude"]),
        ("e 33.0", "70.6", ["latitude"]),
        ("33°00'00\"W", "70.6 E", ["latitude"]),
        ("33.0", "70.6 N", ["longitude"]),
        ("33.0 N", "s70.6°", ["longitude"]),
        ("33.0 E", "70.6 N", ["latitude", "longitude"]),
        # exchanged by their numbers, but the letters contradict that
        ("70.6 N", "33.0", ["latitude"]),
    ],
)
def test_a_letter_of_the_other_axis_refuses_the_row_and_says_what_helps(read, lat, lon, columns):
    line = f'2024-03-04,,"{lat.replace(chr(34), chr(34) * 2)}",{lon},,'
    result = read(rows(line), swap_axes=True)
    assert result.n_accepted == 0
    assert [(problem.code, problem.column) for problem in result.problems] == [
        (ProblemCode.COORDINATES, column) for column in columns
    ]
    assert all("N or S" in str(problem.hint) and "E or W" in str(problem.hint) for problem in result.problems)


def test_letters_that_agree_with_exchanged_columns_do_not_prevent_the_exchange(read):
    text = rows("2024-03-04,Bannu,70.6 E,33.0 N,,")
    assert [problem.code for problem in read(text).problems] == [ProblemCode.SWAPPED]
    agreed = read(text, swap_axes=True)
    assert (agreed.rows["lat"].to_pylist(), agreed.rows["lon"].to_pylist()) == ([33.0], [70.6])


def test_not_a_number_is_a_missing_value(read):
    result = read(rows("2024-03-04,Bannu,NaN,nan,NaN,"))
    assert result.n_accepted == 1
    assert [result.rows[name][0].as_py() for name in ("lat", "lon", "killed_best")] == [None, None, None]


def with_semicolons(lat: str, lon: str, killed: str = "") -> str:
    return f"date;district;latitude;longitude;killed_total\n2024-03-04;Bannu;{lat};{lon};{killed}\n"


@pytest.mark.parametrize(("lat", "lon"), [("32,9", "70,6"), ("32,900", "70,600"), ("32,9812", "70"), ("۳۲,۹", "70,6")])
def test_a_decimal_comma_that_is_proved_is_said_not_asked(read, lat, lon):
    result = read(with_semicolons(lat, lon))
    assert result.rows["lat"][0].as_py() == pytest.approx(32.9, abs=0.1)
    assert any("decimal mark" in words and lat in words for words in note_words(result))


def test_a_decimal_comma_within_quotation_marks_is_proved_by_its_digits(read, refusal):
    text = 'date,district,latitude,longitude\n2024-03-04,Bannu,"32,98","70,600"\n'
    assert read(text).rows["lat"].to_pylist() == [32.98]
    assert refusal(text.replace("32,98", "32,980")).problems[0].code is ProblemCode.NUMBER


@pytest.mark.case(16, 36)
@pytest.mark.parametrize(("lat", "lon"), [("70,6", "32,9"), ("51,5", "0,1"), ("32,9", "170,6")])
def test_a_decimal_comma_that_is_not_proved_is_asked_and_then_read(read, refusal, lat, lon):
    problem = refusal(with_semicolons(lat, lon)).problems[0]
    assert (problem.code, problem.column, problem.value) == (ProblemCode.NUMBER, "latitude", lat)
    assert question_for(problem).option == "decimal_mark"
    assert read(with_semicolons("51,5", "0,1"), decimal_mark=",").rows["lat"].to_pylist() == [51.5]


def test_an_answer_about_the_decimal_mark_is_obeyed(read):
    table = with_semicolons("32,9", "70,6")
    assert read(table.replace("Bannu", ""), decimal_mark=".").problems_by_code == {"number": 2}
    assert np.isnan(read(table, decimal_mark=".").rows["lat"].to_pandas()[0])


@pytest.mark.parametrize(("cell", "killed"), [("3,0", 3), ("12,00", 12), ("1,234", 1234), ("1,000", 1000)])
def test_a_comma_that_cannot_divide_thousands_is_a_decimal_mark(read, cell, killed):
    result = read(with_semicolons("32.9", "70.6", cell))
    assert result.rows["killed_best"].to_pylist() == [killed]
    assert any("decimal comma" in words for words in note_words(result)) == (killed < 1000)


@pytest.mark.parametrize(("cell", "killed"), [("3,000", 3), ("1,234", None), ("3,5", None)])
def test_counts_keep_to_the_decimal_mark_that_coordinates_prove(read, cell, killed):
    result = read(with_semicolons("32,9", "70,6", cell))
    assert result.rows["killed_best"].to_pylist() == [killed]


@pytest.mark.skipif(not SHARED.exists(), reason="the files of cases are not beside the project")
def test_rows_of_separators_at_the_end_are_ignored_with_a_count(read):
    columns = {name: name for name in ("date", "district", "latitude", "longitude")} | {"killed_total": "killed"}
    result = read((SHARED / "cases" / "trailing.csv").read_bytes(), mapping=columns)
    assert (result.n_accepted, result.n_refused, result.rows["lat"].to_pylist()) == (2, 0, [32.98, 32.22])
    assert any("2 blank rows" in words for words in note_words(result))


@pytest.mark.case(35)
def test_swapped_axes_are_proved_named_and_exchanged_only_on_consent(read):
    text = rows("2024-03-04,Bannu,32.9,70.6,,", "2024-03-04,Bannu,70.6,32.9,,")
    result = read(text)
    problem = result.problems[0]
    assert (problem.code, problem.row, str(problem.message)) == (
        ProblemCode.SWAPPED,
        3,
        "Latitude 70.6 and longitude 32.9 look exchanged.",
    )
    assert question_for(problem).option == "swap_axes"
    agreed = read(text, swap_axes=True)
    assert agreed.rows["lat"].to_pylist() == [32.9, 32.9]
    assert any("In 1 row latitude and longitude were exchanged" in note for note in note_words(agreed))


@pytest.mark.case(37)
@pytest.mark.parametrize(
    ("lat", "lon", "code"),
    [
        ("0", "0", ProblemCode.OUTSIDE),
        ("32.9", "430", ProblemCode.COORDINATES),
        ("91", "70", ProblemCode.COORDINATES),
        ("3641457", "649513", ProblemCode.COORDINATES),
        ("32.9", "", ProblemCode.COORDINATES),
        ("", "70.6", ProblemCode.COORDINATES),
        ("1e308", "70.6", ProblemCode.NUMBER),
    ],
)
def test_coordinates_that_cannot_be_right_refuse_the_row_once(read, lat, lon, code):
    result = read(rows(f"2024-03-04,,{lat},{lon},,"))
    assert [problem.code for problem in result.problems] == [code]


@pytest.mark.case(37)
@pytest.mark.parametrize(("lat", "lon"), [("-33.9", "18.4"), ("20", "65"), ("51.5", "-179.9")])
def test_places_outside_pakistan_are_kept_or_refused_as_the_user_says(read, lat, lon):
    text = rows(f"2024-03-04,,{lat},{lon},,")
    assert read(text).n_accepted == 1
    assert read(text, keep_outside=False).problems[0].code is ProblemCode.OUTSIDE


def test_a_point_of_unstated_precision_is_near_and_a_claim_without_coordinates_is_the_district(read):
    result = read(
        "date,district,latitude,longitude,geo_precision\n2024-03-04,Bannu,32.9,70.6,\n2024-03-04,Bannu,,,exact\n"
    )
    assert result.rows["geo_precision"].to_pylist() == ["near", "district"]
    assert any("no coordinates" in note for note in note_words(result))


# --- words -------------------------------------------------------------------------------------------


@pytest.mark.case(43)
@pytest.mark.parametrize("word", ["NA", "null", "None", "n/a", "-", "  Bannu  "])
def test_words_that_other_readers_drop_are_kept_as_given(read, word):
    result = read(f"date,place\n2024-03-04,{word}\n")
    assert result.rows["place"].to_pylist() == [word]
    assert result.rows["raw"][0].as_py()["place"] == word


@pytest.mark.case(44)
@pytest.mark.parametrize("word", ["ied", "IED ", "Roadside or planted bomb"])
def test_codes_and_labels_are_accepted_in_any_case(read, word):
    assert read(f"date,district,attack_type\n2024-03-04,Bannu,{word}\n").rows["attack_type"].to_pylist() == ["ied"]


def test_the_same_identifier_twice_keeps_the_first(read):
    result = read("incident_id,date,district\n1,2024-03-04,Bannu\n01,2024-03-04,Tank\n1,2024-03-05,Swat\n")
    assert result.rows["source_event_id"].to_pylist() == ["1", "01"]
    assert (result.problems[0].code, result.problems[0].row) == (ProblemCode.DUPLICATE_ID, 4)
    assert "row 2" in str(result.problems[0].message)


@pytest.mark.parametrize("line", [",Bannu,,,,", "2024-03-04,,,,,"])
def test_a_row_without_a_date_or_a_place_is_missing_it(read, line):
    assert [problem.code for problem in read(rows(line)).problems] == [ProblemCode.MISSING]


@pytest.mark.case(2)
def test_more_problems_than_are_shown_are_counted(read):
    result = read(rows("2024-03-04,,,,,", *["x,Bannu,,,,"] * 7), limit_problems_shown=3)
    assert (len(result.problems), result.n_problems, result.n_refused) == (3, 8, 8)
    assert list(result.problems_by_code.items()) == [("date", 7), ("missing", 1)]


# --- properties of whole tables ----------------------------------------------------------------------

CELL = st.sampled_from(["", "2024-03-04", "Bannu", "32.9", "70.6", "3", "-1", "3-5", "x", "0", "ied", "1445-01-01"])
LINE = st.tuples(*[CELL] * 6).map(",".join)


@pytest.mark.case(45)
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(lines=st.lists(LINE, min_size=1, max_size=8), seed=st.randoms())
def test_order_of_rows_changes_no_row_and_none_is_lost(read, lines, seed):
    from geo.problems import RejectedUpload

    def outcome(ordered: list[str]) -> object:
        try:
            result = read(rows(*ordered))
        except RejectedUpload as refused:
            return refused.problems[0].code
        accepted = [{k: v for k, v in row.items() if k != "source_row"} for row in result.rows.to_pylist()]
        return (
            sorted(map(repr, accepted)),
            sorted(result.refused_rows["refused_because"].to_pylist()),
            result.n_accepted + result.n_refused,
        )

    shuffled = list(lines)
    seed.shuffle(shuffled)
    assert outcome(lines) == outcome(shuffled)


@pytest.mark.parametrize("given", [{"date_order": "YDM"}, {"decimal_mark": ";"}, {"encoding": "latin-1"}])
def test_an_answer_that_is_none_is_not_taken_for_another(given):
    with pytest.raises(ValueError, match="is one of"):
        ReadOptions(**given)


def test_a_thousands_comma_is_no_number_where_the_comma_is_the_decimal_mark():
    assert isinstance(parse_count("1,234", decimal_mark=","), CellError)
