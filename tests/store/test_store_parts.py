"""A batch written elsewhere in parts becomes one batch like any other: checked, atomic, verified, undone."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.problems import DamagedData, RejectedUpload, StoreError
from geo.store import Part, PartedBatch, Store
from geo.store.files import write_part
from geo.store.rows import id_hashes, repeated_hashes, repeated_ids
from tests.toy import row, table
from tests.toy_store import files_in, filled, opened, place_of, raw_file, shown_ids


def part(path: Path, *numbers: int) -> Part:
    """Write incidents toy:N as one part."""
    rows = table(*(row(n, day=date(2024, 1, n), pcode="PK501" if n % 2 else None) for n in numbers))
    written, rows_sha256 = write_part(path, rows)
    return Part(path, written.sha256, rows_sha256)


@pytest.fixture
def parted(tmp_path: Path, catalogue_kind: str) -> PartedBatch:
    """Five incidents in two parts, of seven rows."""
    origin = tmp_path / "manifest.json"
    origin.write_text("{}")
    parts = (part(tmp_path / "a.parquet", 1, 2, 3), part(tmp_path / "b.parquet", 4, 5))
    return PartedBatch(parts, origin, "many files", "template", "template", 7, n_refused=1, n_duplicates=1)


def test_parts_are_one_batch_in_their_order(tmp_path: Path, parted: PartedBatch) -> None:
    store = opened(tmp_path / "store")
    record = store.add_parts(parted, summary={"run": 1})
    assert shown_ids(store) == [f"toy:{n}" for n in (1, 2, 3, 4, 5)]
    assert (record.n_rows_in, record.n_accepted, record.n_refused, record.n_duplicates) == (7, 5, 1, 1)
    assert (record.n_located, record.first_day, record.last_day) == (3, date(2024, 1, 1), date(2024, 1, 5))
    assert record.summary == {"run": 1}
    assert raw_file(store, record.batch_id).read_text() == "{}"
    assert store.known_ids("template").num_rows == 5
    assert len(files_in(store.path)) == 3


def test_a_batch_of_parts_is_verified_backed_up_and_undone_like_any_other(tmp_path: Path, parted: PartedBatch) -> None:
    store = filled(tmp_path / "store")
    batch_id = store.add_parts(parted).batch_id
    assert store.verify() == []
    store.backup(tmp_path / "copy")
    assert Store.restore(tmp_path / "copy", place_of(tmp_path / "other")).verify() == []
    store.undo(batch_id)
    assert shown_ids(store) == ["toy:10", "toy:11"]
    assert store.redo(batch_id).is_shown


def test_a_changed_byte_in_one_stored_part_is_found(tmp_path: Path, parted: PartedBatch) -> None:
    store = opened(tmp_path / "store")
    store.add_parts(parted)
    file = sorted((store.path / "batches").iterdir())[-1]
    changed = bytearray(file.read_bytes())
    changed[50] ^= 1
    file.write_bytes(changed)
    assert file.name in str(store.verify()[0])
    with pytest.raises(DamagedData):
        store.read(1)


def test_the_same_parts_are_not_stored_twice(tmp_path: Path, parted: PartedBatch) -> None:
    store = opened(tmp_path / "store")
    store.add_parts(parted)
    before = files_in(store.path)
    with pytest.raises(RejectedUpload, match="stored already, as batch 1"):
        store.add_parts(parted)
    assert files_in(store.path) == before


def test_a_part_that_changed_after_it_was_written_leaves_the_store_as_it_was(
    tmp_path: Path, parted: PartedBatch
) -> None:
    store = opened(tmp_path / "store")
    part(parted.parts[1].path, 6, 7)
    with pytest.raises(DamagedData, match="not the file that was written"):
        store.add_parts(parted)
    assert files_in(store.path) == set()
    assert store.batches(include_undone=True) == ()


def test_parts_that_are_no_batch_are_refused(tmp_path: Path, parted: PartedBatch) -> None:
    store = opened(tmp_path / "store")
    overlapping = part(tmp_path / "c.parquet", 5)
    with pytest.raises(ValueError, match="unique within a batch: toy:5"):
        store.add_parts(replace(parted, parts=(*parted.parts, overlapping), n_rows_in=8))
    with pytest.raises(ValueError, match="accepted"):
        store.add_parts(replace(parted, n_rows_in=9))
    with pytest.raises(ValueError, match="at least one part"):
        store.add_parts(replace(parted, parts=(), n_rows_in=2))
    foreign = tmp_path / "foreign.parquet"
    pq.write_table(pa.table({"incident_id": ["a"]}), foreign)
    with pytest.raises(ValueError, match="not in the form"):
        store.add_parts(replace(parted, parts=(Part(foreign, "", ""),)))
    (tmp_path / "a.parquet").unlink()
    with pytest.raises(DamagedData, match="missing"):
        store.add_parts(parted)
    assert files_in(store.path) == set()


def test_a_list_of_inputs_that_is_gone_is_named(tmp_path: Path, parted: PartedBatch) -> None:
    parted.origin.unlink()
    with pytest.raises(StoreError, match=r"manifest\.json"):
        opened(tmp_path / "store").add_parts(parted)


def test_digests_of_parts_are_those_of_their_rows(tmp_path: Path, parted: PartedBatch) -> None:
    store = opened(tmp_path / "store")
    record = store.add_parts(parted)
    joined = "".join(one.rows_sha256 for one in parted.parts)
    assert record.rows_sha256 == hashlib.sha256(joined.encode()).hexdigest()


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=3), max_size=30))
def test_repeated_ids_are_found_exactly(texts: list[str]) -> None:
    ids = pa.chunked_array([pa.array(texts, pa.string())])
    repeated = [text for place, text in enumerate(texts) if texts.count(text) > 1 and texts.index(text) == place]
    assert repeated_ids(ids) == repeated
    positions = repeated_hashes(id_hashes(ids)).tolist()
    assert positions == [place for place, text in enumerate(texts) if texts.count(text) > 1]
