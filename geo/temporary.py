"""Temporary folders of this program: each says whose it is, so that what a killed process left behind can be swept."""

from __future__ import annotations

import hashlib
import os
import platform
import re
import secrets
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Longer than any reading may take; the folder of the map is in use as long as its process runs.
_STALE_S = 24 * 3600.0
EXPORT = "kp-atlas-export"
_SHORT_LIVED = ("atlas-upload", "kp-atlas-read", "kp-atlas-bulk", EXPORT)
MAP = "atlas-map"
# Older versions of this program left the number of the process out.
_NAME = re.compile(rf"({'|'.join((*_SHORT_LIVED, MAP))})-(?:(\d{{1,10}})-)?[a-z0-9_]{{8}}")
# Beside a folder that appears whole or not at all: machine and process that make it; older versions left these out.
_BUILDING = re.compile(r".+?\.(?:([0-9a-f]{8})\.(\d{1,10})\.)?[0-9a-f]{8}\.partial", re.DOTALL)
_STARTED = time.time()


@contextmanager
def folder(kind: str) -> Iterator[Path]:
    """Yield a new folder for its owner alone; it is removed afterwards. kind: first part of its name."""
    with tempfile.TemporaryDirectory(prefix=_prefix(kind), ignore_cleanup_errors=True) as name:
        yield Path(name)


def lasting_folder(kind: str) -> Path:
    """Return a new folder for its owner alone, which the caller removes."""
    return Path(tempfile.mkdtemp(prefix=_prefix(kind)))


def _prefix(kind: str) -> str:
    return f"{kind}-{os.getpid()}-"


def sweep(now: float | None = None) -> list[Path]:
    """Remove the folders of this user that processes of this program left behind; return which.

    Those of a process that has ended, and those of readings that are older than a day. Links, files, and folders of
    other users or other names are never touched. now: seconds since 1970, for tests.
    """
    now = time.time() if now is None else now
    removed = []
    for path in Path(tempfile.gettempdir()).iterdir():
        found = _NAME.fullmatch(path.name)
        if found and _is_stale(path, found[1], found[2], now):
            shutil.rmtree(path, ignore_errors=True)
            removed.append(path)
    return sorted(removed)


def building_for(target: Path) -> Path:
    """Return a name beside a folder under which it is made, to be renamed when it is whole."""
    return target.with_name(f"{target.name}.{_machine()}.{os.getpid()}.{secrets.token_hex(4)}.partial")


def sweep_building(parent: Path, now: float | None = None) -> None:
    """Remove what killed processes were making in a folder, see `building_for`.

    Other machines may make something there too: of theirs it counts that nothing has changed for a day.
    """
    now = time.time() if now is None else now
    for path in parent.iterdir() if parent.is_dir() else ():
        found = _BUILDING.fullmatch(path.name)
        if not found or path.is_symlink() or not path.is_dir():
            continue
        try:
            changed = max(one.lstat().st_mtime for one in (path, *path.rglob("*")))
        except FileNotFoundError:  # whoever makes it is at work
            continue
        if now - changed > _STALE_S or (found[1] == _machine() and _has_ended(int(found[2]), changed)):
            shutil.rmtree(path, ignore_errors=True)


def _machine() -> str:
    return hashlib.sha256(platform.node().encode()).hexdigest()[:8]


def _is_stale(path: Path, kind: str, process: str | None, now: float) -> bool:
    try:
        state = path.lstat()
    except FileNotFoundError:  # its owner has removed it in the meantime
        return False
    if not stat.S_ISDIR(state.st_mode) or (hasattr(os, "geteuid") and state.st_uid != os.geteuid()):
        return False
    if process is not None and _has_ended(int(process), state.st_mtime):
        return True
    return now - state.st_mtime > _STALE_S and (kind in _SHORT_LIVED or process is None)


def _has_ended(process: int, changed: float) -> bool:
    """Whether the process that made a folder has ended; only age tells where the system cannot be asked."""
    if process == os.getpid():
        # In a container every server has the same number.
        return changed < _STARTED
    if os.name == "nt":
        return False
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return True
    except PermissionError:
        return False
    return False
