"""A column of dates as they are written, each distinct text looked at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.codes import Codes
from geo.ingest.tables import CellError
from geo.ingest.values.cells import Reading
from geo.ingest.values.date_parts import Writing
from geo.ingest.values.date_writings import read_writing
from geo.ingest.values.labels import Mask


@dataclass(frozen=True, slots=True, eq=False)
class DateColumn:
    """The dates of a column as written. writings, traits: of each distinct text; codes: of each row, shape (n,)."""

    key: str
    words: Sequence[str]
    writings: Sequence[Writing | CellError]
    traits: NDArray[np.int16]
    codes: Codes

    @classmethod
    def of(cls, reading: Reading, key: str) -> DateColumn:
        """Return a column of a table; each distinct text is looked at once."""
        words, codes = reading.words(key)
        writings = [read_writing(word) for word in words]
        traits = [one.traits if isinstance(one, Writing) else 0 for one in writings]
        return cls(key, words, writings, np.array(traits, dtype=np.int16), codes)

    def rows_with(self, traits: int) -> Mask:
        """Return whether the date of each row has one of these traits, shape (n,)."""
        has_one: Mask = (self.traits & traits) != 0
        return has_one[self.codes]
