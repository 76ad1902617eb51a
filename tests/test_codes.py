"""Codes of texts: what is encoded can be read back, a null is never a word, and dictionaries change nothing."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.codes import NULL, encode, encode_sorted, look_up, spread

WORDS = st.sampled_from(["", " ", "a", "A", "bannu", "Bannu", "بنوں", "x" * 300])
CELLS = st.lists(st.one_of(st.none(), WORDS), max_size=30)
CHUNKS = st.lists(CELLS, max_size=4)


def plain(chunks: list[list[str | None]]) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array(chunk, pa.string()) for chunk in chunks], pa.string())


def as_dictionaries(chunks: list[list[str | None]]) -> pa.ChunkedArray:
    """A dictionary column whose chunks have dictionaries of their own, each with a word that no row uses."""
    kind = pa.dictionary(pa.int32(), pa.string())
    made = []
    for chunk in chunks:
        words = ["never used", *dict.fromkeys(cell for cell in chunk if cell is not None)]
        places = pa.array([None if cell is None else words.index(cell) for cell in chunk], pa.int32())
        made.append(pa.DictionaryArray.from_arrays(places, pa.array(words, pa.string())))
    return pa.chunked_array(made, kind)


@given(CHUNKS, st.booleans())
def test_a_column_is_read_back_from_its_codes(chunks: list[list[str | None]], is_encoded: bool) -> None:
    column = as_dictionaries(chunks) if is_encoded else plain(chunks)
    for texts, codes in (encode(column), encode_sorted(column)):
        assert codes.dtype == np.int32
        assert [texts[code] if code != NULL else None for code in codes.tolist()] == column.to_pylist()
        assert len(set(texts)) == len(texts)


@given(CHUNKS, st.booleans())
def test_sorted_words_are_those_that_occur(chunks: list[list[str | None]], is_encoded: bool) -> None:
    words, _ = encode_sorted(as_dictionaries(chunks) if is_encoded else plain(chunks))
    assert words == tuple(sorted({cell for chunk in chunks for cell in chunk if cell is not None}))


@given(CHUNKS, st.lists(WORDS, unique=True), st.booleans(), st.booleans())
def test_a_look_up_gives_the_place_in_the_vocabulary(
    chunks: list[list[str | None]], words: list[str], is_encoded: bool, is_arrow: bool
) -> None:
    column = as_dictionaries(chunks) if is_encoded else plain(chunks)
    found = look_up(column, pa.array(words, pa.string()) if is_arrow else words)
    assert found.dtype == np.int32
    expected = [words.index(cell) if cell in words else NULL for chunk in chunks for cell in chunk]
    assert found.tolist() == expected


@given(CELLS)
def test_a_single_array_is_a_column_too(cells: list[str | None]) -> None:
    array = pa.array(cells, pa.string())
    texts, codes = encode(array)
    assert spread(np.array(texts, dtype=object), codes, None).tolist() == cells
    assert look_up(array, texts).tolist() == codes.tolist() == look_up(array.dictionary_encode(), texts).tolist()


@pytest.mark.parametrize("dtype", [np.int8, np.int64, np.float64, bool])
def test_spread_keeps_the_type_and_gives_null_its_own_value(dtype: type) -> None:
    found = spread(np.array([1, 0], dtype=dtype), np.array([1, NULL, 0], dtype=np.int32), 1)
    assert found.dtype == dtype
    assert found.tolist() == [0, 1, 1]


def test_a_column_of_nulls_has_no_words_and_no_rows_no_codes() -> None:
    assert encode(pa.nulls(2, pa.string()))[0] == []
    assert encode(pa.nulls(2, pa.string()))[1].tolist() == [NULL, NULL]
    assert spread([], np.array([NULL]), 7).tolist() == [7]
    assert len(look_up(plain([]), ["a"])) == 0
