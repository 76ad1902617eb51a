"""Names of columns are read by their words: which word is the field and which only go with it."""

from __future__ import annotations

import pytest

from geo.ingest.mapping.name_words import field_of, split_words
from geo.ingest.mapping.plain import plain_columns
from geo.ingest.mapping.toll_columns import toll_head
from tests.unguarded import note_words

NAMES = {
    "date": "تاریخ وقوعہ|واقعہ کی تاریخ|"
    "Dt|Attack Date|Date and Time of Occurrence|date_of_event|eventDate|IncidentDate|Date of Occurance|"
    "Tareekh|Date of Incidence|date_occurred|Date of the incident|Date of blast|Incident Dt|Date of Inc.|"
    "Date of attack (dd/mm/yyyy)",
    "district": "ضلع کا نام|"
    "District/Tribal District|Districts|Agency/District|District of occurrence|DistrictName|District (KP)|"
    "Name of Distt|District/Region|Incident District|Dist. Name|District/Area|Admin2Name|Admin 2",
    "place": "مقام وقوعہ|جائے وقوعہ|"
    "Locality|Town/Village|Exact location|Place/Location|Site of attack|Venue|Location of incident|"
    "Incident location|Location Name|City/Town|Exact place|Place Name|Area/Location|Place of Inc.",
    "attack_type": "نوعیت وقوعہ|واقعہ کی نوعیت|حملے کی نوعیت|قسم واقعہ|"
    "Mode of attack|Modus operandi|Tactic|Category of Incident|Kind of incident|AttackType|"
    "Type of event|Nature of Occurance|Attack method",
    "target_type": "TargetType|Targeted|Target Group|Intended target|Victim type|Target of the attack|Target of attack",
    "group": "Suspected group|Terrorist Organization|Responsibility claimed by|Attributed to|Claim of responsibility|"
    "Outfit|Claimed By (Group)",
    "latitude": "lat_deg|GPS Latitude|Latitude_N|LATITUDE_DD|Latitude of incident (decimal degrees)",
    "longitude": "lon_deg|GPS Longitude|Longitude_E|LONGITUDE_DD",
    "source_url": "Source link|Web link|News link|Source URL|Link to the news|Link to the news report",
}


@pytest.mark.parametrize(("field", "name"), [(field, name) for field in NAMES for name in NAMES[field].split("|")])
def test_a_name_of_known_words_is_that_of_its_field(field, name):
    others = [one for one in ("date", "district") if one != field]
    partner = {"latitude": ["longitude"], "longitude": ["latitude"]}.get(field, [])
    found = plain_columns([*others, *partner, name])
    assert found is not None
    assert found.get(field) == name


@pytest.mark.parametrize(
    "name",
    [
        "Report date",  # of the report, not of the incident
        "Date of birth",
        "Start date",
        "Submission time",
        "District HQ",
        "Home district of attacker",
        "Organization",  # perhaps that of the observer
        "Weapon type",
        "Victims",
        "Claimed",
        "Target killing",
        "Name",
        "of the",
        "",
        "!?",
    ],
)
def test_a_name_with_another_word_is_left_to_a_person(name):
    assert field_of(name) is None


def test_a_name_in_use_goes_before_one_that_is_made_of_its_words():
    found = plain_columns(["Dates and time", "Date", "Agency/District", "District"])
    assert found == {"date": "Date", "district": "District"}


@pytest.mark.parametrize("names", [("Victim type", "Target of the attack"), ("Target of the attack", "Victim type")])
def test_a_target_goes_before_a_victim_in_any_order(names):
    assert plain_columns(["Date", "District", *names])["target_type"] == "Target of the attack"


@pytest.mark.parametrize(
    ("cells", "events"),
    [("123", [1, 1, 1]), ("124", [1, 2, 4]), ("213", [2, 1, 3]), ("12", [1, 2]), ("111", [1, 1, 1])],
)
def test_incidents_that_number_the_rows_are_no_counts(read, cells, events):
    text = "Date,Place,Incidents\n" + "".join(f"2024-03-0{n},Bannu,{n}\n" for n in cells)
    for result in (read(text), read(text, mapping={"date": "Date", "place": "Place", "n_events": "Incidents"})):
        assert result.rows["n_events"].to_pylist() == events
        assert any("numbers the rows" in note for note in note_words(result)) is (cells == "123")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("eventDate", ["event", "date"]),
        ("NumKilled", ["num", "killed"]),
        ("KILLED", ["killed"]),
        ("Admin2Name", ["admin2", "name"]),
        ("Town / Village", ["town", "village"]),
        ("ہلاک", ["ہلاک"]),
    ],
)
def test_words_that_are_written_together_are_separated(name, words):
    assert split_words(name) == words


@pytest.mark.parametrize(
    ("name", "verb"),
    [
        ("num_killed", "killed"),
        ("killed_count", "killed"),
        ("Death toll", "killed"),
        ("DeathToll", "killed"),
        ("NumKilled", "killed"),
        ("Lives lost", "killed"),
        ("Loss of life", "killed"),
        ("Reported fatalities", "killed"),
        ("Casualties (killed)", "killed"),
        ("KIA", "killed"),
        ("WIA", "injured"),
        ("n_injured", "injured"),
        ("Inj", "injured"),
    ],
)
def test_more_names_of_tolls(name, verb):
    head = toll_head(name)
    assert head is not None
    assert (head.field, head.verb) == ("killed_total", verb)


def test_casualties_alone_are_no_deaths():
    assert toll_head("Casualties") is None
    assert "killed_total" not in plain_columns(["date", "district", "Casualties"])


def test_casualties_of_several_sides_are_no_deaths():
    found = plain_columns(["date", "district", "Civilian casualties", "Police casualties", "Militant casualties"])
    assert found == {"date": "date", "district": "district"}


def test_sides_are_found_in_names_written_together():
    head = toll_head("PoliceKilled")
    assert head is not None
    assert head.field == "killed_police"


def test_groups_of_one_question_are_no_part_of_its_name(read):
    header = "grp_when/date,grp_loc/district,location/village,casualties/killed"
    result = read(f"{header}\n2024-03-04,Bannu,Jani Khel,2\n")
    found = [result.rows[name].to_pylist() for name in ("district_reported", "place", "killed_best")]
    assert found == [["Bannu"], ["Jani Khel"], [2]]
