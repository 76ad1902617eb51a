"""Each real-world format, recognised by its columns alone and brought to the canonical incident."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections import Counter
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from geo.ingest import template_csv
from geo.ingest.formats import ucdp
from geo.problems import ProblemCode
from tests.unguarded import note_words

UCDP_SAMPLE = (
    Path(__file__).resolve().parents[2].parent / "shared" / "data" / "samples" / "ucdp_ged_pakistan_1989_2014.csv"
)


def table(*rows: dict[str, object], lineterminator: str = "\n") -> str:
    """Rows as CSV text; the first row names the columns."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator=lineterminator, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def column(result, name: str) -> list[object]:
    return result.rows[name].to_pylist()


# --- UCDP GED ----------------------------------------------------------------------------------------


def ged(**given: object) -> dict[str, object]:
    """One made-up event in the order of the release."""
    event: dict[str, object] = dict.fromkeys(ucdp.COLUMNS, "")
    event |= {
        "id": 1,
        "relid": "PAK-2021-1-404-1",
        "year": 2021,
        "code_status": "Clear",
        "type_of_violence": 1,
        "side_a": "Government of Pakistan",
        "side_b": "TTP",
        "number_of_sources": -1,
        "where_prec": 1,
        "where_coordinates": "Mir Ali town",
        "adm_1": "Khyber Pakhtunkwa province",
        "adm_2": "North Waziristan district",
        "latitude": 32.98,
        "longitude": 70.26,
        "geom_wkt": "POINT (70.26 32.98)",
        "country": "Pakistan",
        "event_clarity": 1,
        "date_prec": 1,
        "date_start": "2021-08-01 00:00:00.000",
        "date_end": "2021-08-01 00:00:00.000",
        "deaths_a": 2,
        "deaths_b": 1,
        "deaths_civilians": 0,
        "deaths_unknown": 0,
        "best": 3,
        "high": 4,
        "low": 2,
    }
    return event | given


def test_a_ged_event_becomes_an_incident(read):
    result = read(table(ged()))
    assert (result.format, result.source) == ("ucdp_ged", "ucdp_ged")
    row = result.rows.to_pylist()[0]
    expected = {
        "incident_id": "ucdp_ged:1",
        "date_start": date(2021, 8, 1),
        "date_precision": "day",
        "geo_precision": "exact",
        "district_reported": "North Waziristan district",
        "attack_type": "clash_unspecified",
        "target_type": "other_state_force",
        "initiator": "mutual",
        "group_id": "ttp",
        "killed_best": 3,
        "killed_low": 2,
        "killed_high": 4,
        "killed_militant": 1,
        "killed_police": None,
        "injured": None,
        "n_sources": None,
    }
    assert {key: row[key] for key in expected} == expected


@pytest.mark.parametrize(
    ("given", "attack", "target", "initiator", "group"),
    [
        ({"deaths_a": 0}, "state_operation", "militant", "state", "ttp"),
        ({"deaths_a": 0, "deaths_b": 0, "deaths_unknown": 64}, "unknown", "unknown", "unknown", "ttp"),
        ({"deaths_a": 0, "deaths_b": 0}, "unknown", "unknown", "unknown", "ttp"),
        ({"deaths_a": 0, "deaths_civilians": 2}, "clash_unspecified", "unknown", "mutual", "ttp"),
        (
            {"type_of_violence": 3, "side_a": "LeJ", "side_b": "Civilians"},
            "armed_assault",
            "civilian",
            "militant",
            "lej",
        ),
        ({"type_of_violence": 3, "side_b": "Civilians"}, "unknown", "civilian", "state", "unid"),
        (
            {"type_of_violence": 2, "side_a": "Mangal", "side_b": "Turi"},
            "clash_unspecified",
            "unknown",
            "communal",
            "tribal",
        ),
        (
            {"side_a": "Government of United States of America", "side_b": "al-Qaida"},
            "unknown",
            "unknown",
            "foreign",
            "aq",
        ),
        (
            {"side_a": "Government of India", "side_b": "Government of Pakistan"},
            "unknown",
            "unknown",
            "foreign",
            "unid",
        ),
    ],
)
def test_who_did_what_in_ged_follows_the_stated_rule(read, given, attack, target, initiator, group):
    row = read(table(ged(**given))).rows.to_pylist()[0]
    assert [row[key] for key in ("attack_type", "target_type", "initiator", "group_id")] == [
        attack,
        target,
        initiator,
        group,
    ]


@pytest.mark.parametrize(
    ("code", "precision"),
    [(1, "exact"), (2, "near"), (3, "district"), (4, "province"), (5, "unknown"), (6, "country"), (7, "unknown")],
)
def test_ged_place_codes(read, code, precision):
    assert column(read(table(ged(where_prec=code))), "geo_precision") == [precision]


def test_ged_events_of_other_countries_are_outside_and_name_no_district(read):
    result = read(table(ged(), ged(id=2, country="Russia", adm_2="Khyber", latitude=68.9, longitude=33.1)))
    assert column(result, "district_method") == ["none", "outside"]
    assert column(result, "district_reported") == ["North Waziristan district", None]
    assert result.n_refused == 0


def test_a_candidate_release_with_text_ids_and_checks_is_read(read):
    event = ged(
        id="PAK-1", conflict_dset_id="XXX770", side_b_dset_id="1-XXX770", active_year="true", code_status="Check deaths"
    )
    result = read(table(event))
    assert result.n_accepted == 1
    assert any("not marked as clear by UCDP" in note for note in note_words(result))


def test_a_release_without_a_header_is_recognised_by_its_cells(read):
    text = table(ged(), ged(id=2)).split("\n", 1)[1]
    result = read(text)
    assert column(result, "source_event_id") == ["1", "2"]
    assert column(result, "source_row") == [1, 2]


def test_the_second_header_row_of_tags_is_passed_over(read):
    tags = dict.fromkeys(ucdp.COLUMNS, "") | {"id": "#event+id", "latitude": "#geo+lat"}
    result = read(table(tags, ged()))
    assert (result.n_rows_in, column(result, "source_row")) == (1, [3])
    assert any("HXL" in note for note in note_words(result))


def test_a_zipped_release_is_read_and_the_member_named(read):
    result = read(zipped({"ged251.csv": table(ged())}))
    assert result.format == "ucdp_ged"
    assert any("ged251.csv" in note for note in note_words(result))


def test_a_reply_of_the_ucdp_interface_is_read(read):
    event = ged(date_start="2021-08-01T00:00:00", date_end="2021-08-01T00:00:00")
    reply = {"TotalCount": 1, "TotalPages": 1, "NextPageUrl": "", "Result": [event]}
    result = read(json.dumps(reply))
    assert result.format == "ucdp_ged"
    assert column(result, "raw")[0]["latitude"] == "32.98"


def test_a_list_of_replies_is_one_table(read):
    pages = [{"TotalCount": 3, "TotalPages": 2, "Result": [ged(id=k) for k in ids]} for ids in ((1, 2), (3,), ())]
    result = read(json.dumps(pages))
    assert result.format == "ucdp_ged"
    assert column(result, "source_event_id") == ["1", "2", "3"]
    assert column(result, "source_row") == [1, 2, 3]


@pytest.mark.parametrize("second", [{"data": []}, {"Result": None}, [], 1])
def test_a_list_of_anything_else_is_no_reply(refusal, second):
    assert refusal(json.dumps([{"Result": [ged()]}, second])).problems[0].code is ProblemCode.JSON


def test_a_release_of_the_whole_world_keeps_to_the_limits(read, limits):
    """Release 26.1: 417,968 rows, 274 MB, zipped 39 MB."""
    assert limits["rows"] > 417_968
    assert limits["unpacked_mb"] > 274
    assert limits["file_mb"] > 274
    abroad = {"country": "Syria", "side_a": "Government of Syria", "latitude": 36.2, "longitude": 37.1, "adm_2": ""}
    rows = [ged(id=k, **({} if k % 30 == 0 else abroad)) for k in range(3000)]
    result = read(zipped({"GEDEvent_v26_1.csv": table(*rows)}))
    assert (result.n_rows_in, result.n_accepted) == (3000, 3000)
    assert column(result, "district_reported").count("North Waziristan district") == 100


def test_the_real_ged_sample_is_read_whole(read):
    if not UCDP_SAMPLE.exists():
        pytest.skip("the UCDP sample is not beside the project")
    with UCDP_SAMPLE.open(encoding="utf-8", newline="") as lines:
        own = list(csv.DictReader(lines))
    result = read(UCDP_SAMPLE.read_bytes())
    assert (result.n_rows_in, result.n_accepted) == (5296, 5296)
    years = Counter(day.year for day in column(result, "date_start"))
    deaths: Counter[int] = Counter()
    for day, best in zip(column(result, "date_start"), column(result, "killed_best"), strict=True):
        deaths[day.year] += best
    assert years == Counter(int(row["date_start"][:4]) for row in own)
    assert deaths == sum((Counter({int(row["date_start"][:4]): int(row["best"])}) for row in own), Counter())
    assert column(result, "raw") == own


# --- ACLED -------------------------------------------------------------------------------------------


def acled(**given: object) -> dict[str, object]:
    return {
        "event_id_cnty": "PAK1",
        "event_date": "2024-05-17",
        "time_precision": 1,
        "event_type": "Battles",
        "sub_event_type": "Armed clash",
        "actor1": "TTP: Tehreek-i-Taliban Pakistan",
        "assoc_actor_1": "",
        "inter1": "Rebel group",
        "actor2": "Police Forces of Pakistan (2022-)",
        "assoc_actor_2": "",
        "inter2": "State forces",
        "country": "Pakistan",
        "admin1": "Khyber Pakhtunkhwa",
        "admin2": "North Waziristan",
        "location": "Mir Ali",
        "latitude": 32.98,
        "longitude": 70.27,
        "geo_precision": 1,
        "source": "Dawn (Pakistan); The News",
        "notes": "",
        "fatalities": 3,
        "timestamp": 1716220800,
    } | given


def one(read, event: dict[str, object]) -> dict[str, object]:
    result = read(table(event))
    assert (result.format, result.n_accepted) == ("acled", 1)
    return result.rows.to_pylist()[0]


@pytest.mark.parametrize("text", ["2024-05-17", "17 May 2024", "17-May-24", "17/05/2024"])
def test_acled_dates_in_every_style_are_the_same_day(read, text):
    assert one(read, acled(event_date=text))["date_start"] == date(2024, 5, 17)


@pytest.mark.parametrize(("first", "second"), [("Rebel group", "State forces"), (2, 1), ("", "")])
def test_acled_roles_as_text_number_or_from_the_names_agree(read, first, second):
    row = one(read, acled(inter1=first, inter2=second))
    assert (row["initiator"], row["group_id"], row["target_type"]) == ("mutual", "ttp", "police")


@pytest.mark.parametrize(
    ("given", "attack", "initiator", "target"),
    [
        ({"notes": "Militants attacked a police post."}, "armed_assault", "militant", "police"),
        ({"notes": "Militants ambushed a police van."}, "ambush", "militant", "police"),
        ({"notes": "During an intelligence-based operation ..."}, "state_operation", "state", "militant"),
        ({"sub_event_type": "Suicide bomb"}, "suicide_bombing", "militant", "police"),
        ({"sub_event_type": "Remote explosive/landmine/IED"}, "ied", "militant", "police"),
        ({"sub_event_type": "Non-state actor overtakes territory"}, "territory_taken", "militant", "police"),
        ({"sub_event_type": "Government regains territory"}, "state_operation", "state", "militant"),
        ({"sub_event_type": "Air/drone strike"}, "air_strike_state", "state", "militant"),
        ({"sub_event_type": "Air/drone strike", "notes": "by a quadcopter"}, "drone_strike", "militant", "police"),
        ({"sub_event_type": "Abduction/forced disappearance"}, "abduction", "militant", "police"),
    ],
)
def test_who_did_what_in_acled_follows_the_stated_rule(read, given, attack, initiator, target):
    row = one(read, acled(**given))
    assert (row["attack_type"], row["initiator"], row["target_type"]) == (attack, initiator, target)


def test_a_disappearance_by_state_forces_is_no_sign_of_militant_control(read):
    event = acled(
        sub_event_type="Abduction/forced disappearance",
        actor1="Military Forces of Pakistan (2022-)",
        inter1="State forces",
        actor2="Civilians (Pakistan)",
        inter2="Civilians",
    )
    row = one(read, event)
    assert (row["initiator"], row["is_control_type"], row["target_type"]) == ("state", False, "civilian")


def test_an_associated_actor_says_more_than_civilians(read):
    event = acled(
        sub_event_type="Attack",
        actor1="Unidentified Armed Group (Pakistan)",
        inter1="Political militia",
        actor2="Civilians (Pakistan)",
        inter2="Civilians",
        assoc_actor_2="Health Workers (Pakistan)",
    )
    row = one(read, event)
    assert (row["initiator"], row["target_type"], row["group_id"]) == ("militant", "health_polio", "unid")


def test_protests_are_set_aside_with_the_reason(read):
    result = read(table(acled(), acled(event_id_cnty="PAK2", event_type="Protests", sub_event_type="Peaceful protest")))
    assert (result.n_accepted, result.n_refused) == (1, 1)
    assert result.problems[0].code is ProblemCode.CATEGORY
    assert "not militant incidents" in str(result.problems[0].message)


def test_acled_precision_month_and_region_are_honest(read):
    row = one(read, acled(time_precision=3, geo_precision=3, admin2=""))
    assert (row["date_start"], row["date_end"]) == (date(2024, 5, 1), date(2024, 5, 31))
    assert row["geo_precision"] == "province"


def test_the_newest_edit_dates_the_download_and_sources_are_counted(read):
    result = read(table(acled()))
    assert result.snapshot_date == date(2024, 5, 20)
    assert column(result, "n_sources") == [2]


def test_a_reply_of_the_acled_interface_with_every_value_a_text_is_read(read):
    event = {key: str(value) for key, value in acled(inter1=2, inter2=1).items()}
    result = read(json.dumps({"status": 200, "success": True, "count": 1, "data": [event]}))
    assert column(result, "initiator") == ["mutual"]


def test_an_acled_file_with_a_byte_order_mark_is_read(read):
    assert read(table(acled()).encode("utf-8-sig")).format == "acled"


def test_the_weekly_aggregate_is_refused_because_it_names_no_district(refusal):
    names = (
        "WEEK,REGION,COUNTRY,ADMIN1,EVENT_TYPE,SUB_EVENT_TYPE,EVENTS,FATALITIES,POPULATION_EXPOSURE,"
        "DISORDER_TYPE,ID,CENTROID_LATITUDE,CENTROID_LONGITUDE"
    )
    row = "2024-05-18,South Asia,Pakistan,Khyber Pakhtunkhwa,Battles,Armed clash,7,11,,Political violence,1,34.5,71.9"
    assert refusal(f"{names}\n{row}\n").problems[0].code is ProblemCode.NOT_FOR_DISTRICTS


# --- HDX, GTD, district tables, suicide attacks --------------------------------------------------------


def hdx(**given: object) -> dict[str, object]:
    return {
        "Country": "Pakistan",
        "Admin1": "Khyber Pakhtunkhwa",
        "Admin2": "Bannu",
        "ISO3": "PAK",
        "Admin2 Pcode": "PK503",
        "Admin1 Pcode": "PK5",
        "Month": "March",
        "Year": 2024,
        "Events": 7,
        "Fatalities": 11,
    } | given


def test_a_monthly_total_is_one_row_that_stands_for_its_events(read):
    result = read(table(hdx()))
    row = result.rows.to_pylist()[0]
    assert (result.source, row["n_events"], row["killed_best"]) == ("hdx_acled", 7, 11)
    assert (row["date_start"], row["date_end"], row["date_precision"]) == (date(2024, 3, 1), date(2024, 3, 31), "month")
    assert (row["pcode_stated"], row["geo_precision"], row["initiator"]) == ("PK503", "district", "unknown")


def test_a_month_without_events_holds_no_incident(read):
    result = read(table(hdx(), hdx(Month="April", Events=0, Fatalities=0)))
    assert (result.n_accepted, result.n_refused) == (1, 1)
    assert "zero events" in str(result.problems[0].message)


def test_the_sister_file_of_demonstrations_is_refused(refusal):
    event = hdx()
    del event["Fatalities"]
    assert refusal(table(event)).problems[0].code is ProblemCode.CATEGORY


def gtd(**given: object) -> dict[str, object]:
    return {
        "eventid": "202001150007",
        "iyear": 2020,
        "imonth": 1,
        "iday": 15,
        "country_txt": "Pakistan",
        "provstate": "Khyber Pakhtunkhwa",
        "city": "Miran Shah",
        "latitude": 33.0,
        "longitude": 70.07,
        "specificity": 1,
        "vicinity": 0,
        "doubtterr": 0,
        "suicide": 0,
        "attacktype1_txt": "Bombing/Explosion",
        "targtype1_txt": "Military",
        "targsubtype1_txt": "",
        "corp1": "",
        "target1": "",
        "gname": "Tehrik-i-Taliban Pakistan (TTP)",
        "weapsubtype1_txt": "",
        "nkill": 4,
        "nkillter": 1,
        "nwound": "",
        "scite1": "a report",
    } | given


@pytest.mark.parametrize(
    ("given", "field", "value"),
    [
        ({}, "attack_type", "ied"),
        ({}, "killed_best", 4),
        ({}, "killed_militant", 1),
        ({}, "injured", None),
        ({}, "group_id", "ttp"),
        ({}, "n_sources", 1),
        ({"suicide": 1}, "attack_type", "suicide_bombing"),
        ({"weapsubtype1_txt": "Vehicle"}, "attack_type", "vehicle_bomb"),
        ({"attacktype1_txt": "Hostage Taking (Kidnapping)"}, "attack_type", "abduction"),
        ({"target1": "Frontier Corps vehicle"}, "target_type", "frontier_corps"),
        (
            {"targtype1_txt": "Terrorists/Non-State Militia", "target1": "Peace committee"},
            "target_type",
            "peace_committee",
        ),
        ({"targtype1_txt": "Terrorists/Non-State Militia"}, "target_type", "militant"),
        ({"nkill": -99, "nkillter": ""}, "killed_best", None),
        ({"nkill": "", "nkillter": -99}, "killed_best", None),
        # attackers are part of the toll; that none of them died says nothing of the others
        ({"nkill": ""}, "killed_best", 1),
        ({"nkill": ""}, "killed_low", 1),
        ({"nkill": "", "nkillter": 0}, "killed_best", None),
        ({"nkill": 0, "nkillter": 0}, "killed_best", 0),
        ({"nkill": "2.5"}, "killed_best", 2),
        ({"imonth": 0, "iday": 0}, "date_end", date(2020, 12, 31)),
        ({"iday": 0}, "date_precision", "month"),
        ({"specificity": 3}, "geo_precision", "district"),
        ({"vicinity": 1}, "geo_precision", "near"),
        ({"gname": "Unknown"}, "group_id", "unid"),
        ({"city": "Bannu district"}, "district_reported", "Bannu district"),
        ({"city": "Unknown"}, "place", "Unknown"),
    ],
)
def test_gtd_codes(read, given, field, value):
    result = read(table(gtd(**given)))
    assert (result.format, result.n_accepted) == ("gtd", 1)
    assert column(result, field) == [value]


def test_a_gtd_copy_in_an_older_encoding_keeps_its_line_breaks(read):
    content = table(gtd(summary="01/15/2020: first line,\nsecond “line”")).encode("cp1252")
    result = read(content, encoding="cp1252")
    assert column(result, "raw")[0]["summary"] == "01/15/2020: first line,\nsecond “line”"


def test_a_district_table_gives_rows_that_stand_for_its_counts(read):
    text = (
        "district,year,month,incidents,killed_civilians,killed_security,killed_militants,killed_total,injured\n"
        "Bannu,2024,March,5,1,2,3,6,\nTank,2024,,9,,,,at least 3,\nTotal,2024,,14,,,,9,\n"
    )
    result = read(text)
    assert result.format == "district_totals"
    assert column(result, "n_events") == [5, 9]
    assert column(result, "date_precision") == ["month", "year"]
    assert column(result, "killed_low") == [None, 3]
    assert column(result, "killed_police") == [None, None]
    assert [problem.code for problem in result.problems] == [ProblemCode.DISTRICT]


def test_a_datasheet_of_the_province_is_refused(refusal):
    text = "Year,Incidents of Killing,Civilians,Security Forces,Terrorists/Insurgents/Extremists,Not Specified,Total\n"
    assert refusal(text + "2000*,1,2,3,4,5,6\n").problems[0].code is ProblemCode.NOT_FOR_DISTRICTS


def test_the_table_of_suicide_attacks_is_read(read):
    row = {
        "S#": 1,
        "Date": "Sunday-November 19-1995",
        "Islamic Date": "25 Jumaada al-THaany 1416 A.H",
        "City": "Peshawar",
        "Latitude": 34.01,
        "Longitude": 71.54,
        "Province": "KPK",
        "Location": "a market",
        "Target Type": "Police",
        "Killed Min": 14,
        "Killed Max": 15,
        "Injured Min": "",
        "Injured Max": "60+",
        "No. of Suicide Blasts": 2,
    }
    result = read(table(row))
    found = result.rows.to_pylist()[0]
    assert (result.format, found["date_start"], found["attack_type"]) == (
        "suicide_attacks",
        date(1995, 11, 19),
        "suicide_bombing",
    )
    assert (found["killed_low"], found["killed_best"], found["injured"], found["target_type"]) == (14, 15, 60, "police")
    (ranged,) = read(table(row | {"Killed Max": "15-18"})).rows.to_pylist()
    assert (ranged["killed_low"], ranged["killed_best"], ranged["killed_high"]) == (14, 15, 18)


# --- the template, whatever the container ------------------------------------------------------------


def zipped(members: dict[str, str | bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return content.getvalue()


def test_the_example_rows_of_the_template_are_never_stored(read):
    result = read(template_csv())
    assert (result.format, result.n_accepted, result.n_refused) == ("template", 0, 2)


ROWS = (
    {
        "incident_id": "007",
        "date": "2024-03-04",
        "district": "Bannu",
        "latitude": "32.99",
        "longitude": "70.6",
        "killed_total": "3",
    },
    {
        "incident_id": "008",
        "date": "2024-03-05",
        "district": "ٹانک",
        "latitude": "",
        "longitude": "",
        "killed_total": "",
    },
)


def as_workbook() -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(list(ROWS[0]))
    for row in ROWS:
        sheet.append([row["incident_id"], date.fromisoformat(row["date"]), row["district"]])
    sheet["D2"], sheet["E2"], sheet["F2"] = 32.99, 70.6, 3
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def as_geojson() -> str:
    features = [
        {
            "type": "Feature",
            "properties": {key: value for key, value in row.items() if key not in ("latitude", "longitude")},
            "geometry": {"type": "Point", "coordinates": [float(row["longitude"]), float(row["latitude"])]}
            if row["latitude"]
            else None,
        }
        for row in ROWS
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


def as_parquet() -> bytes:
    typed = {
        "incident_id": pa.array([row["incident_id"] for row in ROWS]),
        "date": pa.array([date.fromisoformat(row["date"]) for row in ROWS]),
        "district": pa.array([row["district"] for row in ROWS]).dictionary_encode(),
        "latitude": pa.array([32.99, None]),
        "longitude": pa.array([70.6, None]),
        "killed_total": pa.array([3, None], pa.int64()),
    }
    content = io.BytesIO()
    pq.write_table(pa.table(typed), content)
    return content.getvalue()


CONTAINERS = {
    "csv": lambda: table(*ROWS),
    "tsv": lambda: table(*ROWS).replace(",", "\t"),
    "semicolon": lambda: table(*ROWS).replace(",", ";"),
    "bar": lambda: table(*ROWS).replace(",", "|"),
    "utf-16": lambda: table(*ROWS).encode("utf-16"),
    "workbook": as_workbook,
    "geojson": as_geojson,
    "parquet": as_parquet,
    "zipped csv": lambda: zipped({"a/b.csv": table(*ROWS), "__MACOSX/b.csv": b"x"}),
    "zipped workbook": lambda: zipped({"b.xlsx": as_workbook()}),
}


@pytest.mark.parametrize("container", CONTAINERS)
def test_every_container_gives_the_same_incidents(read, container):
    result = read(CONTAINERS[container](), name="without an ending")
    assert (result.format, result.n_accepted, result.n_refused) == ("template", 2, 0)
    compared = ("incident_id", "date_start", "district_reported", "lat", "lon", "geo_precision", "killed_best")
    assert [[row[key] for key in compared] for row in result.rows.to_pylist()] == [
        ["template:007", date(2024, 3, 4), "Bannu", 32.99, 70.6, "near", 3],
        ["template:008", date(2024, 3, 5), "ٹانک", None, None, "district", None],
    ]


def test_a_column_that_a_format_needs_is_missed_by_its_name(read):
    event = ged()
    del event["latitude"]
    event["adm_2"] = ""
    problem = read(table(event)).problems[0]
    assert (problem.code, problem.column, problem.row) == (ProblemCode.COORDINATES, "latitude", 2)
