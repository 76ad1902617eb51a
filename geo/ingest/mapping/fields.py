"""The fields to which columns of an unknown table can be assigned, and the usual names of their columns."""

from __future__ import annotations

from dataclasses import dataclass

from geo.wording import N_


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an incident: what belongs in it and the usual names of its column (as header keys).

    meaning: a sentence marked for translation.
    """

    name: str
    meaning: str
    names: tuple[str, ...]


# Names (as header keys) of columns that number the rows; they are identifiers if their numbers do not repeat.
_SERIAL = "serial_no s_no sr_no sl_no sno srno serial serial_number s_n sr s # نمبر_شمار شمار_نمبر"
SERIAL_NAMES = tuple(_SERIAL.split())
# Names (as header keys) of columns that match no field, and why.
NO_FIELD: dict[str, str] = dict.fromkeys(
    ("casualties", "no_of_casualties", "number_of_casualties", "total_casualties", "casualty"),
    N_("it counts deaths and injuries together, so it is not a death toll"),
)


def _field(name: str, meaning: str, names: str) -> Field:
    return Field(name, meaning, (name, *names.split()))


FIELDS: dict[str, Field] = {
    field.name: field
    for field in (
        _field(
            "incident_id",
            N_("identifier in the table"),
            f"id event_id eventid event_id_cnty incident_no {_SERIAL}",
        ),
        _field(
            "date",
            N_("day, month or year"),
            "event_date date_start incident_date date_of_incident day_of_event dated date_of_occurrence تاریخ",
        ),
        _field("date_end", N_("last day"), "end_date date_to until"),
        _field("year", N_("year, if the date is in several columns"), "iyear event_year"),
        _field("month", N_("month, as a number or name"), "imonth event_month"),
        _field("day", N_("day of the month"), "iday"),
        _field("date_precision", N_("how well the day is known"), "date_prec time_precision"),
        _field(
            "district",
            N_("district name"),
            "admin2 adm2_en adm2_name adm_2 district_name name_of_district distt dist zila zilla agency ضلع",
        ),
        _field("pcode", N_("P-code of the district"), "admin2_pcode adm2_pcode admin2_code district_code p_code"),
        _field("province", N_("province name"), "admin1 adm1_en adm_1 provstate"),
        _field(
            "place",
            N_("town, village or road"),
            "location city village town area where_coordinates site place_of_occurrence place_of_incident tehsil مقام",
        ),
        _field("latitude", N_("degrees north"), "lat y centroid_latitude lat_dd gps_lat ycoord"),
        _field("longitude", N_("degrees east"), "lon lng long x centroid_longitude lon_dd gps_lon xcoord"),
        _field("geo_precision", N_("exact, near or district"), "location_precision place_precision"),
        _field(
            "attack_type",
            N_("what was done"),
            "event_type sub_event_type attacktype1_txt type_of_attack incident_type type nature_of_incident "
            "nature_of_occurrence type_of_incident",
        ),
        _field("target_type", N_("primary target"), "targtype1_txt target type_of_target"),
        _field("initiator", N_("initiated by"), "begun_by"),
        _field(
            "group", N_("group as named"), "actor actor1 gname side_b perpetrator perpetrators group_name claimed_by"
        ),
        _field(
            "killed_total",
            N_("people killed, all sides"),
            "killed fatalities best deaths nkill killed_max total_killed dead no_of_killed ہلاک",
        ),
        _field(
            "killed_victims",
            N_("people killed apart from militants (shaheed, martyred): the total is at least these and the militants"),
            "martyred martyrs shaheed shuhada embraced_martyrdom no_of_martyred شہید شہدا",
        ),
        _field(
            "killed_police",
            N_("police killed"),
            "police_killed police_martyred martyred_police police_shaheed shaheed_police",
        ),
        _field(
            "killed_military",
            N_("soldiers killed"),
            "military_killed army_killed army_martyred martyred_army army_shaheed shaheed_army",
        ),
        _field(
            "killed_civilian",
            N_("civilians killed"),
            "killed_civilians civilians_killed civilian_killed civilians_martyred martyred_civilians civilian_shaheed "
            "shaheed_civilians",
        ),
        _field(
            "killed_militant",
            N_("militants killed"),
            "killed_militants militants_killed terrorists_killed militant_killed terrorist_killed killed_terrorists "
            "ہلاک_دہشت_گرد دہشت_گرد_ہلاک ہلاک_دہشتگرد دہشتگرد_ہلاک ہلاک_عسکریت_پسند عسکریت_پسند_ہلاک "
            "ہلاک_شدت_پسند شدت_پسند_ہلاک",
        ),
        _field(
            "injured_total",
            N_("people injured"),
            "injured wounded nwound injured_max total_injured no_of_injured zakhmi hurt زخمی",
        ),
        _field(
            "n_events", N_("number of incidents in the row"), "events incidents n_incidents no_of_incidents attacks"
        ),
        _field("n_sources", N_("number of reports used for the row"), "number_of_sources source_count"),
        _field("source_url", N_("address of the report"), "url link web_address"),
        _field("source_date", N_("day of the report"), "report_date published"),
    )
}


def _words(by_code: dict[str, str]) -> dict[str, str]:
    return {word: code for code, words in by_code.items() for word in words.split(", ")}


# Words of tables in use -> code. Only proposals: a person confirms them.
ATTACK_WORDS: dict[str, str] = _words(
    {
        "ied": "bomb, bomb blast, blast, explosion, roadside bomb, landmine",
        "vehicle_bomb": "vbied, car bomb",
        "suicide_bombing": "suicide, suicide attack, suicide blast",
        "armed_assault": "firing, gun attack, shooting, armed attack, militant attack",
        "targeted_killing": "target killing, assassination",
        "abduction": "kidnapping",
        "grenade": "grenade attack, hand grenade",
        "shelling_rocket": "mortar, rocket, rocket attack",
        "drone_strike": "drone, quadcopter",
        "clash_unspecified": "clash, armed clash, exchange of fire",
        "state_operation": "operation, ibo, raid",
        "air_strike_state": "air strike",
        "arson_sabotage": "arson, sabotage",
        "disrupted_plot": "recovered bomb",
    }
)
TARGET_WORDS: dict[str, str] = _words(
    {
        "police": "policemen, police officer",
        "army": "soldiers, military",
        # "fc" may be the Frontier Corps or the Frontier Constabulary.
        "other_state_force": "security forces, law enforcement, fc",
        "levies_khasadar": "levies, khasadar",
        "frontier_constabulary": "constabulary",
        "civilian": "people, civilian",
        "education": "school, teacher",
        "health_polio": "polio team, polio workers",
        "political_party": "politician",
        "government_official": "government",
        "judiciary": "judge, lawyer",
        "journalist": "media",
        "religious": "mosque, shrine, imambargah, church",
        "tribal_elder": "elder, malik",
        "peace_committee": "aman committee",
        "ngo_un": "ngo, un",
        "foreigner": "foreigners",
        "infrastructure": "power pylon, gas pipeline, bridge",
        "business": "shop, bank",
        "militant": "terrorists",
    }
)
