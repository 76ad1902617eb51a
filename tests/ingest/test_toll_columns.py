"""Columns of one side of a toll each: all are proposed and summed, a total counts once, none is lost in silence."""

from __future__ import annotations

import pytest

from geo.ingest.mapping.column_proposals import propose_columns
from geo.ingest.mapping.mappings import NamedMapping, from_toml, to_toml
from geo.ingest.mapping.toll_columns import propose_tolls
from geo.ingest.notes import NoteKind, note_text
from tests.unguarded import note_words


def proposed(text: str) -> dict[str, str | list[str]]:
    """The mapping that is proposed for a table, as a person confirms it without a change."""
    lines = [line.split(",") for line in text.strip().split("\n")]
    texts = {name: [line[place] for line in lines[1:]] for place, name in enumerate(lines[0])}
    mapping: dict[str, list[str]] = {}
    for one in propose_columns(texts):
        mapping.setdefault(one.field, []).append(one.column)
    return {field: names[0] if len(names) == 1 else names for field, names in mapping.items()}


def column(result, name: str) -> list[object]:
    return result.rows[name].to_pylist()


FORCES = (
    "S#,Date,District,Police Shaheed,Army Shaheed,FC Shaheed,Levies Shaheed,Civilians Shaheed,Khawarij killed,"
    "Police Injured\n1,2024-03-04,Bannu,1,2,3,1,0,5,4\n"
)
SATP = "S.No,Date,District,Civilians,SFs,Terrorists,Total\n1,2014-03-04,Bannu,1,2,3,6\n2,2014-03-05,Tank,0,1,0,1\n"
STRIKES = "S#,Date,City,Province,No of Strike,Total Died\n1,2011-03-17,Wana,FATA,1,44\n2,2012-05-28,Wana,FATA,2,9\n"
RANGES = (
    "strikes,date,region,militants-killed-low,militants-killed-high,civilians-killed-low,civilians-killed-high,"
    "total-killed-low,total-killed-high\n1,2009-06-19,Bannu,1,3,0,1,4,7\n"
)


def test_columns_of_several_forces_are_all_proposed_and_summed_by_side(read):
    mapping = proposed(FORCES)
    assert mapping["killed_military"] == ["Army Shaheed", "FC Shaheed", "Levies Shaheed"]
    result = read(FORCES, mapping=mapping)
    parts = ("killed_police", "killed_military", "killed_civilian", "killed_militant", "killed_best", "injured")
    assert [column(result, name)[0] for name in parts] == [1, 6, 0, 5, 12, 4]
    assert any("Army Shaheed + FC Shaheed + Levies Shaheed" in note for note in note_words(result))


def test_columns_that_name_only_the_side_are_a_toll_where_there_are_several(read):
    mapping = proposed(SATP)
    assert {field: mapping[field] for field in mapping if field.startswith("killed")} == {
        "killed_civilian": "Civilians",
        "killed_forces": "SFs",
        "killed_militant": "Terrorists",
        "killed_total": "Total",
    }
    result = read(SATP, mapping=mapping)
    assert column(result, "killed_best") == [6, 1]
    assert (column(result, "killed_civilian"), column(result, "killed_militant")) == ([1, 0], [3, 0])


def test_without_its_total_such_a_table_is_summed_from_its_sides_only_if_a_person_says_so(read):
    text = "\n".join(line.rsplit(",", 1)[0] for line in SATP.strip().split("\n")) + "\n"
    assert column(read(text, mapping=proposed(text)), "killed_best") == [6, 1]
    result = read(text)
    assert column(result, "killed_best") == [None, None]
    (told,) = [note for note in note_words(result) if "look like" in note]
    assert all(name in told for name in ("Civilians", "SFs", "Terrorists"))


@pytest.mark.parametrize(
    ("columns", "cells", "killed", "left_out"),
    [
        ("Police,Militants,Injured", "30,12,1", None, "Police, Militants"),
        ("No of IEDs,Attackers,Civilians", "3,2,50", None, "Attackers, Civilians"),
        ("Suspects,Police,Civilians,Arrested", "1,20,2,3", None, "Police, Civilians"),
        ("Terrorists,Police,Injured,Killed", "6,20,2,2", 2, "Terrorists, Police"),
        ("Police,Militants,Total,Women killed", "6,20,26,2", None, "Police, Militants, Total, Women killed"),
        ("Civilians,SFs,Terrorists,Total", "1,2,3,6", 6, ""),
        ("Civilians,SFs,Terrorists,Total,Injured", "1,2,3,6,9", 6, ""),
        ("Civilians,SFs,Incidents of killing", "1,2,1", 3, "Incidents of killing"),
        ("Civilians,Total", "1,2", None, "Civilians, Total"),
    ],
)
def test_sides_without_a_verb_are_deaths_only_beside_a_total_and_no_other_deaths(
    read, columns, cells, killed, left_out
):
    result = read(f"Date,District,{columns}\n2024-03-05,Bannu,{cells}\n")
    assert column(result, "killed_best") == [killed]
    if killed != sum(map(int, cells.split(",")[:2])):
        assert column(result, "killed_police") == [None]
    told = [note for note in note_words(result) if "look like" in note]
    assert any(f": {left_out}." in note for note in told) if left_out else not told


@pytest.mark.parametrize(
    ("columns", "cells", "killed", "injured"),
    [
        ("Officers killed,Civilians killed", "3,2", 2, None),
        ("Officials injured,Injured", "1,4", None, 4),
        ("Police officials killed,Security agencies killed", "1,3", 3, None),
        ("Persons killed,Number of people injured", "1,3", 1, 3),
        ("All officers killed", "1", None, None),
    ],
)
def test_words_of_a_group_stand_beside_a_side_and_are_no_total_alone(read, columns, cells, killed, injured):
    result = read(f"Date,District,{columns}\n2024-03-05,Bannu,{cells}\n")
    assert (column(result, "killed_best"), column(result, "injured")) == ([killed], [injured])
    for name in columns.split(","):
        if name.split()[0] in ("Officers", "Officials", "All"):
            assert any("look like" in note and name in note for note in note_words(result))


@pytest.mark.parametrize(
    "name",
    [
        "% killed",
        "Killed %",
        "Injured (%)",
        "Police killed (%)",
        "killed per cent",
        "death rate",
        "Fatality ratio",
        "Percentage killed",
        "Attacks (%)",
        "Killed (٪)",
    ],
)
def test_a_share_or_a_rate_is_no_toll(read, name):
    text = f"Date,District,{name}\n2024-03-05,Bannu,12\n"
    assert set(proposed(text)) == {"date", "district"}
    result = read(text)
    assert [column(result, one) for one in ("killed_best", "killed_police", "injured")] == [[None]] * 3
    assert any("not used" in note and name in note for note in note_words(result))


def test_a_share_does_not_stand_for_the_number_in_tables_of_districts_either(read):
    text = "District,Year,Incidents,Killed %,Injured (%)\nBannu,2024,3,40,50\n"
    result = read(text)
    assert (column(result, "killed_best"), column(result, "injured")) == ([None], [None])


def test_a_column_that_names_only_a_side_is_no_toll_by_itself():
    assert "killed_civilian" not in proposed("Date,District,Civilians\n2024-03-04,Bannu,1\n")
    assert "killed_police" not in proposed("Date,District,Police,Army\n2024-03-04,Bannu,City,Peshawar\n")


def test_people_who_died_in_total_are_the_toll(read):
    mapping = proposed(STRIKES)
    assert (mapping["killed_total"], mapping["n_events"]) == ("Total Died", "No of Strike")
    result = read(STRIKES, mapping=mapping)
    assert (column(result, "killed_best"), column(result, "n_events")) == ([44, 9], [1, 2])


def test_two_columns_for_the_least_and_the_most_are_a_range(read):
    mapping = proposed(RANGES)
    assert (mapping["killed_total_low"], mapping["killed_total_high"]) == ("total-killed-low", "total-killed-high")
    result = read(RANGES, mapping=mapping)
    assert [column(result, f"killed_{name}")[0] for name in ("best", "low", "high")] == [4, 4, 7]
    assert (column(result, "killed_militant"), column(result, "killed_civilian")) == ([1], [0])
    (told,) = [note for note in note_words(result) if "look like" in note]
    assert "militants-killed-high" in told
    assert "civilians-killed-high" in told
    assert "total" not in told


@pytest.mark.parametrize(
    ("low", "high", "toll"),
    [("4", "7", (4, 4, 7)), ("", "7", (7, None, 7)), ("4", "", (4, 4, None)), ("7", "4", (4, 4, 7))],
)
def test_a_range_of_which_one_end_is_missing_or_exchanged(read, low, high, toll):
    text = f"Date,District,Killed Min,Killed Max\n2024-03-04,Bannu,{low},{high}\n"
    result = read(text, mapping=proposed(text))
    assert tuple(column(result, f"killed_{name}")[0] for name in ("best", "low", "high")) == toll


def test_a_best_figure_beside_a_range_counts(read):
    text = "Date,District,Killed,Killed Min,Killed Max\n2024-03-04,Bannu,5,4,7\n"
    result = read(text, mapping=proposed(text))
    assert [column(result, f"killed_{name}")[0] for name in ("best", "low", "high")] == [5, 4, 7]


@pytest.mark.parametrize(
    ("columns", "named"),
    [
        ("Killed max", "Killed max"),
        ("Police killed max", "Police killed max"),
        ("Injured maximum", "Injured maximum"),
        ("Killed min,Killed max", ""),
        ("Killed", ""),
    ],
)
def test_a_largest_figure_without_another_is_named(read, columns, named):
    result = read(f"Date,District,{columns}\n2024-03-04,Bannu,{','.join('5' for _ in columns.split(','))}\n")
    told = [str(note_text(note)) for note in result.notes if note.kind is NoteKind.UPPER_FIGURES]
    assert [named in note for note in told] == ([True] if named else [])


@pytest.mark.parametrize(("killed", "n"), [("5", 0), ("4", 0), ("7", 0), ("9", 1), ("1", 1), ("", 0)])
def test_a_stated_figure_outside_its_range_is_kept_and_noted(read, killed, n):
    result = read(f"Date,District,Killed,Killed Min,Killed Max\n2024-03-04,Bannu,{killed},4,7\n")
    assert column(result, "killed_best") == [int(killed or 4)]
    assert len([note for note in note_words(result) if "outside the range" in note]) == n


@pytest.mark.parametrize(
    ("columns", "field", "chosen"),
    [
        # one side written twice is one part
        ("Police killed,Police martyred", "killed_police", "Police killed"),
        ("Army killed,Military killed", "killed_military", "Army killed"),
        ("CTD martyred,Police martyred", "killed_police", ["CTD martyred", "Police martyred"]),
        ("Injured,Police Injured,Civilians Injured", "injured_total", "Injured"),
        ("Police Injured,Civilians Injured", "injured_total", ["Police Injured", "Civilians Injured"]),
        ("Police Injured,Total Injured", "injured_total", "Total Injured"),
        ("Injured Min,Injured Max", "injured_total", "Injured Min"),
        ("Injured Max", "injured_total", "Injured Max"),
        ("Police killed min,Police killed max,Police killed", "killed_police", "Police killed"),
        ("Police killed max,Police killed min", "killed_police", "Police killed min"),
        ("Injured Min,Injured,Injured Max", "injured_total", "Injured"),
        ("Mil KIA,Civ KIA", "killed_military", "Mil KIA"),
        ("Mil KIA,Civ KIA", "killed_civilian", "Civ KIA"),
        ("Killed Max", "killed_total", "Killed Max"),
        ("Total killed,Killed", "killed_total", "Total killed"),
        ("nkill,nkillter", "killed_militant", "nkillter"),
        ("Security forces killed,Militants killed", "killed_forces", "Security forces killed"),
        ("No. of Policemen Martyred", "killed_police", "No. of Policemen Martyred"),
        ("Terrorists neutralised", "killed_militant", "Terrorists neutralised"),
        ("Casualties (Killed),Casualties (Injured)", "killed_total", "Casualties (Killed)"),
        ("Frontier Corps (FC) martyred", "killed_military", "Frontier Corps (FC) martyred"),
        ("Militants/Terrorists killed", "killed_militant", "Militants/Terrorists killed"),
        ("Army KIA,FC KIA", "killed_military", ["Army KIA", "FC KIA"]),
        ("پولیس شہید,شہری شہید", "killed_police", "پولیس شہید"),
        ("عام شہری جاں بحق", "killed_civilian", "عام شہری جاں بحق"),
    ],
)
def test_parts_are_proposed_once_and_a_total_before_its_parts(columns, field, chosen):
    values = ",".join("1" for _ in columns.split(","))
    assert proposed(f"Date,District,{columns}\n2024-03-04,Bannu,{values}\n")[field] == chosen


@pytest.mark.parametrize("name", ["Civilian casualties", "Police and Army killed", "Killed/Injured", "Women killed"])
def test_a_name_with_two_meanings_is_proposed_for_nothing_and_named(read, name):
    text = f"Date,District,{name},Remarks\n2024-03-04,Bannu,1,2\n"
    mapping = proposed(text)
    assert name not in mapping.values()
    (told,) = [note for note in note_words(read(text, mapping=mapping)) if "look like" in note]
    assert name in told


def test_forces_as_one_figure_and_in_two_are_not_counted_twice(read):
    text = "Date,District,SFs killed,Police killed,Army killed,Civilians killed\n2024-03-04,Bannu,4,3,1,2\n"
    result = read(text, mapping=proposed(text))
    assert (column(result, "killed_best"), column(result, "killed_police")) == ([6], [3])


@pytest.mark.parametrize("cells", [("0", ""), ("", "")])
def test_a_part_of_which_some_columns_are_blank_is_zero_only_where_all_state_it(read, cells):
    text = f"Date,District,Army killed,FC killed\n2024-03-04,Bannu,{','.join(cells)}\n2024-03-04,Bannu,0,0\n"
    assert column(read(text, mapping=proposed(text)), "killed_military") == [None, 0]


def test_columns_that_look_like_a_toll_and_are_left_out_are_named(read):
    text = "When,Distt,Killed,Women killed,Police Injured,Death anniversary,Casualties\n2024-03-04,Bannu,3,1,2,x,9\n"
    result = read(text, mapping={"date": "When", "district": "Distt", "killed_total": "Killed"})
    (told,) = [note for note in note_words(result) if "look like" in note]
    assert [name in told for name in ("Women killed", "Police Injured", "Casualties")] == [True, True, True]
    assert "anniversary" not in told
    assert not any(
        "look like" in note
        for note in note_words(read("When,Distt\n2024-03-04,Bannu\n", mapping={"date": "When", "district": "Distt"}))
    )


def test_a_mapping_of_several_columns_survives_export_and_import():
    mapping = NamedMapping("x", {"date": "d", "place": "p", "killed_military": ("Army", "FC")})
    assert from_toml(to_toml(mapping)) == mapping
    assert 'killed_military" = ["Army", "FC"]' in to_toml(mapping)


@pytest.mark.parametrize("field", ["date", "district", "attack_type"])
def test_only_counts_may_have_several_columns(refusal, field):
    mapping = {"date": "a", "district": "b"} | {field: ["a", "c"]}
    (problem,) = refusal("a,b,c\n2024-03-04,Bannu,x\n", mapping=mapping).problems
    assert "one column" in str(problem.message)


@pytest.mark.parametrize(
    ("name", "cells", "is_said"),
    [
        ("Killed/Injured", ("7", "1"), True),
        ("Casualties", ("2 killed or injured", "7"), True),
        ("Deaths and injuries", ("2 or 3", "1"), True),
        ("Date of death", ("2024-03-04", "5 March 2024"), False),
        ("Cause of death", ("blast", "firing"), False),
    ],
)
def test_a_toll_that_shares_a_cell_with_another_is_said_to_be_left_out(read, name, cells, is_said):
    rows = "".join(f'2024-03-0{k},Bannu,"{cell}"\n' for k, cell in enumerate(cells, start=1))
    found = read(f"date,district,{name}\n{rows}")
    assert found.rows["killed_best"].to_pylist() == [None, None]
    left = [note.values["columns"] for note in found.notes if note.kind is NoteKind.TOLLS_LEFT_OUT]
    assert left == ([name] if is_said else [])


@pytest.mark.parametrize(
    ("columns", "cells", "tolls", "left_out"),
    [
        # columns: killed in total, police, civilians, militants, injured
        ("Terrorists,Civilians,Policemen,Wounded", "5,1,2,7", (None, None, None, None, 7), "Policemen"),
        ("Terrorists,Civilians,Policemen,Total,Wounded", "5,1,2,8,7", (8, 2, 1, 5, 7), ""),
        ("Terrorists killed,Civilians martyred,Policemen martyred,Wounded", "5,1,2,7", (8, 2, 1, 5, 7), ""),
        ("Police Shaheed,CTD Shaheed,Fatalities,Police Injured,Army Injured", "1,2,9,3,4", (9, 3, None, None, 7), ""),
        ("Total", "4", (None, None, None, None, None), "Total"),
        ("Killed min,Killed max", "4,6", (4, None, None, None, None), ""),
    ],
)
def test_a_table_of_districts_and_years_reads_its_tolls_like_any_other(read, columns, cells, tolls, left_out):
    result = read(f"District,Year,Remarks,Incidents,{columns}\nBannu,2024,none,3,{cells}\n")
    assert result.format == "district_totals"
    names = ("killed_best", "killed_police", "killed_civilian", "killed_militant", "injured")
    assert tuple(column(result, name)[0] for name in names) == tolls
    notes = note_words(result)
    assert any("not used" in note and "Remarks" in note for note in notes)
    told = [note for note in notes if "look like" in note]
    assert any(left_out in note for note in told) if left_out else not told


def test_the_sides_of_a_table_of_incidents_of_killing_are_deaths(read):
    text = "District,Year,Incidents of Killing,Civilians,Security Forces,Not Specified\nBannu,2024,3,1,2,4\n"
    result = read(text)
    assert (column(result, "killed_best"), column(result, "killed_civilian")) == ([7], [1])


@pytest.mark.parametrize(
    ("columns", "named"),
    [
        ("Police killed,Women killed", "Women killed"),
        ("Police killed,Women killed,Total killed", ""),
        ("Police killed,Police martyred", ""),
        ("Police killed,Officers injured", ""),
        ("Police injured,Officers injured", "Officers injured"),
        ("Injured,Officers injured", ""),
        ("Police killed,Militants", ""),
        ("militants-killed-low,militants-killed-high", ""),
    ],
)
def test_a_sum_of_parts_says_that_a_part_is_left_out(read, columns, named):
    result = read(f"Date,District,{columns}\n2024-03-04,Bannu,{','.join('2' for _ in columns.split(','))}\n")
    told = [note for note in note_words(result) if "may be too low" in note]
    assert [named in note for note in told] == ([True] if named else [])


def test_short_names_of_the_army_and_of_civilians_are_sides(read):
    result = read("Date,District,Mil KIA,Civ KIA\n2024-03-04,Bannu,2,3\n")
    names = ("killed_best", "killed_military", "killed_civilian")
    assert [column(result, name) for name in names] == [[5], [2], [3]]


@pytest.mark.parametrize(
    ("columns", "cells", "killed", "injured", "left_out"),
    [
        ("Men killed,Women killed,Children killed", "1,3,4", 8, None, ""),
        ("No. of women killed,Children killed (nos.)", "3,4", 7, None, ""),
        ("Men injured,Women injured,Children injured", "1,3,4", None, 8, ""),
        ("Women killed,Children killed,Women injured,Children injured", "3,4,1,0", 7, 1, ""),
        # Both sexes are everybody: children may be among them.
        ("Male killed,Female killed,Children killed", "5,3,4", 8, None, "Children killed"),
        # With a total, or with the sides of it, they are parts of what is stated already.
        ("Men killed,Women killed,Children killed,Total killed", "1,3,4,9", 9, None, "Men killed, Women killed"),
        ("Men killed,Women killed,Killed min,Killed max", "1,3,4,9", 4, None, "Men killed, Women killed"),
        ("Police killed,Civilians killed,Women killed,Children killed", "2,5,3,1", 7, None, "Women killed"),
        ("Men injured,Women injured,Injured", "1,3,9", None, 9, "Men injured, Women injured"),
        # One alone is not everybody.
        ("Women killed", "3", None, None, "Women killed"),
        ("Women killed (%),Men killed (%)", "40,60", None, None, ""),
        ("Women arrested,Men arrested", "4,6", None, None, ""),
    ],
)
def test_men_women_and_children_are_a_toll_only_where_nothing_else_states_one(
    read, columns, cells, killed, injured, left_out
):
    result = read(f"Date,District,{columns}\n2024-03-05,Bannu,{cells}\n")
    assert (column(result, "killed_best"), column(result, "injured")) == ([killed], [injured])
    told = [note for note in note_words(result) if "look like" in note]
    assert any(left_out in note for note in told) if left_out else not told
    said = any("the least that it can be" in note for note in note_words(result))
    assert said == ((killed in (7, 8) and "Police" not in columns) or injured == 8)


def test_of_men_women_and_children_a_missing_figure_is_not_zero(read):
    text = "Date,District,Men killed,Women killed\n2024-03-05,Bannu,2,\n2024-03-06,Bannu,,\n2024-03-07,Bannu,0,\n"
    assert column(read(text), "killed_best") == [2, None, None]


@pytest.mark.parametrize(
    ("name", "cells", "days"),
    [
        ("Quarter", ("Q2", "Q4"), (("2023-04-01", "2023-06-30"), ("2023-10-01", "2023-12-31"))),
        ("Quarter", ("2", "1"), (("2023-04-01", "2023-06-30"), ("2023-01-01", "2023-03-31"))),
        ("Qtr.", ("Apr-Jun", "2023 Q3"), (("2023-04-01", "2023-06-30"), ("2023-07-01", "2023-09-30"))),
        ("Quarter", ("", "Quarter 1"), (("2023-01-01", "2023-12-31"), ("2023-01-01", "2023-03-31"))),
    ],
)
def test_a_quarter_beside_the_year_is_the_period_of_a_row_of_totals(read, name, cells, days):
    lines = "".join(f"Bannu,2023,{cell},3\n" for cell in cells)
    result = read(f"District,Year,{name},Incidents\n{lines}")
    assert (result.format, result.n_refused) == ("district_totals", 0)
    found = zip(column(result, "date_start"), column(result, "date_end"), strict=True)
    assert [(str(first), str(last)) for first, last in found] == list(days)
    assert not any("not used" in note for note in note_words(result))
    assert not any("same district" in note for note in note_words(result))


def test_a_quarter_that_is_none_refuses_the_row(read):
    result = read("District,Year,Quarter,Incidents\nBannu,2023,Q7,3\nTank,2023,5,2\nSwat,2023,Q1,1\n")
    assert (result.n_accepted, [problem.column for problem in result.problems]) == (1, ["Quarter", "Quarter"])


def test_months_count_before_quarters(read):
    result = read("District,Year,Quarter,Month,Incidents\nBannu,2023,Q2,May,3\n")
    assert str(column(result, "date_start")[0]) == "2023-05-01"
    assert any("not used" in note and "Quarter" in note for note in note_words(result))


def test_the_questions_of_a_form_are_names_of_tolls_too(read):
    names = "How many people were killed?,How many of them were police?,How many were injured?"
    found = read(f"Date of the incident,District,{names},Were any militants killed?\n2024-03-05,Bannu,3,1,4,yes\n")
    assert (column(found, "killed_best"), column(found, "injured")) == ([3], [4])
    assert column(found, "killed_militant") == [None]


def test_two_forces_in_one_column_are_one_part_unless_one_of_them_has_its_own(read):
    head = "Date,District,Type,Police,Army/FC,Civilians,Terrorists,Total\n2024-03-01,Bannu,IED blast,1,2,3,4,10\n"
    found = read(head)
    assert found.rows["killed_best"].to_pylist() == [10]
    assert found.rows["killed_military"].to_pylist() == [2]
    counts = {"Army/FC killed": ["2", "1"], "FC killed": ["1", "0"], "Army killed": ["1", "1"]}
    assert propose_tolls(counts) == {"killed_military": ["FC killed", "Army killed"]}


def test_an_abbreviation_of_militants_and_of_the_military_is_left_to_a_person():
    counts = {"SF Killed": ["1", "0"], "Mil Killed": ["6", "0"], "Total Killed": ["7", "0"]}
    assert propose_tolls(counts) == {"killed_forces": ["SF Killed"], "killed_total": ["Total Killed"]}


@pytest.mark.parametrize("name", ["Shaheed/Killed", "Killed/Martyred", "Dead / Shaheed", "Martyred or killed"])
def test_killed_and_martyred_in_one_name_are_everybody_who_died(read, name):
    result = read(f"date,district,{name}\n2024-03-04,Bannu,2\n")
    assert result.rows["killed_best"].to_pylist() == [2]


@pytest.mark.parametrize("name", ["Killed/Injured", "Martyred & Injured"])
def test_killed_and_injured_in_one_name_are_no_toll(read, name):
    assert read(f"date,district,{name}\n2024-03-04,Bannu,2\n").rows["killed_best"].null_count == 1
