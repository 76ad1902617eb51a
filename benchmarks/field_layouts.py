"""Made-up incidents written as tables in the layouts that people use, each with the answer known."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from geo.districts import Town, load
from tests.format_tables import MadeUp, all_tables

_FIRST_DAY, _N_DAYS = date(2009, 1, 1), 16 * 365
# Districts whose names mean nothing else, each with a town in it.
_TOWNS = ["Abbottabad", "Inzari", "Bannu", "Daggar", "Charsadda", "Paharpur", "Hangu", "Haripur", "Karak", "Jamrud", "Kohat", "Parachinar", "Timargara", "Mansehra", "Mardan", "Peshawar", "Alpurai", "Wana", "Swabi", "Mingora", "Tank"]
_MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]


@dataclass(frozen=True, slots=True)
class Event:
    """One made-up incident. mark: a text that every row about it holds, so that the row is found again."""

    number: int
    mark: str
    day: date
    town: Town
    district: str
    police: int
    army: int
    civilians: int
    militants: int
    injured: int

    @property
    def victims(self) -> int:
        """People killed apart from militants."""
        return self.police + self.army + self.civilians

    @property
    def killed(self) -> int:
        """People killed, all sides."""
        return self.victims + self.militants


@dataclass(frozen=True, slots=True)
class Truth:
    """What a row must be read as. pcode: of the district; killed: None if it is not stated."""

    mark: str
    start: date
    end: date
    pcode: str
    killed: int | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column. write: its cell for an event; role: what may be done to it; names: others in use for it.

    Roles: date, killed, word, text, degrees, district, mark, "" for none. is_needed: the table cannot do without it.
    """

    name: str
    write: Callable[[Event], str]
    role: str = ""
    names: tuple[str, ...] = ()
    is_needed: bool = True


@dataclass(frozen=True, slots=True)
class Layout:
    """A kind of table. is_named: its columns have names of their own, of which only the writing changes.

    period: day, month or year that a row is about; has_toll: whether the rows state people killed at all.
    """

    name: str
    columns: tuple[Column, ...]
    is_named: bool = False
    period: str = "day"
    has_toll: bool = True

    def truth(self, event: Event) -> Truth:
        """Return what the row about an event must be read as."""
        start = end = event.day
        if self.period == "month":
            start = start.replace(day=1)
            end = (start + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        elif self.period == "year":
            start, end = date(start.year, 1, 1), date(start.year, 12, 31)
        return Truth(event.mark, start, end, event.town.pcode, event.killed if self.has_toll else None)


def events(n: int, rng: random.Random, *, are_days_small: bool = False) -> list[Event]:
    """Return incidents in different districts; are_days_small: all in days 1 to 12, so that no order is proved."""
    made = []
    for number, town in enumerate(rng.sample(_towns(), n), start=1):
        day = _FIRST_DAY + timedelta(days=rng.randrange(_N_DAYS))
        if are_days_small:
            day = day.replace(day=1 + day.day % 12)
        dead = [rng.choice((0, 0, 1, 2, 3)) for _ in range(4)]
        district = load().names[town.pcode]
        made.append(Event(number, f"mark-{number:02}", day, town, district, *dead, rng.randrange(9)))
    return made


@cache
def _towns() -> list[Town]:
    return [town for town in load().towns if town.name in _TOWNS]


# --- columns ----------------------------------------------------------------------------------------------


def _column(name: str, write: Callable[[Event], object], role: str = "", *names: str, needed: bool = True) -> Column:
    return Column(name, lambda event: str(write(event)), role, names, needed)


def _optional(name: str, write: Callable[[Event], object], role: str = "", *names: str) -> Column:
    return _column(name, write, role, *names, needed=False)


def _cycle(*words: str) -> Callable[[Event], str]:
    return lambda event: words[event.number % len(words)]


def _date(name: str, *names: str) -> Column:
    return _column(name, lambda event: event.day.isoformat(), "date", *names)


def _district(name: str, *names: str) -> Column:
    return _column(name, lambda event: event.district, "district", *names)


def _killed(name: str, *names: str) -> Column:
    return _column(name, lambda event: event.killed, "killed", *names)


def _degrees(latitude: str, longitude: str) -> tuple[Column, Column]:
    return (
        _column(latitude, lambda event: event.town.lat, "degrees"),
        _column(longitude, lambda event: event.town.lon, "degrees"),
    )


def _mark(name: str) -> Column:
    return _column(name, lambda event: f"{event.mark} as reported", "mark")


_TYPE = _optional("Type", _cycle("IED", "Firing", "Targeted killing", "Grenade attack"), "word", "Type of attack")
_TARGET = _optional("Target", _cycle("Police", "Army", "Civilian"), "word", "Target type")
_INJURED = _optional("Injured", lambda event: event.injured, "", "Wounded", "No. of injured", "Total injured")
_SERIAL = _optional("S.No", lambda event: event.number, "", "Sr. No", "Sl #", "Serial No.")
_DATES = (
    *(
        "Incident Date",
        "Date of Incident",
        "DATE",
        "Date of occurrence",
        "Event Date",
        "Date of Attack",
        "IncidentDate",
    ),
    *("Date & Time", "Occurrence date", "Dated", "event_date", "Date (dd/mm/yyyy)", "Dt."),
)
_DISTRICTS = (
    *("District Name", "Distt", "DISTRICT", "Name of District", "Dist.", "District/Agency", "Districts", "admin2"),
    *("Zila", "District of incident", "DistrictName", "Agency/District"),
)
_DEAD = (
    *("Deaths", "Total Killed", "Fatalities", "No. of Killed", "Dead", "Total Deaths", "# killed", "num_killed"),
    *("Persons killed", "Death toll", "Number of deaths", "Killed (Nos)", "TotalKilled"),
)

_OWN: tuple[Layout, ...] = (
    Layout(
        "Plain table",
        (
            _SERIAL,
            _date("Date", *_DATES),
            _district("District", *_DISTRICTS),
            _optional("Tehsil", lambda event: event.town.name, "", "Location", "Place"),
            _killed("Killed", *_DEAD),
            _INJURED,
            _TYPE,
            _TARGET,
            _optional("Group", _cycle("TTP", "", "Unknown"), "word", "Perpetrator", "Claimed by"),
            _optional("Details", lambda event: f"Made up, {event.town.name} road", "text", "Summary", "Description"),
            _mark("Remarks"),
        ),
    ),
    Layout(
        "Plain table with coordinates",
        (
            _date("date", *_DATES),
            *_degrees("latitude", "longitude"),
            _optional("location", lambda event: event.town.name, "", "village", "Place of incident"),
            _killed("killed", *_DEAD),
            _INJURED,
            _TYPE,
            _optional("details", lambda event: f"Made up, {event.town.name} road", "text", "summary"),
            _mark("source"),
        ),
    ),
    Layout(
        "Plain table with day, month and year",
        (
            _SERIAL,
            _column("Day", lambda event: event.day.day),
            _column("Month", lambda event: event.day.month, "month"),
            _column("Year", lambda event: event.day.year),
            _optional("Time", _cycle("14:30", "09:00", ""), "", "Time of incident"),
            _column("Place", lambda event: f"{event.town.name}, {event.district}"),
            _killed("Killed", *_DEAD),
            _INJURED,
            _TYPE,
            _mark("Remarks"),
        ),
    ),
    Layout(
        "Plain table with one column of points",
        (
            _date("Date", *_DATES),
            _optional("Place", lambda event: event.town.name, "", "Village"),
            _column(
                "Coordinates",
                lambda event: f"{event.town.lat}, {event.town.lon}",
                "",
                "GPS",
                "Lat/Long",
                "Location GPS",
            ),
            _killed("Killed", *_DEAD),
            _INJURED,
            _TYPE,
            _mark("Remarks"),
        ),
    ),
    Layout(
        "Police table",
        (
            _optional("Sr No", lambda event: event.number, "", "Sr. #", "S#"),
            _date("Date", *_DATES),
            _district("Name of District", *_DISTRICTS),
            _optional("Place of occurrence", lambda event: f"PS {event.town.name}", "text", "Place of Incident"),
            _optional("Nature of occurrence", _cycle("Attack on PS", "IED", "IBO", "Firing"), "word", "Nature"),
            _column("Martyred", lambda event: event.victims, "", "Shaheed", "No. of Martyred"),
            _INJURED,
            _column("Terrorist killed", lambda event: event.militants, "", "Terrorists Killed", "Militants killed"),
            _mark("Remarks"),
        ),
    ),
    Layout(
        "Table of several forces",
        (
            _optional("S#", lambda event: event.number),
            _date("Date", *_DATES),
            _district("District", *_DISTRICTS),
            _column("Police Shaheed", lambda event: event.police, "", "Police Martyred", "Police killed"),
            _column("Army Shaheed", lambda event: event.army, "", "Army martyred", "Army Killed"),
            _column("FC Shaheed", lambda event: 0, "", "FC martyred"),
            _column("Civilians Shaheed", lambda event: event.civilians, "", "Civilians Martyred", "Civilian killed"),
            _column("Khawarij killed", lambda event: event.militants, "", "Terrorists killed", "Militants Killed"),
            _optional("Police Injured", lambda event: event.injured),
            _mark("Remarks"),
        ),
    ),
    Layout(
        "Toll headers of SATP",
        (
            _optional("S.No", lambda event: event.number, "", "Sl. No"),
            _date("Date", *_DATES),
            _district("District", *_DISTRICTS),
            _column("Civilians", lambda event: event.civilians),
            _column("SFs", lambda event: event.police + event.army, "", "Security Forces", "SF"),
            _column("Terrorists", lambda event: event.militants, "", "Militants", "Terrorists/Insurgents/Extremists"),
            _column("Total", lambda event: event.killed),
            _mark("Source"),
        ),
    ),
    Layout(
        "Urdu headers",
        (
            _optional("نمبر شمار", lambda event: event.number),
            _date("تاریخ"),
            _district("ضلع"),
            _optional("مقام", lambda event: event.town.name, "text"),
            _killed("ہلاک"),
            _optional("زخمی", lambda event: event.injured),
            _mark("تفصیل"),
        ),
    ),
    Layout(
        "KoboToolbox and ODK",
        (
            _column("start", lambda event: f"{event.day + timedelta(days=3)}T10:00:00.000+05:00"),
            _column("end", lambda event: f"{event.day + timedelta(days=3)}T10:05:00.000+05:00"),
            _date("Incident date", "incident_date", "Date of incident"),
            _district("District", "district", "District name"),
            *_degrees("_Location_latitude", "_Location_longitude"),
            _optional("_Location_altitude", lambda event: 0),
            _optional("_Location_precision", lambda event: 4.5),
            _optional("Type of incident", _cycle("Targeted killing", "IED blast"), "word", "Incident type"),
            _killed("Killed", "Number killed", "Deaths"),
            _INJURED,
            _mark("Notes"),
            _column("_id", lambda event: 1000 + event.number),
            _column("_uuid", lambda event: f"ab-{event.number}"),
            _optional("_submission_time", lambda event: f"{event.day + timedelta(days=4)}T08:00:00"),
        ),
    ),
    Layout(
        "Ushahidi",
        (
            _column("Post ID", lambda event: 10 + event.number),
            _optional("Survey", lambda event: "Incident"),
            _optional("Title", _cycle("Attack on police van", "Blast near bazaar"), "text"),
            _mark("Description"),
            _date("Date (UTC)"),
            *_degrees("Location (latitude)", "Location (longitude)"),
            _optional("Categories", _cycle("Attack on police", "IED"), "word"),
        ),
        has_toll=False,
    ),
    Layout(
        "Strikes, as lists of drone strikes have them",
        (
            _column("strikes", lambda event: 1),
            _date("date"),
            _optional("village", lambda event: event.town.name.lower(), "text"),
            _column("region", lambda event: event.district.lower(), "district"),
            _optional("year", lambda event: event.day.year),
            _column("militants-killed-low", lambda event: event.militants),
            _column("militants-killed-high", lambda event: event.militants + 1),
            _column("civilians-killed-low", lambda event: event.victims),
            _column("civilians-killed-high", lambda event: event.victims + 2),
            _column("total-killed-low", lambda event: event.killed),
            _column("total-killed-high", lambda event: event.killed + 3),
            _optional("target-type", _cycle("house", "compound", "vehicle"), "word"),
            _mark("target-organization"),
            *_degrees("target-latitude", "target-longitude"),
        ),
    ),
    Layout(
        "Own table with names of its own",
        (
            _optional("Serial", lambda event: event.number),
            _date("When"),
            _district("Distt", "Zila", "District/Agency"),
            _optional("Kind", _cycle("blast", "ambush", "IED"), "word"),
            _optional("Who", _cycle("TTP", "unknown", ""), "word"),
            _killed("Dead", "Died", "Persons killed"),
            _mark("Remarks"),
        ),
    ),
)


# --- layouts of the tables that are recognised ------------------------------------------------------------


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
        _column("eventid", lambda event: f"{event.day:%Y%m%d}{event.number:04}"),
        _column("iyear", lambda event: event.day.year),
        _column("imonth", lambda event: event.day.month),
        _column("iday", lambda event: event.day.day),
        _column("city", lambda event: event.town.name),
        *_degrees("latitude", "longitude"),
        _optional("attacktype1_txt", _cycle("Bombing/Explosion", "Armed Assault"), "word"),
        _optional("targtype1_txt", _cycle("Military", "Police", "Private Citizens & Property"), "word"),
        _column("nkill", lambda event: event.killed),
        _column("nkillter", lambda event: event.militants),
        _mark("summary"),
        _column("country_txt", lambda event: "Pakistan"),
        _column("provstate", lambda event: "Khyber Pakhtunkhwa"),
    )
    whole = _based_on("GTD", columns)
    chosen = tuple(column for column in whole.columns if not kept or column.name in kept)
    return Layout(name, chosen, is_named=True)


def _known() -> tuple[Layout, ...]:
    ged = _named(
        _column("id", lambda event: 500 + event.number),
        _column("relid", lambda event: f"PAK-{event.number}"),
        _column("year", lambda event: event.day.year),
        _column("adm_2", lambda event: f"{event.district} district"),
        _column("where_coordinates", lambda event: f"{event.town.name} town"),
        *_degrees("latitude", "longitude"),
        Column("geom_wkt", lambda event: f"POINT ({event.town.lon} {event.town.lat})", is_needed=False),
        _date("date_start"),
        _date("date_end"),
        _column("deaths_a", lambda event: event.police + event.army),
        _column("deaths_b", lambda event: event.militants),
        _column("deaths_civilians", lambda event: event.civilians),
        _column("deaths_unknown", lambda event: 0),
        *(_column(name, lambda event: event.killed) for name in ("best", "high", "low")),
        _column("type_of_violence", lambda event: 1),
        _column("country", lambda event: "Pakistan"),
        _mark("source_article"),
    )
    acled = _named(
        _column("event_id_cnty", lambda event: f"PAK{event.number}"),
        _date("event_date"),
        _column("year", lambda event: event.day.year),
        _column("event_type", lambda event: "Battles"),
        _column("sub_event_type", lambda event: "Armed clash"),
        _column("country", lambda event: "Pakistan"),
        _column("admin1", lambda event: "Khyber Pakhtunkhwa"),
        _column("admin2", lambda event: event.district),
        _column("location", lambda event: event.town.name),
        *_degrees("latitude", "longitude"),
        _mark("notes"),
        _column("fatalities", lambda event: event.killed),
    )
    hdx = _named(
        _column("Admin2", lambda event: event.district),
        _column("Admin2 Pcode", lambda event: event.town.pcode),
        _column("Admin1", lambda event: "Khyber Pakhtunkhwa"),
        _column("Month", lambda event: _MONTHS[event.day.month - 1]),
        _column("Year", lambda event: event.day.year),
        _column("Events", lambda event: 1 + event.number),
        _column("Fatalities", lambda event: event.killed),
    )
    monthly = _based_on("HDX monthly totals", hdx, "month")
    totals = (
        _column("district", lambda event: event.district),
        _column("year", lambda event: event.day.year),
        _column("month", lambda event: _MONTHS[event.day.month - 1]),
        _column("incidents", lambda event: 1 + event.number),
        _column("killed_civilians", lambda event: event.civilians),
        _column("killed_security", lambda event: event.police + event.army),
        _column("killed_militants", lambda event: event.militants),
        _killed("killed_total"),
        _optional("injured", lambda event: event.injured),
        _mark("remarks"),
    )
    suicide = _named(
        _column("S#", lambda event: event.number),
        _date("Date"),
        _column("City", lambda event: event.town.name),
        *_degrees("Latitude", "Longitude"),
        _column("Province", lambda event: "KPK"),
        _mark("Location"),
        _optional("Target Type", _cycle("Police", "Military", "Religious"), "word"),
        _column("Killed Min", lambda event: event.victims),
        _column("Killed Max", lambda event: event.killed),
        _column("Injured Max", lambda event: event.injured),
        _column("Islamic Date", lambda event: "25 Jumaada al-THaany 1416 A.H"),
        _column("No. of Suicide Blasts", lambda event: 1),
    )
    register = _named(
        _column("incident_id", lambda event: f"KPR-{event.day.year}-{event.number:04}"),
        _date("date"),
        _district("district"),
        _column("pcode", lambda event: event.town.pcode),
        _column("place", lambda event: event.town.name),
        *_degrees("latitude", "longitude"),
        _column("killed_total", lambda event: event.killed),
        _mark("summary"),
        *(
            _column(name, _cycle(*words))
            for name, words in {"attack_type": ("ied", "ambush"), "target_type": ("police", "civilian")}.items()
        ),
    )
    template = register | _named(
        _column("incident_id", lambda event: f"own {event.number}"),
        _killed("killed_total"),
        _mark("notes"),
        _optional("attack_type", _cycle("ied", "ambush"), "word"),
        _optional("target_type", _cycle("police", "army"), "word"),
    )
    search = (
        _column("GTD ID", lambda event: f"{event.day:%Y%m%d}{event.number:04}"),
        _date("DATE"),
        _column("COUNTRY", lambda event: "Pakistan"),
        _column("CITY", lambda event: event.town.name),
        _mark("PERPETRATOR GROUP"),
        _column("FATALITIES", lambda event: event.killed),
        _column("INJURED", lambda event: event.injured),
        _optional("TARGET TYPE", _cycle("Police", "Military"), "word"),
    )
    subset = (
        "iyear imonth iday provstate city latitude longitude suicide attacktype1_txt targtype1_txt gname nkill "
        "nkillter nwound summary"
    )
    return (
        _based_on("UCDP GED", ged),
        _based_on("ACLED events, 2022 layout, roles as numbers, dates as 17 May 2024", acled),
        _based_on("ACLED events, 2024 layout, roles as words, dates as 2024-05-17", acled),
        Layout(monthly.name, (*monthly.columns, _mark("Remarks")), is_named=True, period="month"),
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
    return (*_OWN, *_known())
