"""Tables of no known format: proposals are proposals, mappings are exact and can be passed on."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.ingest import preview_upload
from geo.ingest.mapping.column_proposals import propose_columns
from geo.ingest.mapping.fields import FIELDS
from geo.ingest.mapping.mappings import NamedMapping, from_toml, to_toml
from geo.ingest.mapping.word_proposals import propose_words
from geo.ingest.values.words import OWN_WORDS
from geo.problems import ProblemCode, RejectedUpload
from geo.schema import ATTACK_TYPES, TARGET_TYPES
from tests.unguarded import note_words

TABLE = (
    "Serial,When,Distt,Kind,Who,Dead,GPS Lat,GPS Lon\n"
    "7,04/03/2024,Bannu,bomb blast,TTP,2,32.99,70.60\n"
    "8,25/03/2024,Dir,firing,Daesh,,,\n"
)
COLUMNS = {
    "incident_id": "Serial",
    "date": "When",
    "district": "Distt",
    "attack_type": "Kind",
    "group": "Who",
    "killed_total": "Dead",
    "latitude": "GPS Lat",
    "longitude": "GPS Lon",
}
VALUES = {"attack_type": {"bomb blast": "ied", "firing": "armed_assault"}, "district": {"Dir": "PK535"}}


def proposed(columns: dict[str, list[str]]) -> dict[str, str]:
    return {proposal.field: proposal.column for proposal in propose_columns(columns)}


@pytest.mark.case(15)
def test_columns_are_proposed_by_name_close_name_and_content():
    columns = {
        "Event Date": ["x"],
        "Fatalites": ["1"],
        "k1": ["32.9", "33.1"],
        "k2": ["70.6", "71.0"],
        "k3": ["Bannu", "Tank", "elsewhere"],
        "k4": ["bomb blast", "firing"],
        "Remarks": ["a", "b"],
    }
    assert proposed(columns) == {
        "date": "Event Date",
        "killed_total": "Fatalites",
        "latitude": "k1",
        "longitude": "k2",
        "district": "k3",
        "attack_type": "k4",
    }


def test_a_column_of_whole_dates_is_no_part_of_a_date_whatever_its_name():
    assert proposed({"Day": ["03/04/2024", "17/05/2024"], "Zila": ["Bannu"]}) == {"date": "Day", "district": "Zila"}
    assert proposed({"Day": ["3", "17"], "Month": ["April"], "Year": ["2024"]}).keys() == {"day", "month", "year"}


def test_a_field_gets_one_column_and_a_column_one_field():
    found = propose_columns({"date": [], "dated": [], "location": [], "city": []})
    assert [proposal.column for proposal in found] == ["date", "location"]


def test_a_city_is_never_proposed_as_a_district():
    assert proposed({"city": ["Bannu", "Tank", "Kohat"]}) == {"place": "city"}


@pytest.mark.parametrize(
    ("field", "word", "code", "how"),
    [
        ("attack_type", "IED", "ied", "listed"),
        ("attack_type", "Bomb Blast", "ied", "alias"),
        ("attack_type", "kidnaping", "abduction", "close"),
        ("attack_type", "something else", None, "none"),
        ("target_type", "FC", "other_state_force", "alias"),
        ("initiator", "state", "state", "listed"),
        ("group", "Tehreek-e-Taliban Pakistan", "ttp", "alias"),
        ("group", "a new group", None, "none"),
        ("district", "Bannu", "PK503", "listed"),
        ("district", "Dir", None, "none"),
    ],
)
def test_words_are_proposed_as_listed_by_alias_close_or_not_at_all(field, word, code, how):
    (found,) = propose_words(field, [word])
    assert (found.code, found.how) == (code, how)


def test_a_mapped_table_is_read_by_the_rules_of_the_template(read):
    result = read(TABLE, mapping=COLUMNS, values=VALUES)
    assert (result.format, result.source, result.n_accepted) == ("mapped", "table", 2)
    first, second = result.rows.to_pylist()
    assert (first["date_start"], first["attack_type"], first["group_id"], first["killed_best"]) == (
        date(2024, 3, 4),
        "ied",
        "ttp",
        2,
    )
    assert (second["pcode_stated"], second["district_method"], second["district_reported"]) == (
        "PK535",
        "manual",
        "Dir",
    )
    assert first["raw"]["Who"] == "TTP"


def test_a_word_that_is_not_mapped_refuses_no_row_and_is_said(read):
    text = TABLE.replace("bomb blast", "a word")
    result = read(text, mapping=COLUMNS, values={"attack_type": {"firing": "armed_assault"}})
    assert (result.n_accepted, result.rows["attack_type"].to_pylist()) == (2, ["threat_other", "armed_assault"])
    assert result.rows["initiator"].to_pylist() == ["unknown", "militant"]
    assert result.rows["raw"][0].as_py()["Kind"] == "a word"
    assert any("“Kind”" in note and "as written: “a word” (1)" in note for note in note_words(result))


def test_a_date_in_three_columns_is_put_together(read):
    text = "Y,M,D,Town\n2024,3,4,Mir Ali\n2024,April,,Wana\n2024,,,Tank\n2024,13,1,Tank\n"
    result = read(text, mapping={"year": "Y", "month": "M", "day": "D", "place": "Town"})
    assert result.rows["date_start"].to_pylist() == [date(2024, 3, 4), date(2024, 4, 1), date(2024, 1, 1)]
    assert result.rows["date_precision"].to_pylist() == ["day", "month", "year"]
    assert result.problems[0].code is ProblemCode.DATE


def test_a_column_that_is_not_assigned_fills_nothing(read):
    result = read("when,place,killed_total\n2024-03-04,Wana,5\n", mapping={"date": "when", "place": "place"})
    assert result.rows["killed_best"].to_pylist() == [None]


def test_identifiers_of_two_layouts_never_meet(read):
    one = read("No,Day,Town\n1,2024-03-04,Wana\n", mapping={"incident_id": "No", "date": "Day", "place": "Town"})
    two = read(
        "No,Date of,Town\n1,2024-03-04,Wana\n", mapping={"incident_id": "No", "date": "Date of", "place": "Town"}
    )
    assert one.rows["incident_id"][0] != two.rows["incident_id"][0]


@pytest.mark.parametrize(
    ("mapping", "code"),
    [
        ({"date": "When"}, ProblemCode.MISSING),
        ({"district": "Distt"}, ProblemCode.MISSING),
        (COLUMNS | {"place": "Nowhere"}, ProblemCode.COLUMNS),
        (COLUMNS | {"weather": "Kind"}, ProblemCode.COLUMNS),
    ],
)
def test_an_unusable_mapping_is_refused(refusal, mapping, code):
    assert [problem.code for problem in refusal(TABLE, mapping=mapping).problems] == [code]


def test_a_mapping_to_a_code_that_is_not_listed_is_refused(refusal):
    values = {"attack_type": {"firing": "shooting"}, "district": {"Dir": "PK999"}, "group": {"x": "no such"}}
    found = refusal(TABLE, mapping=COLUMNS, values=values)
    assert [problem.code for problem in found.problems] == [ProblemCode.CATEGORY] * 3


WORDS = st.text(st.characters(blacklist_categories=("Cs",)), max_size=12)


@given(
    name=WORDS,
    columns=st.dictionaries(st.sampled_from(sorted(FIELDS)), WORDS),
    words=st.dictionaries(WORDS, st.just("ied")),
)
def test_a_mapping_survives_export_and_import(name, columns, words):
    mapping = NamedMapping(name, columns | {"date": "d", "place": "p"}, {"attack_type": words}, "DMY", ",")
    assert from_toml(to_toml(mapping)) == mapping


@pytest.mark.parametrize(
    "text",
    [
        "not toml",
        "name = 'x'",
        "name = 'x'\ncolumns = 5",
        "surprise = 1\n[columns]\ndate = 'd'\nplace = 'p'",
        "[columns]\ndate = 'd'",
        "[columns]\ndate = 'd'\nplace = 'p'\n[values.attack_type]\nx = 'nuke'",
        "[columns]\ndate = 'd'\nplace = 'p'\n[values]\nattack_type = 3",
    ],
)
def test_a_mapping_file_that_is_not_one_is_refused(text):
    with pytest.raises(RejectedUpload):
        from_toml(text, "own.toml")


def test_a_named_mapping_gives_options_and_answers_win():
    mapping = NamedMapping("x", COLUMNS, VALUES, date_order="DMY")
    options = mapping.options()
    assert (options.mapping, options.date_order) == (COLUMNS, "DMY")


def test_the_shipped_words_mean_codes_that_exist():
    assert set(OWN_WORDS["attack_type"].values()) <= set(ATTACK_TYPES)
    assert set(OWN_WORDS["target_type"].values()) <= set(TARGET_TYPES)


def test_a_preview_shows_rows_words_and_proposals(tmp_path, limits):
    path = tmp_path / "upload"
    path.write_text(TABLE)
    preview = preview_upload(path, "own.csv", limits=limits)
    assert (preview.format, preview.n_rows, preview.columns[0]) == (None, 2, "Serial")
    assert preview.rows[1][2] == "Dir"
    assert dict(preview.words)["Who"] == (("Daesh", 1), ("TTP", 1))
    assert {"date", "district", "latitude", "longitude"} <= {proposal.field for proposal in preview.proposals}


def test_a_preview_of_what_is_no_table_is_refused(tmp_path, limits):
    path = tmp_path / "upload"
    path.write_bytes(b"%PDF-1.7")
    with pytest.raises(RejectedUpload):
        preview_upload(path, "own.csv", limits=limits)


@pytest.mark.parametrize("given", ["4", "true", "[1, 2]", "1.5", '{a = "b"}', "2024-03-04", "[]"])
def test_a_column_that_is_no_name_is_refused(given):
    with pytest.raises(RejectedUpload, match="unknown parts or lacks its columns"):
        from_toml(f'name = "mine"\n[columns]\ndate = "when"\ndistrict = {given}\n')
