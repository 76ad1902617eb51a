"""A store of every version of the catalogue is kept here, as its program left it, and is used as one of today."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from geo.store import Store, catalogue
from tests.toy_store import batch, place_of

FOLDERS = {1: "older_store", 2: "store_2"}


@pytest.fixture(params=FOLDERS)
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return Path(shutil.copytree(Path(__file__).with_name(FOLDERS[request.param]), tmp_path / "kept"))


def test_every_version_of_the_catalogue_has_a_kept_store() -> None:
    """A new version keeps a store that the last program of the version before wrote."""
    assert set(FOLDERS) == set(range(1, catalogue.SCHEMA_VERSION + 1))
    for number, name in FOLDERS.items():
        file = Path(__file__).with_name(name) / catalogue.CATALOGUE_NAME
        with closing(sqlite3.connect(f"{file.as_uri()}?immutable=1", uri=True)) as db:
            assert db.execute("PRAGMA user_version").fetchone()[0] == number


@pytest.mark.case(59)
@pytest.mark.usefixtures("catalogue_kind")
def test_a_kept_store_is_whole_changed_backed_up_and_restored_as_one_of_today(kept: Path, tmp_path: Path) -> None:
    store = Store.open(kept)
    assert store.verify() == []
    before = [(one, store.read(one.batch_id).to_pylist()) for one in store.batches(include_undone=True)]
    assert before
    first = before[0][0].batch_id
    store.undo(first)
    store.redo(first)
    added = store.add(batch(tmp_path, text="of today")).batch_id
    store.backup(tmp_path / "backup")
    restored = Store.restore(tmp_path / "backup", place_of(tmp_path / "restored"))
    assert restored.verify() == []
    records = restored.batches(include_undone=True)
    assert [(one, restored.read(one.batch_id).to_pylist()) for one in records if one.batch_id != added] == before
    assert restored.decisions(include_undone=True) == store.decisions(include_undone=True)
    assert restored.mappings() == store.mappings()
