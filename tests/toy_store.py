"""Batches of toy incidents, ready for a store, and what a store looks like from outside."""

from __future__ import annotations

import hashlib
import importlib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from geo.schema import Batch
from geo.settings import SharedPlace, StorePlace
from geo.store import Store, files
from tests import postgres_server
from tests.toy import row, table


def batch(folder: Path, *rows: dict[str, Any], text: str = "one", **fields: Any) -> Batch:
    """Return a batch of the rows (one row if none are given) and write the file it is said to come from."""
    rows = rows or (row(1),)
    path = folder / f"{hashlib.sha256(text.encode()).hexdigest()[:8]}.csv"
    path.write_text(text)
    plain: dict[str, Any] = {
        "label": "toy.csv",
        "format": "template",
        "source": "template",
        "file_sha256": hashlib.sha256(text.encode()).hexdigest(),
        "n_rows_in": len(rows) + fields.get("n_refused", 0) + fields.get("n_duplicates", 0),
    }
    return Batch(rows=table(*rows), file_path=path, **plain | fields)


def place_of(path: Path) -> StorePlace:
    """Return where a test keeps the store of a folder: there, or with its catalogue on the server of the test."""
    if postgres_server.VARIABLE in os.environ:
        return SharedPlace(path, postgres_server.database_of(path))
    return path


def opened(path: Path) -> Store:
    """Open the store of a folder with the kind of catalogue that the test asks for."""
    return Store.open(place_of(path))


def filled(path: Path, n_batches: int = 1) -> Store:
    """Return a store at a path with batches of two incidents each, ids `toy:10`, `toy:11`, `toy:20` and so on."""
    store = opened(path)
    for number in range(1, n_batches + 1):
        rows = (row(number * 10), row(number * 10 + 1, pcode="PK501", lat=32.5, lon=70.5))
        store.add(batch(path.parent, *rows, text=f"file {number}"))
    return store


def recorded_merge(
    store: Store, member_ids: Sequence[str], details: Mapping[str, Any] | None = None, *, actor: str = "local"
) -> int:
    """Record that incidents are one event; returns the number of the decision."""
    return store.replace_decisions("merge", [(member_ids, details or {})], actor=actor)[0]


def interrupt_after(monkeypatch: pytest.MonkeyPatch, function: str) -> None:
    """Let the next call of a function of geo.store, such as "decisions.insert", end in KeyboardInterrupt once done."""
    module, name = function.split(".")
    original = getattr(importlib.import_module(f"geo.store.{module}"), name)

    def interrupted(*arguments: Any, **options: Any) -> None:
        original(*arguments, **options)
        raise KeyboardInterrupt

    monkeypatch.setattr(f"geo.store.{function}", interrupted)


def raw_file(store: Store, batch_id: int) -> Path:
    """Return the path of the kept file that a batch came from."""
    return store.path / files.RAW_FOLDER / store.batch(batch_id).file_sha256


def shown_ids(store: Store) -> list[str]:
    """Return the incident ids of all shown batches, in order."""
    shown = [record for record in store.batches() if record.is_shown]
    return [
        value for record in shown for value in store.read(record.batch_id, ["incident_id"])["incident_id"].to_pylist()
    ]


def files_in(path: Path) -> set[str]:
    """Return the batch and raw files of a store folder, whatever the catalogue says."""
    return {str(file.relative_to(path)) for name in ("batches", "raw") for file in (path / name).iterdir()}
