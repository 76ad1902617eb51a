"""Names of columns that state a year or month, and what is counted in it: "Attacks 2022", "2022: Killed", "Jan-24"."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from geo.ingest.tables import header_key
from geo.ingest.values.cells import latin_digits
from geo.ingest.values.date_days import full_year
from geo.ingest.values.date_parts import Traits, Writing
from geo.ingest.values.date_shapes import MONTHS
from geo.ingest.values.date_writings import read_writing
from geo.ingest.values.financial_years import first_year


class Period(NamedTuple):
    """A year as written, "" for a month that states none; month: 1 to 12, 0 for a whole year; last: of several."""

    year: str
    month: int = 0
    last: int = 0

    @property
    def months(self) -> str:
        """The months as a cell of a column of months, "" for a whole year."""
        if self.last:
            return f"{calendar.month_abbr[self.month]}-{calendar.month_abbr[self.last]}"
        return str(self.month or "")

    @property
    def numbers(self) -> set[int]:
        """The months counted from the year 0, those of a year that is not stated as of that year."""
        first = 12 * int(self.year or 0)
        return set(range(first + (self.month or 1), first + (self.last or self.month or 12) + 1))

    def __str__(self) -> str:
        if self.last:
            return f"{self.months} {self.year}".rstrip()
        if not self.year:
            return calendar.month_abbr[self.month]
        return f"{self.year}-{self.month:02}" if self.month else self.year


_YEAR4 = r"(?:19[89]|20[0-4])\d"
_MONTH = "(?P<name>" + "|".join(sorted(map(re.escape, MONTHS), key=len, reverse=True)) + ")"
_YEAR = re.compile(rf"(?P<year>{_YEAR4}(?:_(?:\d\d){{1,2}})?)")
# A workbook keeps a month as its first day.
_MONTHS_WRITTEN = (
    re.compile(rf"{_MONTH}_?(?P<year>{_YEAR4}|\d\d)"),
    re.compile(rf"(?P<year>{_YEAR4})_?{_MONTH}"),
    re.compile(rf"(?P<year>{_YEAR4})_(?P<number>0?[1-9]|1[0-2])(?:_01)?"),
    re.compile(rf"(?P<number>0?[1-9]|1[0-2])_(?P<year>{_YEAR4})"),
    re.compile(_MONTH),
)
_TOGETHER = re.compile(rf"(?<=[^\W\d_])(?={_YEAR4}(?!\d))|(?<=\d{{4}})(?=[^\W\d_])")
_A_DAY = re.compile(rf"(?:\A|_){_YEAR4}_\d\d_(?!01\b)\d\d")
_WORD_BEFORE = re.compile(r"(?:fy|(?:financial_|fiscal_)?year|month)_(?:of_)?(?=\w)")
_BETWEEN = re.compile(r"_(?:in|during|of|for|fy|(?:financial_|fiscal_)?year)\Z")
_OF_A_YEAR = frozenset({"fy", "year", "financial_year", "fiscal_year", "month"})
_MOST_WORDS = 12  # of a name that states a period
_MOST_OTHERS = 4  # of them beside the period
Named = Mapping[int, tuple[Period, str]]


def periods_of(names: Sequence[str]) -> Named:
    """Return place -> period and what is counted ("" if the name does not say), of the columns that state a period.

    All are years or all are months, or some are several months in one name and none overlap. Calendar years beside
    financial ones, and other spans of years, would overlap: then, and where a name has more in it than a period and a
    kind, there is no answer.
    """
    if (parts := _parts_of_years(names)) is not None:
        return parts
    keys = [_WORD_BEFORE.sub("", _TOGETHER.sub("_", header_key(name))) for name in names]
    years = {place: found for place, key in enumerate(keys) if (found := _read(key, (_YEAR,)))}
    are_months = any(word in MONTHS for _, kind in years.values() for word in kind.split("_"))
    first = [
        first_year(period.year) or (period.year if period.year.isdecimal() else "") for period, _ in years.values()
    ]
    if years and not are_months and "" not in first and len(set(map(type, first))) == 1:
        n_periods = len({period for period, _ in years.values()})
        return years if len(set(first)) == n_periods else {}
    months = {place: found for place, key in enumerate(keys) if (found := _read(key, _MONTHS_WRITTEN))}
    # "2025 (Jan-Aug)" is neither, and a column a day is no month.
    is_whole = years.keys() <= months.keys() and not any(_A_DAY.search(key) for key in keys)
    return months if is_whole and len({bool(period.year) for period, _ in months.values()}) == 1 else {}


def _parts_of_years(names: Sequence[str]) -> Named | None:
    """Return what `periods_of` does where a name states several months, as "Jan-Jun 2024"; None where none does."""
    found = {place: read for place, name in enumerate(names) if (read := _in_words(name))}
    periods = {period for period, _ in found.values()}
    if not any(period.last for period in periods):
        return None
    months = [number for period in periods for number in period.numbers]
    is_apart = len(months) == len(set(months)) and len({bool(period.year) for period in periods}) == 1
    return found if is_apart else {}


def _in_words(name: str) -> tuple[Period, str] | None:
    """Return the year, month or months that a name states as a date does, and its other words, before or behind."""
    words = latin_digits(name).replace("_", " ").split()
    n_words = len(words)
    if n_words > _MOST_WORDS:
        return None
    for n_left in range(min(n_words, _MOST_OTHERS + 1)):
        for start in range(n_left + 1):
            end = n_words - n_left + start
            others = [*words[:start], *words[end:]]
            if (start == 0 or end == n_words) and (period := period_in(" ".join(words[start:end]))):
                kind = _BETWEEN.sub("", header_key(" ".join(others)))
                return period, "" if kind in _OF_A_YEAR else kind
    return None


def without_year(name: str) -> str:
    """Return the key of a name without a year in it: "Cases 2024" is cases."""
    return "_".join(word for word in header_key(name).split("_") if not re.fullmatch(_YEAR4, word))


def period_in(text: str) -> Period | None:
    """Return the year, month or months that a text is and nothing else, None if it is something else or a day."""
    writing = read_writing(text.strip(":- "))
    if not isinstance(writing, Writing) or writing.serial or writing.traits & (Traits.OTHER_WORDS | Traits.PART):
        return None
    first, last = writing.first, writing.last or writing.first
    year = full_year(first.year) if first.is_short and first.year is not None else first.year
    if first.year != last.year or any(part.day or part.pair or (part.month or 1) > 12 for part in (first, last)):
        return None
    is_whole = first.month is None and writing.last is None and year is not None
    if not is_whole and (first.month is None or last.month is None or last.month < first.month):
        return None
    return Period(str(year or ""), first.month or 0, (last.month or 0) if writing.last else 0)


def _read(key: str, patterns: Sequence[re.Pattern[str]]) -> tuple[Period, str] | None:
    """Return the period that begins or ends a key, and the rest of it as what is counted there."""
    for pattern in patterns:
        for written in (rf"(?P<kind>[^\W\d][^\d]*?)_{pattern.pattern}", rf"{pattern.pattern}(?:_(?P<kind>[^\d]+))?"):
            match = re.fullmatch(written, key)
            if match and (period := _period(match.groupdict())):
                kind = _BETWEEN.sub("", match["kind"] or "")
                return period, "" if kind in _OF_A_YEAR else kind
    return None


def _period(found: Mapping[str, str | None]) -> Period | None:
    year, name, number = found.get("year") or "", found.get("name"), found.get("number")
    if name is None and number is None:
        return Period(year.replace("_", "-"))
    known = full_year(int(year)) if len(year) == 2 else year
    month = MONTHS[name] if name is not None else int(number or 0)
    return Period(str(known), month) if known is not None else None
