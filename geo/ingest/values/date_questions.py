"""Questions about the dates of a file: what is asked, which answer fits the file, and what would follow from it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NoReturn

import numpy as np

from geo.ingest.notes import NoteKind
from geo.ingest.tables import CellError, TextTable
from geo.ingest.values.cells import Reading, latin_digits
from geo.ingest.values.date_columns import DateColumn
from geo.ingest.values.date_days import (
    FIRST_YEAR,
    ORDERS,
    YEAR_REMEDY,
    DateStyle,
    Span,
    day_number,
    days_of,
    orders_of,
    today,
)
from geo.ingest.values.date_parts import Traits, Writing, first_year
from geo.ingest.values.financial_years import FINANCIAL_NAMES
from geo.ingest.values.labels import Mask
from geo.problems import ProblemCode, rejected
from geo.wording import Text, text, text_n

# An order is proposed for the sequence of at least five rows if their steps in time are together a fifth shorter.
_CLEARLY_SHORTER, _FEWEST_ROWS = 0.8, 5
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
_TWO_YEARS = re.compile(r"(?<![\d-])(?:19|20)\d{2}\s?[-–/_]\s?(?:\d{4}|\d{2})(?![\d-])")
_READ_SO = {
    "DMY": text_n(
        "Proposed: day first: {n} row is read so, and “{cell}” is {day}.",
        "Proposed: day first: {n} rows are read so, and “{cell}” is {day}.",
        0,
    ),
    "MDY": text_n(
        "Proposed: month first: {n} row is read so, and “{cell}” is {day}.",
        "Proposed: month first: {n} rows are read so, and “{cell}” is {day}.",
        0,
    ),
    "YMD": text_n(
        "Proposed: year first: {n} row is read so, and “{cell}” is {day}.",
        "Proposed: year first: {n} rows are read so, and “{cell}” is {day}.",
        0,
    ),
}
_AS_USUAL = text("So dates are mostly written in Pakistan; nothing in the file speaks for another order.")
_IN_SEQUENCE = text("The rows then follow each other best in time.")
_AS_SENT = text("The times at which the form was sent are written so.")
# When a form was filled in or sent is no date of an incident, if another column holds dates.
SUBMITTED = re.compile(
    r"(?:submission|submitted|created|received|uploaded|entered)(?:_?(?:date|time|at|on))*|timestamp"
)
_NONE_LATER = text("Any other order gives days that do not exist or are in the future.")


def ask_order(reading: Reading, columns: Sequence[DateColumn], is_open: Mask, numbers: Mapping[str, int]) -> NoReturn:
    """Refuse the file until the order of day and month is stated; the hint proposes one (value "proposed").

    numbers: order -> number of dates that prove it. Raises RejectedUpload (DATE_ORDER).
    """
    open_traits = Traits.EITHER_ORDER | Traits.YEAR_OPEN
    column = next(one for one in columns if (one.rows_with(open_traits) & is_open).any())
    where = column.rows_with(open_traits) & is_open
    n = int(where.sum())
    message = text_n(
        "{n} date can be read day first or month first.", "{n} dates can be read day first or month first.", n
    )
    if all(numbers.values()):
        named = {"day_first": numbers["DMY"], "month_first": numbers["MDY"]}
        both = text("Others can only be read day first ({day_first}) or only month first ({month_first}).", **named)
        message = text("{first} {second}", first=message, second=both)
    proposal = _proposed_order(column, where, ("DMY", "MDY"), _FEWEST_ROWS)
    if proposal[1] is not _NONE_LATER and not any(numbers.values()) and (sent := _order_of_sending(reading)):
        proposal = sent, _AS_SENT
    _refuse_until_stated(reading, column, where, message, proposal)


def _order_of_sending(reading: Reading) -> str | None:
    """Return the one order that the times prove at which a form was sent: its program often writes its dates alike."""
    sent = [DateColumn.of(reading, key) for key in reading.table.keys if SUBMITTED.fullmatch(key)]
    traits = (("DMY", Traits.DAY_FIRST), ("MDY", Traits.MONTH_FIRST))
    proved = [order for order, trait in traits if any(column.rows_with(trait).any() for column in sent)]
    return proved[0] if len(proved) == 1 else None


def ask_year_first(
    reading: Reading, columns: Sequence[DateColumn], is_open: Mask, trait: int, numbers: tuple[int, int]
) -> NoReturn:
    """Refuse the file until it is stated whether dates such as 24-03-15 begin with the year; the hint proposes it.

    trait: of the dates that are asked about; numbers: of dates that can only be read so, and only in another order.
    Raises RejectedUpload (DATE_ORDER).
    """
    column = next(one for one in columns if (one.rows_with(trait) & is_open).any())
    where = column.rows_with(trait) & is_open
    n = int(where.sum())
    message = text_n(
        "{n} date can be read year first or in another order.",
        "{n} dates can be read year first or in another order.",
        n,
    )
    if all(numbers):
        both = text(
            "Others can only be read year first ({year_first}) or only in another order ({others}).",
            year_first=numbers[0],
            others=numbers[1],
        )
        message = text("{first} {second}", first=message, second=both)
    # Read in a wrong order, days become years: two rows show the difference.
    proposal = _proposed_order(column, where, _common_orders(column, where), n_rows=2)
    _refuse_until_stated(reading, column, where, message, proposal)


def _refuse_until_stated(
    reading: Reading, column: DateColumn, where: Mask, message: Text, proposal: tuple[str, Text]
) -> NoReturn:
    code = int(column.codes[int(np.flatnonzero(where)[0])])
    cell, (order, why) = column.words[code], proposal
    day = _day_in_words(column.writings[code], order, has_year=bool(column.traits[code] & Traits.YEAR_FIRST_TOO))
    read_so = replace(_READ_SO[order], n=int(where.sum()), values={"cell": cell, "day": day})
    hint = text(
        "{read_so} {why} State which order the file uses, or write the dates as YYYY-MM-DD.",
        read_so=read_so,
        why=why,
        proposed=order,
    )
    place = (reading.file, reading.table.sheet, None, reading.name_of(column.key), cell)
    raise rejected(ProblemCode.DATE_ORDER, message, hint, *place)


def supplied_year(
    reading: Reading, columns: Sequence[DateColumn], lacking: Sequence[DateColumn], *, has_years: bool
) -> tuple[int | None, Text]:
    """Return the year of dates without one, as answered, and the remedy where there is no answer.

    A column "year" states it for its rows. lacking: columns with such dates. has_years: whether any date
    of the file has one. Raises RejectedUpload (DATE_YEAR) if none has, and nothing states it.
    """
    refuse_unused_years(reading)
    answer, has_column = reading.options.date_year, reading.has("year")
    for column in lacking:
        where, is_stated = column.rows_with(Traits.NO_YEAR), reading.is_filled("year")
        if has_column:
            reading.note_rows(where & is_stated, NoteKind.YEAR_OF_COLUMN, column.key, column=reading.name_of("year"))
        if answer:
            reading.note_rows(where & ~is_stated, NoteKind.YEAR_AS_ANSWERED, column.key, year=answer)
    if answer or has_column:
        return answer, YEAR_REMEDY
    remedy = _remedy(reading.table, reading.file, columns)
    first = lacking[0]
    where = first.rows_with(Traits.NO_YEAR)
    if not has_years:
        n = int(where.sum())
        message = text_n("{n} date has no year.", "{n} dates have no year.", n)
        cell = first.words[first.codes[int(np.flatnonzero(where)[0])]]
        place = (reading.file, reading.table.sheet, None, reading.name_of(first.key), cell)
        raise rejected(ProblemCode.DATE_YEAR, message, remedy, *place)
    return None, remedy


def refuse_unused_years(reading: Reading) -> None:
    """Refuse a file whose dates have no year while its column of financial years is not used: one year fits none.

    Raises RejectedUpload (COLUMNS).
    """
    unused = next((key for key in reading.table.keys if key in FINANCIAL_NAMES), None)
    if unused is None or reading.has("year"):
        return
    message = text("The dates have no year, and the column of financial years is not used.")
    hint = text("Write both years in each of its cells, as 2022-23, and assign it to the year.")
    column = reading.table.columns[reading.table.keys.index(unused)]
    raise rejected(ProblemCode.COLUMNS, message, hint, reading.file, reading.table.sheet, None, column)


def _day_in_words(writing: Writing | CellError, order: str, *, has_year: bool) -> Text:
    """Return a day as a question names it; has_year: its year is open too."""
    found = days_of(writing, DateStyle(order))
    if has_year and isinstance(found, Span):
        start = found.start
        return text("{day:d} {month:month_name} {year:d}", day=start.day, month=start.month, year=start.year)
    pair = _open_pair(writing)
    day, month = pair if order == "DMY" else pair[::-1]
    return text("{day:d} {month:month_name}", day=day, month=month)


def _common_orders(column: DateColumn, where: Mask) -> tuple[str, ...]:
    """Return the orders in which all marked dates of three short numbers are days, or the two usual ones."""
    writings = [column.writings[code] for code in np.unique(column.codes[where]).tolist()]
    parts = [part for one in writings if isinstance(one, Writing) for part in (one.first, one.last) if part is not None]
    common = set(ORDERS).intersection(*(orders_of(part) for part in parts))
    return tuple(order for order in ORDERS if order in common) or ("DMY", "YMD")


def _open_pair(writing: Writing | CellError) -> tuple[int, int]:
    """Return the two numbers of a date that can be read in either order."""
    parts = (writing.first, writing.last) if isinstance(writing, Writing) else ()
    pairs = (part.pair for part in parts if part is not None and part.pair is not None)
    return next(pair for pair in pairs if pair[0] != pair[1] and max(pair) <= 12)


def _proposed_order(column: DateColumn, where: Mask, orders: Sequence[str], n_rows: int) -> tuple[str, Text]:
    """Return the order that fits a column best, and why.

    where: rows whose date is open; n_rows: the fewest rows whose sequence shows an order.
    """
    n_bad, steps = {}, {}
    for order in orders:
        found = [days_of(writing, DateStyle(order, today().year)) for writing in column.writings]
        days = np.array([day_number(one.start) if isinstance(one, Span) else np.nan for one in found])[column.codes]
        n_bad[order] = int(np.isnan(days[where]).sum())
        known = days[~np.isnan(days)]
        steps[order] = float(np.abs(np.diff(known)).sum()) if len(known) >= n_rows else 0.0
    left = [order for order in orders if n_bad[order] == min(n_bad.values())]
    if len(left) == 1 < len(orders):
        return left[0], _NONE_LATER
    first, *others = sorted(left, key=lambda order: steps[order])
    if others and all(steps[first] < _CLEARLY_SHORTER * steps[other] for other in others):
        return first, _IN_SEQUENCE
    return left[0], _AS_USUAL


def ask_year(table: TextTable, file: str, n: int, column: str, cell: str) -> NoReturn:
    """Refuse a file of n months or dates without a year; the hint proposes one. Raises RejectedUpload (DATE_YEAR)."""
    message = text_n("{n} date has no year.", "{n} dates have no year.", n)
    raise rejected(ProblemCode.DATE_YEAR, message, _remedy(table, file, ()), file, table.sheet, None, column, cell)


def titles_of(table: TextTable, file: str) -> tuple[tuple[list[str], Text], ...]:
    """Return what may state the year of a table, the nearest first, each with words for where it stands."""
    titles = [str(note.values.get("above", "")) for note in table.notes if note.kind is NoteKind.HEADER_ROW]
    return (
        (titles, text("as in the title of the table")),
        ([table.sheet], text("as in the name of the sheet")),
        ([file], text("as in the name of the file")),
    )


def year_remedy(table: TextTable, file: str) -> Text:
    """Return what helps where no column states the year, with the year that the file suggests (value "proposed")."""
    return _remedy(table, file, ())


def _remedy(table: TextTable, file: str, columns: Sequence[DateColumn]) -> Text:
    """Return what helps where the year is missing, with the year that the file suggests (value "proposed")."""
    sources = (
        *titles_of(table, file),
        ([str(year) for year in years_of(columns)], text("as in all other dates of the file")),
    )
    for texts, where in sources:
        # "2023-24" are two years.
        if any(first_year(pair) for one in texts for pair in _TWO_YEARS.findall(latin_digits(one))):
            return YEAR_REMEDY
        years = {int(year) for one in texts for year in _YEAR.findall(one)}
        if len(years) == 1 and FIRST_YEAR <= (year := years.pop()) <= today().year:
            return text(
                "Proposed: {year:d}, {where}. {remedy}", year=year, where=where, remedy=YEAR_REMEDY, proposed=year
            )
    return YEAR_REMEDY


def years_of(columns: Sequence[DateColumn]) -> Iterator[int]:
    """Yield the years that the dates of columns state."""
    for column in columns:
        for one in column.writings:
            for part in (one.first, one.last) if isinstance(one, Writing) else ():
                if part is not None and part.year and not part.is_short:
                    yield part.year
