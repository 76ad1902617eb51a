"""The parts of a date as they are written, and dates that are written in numbers only."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from enum import IntFlag
from typing import NamedTuple

from geo.ingest.values.cells import latin_digits

_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})\Z")
_PAIR = re.compile(r"(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})\Z")
# A financial year of Pakistan, from July to June; of two digits only where it is called one.
_FINANCIAL = re.compile(
    r"(?P<fy>(?:f\.?\s?y\.?|(?:financial|fiscal) year|مالی سال)\s*[:-]?\s*)?"
    r"(?P<first>(?:19|20)\d\d|\d\d)\s*[-–_/]\s*(?P<next>(?:(?:19|20)\d\d)|\d\d)\Z",
    re.IGNORECASE,
)
_FIRST_SHORT = 47  # 47 is 1947

# How programs write a moment into JSON and csv: milliseconds, or seconds, since 1970; from 2001 to 2033.
_SINCE_1970 = re.compile(r"(1\d{12}|1\d{9})(?:\.0+)?\Z")
PAKISTAN_MINUTES = 300  # ahead of UTC
_PAKISTAN = timezone(timedelta(minutes=PAKISTAN_MINUTES))


class Traits(IntFlag):
    """What is special in the writing of a date, as far as it must be asked, proved or told."""

    SHORT_YEAR = 1
    SERIAL = 2
    DAY_MOVED = 4
    PART = 8
    RANGE = 16
    NO_YEAR = 32
    DAY_FIRST = 64
    MONTH_FIRST = 128
    EITHER_ORDER = 256
    OTHER_WORDS = 512
    YEAR_FIRST = 1024
    YEAR_FIRST_TOO = 2048
    YEAR_OPEN = 4096
    SINCE_1970 = 8192
    WEEK = 16384
    FINANCIAL = 32768
    # "2023-24" can only be a financial year where it is no slip, "2010-11" is one or a month.
    FINANCIAL_PAIR = 65536
    FINANCIAL_TOO = 131072


class Part(NamedTuple):
    """A year, month or day as far as it is written. pair: two numbers of which one is the day, the other the month.

    sign: between three numbers of two digits each, of which the first may be the year; else "".
    """

    year: int | None
    month: int | None = None
    day: int | None = None
    pair: tuple[int, int] | None = None
    is_short: bool = False
    sign: str = ""


class Writing(NamedTuple):
    """A date as written. last: end of a range. serial: day number of a spreadsheet. moved: days to Pakistan's day.

    week: days from the written day to the other end of a week, 0 for what is no "week ending" or "week of".
    """

    first: Part
    last: Part | None
    traits: int
    serial: int = 0
    moved: int = 0
    week: int = 0


def first_year(cell: str) -> int | None:
    """Return the first year of 2022-23, 2022-2023 or FY 2022/23; None for anything else."""
    match = _FINANCIAL.match(latin_digits(cell).strip())
    if not match or not (match["fy"] or len(match["first"]) == 4):
        return None
    first = int(match["first"])
    first += 0 if first > 99 else 1900 if first >= _FIRST_SHORT else 2000
    next_year = str(first + 1)
    return first if match["next"] in (next_year, next_year[2:]) else None


def of_financial_year(plain: str) -> Writing | None:
    """Return a financial year as its first and last month; "2010-11" alone as the month that it may be, too."""
    first = first_year(plain)
    # "2011-2012" may be two whole years.
    if first is None or re.fullmatch(r"\d{4}\D+\d{4}", plain):
        return None
    months = re.fullmatch(r"\d{4}\D+(0[1-9]|1[0-2])", plain)
    if months:
        return Writing(Part(first, int(months[1])), None, Traits.FINANCIAL_TOO)
    return Writing(
        Part(first, 7), Part(first + 1, 6), Traits.FINANCIAL_PAIR if plain[0].isdecimal() else Traits.FINANCIAL
    )


def of_numbers(plain: str) -> Writing | None:
    """Return a date written in numbers only."""
    if match := _ISO.match(plain):
        return Writing(Part(int(match[1]), int(match[3]), int(match[4])), None, 0)
    if match := _PAIR.match(plain):
        sign = match[2] if len(match[1]) == len(match[4]) == 2 else ""
        return with_traits(Part(int(match[4]), None, None, (int(match[1]), int(match[3])), len(match[4]) == 2, sign))
    if match := re.match(r"(\d{4})(?:[.,]0{1,2})?\Z", plain):
        return Writing(Part(int(match[1])), None, 0)
    if match := re.match(r"(\d{4})[-/.](\d{1,2})\Z", plain):
        return Writing(Part(int(match[1]), int(match[2])), None, 0)
    if match := re.match(r"(\d{1,2})[-/.](\d{4})\Z", plain):
        return Writing(Part(int(match[2]), int(match[1])), None, 0)
    if match := re.match(r"(\d{1,2})[-/](\d{1,2})\Z", plain):
        return with_traits(Part(None, None, None, (int(match[1]), int(match[2]))))
    if match := re.match(r"((?:19|20)\d{2})(\d{2})(\d{2})(?:[.,]0{1,2})?\Z", plain):
        return Writing(Part(int(match[1]), int(match[2]), int(match[3])), None, 0)
    if match := re.match(r"(\d{5})(?:[.,]\d+)?\Z", plain):
        return Writing(Part(None), None, Traits.SERIAL, int(match[1]))
    if match := _SINCE_1970.match(plain):
        seconds = int(match[1]) / (1000 if len(match[1]) == 13 else 1)
        day = datetime.fromtimestamp(seconds, _PAKISTAN).date()
        return Writing(Part(day.year, day.month, day.day), None, Traits.SINCE_1970)
    return None


def with_traits(first: Part, last: Part | None = None, traits: int = 0) -> Writing:
    """Return a writing with all its traits."""
    for part in (first, last):
        if part is None:
            continue
        traits |= Traits.NO_YEAR if part.year is None else 0
        traits |= Traits.SHORT_YEAR if part.is_short else 0
        if part.pair is not None:
            one, other = part.pair
            if one > 12 >= other:
                traits |= Traits.DAY_FIRST
            elif other > 12 >= one:
                traits |= Traits.MONTH_FIRST
            elif one != other and one <= 12:
                traits |= Traits.EITHER_ORDER
    if last is not None and not traits & (Traits.PART | Traits.WEEK):
        traits |= Traits.RANGE
    return Writing(first, last, traits)
