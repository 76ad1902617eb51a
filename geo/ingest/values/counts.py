"""Counts of people and reports: whole numbers, ranges, and what is not stated."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geo.ingest.tables import CellError
from geo.ingest.values.cells import NOT_STATED, Reading, integers, latin_digits
from geo.problems import ProblemCode

LARGEST_COUNT = 100_000
# What police tables write where there was nobody. "None" is not among them: programs write it for a missing cell.
_NIL = frozenset({"nil", "nill", "zero", "صفر"})
_WHOLE = re.compile(r"\d{1,9}(?:\.0+)?\Z")
_FRACTION = re.compile(r"\d{1,9}\.\d+\Z")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+\Z")
_RANGE = re.compile(r"(\d{1,6})\s*(?:-|–|to)\s*(\d{1,6})\Z")
_AT_LEAST = re.compile(r"(?:at least|more than|over)\s+(\d{1,6})\Z|(\d{1,6})\s*\+\Z")


@dataclass(frozen=True, slots=True)
class Count:
    """A count as a cell states it; None is not stated.

    For a range and for "at least 3" the least figure is `best`, so that no figure is made up.
    """

    best: int | None = None
    low: int | None = None
    high: int | None = None


def parse_count(text: str, *, allow_range: bool = False, decimal_mark: str | None = None) -> Count | CellError:
    """Return the count of a cell: 3, 3.0, 1,234, Urdu digits, nil; with allow_range also 3-5 and "at least 3".

    Where the comma is the decimal mark, 1,234 is no whole number.
    """
    plain = latin_digits(text).strip().casefold()
    if plain in NOT_STATED:
        return Count()
    if plain in _NIL:
        return Count(0)
    if decimal_mark != "," and _GROUPED.match(plain):
        plain = plain.replace(",", "")
    if _WHOLE.match(plain):
        value = int(float(plain))
        if value > LARGEST_COUNT:
            return CellError(ProblemCode.NUMBER, f"The count is above {LARGEST_COUNT}.", "Correct the cell.")
        return Count(value)
    return _range_of(plain) if allow_range else _no_count(plain)


def counts(reading: Reading, key: str, not_stated: Collection[str] = (), *, rounds: bool = False) -> pa.Array:
    """Return a column of counts, int32, null where not stated; refuses what is not a whole number from 0 up.

    not_stated: codes of the source for "unknown", such as -99. rounds: fractions are rounded, for a source
    that shares a toll among linked rows.
    """

    def parse(text: str) -> Count | CellError:
        if text in not_stated:
            return Count()
        plain = str(round(float(text))) if rounds and _FRACTION.match(text) else text
        return parse_count(plain, decimal_mark=reading.options.decimal_mark)

    values, codes = reading.each(key, parse)
    _note_words(reading, key)
    return integers([value.best if value else None for value in values], codes)


def count_ranges(reading: Reading, key: str) -> tuple[pa.Array, pa.Array, pa.Array]:
    """Return best, low and high of a column of counts in which ranges are allowed, int32, null not stated."""
    values, codes = _ranged(
        reading, key, "Ranges and 'at least' figures: the least figure is counted, the range is kept."
    )
    best = integers([value.best if value else None for value in values], codes)
    low = integers([value.low if value else None for value in values], codes)
    high = integers([value.high if value else None for value in values], codes)
    return best, low, high


def least_counts(reading: Reading, key: str) -> pa.Array:
    """Return the least figures of a column of counts in which ranges are allowed, int32, null where not stated.

    For what is only a part of a toll or has no range of its own: the range of a part is not that of the toll.
    """
    note = "Ranges and 'at least' figures of one side or of the injured: the least figure is counted, no range is made."
    values, codes = _ranged(reading, key, note)
    return integers([value.best if value else None for value in values], codes)


def event_counts(reading: Reading, key: str) -> pa.Array:
    """Return the number of events that each row stands for, int32; blank is 1, zero is refused."""
    numbers = pc.fill_null(counts(reading, key), pa.scalar(1, pa.int32()))
    refuse_zero_events(reading, key, numbers)
    return numbers


def required_event_counts(reading: Reading, key: str) -> pa.Array:
    """Return the number of events of rows that are nothing but that number, int32; blank and zero are refused."""
    numbers = counts(reading, key)
    missing = np.asarray(pc.is_null(numbers)) & ~reading.refusals.refused
    bad = CellError(ProblemCode.MISSING, "The number of incidents is empty.", "Without it the row cannot be counted.")
    reading.refuse(missing, key, bad)
    refuse_zero_events(reading, key, numbers)
    return pc.fill_null(numbers, pa.scalar(1, pa.int32()))


def refuse_zero_events(reading: Reading, key: str, numbers: pa.Array) -> None:
    """Set rows aside that state that nothing was recorded: they hold no incident."""
    zero = np.asarray(pc.fill_null(pc.equal(numbers, 0), False))
    bad = CellError(ProblemCode.NUMBER, "The row states zero events: it holds no incident.", "Nothing need be done.")
    reading.refuse(zero, key, bad)


def _ranged(reading: Reading, key: str, note: str) -> tuple[list[Count | None], NDArray[np.int64]]:
    """Parse a column of counts in which ranges are allowed; note: what is told if it holds one."""
    values, codes = reading.each(
        key, lambda text: parse_count(text, allow_range=True, decimal_mark=reading.options.decimal_mark)
    )
    _note_words(reading, key)
    if any(value is not None and value.low is not None for value in values):
        reading.note(note)
    return values, codes


def _note_words(reading: Reading, key: str) -> None:
    """Tell how words in a column of counts were read: nil states zero, a dash states nothing."""
    words, codes = reading.words(key)
    for texts, told in ((_NIL, "as 0"), (NOT_STATED - {""}, "as not stated, never as 0")):
        is_text = np.array([*(word.casefold() in texts for word in words), False], dtype=bool)
        if is_text.any():
            reading.note_rows(is_text[codes], f'with a word in "{reading.name_of(key)}", read {told}.', key)


def _range_of(plain: str) -> Count | CellError:
    if match := _RANGE.match(plain):
        low, high = int(match[1]), int(match[2])
        if low > high or high > LARGEST_COUNT:
            return CellError(ProblemCode.NUMBER, "The range runs backwards or is too large.", "Write it as 3-5.")
        return Count(low, low, high)
    if match := _AT_LEAST.match(plain):
        low = int(match[1] or match[2])
        return Count(low, low, None)
    return _no_count(plain)


def _no_count(plain: str) -> CellError:
    if re.fullmatch(r"-\d+(\.\d+)?", plain):
        return CellError(
            ProblemCode.NUMBER, "A count cannot be below zero.", "Leave the cell empty if it is not known."
        )
    if re.fullmatch(r"\d+[.,]\d+", plain):
        return CellError(ProblemCode.NUMBER, "A count is a whole number.", "Correct the cell.")
    hint = "Write digits, 0 if there was nobody; leave the cell empty if it is not known."
    return CellError(ProblemCode.NUMBER, "This is not a whole number.", hint)
