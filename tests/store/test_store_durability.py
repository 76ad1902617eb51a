"""What is acknowledged is on the disk, in this order, and only the owner of the store may read it."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from geo.store import Store, batches, catalogue, files
from geo.store.folder import SHARED, make_folders
from tests.toy_store import batch, filled

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions and folder descriptors")


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Record (what, inode) of every flush, rename and catalogue row, in order."""
    recorded: list[tuple[str, int]] = []

    def spy(module: Any, name: str, inode_of: Callable[..., int]) -> None:
        original = getattr(module, name)

        def call(*arguments: Any) -> Any:
            recorded.append((name, inode_of(*arguments)))
            return original(*arguments)

        monkeypatch.setattr(module, name, call)

    spy(os, "fsync", lambda descriptor: os.fstat(descriptor).st_ino)
    spy(os, "replace", lambda source, _target: os.stat(source).st_ino)
    spy(os, "rename", lambda source, _target: os.stat(source).st_ino)
    spy(batches, "insert", lambda *_arguments: 0)
    return recorded


def in_order(recorded: list[tuple[str, int]], *wanted: tuple[str, int]) -> bool:
    """Whether the wanted steps occur one after another, others between them."""
    remaining: Iterator[tuple[str, int]] = iter(recorded)
    return all(step in remaining for step in wanted)


def inode(path: Path) -> int:
    return path.stat().st_ino


def test_files_and_their_folder_are_on_the_disk_before_the_catalogue_names_them(
    tmp_path: Path, steps: list[tuple[str, int]]
) -> None:
    store = Store.open(tmp_path / "store")
    store.add(batch(tmp_path))
    for folder in (store.path / "raw", store.path / "batches"):
        (file,) = folder.iterdir()
        named = (("fsync", inode(file)), ("replace", inode(file)), ("fsync", inode(folder)), ("insert", 0))
        assert in_order(steps, *named), folder
    assert in_order(steps, ("replace", inode(store.path / "catalogue.sqlite")), ("fsync", inode(store.path)))


def test_a_backup_is_on_the_disk_before_it_appears_under_its_name(tmp_path: Path, steps: list[tuple[str, int]]) -> None:
    filled(tmp_path / "store").backup(tmp_path / "backup")
    appeared = (("rename", inode(tmp_path / "backup")), ("fsync", inode(tmp_path)))
    for folder in ("batches", "raw"):
        (file,) = (tmp_path / "backup" / folder).iterdir()
        copied = (("fsync", inode(file)), ("fsync", inode(tmp_path / "backup" / folder)))
        assert in_order(steps, *copied, ("fsync", inode(tmp_path / "backup")), *appeared), folder


def test_the_catalogue_flushes_every_commit_and_checks_references(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "store")
    with store._catalogue.reading() as db:
        values = [
            db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("synchronous", "foreign_keys", "journal_mode")
        ]
    assert values == [2, 1, "wal"]


@pytest.fixture
def _usual_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, str]:
    paths = [folder, *sorted(folder.rglob("*"))]
    kinds = {"batches/*": "batches/", "raw/*": "raw/"}
    named = {}
    for path in paths:
        name = str(path.relative_to(folder))
        name = next((kind for kind, start in kinds.items() if name.startswith(start)), name)
        named[name] = oct(stat.S_IMODE(path.stat().st_mode))
    return named


@pytest.mark.usefixtures("_usual_umask")
def test_only_the_owner_may_read_a_store_and_its_backup(tmp_path: Path) -> None:
    store = filled(tmp_path / "store")
    expected = dict.fromkeys((".", "batches", "raw"), "0o700") | dict.fromkeys(
        ("audit-heads.txt", "batches/*", "raw/*", "catalogue.sqlite", "writers.lock"), "0o600"
    )
    assert modes(store.path) == expected | dict.fromkeys(("catalogue.sqlite-shm", "catalogue.sqlite-wal"), "0o600")
    store.close()
    store = Store.open(store.path)
    store.undo(1)
    store.backup(tmp_path / "backup")
    Store.restore(tmp_path / "backup", tmp_path / "restored").close()
    assert modes(tmp_path / "backup") == {name: mode for name, mode in expected.items() if name != "writers.lock"}
    assert modes(tmp_path / "restored") == expected


@pytest.mark.usefixtures("_usual_umask")
def test_a_folder_that_grants_more_keeps_doing_so(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    folder.mkdir()
    for path in (folder, tmp_path / "restored"):
        path.mkdir(exist_ok=True)
        path.chmod(0o750)
    store = filled(folder)
    assert modes(folder)["."] == "0o750"
    assert modes(folder)["catalogue.sqlite"] == "0o640"
    store.backup(tmp_path / "backup")
    Store.restore(tmp_path / "backup", tmp_path / "restored").close()
    assert {modes(tmp_path / "restored")[name] for name in (".", "raw", "batches")} == {"0o750"}
    assert {modes(tmp_path / "restored")[name] for name in ("raw/*", "catalogue.sqlite")} == {"0o640"}


@pytest.mark.usefixtures("_usual_umask")
def test_a_folder_for_several_servers_follows_the_umask(tmp_path: Path) -> None:
    make_folders(tmp_path / "shared", SHARED)
    assert set(modes(tmp_path / "shared").values()) == {"0o755"}
    with files.appearing(tmp_path / "shared" / "raw" / "x"):
        pass
    assert modes(tmp_path / "shared")["raw/*"] == "0o644"
    catalogue.create(tmp_path / "shared" / "copy.sqlite")
    assert modes(tmp_path / "shared")["copy.sqlite"] == "0o644"
