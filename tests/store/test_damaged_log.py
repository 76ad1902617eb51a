"""A damaged write-ahead log is judged before anything is merged into the catalogue or removed."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from geo.problems import ProblemCode, StoreError
from geo.store import Store
from geo.store.catalogue import CATALOGUE_NAME
from tests.toy import row
from tests.toy_store import batch

LOG = f"{CATALOGUE_NAME}-wal"
FRAME = 24 + 4096 + 32  # the header of the log, a frame of the first page


def crashed(tmp_path: Path) -> Path:
    """Return a copy of an open store, as a crash leaves it: its last changes are in the log alone."""
    store = Store.open(tmp_path / "store")
    store.add(batch(tmp_path, row(1), text="one"))
    copy = tmp_path / "crashed"
    shutil.copytree(store.path, copy, ignore=shutil.ignore_patterns("*-shm"))
    assert (copy / LOG).stat().st_size > FRAME
    store.close()
    return copy


def flipped(content: bytes) -> bytes:
    return content[: FRAME // 2] + bytes([content[FRAME // 2] ^ 1]) + content[FRAME // 2 + 1 :]


@pytest.mark.case(59)
@pytest.mark.parametrize(
    "damage",
    [
        flipped,
        lambda content: content[: len(content) // 2],
        lambda content: b"\0" * len(content),
        lambda _content: b"x" * 99,
    ],
    ids=["one bit", "cut short", "zeros", "no log"],
)
def test_a_damaged_log_is_refused_and_stays_as_it_is(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    path = crashed(tmp_path)
    whole = (path / LOG).read_bytes()
    (path / LOG).write_bytes(damage(whole))
    before = {name: (path / name).read_bytes() for name in (CATALOGUE_NAME, LOG)}
    for _again in range(2):
        with pytest.raises(StoreError) as caught:
            Store.open(path)
        assert caught.value.problems[0].code is ProblemCode.DAMAGED_DATA
        assert {name: (path / name).read_bytes() for name in before} == before
    (path / LOG).write_bytes(whole)
    store = Store.open(path)
    assert len(store.batches()) == 1
    assert store.verify() == []
