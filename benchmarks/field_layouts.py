"""Made-up incidents written as tables in the layouts that people use, each with the answer known."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from geo.districts import Town, load

_FIRST_DAY, _N_DAYS = date(2009, 1, 1), 16 * 365
# Districts whose names mean nothing else, each with a town in it.
_TOWNS = frozenset(
    {
        *("Abbottabad", "Inzari", "Bannu", "Daggar", "Charsadda", "Paharpur", "Hangu"),
        *("Haripur", "Karak", "Jamrud", "Kohat", "Parachinar", "Timargara", "Mansehra"),
        *("Mardan", "Peshawar", "Alpurai", "Wana", "Swabi", "Mingora", "Tank"),
    }
)


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
    """What a row must be read as. pcode: None outside and where the place is open; killed: None if not stated."""

    mark: str
    start: date
    end: date
    pcode: str | None
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


def column(name: str, write: Callable[[Event], object], role: str = "", *names: str, needed: bool = True) -> Column:
    return Column(name, lambda event: str(write(event)), role, names, needed)


def optional(name: str, write: Callable[[Event], object], role: str = "", *names: str) -> Column:
    return column(name, write, role, *names, needed=False)


def cycle(*words: str) -> Callable[[Event], str]:
    return lambda event: words[event.number % len(words)]


def date_column(name: str, *names: str) -> Column:
    return column(name, lambda event: event.day.isoformat(), "date", *names)


def district(name: str, *names: str) -> Column:
    return column(name, lambda event: event.district, "district", *names)


def killed(name: str, *names: str) -> Column:
    return column(name, lambda event: event.killed, "killed", *names)


def degrees(latitude: str, longitude: str) -> tuple[Column, Column]:
    return (
        column(latitude, lambda event: event.town.lat, "degrees"),
        column(longitude, lambda event: event.town.lon, "degrees"),
    )


def mark(name: str) -> Column:
    return column(name, lambda event: f"{event.mark} as reported", "mark")


_TYPE = optional("Type", cycle("IED", "Firing", "Targeted killing", "Grenade attack"), "word", "Type of attack")
_TARGET = optional("Target", cycle("Police", "Army", "Civilian"), "word", "Target type")
_INJURED = optional("Injured", lambda event: event.injured, "", "Wounded", "No. of injured", "Total injured")
_SERIAL = optional("S.No", lambda event: event.number, "", "Sr. No", "Sl #", "Serial No.")
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

OWN: tuple[Layout, ...] = (
    Layout(
        "Plain table",
        (
            _SERIAL,
            date_column("Date", *_DATES),
            district("District", *_DISTRICTS),
            optional("Tehsil", lambda event: event.town.name, "", "Location", "Place"),
            killed("Killed", *_DEAD),
            _INJURED,
            _TYPE,
            _TARGET,
            optional("Group", cycle("TTP", "", "Unknown"), "word", "Perpetrator", "Claimed by"),
            optional("Details", lambda event: f"Made up, {event.town.name} road", "text", "Summary", "Description"),
            mark("Remarks"),
        ),
    ),
    Layout(
        "Plain table with coordinates",
        (
            date_column("date", *_DATES),
            *degrees("latitude", "longitude"),
            optional("location", lambda event: event.town.name, "", "village", "Place of incident"),
            killed("killed", *_DEAD),
            _INJURED,
            _TYPE,
            optional("details", lambda event: f"Made up, {event.town.name} road", "text", "summary"),
            mark("source"),
        ),
    ),
    Layout(
        "Plain table with day, month and year",
        (
            _SERIAL,
            column("Day", lambda event: event.day.day),
            column("Month", lambda event: event.day.month, "month"),
            column("Year", lambda event: event.day.year),
            optional("Time", cycle("14:30", "09:00", ""), "", "Time of incident"),
            column("Place", lambda event: f"{event.town.name}, {event.district}"),
            killed("Killed", *_DEAD),
            _INJURED,
            _TYPE,
            mark("Remarks"),
        ),
    ),
    Layout(
        "Plain table with one column of points",
        (
            date_column("Date", *_DATES),
            optional("Place", lambda event: event.town.name, "", "Village"),
            column(
                "Coordinates",
                lambda event: f"{event.town.lat}, {event.town.lon}",
                "",
                "GPS",
                "Lat/Long",
                "Location GPS",
            ),
            killed("Killed", *_DEAD),
            _INJURED,
            _TYPE,
            mark("Remarks"),
        ),
    ),
    Layout(
        "Police table",
        (
            optional("Sr No", lambda event: event.number, "", "Sr. #", "S#"),
            date_column("Date", *_DATES),
            district("Name of District", *_DISTRICTS),
            optional("Place of occurrence", lambda event: f"PS {event.town.name}", "text", "Place of Incident"),
            optional("Nature of occurrence", cycle("Attack on PS", "IED", "IBO", "Firing"), "word", "Nature"),
            column("Martyred", lambda event: event.victims, "", "Shaheed", "No. of Martyred"),
            _INJURED,
            column("Terrorist killed", lambda event: event.militants, "", "Terrorists Killed", "Militants killed"),
            mark("Remarks"),
        ),
    ),
    Layout(
        "Table of several forces",
        (
            optional("S#", lambda event: event.number),
            date_column("Date", *_DATES),
            district("District", *_DISTRICTS),
            column("Police Shaheed", lambda event: event.police, "", "Police Martyred", "Police killed"),
            column("Army Shaheed", lambda event: event.army, "", "Army martyred", "Army Killed"),
            column("FC Shaheed", lambda _event: 0, "", "FC martyred"),
            column("Civilians Shaheed", lambda event: event.civilians, "", "Civilians Martyred", "Civilian killed"),
            column("Khawarij killed", lambda event: event.militants, "", "Terrorists killed", "Militants Killed"),
            optional("Police Injured", lambda event: event.injured),
            mark("Remarks"),
        ),
    ),
    Layout(
        "Toll headers of SATP",
        (
            optional("S.No", lambda event: event.number, "", "Sl. No"),
            date_column("Date", *_DATES),
            district("District", *_DISTRICTS),
            column("Civilians", lambda event: event.civilians),
            column("SFs", lambda event: event.police + event.army, "", "Security Forces", "SF"),
            column("Terrorists", lambda event: event.militants, "", "Militants", "Terrorists/Insurgents/Extremists"),
            column("Total", lambda event: event.killed),
            mark("Source"),
        ),
    ),
    Layout(
        "Urdu headers",
        (
            optional("نمبر شمار", lambda event: event.number),
            date_column("تاریخ"),
            district("ضلع"),
            optional("مقام", lambda event: event.town.name, "text"),
            killed("ہلاک"),
            optional("زخمی", lambda event: event.injured),
            mark("تفصیل"),
        ),
    ),
    Layout(
        "KoboToolbox and ODK",
        (
            column("start", lambda event: f"{event.day + timedelta(days=3)}T10:00:00.000+05:00"),
            column("end", lambda event: f"{event.day + timedelta(days=3)}T10:05:00.000+05:00"),
            date_column("Incident date", "incident_date", "Date of incident"),
            district("District", "district", "District name"),
            *degrees("_Location_latitude", "_Location_longitude"),
            optional("_Location_altitude", lambda _event: 0),
            optional("_Location_precision", lambda _event: 4.5),
            optional("Type of incident", cycle("Targeted killing", "IED blast"), "word", "Incident type"),
            killed("Killed", "Number killed", "Deaths"),
            _INJURED,
            mark("Notes"),
            column("_id", lambda event: 1000 + event.number),
            column("_uuid", lambda event: f"ab-{event.number}"),
            optional("_submission_time", lambda event: f"{event.day + timedelta(days=4)}T08:00:00"),
        ),
    ),
    Layout(
        "Ushahidi",
        (
            column("Post ID", lambda event: 10 + event.number),
            optional("Survey", lambda _event: "Incident"),
            optional("Title", cycle("Attack on police van", "Blast near bazaar"), "text"),
            mark("Description"),
            date_column("Date (UTC)"),
            *degrees("Location (latitude)", "Location (longitude)"),
            optional("Categories", cycle("Attack on police", "IED"), "word"),
        ),
        has_toll=False,
    ),
    Layout(
        "Strikes, as lists of drone strikes have them",
        (
            column("strikes", lambda _event: 1),
            date_column("date"),
            optional("village", lambda event: event.town.name.lower(), "text"),
            column("region", lambda event: event.district.lower(), "district"),
            optional("year", lambda event: event.day.year),
            column("militants-killed-low", lambda event: event.militants),
            column("militants-killed-high", lambda event: event.militants + 1),
            column("civilians-killed-low", lambda event: event.victims),
            column("civilians-killed-high", lambda event: event.victims + 2),
            column("total-killed-low", lambda event: event.killed),
            column("total-killed-high", lambda event: event.killed + 3),
            optional("target-type", cycle("house", "compound", "vehicle"), "word"),
            mark("target-organization"),
            *degrees("target-latitude", "target-longitude"),
        ),
    ),
    Layout(
        "Own table with names of its own",
        (
            optional("Serial", lambda event: event.number),
            date_column("When"),
            district("Distt", "Zila", "District/Agency"),
            optional("Kind", cycle("blast", "ambush", "IED"), "word"),
            optional("Who", cycle("TTP", "unknown", ""), "word"),
            killed("Dead", "Died", "Persons killed"),
            mark("Remarks"),
        ),
    ),
)
