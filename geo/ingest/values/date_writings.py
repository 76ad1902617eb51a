"""How a date is written: the text of one cell as years, months and days, before open points are settled.

What a text leaves open (which number is the day, the century, the year) stays open here: geo.ingest.values.date_days.
"""

from __future__ import annotations

import re
from functools import lru_cache, partial

from geo.ingest.tables import CellError
from geo.ingest.values.cells import latin_digits
from geo.ingest.values.date_parts import PAKISTAN_MINUTES, Traits, Writing, of_financial_year, of_numbers
from geo.ingest.values.date_shapes import kind_of, of_words
from geo.problems import ProblemCode
from geo.wording import text

HINT_ISO = text("Write it as YYYY-MM-DD.")
date_error = partial(CellError, ProblemCode.DATE)
_DAY_MINUTES = 1440

_PLAIN_TIME = re.compile(
    r"(\d{4}-\d{1,2}-\d{1,2})[T ]+([01]?\d|2[0-3]):([0-5]\d)(?::[0-5]\d(?:\.\d+)?)?(?:(Z)|([+-])(\d\d):?(\d\d))?\Z"
)
_CLOCK = re.compile(
    r"(?<![\d:])(?:(?P<hour>\d{1,2}):(?P<minute>[0-5]\d)(?::[0-5]\d(?:[.,]\d+)?)?\s*(?P<half>[ap]\.?m\b\.?)?"
    r"|(?P<full_hour>\d{1,2})\s*(?P<full_half>[ap]\.?m\b\.?)|(?<!\d)(?P<hours>\d\d)(?P<minutes>[0-5]\d)(?=\s*h(?:ou)?rs\b))"
    r"\s*(?P<zone>z\b|(?:gmt|utc)?\s?(?P<sign>[+-])(?P<zone_hours>\d{2}):?(?P<zone_minutes>\d{2})?(?!\d)|gmt\b|utc\b)?"
)
# Marks that only direct the text, as Urdu and copied pages have them.
_UNSEEN = dict.fromkeys((0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF))
_HYPHENS = str.maketrans(dict.fromkeys("‐‑‒–—―", "-") | dict.fromkeys("،,", " ") | dict.fromkeys("’‘´`ʼ", "'"))


@lru_cache(maxsize=1 << 16)
def read_writing(cell: str) -> Writing | CellError:
    """Return a date as it is written in a cell, or why it is none (MISSING, DATE)."""
    plain = (cell if cell.isascii() else latin_digits(cell).translate(_UNSEEN)).strip()
    if not plain:
        hint = text("A date is required: YYYY-MM-DD, YYYY-MM or YYYY.")
        return CellError(ProblemCode.MISSING, text("The date is empty."), hint)
    # Times differ from row to row, their days recur.
    timed = _PLAIN_TIME.match(plain)
    if not timed:
        return _read(plain)
    day, hour, minute, zulu, sign, zone_hours, zone_minutes = timed.groups()
    if not (zulu or sign):
        return _read(day)
    return _moved(_read(day), _days_moved(int(hour), int(minute), sign, zone_hours, zone_minutes))


@lru_cache(maxsize=1 << 16)
def _read(plain: str) -> Writing | CellError:
    found = of_financial_year(plain) or of_numbers(plain)
    if found:
        return found
    rest, moved = _without_clock(plain.casefold().translate(_HYPHENS))
    if isinstance(moved, CellError):
        return moved
    found = of_numbers(rest) or of_words(rest)
    return _no_date(plain) if found is None else _moved(found, moved)


def _without_clock(plain: str) -> tuple[str, int | CellError]:
    """Return a text without its time of day, and by how many days Pakistan's day differs from the written one.

    Midnight is how programs write a day without a time: it stays that day, whatever the zone.
    """
    match = _CLOCK.search(plain)
    if not match:
        return plain, 0
    hour = int(match["hour"] or match["full_hour"] or match["hours"])
    minute = int(match["minute"] or match["minutes"] or 0)
    half = match["half"] or match["full_half"]
    if hour > (12 if half else 23):
        return plain, date_error(text("There is no such time of day."), HINT_ISO)
    if half:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    before = re.sub(r"(?<=\d)t\Z", " ", plain[: match.start()])
    rest = " ".join(f"{before} {plain[match.end() :]}".split()).removesuffix(" at")
    if not match["zone"]:
        return rest, 0
    return rest, _days_moved(hour, minute, match["sign"], match["zone_hours"], match["zone_minutes"])


def _days_moved(hour: int, minute: int, sign: str | None, zone_hours: str | None, zone_minutes: str | None) -> int:
    """Return by how many days Pakistan's day differs from that of a time in a zone, such as -, 05, 00."""
    if not (hour or minute):
        return 0
    ahead = int(zone_hours or 0) * 60 + int(zone_minutes or 0)
    local = hour * 60 + minute - (-ahead if sign == "-" else ahead) + PAKISTAN_MINUTES
    return local // _DAY_MINUTES


def _moved(found: Writing | CellError, days: int) -> Writing | CellError:
    """Return a day moved to Pakistan's; a range and a day number have no zone."""
    if not days or isinstance(found, CellError) or found.last is not None or found.serial:
        return found
    return found._replace(moved=days, traits=found.traits | Traits.DAY_MOVED)


def _no_date(plain: str) -> CellError:
    words = re.findall(r"[^\W\d_]+", plain.casefold())
    if any(kind_of(word)[0] == "hijri" for word in words):
        return date_error(text("This is not a date."), HIJRI)
    return date_error(text("This is not a date."), HINT_ISO)


HIJRI = text("It looks like a Hijri year: convert the date to the Gregorian calendar.")
