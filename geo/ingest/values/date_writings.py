"""How a date is written: the text of one cell as years, months and days, before open points are settled.

What a text leaves open (which number is the day, the century, the year) stays open here: geo.ingest.values.date_days.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import IntFlag
from functools import lru_cache, partial
from typing import NamedTuple

from geo.ingest.tables import CellError
from geo.ingest.values.cells import latin_digits
from geo.problems import ProblemCode
from geo.vocabularies import rows
from geo.wording import text

# Word -> what it is (month, weekday, joiner, ...) and its value.
_WORDS: dict[str, tuple[str, str]] = {
    word: (kind, value) for word, kind, value in rows("date_words", "word", "kind", "value")
}
MONTHS: dict[str, int] = {word: int(value) for word, (kind, value) in _WORDS.items() if kind == "month"}

HINT_ISO = text("Write it as YYYY-MM-DD.")
date_error = partial(CellError, ProblemCode.DATE)
_PAKISTAN_MINUTES = 300
_DAY_MINUTES = 1440

_PLAIN_TIME = re.compile(r"(\d{4}-\d{1,2}-\d{1,2})[T ]+(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?\Z")
_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})\Z")
_PAIR = re.compile(r"(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})\Z")
_CLOCK = re.compile(
    r"(?<![\d:])(?:(?P<hour>\d{1,2}):(?P<minute>[0-5]\d)(?::[0-5]\d(?:[.,]\d+)?)?\s*(?P<half>[ap]\.?m\b\.?)?"
    r"|(?P<full_hour>\d{1,2})\s*(?P<full_half>[ap]\.?m\b\.?)|(?<!\d)(?P<hours>\d\d)(?P<minutes>[0-5]\d)(?=\s*h(?:ou)?rs\b))"
    r"\s*(?P<zone>z\b|(?:gmt|utc)?\s?(?P<sign>[+-])(?P<zone_hours>\d{2}):?(?P<zone_minutes>\d{2})?(?!\d)|gmt\b|utc\b)?"
)
_HYPHENS = str.maketrans(dict.fromkeys("‐‑‒–—―", "-") | dict.fromkeys("،,", " ") | dict.fromkeys("’‘´`ʼ", "'"))
_LETTERS = str.maketrans({"ي": "ی", "ك": "ک", "ى": "ی"})


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


class Part(NamedTuple):
    """A year, month or day as far as it is written. pair: two numbers of which one is the day, the other the month."""

    year: int | None
    month: int | None = None
    day: int | None = None
    pair: tuple[int, int] | None = None
    is_short: bool = False


class Writing(NamedTuple):
    """A date as written. last: end of a range. serial: day number of a spreadsheet. moved: days to Pakistan's day."""

    first: Part
    last: Part | None
    traits: int
    serial: int = 0
    moved: int = 0


def read_writing(cell: str) -> Writing | CellError:
    """Return a date as it is written in a cell, or why it is none (MISSING, DATE)."""
    plain = (cell if cell.isascii() else latin_digits(cell)).strip()
    if not plain:
        hint = text("A date is required: YYYY-MM-DD, YYYY-MM or YYYY.")
        return CellError(ProblemCode.MISSING, text("The date is empty."), hint)
    # Times differ from row to row, their days recur.
    timed = _PLAIN_TIME.match(plain)
    return _read(timed[1] if timed else plain)


@lru_cache(maxsize=1 << 16)
def _read(plain: str) -> Writing | CellError:
    match = _ISO.match(plain)
    if match:
        return Writing(Part(int(match[1]), int(match[3]), int(match[4])), None, 0)
    found = _of_numbers(plain)
    if found:
        return found
    rest, moved = _without_clock(plain.casefold().translate(_HYPHENS))
    if isinstance(moved, CellError):
        return moved
    found = _of_numbers(rest) or _of_words(rest)
    if found is None:
        return _no_date(plain)
    if not moved or found.last is not None or found.serial:
        return found
    return found._replace(moved=moved, traits=found.traits | Traits.DAY_MOVED)


def _of_numbers(plain: str) -> Writing | None:
    """Return a date written in numbers only."""
    if match := _ISO.match(plain):
        return Writing(Part(int(match[1]), int(match[3]), int(match[4])), None, 0)
    if match := _PAIR.match(plain):
        return _writing(Part(int(match[4]), None, None, (int(match[1]), int(match[3])), len(match[4]) == 2))
    if match := re.match(r"(\d{4})(?:\.0)?\Z", plain):
        return Writing(Part(int(match[1])), None, 0)
    if match := re.match(r"(\d{4})[-/.](\d{1,2})\Z", plain):
        return Writing(Part(int(match[1]), int(match[2])), None, 0)
    if match := re.match(r"(\d{1,2})[-/.](\d{4})\Z", plain):
        return Writing(Part(int(match[2]), int(match[1])), None, 0)
    if match := re.match(r"(\d{1,2})[-/](\d{1,2})\Z", plain):
        return _writing(Part(None, None, None, (int(match[1]), int(match[2]))))
    if match := re.match(r"((?:19|20)\d{2})(\d{2})(\d{2})(?:\.0)?\Z", plain):
        return Writing(Part(int(match[1]), int(match[2]), int(match[3])), None, 0)
    if match := re.match(r"(\d{5})(?:\.\d+)?\Z", plain):
        return Writing(Part(None), None, Traits.SERIAL, int(match[1]))
    return None


def _without_clock(plain: str) -> tuple[str, int | CellError]:
    """Return a text without its time of day, and by how many days Pakistan's day differs from the written one.

    Midnight is how programs write a day without a time: it stays that day, whatever the zone, unless the clock of
    Pakistan shows the next midnight.
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
    if not match["zone"] or not (hour or minute):
        return rest, 0
    ahead = int(match["zone_hours"] or 0) * 60 + int(match["zone_minutes"] or 0)
    local = hour * 60 + minute - (-ahead if match["sign"] == "-" else ahead) + _PAKISTAN_MINUTES
    return rest, local // _DAY_MINUTES


def _of_words(plain: str) -> Writing | None:
    """Return a date with words in it, or a range of dates."""
    spaced = re.sub(r"\s-\s", "~", plain)
    for one in dict.fromkeys((spaced, plain)):
        found = _of_shape(one)
        if found:
            return found
    return None


def _of_shape(plain: str) -> Writing | None:
    shape = _shape(plain)
    if shape is None:
        return None
    for pattern in _SHAPES:
        if match := pattern.fullmatch(shape):
            return _of_match(match.groupdict())
    for read in (_quarter, _week, _part_of_a_span):
        if found := read(shape):
            return found
    sides = [_of_numbers(side) for side in _CUT.sub("~", shape).split("~")]
    if len(sides) == 2 and sides[0] and sides[1] and not (sides[0].serial or sides[1].serial):
        return _writing(sides[0].first, sides[1].first)
    return _of_numbers(shape)


def _shape(plain: str) -> str | None:
    """Return a text with its words replaced by signs, as "4~6 m03 2024"; None if it has a word of no date.

    m03: a month; ~: from one date to another; p1: early; w: week; q: quarter.
    """
    unknown = False

    def sign(match: re.Match[str]) -> str:
        nonlocal unknown
        kind, value = _WORDS.get(match[0].rstrip(".").translate(_LETTERS), ("", ""))
        if not kind or kind == "hijri":
            unknown = True
        return _SIGNS.get(kind, " {}").format(value.zfill(2) if kind == "month" else value)

    plain = re.sub(r"(?<=\d)(?:st|nd|rd|th)\b", "", plain.replace("&", "~").replace("(", " ").replace(")", " "))
    signs = re.sub(r"[^\W\d_]+\.?", sign, plain)
    if unknown:
        return None
    signs = re.sub(r"\s*([-/.~])\s*", r"\1", " ".join(signs.split()))
    return signs.strip(" -/.~")


_SIGNS = {"month": " m{} ", "joiner": "~", "part": " p{} ", "week": " w ", "quarter": " q "}
# Between the parts of one date; between two days.
_J, _R = r"[ \-/.']?", r"[~\-/]"
_D1, _D2, _M1, _M2 = r"(?P<d1>\d{1,2})", r"(?P<d2>\d{1,2})", r"m(?P<m1>\d\d)", r"m(?P<m2>\d\d)"
_Y, _Y4 = r"(?P<y2>\d{4}|\d{2})", r"(?P<y2>\d{4})"
_Y1, _Y14 = r"(?P<y1>\d{4}|\d{2})", r"(?P<y1>\d{4})"
_SHAPES = tuple(
    re.compile(shape)
    for shape in (
        # One day, month or year.
        f"{_D1}{_J}{_M1}{_J}{_J}{_Y}",
        f"{_M1}{_J}{_D1}{_J}{_J}{_Y4}",
        f"{_Y4}{_J}{_M1}{_J}{_D1}",
        f"{_M1}{_J}{_J}{_Y4}",
        f"{_Y4}{_J}{_M1}",
        rf"{_M1} ?[\-/.']{_Y}",
        f"{_D1}{_J}{_M1}",
        f"{_M1}[ .]?{_D1}",
        _M1,
        # From one day or month to another.
        f"{_D1}{_R}{_D2}{_J}{_M1}(?:{_J}{_J}{_Y})?",
        f"{_M1}{_J}{_D1}{_R}{_D2}(?:{_J}{_Y4})?",
        f"{_D1}{_J}{_M1}{_R}{_D2}{_J}{_M2}(?:{_J}{_J}{_Y})?",
        f"{_D1}{_J}{_M1}{_J}{_Y1}{_R}{_D2}{_J}{_M2}{_J}{_Y}",
        f"{_M1}{_J}{_D1}{_R}{_M2}{_J}{_D2}(?:{_J}{_Y4})?",
        f"{_M1}{_J}{_D1}{_J}{_Y14}{_R}{_M2}{_J}{_D2}{_J}{_Y4}",
        f"{_M1}{_R}{_M2}(?:{_J}{_Y4})?",
        f"{_M1}{_J}{_Y14}{_R}{_M2}{_J}{_Y4}",
    )
)
# Where two dates in numbers meet: 04/03/2024-06/03/2024, 2024-03-04/2024-03-06.
_CUT = re.compile(r"(?<=\d{4})-(?=\d{1,2}[/.]\d)|(?<=-\d\d)/(?=\d{4}-)")


def _of_match(found: Mapping[str, str | None]) -> Writing:
    """Return the date of a shape: y1, m1, d1 are of the first day, y2, m2, d2 of the last."""
    known = {name: int(digits) for name, digits in found.items() if digits is not None}
    month, day, year = known["m1"], known.get("d1"), known.get("y2")
    is_short = len(found.get("y2") or "") == 2
    if not known.keys() & {"m2", "d2"}:
        return _writing(Part(year, month, day, None, is_short))
    last = Part(year, known.get("m2", month), known.get("d2"), None, is_short)
    if "y1" in known:
        first = Part(known["y1"], month, day, None, len(found["y1"] or "") == 2)
    else:
        # A range over New Year begins in the year before the one that is written.
        is_year_before = bool(year) and month > known.get("m2", month)
        first = Part(year - 1 if is_year_before and year else year, month, day, None, is_short)
    return _writing(first, last)


def _quarter(shape: str) -> Writing | None:
    match = re.fullmatch(r"q ?([1-4])[ \-/]?(\d{4})", shape) or re.fullmatch(r"(\d{4})[ \-/]?q ?([1-4])", shape)
    if not match:
        return None
    year, number = sorted(map(int, match.groups()), reverse=True)
    return _writing(Part(year, 3 * number - 2), Part(year, 3 * number))


def _week(shape: str) -> Writing | None:
    match = re.fullmatch(rf"([1-4]) w {_M1}(?:{_J}{_Y4})?", shape)
    if not match:
        return None
    year, month, day = int(match["y2"]) if match["y2"] else None, int(match["m1"]), 7 * int(match[1])
    return _writing(Part(year, month, day - 6), Part(year, month, day), Traits.PART)


def _part_of_a_span(shape: str) -> Writing | None:
    """Return early, mid or late in a month (days 1 to 10, 11 to 20, the rest) or a year (four months each)."""
    match = re.fullmatch(rf"p(?P<part>[123])[ \-](?:{_M1}(?:{_J}{_Y4})?|(?P<year>\d{{4}}))", shape)
    if not match:
        return None
    part = int(match["part"])
    if match["year"]:
        year = int(match["year"])
        return _writing(Part(year, 4 * part - 3), Part(year, 4 * part), Traits.PART)
    given, month = int(match["y2"]) if match["y2"] else None, int(match["m1"])
    return _writing(
        Part(given, month, 10 * part - 9), Part(given, month, None if part == 3 else 10 * part), Traits.PART
    )


def _writing(first: Part, last: Part | None = None, traits: int = 0) -> Writing:
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
    if last is not None and not traits & Traits.PART:
        traits |= Traits.RANGE
    return Writing(first, last, traits)


def _no_date(plain: str) -> CellError:
    words = re.findall(r"[^\W\d_]+", plain.casefold())
    if any(_WORDS.get(word.translate(_LETTERS), ("",))[0] == "hijri" for word in words):
        return date_error(text("This is not a date."), HIJRI)
    return date_error(text("This is not a date."), HINT_ISO)


HIJRI = text("It looks like a Hijri year: convert the date to the Gregorian calendar.")
