"""Small made-up tables in every layout that is recognised: header and rows as text, as a csv file has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from benchmarks.made_up_workbook import COLUMNS as GTD_COLUMNS
from geo.ingest.formats.template_file import TEMPLATE_COLUMNS
from geo.ingest.formats.ucdp import COLUMNS as GED_COLUMNS


@dataclass(frozen=True, slots=True)
class MadeUp:
    """One table. header: None for a file without one. reply: the name of the list in the interface's JSON.

    point: columns of latitude and longitude, if any; answers: options of the reading, whatever the container.
    """

    name: str
    header: tuple[str, ...] | None
    rows: tuple[tuple[str, ...], ...]
    point: tuple[str, str] | None = None
    reply: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)


def _made_up(name: str, columns: Sequence[str], *records: Mapping[str, str], **given: Any) -> MadeUp:
    unknown = {key for record in records for key in record} - set(columns)
    if unknown:
        raise ValueError(f"{name}: no columns {unknown}")
    rows = tuple(tuple(record.get(column, "") for column in columns) for record in records)
    return MadeUp(name, tuple(columns), rows, **given)


_GTD_SEARCH = "GTD ID,DATE,COUNTRY,CITY,PERPETRATOR GROUP,FATALITIES,INJURED,TARGET TYPE"
_GTD_FOUND = "202012280010,2020-12-28,Pakistan,Bannu,Unknown,1,1,Police"
_DEGREES = ("latitude", "longitude")
_GED = {
    "id": "1",
    "relid": "PAK-2021-1-404-1",
    "year": "2021",
    "active_year": "1",
    "code_status": "Clear",
    "type_of_violence": "1",
    "side_a": "Government of Pakistan",
    "side_b": "TTP",
    "number_of_sources": "2",
    "source_article": 'Café News, "a headline"\nsecond line',
    "where_prec": "1",
    "where_coordinates": "Mir Ali town",
    "adm_1": "Khyber Pakhtunkwa province",
    "adm_2": "North Waziristan district",
    "latitude": "32.98",
    "longitude": "70.26",
    "geom_wkt": "POINT (70.26 32.98)",
    "country": "Pakistan",
    "event_clarity": "1",
    "date_prec": "1",
    "date_start": "2021-08-01 00:00:00.000",
    "date_end": "2021-08-01 00:00:00.000",
    "deaths_a": "2",
    "deaths_b": "1",
    "deaths_civilians": "0",
    "deaths_unknown": "0",
    "best": "3",
    "high": "4",
    "low": "2",
}
_GED_ROWS = (
    _GED,
    _GED | {"id": "2", "type_of_violence": "3", "side_a": "TTP", "side_b": "Civilians", "date_prec": "4"},
)
_ACLED_2024 = (
    "event_id_cnty event_date year time_precision disorder_type event_type sub_event_type actor1 assoc_actor_1 inter1 "
    "actor2 assoc_actor_2 inter2 interaction civilian_targeting iso region country admin1 admin2 admin3 location "
    "latitude longitude geo_precision source source_scale notes fatalities tags timestamp"
)
_ACLED_2022 = f"data_id {_ACLED_2024.replace('event_id_cnty', 'event_id_cnty event_id_no_cnty')} iso3"
_ACLED = {
    "event_id_cnty": "PAK1",
    "event_date": "2024-05-17",
    "year": "2024",
    "time_precision": "1",
    "event_type": "Battles",
    "sub_event_type": "Armed clash",
    "actor1": "TTP: Tehreek-i-Taliban Pakistan",
    "inter1": "Rebel group",
    "actor2": "Police Forces of Pakistan (2022-)",
    "inter2": "State forces",
    "country": "Pakistan",
    "admin1": "Khyber Pakhtunkhwa",
    "admin2": "North Waziristan",
    "location": "Mir Ali",
    "latitude": "32.98",
    "longitude": "70.27",
    "geo_precision": "1",
    "source": "Dawn (Pakistan); The News",
    "notes": 'A café was hit, "reports" say.',
    "fatalities": "3",
    "timestamp": "1716220800",
}
_PROTEST = {"event_id_cnty": "PAK2", "event_type": "Protests", "sub_event_type": "Peaceful protest"}


def _acled(name: str, columns: str = _ACLED_2024, **given: str) -> MadeUp:
    events = (_ACLED | given, _ACLED | given | _PROTEST)
    return _made_up(f"ACLED events, {name}", columns.split(), *events, point=_DEGREES, reply="data")


_HDX_ROW = {
    "Country": "Pakistan",
    "Admin1": "Khyber Pakhtunkhwa",
    "Admin2": "Bannu",
    "ISO3": "PAK",
    "Admin2 Pcode": "PK503",
    "Admin1 Pcode": "PK5",
    "Month": "March",
    "Year": "2024",
    "Events": "7",
    "Fatalities": "11",
}
_GTD = {
    "eventid": "202001150007",
    "iyear": "2020",
    "imonth": "1",
    "iday": "15",
    "country_txt": "Pakistan",
    "provstate": "Khyber Pakhtunkhwa",
    "city": "Miran Shah",
    "latitude": "33.5",
    "longitude": "70.07",
    "specificity": "1",
    "vicinity": "0",
    "summary": "01/15/2020: near a café,\nsecond “line”",
    "doubtterr": "0",
    "suicide": "0",
    "attacktype1_txt": "Bombing/Explosion",
    "targtype1_txt": "Military",
    "gname": "Tehrik-i-Taliban Pakistan (TTP)",
    "nkill": "4",
    "nkillter": "1",
    "scite1": "a report",
}
_SUICIDE = {
    "S#": "1",
    "Date": "Sunday-November 19-1995",
    "Islamic Date": "25 Jumaada al-THaany 1416 A.H",
    "City": "Peshawar",
    "Latitude": "34.01",
    "Longitude": "71.54",
    "Province": "KPK",
    "Location": "a café, a market",
    "Target Type": "Police",
    "Killed Min": "14",
    "Killed Max": "15",
    "Injured Min": "",
    "Injured Max": "60+",
    "No. of Suicide Blasts": "2",
}
_REGISTER = (
    "incident_id date date_precision district pcode district_reported place latitude longitude geo_precision "
    "attack_type target_type group_claimed killed_police killed_military killed_civilian killed_militant killed_total "
    "injured_total summary source_url source_date"
)
_REGISTER_ROW = {
    "incident_id": "KPR-2024-9001",
    "date": "2024-03-04",
    "date_precision": "day",
    "district": "Bannu",
    "pcode": "PK503",
    "place": "Jani Khel",
    "latitude": "32.81",
    "longitude": "70.36",
    "geo_precision": "2",
    "attack_type": "ied",
    "target_type": "police",
    "killed_total": "1",
    "summary": "Made up: a café, a road.",
    "source_url": "https://example.org/1",
    "source_date": "2024-03-05",
}
_TEMPLATE_ROW = {
    "incident_id": "007",
    "date": "2024-03-04",
    "district": "Bannu",
    "place": "café",
    "latitude": "32.99",
    "longitude": "70.6",
    "killed_total": "3",
}
_WEEKLY = (
    "WEEK REGION COUNTRY ADMIN1 EVENT_TYPE SUB_EVENT_TYPE EVENTS FATALITIES POPULATION_EXPOSURE DISORDER_TYPE ID "
    "CENTROID_LATITUDE CENTROID_LONGITUDE"
)
_TOTALS = "district year month incidents killed_civilians killed_security killed_militants killed_total injured"
_SHEET = "Year,Incidents of Killing,Civilians,Security Forces,Terrorists/Insurgents/Extremists,Not Specified,Total"
_OWN = ["Serial", "When", "Distt", "Kind", "Who", "Dead", "GPS Lat", "GPS Lon", "Remarks"]
_OWN_MAPPING = {
    "incident_id": "Serial",
    "date": "When",
    "district": "Distt",
    "attack_type": "Kind",
    "group": "Who",
    "killed_total": "Dead",
    "latitude": "GPS Lat",
    "longitude": "GPS Lon",
}


def all_tables() -> tuple[MadeUp, ...]:
    """Return one table for each layout, in the order of the document."""
    ged = _made_up("UCDP GED", GED_COLUMNS, *_GED_ROWS, point=_DEGREES, reply="Result")
    hdx_columns = [*GED_COLUMNS, "iso3"]
    tags = {"id": "#event+id", "latitude": "#geo+lat", "longitude": "#geo+lon", "iso3": "#country+code"}
    return (
        ged,
        _made_up("UCDP GED, HDX edition with a row of tags", hdx_columns, tags, *_GED_ROWS),
        replace(ged, name="UCDP GED without a header", header=None, point=None, reply=""),
        _acled(
            "2022 layout, roles as numbers, dates as 17 May 2024",
            _ACLED_2022,
            event_date="17 May 2024",
            inter1="2",
            inter2="1",
        ),
        _acled("2024 layout, roles as words, dates as 2024-05-17"),
        _acled("dates as 17-May-24", event_date="17-May-24"),
        _acled("dates as 17/05/2024", event_date="17/05/2024"),
        _acled("2026 layout with population", f"{_ACLED_2024} population_best", population_best="41200"),
        _made_up(
            "ACLED weekly aggregate",
            _WEEKLY.split(),
            {
                "WEEK": "2024-05-18",
                "ADMIN1": "Khyber Pakhtunkhwa",
                "EVENT_TYPE": "Battles",
                "SUB_EVENT_TYPE": "Armed clash",
                "EVENTS": "7",
                "FATALITIES": "11",
            },
        ),
        _made_up(
            "HDX monthly totals",
            tuple(_HDX_ROW),
            _HDX_ROW,
            _HDX_ROW | {"Month": "April", "Events": "0", "Fatalities": "0"},
        ),
        _made_up("GTD", GTD_COLUMNS, _GTD, _GTD | {"eventid": "202001150008", "nkill": "2.5"}, point=_DEGREES),
        _made_up(
            "GTD, export of a search",
            _GTD_SEARCH.split(","),
            dict(zip(_GTD_SEARCH.split(","), _GTD_FOUND.split(","), strict=True)),
        ),
        _made_up("GDELT", ["GLOBALEVENTID", "SQLDATE", "ActionGeo_Lat"], {"GLOBALEVENTID": "1", "SQLDATE": "20240304"}),
        _made_up(
            "District totals",
            _TOTALS.split(),
            {"district": "Bannu", "year": "2024", "month": "March", "incidents": "5", "killed_total": "6"},
            {"district": "Tank", "year": "2024", "incidents": "9", "killed_total": "at least 3"},
            {"district": "Total", "year": "2024", "incidents": "14", "killed_total": "9"},
        ),
        _made_up(
            "Totals by division",
            ["division", "year", "incidents", "killed_total"],
            {"division": "Bannu Division", "year": "2024", "incidents": "5", "killed_total": "6"},
        ),
        _made_up("Datasheet of the province", _SHEET.split(","), {"Year": "2000*", "Total": "6"}),
        _made_up("Suicide attacks (Kaggle)", tuple(_SUICIDE), _SUICIDE, point=("Latitude", "Longitude")),
        _made_up(
            "Register",
            _REGISTER.split(),
            _REGISTER_ROW,
            _REGISTER_ROW | {"incident_id": "KPR-2024-9002", "date": "2024-03", "date_precision": "month"},
            point=_DEGREES,
        ),
        _made_up(
            "Atlas template",
            [column.name for column in TEMPLATE_COLUMNS],
            _TEMPLATE_ROW,
            {"incident_id": "008", "date": "2024-03-05", "district": "Tank"},
            {"incident_id": "009", "date": "2024-13-05", "district": "Tank"},
            point=_DEGREES,
        ),
        _made_up(
            "Atlas template without identifiers",
            ["date", "district", "latitude", "longitude", "killed_total", "notes"],
            {"date": "2024-03-04", "district": "Bannu", "latitude": "32.990", "longitude": "70.60", "notes": "café"},
            {"date": "2024-03-05", "district": "Tank", "killed_total": "3"},
            point=_DEGREES,
        ),
        _made_up(
            "Plain table",
            ["S.No", "Date", "District", "Type of incident", "Killed", "Remarks"],
            {"S.No": "1", "Date": "5 March 2024", "District": "Bannu", "Type of incident": "IED blast", "Killed": "2"},
            {"S.No": "2", "Date": "6 March 2024", "District": "Tank", "Killed": "Nil", "Remarks": "café"},
        ),
        _made_up(
            "Own table, mapped",
            _OWN,
            dict(zip(_OWN, ("7", "04/03/2024", "Bannu", "blast", "TTP", "2", "32.99", "70.6", "café"), strict=True)),
            {"Serial": "8", "When": "25/03/2024", "Distt": "Dir", "Kind": "strange"},
            answers={"mapping": _OWN_MAPPING, "values": {"attack_type": {"blast": "ied"}}, "date_order": "DMY"},
        ),
    )
