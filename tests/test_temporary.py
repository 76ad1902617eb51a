"""Folders that a killed process left behind are swept at the next start; those in use and of others never are."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from geo import temporary
from geo.views import cached

DAY = 24 * 3600.0
pytestmark = pytest.mark.skipif(os.name == "nt", reason="only age tells there whether a process has ended")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The system's folder for temporary files."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def ended() -> int:
    """Return the number of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def left_behind(folder: Path, name: str, age_s: float = 0.0) -> Path:
    path = folder / name
    path.mkdir(0o700)
    (path / "upload").write_text("secret", "utf-8")
    at = time.time() - age_s
    os.utime(path, (at, at))
    return path


@pytest.mark.parametrize("kind", ["atlas-upload", "kp-atlas-read", "kp-atlas-bulk", "atlas-map"])
def test_what_an_ended_process_left_behind_is_removed(folder: Path, kind: str) -> None:
    path = left_behind(folder, f"{kind}-{ended()}-abcd_123")
    assert temporary.sweep() == [path]
    assert not path.exists()


def test_folders_of_running_processes_stay_and_stale_readings_go(folder: Path) -> None:
    parent = os.getppid()
    kept = [
        left_behind(folder, f"atlas-upload-{parent}-aaaaaaaa"),
        left_behind(folder, f"atlas-map-{parent}-bbbbbbbb", 9 * DAY),
    ]
    gone = [
        left_behind(folder, f"kp-atlas-read-{parent}-cccccccc", 1.1 * DAY),
        left_behind(folder, "atlas-upload-dddddddd", 1.1 * DAY),
    ]
    kept.append(left_behind(folder, "atlas-upload-eeeeeeee"))
    with temporary.folder("atlas-upload") as own:
        assert temporary.sweep() == sorted(gone)
        assert own.is_dir()
    assert all(path.is_dir() for path in kept)


def test_in_a_container_every_server_has_the_same_number(folder: Path) -> None:
    path = left_behind(folder, f"atlas-upload-{os.getpid()}-abcdefgh", age_s=DAY / 2)
    assert temporary.sweep() == [path]


def test_other_names_links_and_files_are_never_touched(folder: Path) -> None:
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "kept").write_text("x", "utf-8")
    number = ended()
    (folder / f"atlas-upload-{number}-linklink").symlink_to(elsewhere)
    (folder / f"atlas-upload-{number}-filefile").write_text("x", "utf-8")
    for name in (
        f"atlas-upload-{number}-abcdefgh.bak",
        f"my-atlas-upload-{number}-abcdefgh",
        "atlas-postgres-abcdefgh",
    ):
        left_behind(folder, name, 9 * DAY)
    inside = left_behind(folder, f"kp-atlas-read-{number}-withlink")
    (inside / "out").symlink_to(elsewhere)
    assert temporary.sweep() == [inside]
    assert (elsewhere / "kept").exists()


def test_folders_of_other_users_stay(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = left_behind(folder, f"atlas-upload-{ended()}-abcdefgh")
    monkeypatch.setattr(os, "geteuid", lambda: path.stat().st_uid + 1)
    assert temporary.sweep() == []


@pytest.mark.case(63, 66)
def test_an_upload_of_a_killed_process_is_gone_after_the_next_start(folder: Path) -> None:
    code = (
        "import os, signal, pathlib; from geo import temporary\n"
        "with temporary.folder('atlas-upload') as made:\n"
        "    (made / 'upload').write_text('secret')\n"
        "    print(made, flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "TMPDIR": str(folder)},
        cwd=Path(__file__).resolve().parents[1],
        capture_output=True,
        text=True,
        check=False,
    )
    left = Path(done.stdout.strip())
    assert (left / "upload").exists()
    assert stat.filemode(left.stat().st_mode) == "drwx------"
    assert temporary.sweep() == [left]


def test_opening_the_store_of_the_app_sweeps(folder: Path, store_path: Path, embedded_store: Path) -> None:

    shutil.copytree(embedded_store, store_path)
    path = left_behind(folder, f"atlas-upload-{ended()}-abcdefgh")
    cached.store_at(store_path)
    assert not path.exists()
