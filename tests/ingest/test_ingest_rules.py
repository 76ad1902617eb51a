"""What tables of the region write: sums among districts, codes in any hand, tolls in parts, words for nobody."""

from __future__ import annotations

import csv
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo import districts as geo_districts
from geo import intake
from geo import settings as geo_settings
from geo.analysis.locating.locate import assign_districts
from geo.ingest.mapping.column_proposals import propose_columns
from geo.ingest.mapping.fields import SERIAL_NAMES
from geo.ingest.notes import NoteKind
from geo.ingest.values.tolls import summed
from geo.names import AREA_WORDS, SUM_WORDS, is_sum, written_pcode
from geo.problems import ProblemCode
from geo.settings import DATA_DIR
from geo.store import Store
from geo.text import normalise_name
from tests.ingest.test_ingest_formats import gtd, table
from tests.unguarded import note_words

ATLAS = geo_districts.load()


def column(result, name: str) -> list[object]:
    return result.rows[name].to_pylist()


def located(result) -> list[dict[str, object]]:
    found: list[dict[str, object]] = assign_districts(result.rows, ATLAS).to_pylist()
    return found


def totals(*names: str) -> str:
    return "district,year,incidents\n" + "".join(f"{name},2024,5\n" for name in ("Bannu", *names))


# --- district tables ---------------------------------------------------------------------------------

SUMS = "Grand Total|Sub Total|Sub-Total|KP Total|Total*|Total:|T O T A L|G. Total|Overall|All Districts|کل|مجموعہ|میزان"
AREAS = (
    "KPK|Khyber Pakhtunkhwa|Bannu Division|Bannu Divison|Bannu Region|D.I. Khan Range|Merged Districts|FATA|"
    "Tribal Districts|Rest of KP|Hazara|خیبر پختونخوا|Punjab|Balochistan"
)


@pytest.mark.parametrize("name", [*SUMS.split("|"), *AREAS.split("|")])
def test_a_row_that_sums_up_districts_is_refused_with_its_reason_and_never_stored(read, name):
    result = read(totals(name))
    assert column(result, "district_reported") == ["Bannu"]
    (problem,) = result.problems
    assert (problem.code, problem.row, problem.column, problem.value) == (ProblemCode.DISTRICT, 3, "district", name)
    assert str(problem.message).startswith("This")
    assert str(problem.hint).startswith("Remove it")


def test_a_sum_and_a_division_have_reasons_of_their_own(read):
    reasons = read(totals("Total", "Bannu Division", "FATA", "Punjab")).refused_rows["refused_because"].to_pylist()
    assert len(set(reasons)) == 4


@pytest.mark.parametrize(
    "name",
    [
        "Kurram Region",
        "Red Zone Peshawar",
        "Rest of KP",
        "Swat and Buner districts",
        "Southern districts",
        "Hangu Police Region",
        "Bannu Divison",
        "Khyber Pakhtunkhva",
    ],
)
def test_a_name_that_is_only_like_that_of_an_area_is_said_to_be_no_more_than_that(read, name):
    (problem,) = read(totals(name)).problems
    assert str(problem.message) == "This is not known as the name of a district, and reads like that of a larger area."
    assert "write its district" in str(problem.hint)


@pytest.mark.parametrize("name", ["Dir", "Kohistan", "Malakand", "PK503", "Lahore", "Unknown", "FR Bannu"])
def test_a_name_of_one_district_or_of_one_among_several_is_no_sum(read, name):
    result = read(totals(name))
    assert column(result, "district_reported") == ["Bannu", name]


def test_a_doubtful_name_in_a_district_table_is_kept_and_not_located(read):
    assert [row["pcode"] for row in located(read(totals("Dir", "Kohistan")))] == ["PK503", None, None]


def test_no_district_bears_a_word_of_a_sum_and_every_such_word_is_as_names_are_compared():
    assert [word for word in SUM_WORDS | AREA_WORDS if normalise_name(word) != word] == []
    with (DATA_DIR / "aliases.csv").open(encoding="utf-8", newline="") as lines:
        names = [row["alias"] for row in csv.DictReader(lines) if row["pcode"]]
    assert [name for name in names if is_sum(name) or ATLAS.aliases.area_kind(name)] == []


@pytest.mark.parametrize("name", ["Islamabad", "Islamabad Capital Territory", "ICT", "اسلام آباد"])
def test_a_territory_that_is_one_district_is_counted_as_outside(read, name):
    assert [row["district_method"] for row in located(read(totals(name)))] == ["source_admin", "outside"]


def test_a_district_of_another_province_is_outside_where_the_table_says_so(read):
    for column_name in ("province", "Admin1"):
        text = f"{column_name},district,year,incidents\nPunjab,Lahore,2024,5\nKP,Bannu,2024,5\n,Lahore,2024,5\n"
        assert [row["district_method"] for row in located(read(text))] == ["outside", "source_admin", "outside"]


@pytest.mark.parametrize("name", ["Total", "KP Total", "Bannu Division", "FATA", "Khyber Pakhtunkhwa"])
@pytest.mark.parametrize("code", ["PK503", ""])
def test_a_sum_in_a_monthly_table_is_refused_whatever_its_p_code(read, name, code):
    result = read(HDX + f"Pakistan,KP,Tank,PK533,May,2024,3,1\nPakistan,KP,{name},{code},May,2024,9,1\n")
    (problem,) = result.problems
    assert (problem.code, problem.row, problem.column) == (ProblemCode.DISTRICT, 3, "Admin2")
    assert column(result, "district_reported") == ["Tank"]


@pytest.mark.parametrize(
    "text",
    [
        "district,year,incidents\nBannu Division,2024,5\nTotal,2024,5\n",
        "division,year,incidents\nBannu,2024,5\n",
        "Police Region,Year,Attacks\nBannu,2024,5\n",
    ],
)
def test_a_table_without_any_district_is_refused_as_a_whole(refusal, text):
    assert refusal(text).problems[0].code is ProblemCode.NOT_FOR_DISTRICTS


def test_a_division_beside_a_district_is_no_reason_to_refuse(read):
    assert read("division,district,year,incidents\nBannu,Tank,2024,5\n").n_accepted == 1


def test_an_asterisk_behind_a_year_is_passed_over_and_a_total_of_the_months_is_refused(read):
    result = read("district,year,month,incidents\nBannu,2000 *,March,5\nBannu,2000,Total,9\nBannu,Total*,,9\n")
    assert column(result, "n_events") == [5]
    assert [problem.code for problem in result.problems] == [ProblemCode.DISTRICT] * 2


@pytest.mark.parametrize(("name", "n_events", "n_accepted"), [("Total", 1, 0), ("FATA", 12, 0), ("FATA", 1, 1)])
def test_summary_rows_of_other_tables_follow_the_same_rule(read, name, n_events, n_accepted):
    assert read(f"date,district,n_events\n2024,{name},{n_events}\n").n_accepted == n_accepted


def test_an_area_that_a_person_assigned_to_a_district_is_accepted(read):
    text = "Year,Area,Attacks\n2024,Bannu Division,12\n"
    mapping = {"year": "Year", "district": "Area", "n_events": "Attacks"}
    assert read(text, mapping=mapping).n_accepted == 0
    assert column(read(text, mapping=mapping, values={"district": {"Bannu Division": "PK503"}}), "pcode_stated") == [
        "PK503"
    ]


# --- P-codes -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["PK503", "pk503", " PK503 ", "PK 503", "pk-503", "Pk_503"])
def test_a_p_code_is_read_in_any_writing(read, text):
    assert written_pcode(text) == "PK503"
    assert ATLAS.resolve(text).pcode == "PK503"
    for result in (
        read(f"date,pcode\n2024-03-04,{text}\n"),
        read(f"When,Code\n2024-03-04,{text}\n", mapping={"date": "When", "pcode": "Code"}),
        read(HDX + f"Pakistan,Khyber Pakhtunkhwa,Bannu,{text},January,2024,3,1\n"),
    ):
        assert [row["pcode"] for row in located(result)] == ["PK503"]


HDX = "Country,Admin1,Admin2,Admin2 Pcode,Month,Year,Events,Fatalities\n"


@pytest.mark.parametrize("text", ["503", "PK5", "PK5031", "XPK503", "PK503 PK504", "", "Bannu"])
def test_what_is_no_p_code_is_not_made_one(text):
    assert written_pcode(text) is None


@pytest.mark.parametrize("text", ["PK599", "PK999", "PK000", "503", "n/a"])
def test_a_p_code_that_does_not_exist_is_told_and_the_name_beside_it_counts(read, text):
    for result in (
        read(f"date,district,pcode\n2024-03-04,Tank,PK533\n2024-03-05,Bannu,{text}\n"),
        read(HDX + f"Pakistan,KP,Tank,PK533,May,2024,3,1\nPakistan,KP,Bannu,{text},May,2024,3,1\n"),
    ):
        assert [(row["pcode"], row["is_district_conflict"]) for row in located(result)] == [
            ("PK533", False),
            ("PK503", False),
        ]
        assert any("1 row has a P-code that no district has" in note and "row 3" in note for note in note_words(result))


def test_a_p_code_that_does_not_exist_is_refused_where_nothing_else_states_the_place(read):
    (problem,) = read("date,pcode\n2024-03-04,PK503\n2024-03-05,PK599\n").problems
    assert (problem.code, problem.row, problem.column, problem.value) == (ProblemCode.DISTRICT, 3, "pcode", "PK599")


@pytest.mark.case(39)
@pytest.mark.parametrize(
    ("name", "code", "pcode", "method", "is_flagged"),
    [
        ("Tank", "PK503", "PK503", "source_admin", True),
        ("Tank", "pk533", "PK533", "source_admin", False),
        ("Dir", "PK535", "PK535", "source_admin", False),
        ("Dir", "PK503", "PK503", "source_admin", True),
        ("Punjab", "PK503", "PK503", "source_admin", True),
        ("FR Tank", "PK503", "PK503", "source_admin", True),
        ("Nowhere", "PK503", "PK503", "source_admin", False),
        # a code of another province takes no row from a district that is named
        ("Bannu", "PK602", "PK503", "source_admin", True),
        ("Lahore", "PK602", None, "outside", False),
        ("", "PK602", None, "outside", False),
    ],
)
def test_a_p_code_that_contradicts_the_name_is_flagged_and_noted(read, name, code, pcode, method, is_flagged):
    result = read(f"date,district,pcode\n2024-03-04,{name},{code}\n")
    (row,) = located(result)
    assert (row["pcode"], row["district_method"], row["is_district_conflict"]) == (pcode, method, is_flagged)
    assert any("another district's name" in note and "row 2" in note for note in note_words(result)) is is_flagged


# --- identifiers -------------------------------------------------------------------------------------


def test_a_blank_identifier_among_others_is_made_from_the_content(read):
    lines = ["A,2024-03-04,Bannu", ",2024-03-05,Tank", ",2024-03-05,Tank", "B,2024-03-06,Swat", " ,2024-03-07,Swat"]
    result = read("\n".join(["incident_id,date,district", *lines]) + "\n")
    backwards = read("\n".join(["incident_id,date,district", *reversed(lines)]) + "\n")
    ids = column(result, "source_event_id")
    assert (len(set(ids)), ids[0], ids[3], result.n_refused) == (5, "A", "B", 0)
    assert sorted(ids) == sorted(column(backwards, "source_event_id"))
    assert any(note.startswith("3 rows have no identifier") for note in note_words(result))


def test_a_mapped_table_may_have_blank_identifiers(read):
    text = "No,Day,Town\n7,2024-03-04,Wana\n,2024-03-05,Wana\n"
    result = read(text, mapping={"incident_id": "No", "date": "Day", "place": "Town"})
    assert result.n_accepted == 2
    assert len(set(column(result, "incident_id"))) == 2


def checked(tmp_path: Path, store: Store, text: str) -> intake.Checked:
    path = tmp_path / "upload"
    path.write_text(text, "utf-8")
    return intake.check(path, "own.csv", store, ATLAS, geo_settings.load({}))


def test_a_row_with_a_blank_identifier_is_known_from_a_file_without_the_column(tmp_path):
    store = Store.open(tmp_path / "store")
    first = checked(tmp_path, store, "date,district\n2024-03-04,Bannu\n2024-03-05,Tank\n")
    intake.accept(first, tmp_path / "upload", "own.csv", store)
    text = "incident_id,date,district\n,2024-03-04,Bannu\nA,2024-03-06,Tank\n,2024-03-05,Tank\n"
    again = checked(tmp_path, store, text)
    assert again.against_store.duplicates["already stored"] == 2
    assert again.rows["source_event_id"].to_pylist() == ["A"]


def test_rows_equal_in_every_cell_are_told_and_every_row_is_accounted_for(tmp_path):
    lines = [",2024-03-04,Bannu", ",2024-03-04,Bannu", "A,2024-03-04,Bannu", ",2024-03-04,Bannu", ",x,Swat"]
    text = "\n".join(["incident_id,date,district", *lines]) + "\n"
    found = checked(tmp_path, Store.open(tmp_path / "store"), text)
    assert found.against_store.duplicates == {
        "already stored": 0,
        "repeated in the file": 2,
        "older version of a stored row": 0,
    }
    assert (found.result.n_rows_in, len(found.rows), found.n_duplicates, found.result.n_refused) == (5, 2, 2, 1)


# --- tolls in parts ----------------------------------------------------------------------------------

TEMPLATE = "date,district,killed_total,killed_police,killed_military,killed_civilian,killed_militant\n"


@pytest.mark.parametrize(
    ("cells", "toll"),
    [
        (",2,,1,", (3, 3, None)),
        (",,,,4", (4, 4, None)),
        (",,,,", (None, None, None)),
        # nobody killed in some parts is no empty toll; in all parts it is
        (",0,,0,", (None, None, None)),
        (",0,0,0,0", (0, 0, None)),
        (",0,2,,", (2, 2, None)),
        ("5,2,,1,", (5, None, None)),
        ("0,,,,", (0, None, None)),
        ("3-5,2,,,", (3, 3, 5)),
    ],
)
def test_a_total_that_is_not_stated_is_at_least_the_sum_of_its_parts(read, cells, toll):
    result = read(f"{TEMPLATE}2024-03-04,Bannu,{cells}\n")
    row = result.rows.to_pylist()[0]
    assert (row["killed_best"], row["killed_low"], row["killed_high"]) == toll
    is_summed = not cells.startswith(("0", "3", "5")) and toll[0] is not None
    assert any("1 row has no total" in note and "row 2" in note for note in note_words(result)) is is_summed


@pytest.mark.parametrize(
    ("total", "is_noted"), [("2", True), ("3", False), ("1-2", True), ("2-5", False), ("at least 2", False)]
)
def test_a_total_below_the_sum_of_its_parts_is_kept_and_noted(read, total, is_noted):
    result = read(f"{TEMPLATE}2024-03-04,Bannu,{total},2,,1,\n")
    assert column(result, "killed_best") == [int(total.removeprefix("at least ")[0])]
    assert any("fewer people killed in total" in note and "row 2" in note for note in note_words(result)) is is_noted


def test_district_tables_sum_the_forces_that_they_do_not_split(read):
    text = (
        "district,year,incidents,civilians,security_forces,militants,not_specified\n"
        "Bannu,2024,5,1,2,3,1\nTank,2024,5,,,,\nSwat,2024,5,,4,,\n"
    )
    result = read(text)
    assert column(result, "killed_best") == column(result, "killed_low") == [7, None, 4]
    assert column(result, "killed_high") == [None, None, None]


def test_forces_stated_as_one_and_in_two_are_not_counted_twice(read):
    text = "district,year,incidents,killed_security,killed_police,killed_military\nBannu,2024,5,4,3,1\n"
    result = read(text)
    assert (column(result, "killed_best"), column(result, "killed_police")) == ([4], [3])


def test_the_martyred_of_a_mapped_table_are_one_side_of_the_toll(read):
    text = "Dated,Dist,Shaheed,Shaheed (Police),Terrorists killed\n2024-03-04,Bannu,3,2,2\n2024-03-05,Tank,0,,\n"
    cells: dict[str, list[str]] = {name: [] for name in text.split("\n")[0].split(",")}
    mapping = {one.field: one.column for one in propose_columns(cells)}
    result = read(text, mapping=mapping)
    assert column(result, "killed_best") == [5, None]
    assert column(result, "killed_police") == [2, None]


RANGES = {
    "template": ("date,district,killed_total,killed_police,killed_militant,injured_total\n2024-03-04,Bannu,{}\n", {}),
    "mapped": (
        "When,Distt,All,Police dead,Militants dead,Hurt\n2024-03-04,Bannu,{}\n",
        {
            "date": "When",
            "district": "Distt",
            "killed_total": "All",
            "killed_police": "Police dead",
            "killed_militant": "Militants dead",
            "injured_total": "Hurt",
        },
    ),
    "district table": ("district,year,incidents,killed,killed_police,killed_militants,injured\nBannu,2024,5,{}\n", {}),
}


@pytest.mark.parametrize("name", RANGES)
@pytest.mark.parametrize(
    ("cells", "toll"),
    [
        (",3-5,at least 2,4+", (5, 5, None)),
        ("9,3-5,at least 2,4+", (9, None, None)),
        ("6-9,3-5,at least 2,4+", (6, 6, 9)),
        ("at least 6,3-5,at least 2,4+", (6, 6, None)),
    ],
)
def test_a_range_in_one_side_counts_as_its_least_figure_and_makes_no_range_of_the_total(read, name, cells, toll):
    text, mapping = RANGES[name]
    result = read(text.format(cells), mapping=mapping or None)
    (row,) = result.rows.to_pylist()
    assert (row["killed_best"], row["killed_low"], row["killed_high"]) == toll
    assert (row["killed_police"], row["killed_militant"], row["injured"]) == (3, 2, 4)
    assert len([note for note in note_words(result) if "of one side or of the injured" in note]) == 1


def test_the_victims_of_a_mapped_table_and_its_numbers_of_incidents_may_be_ranges(read):
    columns = {"date": "When", "district": "Distt", "killed_victims": "Shaheed", "n_events": "Attacks"}
    result = read("When,Distt,Shaheed,Attacks\n2024,Bannu,3-5,2\n2024,Tank,3,2-4\n", mapping=columns)
    assert column(result, "killed_best") == [3, 3]
    assert column(result, "n_events") == [2, 2]


COUNT = st.none() | st.integers(0, 9)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(parts=st.lists(COUNT, min_size=1, max_size=5))
def test_a_sum_of_parts_is_stated_only_where_it_says_something(parts):
    (found,) = summed([pa.array([part], pa.int32()) for part in parts]).to_pylist()
    stated = [part for part in parts if part is not None]
    says_something = sum(stated) > 0 or len(stated) == len(parts)
    assert found == (sum(stated) if says_something else None)


# --- words in columns of counts ----------------------------------------------------------------------


@pytest.mark.parametrize("word", ["Nil", "nil", "NIL", "Nill", "zero", "صفر"])
def test_nil_states_that_there_was_nobody_and_is_told(read, word):
    result = read(f"date,district,killed_total\n2024-03-04,Bannu,{word}\n")
    assert column(result, "killed_best") == [0]
    assert any("read as 0" in note and word in note for note in note_words(result))


@pytest.mark.parametrize("word", ["-", "--", "–", "—", "?", "N/A", "n.a.", "Not reported", "unknown"])
def test_a_dash_states_nothing_is_never_zero_and_is_told(read, word):
    result = read(f"date,district,killed_total\n2024-03-04,Bannu,{word}\n")
    assert column(result, "killed_best") == [None]
    assert any("not stated" in note for note in note_words(result))


@pytest.mark.parametrize("word", ["none", "None", "NR", "few", "several", "many", "-1", "1.5", "5-3"])
def test_what_is_no_number_refuses_no_row_and_is_never_zero(read, word):
    result = read(f"date,district,killed_total,injured_total\n2024-03-04,Bannu,{word},{word}\n2024-03-04,Tank,2,\n")
    assert (column(result, "killed_best"), column(result, "injured")) == ([None, 2], [None, None])
    told = [note for note in note_words(result) if "no whole number" in note]
    assert [
        f"“{name}”" in note and f"“{word}” (1)" in note
        for name, note in zip(("killed_total", "injured_total"), told, strict=True)
    ] == [True, True]


@pytest.mark.parametrize(("word", "n"), [("several", 1), ("2-3", 2), ("two", 2)])
def test_a_number_of_incidents_that_no_row_needs_refuses_none(read, word, n):
    result = read(f"date,district,n_events\n2024-03-04,Bannu,{word}\n")
    assert column(result, "n_events") == [n]
    assert any("n_events" in note for note in note_words(result)) is (word != "2-3")


def test_a_dash_for_the_number_of_incidents_is_not_one_incident(read):
    result = read(HDX + "Pakistan,KP,Bannu,PK503,May,2024,-,1\nPakistan,KP,Tank,PK533,May,2024,2,1\n")
    assert column(result, "n_events") == [2]
    assert result.problems[0].code is ProblemCode.MISSING


# --- columns of tables in the region -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("Dist.", "district"),
        ("Distt", "district"),
        ("Zila", "district"),
        ("Name of District", "district"),
        ("ضلع", "district"),
        ("تاریخ", "date"),
        ("Date of occurrence", "date"),
        ("Tehsil", "place"),
        ("Nature of incident", "attack_type"),
        ("Dead", "killed_total"),
        ("ہلاک", "killed_total"),
        ("Shaheed", "killed_victims"),
        ("Martyrs", "killed_victims"),
        ("Embraced martyrdom", "killed_victims"),
        ("شہید", "killed_victims"),
        ("Shaheed (Police)", "killed_police"),
        ("Injured", "injured_total"),
        ("Zakhmi", "injured_total"),
        ("Hurt", "injured_total"),
        ("زخمی", "injured_total"),
        ("ہلاک دہشت گرد", "killed_militant"),
        ("دہشت گرد ہلاک", "killed_militant"),
        ("عسکریت پسند ہلاک", "killed_militant"),
        ("Terrorist killed", "killed_militant"),
        *((name, None) for name in ("S.No", "S.No.", "Sr. No.", "S#", "Sr", "No.", "Serial", "#", "نمبر شمار")),
        # said of the dead and of the injured together, or of no incident at all
        ("Casualties", None),
        ("No. of casualties", None),
        ("Occurrence", None),
        ("PS", None),
        ("Police Station", None),
        ("FIR No", None),
    ],
)
def test_columns_are_proposed_for_what_tables_of_the_region_call_them(name, field):
    assert [proposal.field for proposal in propose_columns({name: []})] == ([field] if field else [])


@pytest.mark.parametrize("texts", [["1", "2"], ["2024-01", "2024-02"], ["32.9", "33.1"], ["Bannu", "Tank"]])
@pytest.mark.parametrize("name", SERIAL_NAMES)
def test_a_serial_number_is_nothing_whatever_it_looks_like(name, texts):
    assert propose_columns({name: texts}) == ()
    beside = {proposal.field: proposal.column for proposal in propose_columns({"id": texts, name: texts})}
    assert beside == {"incident_id": "id"}


def test_the_killed_are_proposed_before_the_martyred():
    found = {one.field: one.column for one in propose_columns({"Shaheed": [], "Killed": []})}
    assert found == {"killed_total": "Killed", "killed_victims": "Shaheed"}


# --- notes about rows --------------------------------------------------------------------------------


def test_notes_about_rows_count_only_rows_that_are_accepted_in_the_end(read):
    # The identifier is looked at after the P-code: row 3 is refused when its note has been made.
    lines = ["A,2024-03-04,Bannu,PK599", "A,2024-03-05,Tank,PK599", "B,2024-03-06,Swat,PK598", "C,2024-03-07,Tank,x"]
    text = "incident_id,date,district,pcode\n" + "\n".join(lines) + "\n"
    for repeated, told in ((text, "3 rows have a P-code"), (text.replace("B,", "A,").replace("C,", "A,"), "1 row has")):
        result = read(repeated)
        (note,) = [note for note in note_words(result) if "P-code" in note]
        assert note.startswith(told)
        assert note.endswith("First: row 2, 'PK599'.")


def test_a_note_about_rows_that_are_all_refused_is_not_told(read):
    result = read("date,district,pcode\n2024-02-30,Bannu,PK599\n")
    assert result.n_accepted == 0
    assert not any("P-code" in note for note in note_words(result))


@pytest.mark.parametrize(("n_rows", "words"), [(1, "1 row has"), (2, "2 rows have"), (1200, "1,200 rows have")])
def test_a_note_speaks_of_one_row_and_of_several(read, n_rows, words):
    result = read("date,district,killed_total\n" + "2024-03-04,Bannu,nil\n" * n_rows)
    assert any(note.startswith(words) for note in note_words(result))


# --- any table ---------------------------------------------------------------------------------------

LINE = st.tuples(
    st.booleans(),
    st.sampled_from(["2024-03-04", "2024-03", "x"]),
    st.sampled_from(["", "Bannu", "Dir", "Total", "FATA"]),
    st.sampled_from(["", "pk503", "PK533", "PK602", "PK599"]),
    st.sampled_from(["", "1", "2"]),
    st.sampled_from(["", "3", "Nil", "-"]),
    st.sampled_from(["", "2", "nil"]),
)


@pytest.mark.case(45)
@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(cells=st.lists(LINE, min_size=1, max_size=8), seed=st.randoms())
def test_no_rule_loses_a_row_or_depends_on_the_order_of_rows(read, cells, seed):
    def outcome(lines: list[str]) -> object:
        result = read("incident_id,date,district,pcode,n_events,killed_total,killed_police\n" + "\n".join(lines) + "\n")
        rows = [{k: v for k, v in row.items() if k != "source_row"} for row in located(result)]
        assert all((row["pcode"] is None) == (row["district_method"] in ("outside", "none")) for row in rows)
        return sorted(map(repr, rows)), sorted(result.refused_rows["refused_because"].to_pylist())

    lines = [",".join([f"x{place}" if named else "", *rest]) for place, (named, *rest) in enumerate(cells)]
    shuffled = list(lines)
    seed.shuffle(shuffled)
    found = outcome(lines)
    assert found == outcome(shuffled)
    assert sum(map(len, found)) == len(lines)


def test_two_rows_of_one_district_and_period_are_told(read):
    result = read("District,Year,Incidents\nBannu,2024,10\nTank,2024,1\nBannu,2023,4\nBANNU,2024,10\n")
    assert result.n_accepted == 4
    told = [note for note in note_words(result) if "of an earlier row" in note]
    assert [note.split(" ")[0] for note in told] == ["1"]
    assert "row 5, 'BANNU'" in told[0]


@pytest.mark.case(27)
def test_an_identifier_cut_by_a_spreadsheet_program_is_made_from_the_content_and_said_once(read):
    text = (
        "incident_id,date,district\n2.02001E+11,2024-03-04,Bannu\n2.02001E+11,2024-03-05,Tank\n2E-11,2024-03-06,Tank\n"
    )
    result = read(text)
    assert (result.n_accepted, result.n_refused) == (3, 0)
    first, second, third = result.rows["source_event_id"].to_pylist()
    assert (third, len({first, second})) == ("2E-11", 2)
    assert not any("E+" in one for one in (first, second))
    [said] = [one for one in result.notes if one.kind is NoteKind.IDENTIFIERS_SHORTENED]
    assert (said.n_rows, said.first_row, said.values["identifier"]) == (2, 2, "2.02001E+11")
    # The same rows in another file are the same incidents.
    assert read(text).rows["source_event_id"].to_pylist() == [first, second, third]


PARTS = {"year": "Yr", "month": "Mo", "day": "Dy", "district": "Where"}


@pytest.mark.parametrize(
    ("name", "year", "month", "day", "place"),
    [
        ("gtd", "2020", "13", "5", 1),
        ("gtd", "2020", "2", "30", 2),
        ("gtd", "2020", "March", "5", 1),
        ("gtd", "2020", "3", "32", 2),
        ("gtd", "1900", "3", "5", 0),
        ("gtd", "0", "3", "5", 0),
        ("mapped", "2020", "13", "5", 1),
        ("mapped", "2020", "2", "30", 2),
        ("mapped", "2020", "2", "x", 2),
        ("mapped", "202", "2", "3", 0),
        ("gtd", "2020", "1|2", "5", 1),
        ("mapped", "2020", "1|2", "5", 1),
        ("mapped", "Total", "1", "5", 0),
        ("hdx", "2020", "13", "", 1),
        ("hdx", "2020", "Total", "", 1),
        ("hdx", "1900", "3", "", 0),
    ],
)
def test_the_part_of_a_date_that_cannot_be_is_named_with_its_cell(read, name, year, month, day, place):
    columns = {"gtd": ("iyear", "imonth", "iday"), "mapped": ("Yr", "Mo", "Dy"), "hdx": ("Year", "Month", "")}[name]
    if name == "gtd":
        result = read(table(gtd(iyear=year, imonth=month, iday=day)))
    elif name == "mapped":
        result = read(f"Yr,Mo,Dy,Where\n{year},{month},{day},Bannu\n", mapping=PARTS)
    else:
        result = read(HDX + f"Pakistan,KP,Bannu,PK503,{month},{year},3,1\n")
    (problem,) = result.problems
    assert (problem.row, problem.column, problem.value) == (2, columns[place], (year, month, day)[place])


def test_a_day_that_does_not_exist_is_written_out_when_it_comes_from_three_columns(read):
    text = "Yr,Mo,Dy,Where\n2020,13,5,Bannu\n2020,2,30,Bannu\n2020,2,28,Bannu\n"
    result = read(text, mapping=PARTS)
    assert [str(problem.message) for problem in result.problems][-1] == "There is no day 2020-02-30 in the calendar."


def test_a_later_row_of_an_identifier_is_refused_with_what_it_says_otherwise(read):
    lines = ["ID,Date,District,Killed", "A1,2024-01-12,Bannu,2", "A1,2024-01-12,Tank,1", "A2,2024-02-12,Tank,1"]
    result = read("\n".join([*lines, "A2,2024-02-12,Tank,1"]) + "\n")
    assert [problem.row for problem in result.problems] == [3, 5]
    other, same = result.problems
    assert (
        str(other.message)
        == "The identifier 'A1' is already used in row 2, which has other values in District, Killed."
    )
    assert str(same.message) == "The identifier 'A2' is already used in row 4."
    assert "write its parts in one row" in str(other.hint)
    assert [kind.n for kind in result.problem_kinds] == [1, 1]
