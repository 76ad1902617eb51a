"""What the dates of a file prove together: the order of day and month, spreadsheet days, and what was exchanged."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from geo.codes import spread
from geo.ingest.notes import NoteKind
from geo.ingest.values.cells import Reading, latin_digits
from geo.ingest.values.date_columns import DateColumn
from geo.ingest.values.date_days import DateStyle, Span, days_of, is_serial_day
from geo.ingest.values.date_parts import Part, Traits, Writing
from geo.ingest.values.date_questions import ask_order, ask_year_first, supplied_year, years_of
from geo.ingest.values.labels import Mask

# Texts of a column that are all of day 1 to 12, and others that are all later, by a chance below this one: told.
_LEAST_CHANCE = 1 / 16
_EARLY, _LATE = 0.4, 0.6
_ORDER_NOTES = {"DMY": NoteKind.DAY_FIRST, "MDY": NoteKind.MONTH_FIRST}
_ORDER_TRAITS = {"DMY": Traits.DAY_FIRST, "MDY": Traits.MONTH_FIRST}
# Answer -> traits of dates that cannot be read so, and a trait of some among them that can.
_AGAINST = {
    "DMY": (Traits.MONTH_FIRST | Traits.YEAR_FIRST, 0),
    "MDY": (Traits.DAY_FIRST | Traits.YEAR_FIRST, 0),
    "YMD": (Traits.DAY_FIRST | Traits.MONTH_FIRST, Traits.YEAR_FIRST_TOO),
}
# What the name of a column may say of its dates: "Date (DD/MM/YYYY)".
_ORDERS_IN_NAMES = {
    "DMY": re.compile(r"(?<![a-z])d{1,2}[\W_]?m{1,2}[\W_]?y{1,4}(?![a-z])"),
    "MDY": re.compile(r"(?<![a-z])m{1,2}[\W_]?d{1,2}[\W_]?y{1,4}(?![a-z])"),
}
_TOLD = (
    (Traits.SHORT_YEAR, NoteKind.SHORT_YEARS),
    (Traits.DAY_MOVED, NoteKind.DAYS_OF_PAKISTAN),
    (Traits.SINCE_1970, NoteKind.DAYS_SINCE_1970),
    (Traits.PART, NoteKind.PARTS_OF_MONTHS),
    (Traits.WEEK, NoteKind.WEEKS),
    (Traits.RANGE, NoteKind.RANGES_OF_DAYS),
    (Traits.OTHER_WORDS, NoteKind.WORDS_BESIDE_DATES),
)


_YEAR_AND_MONTH = re.compile(r"\d{4}[-/]\d{1,2}")
# Of 2000-01 to 2011-12 each can be a month.
_OPEN_YEARS = range(2000, 2012)
_OF_TWO_YEARS = Traits.FINANCIAL | Traits.FINANCIAL_PAIR | Traits.FINANCIAL_TOO


def style_of(reading: Reading, *keys: str, others: Iterable[str] = (), is_settled: Mask | None = None) -> DateStyle:
    """Return how the dates of a table are read: by proof, else by the user's answer; what was proved is noted.

    keys: columns of dates; others: columns that may prove the order and are never asked about. is_settled: rows whose
    date is stated elsewhere, shape (n,). Raises RejectedUpload (DATE_ORDER, DATE_YEAR) for what must be asked first.
    """
    columns = [DateColumn.of(reading, key) for key in keys if reading.has(key)]
    proving = columns + [DateColumn.of(reading, key) for key in others if reading.has(key)]
    is_open = np.ones(len(reading), dtype=bool) if is_settled is None else ~is_settled
    order = _order(reading, columns, proving, is_open)
    about = ",".join(column.key for column in columns)
    serials = _has_serials(reading, columns, about)
    has_years = reading.evidence.verdict("years", about, any(years_of(columns)))
    for column in columns:
        _note_exchanged(reading, column)
        if serials:
            reading.note_rows(_serial_rows(column)[0] & is_open, NoteKind.SERIAL_DAYS, column.key)
        for trait, kind in _TOLD:
            reading.note_rows(column.rows_with(trait) & is_open, kind, column.key)
    lacking = [column for column in columns if (column.rows_with(Traits.NO_YEAR) & is_open).any()]
    year, remedy = supplied_year(reading, columns, lacking, has_years=has_years) if lacking else (None, None)
    style = DateStyle(order, year, serials)
    reported = _first_reports(proving[len(columns) :], style)
    style = replace(style, financial=_financial(reading, columns, about, reported))
    return style if remedy is None else replace(style, year_remedy=remedy)


def _first_reports(columns: Sequence[DateColumn], style: DateStyle) -> NDArray[np.float64] | None:
    """Return the year of the earliest end of a report's date, as 2010.5 for June, nan where unknown, shape (n,)."""
    found = None
    for column in columns:
        days = [days_of(one, style) for one in column.writings]
        ends = [one.end.year + one.end.month / 12 if isinstance(one, Span) else np.nan for one in days]
        of_rows = np.array(ends, dtype=np.float64)[column.codes]
        found = of_rows if found is None else np.fmin(found, of_rows)
    return found


def _financial(
    reading: Reading, columns: Sequence[DateColumn], about: str, reported: NDArray[np.float64] | None
) -> bool | None:
    """Return whether dates such as 2010-11 are financial years, None if that is open; notes those read so.

    reported: see `_first_reports`; what was reported before its financial year ended is a month.
    """
    n_years = _count(columns, Traits.FINANCIAL | Traits.FINANCIAL_PAIR)
    n_filled = sum(int(reading.is_filled(column.key).sum()) for column in columns)
    n_others = n_filled - _count(columns, Traits.FINANCIAL_TOO) - n_years
    firsts = [_open_firsts(column) for column in columns]
    n_months = sum(map(_n_months, columns))
    if reported is not None:
        n_months += sum(int((reported < years + 1.5).sum()) for years in firsts)
    of_years = [sum(int((years == year).sum()) for years in firsts) for year in _OPEN_YEARS]
    found: bool | None = reading.evidence.verdict("financial", about, n_years, n_months, n_others, *of_years)
    open_ones = 0 if found is None else Traits.FINANCIAL_PAIR | (Traits.FINANCIAL_TOO if found else 0)
    for column in columns:
        reading.note_rows(column.rows_with(Traits.FINANCIAL | open_ones), NoteKind.FINANCIAL_YEARS, column.key)
    return found


def _open_firsts(column: DateColumn) -> NDArray[np.float64]:
    """Return the first year of each row's date that can be a financial year or a month, nan elsewhere, shape (n,)."""
    is_open = (column.traits & Traits.FINANCIAL_TOO) != 0
    years = [
        one.first.year if has and isinstance(one, Writing) else None
        for one, has in zip(column.writings, is_open.tolist(), strict=True)
    ]
    return np.array(years, dtype=np.float64)[column.codes]


def _n_months(column: DateColumn) -> int:
    """Return the number of dates such as 2024-03, which are no two years that follow each other."""
    is_month = (bool(_YEAR_AND_MONTH.fullmatch(latin_digits(word))) for word in column.words)
    return int((spread(is_month, column.codes, False) & ~column.rows_with(_OF_TWO_YEARS)).sum())


def _order(reading: Reading, columns: Sequence[DateColumn], proving: Sequence[DateColumn], is_open: Mask) -> str | None:
    """Return the order of day and month, None where every date can be read without one."""
    counted = [
        _count(proving, trait, without) for without in (Traits.YEAR_FIRST_TOO, 0) for trait in _ORDER_TRAITS.values()
    ]
    own = {order: counted[place] or counted[place + 2] for place, order in enumerate(_ORDER_TRAITS)}
    n_own_first = _count(proving, Traits.YEAR_FIRST)
    n_others = _count(proving, Traits.DAY_FIRST | Traits.MONTH_FIRST, Traits.YEAR_FIRST_TOO)
    about = ",".join(column.key for column in proving)
    numbers, n_first, n_others = reading.evidence.verdict("order", about, *counted, n_own_first, n_others)
    proved = [order for order, n in numbers.items() if n]
    answer = reading.options.date_order
    if answer:
        for column in columns:
            is_against = column.rows_with(*_AGAINST[answer]) & is_open
            reading.note_rows(is_against, NoteKind.ORDER_NOT_AS_ANSWERED, column.key)
        return answer
    open_traits = Traits.EITHER_ORDER | Traits.YEAR_OPEN
    undecided = [column for column in columns if (column.rows_with(open_traits) & is_open).any()]
    named, naming = _order_in_names(reading, columns)
    is_said = named is not None and {one.key for one in undecided} <= set(naming)
    if is_said and not proved and not n_first:
        _note_named(reading, proving, naming, named, is_open)
        return named
    if _is_year_first(reading, columns, is_open, n_first, n_others):
        if n_own_first:
            reading.note(NoteKind.YEAR_FIRST, n_rows=n_own_first)
        return "YMD"
    # A name that the dates contradict leaves open what is right, as does one of some columns only.
    if undecided and (len(proved) != 1 or named not in (None, proved[0])):
        ask_order(reading, columns, is_open, numbers)
    if len(proved) == 2:
        for column in columns:
            reading.note_rows(column.rows_with(Traits.MONTH_FIRST), NoteKind.BOTH_ORDERS, column.key)
        return None
    if proved and own[proved[0]]:
        reading.note(_ORDER_NOTES[proved[0]], n_rows=own[proved[0]])
    return proved[0] if proved else None


def _order_in_names(reading: Reading, columns: Sequence[DateColumn]) -> tuple[str | None, list[str]]:
    """Return the one order that names of the columns state, such as "Date (DD/MM/YYYY)", else None, and their keys."""
    names = {column.key: reading.name_of(column.key).casefold() for column in columns}
    stated = {
        order: [key for key, name in names.items() if pattern.search(name)]
        for order, pattern in _ORDERS_IN_NAMES.items()
    }
    found = [(order, keys) for order, keys in stated.items() if keys]
    return found[0] if len(found) == 1 else (None, [])


def _note_named(
    reading: Reading, columns: Sequence[DateColumn], naming: Sequence[str], order: str | None, is_open: Mask
) -> None:
    """Note the dates that are read in the order that names of columns state; naming: keys of these columns."""
    kind = NoteKind.DAY_FIRST_BY_NAME if order == "DMY" else NoteKind.MONTH_FIRST_BY_NAME
    for column in columns:
        says = reading.name_of(column.key if column.key in naming else naming[0])
        where = column.rows_with(Traits.EITHER_ORDER | Traits.YEAR_OPEN) & is_open
        reading.note_rows(where, kind, column.key, column=says)


def _is_year_first(reading: Reading, columns: Sequence[DateColumn], is_open: Mask, n_first: int, n_others: int) -> bool:
    """Whether the dates of two-digit numbers prove the year first; asks where they leave it open."""
    if n_first and not n_others:
        return True
    # Where others are written in another order, the year may come first in these; where nothing is proved, too.
    trait = Traits.YEAR_FIRST_TOO if n_first else Traits.YEAR_OPEN
    if bool(n_first) == bool(n_others) and any((one.rows_with(trait) & is_open).any() for one in columns):
        ask_year_first(reading, columns, is_open, trait, (n_first, n_others))
    for column in columns if n_first else ():
        reading.note_rows(column.rows_with(Traits.YEAR_FIRST), NoteKind.YEAR_FIRST_BESIDE_OTHERS, column.key)
    return False


def _count(columns: Sequence[DateColumn], trait: int, without: int = 0) -> int:
    return sum(int(column.rows_with(trait, without).sum()) for column in columns)


def _has_serials(reading: Reading, columns: Sequence[DateColumn], about: str) -> bool:
    """Whether the numbers of five digits are days: at least half of them lie between the first year and today."""
    found = [_serial_rows(column) for column in columns]
    n_days, n_others = (sum(int(rows[place].sum()) for rows in found) for place in (0, 1))
    return bool(reading.evidence.verdict("serials", about, n_days, n_others))


def _serial_rows(column: DateColumn) -> tuple[Mask, Mask]:
    """Return which rows hold a number of five digits that is such a day, and which one that is not, shape (n,)."""
    is_serial = column.rows_with(Traits.SERIAL)
    numbers = (one.serial if isinstance(one, Writing) else 0 for one in column.writings)
    is_day = spread((bool(number) and is_serial_day(number) for number in numbers), column.codes, False)
    return is_serial & is_day, is_serial & ~is_day


def _note_exchanged(reading: Reading, column: DateColumn) -> None:
    """Note when a spreadsheet program may have exchanged day and month in some dates of a column.

    It made dates of what it could read, all of days 1 to 12, and left those whose day is above 12 as they were. In a
    csv file the two are written in two ways.
    """
    early: list[int] = []
    early_days, late_days = set(), set()
    early_forms, late_forms, directions = set(), set(), 0
    for place, one in enumerate(column.writings):
        if not isinstance(one, Writing) or one.last is not None or one.serial:
            continue
        form, day = _form(column.words[place], one.first), max(one.first.pair or (one.first.day or 0,))
        if one.traits & (Traits.DAY_FIRST | Traits.MONTH_FIRST):
            directions |= one.traits & (Traits.DAY_FIRST | Traits.MONTH_FIRST)
            late_forms.add(form)
            late_days.add(one.first)
        elif day > 12:
            return
        elif day:
            early.append(place)
            early_forms.add(form)
            early_days.add(one.first)
    # Numbers of two digits show nothing of leading zeros.
    forms = early_forms - {None}, late_forms - {None}
    chance = _EARLY ** len(early_days) * _LATE ** len(late_days)
    is_one_order = directions in (Traits.DAY_FIRST, Traits.MONTH_FIRST)
    if len(early_days) > 1 and is_one_order and all(forms) and not forms[0] & forms[1] and chance < _LEAST_CHANCE:
        is_early = np.zeros(len(column.words), dtype=bool)
        is_early[early] = True
        reading.note_rows(
            is_early[column.codes], NoteKind.DAYS_PERHAPS_EXCHANGED, column.key, column=reading.name_of(column.key)
        )


def _form(word: str, part: Part) -> tuple[object, ...] | None:
    """Return by what two ways of writing a date differ; None for a day that is written alike in two of them."""
    if part.pair is None:
        return ("month", word.strip().isdecimal() or word[:4].isdecimal())
    separator = next((sign for sign in word if sign in "-/."), "")
    if min(part.pair) > 9:
        return None
    return (separator, part.is_short, "0" in (word[0], word.partition(separator)[2][:1]))
