"""Tables whose columns say by name what they hold are read without a mapping; what is read is said."""

from __future__ import annotations

import json
from datetime import date

import pytest

from geo.analysis.locating import locate
from geo.districts import load
from geo.ingest import question_for
from geo.ingest.mapping.plain import plain_columns
from geo.ingest.notes import NoteKind
from geo.problems import ProblemCode


def notes(result, kind: NoteKind):
    return [note for note in result.notes if note.kind is kind]


def columns_of(result, *names: str) -> list[dict]:
    return result.rows.select(list(names)).to_pylist()


def pcodes(result) -> list[str | None]:
    return locate.assign_districts(result.rows, load())["pcode"].to_pylist()


@pytest.mark.parametrize("name", ["Terrorist Attacks", "Total Incidents", "No. of Cases", "واقعات کی تعداد"])
def test_a_table_of_totals_counts_as_many_incidents_as_it_says(read, name):
    found = read(f"District,Year,{name},Deaths\nBannu,2022,14,20\nBannu,2023,33,41\n")
    assert found.rows["n_events"].to_pylist() == [14, 33]
    assert found.rows["killed_best"].to_pylist() == [20, 41]


@pytest.mark.parametrize(
    ("title", "proposed"),
    [
        ("Terrorist attacks in KP", "incidents"),
        ("Militants", "incidents"),
        ("People killed in terrorist attacks", "people"),
    ],
)
def test_a_word_for_people_alone_does_not_say_that_people_are_counted(refusal, title, proposed):
    refused = refusal(f"{title},,\nDistrict,2022,2023\nBannu,5,8\nTank,3,4\n")
    assert refused.problems[0].hint.values["proposed"] == proposed


@pytest.mark.parametrize("name", ["Incident", "Attack", "What happened?"])
def test_short_cells_that_say_a_kind_of_attack_are_kinds(read, name):
    found = read(f"Date,District,{name},Killed\n2024-01-15,Bannu,IED blast,1\n2024-01-16,Tank,Ambush,3\n")
    assert found.rows["attack_type"].to_pylist() == ["ied", "ambush"]
    report = "Two soldiers were killed in an IED blast near Mir Ali on Monday"
    found = read(f"Date,District,{name},Killed\n2024-01-15,Bannu,{report},1\n2024-01-16,Tank,{report} too,3\n")
    assert found.rows["attack_type"].to_pylist() == ["unknown", "unknown"]


def test_a_short_text_that_alone_states_the_place_stays_a_text(read):
    found = read("Date,Incident\n2024-01-05,Blast in Tank\n2024-01-06,Firing in Bannu\n")
    assert {problem.code for problem in found.problems} == {ProblemCode.PLACE_TO_CONFIRM}


def test_exact_names_need_no_mapping_and_the_reading_is_said(read):
    found = read("date,district,killed,Remarks\n2024-01-05,Bannu,2,x\n2024-02-05,Tank,1,y\n")
    assert found.format == "plain"
    assert found.rows["killed_best"].to_pylist() == [2, 1]
    [used] = notes(found, NoteKind.COLUMNS_READ)
    assert "“killed”: people killed, all sides" in str(used.values["columns"])
    [left] = notes(found, NoteKind.COLUMNS_NOT_USED)
    assert left.values["columns"] == "Remarks"


@pytest.mark.parametrize(
    "header",
    [
        "Zeit,Ort,killed",  # no names in use
        "date,killed,injured",  # no place
        "district,killed,injured",  # no date
        "Dates of it,district,killed",  # a similar name is only a proposal
    ],
)
def test_other_tables_are_matched_by_a_person(refusal, header):
    assert {one.code for one in refusal(f"{header}\na,b,c\n").problems} == {ProblemCode.COLUMNS}


def test_serial_numbers_identify_nothing():
    assert plain_columns(["S.No", "Date", "District"]) == {"date": "Date", "district": "District"}
    assert plain_columns(["Event ID", "Date", "District"])["incident_id"] == "Event ID"


def test_two_files_of_one_layout_with_the_same_running_numbers_are_different_incidents(read):
    first = read("S.No,Date,District,Killed\n1,2024-01-05,Bannu,2\n")
    second = read("S.No,Date,District,Killed\n1,2024-02-05,Tank,1\n")
    assert first.rows["incident_id"].to_pylist() != second.rows["incident_id"].to_pylist()


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("Killed (Nos.)", "killed_total"),
        ("Injured [persons]", "injured_total"),
        ("Date (dd/mm/yyyy)", "date"),
        ("Date (UTC)", "date"),
        ("Latitude (decimal degrees)", "latitude"),
    ],
)
def test_a_unit_behind_a_name_does_not_hide_it(name, field):
    found = plain_columns(["event_date" if field != "date" else "remarks", "district", "longitude", name])
    assert found is not None
    assert found[field] == name


def test_a_side_behind_a_name_is_not_a_unit():
    found = plain_columns(["date", "district", "Killed (police)"])
    assert "killed_total" not in found


@pytest.mark.parametrize(
    ("lat", "lon"),
    [
        ("_Location_latitude", "_Location_longitude"),
        ("Location (latitude)", "Location (longitude)"),
        ("target-latitude", "target-longitude"),
        ("gps:Latitude", "gps:Longitude"),
        ("group/place_lat", "group/place_lon"),
    ],
)
def test_points_of_survey_programs_are_found_by_the_ends_of_their_names(read, lat, lon):
    accuracy = lat.replace("latitude", "precision").replace("Latitude", "Accuracy")
    header = f"date,{lat},{lon},{accuracy}" if accuracy != lat else f"date,{lat},{lon},x"
    found = read(f"{header}\n2024-01-05,32.98,70.60,4.5\n")
    assert (found.format, pcodes(found)) == ("plain", ["PK503"])
    assert found.rows["geo_precision"].to_pylist() == ["near"]


def test_rows_of_other_countries_are_outside_and_name_no_district_of_ours(read):
    found = read("date,country,district,killed\n2024-01-05,Afghanistan,Swabi,2\n2024-01-06,Pakistan,Swabi,1\n")
    assert pcodes(found) == [None, "PK531"]
    assert [note.n_rows for note in notes(found, NoteKind.OTHER_COUNTRIES)] == [1]


def test_a_search_on_the_site_of_gtd_is_gtd(read):
    header = "GTD ID,DATE,COUNTRY,CITY,PERPETRATOR GROUP,FATALITIES,INJURED,TARGET TYPE\n"
    rows = "202012280010,2020-12-28,Pakistan,Bannu,Unknown,1,Unknown,Police\n"
    rows += "202012280011,2020-12-28,India,Karachi,X,1,1,NGO\n"
    found = read(header + rows)
    assert (found.format, found.source) == ("gtd_search", "gtd")
    assert pcodes(found) == ["PK503", None]
    assert columns_of(found, "source_event_id", "target_type", "initiator", "killed_best", "injured") == [
        {
            "source_event_id": "202012280010",
            "target_type": "police",
            "initiator": "militant",
            "killed_best": 1,
            "injured": None,
        },
        {
            "source_event_id": "202012280011",
            "target_type": "ngo_un",
            "initiator": "militant",
            "killed_best": 1,
            "injured": 1,
        },
    ]


def test_a_part_of_gtd_without_identifiers_is_gtd(read):
    header = "iyear,imonth,iday,provstate,city,latitude,longitude,attacktype1_txt,targtype1_txt,gname,nkill,nkillter,"
    header += "nwound\n"
    rows = "2017,12,4,Khyber Pakhtunkhwa,Peshawar,34.006,71.537,Bombing/Explosion,Military,Unknown,1.0,1.0,-99\n"
    found = read(header + rows + rows)
    assert (found.format, found.source) == ("gtd", "gtd")
    assert len(set(found.rows["source_event_id"].to_pylist())) == 2
    assert found.rows["geo_precision"].to_pylist() == ["near", "near"]
    assert found.rows["killed_militant"].to_pylist() == [1, 1]


@pytest.mark.parametrize(
    "content",
    [
        "GLOBALEVENTID,SQLDATE,EventCode,ActionGeo_Lat,ActionGeo_Long\n1,20240105,190,32.98,70.60\n",
        "\t".join(["1147000001", "20240105", "202401", "2024", "2024.0137", *["x"] * 56]) + "\n",
    ],
)
def test_gdelt_is_refused_for_districts_with_the_reason(refusal, content):
    [problem] = refusal(content).problems
    assert problem.code is ProblemCode.NOT_FOR_DISTRICTS
    assert "machine" in str(problem.message)


WIDE = "District,2022,2023,2024\nBannu,20,38,-\nTank,11,,51\nTotal,31,38,51\n"


def test_one_column_a_year_asks_once_what_it_counts(refusal, read):
    assert [one.code for one in refusal(WIDE).problems] == [ProblemCode.COUNTED]
    found = read(WIDE, counted="incidents")
    assert found.format == "district_totals"
    assert columns_of(found, "district_reported", "n_events", "source_row") == [
        {"district_reported": "Bannu", "n_events": 20, "source_row": 2},
        {"district_reported": "Bannu", "n_events": 38, "source_row": 2},
        {"district_reported": "Tank", "n_events": 11, "source_row": 3},
        {"district_reported": "Tank", "n_events": 51, "source_row": 3},
    ]
    assert found.n_refused == 3  # the row of totals
    assert [note.n_rows for note in notes(found, NoteKind.YEARS_NOT_STATED)] == [2]


def test_years_whose_names_say_what_they_count_ask_nothing(read):
    found = read("Zila,Attacks 2022,Attacks 2023,Total\nBannu,20,38,58\n")
    assert found.rows["n_events"].to_pylist() == [20, 38]
    assert [note.values["columns"] for note in notes(found, NoteKind.COLUMNS_NOT_USED)] == ["Total"]


def test_deaths_by_year_are_no_incidents(refusal):
    assert [one.code for one in refusal("District,Killed 2022,Killed 2023\nBannu,2,3\n").problems] == [
        ProblemCode.NOT_FOR_DISTRICTS
    ]


TOTALS = "District,Year,Incidents\nBannu,2024,3\nTotal,,3\n"


@pytest.mark.parametrize("last", ["Total,,,3,5", ",Total*,,3,5", ",,Grand total,3,5", "کل,,,3,5"])
def test_a_total_below_is_refused_as_a_sum_wherever_the_word_stands(read, last):
    found = read(f"S.No,Date,District,Killed,Injured\n1,2024-01-05,Bannu,2,3\n2,2024-01-06,Tank,1,2\n{last}\n")
    assert (found.n_accepted, found.n_refused) == (2, 1)
    assert "sum of other rows" in found.refused_rows["refused_because"].to_pylist()[0]
    assert found.n_problems == 1


@pytest.mark.parametrize("table", ["date,district,killed_total\n2024-01-05,Bannu,2\n,Total,3\n", TOTALS])
def test_a_total_below_is_one_problem_in_every_layout(read, table):
    found = read(table)
    assert (found.n_accepted, found.n_refused, found.n_problems) == (1, 1, 1)
    assert "sum of other rows" in found.refused_rows["refused_because"].to_pylist()[0]


@pytest.mark.parametrize(
    "last",
    [
        "Sub-total,,,3,5",
        ",,GRAND TOTAL,3,5",
        ",,مجموعہ,3,5",
        ",KP total 2024,,3,5",
        "Sub-total,,Bannu,3,5",
        "Total,2024,,3,5",
    ],
)
def test_a_file_counts_its_sums_apart_wherever_the_word_stands(read, last):
    found = read(f"S.No,Date,District,Killed,Injured\n1,2024-01-05,Bannu,2,3\n2,2024-01-06,Tank,1,2\n{last}\n")
    assert (found.n_accepted, found.n_refused, found.n_sums) == (2, 1, 1)
    assert found.sum_rows == (4,)


@pytest.mark.parametrize("last", ["3,,Peshawar,All Saints Church,,85", "3,,Bannu,Cantt,all,85"])
def test_an_incident_without_a_date_is_no_sum_because_a_cell_says_all(read, last):
    table = (
        "S.No,Date,District,Location,Target,Killed\n1,2024-01-05,Bannu,Cantt,police,2\n2,2024-01-06,Tank,,police,1\n"
    )
    found = read(f"{table}{last}\n")
    assert (found.n_accepted, found.n_refused, found.n_sums) == (2, 1, 0)


@pytest.mark.parametrize("cells", ["All,", "All civilians,", ",Overall", ",Total"])
def test_an_incident_with_a_date_and_no_place_is_no_sum_because_of_whom_it_hit(read, cells):
    found = read(f"date,district,target,description,killed\n2024-01-04,Bannu,police,,2\n2024-01-05,,{cells},3\n")
    assert (found.n_accepted, found.n_refused, found.n_sums) == (1, 1, 0)


def test_a_row_without_a_date_is_no_sum_by_itself(read):
    found = read("Date,District,Killed\n2024-01-05,Bannu,2\n,Tank,1\n")
    assert "sum" not in found.refused_rows["refused_because"].to_pylist()[0]


def test_names_are_found_below_titles_as_wide_as_the_table(read):
    titles = "Safety desk,KP incidents,2024,final\nprepared,by,the,desk\n"
    found = read(f"{titles}Date,District,Killed,Injured\n2024-01-05,Bannu,2,3\n")
    assert (found.format, found.rows["source_row"].to_pylist()) == ("plain", [4])


def test_the_data_of_a_map_saved_by_kepler_gl_are_a_table(read):
    fields = [{"name": name, "type": "string"} for name in ("date", "district", "killed", "latitude", "longitude")]
    data = {"id": "x", "fields": fields, "allData": [["2024-01-05", "Bannu", 2, 32.98, 70.6]]}
    saved = {"datasets": [{"version": "v1", "data": data}], "config": {"version": "v1"}, "info": {"app": "kepler.gl"}}
    found = read(json.dumps(saved), "kepler.gl.json")
    assert (found.format, pcodes(found)) == ("plain", ["PK503"])


def test_a_layer_that_qgis_exported_with_its_geometry_is_a_table(read):
    found = read("WKT,fid,date,killed\nPOINT (70.6 32.98),1,2024-01-05,2\n")
    assert (found.format, pcodes(found)) == ("plain", ["PK503"])
    found = read("X,Y,fid,date,killed\n70.6,32.98,1,2024-01-05,2\n")
    assert (found.format, pcodes(found)) == ("plain", ["PK503"])


@pytest.mark.parametrize("word", ["Total", "Sub total", "Grand Total", "کل"])
def test_a_sum_in_the_column_of_places_is_no_incident(read, word):
    found = read(f"Date,Place,Killed\n2024-03-05,Bannu,3\n2024-03-31,{word},3\n")
    assert (found.n_accepted, found.problems_by_code) == (1, {"district": 1})


def test_a_place_whose_name_holds_a_word_for_sums_is_a_place(read):
    assert read("Date,Place,Killed\n2024-03-05,All Saints Church Peshawar,3\n").n_accepted == 1


def test_a_column_of_places_to_confirm_without_a_text_is_a_column_of_places(read):
    found = read("Date,District,Place to confirm\n2024-03-05,Bannu,y\n")
    assert found.rows["place"].to_pylist() == ["y"]


def test_another_province_beside_a_district_of_ours_is_noted(read):
    found = read("Date,District,Province,Killed\n2024-03-05,Tank,Punjab,1\n2024-03-06,Tank,KP,1\n")
    assert pcodes(found) == ["PK533", "PK533"]
    assert [note.n_rows for note in notes(found, NoteKind.PROVINCE_CONTRADICTS_DISTRICT)] == [1]


@pytest.mark.parametrize(
    "name", ["Attack date", "Occurrence date", "Incident date", "Date of attack", "event_date", "Date of the incident"]
)
@pytest.mark.parametrize("other", ["Date", "Dated", "datetime", "Timestamp"])
def test_the_date_of_the_incident_ranks_above_a_date_of_nothing_named(read, name, other):
    found = read(f"{other},{name},District\n2024-03-05,2024-02-01,Bannu\n")
    assert [str(day) for day in found.rows["date_start"].to_pylist()] == ["2024-02-01"]
    assert [note.values["columns"] for note in notes(found, NoteKind.COLUMNS_NOT_USED)] == [other]


def test_two_columns_of_coordinates_count_before_one_with_both_which_completes_them(read):
    rows = '2024-01-05,Bannu,32.98,70.60,"33.5, 71.0"\n2024-01-06,Bannu,,,"32.9, 70.5"\n'
    found = read(f"date,district,latitude,longitude,GPS\n{rows}")
    assert found.rows["lat"].to_pylist() == [32.98, 32.9]
    assert [note.first_row for note in notes(found, NoteKind.POINTS_DIFFER)] == [2]
    assert [note.first_row for note in notes(found, NoteKind.POINTS_SPLIT)] == [3]


def test_a_longitude_without_a_latitude_is_left_out_beside_a_place(read):
    found = read("date,place,longitude\n2024-01-05,Mir Ali,70.26\n")
    assert (found.n_accepted, found.rows["place"].to_pylist(), found.rows["lon"].null_count) == (1, ["Mir Ali"], 1)
    assert [note.n_rows for note in found.notes if note.kind is NoteKind.POINT_LEFT_OUT] == [1]


def test_a_point_in_a_column_of_places_is_no_name_beside_coordinates(read):
    found = read(
        "date,_Location,_Location_latitude,_Location_longitude\n"
        "2024-01-05,32.98 70.60 0 5,32.98,70.60\n2024-01-06,Bannu,32.98,70.60\n"
    )
    assert found.rows["place"].to_pylist() == [None, "Bannu"]
    assert found.rows["lat"].to_pylist() == [32.98, 32.98]
    assert [note.n_rows for note in found.notes if note.kind is NoteKind.POINTS_BESIDE_OTHERS] == [1]


@pytest.mark.parametrize(
    "content",
    [
        "date,place,latitude,longitude\n2024-01-05,32.98 70.60,,\n2024-01-06,Bannu,32.98,70.60\n",
        "date,place,coordinates\n2024-01-05,32.98 70.60,\n2024-01-06,Bannu,32.98 70.60\n",
    ],
)
def test_a_point_in_a_column_of_places_counts_where_the_columns_of_coordinates_are_blank(read, content):
    found = read(content)
    assert found.rows["place"].to_pylist() == [None, "Bannu"]
    assert (found.rows["lat"].to_pylist(), found.rows["lon"].to_pylist()) == ([32.98, 32.98], [70.6, 70.6])
    assert NoteKind.POINTS_SPLIT in [note.kind for note in found.notes]


def test_when_and_where_are_names_of_a_date_and_a_place(read):
    found = read("when,where,dead\n2024-01-05,Bannu,2\n")
    assert (found.format, found.rows["killed_best"].to_pylist()) == ("plain", [2])


def test_a_group_of_a_survey_before_the_slash_is_no_part_of_a_name(read):
    found = read(
        "start,end,_id,inc/inc_date,inc/district,inc/deaths_civ,inc/deaths_sf\n"
        "2025-06-01T09:12:11+05:00,2025-06-01T09:20:00+05:00,1,2025-05-30,khyber,2,1\n"
    )
    row = found.rows.to_pylist()[0]
    assert (found.format, str(row["date_start"]), row["killed_best"]) == ("plain", "2025-05-30", 3)


@pytest.mark.parametrize(
    ("names", "cells", "tolls"),
    [
        ("Police/killed,Police/injured,Civilians killed", "2,1,5", {"killed_police": 2, "killed_best": 7}),
        ("Militants/killed,Militants/injured", "2,1", {"killed_militant": 2, "killed_best": 2, "injured": 1}),
        ("Injured/Police,Injured/Civilian", "1,2", {"killed_police": None, "killed_best": None, "injured": 3}),
        ("Men/killed,Women/killed", "2,1", {"killed_best": 3}),
        ("section_b2/killed,section_b2/injured", "2,1", {"killed_best": 2, "injured": 1}),
    ],
)
def test_what_stands_before_a_slash_and_says_whose_toll_it_is_belongs_to_the_name(read, names, cells, tolls):
    row = read(f"Date,District,{names}\n2024-01-05,Bannu,{cells}\n").rows.to_pylist()[0]
    assert {name: row[name] for name in tolls} == tolls


@pytest.mark.parametrize(
    "content",
    [
        "Report/date,Report/no,District,Day of incident\n2024-01-05,3,Bannu,2024-01-03\n",
        "Date,Victim/district,Victim/age,Killed\n2024-01-05,Bannu,31,1\n",
    ],
)
def test_the_date_of_a_report_and_the_district_of_a_victim_are_asked_about(refusal, content):
    assert refusal(content).problems[0].code is ProblemCode.COLUMNS


def test_a_wide_table_of_people_is_asked_about_and_is_no_table_of_incidents(refusal):
    content = "Deaths in Khyber Pakhtunkhwa,,\n" + WIDE
    problem = refusal(content).problems[0]
    assert (problem.code, question_for(problem).proposed) == (ProblemCode.COUNTED, "people")
    assert refusal(content, counted="people").problems[0].code is ProblemCode.NOT_FOR_DISTRICTS
    assert question_for(refusal(WIDE).problems[0]).proposed == "incidents"


def test_an_urdu_column_of_events_holds_what_was_done(read):
    found = read("تاریخ,ضلع,واقعہ\n2025-03-04,بنوں,خودکش حملہ\n2025-03-05,بنوں,ٹارگٹ کلنگ\n")
    assert found.rows["attack_type"].to_pylist() == ["suicide_bombing", "targeted_killing"]


FINANCIAL = "District,2021-22,2022-23,2023-24\nBannu,20,38,-\nTotal,20,38,-\nSource: police,,,\n"


@pytest.mark.parametrize("form", ["{}", "FY {}", "Attacks {}", "{} (incidents)"])
def test_one_column_a_financial_year_is_a_table_of_years(read, form):
    names = [form.format(year) for year in ("2021-22", "2022/23", "2023-2024")]
    found = read(f"District,{','.join(names)}\nBannu,20,38,-\n", counted="incidents")
    assert columns_of(found, "date_start", "date_end", "n_events") == [
        {"date_start": date(2021, 7, 1), "date_end": date(2022, 6, 30), "n_events": 20},
        {"date_start": date(2022, 7, 1), "date_end": date(2023, 6, 30), "n_events": 38},
    ]
    assert [note.n_rows for note in notes(found, NoteKind.FINANCIAL_YEARS)] == [2]


def test_a_table_of_financial_years_is_asked_once_what_it_counts(refusal):
    assert [one.code for one in refusal(FINANCIAL).problems] == [ProblemCode.COUNTED]


@pytest.mark.parametrize("names", ["2022,2022-23", "2022-24,2023-25", "2022-23,2022-2023"])
def test_years_that_overlap_are_left_to_a_person(refusal, names):
    assert {one.code for one in refusal(f"District,{names}\nBannu,2,3\n").problems} == {ProblemCode.COLUMNS}


def test_a_financial_year_in_a_column_of_years_is_read_and_said(read):
    found = read(
        "District,Year,Month,Incidents\nBannu,2022-23,,3\nBannu,2022-23,Aug,1\nBannu,2022-23,2,1\nTank,2022-24,,2\n"
    )
    assert [(str(one["date_start"]), str(one["date_end"])) for one in found.rows.to_pylist()] == [
        ("2022-07-01", "2023-06-30"),
        ("2022-08-01", "2022-08-31"),
        ("2023-02-01", "2023-02-28"),
    ]
    assert found.problems_by_code == {"date": 1}
    assert [note.n_rows for note in notes(found, NoteKind.FINANCIAL_YEARS)] == [3]


def test_a_quarter_of_a_financial_year_is_not_guessed(read):
    found = read("District,Year,Quarter,Incidents\nBannu,2022-23,Q1,3\nBannu,2023,Q1,3\n")
    assert [str(one) for one in found.rows["date_start"].to_pylist()] == ["2023-01-01"]


def test_a_day_without_a_year_is_of_its_financial_year(read):
    found = read("Date,Year,District\n4 March,2022-23,Bannu\n4 August,2022-23,Tank\n")
    assert [str(one) for one in found.rows["date_start"].to_pylist()] == ["2023-03-04", "2022-08-04"]
    assert notes(found, NoteKind.DATE_AND_PARTS_DIFFER) == []


@pytest.mark.parametrize("name", ["Area", "Region", "Location", "City", "علاقہ"])
def test_a_column_of_areas_whose_cells_are_districts_is_that_of_districts(read, name):
    table = f"Date,{name},Dead\n2024-03-04,Bannu,2\n2024-03-05,Tank,1\n2024-03-06,L/Marwat,1\n"
    result = read(table)
    assert (result.format, result.rows["district_reported"].to_pylist()) == ("plain", ["Bannu", "Tank", "L/Marwat"])


def test_regions_named_after_districts_are_not_taken_for_districts(read, refusal):
    table = "Date,Region,Dead\n2024-03-04,Bannu,2\n2024-03-05,Kohat,1\n2024-03-06,D.I. Khan,1\n"
    assert refusal(table).problems[0].code is ProblemCode.COLUMNS
    named = "Date,District,Region,Dead\n2024-03-04,Tank,D.I. Khan,2\n2024-03-05,Lakki Marwat,Bannu,1\n"
    assert read(named).rows["district_reported"].to_pylist() == ["Tank", "Lakki Marwat"]


def test_places_stay_places(read):
    table = "Date,Area,Dead\n2024-03-04,Jani Khel,2\n2024-03-05,Jandola,1\n2024-03-06,Tank,1\n"
    result = read(table)
    assert result.rows["place"].to_pylist() == ["Jani Khel", "Jandola", "Tank"]
    assert result.rows["district_reported"].null_count == 3


@pytest.mark.parametrize("name", ["what", "Event", "Occurrence"])
def test_short_cells_that_say_a_kind_are_kinds_under_any_general_name(read, name):
    result = read(f"date,district,{name}\n2024-03-04,Bannu,IED blast\n2024-03-05,Tank,Firing\n")
    assert result.rows["attack_type"].to_pylist() == ["ied", "armed_assault"]


@pytest.mark.parametrize("last", ["", ",Total", ",Total incidents"])
def test_a_column_for_each_kind_of_attack_is_a_row_of_its_own_and_not_one_incident(read, last):
    rows = f"Bannu,2024,12,2,9,4{',27' if last else ''}\nTank,2024,3,0,1,0{',4' if last else ''}\n"
    found = read(f"District,Year,IED,Suicide,Target Killing,Kidnapping{last}\n{rows}")
    assert found.rows["n_events"].to_pylist() == [12, 2, 9, 4, 3, 1]
    assert set(found.rows["attack_type"].to_pylist()) == {"ied", "suicide_bombing", "targeted_killing", "abduction"}


def test_a_total_that_is_not_of_the_kinds_is_left_to_a_person(refusal):
    rows = "Bannu,2024,12,2,127\nTank,2024,3,0,44\nHangu,2024,3,1,4\n"
    problem = refusal(f"District,Year,IED,Suicide,Total\n{rows}").problems[0]
    assert (problem.code, "IED, Suicide" in str(problem.message)) == (ProblemCode.COLUMNS, True)
