"""Counts of people and reports: whole numbers, ranges, and what is not stated."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.codes import Codes, spread
from geo.ingest.notes import NoteKind
from geo.ingest.tables import CellError
from geo.ingest.values.cells import NOT_STATED, Reading, integers, latin_digits
from geo.problems import ProblemCode
from geo.wording import text

LARGEST_COUNT = 100_000
# What police tables write where there was nobody. "None" is not among them: programs write it for a missing cell.
_NIL = frozenset({"nil", "nill", "zero", "صفر"})
_WHOLE = re.compile(r"\d{1,9}(?:\.0+)?\Z")
# No thousands: these have three digits behind the comma.
_WHOLE_WITH_COMMA = re.compile(r"(\d{1,9}),(?:0|00|0{4,})\Z")
_WHOLE_BY_ANSWER = re.compile(r"(\d{1,9}),0+\Z")
_FRACTION = re.compile(r"\d{1,9}\.\d+\Z")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+\Z")
_RANGE = re.compile(r"(\d{1,6})\s*(?:-|–|to)\s*(\d{1,6})\Z")
_AT_LEAST = re.compile(r"(?:at least|more than|over)\s+(\d{1,6})\Z|(\d{1,6})\s*\+\Z")
_error = partial(CellError, ProblemCode.NUMBER)
_CORRECT = text("Correct the cell.")
_NO_NUMBER = CellError(
    ProblemCode.MISSING, text("The number of incidents is empty."), text("Without it the row cannot be counted.")
)
_ZERO_EVENTS = _error(text("The row states zero events: it holds no incident."), text("No action needed."))


@dataclass(frozen=True, slots=True)
class Count:
    """A count as a cell states it; None is not stated.

    For a range and for "at least 3" the minimum is `best`, so that no figure is invented.
    """

    best: int | None = None
    low: int | None = None
    high: int | None = None


def parse_count(cell: str, *, allow_range: bool = False, decimal_mark: str | None = None) -> Count | CellError:
    """Return the count of a cell: 3, 3.0, 1,234, Urdu digits, nil; with allow_range also 3-5 and "at least 3".

    Where the comma is the decimal mark, 1,234 is no whole number. 3,0 is 3 wherever it is not answered otherwise: it
    cannot be thousands.
    """
    plain = latin_digits(cell).strip().casefold()
    if plain in NOT_STATED:
        return Count()
    if plain in _NIL:
        return Count(0)
    if whole := (_WHOLE_BY_ANSWER if decimal_mark == "," else _WHOLE_WITH_COMMA).match(plain):
        plain = whole[1]
    if decimal_mark != "," and _GROUPED.match(plain):
        plain = plain.replace(",", "")
    if _WHOLE.match(plain):
        value = int(float(plain))
        if value > LARGEST_COUNT:
            return _error(text("The count is above {largest}.", largest=LARGEST_COUNT), _CORRECT)
        return Count(value)
    return _range_of(plain) if allow_range else _no_count(plain)


def counts(reading: Reading, key: str, not_stated: Collection[str] = (), *, rounds: bool = False) -> pa.Array:
    """Return a column of counts, int32, null where not stated; refuses what is not a whole number from 0 up.

    not_stated: codes of the source for "unknown", such as -99. rounds: fractions are rounded, for a source
    that shares a toll among linked rows.
    """

    def parse(cell: str) -> Count | CellError:
        if cell in not_stated:
            return Count()
        plain = str(round(float(cell))) if rounds and _FRACTION.match(cell) else cell
        return parse_count(plain, decimal_mark=reading.decimal_mark)

    values, codes = reading.each(key, parse)
    _note_words(reading, key)
    return integers([value.best if value else None for value in values], codes)


def count_ranges(reading: Reading, key: str) -> tuple[pa.Array, pa.Array, pa.Array]:
    """Return best, low and high of a column of counts in which ranges are allowed, int32, null not stated."""
    values, codes = _ranged(reading, key, NoteKind.RANGES_KEPT)
    best = integers([value.best if value else None for value in values], codes)
    low = integers([value.low if value else None for value in values], codes)
    high = integers([value.high if value else None for value in values], codes)
    return best, low, high


def least_counts(reading: Reading, key: str) -> pa.Array:
    """Return the minima of a column of counts in which ranges are allowed, int32, null where not stated.

    For what is only a part of a toll or has no range of its own: the range of a part is not that of the toll.
    """
    values, codes = _ranged(reading, key, NoteKind.RANGES_OF_PARTS)
    return integers([value.best if value else None for value in values], codes)


def event_counts(reading: Reading, key: str, *, is_required: bool = False) -> pa.Array:
    """Return the number of events that each row sums up, int32; zero is refused.

    is_required: a blank is refused, for rows that are nothing but that number; otherwise it is 1.
    """
    numbers = counts(reading, key)
    if is_required:
        missing = np.asarray(pc.is_null(numbers)) & ~reading.refusals.refused
        reading.refuse(missing, key, _NO_NUMBER)
    reading.refuse(np.asarray(pc.fill_null(pc.equal(numbers, 0), False)), key, _ZERO_EVENTS)
    return pc.fill_null(numbers, pa.scalar(1, pa.int32()))


def _ranged(reading: Reading, key: str, kind: NoteKind) -> tuple[Sequence[Count | None], Codes]:
    """Parse a column of counts in which ranges are allowed; kind: of the note if it holds one."""
    mark = reading.decimal_mark
    values, codes = reading.each(key, lambda cell: parse_count(cell, allow_range=True, decimal_mark=mark))
    _note_words(reading, key)
    if any(value is not None and value.low is not None for value in values):
        reading.note(kind)
    return values, codes


def _note_words(reading: Reading, key: str) -> None:
    """Note how words in a column of counts were read: nil states zero, a dash states nothing."""
    words, codes = reading.words(key)
    with_comma = spread((_WHOLE_WITH_COMMA.match(latin_digits(word)) is not None for word in words), codes, False)
    if with_comma.any():
        reading.note_rows(with_comma, NoteKind.WHOLE_WITH_COMMA, key, column=reading.name_of(key))
    for meant, kind in ((_NIL, NoteKind.WORDS_FOR_ZERO), (NOT_STATED - {""}, NoteKind.WORDS_FOR_NOT_STATED)):
        is_word = spread((word.casefold() in meant for word in words), codes, False)
        if is_word.any():
            reading.note_rows(is_word, kind, key, column=reading.name_of(key))


def _range_of(plain: str) -> Count | CellError:
    if match := _RANGE.match(plain):
        low, high = int(match[1]), int(match[2])
        if low > high or high > LARGEST_COUNT:
            return _error(text("The range runs backwards or is too large."), text("Write it as 3-5."))
        return Count(low, low, high)
    if match := _AT_LEAST.match(plain):
        low = int(match[1] or match[2])
        return Count(low, low, None)
    return _no_count(plain)


def _no_count(plain: str) -> CellError:
    if re.fullmatch(r"-\d+(\.\d+)?", plain):
        return _error(text("A count cannot be below zero."), text("Leave the cell empty if it is not known."))
    if re.fullmatch(r"\d+[.,]\d+", plain):
        return _error(text("A count is a whole number."), _CORRECT)
    hint = text("Write digits, 0 if there was nobody; leave the cell empty if it is not known.")
    return _error(text("This is not a whole number."), hint)
