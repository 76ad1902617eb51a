"""Dates with words in them, and ranges of dates, by the shape of what is left when words are replaced by signs."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from datetime import date

from geo.ingest.values.date_parts import Part, Traits, Writing, of_numbers, with_traits
from geo.vocabularies import rows

# Word -> what it is (month, weekday, joiner, ...) and its value.
_WORDS: dict[str, tuple[str, str]] = {
    word: (kind, value) for word, kind, value in rows("date_words", "word", "kind", "value")
}
MONTHS: dict[str, int] = {word: int(value) for word, (kind, value) in _WORDS.items() if kind == "month"}
# A remark in brackets, a question mark, a word that makes a date vague.
_BESIDE = re.compile(
    r"\([^()]*\)|\[[^\]]*\]|\?|\b(?:"
    + "|".join(word for word, (kind, _) in _WORDS.items() if kind == "vague")
    + r")\b\.?"
)
# A week by one of its ends, and by its number in a year.
_WEEK_TO = re.compile(
    r"\s*(?:the |for )*(?:w\s?/\s?e|w\.e\.?(?= )|(?:week|wk)[ -](?:end(?:ing|ed)?\b|to\b)"
    r"|(?P<from>w\s?/\s?[cb]|(?:week|wk)[ -](?:commenc|beginn|start)ing|(?:week|wk) (?:of|from)(?= \D*\d+\D+\d)))[ :.]*"
)
_WEEK_OF_YEAR = re.compile(
    r"(?P<year>\d{4}) ?(?:weeks?|wk|w) ?(?:no\.? ?)?(?P<number>\d\d?)(?: (?P<day>[1-7]))?"
    r"|(?:weeks?|wk|w) ?(?:no\.? ?)?(?P<number2>\d\d?)(?P<day2>) ?(?:of |/ ?)?(?:the year )?(?P<year2>\d{4})"
)
_LETTERS = str.maketrans({"ي": "ی", "ك": "ک", "ى": "ی"})


def kind_of(word: str) -> tuple[str, str]:
    """Return what a word of a date is and its value, ("", "") for a word of no date."""
    return _WORDS.get(word.rstrip(".").translate(_LETTERS), ("", ""))


def of_words(plain: str) -> Writing | None:
    """Return a date with words in it, or a range of dates; what is in brackets or vague beside it is left out."""
    bare = _BESIDE.sub(" ", plain)
    if week := _WEEK_TO.match(bare):
        return _of_week_to(bare[week.end() :], 6 if week["from"] else -6)
    if week := _WEEK_OF_YEAR.fullmatch(" ".join(bare.replace("-", " ").split())):
        year, number, day = (week[name] or week[f"{name}2"] for name in ("year", "number", "day"))
        return _week_of_year(int(year), int(number), int(day or 0))
    for one in dict.fromkeys((plain, bare)):
        spaced = re.sub(r"\s-\s", "~", one)
        found = _of_shape(spaced) or (_of_shape(one) if spaced != one else None)
        if found:
            return found if one is plain else found._replace(traits=found.traits | Traits.OTHER_WORDS)
    return None


def _of_shape(plain: str) -> Writing | None:
    shape = _shape(plain)
    if shape is None:
        return None
    for pattern in _SHAPES:
        if match := pattern.fullmatch(shape):
            return _of_match(match.groupdict())
    for read in (_quarter, _week, _part_of_a_span, _days_in_numbers):
        if found := read(shape):
            return found
    sides = [of_numbers(side) for side in _CUT.sub("~", shape).split("~")]
    if len(sides) == 2 and sides[0] and sides[1] and not (sides[0].serial or sides[1].serial):
        return with_traits(sides[0].first, sides[1].first)
    return of_numbers(shape)


def _shape(plain: str) -> str | None:
    """Return a text with its words replaced by signs, as "4~6 m03 2024"; None if it has a word of no date.

    m03: a month; ~: from one date to another; p1: early; w: week; q: quarter; h: half of a year; n: months.
    """
    unknown = False

    def sign(match: re.Match[str]) -> str:
        nonlocal unknown
        kind, value = kind_of(match[0])
        if kind in ("", "hijri", "vague"):
            unknown = True
        return _SIGNS.get(kind, " {}").format(value.zfill(2) if kind == "month" else value)

    for words, word in _TOGETHER:
        plain = plain.replace(words, word)
    plain = re.sub(r"(?<=\d)(?:st|nd|rd|th)\b", "", plain.replace("&", "~").replace("(", " ").replace(")", " "))
    signs = re.sub(r"[^\W\d_]+\.?", sign, plain)
    if unknown:
        return None
    signs = re.sub(r"\s*([-/.~])\s*", r"\1", " ".join(signs.replace(":", " ").split()))
    # "Till June 2024" leaves open when it began.
    if signs.startswith("~"):
        return None
    return signs.strip(" -/.~'\"")


_SIGNS = {
    "month": " m{} ",
    "joiner": "~",
    "part": " p{} ",
    "week": " w ",
    "fortnight": " f ",
    "quarter": " q ",
    "half": " h ",
    "months": " n ",
}
# Of two words.
_TOGETHER = (("سہ ماہی", "سہماہی"), ("شش ماہی", "ششماہی"), ("half-year", "halfyear"), ("half year", "halfyear"))
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
        f"{_D1}(?:{_R}| ){_D2}{_J}{_M1}(?:{_J}{_J}{_Y})?",
        f"{_M1}{_J}{_D1}{_R}{_D2}(?:{_J}{_Y4})?",
        f"{_D1}{_J}{_M1}{_R}{_D2}{_J}{_M2}(?:{_J}{_J}{_Y})?",
        f"{_D1}{_J}{_M1}{_J}{_Y1}{_R}{_D2}{_J}{_M2}{_J}{_Y}",
        f"{_M1}{_J}{_D1}{_R}{_M2}{_J}{_D2}(?:{_J}{_Y4})?",
        f"{_M1}{_J}{_D1}{_J}{_Y14}{_R}{_M2}{_J}{_D2}{_J}{_Y4}",
        f"{_M1}{_R}{_M2}(?:{_J}{_Y})?",
        rf"{_M1}{_R}{_M2} ?[\-/.']{_Y}",
        f"{_Y4}{_J}{_M1}{_R}{_M2}",
        f"{_M1}{_J}{_Y14}{_R}{_M2}{_J}{_Y}",
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
        return with_traits(Part(year, month, day, None, is_short))
    last = Part(year, known.get("m2", month), known.get("d2"), None, is_short)
    if "y1" in known:
        first = Part(known["y1"], month, day, None, len(found["y1"] or "") == 2)
    else:
        # A range over New Year begins in the year before the one that is written.
        is_year_before = bool(year) and month > known.get("m2", month)
        first = Part(year - 1 if is_year_before and year else year, month, day, None, is_short)
    return with_traits(first, last)


# What a year is divided into: months of each part. "First six months" is a half.
_LENGTHS = {"q": 3, "h": 6, "6 n": 6, "3 n": 3}
_PART_OF_YEAR = re.compile(
    r"(?:(?P<before>\d{4})[ \-/]?)?(?:(?P<nth>[1-4]|last) (?P<unit>[qh]|[36] n)|(?P<other>[qh]) ?(?P<number>[1-4]))"
    r"(?:[ \-/']?(?P<after>\d{4}|(?<!\d)\d\d))?"
)


def _quarter(shape: str) -> Writing | None:
    """Return a quarter or a half of a year."""
    match = _PART_OF_YEAR.fullmatch(shape)
    if not match or (match["before"] and match["after"]):
        return None
    length = _LENGTHS[match["unit"] or match["other"]]
    n_parts = 12 // length
    number = match["nth"] or match["number"]
    place = n_parts if number == "last" else int(number)
    if place > n_parts:
        return None
    written = match["before"] or match["after"]
    year, is_short = int(written) if written else None, len(written or "") == 2
    first, last = (Part(year, month, None, None, is_short) for month in (length * (place - 1) + 1, length * place))
    return with_traits(first, last)


_WEEK_OF_MONTH = re.compile(
    rf"(?:(?P<nth>[1-5]|last) (?P<unit>[wf])|w[ \-]?(?P<number>[1-5]))[ ,\-]?{_M1}(?:{_J}{_J}{_Y})?"
    rf"|m(?P<month>\d\d){_J}(?P<year>\d{{4}})[ ~\-]?w ?(?P<week>[1-5])"
)


def _week(shape: str) -> Writing | None:
    """Return a week or a fortnight of a month: days 1 to 7 and so on, of the last week the last seven."""
    match = _WEEK_OF_MONTH.fullmatch(shape)
    if not match:
        return None
    number, length = match["nth"] or match["number"] or match["week"], 15 if match["unit"] == "f" else 7
    year, month = match["y2"] or match["year"], int(match["m1"] or match["month"])
    known, is_short = int(year) if year else None, len(year or "") == 2
    if (number == "last" and known is None) or (length == 15 and number not in ("1", "2", "last")):
        return None
    n_days = monthrange(2000 + known if is_short and known is not None else known or 2000, month)[1]
    first = {"last": 16 if length == 15 else n_days - 6}.get(number) or length * (int(number) - 1) + 1
    last = n_days if number in ("last", "5") or (length == 15 and number == "2") else first + length - 1
    if first > n_days or (known is None and number == "5"):
        return None
    return with_traits(Part(known, month, first, None, is_short), Part(known, month, last, None, is_short), Traits.WEEK)


def _of_week_to(plain: str, n_days: int) -> Writing | None:
    """Return the seven days from a day on or up to it, None if the text is no day."""
    found = of_numbers(plain.strip()) or of_words(plain)
    is_day = found and found.last is None and not found.serial and (found.first.day or found.first.pair)
    return found._replace(week=n_days, traits=found.traits | Traits.WEEK) if found and is_day else None


def _week_of_year(year: int, number: int, day: int) -> Writing | None:
    """Return a week of a year by ISO 8601, or a day of it; None if the year has no such week."""
    try:
        ends = [date.fromisocalendar(year, number, one) for one in ((day, day) if day else (1, 7))]
    except ValueError:
        return None
    first, last = (Part(one.year, one.month, one.day) for one in ends)
    return Writing(first, None if day else last, Traits.WEEK)


def _days_in_numbers(shape: str) -> Writing | None:
    """Return days of a month such as 4-6/3/2024: what is before the month can only be days."""
    match = re.fullmatch(r"(\d{1,2})[~\-](\d{1,2})([/.])(\d{1,2})\3(\d{4}|\d{2})", shape)
    if not match:
        return None
    first, last, month, year = (int(match[place]) for place in (1, 2, 4, 5))
    is_short = len(match[5]) == 2
    return with_traits(Part(year, month, first, None, is_short), Part(year, month, last, None, is_short))


def _part_of_a_span(shape: str) -> Writing | None:
    """Return early, mid or late in a month (days 1 to 10, 11 to 20, the rest) or a year (four months each)."""
    match = re.fullmatch(rf"p(?P<part>[123])[ \-](?:{_M1}(?:{_J}{_Y})?|(?P<year>\d{{4}}))", shape)
    if not match:
        return None
    part = int(match["part"])
    if match["year"]:
        year = int(match["year"])
        return with_traits(Part(year, 4 * part - 3), Part(year, 4 * part), Traits.PART)
    given, month, is_short = int(match["y2"]) if match["y2"] else None, int(match["m1"]), len(match["y2"] or "") == 2
    days = 10 * part - 9, None if part == 3 else 10 * part
    first, last = (Part(given, month, day, None, is_short) for day in days)
    return with_traits(first, last, Traits.PART)
