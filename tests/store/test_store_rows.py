"""Digests of rows: the same for the same content, another for any other."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import verbatim
from geo.schema import COLUMN_NAMES, COLUMNS
from geo.store import FACT_COLUMNS, facts_hashes, files
from geo.store.files import write_part
from geo.store.rows import content_sha256, newest_of_each, storable
from tests.toy import row, table

ROWS = table(row(1, place="Bannu", killed_best=0, lat=32.9), row(2, place="", lon=70.1), row(3, place=None))


def other_value(name: str, value: Any) -> Any:
    kind = next(column.kind for column in COLUMNS if column.name == name)
    if kind == "bool":
        return not value
    if kind == "string":
        return (value or "") + "x"
    if kind == "date32":
        from datetime import date

        return date(1999, 9, 9)
    return (value or 0) + 1


@given(cuts=st.lists(st.integers(0, 3), max_size=3).map(sorted))
@settings(max_examples=30, deadline=None)
def test_the_content_digest_does_not_depend_on_how_rows_are_cut(cuts: list[int]) -> None:
    edges = [0, *cuts, 3]
    pieces = [ROWS.slice(a, b - a) for a, b in pairwise(edges)]
    batches = [batch for piece in pieces for batch in piece.combine_chunks().to_batches()]
    assert content_sha256(batches) == content_sha256(ROWS.to_batches())
    assert content_sha256(pa.concat_tables(pieces).to_batches()) == content_sha256(ROWS.to_batches())


@pytest.mark.parametrize("name", COLUMN_NAMES)
def test_any_other_cell_gives_another_content_digest(name: str) -> None:
    cells = ROWS.to_pylist()
    cells[0][name] = other_value(name, cells[0][name])
    assert content_sha256(table(*cells).to_batches()) != content_sha256(ROWS.to_batches())


def test_null_zero_and_empty_text_are_three_things() -> None:
    kinds = [{"killed_best": None}, {"killed_best": 0}, {"place": ""}, {"place": None, "killed_best": -1}]
    digests = {content_sha256(table(row(1, **cells)).to_batches()) for cells in kinds}
    hashes = facts_hashes(table(*(row(1, **cells) for cells in kinds))).to_pylist()
    assert len(digests) == len(set(hashes)) == len(kinds)


def test_text_moved_to_the_next_row_gives_another_digest() -> None:
    one = table(row(1, place="ab"), row(2, place="c"))
    other = table(row(1, place="a"), row(2, place="bc"))
    assert content_sha256(one.to_batches()) != content_sha256(other.to_batches())


def test_the_content_digest_stays_the_same_between_versions() -> None:
    # Digests are compared years later. They change with the canonical columns; then SCHEMA_VERSION must change too,
    # so that a store of the older columns is named as such and not taken for damaged.
    assert content_sha256(table(row(1)).to_batches()).startswith("9ddd8bbb26a09159")
    assert facts_hashes(table(row(1, place="Bannu", lat=32.9))).to_pylist() == [9662186765669868365]


@pytest.mark.parametrize("name", COLUMN_NAMES)
def test_facts_change_with_what_the_source_says_and_with_nothing_else(name: str) -> None:
    cells = ROWS.to_pylist()
    before = facts_hashes(ROWS).to_pylist()
    cells[0][name] = other_value(name, cells[0][name])
    after = facts_hashes(table(*cells)).to_pylist()
    assert (after[0] != before[0]) == (name in FACT_COLUMNS)
    assert after[1:] == before[1:]


def test_facts_of_a_row_do_not_depend_on_its_neighbours() -> None:
    alone = [facts_hashes(ROWS.slice(n, 1)).to_pylist()[0] for n in range(3)]
    assert alone == facts_hashes(ROWS).to_pylist()
    assert alone[::-1] == facts_hashes(ROWS.take([2, 1, 0])).to_pylist()
    assert facts_hashes(pa.concat_tables([ROWS, ROWS])).to_pylist() == alone * 2


def test_values_swapped_between_two_columns_change_the_facts() -> None:
    one, other = row(1, place="A", group_reported="B"), row(1, place="B", group_reported="A")
    assert len(set(facts_hashes(table(one, other)).to_pylist())) == 2


def test_the_last_of_each_id_is_kept_in_place() -> None:
    ids = pa.table({"incident_id": ["a", "b", "a", "c", "b"], "n": [1, 2, 3, 4, 5]})
    assert newest_of_each(ids).to_pydict() == {"incident_id": ["a", "c", "b"], "n": [3, 4, 5]}
    assert newest_of_each(ids.slice(0, 0)).num_rows == 0


CELLS = ("id", "what", "")


def many_rows(n_rows: int) -> pa.Table:
    """Rows as a reader hands them over: cells in columns, in chunks that fit no piece, some texts to be escaped."""
    numbers = np.arange(n_rows)
    texts = dict.fromkeys(CELLS) | {
        "id": pa.array([str(k) for k in numbers]),
        "what": pa.array([f'"{k % 7}"\\\n' for k in numbers]).dictionary_encode(),
        "": pa.array(["", "Bannu"]).take(pa.array(numbers % 2)),
    }
    cells = pa.concat_tables(pa.table(texts).slice(start, 7) for start in range(0, n_rows, 7))
    shown = table(*(row(int(k), lat=None if k % 3 else 32.9, lon=70.0 + k / 64) for k in numbers))
    column = verbatim.cells_column(list(texts), cells)
    return verbatim.with_cells(shown.drop_columns(["raw"]), column, np.ones(n_rows, dtype=bool))


def test_the_content_digest_of_cells_in_columns_stays_the_same_between_versions(tmp_path: Path) -> None:
    _, digest = write_part(tmp_path / "part.parquet", many_rows(100))
    assert digest.startswith("66f567e99ad9241e")
    # As earlier versions stored them.
    texts = verbatim.with_json(many_rows(100))
    assert content_sha256(texts.combine_chunks().to_batches()).startswith("ac5ed3101baebd5b")


@pytest.mark.parametrize("n_rows", [1, 10, 99, 1_000])
def test_rows_and_their_digest_do_not_depend_on_the_size_of_a_row_group(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, n_rows: int
) -> None:
    whole, digest = write_part(tmp_path / "whole.parquet", many_rows(100))
    monkeypatch.setattr(files, "_ROWS_PER_GROUP", n_rows)
    cut, same_digest = write_part(tmp_path / "cut.parquet", many_rows(100))
    assert (cut.n_rows, same_digest) == (100, digest)
    assert pq.read_table(tmp_path / cut.name).equals(pq.read_table(tmp_path / whole.name))
    assert pq.read_metadata(tmp_path / cut.name).num_row_groups == -(-100 // n_rows)


@pytest.mark.parametrize("start", [0, 1, 5])
def test_the_geometry_is_the_point_as_shapely_writes_it(start: int) -> None:
    rows = many_rows(20).slice(start)
    expected = [
        None if lat is None or lon is None else shapely.to_wkb(shapely.Point(lon, lat), byte_order=1)
        for lat, lon in zip(rows["lat"].to_pylist(), rows["lon"].to_pylist(), strict=True)
    ]
    assert storable(rows)["geometry"].to_pylist() == expected
    known = rows.filter(pa.array([point is not None for point in expected]))
    assert storable(known)["geometry"].to_pylist() == [point for point in expected if point is not None]


def test_cells_are_stored_as_columns_of_text_and_read_as_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    in_hand = many_rows(100)
    written, digest = write_part(tmp_path / "0123456789abcdef.parquet", in_hand)
    stored = pq.read_table(tmp_path / written.name)
    assert stored["raw"].to_pylist() == in_hand["raw"].to_pylist()
    assert files.cells_in_dictionaries(tmp_path / written.name) == ["raw.what"]
    assert stored.schema.field("raw").type == pa.struct([pa.field(name, pa.string(), False) for name in CELLS])
    assert digest == content_sha256(stored.select(list(COLUMN_NAMES)).to_batches())
    (tmp_path / "batches").mkdir()
    (tmp_path / written.name).rename(tmp_path / "batches" / written.name)
    monkeypatch.setattr(verbatim, "_MOST_BYTES_OF_NAMES", 400)  # JSON text is made for a few rows at once
    read = files.read_rows(tmp_path, [written], set())
    assert read.equals(verbatim.with_json(in_hand))
    assert read["raw"].num_chunks > 1


@pytest.mark.parametrize("name", [name for name in COLUMN_NAMES if name != "raw"])
def test_without_their_cells_rows_of_both_forms_have_one_digest(tmp_path: Path, name: str) -> None:
    in_hand = many_rows(20)
    texts = verbatim.with_json(in_hand)
    assert content_sha256(texts.to_batches()) != content_sha256(in_hand.to_batches())
    assert content_sha256(texts.to_batches(), with_cells=False) == content_sha256(in_hand.to_batches())
    cells = texts.to_pylist()
    cells[0][name] = other_value(name, cells[0][name])
    assert content_sha256(table(*cells).to_batches(), with_cells=False) != content_sha256(in_hand.to_batches())
