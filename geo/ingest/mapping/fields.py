"""The fields to which columns of an unknown table can be assigned, and the names under which they occur."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an incident: what belongs in it and the usual names of its column (as header keys)."""

    name: str
    meaning: str
    names: tuple[str, ...]


# Names (as header keys) of columns that only number the rows, if their numbers do not repeat.
_SERIAL = "serial_no s_no sr_no sl_no sno srno serial serial_number s_n sr s # نمبر_شمار شمار_نمبر"
SERIAL_NAMES = tuple(_SERIAL.split())
# Names (as header keys) of columns that belong in no field, and why.
NO_FIELD: dict[str, str] = dict.fromkeys(
    ("casualties", "no_of_casualties", "number_of_casualties", "total_casualties", "casualty"),
    "dead and injured are counted together in it, which is no death toll",
)


def _field(name: str, meaning: str, names: str) -> Field:
    return Field(name, meaning, (name, *names.split()))


FIELDS: dict[str, Field] = {
    field.name: field
    for field in (
        _field(
            "incident_id",
            "identifier in the table",
            f"id event_id eventid event_id_cnty incident_no {_SERIAL}",
        ),
        _field(
            "date",
            "day, month or year",
            "event_date date_start incident_date date_of_incident day_of_event dated date_of_occurrence تاریخ",
        ),
        _field("date_end", "last day", "end_date date_to until"),
        _field("year", "year, if the date is in several columns", "iyear event_year"),
        _field("month", "month, as a number or name", "imonth event_month"),
        _field("day", "day of the month", "iday"),
        _field("date_precision", "how well the day is known", "date_prec time_precision"),
        _field(
            "district",
            "district name",
            "admin2 adm2_en adm2_name adm_2 district_name name_of_district distt dist zila zilla agency ضلع",
        ),
        _field("pcode", "P-code of the district", "admin2_pcode adm2_pcode admin2_code district_code p_code"),
        _field("province", "province name", "admin1 adm1_en adm_1 provstate"),
        _field(
            "place",
            "town, village or road",
            "location city village town area where_coordinates site place_of_occurrence place_of_incident tehsil مقام",
        ),
        _field("latitude", "degrees north", "lat y centroid_latitude lat_dd gps_lat ycoord"),
        _field("longitude", "degrees east", "lon lng long x centroid_longitude lon_dd gps_lon xcoord"),
        _field("geo_precision", "exact, near or district", "location_precision place_precision"),
        _field(
            "attack_type",
            "what was done",
            "event_type sub_event_type attacktype1_txt type_of_attack incident_type type nature_of_incident "
            "nature_of_occurrence type_of_incident",
        ),
        _field("target_type", "primary target", "targtype1_txt target type_of_target"),
        _field("initiator", "who began", "begun_by"),
        _field("group", "group as named", "actor actor1 gname side_b perpetrator perpetrators group_name claimed_by"),
        _field(
            "killed_total",
            "people killed, all sides",
            "killed fatalities best deaths nkill killed_max total_killed dead no_of_killed ہلاک",
        ),
        _field(
            "killed_victims",
            "people killed apart from militants (shaheed, martyred): the total is at least these and the militants",
            "martyred martyrs shaheed shuhada embraced_martyrdom no_of_martyred شہید شہدا",
        ),
        _field(
            "killed_police",
            "police killed",
            "police_killed police_martyred martyred_police police_shaheed shaheed_police",
        ),
        _field(
            "killed_military",
            "soldiers killed",
            "military_killed army_killed army_martyred martyred_army army_shaheed shaheed_army",
        ),
        _field(
            "killed_civilian",
            "civilians killed",
            "killed_civilians civilians_killed civilian_killed civilians_martyred martyred_civilians civilian_shaheed "
            "shaheed_civilians",
        ),
        _field(
            "killed_militant",
            "militants killed",
            "killed_militants militants_killed terrorists_killed militant_killed terrorist_killed killed_terrorists "
            "ہلاک_دہشت_گرد دہشت_گرد_ہلاک ہلاک_دہشتگرد دہشتگرد_ہلاک ہلاک_عسکریت_پسند عسکریت_پسند_ہلاک "
            "ہلاک_شدت_پسند شدت_پسند_ہلاک",
        ),
        _field(
            "injured_total",
            "people injured",
            "injured wounded nwound injured_max total_injured no_of_injured zakhmi hurt زخمی",
        ),
        _field("n_events", "incidents that the row stands for", "events incidents n_incidents no_of_incidents attacks"),
        _field("n_sources", "reports behind the row", "number_of_sources source_count"),
        _field("source_url", "address of the report", "url link web_address"),
        _field("source_date", "day of the report", "report_date published"),
    )
}

# Words of tables in use -> code. Only proposals: a person confirms them.
ATTACK_WORDS: dict[str, str] = {
    "bomb": "ied",
    "bomb blast": "ied",
    "blast": "ied",
    "explosion": "ied",
    "roadside bomb": "ied",
    "landmine": "ied",
    "vbied": "vehicle_bomb",
    "car bomb": "vehicle_bomb",
    "suicide": "suicide_bombing",
    "suicide attack": "suicide_bombing",
    "suicide blast": "suicide_bombing",
    "firing": "armed_assault",
    "gun attack": "armed_assault",
    "shooting": "armed_assault",
    "armed attack": "armed_assault",
    "militant attack": "armed_assault",
    "target killing": "targeted_killing",
    "assassination": "targeted_killing",
    "kidnapping": "abduction",
    "grenade attack": "grenade",
    "hand grenade": "grenade",
    "mortar": "shelling_rocket",
    "rocket": "shelling_rocket",
    "rocket attack": "shelling_rocket",
    "drone": "drone_strike",
    "quadcopter": "drone_strike",
    "clash": "clash_unspecified",
    "armed clash": "clash_unspecified",
    "exchange of fire": "clash_unspecified",
    "operation": "state_operation",
    "ibo": "state_operation",
    "raid": "state_operation",
    "air strike": "air_strike_state",
    "arson": "arson_sabotage",
    "sabotage": "arson_sabotage",
    "recovered bomb": "disrupted_plot",
}
TARGET_WORDS: dict[str, str] = {
    "policemen": "police",
    "police officer": "police",
    "soldiers": "army",
    "military": "army",
    "security forces": "other_state_force",
    "law enforcement": "other_state_force",
    # Frontier Corps and Frontier Constabulary share these letters.
    "fc": "other_state_force",
    "levies": "levies_khasadar",
    "khasadar": "levies_khasadar",
    "constabulary": "frontier_constabulary",
    "people": "civilian",
    "civilian": "civilian",
    "school": "education",
    "teacher": "education",
    "polio team": "health_polio",
    "polio workers": "health_polio",
    "politician": "political_party",
    "government": "government_official",
    "judge": "judiciary",
    "lawyer": "judiciary",
    "media": "journalist",
    "mosque": "religious",
    "shrine": "religious",
    "imambargah": "religious",
    "church": "religious",
    "elder": "tribal_elder",
    "malik": "tribal_elder",
    "aman committee": "peace_committee",
    "ngo": "ngo_un",
    "un": "ngo_un",
    "foreigners": "foreigner",
    "power pylon": "infrastructure",
    "gas pipeline": "infrastructure",
    "bridge": "infrastructure",
    "shop": "business",
    "bank": "business",
    "terrorists": "militant",
}
