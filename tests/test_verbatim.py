"""Original cells as columns and as JSON text."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import verbatim

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=6) | st.sampled_from(['"', "\\", "\n", "", "Bannu"])


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[dict[str, str]], pa.Table]:
    """Rows of cells, and the same as columns, some of them as dictionaries, in chunks."""
    names = draw(st.lists(TEXT, min_size=1, max_size=5, unique=True))
    lines = draw(st.lists(st.tuples(*[TEXT] * len(names)), min_size=1, max_size=12))
    rows = [dict(zip(names, line, strict=True)) for line in lines]
    columns = []
    for name in names:
        column = pa.array([row[name] for row in rows], pa.string())
        columns.append(column.dictionary_encode() if draw(st.booleans()) else column)
    table = pa.Table.from_arrays(columns, names=[str(place) for place in range(len(names))])
    cut = draw(st.integers(0, len(rows)))
    return rows, pa.concat_tables([table.slice(0, cut), table.slice(cut)])


def column_of(rows: list[dict[str, str]], table: pa.Table) -> pa.ChunkedArray:
    return verbatim.cells_column(list(rows[0]), table)


@given(tables())
def test_cells_and_their_json_hold_the_same_texts_in_the_same_order(
    made: tuple[list[dict[str, str]], pa.Table],
) -> None:
    rows, table = made
    column = column_of(rows, table)
    assert column.to_pylist() == rows
    texts = [text for chunk in column.chunks for text in verbatim.json_texts(chunk).to_pylist()]
    assert texts == [json.dumps(row, ensure_ascii=False) for row in rows]


@given(tables(), st.data())
def test_some_rows_are_those_of_all(made: tuple[list[dict[str, str]], pa.Table], data: st.DataObject) -> None:
    rows, table = made
    keep = np.array(data.draw(st.lists(st.booleans(), min_size=len(rows), max_size=len(rows))))
    texts = verbatim.json_texts_at(column_of(rows, table), np.flatnonzero(keep))
    assert texts == [json.dumps(row, ensure_ascii=False) for row, kept in zip(rows, keep, strict=True) if kept]


def test_long_names_of_columns_are_made_text_for_fewer_rows_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verbatim, "_MOST_BYTES_OF_NAMES", 1_000)
    rows = [{"n" * 200: str(k), "m" * 200: "x"} for k in range(7)]
    table = pa.table({"0": [row["n" * 200] for row in rows], "1": ["x"] * 7})
    column = verbatim.cells_column(list(rows[0]), table)
    assert [len(chunk) for chunk in column.chunks] == [2, 2, 2, 1]
    assert column.to_pylist() == rows


@pytest.mark.parametrize("n_words", [3, 60, 70])
def test_columns_of_few_and_of_many_pairs_of_words_read_the_same(n_words: int) -> None:
    numbers = np.arange(10_000)
    words = [f'"{number % n_words}"\n' for number in numbers]
    table = pa.table({str(k): pa.array(words).dictionary_encode() for k in range(4)})
    column = verbatim.cells_column(["a", "b", "c", "d"], table)
    texts = [text for chunk in column.chunks for text in verbatim.json_texts(chunk).to_pylist()]
    assert texts == [json.dumps(dict.fromkeys("abcd", word)) for word in words]
