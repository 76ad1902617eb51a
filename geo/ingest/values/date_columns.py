"""A column of dates as they are written, each distinct text looked at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.codes import Codes
from geo.ingest.tables import CellError
from geo.ingest.values.cells import Reading
from geo.ingest.values.date_days import orders_of
from geo.ingest.values.date_parts import Traits, Writing
from geo.ingest.values.date_writings import read_writing
from geo.ingest.values.labels import Mask


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
        writings = [read_writing(word) for word in words]
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
