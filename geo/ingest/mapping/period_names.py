"""Names of columns that state a year or month, and what is counted in it: "Attacks 2022", "2022: Killed", "Jan-24"."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from geo.ingest.tables import header_key
from geo.ingest.values.date_days import full_year
from geo.ingest.values.date_shapes import MONTHS
from geo.ingest.values.financial_years import first_year


class Period(NamedTuple):
    """A year as written, "" for a month that states none; month: 1 to 12, 0 for a whole year."""

    year: str
    month: int = 0

    def __str__(self) -> str:
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
Named = Mapping[int, tuple[Period, str]]


def periods_of(names: Sequence[str]) -> Named:
    """Return place -> period and what is counted ("" if the name does not say), of the columns that state a period.

    All are years or all are months. Calendar years beside financial ones, and other spans of years, would overlap:
    then, and where a name has more in it than a period and a kind, there is no answer.
    """
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
