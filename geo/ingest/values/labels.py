"""One of a few words for each row of a table: an attack type, a target, a precision."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Mask = NDArray[np.bool_]


class Labels:
    """A word for each row, held as a short list of words and the position of each row's word in it.

    None is the word of a refused row. Comparing and choosing take a thousandth of the time that they take on texts.
    """

    __slots__ = ("_codes", "_words")

    def __init__(self, words: Iterable[str | None], codes: NDArray[np.integer[Any]]) -> None:
        """words: as often as they come; codes: the position in them for each row, shape (n,), negative from the end."""
        given = list(words)
        places = {word: place for place, word in enumerate(dict.fromkeys(given))}
        self._words = tuple(places)
        self._codes: NDArray[np.int16] = np.array([places[word] for word in given], dtype=np.int16)[codes]

    @classmethod
    def same(cls, word: str, n_rows: int) -> Labels:
        """Return one word for all rows."""
        return cls([word], np.zeros(n_rows, dtype=np.int16))

    def __len__(self) -> int:
        return len(self._codes)

    def is_any(self, *words: str) -> Mask:
        """Return whether the word of each row is one of these, shape (n,)."""
        found: Mask = np.array([word in words for word in self._words], dtype=bool)[self._codes]
        return found

    def replaced(self, where: Mask, by: str | Labels) -> Labels:
        """Return the words with those of a mask replaced by one word, or by the words of the same rows."""
        other = Labels.same(by, len(self)) if isinstance(by, str) else by
        codes = np.where(where, other._codes + np.int16(len(self._words)), self._codes)
        return Labels([*self._words, *other._words], codes)

    def to_arrow(self) -> pa.DictionaryArray:
        """Return the words as a dictionary of text."""
        codes = pa.array(self._codes.astype(np.int32))
        return pa.DictionaryArray.from_arrays(codes, pa.array(self._words, pa.string()))


def labelled(conditions: Sequence[Mask], words: Sequence[str | Labels], default: str | Labels, n_rows: int) -> Labels:
    """Return for each row the word of the first condition that holds; words may differ by row."""
    found = Labels.same(default, n_rows) if isinstance(default, str) else default
    for condition, word in zip(reversed(conditions), reversed(words), strict=True):
        found = found.replaced(condition, word)
    return found
