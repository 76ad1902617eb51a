"""A store that was written before a column existed: read, compared, verified, undone and redone as before."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from geo import districts, incidents, intake
from geo.schema import ADDED_COLUMNS, ATTRIBUTIONS, COLUMN_NAMES
from geo.store import Store, facts_hashes
from tests.toy import row, table
from tests.toy_store import batch

# The schema is cut before any other module reads it, so that the store is written as an older version wrote it.
_WRITE = """
import sys
from pathlib import Path
from geo import schema
schema.COLUMNS = tuple(column for column in schema.COLUMNS if column.name not in schema.ADDED_COLUMNS)
schema.COLUMN_NAMES = tuple(column.name for column in schema.COLUMNS)
schema.ADDED_COLUMNS = frozenset()
from geo.store import Store
from tests.toy import row
from tests.toy_store import batch
folder = Path(sys.argv[1])
store = Store.open(folder / "store")
print(store.add(batch(folder, row(1, group_id="ttp"), row(2), source="ucdp_ged")).rows_sha256)
store.close()
"""


@pytest.fixture(scope="module")
def older(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Return the folder of a store of an older version, and the digest of its rows."""
    folder = tmp_path_factory.mktemp("older")
    made = subprocess.run([sys.executable, "-c", _WRITE, str(folder)], capture_output=True, text=True, check=True)
    return folder / "store", made.stdout.split()[-1]


def test_the_file_of_the_older_store_lacks_the_column(older: tuple[Path, str]) -> None:
    (file,) = (older[0] / "batches").iterdir()
    assert set(COLUMN_NAMES) - set(pq.read_schema(file).names) == ADDED_COLUMNS


def test_an_older_store_is_whole_and_its_digest_is_the_same(older: tuple[Path, str]) -> None:
    store = Store.open(older[0])
    assert store.verify() == []
    assert store.batch(1).rows_sha256 == older[1]
    store.close()


@pytest.mark.parametrize("encoded", [(), incidents.ENCODED_COLUMNS])
def test_a_column_that_a_file_lacks_is_read_as_null(older: tuple[Path, str], encoded: tuple[str, ...]) -> None:
    store = Store.open(older[0])
    rows = store.read(1, encoded=encoded)
    assert rows.column_names == list(COLUMN_NAMES)
    assert rows["attribution"].null_count == 2
    store.close()


def test_incidents_of_an_older_store_have_the_attribution_that_the_source_implies(older: tuple[Path, str]) -> None:
    store = Store.open(older[0])
    columns, encoded = incidents.READ_COLUMNS, incidents.ENCODED_COLUMNS
    found = incidents.build({"1": store.read(1, columns, encoded=encoded)}, districts.load().pcodes, "v")
    assert [tuple(ATTRIBUTIONS)[code] for code in found.attribution] == ["source", "none"]
    store.close()


def test_rows_of_an_older_store_are_not_changed_by_a_column_without_a_value(older: tuple[Path, str]) -> None:
    store = Store.open(older[0])
    known = store.known_ids("ucdp_ged")
    now = table(row(1, group_id="ttp"), row(2))
    assert known["facts_hash"].to_pylist() == facts_hashes(now).to_pylist()
    claimed = table(row(1, group_id="ttp", attribution="claimed"))
    assert facts_hashes(claimed)[0] != facts_hashes(now)[0]
    store.close()


def test_a_batch_of_an_older_store_is_undone_and_brought_back_beside_a_new_one(
    older: tuple[Path, str], tmp_path: Path
) -> None:
    store = Store.open(older[0])
    store.add(batch(tmp_path, row(3, group_id="ttp", attribution="claimed"), text="new"))
    store.undo(1)
    store.redo(1)
    assert store.verify() == []
    shown = intake.shown_incidents(store, districts.load(), row(1)["date_start"])
    assert [tuple(ATTRIBUTIONS)[code] for code in shown.attribution] == ["source", "none", "claimed"]
    store.close()
