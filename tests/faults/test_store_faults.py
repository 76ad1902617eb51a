"""Killed, crowded, full, locked or damaged: the store keeps what it acknowledged and says what is wrong."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from geo.problems import AtlasError, StoreError
from geo.store import Store
from tests.faults.store_children import ROWS_A_BATCH, add_one
from tests.toy import row
from tests.toy_store import batch, files_in, filled, opened, place_of, raw_file, recorded_merge, shown_ids

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.fault, pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals and limits")]


def command(act: str, *arguments: object) -> list[str]:
    return [sys.executable, "-m", "tests.faults.store_children", act, *map(str, arguments)]


def run(act: str, *arguments: object, before: tuple[str, ...] = ()) -> list[str]:
    """Run a child to its end and return its lines."""
    done = subprocess.run(
        [*before, *command(act, *arguments)], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def assert_whole(store: Store, names: set[str]) -> None:
    """Every named batch is there, and every batch that is there is whole."""
    records = store.batches()
    assert names <= {record.label for record in records}
    for record in records:
        ids = store.read(record.batch_id, ["incident_id"])["incident_id"].to_pylist()
        assert ids == [f"{record.label}/{number}" for number in range(ROWS_A_BATCH)]


@pytest.mark.case(53)
@pytest.mark.usefixtures("catalogue_kind")
def test_a_writer_killed_at_any_moment_loses_nothing_it_acknowledged(
    tmp_path: Path, amount: Callable[[int, int], int], count: Callable[[str, int], None]
) -> None:
    path = tmp_path / "store"
    place_of(path)
    n_kills = amount(15, 100)
    count("kills -9 of a writer that adds", n_kills)
    acknowledged = set(run("write_and_die", path, n_kills, 7))
    assert len(acknowledged) >= n_kills
    store = opened(path)
    assert_whole(store, acknowledged)
    numbers = [record.batch_id for record in store.batches()]
    assert numbers == sorted(set(numbers))
    assert len(numbers) <= len(acknowledged) + n_kills
    listed = {f"batches/{name}" for name in os.listdir(path / "batches") if name.endswith(".parquet")}
    assert len(listed) == len(numbers)
    assert not [name for name in files_in(path) if name.endswith(".writing")]
    assert store.verify() == []


@pytest.mark.case(56, 57, 60)
@pytest.mark.usefixtures("catalogue_kind")
def test_four_processes_write_while_others_read_and_back_up(
    tmp_path: Path, amount: Callable[[int, int], int], count: Callable[[str, int], None]
) -> None:
    path = tmp_path / "store"
    place_of(path)
    n_each = amount(12, 50)
    count("batches of four writers at once", 4 * n_each)
    writers = [
        subprocess.Popen(command("write", path, f"w{n}", n_each), cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for n in range(4)
    ]
    try:
        store, seen, backups = opened(path), 0, 0
        while any(writer.poll() is None for writer in writers):
            version, records = store.version(), store.batches()
            assert len(records) >= seen
            if len(records) > seen:
                assert store.read(records[-1].batch_id).num_rows == ROWS_A_BATCH
            if len(records) // 16 > backups:
                backups += 1
                store.backup(tmp_path / f"backup{backups}")
            seen = len(records)
            assert store.version() == version or len(store.batches()) >= seen
    finally:
        outputs = [writer.communicate(timeout=60)[0] for writer in writers]
    acknowledged = {name for output in outputs for name in output.split()}
    assert len(acknowledged) == 4 * n_each
    assert_whole(store, acknowledged)
    assert [record.batch_id for record in store.batches()] == list(range(1, 4 * n_each + 1))
    assert store.verify() == []
    assert backups > 0
    for number in range(1, backups + 1):
        copy = Store.open(tmp_path / f"backup{number}")
        assert copy.verify() == []
        assert [record.batch_id for record in copy.batches()] == list(range(1, len(copy.batches()) + 1))


@pytest.mark.case(57)
@pytest.mark.usefixtures("catalogue_kind")
def test_a_reader_during_a_long_write_sees_the_store_before_or_after_it(tmp_path: Path) -> None:
    store, n_rows = filled(tmp_path / "store"), 60_000
    long = batch(tmp_path, *(row(number, incident_id=f"long/{number}") for number in range(n_rows)), text="long")
    reader, lengths = opened(tmp_path / "store"), []
    with ThreadPoolExecutor(1) as pool:
        adding = pool.submit(store.add, long)
        while not adding.done():
            lengths.append(len(shown_ids(reader)))
        adding.result()
    assert set(lengths) <= {2, n_rows + 2}
    assert lengths[0] == 2
    assert len(shown_ids(reader)) == n_rows + 2


def assert_steps(lines: list[str]) -> dict[str, Any]:
    """Check each step and return what the child said last."""
    *steps, last = [json.loads(line) for line in lines]
    for step in steps:
        assert step["code"] in ("disk_full", ""), step
        assert step["n_added"] == (step["code"] == ""), step
        assert step["readable"], step
        assert step.get("reopened", True), step
        assert (step["leftovers"], step["problems"]) == ([], []), step
    assert {step["code"] for step in steps} == {"disk_full", ""}, "neither too little nor enough room was met"
    assert last["after"] > 1
    return last  # type: ignore[no-any-return]


@pytest.mark.case(54)
def test_no_room_for_a_file_stores_nothing_and_hurts_nothing(
    tmp_path: Path, amount: Callable[[int, int], int], count: Callable[[str, int], None]
) -> None:
    filled(tmp_path / "store").close()
    told = run("fill_up", tmp_path / "store", amount(12_000, 1_000))
    assert_steps(told)
    count("writes with too little or just enough room for a file", len(told) - 1)


@pytest.mark.case(54)
def test_a_full_disk_stores_nothing_and_hurts_nothing(
    tmp_path: Path, amount: Callable[[int, int], int], count: Callable[[str, int], None]
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = ("unshare", "--mount", "--map-root-user", "sh", "-c")
    script = 'mount -t tmpfs -o size=3m none "$0" && cp -r "$1" "$0/store" && shift && exec "$@"'
    probe = subprocess.run(
        [*mounted, 'mount -t tmpfs -o size=3m none "$0"', str(disk)], capture_output=True, check=False
    )
    if probe.returncode:
        pytest.skip(f"a small disk cannot be mounted here: {probe.stderr.decode().strip()}")
    filled(tmp_path / "source").close()
    before = (*mounted, script, str(disk), str(tmp_path / "source"))
    told = run("fill_disk", disk / "store", tmp_path, amount(12_288, 2_048), before=before)
    last = assert_steps(told)
    count("writes to a disk that is full or nearly so", len(told) - 1)
    assert last["started_full"] == {"ids": True, "read_only": True, "code": "store"}


@pytest.mark.case(59)
def test_a_shortened_or_missing_log_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "store"
    acknowledged = set(run("leave_open", path, 6))
    log = (path / "catalogue.sqlite-wal").read_bytes()
    assert log
    chance = random.Random(3)
    outcomes = set()
    for length in [None, 0, len(log) - 1, *(chance.randrange(len(log)) for _ in range(12))]:
        copy = tmp_path / "copy"
        shutil.copytree(path, copy)
        (copy / "catalogue.sqlite-shm").unlink()
        if length is None:
            (copy / "catalogue.sqlite-wal").unlink()
        else:
            (copy / "catalogue.sqlite-wal").write_bytes(log[:length])
        before = files_in(copy)
        with pytest.raises(StoreError) as refused:
            Store.open(copy)
        outcomes.add(str(refused.value).split(":")[1].split(";")[0])
        assert "lost its newest changes" in str(refused.value)
        assert files_in(copy) == before
        shutil.rmtree(copy)
    (path / "catalogue.sqlite-shm").unlink()
    assert_whole(Store.open(path), acknowledged)


def everything(store: Store) -> Any:
    records = store.batches(include_undone=True)
    return (
        [(record, store.read(record.batch_id).to_pylist()) for record in records],
        [raw_file(store, record.batch_id).read_bytes() for record in records],
        store.audit(),
        store.mappings(),
        store.merges(),
    )


@pytest.mark.case(58)
def test_a_flipped_bit_anywhere_is_found_or_changes_nothing(
    tmp_path: Path, amount: Callable[[int, int], int], count: Callable[[str, int], None]
) -> None:
    path = tmp_path / "store"
    store = filled(path, n_batches=2)
    store.undo(1)
    store.save_mapping("mine", "a = 1")
    recorded_merge(store, ["toy:10", "toy:20"])
    store.close()
    store = Store.open(path)
    before = everything(store)
    store.close()
    files = sorted(file for file in path.rglob("*") if file.is_file() and file.stat().st_size)
    chance = random.Random(11)
    n_found = {"batches": 0, "raw": 0, "store": 0}
    for number in range(amount(120, 1500)):
        file = files[number % len(files)]
        intact = file.read_bytes()
        position = chance.randrange(len(intact))
        damaged = bytearray(intact)
        damaged[position] ^= 1 << chance.randrange(8)
        file.write_bytes(damaged)
        if found_in(path):
            n_found[file.parent.name] += 1
        else:
            assert file.parent == path, f"{file.name} at {position}"
            unharmed = Store.open(path)
            assert everything(unharmed) == before, f"{file.name} at {position}"
            unharmed.close()
        for side in ("catalogue.sqlite-wal", "catalogue.sqlite-shm"):
            (path / side).unlink(missing_ok=True)
        file.write_bytes(intact)
    assert min(n_found.values()) > 0
    count("bits flipped", number + 1)
    count("of them found by opening or verify; the others changed nothing", sum(n_found.values()))


def found_in(path: Path) -> bool:
    try:
        store = Store.open(path)
    except AtlasError:
        return True
    try:
        return bool(store.verify())
    finally:
        store.close()


def without_privilege() -> tuple[str, ...]:
    """Return a command prefix under which permissions hold, also for root."""
    if os.geteuid() != 0:
        return ()
    if shutil.which("setpriv") is None:
        pytest.skip("permissions do not bind root, and setpriv is missing")
    return ("setpriv", "--bounding-set=-dac_override,-dac_read_search,-fowner", "--inh-caps=-all")


def set_modes(path: Path, folder_mode: int, file_mode: int) -> None:
    for place in sorted([path, *path.rglob("*")], reverse=True):
        place.chmod(folder_mode if place.is_dir() else file_mode)


def look(path: Path) -> dict[str, Any]:
    """Return what an unprivileged process makes of a store."""
    return json.loads(run("look", path, before=without_privilege())[-1])  # type: ignore[no-any-return]


@pytest.mark.case(55)
@pytest.mark.usefixtures("catalogue_kind")
def test_a_read_only_store_can_be_read_and_says_why_it_cannot_be_written(tmp_path: Path) -> None:
    path = tmp_path / "store"
    filled(path).close()
    set_modes(path, 0o555, 0o444)
    try:
        found = look(path)
    finally:
        set_modes(path, 0o755, 0o644)
    assert found["read_only"] is True
    assert (found["ids"], found["verify"]) == (["toy:10", "toy:11"], [])
    for act in ("add", "undo"):
        assert str(path) in found[act]
        assert "can only be read" in found[act]
        assert "ATLAS_STORE" in found[act]


def test_a_read_only_store_with_changes_waiting_in_its_log_is_not_shown_without_them(tmp_path: Path) -> None:
    path = tmp_path / "store"
    run("leave_open", path, 2)
    (path / "catalogue.sqlite-shm").unlink()
    set_modes(path, 0o555, 0o444)
    try:
        found = look(path)
    finally:
        set_modes(path, 0o755, 0o644)
    assert "Its newest changes are in a log" in found["error"]


@pytest.mark.case(55)
def test_a_folder_that_cannot_be_created_or_read_is_named_with_a_remedy(tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    locked.mkdir()
    filled(locked / "store").close()
    for mode, path, sentence in (
        (0o555, locked / "new" / "store", "This user cannot create the store folder."),
        (0o000, locked / "store", "This user cannot read"),
    ):
        target = locked if mode == 0o555 else path
        target.chmod(mode)
        try:
            found = look(path)
        finally:
            target.chmod(0o755)
        assert sentence in found["error"]
        assert str(path) in found["error"]
        assert "ATLAS_STORE" in found["error"]


@pytest.mark.case(55)
@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="only root can give a folder away")
def test_the_owner_of_a_folder_of_another_user_is_named(tmp_path: Path) -> None:
    path = tmp_path / "store"
    filled(path).close()
    for place in (path, *path.rglob("*")):
        os.chown(place, 12345, -1)
    set_modes(path, 0o755, 0o644)
    found = look(path)
    assert found["read_only"] is True
    assert found["ids"] == ["toy:10", "toy:11"]
    assert "belongs to user 12345" in found["add"]
    assert shown_ids(Store.open(path)) == found["ids"]


def test_work_goes_on_after_a_failed_write(tmp_path: Path) -> None:
    path = tmp_path / "store"
    store = filled(path)
    (path / "batches").rename(path / "elsewhere")
    with pytest.raises(StoreError):
        add_one(store, "lost")
    (path / "elsewhere").rename(path / "batches")
    assert add_one(store, "kept") == 2
    assert Store.open(path).verify() == []
