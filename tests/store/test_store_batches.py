"""What goes in comes out, and every change can be taken back."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import geopandas
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.problems import DamagedData, ProblemCode, RejectedUpload, StoreError
from geo.schema import COLUMN_NAMES, arrow_schema
from geo.store import files
from geo.wording import text
from tests.toy import row, table
from tests.toy_store import batch, files_in, filled, opened, raw_file, recorded_merge, shown_ids

pytestmark = pytest.mark.usefixtures("catalogue_kind")

TEXT = st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
CELLS = st.fixed_dictionaries(
    {
        "place": TEXT,
        "group_reported": TEXT,
        "killed_best": st.none() | st.integers(0, 2**31 - 1),
        "lat": st.none() | st.floats(-90, 90),
        "lon": st.none() | st.floats(-180, 180),
        "day": st.dates(date(1947, 8, 14), date(2030, 1, 1)),
        "pcode": st.none() | st.sampled_from(["PK501", "PK502"]),
        "is_control_type": st.booleans(),
    }
)


@given(cells=st.lists(CELLS, max_size=6))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_rows_come_back_as_they_went_in(cells: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("store")
    rows = table(*(row(number, **values) for number, values in enumerate(cells)))
    store = opened(folder / "store")
    record = store.add(replace(batch(folder), rows=rows, n_rows_in=len(rows)))
    assert store.read(record.batch_id).equals(rows)
    assert store.read(record.batch_id).schema == arrow_schema()
    assert record.n_located == sum(values["pcode"] is not None for values in cells)
    assert store.verify() == []


def test_a_record_tells_where_the_rows_came_from(tmp_path: Path) -> None:
    rows = [row(1, day=date(2020, 2, 29), pcode="PK501"), row(2, day=date(2021, 1, 1))]
    given_batch = batch(
        tmp_path,
        *rows,
        label="list.csv",
        source="ucdp_ged",
        source_version="25.1",
        snapshot_date=date(2025, 6, 1),
        n_refused=3,
        n_duplicates=2,
        notes=(text("Encoding: {encoding}.", encoding="UTF-8"),),
    )
    record = opened(tmp_path / "store").add(given_batch, actor="ayesha", summary={"n_outside": 1})
    assert (record.batch_id, record.label, record.source, record.source_version) == (1, "list.csv", "ucdp_ged", "25.1")
    assert (record.n_rows_in, record.n_accepted, record.n_refused, record.n_duplicates) == (7, 2, 3, 2)
    assert (record.first_day, record.last_day, record.n_located) == (date(2020, 2, 29), date(2021, 1, 1), 1)
    assert (record.actor, record.notes, record.summary) == ("ayesha", given_batch.notes, {"n_outside": 1})
    assert (record.state, record.added_at.utcoffset()) == ("shown", timedelta(0))


@pytest.mark.case(7)
def test_the_loaded_file_is_kept_byte_for_byte(tmp_path: Path) -> None:
    store = opened(tmp_path / "store")
    record = store.add(batch(tmp_path, text="id,day\n1,\u067e\u0634\u0627\u0648\u0631\n"))
    assert raw_file(store, record.batch_id).read_bytes() == "id,day\n1,\u067e\u0634\u0627\u0648\u0631\n".encode()


def test_columns_can_be_asked_for_in_any_order(tmp_path: Path) -> None:
    store = filled(tmp_path / "store")
    assert store.read(1, ["pcode", "incident_id"]).to_pydict() == {
        "pcode": [None, "PK501"],
        "incident_id": ["toy:10", "toy:11"],
    }
    with pytest.raises(KeyError):
        store.read(1, ["no_such_column"])


def test_geopandas_opens_a_batch_file_as_it_is(tmp_path: Path) -> None:
    filled(tmp_path / "store")
    frame = geopandas.read_parquet(next((tmp_path / "store" / "batches").iterdir()))
    assert frame.crs == "OGC:CRS84"
    assert frame.geometry.isna().tolist() == [True, False]
    assert (frame.geometry[1].x, frame.geometry[1].y) == (70.5, 32.5)
    assert list(frame.total_bounds) == [70.5, 32.5, 70.5, 32.5]
    assert list(frame.columns)[: len(COLUMN_NAMES)] == list(COLUMN_NAMES)


@pytest.mark.case(45)
def test_undo_takes_a_batch_back_and_redo_brings_it_back(tmp_path: Path) -> None:
    store = filled(tmp_path / "store", n_batches=2)
    before, on_disk = shown_ids(store), files_in(store.path)
    assert store.undo(1).state == "undone"
    assert shown_ids(store) == ["toy:20", "toy:21"]
    assert [record.batch_id for record in store.batches()] == [2]
    assert [record.batch_id for record in store.batches(include_undone=True)] == [1, 2]
    assert store.redo(1).state == "shown"
    assert (shown_ids(store), files_in(store.path)) == (before, on_disk)


def test_the_dataset_switch_survives_undo_and_redo(tmp_path: Path) -> None:
    store = filled(tmp_path / "store")
    assert store.set_shown(1, False).state == "hidden"
    store.undo(1)
    assert store.redo(1).state == "hidden"
    assert store.set_shown(1, True).state == "shown"


def test_a_newer_edition_stands_in_until_it_is_undone(tmp_path: Path) -> None:
    store = filled(tmp_path / "store", n_batches=1)
    store.add(batch(tmp_path, text="edition 2"), supersedes=[1])
    store.add(batch(tmp_path, text="edition 3"), supersedes=[2])
    assert [record.state for record in store.batches()] == ["superseded", "superseded", "shown"]
    store.undo(2)
    assert [record.state for record in store.batches(True)] == ["superseded", "undone", "shown"]
    store.undo(3)
    assert [record.state for record in store.batches(True)] == ["shown", "undone", "undone"]


def test_every_change_changes_the_version_and_nothing_else_does(tmp_path: Path) -> None:
    store = filled(tmp_path / "store")
    seen = [store.version()]
    for change in (
        lambda: store.undo(1),
        lambda: store.redo(1),
        lambda: store.set_shown(1, False),
        lambda: store.set_shown(1, True),
        lambda: store.add(batch(tmp_path, text="another")),
        lambda: recorded_merge(store, ["toy:10", "toy:11"]),
        lambda: store.replace_decisions("merge", undo=[1]),
    ):
        change()
        seen.append(store.version())
    assert len(set(seen)) == len(seen)
    store.undo(2)
    left = store.version()
    store.undo(2)  # already undone
    store.set_shown(1, True)  # already shown
    store.save_mapping("mine", "a = 1")
    store.replace_decisions("distinct", [(["toy:10", "toy:11"], {})])
    store.read(1)
    assert store.version() == left
    assert opened(store.path).version() == left


def test_two_fresh_stores_with_the_same_history_differ_in_version(tmp_path: Path) -> None:
    assert filled(tmp_path / "a").version() != filled(tmp_path / "b").version()


@pytest.mark.case(7)
def test_the_same_rows_of_the_same_file_are_stored_once(tmp_path: Path) -> None:
    store = filled(tmp_path / "store")
    again = batch(tmp_path, *store.read(1).to_pylist(), text="file 1")
    before = files_in(store.path)
    with pytest.raises(RejectedUpload) as refused:
        store.add(again)
    assert refused.value.problems[0].code is ProblemCode.DUPLICATE_ID
    assert "batch 1" in str(refused.value)
    assert files_in(store.path) == before
    store.undo(1)
    assert store.add(again).batch_id == 2
    with pytest.raises(RejectedUpload):
        store.redo(1)


def test_a_batch_whose_file_was_stored_again_meanwhile_is_not_brought_back_beside_it(tmp_path: Path) -> None:
    store = filled(tmp_path / "store")
    store.undo(1)
    read_otherwise = [one | {"attack_type": "ied"} for one in store.read(1).to_pylist()]
    store.add(batch(tmp_path, *read_otherwise, text="file 1"))
    before = store.audit()
    with pytest.raises(RejectedUpload, match="stored again meanwhile, as batch 2"):
        store.redo(1)
    assert store.audit() == before
    store.undo(2)
    assert store.redo(1).is_shown


def test_a_file_that_was_stored_again_under_other_identifiers_is_known_by_its_cells(tmp_path: Path) -> None:
    store = filled(tmp_path / "store")
    store.add(batch(tmp_path, row(5, raw='{"a": "1"}'), text="file x"))
    store.undo(2)
    store.add(batch(tmp_path, row(6, raw='{"a": "1"}'), text="file x"))
    with pytest.raises(RejectedUpload, match="as batch 3"):
        store.redo(2)


def test_another_sheet_of_a_file_does_not_keep_the_first_from_coming_back(tmp_path: Path) -> None:
    store = filled(tmp_path / "store")
    store.add(batch(tmp_path, row(98, raw='{"a": "1"}'), text="file 1"))
    store.undo(1)
    assert store.redo(1).is_shown


def test_another_sheet_of_the_same_file_is_another_batch(tmp_path: Path) -> None:
    store = filled(tmp_path / "store")
    store.add(batch(tmp_path, row(99), text="file 1"))
    assert len(store.batches()) == 2


def test_a_file_is_found_by_its_bytes_unless_undone(tmp_path: Path) -> None:
    store = filled(tmp_path / "store")
    sha256 = store.batch(1).file_sha256
    assert [found.batch_id for found in store.find_files(sha256)] == [1]
    assert store.find_files("0" * 64) == ()
    store.undo(1)
    assert store.find_files(sha256) == ()


def test_known_ids_tell_new_unchanged_and_changed_incidents(tmp_path: Path) -> None:
    from geo.store import facts_hashes

    store = filled(tmp_path / "store", n_batches=2)
    store.add(batch(tmp_path, row(10, place="Bannu"), text="correction"))
    known = {r["incident_id"]: (r["batch_id"], r["facts_hash"]) for r in store.known_ids("template").to_pylist()}
    assert {key: number for key, (number, _) in known.items()} == {"toy:10": 3, "toy:11": 1, "toy:20": 2, "toy:21": 2}
    old, new = facts_hashes(table(row(10), row(10, place="Bannu"))).to_pylist()
    assert known["toy:10"][1] == new != old
    store.undo(3)
    assert {r["facts_hash"] for r in store.known_ids("template").to_pylist() if r["incident_id"] == "toy:10"} == {old}
    assert store.known_ids("acled").num_rows == 0
    assert store.known_ids("acled").column_names == ["incident_id", "facts_hash", "batch_id"]


def test_ids_of_superseded_and_undone_batches_are_not_known(tmp_path: Path) -> None:
    store = filled(tmp_path / "store", n_batches=2)
    store.add(batch(tmp_path, row(10), text="edition 2"), supersedes=[1])
    store.undo(2)
    assert store.known_ids("template")["incident_id"].to_pylist() == ["toy:10"]


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda b: replace(b, n_rows_in=9), id="counts do not add up"),
        pytest.param(lambda b: replace(b, rows=b.rows.drop_columns(["raw"])), id="a column is missing"),
        pytest.param(lambda b: replace(b, rows=pa.concat_tables([b.rows] * 2), n_rows_in=2), id="an id twice"),
        pytest.param(lambda b: replace(b, rows=table(row(1, raw=None))), id="a null that is not allowed"),
    ],
)
def test_rows_that_are_not_canonical_are_not_stored(tmp_path: Path, spoil: Any) -> None:
    store = opened(tmp_path / "store")
    with pytest.raises(ValueError):
        store.add(spoil(batch(tmp_path)))
    assert (store.batches(), files_in(store.path)) == ((), set())


def test_a_file_that_changed_since_it_was_read_is_refused(tmp_path: Path) -> None:
    store = opened(tmp_path / "store")
    changed = batch(tmp_path)
    changed.file_path.write_text("other bytes")
    with pytest.raises(StoreError, match="changed while it was being stored"):
        store.add(changed)
    changed.file_path.unlink()
    with pytest.raises(StoreError):
        store.add(changed)
    assert (store.batches(), files_in(store.path)) == ((), set())


@pytest.mark.parametrize("act", ["batch", "read", "undo", "redo"])
def test_a_batch_that_does_not_exist_is_named(tmp_path: Path, act: str) -> None:
    store = filled(tmp_path / "store")
    with pytest.raises(StoreError, match="no batch 7"):
        getattr(store, act)(7)


def test_superseding_a_batch_that_does_not_exist_stores_nothing(tmp_path: Path) -> None:
    store = opened(tmp_path / "store")
    with pytest.raises(StoreError, match="no batch 7"):
        store.add(batch(tmp_path), supersedes=[7])
    assert store.batches() == ()
    assert not any("batches" in name for name in files_in(store.path))


@pytest.mark.case(50)
def test_text_that_looks_like_sql_is_kept_as_text(tmp_path: Path) -> None:
    hostile = "x'); DROP TABLE batches; -- \" `"
    store = opened(tmp_path / "store")
    store.add(batch(tmp_path, row(1, place=hostile), label=hostile, source_version=hostile), actor=hostile)
    store.save_mapping(hostile, "a = 1")
    record = store.batches()[0]
    assert (record.label, record.source_version, record.actor) == (hostile, hostile, hostile)
    assert store.read(1)["place"].to_pylist() == [hostile]
    assert store.mappings() == {hostile: "a = 1"}


def test_one_store_object_serves_many_threads(tmp_path: Path) -> None:
    store = filled(tmp_path / "store")
    batches = [batch(tmp_path, row(n), text=f"thread {n}") for n in range(100, 108)]
    failures: list[BaseException] = []

    def work(number: int) -> None:
        try:
            record = store.add(batches[number])
            store.undo(record.batch_id)
            store.redo(record.batch_id)
            assert store.read(record.batch_id).num_rows == 1
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(len(batches))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert sorted(shown_ids(store)) == sorted(["toy:10", "toy:11", *(f"toy:{n}" for n in range(100, 108))])


def test_columns_of_few_texts_may_be_read_as_the_dictionaries_they_are_stored_as(tmp_path: Path) -> None:
    store = filled(tmp_path / "store")
    plain = store.read(1, ["pcode", "incident_id"])
    encoded = store.read(1, ["pcode", "incident_id"], encoded=["pcode"])
    assert pa.types.is_dictionary(encoded.schema.field("pcode").type)
    assert encoded.schema.field("incident_id").type == pa.string()
    assert encoded.to_pylist() == plain.to_pylist()


def test_a_batch_file_that_is_gone_or_changed_is_refused(tmp_path: Path) -> None:
    store = filled(tmp_path / "store")
    file = next((store.path / "batches").iterdir())
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(DamagedData, match="not the file that was stored"):
        store.read(1)
    file.unlink()
    with pytest.raises(DamagedData, match="missing"):
        store.read(1)


def test_damage_after_the_first_reading_is_caught_by_the_page_checksums(tmp_path: Path) -> None:
    import os

    store = filled(tmp_path / "store")
    file = next((store.path / "batches").iterdir())
    store.read(1)
    changed, stamp = bytearray(file.read_bytes()), file.stat()
    first = pq.read_metadata(file).row_group(0).column(0)
    # The last byte of its first page; bit rot leaves the time of the last change as it was.
    changed[first.data_page_offset + first.total_compressed_size - 1] ^= 1
    file.write_bytes(changed)
    os.utime(file, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    with pytest.raises(DamagedData):
        store.read(1)


def test_a_long_batch_lies_in_several_files_and_is_one_batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_ROWS_PER_FILE", 2)
    store = opened(tmp_path / "store")
    long = batch(tmp_path, *(row(number) for number in range(5)))
    record = store.add(long)
    assert len(list((store.path / files.BATCH_FOLDER).iterdir())) == 3
    assert store.read(record.batch_id).equals(long.rows)
    assert store.verify() == []
    store.undo(record.batch_id)
    again = store.add(long)
    assert again.rows_sha256 == record.rows_sha256


def test_rows_of_one_file_are_known_in_several_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = opened(tmp_path / "store")
    long = batch(tmp_path, *(row(number) for number in range(5)))
    store.add(long)
    monkeypatch.setattr(files, "_ROWS_PER_FILE", 2)
    with pytest.raises(RejectedUpload, match="stored already, as batch 1"):
        store.add(long)
    # Other rows of the same file are another batch.
    assert store.add(replace(long, rows=long.rows.slice(0, 4), n_rows_in=4)).n_accepted == 4
