"""A column of dates as they are written, each distinct text looked at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.codes import Codes
from geo.ingest.tables import CellError, header_key
from geo.ingest.values.cells import Reading
from geo.ingest.values.date_days import orders_of
from geo.ingest.values.date_parts import Traits, Writing
from geo.ingest.values.date_writings import read_writing
from geo.ingest.values.labels import Mask

_ENDS = frozenset({"week_ending", "week_end_date", "week_end", "w_e"})
_STARTS = frozenset({"week_starting", "week_start", "week_commencing", "week_beginning", "week_of", "w_c", "week"})


def holds_weeks(reading: Reading, key: str) -> bool:
    """Whether a column is named after weeks, so that a number in it is no day."""
    return header_key(reading.name_of(key)) == "week" if reading.has(key) else False


def writing_of(reading: Reading, key: str) -> Callable[[str], Writing | CellError]:
    """Return what reads a cell of a column of dates: a day below "Week" or "Week ending" begins or ends one."""
    name = header_key(reading.name_of(key)) if reading.has(key) else ""
    before = "week ending " if name in _ENDS else "week of " if name in _STARTS else ""
    if not before:
        return read_writing

    def read(cell: str) -> Writing | CellError:
        of_week = read_writing(before + cell) if cell else None
        found = of_week if isinstance(of_week, Writing) else read_writing(cell)
        if isinstance(found, Writing) and found.serial:
            return found._replace(week=-6 if name in _ENDS else 6, traits=found.traits | Traits.WEEK)
        return found

    return read


@dataclass(frozen=True, slots=True, eq=False)
class DateColumn:
    """The dates of a column as written. writings, traits: of each distinct text; codes: of each row, shape (n,)."""

    key: str
    words: Sequence[str]
    writings: Sequence[Writing | CellError]
    traits: NDArray[np.int32]
    codes: Codes

    @classmethod
    def of(cls, reading: Reading, key: str) -> DateColumn:
        """Return a column of a table; each distinct text is looked at once."""
        words, codes = reading.words(key)
        read = writing_of(reading, key)
        writings = [read(word) for word in words]
        traits = [_traits(one) if isinstance(one, Writing) else 0 for one in writings]
        return cls(key, words, writings, np.array(traits, dtype=np.int32), codes)

    def rows_with(self, traits: int, without: int = 0) -> Mask:
        """Return whether the date of each row has one of these traits and none of the others, shape (n,)."""
        has_one: Mask = ((self.traits & traits) != 0) & ((self.traits & without) == 0)
        return has_one[self.codes]


def _traits(writing: Writing) -> int:
    """Return the traits of a writing, with what three numbers of two digits leave open about the year."""
    parts = [part for part in (writing.first, writing.last) if part is not None and part.sign]
    fitting = [set(orders_of(part)) for part in parts]
    common = set.intersection(*fitting) if fitting else set()
    if common == {"YMD"}:
        of_order = Traits.DAY_FIRST | Traits.MONTH_FIRST | Traits.EITHER_ORDER
        return (writing.traits & ~of_order) | Traits.YEAR_FIRST
    if "YMD" not in common:
        return writing.traits
    # 24/03/15 is year first only in a file that proves it; 24-03-15 leaves it open.
    return writing.traits | Traits.YEAR_FIRST_TOO | (Traits.YEAR_OPEN if parts[0].sign == "-" else 0)
