"""Texts as whole numbers: dictionary-encode a column, look it up in a vocabulary, spread values over the rows.

One convention for all: a code is a position in a list of texts, and NULL (-1) stands for null and for texts that are
not in the list. NULL used as a position means the last place, so `spread` keeps one value more, for null.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

NULL = -1

Codes = NDArray[np.int32]
_Scalar = TypeVar("_Scalar", bound=np.generic)


def encode(column: pa.Array | pa.ChunkedArray) -> tuple[list[str], Codes]:
    """Return the distinct texts of a column and the code of each row: int32, shape (rows,), NULL for null.

    column: text or a dictionary of text. Texts stand in order of first appearance, those of a dictionary in its
    order; a dictionary may hold texts that no row uses.
    """
    if isinstance(column, pa.Array):
        column = pa.chunked_array([column])
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    column = column.unify_dictionaries()
    codes = [np.asarray(pc.fill_null(chunk.indices, NULL), dtype=np.int32) for chunk in column.chunks]
    if not codes:
        return [], np.zeros(0, dtype=np.int32)
    return column.chunk(0).dictionary.to_pylist(), np.concatenate(codes)


def encode_sorted(column: pa.Array | pa.ChunkedArray) -> tuple[tuple[str, ...], Codes]:
    """Return the texts that a column holds, sorted, and the code of each row: int32, shape (rows,), NULL for null."""
    texts, codes = encode(column)
    is_used = np.zeros(len(texts) + 1, dtype=bool)
    is_used[codes] = True  # the last place serves null
    words = tuple(sorted(text for text, used in zip(texts, is_used.tolist(), strict=False) if used))
    return words, spread(_places(texts, words), codes, NULL)


def look_up(column: pa.Array | pa.ChunkedArray, vocabulary: Sequence[str] | pa.Array | pa.ChunkedArray) -> Codes:
    """Return the position of each text in a vocabulary: int32, shape (rows,), NULL for null and for other texts.

    column: text or a dictionary of text. vocabulary: distinct texts without null, a sequence or an Arrow column.
    """
    words = (
        vocabulary if isinstance(vocabulary, pa.Array | pa.ChunkedArray) else pa.array(list(vocabulary), pa.string())
    )
    if pa.types.is_dictionary(column.type):
        texts, codes = encode(column)
        return spread(look_up(pa.array(texts, pa.string()), words), codes, NULL)
    return np.asarray(pc.fill_null(pc.index_in(column, value_set=words, skip_nulls=True), NULL), dtype=np.int32)


def spread(values: Iterable[Any] | NDArray[_Scalar], codes: NDArray[np.integer[Any]], of_null: Any) -> NDArray[Any]:
    """Return the value of each row: that of its code, `of_null` where the code is NULL; shape (rows,).

    values: one for each code, an array or anything that NumPy makes one of; the result has the same dtype.
    """
    given = values if isinstance(values, np.ndarray) else np.array(list(values), dtype=np.asarray(of_null).dtype)
    with_null = np.append(given, np.asarray([of_null], dtype=given.dtype))
    return with_null.take(codes, mode="wrap")


def _places(texts: Sequence[str], words: Sequence[str]) -> Codes:
    place = {word: number for number, word in enumerate(words)}
    return np.array([place.get(text, NULL) for text in texts], dtype=np.int32)
