"""Made-up incidents in the layouts that are recognised: the tables of the tests, filled with other incidents."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from functools import cache

from benchmarks.field_layouts import (
    OWN,
    Column,
    Layout,
    column,
    cycle,
    date_column,
    degrees,
    district,
    killed,
    mark,
    optional,
)
from tests.format_tables import MadeUp, all_tables

_MONTHS = tuple(calendar.month_name)


def _based_on(name: str, columns: Mapping[str, Column], period: str = "day") -> Layout:
    """Return the layout of a made-up table of the tests: its header, other cells as in its first incident."""
    table = next(one for one in all_tables() if one.name == name)
    first = _first_incident(table)
    made = tuple(
        columns.get(column, Column(column, lambda _event, cell=cell: cell, is_needed=False))  # type: ignore[misc]
        for column, cell in zip(table.header or (), first, strict=True)
    )
    return Layout(name, made, is_named=True, period=period)


def _first_incident(table: MadeUp) -> tuple[str, ...]:
    return next(row for row in table.rows if not any(cell.startswith("#") for cell in row))


def _named(*columns: Column) -> dict[str, Column]:
    return {column.name: column for column in columns}


def _gtd(name: str, kept: tuple[str, ...] = ()) -> Layout:
    columns = _named(
        column("eventid", lambda event: f"{event.day:%Y%m%d}{event.number:04}"),
        column("iyear", lambda event: event.day.year),
        column("imonth", lambda event: event.day.month),
        column("iday", lambda event: event.day.day),
        column("city", lambda event: event.town.name),
        *degrees("latitude", "longitude"),
        optional("attacktype1_txt", cycle("Bombing/Explosion", "Armed Assault"), "word"),
        optional("targtype1_txt", cycle("Military", "Police", "Private Citizens & Property"), "word"),
        column("nkill", lambda event: event.killed),
        column("nkillter", lambda event: event.militants),
        mark("summary"),
        column("country_txt", lambda _event: "Pakistan"),
        column("provstate", lambda _event: "Khyber Pakhtunkhwa"),
    )
    whole = _based_on("GTD", columns)
    chosen = tuple(column for column in whole.columns if not kept or column.name in kept)
    return Layout(name, chosen, is_named=True)


def _known() -> tuple[Layout, ...]:
    ged = _named(
        column("id", lambda event: 500 + event.number),
        column("relid", lambda event: f"PAK-{event.number}"),
        column("year", lambda event: event.day.year),
        column("adm_2", lambda event: f"{event.district} district"),
        column("where_coordinates", lambda event: f"{event.town.name} town"),
        *degrees("latitude", "longitude"),
        Column("geom_wkt", lambda event: f"POINT ({event.town.lon} {event.town.lat})", is_needed=False),
        date_column("date_start"),
        date_column("date_end"),
        column("deaths_a", lambda event: event.police + event.army),
        column("deaths_b", lambda event: event.militants),
        column("deaths_civilians", lambda event: event.civilians),
        column("deaths_unknown", lambda _event: 0),
        *(column(name, lambda event: event.killed) for name in ("best", "high", "low")),
        column("type_of_violence", lambda _event: 1),
        column("country", lambda _event: "Pakistan"),
        mark("source_article"),
    )
    acled = _named(
        column("event_id_cnty", lambda event: f"PAK{event.number}"),
        date_column("event_date"),
        column("year", lambda event: event.day.year),
        column("event_type", lambda _event: "Battles"),
        column("sub_event_type", lambda _event: "Armed clash"),
        column("country", lambda _event: "Pakistan"),
        column("admin1", lambda _event: "Khyber Pakhtunkhwa"),
        column("admin2", lambda event: event.district),
        column("location", lambda event: event.town.name),
        *degrees("latitude", "longitude"),
        mark("notes"),
        column("fatalities", lambda event: event.killed),
    )
    hdx = _named(
        column("Admin2", lambda event: event.district),
        column("Admin2 Pcode", lambda event: event.town.pcode),
        column("Admin1", lambda _event: "Khyber Pakhtunkhwa"),
        column("Month", lambda event: _MONTHS[event.day.month]),
        column("Year", lambda event: event.day.year),
        column("Events", lambda event: 1 + event.number),
        column("Fatalities", lambda event: event.killed),
    )
    monthly = _based_on("HDX monthly totals", hdx, "month")
    totals = (
        column("district", lambda event: event.district),
        column("year", lambda event: event.day.year),
        column("month", lambda event: _MONTHS[event.day.month]),
        column("incidents", lambda event: 1 + event.number),
        column("killed_civilians", lambda event: event.civilians),
        column("killed_security", lambda event: event.police + event.army),
        column("killed_militants", lambda event: event.militants),
        killed("killed_total"),
        optional("injured", lambda event: event.injured),
        mark("remarks"),
    )
    suicide = _named(
        column("S#", lambda event: event.number),
        date_column("Date"),
        column("City", lambda event: event.town.name),
        *degrees("Latitude", "Longitude"),
        column("Province", lambda _event: "KPK"),
        mark("Location"),
        optional("Target Type", cycle("Police", "Military", "Religious"), "word"),
        column("Killed Min", lambda event: event.victims),
        column("Killed Max", lambda event: event.killed),
        column("Injured Max", lambda event: event.injured),
        column("Islamic Date", lambda _event: "25 Jumaada al-THaany 1416 A.H"),
        column("No. of Suicide Blasts", lambda _event: 1),
    )
    register = _named(
        column("incident_id", lambda event: f"KPR-{event.day.year}-{event.number:04}"),
        date_column("date"),
        district("district"),
        column("pcode", lambda event: event.town.pcode),
        column("place", lambda event: event.town.name),
        *degrees("latitude", "longitude"),
        column("killed_total", lambda event: event.killed),
        mark("summary"),
        *(
            column(name, cycle(*words))
            for name, words in {"attack_type": ("ied", "ambush"), "target_type": ("police", "civilian")}.items()
        ),
    )
    template = register | _named(
        column("incident_id", lambda event: f"own {event.number}"),
        killed("killed_total"),
        mark("notes"),
        optional("attack_type", cycle("ied", "ambush"), "word"),
        optional("target_type", cycle("police", "army"), "word"),
    )
    search = (
        column("GTD ID", lambda event: f"{event.day:%Y%m%d}{event.number:04}"),
        date_column("DATE"),
        column("COUNTRY", lambda _event: "Pakistan"),
        column("CITY", lambda event: event.town.name),
        mark("PERPETRATOR GROUP"),
        column("FATALITIES", lambda event: event.killed),
        column("INJURED", lambda event: event.injured),
        optional("TARGET TYPE", cycle("Police", "Military"), "word"),
    )
    subset = (
        "iyear imonth iday provstate city latitude longitude suicide attacktype1_txt targtype1_txt gname nkill "
        "nkillter nwound summary"
    )
    return (
        _based_on("UCDP GED", ged),
        _based_on("ACLED events, 2022 layout, roles as numbers, dates as 17 May 2024", acled),
        _based_on("ACLED events, 2024 layout, roles as words, dates as 2024-05-17", acled),
        Layout(monthly.name, (*monthly.columns, mark("Remarks")), is_named=True, period="month"),
        _gtd("GTD"),
        _gtd("GTD, part of the columns", tuple(subset.split())),
        Layout("GTD, export of a search", search, is_named=True),
        Layout("District totals", totals, is_named=True, period="month"),
        _based_on("Suicide attacks (Kaggle)", suicide),
        _based_on("Register", register),
        _based_on("Atlas template", template),
    )


@cache
def layouts() -> tuple[Layout, ...]:
    """Return every layout, those of people's own tables first."""
    return (*OWN, *_known())
