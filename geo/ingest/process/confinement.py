"""Confinement of the reading child on Linux: no files but those that reading needs, and no network.

Landlock (Linux 5.13) refuses every other file; a network namespace of its own, which has no interface that is up,
refuses every connection. Where the system does not offer one of them, `confine` says so and reading goes on within
the limits of memory, time and output alone. Landlock holds for the calling thread and those it starts: the child
calls this while it has one thread, before it opens the user's file.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from geo.settings import APP_ROOT, DATA_DIR

# The same numbers on all architectures that Python is released for.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_ASK_VERSION, _PATH_BENEATH = 1, 1
_READ_FILE, _READ_FOLDER = 1 << 2, 1 << 3
_CONNECT_AND_BIND_TCP, _ABSTRACT_SOCKETS_AND_SIGNALS = 3, 3
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000
_NO_NEW_PRIVILEGES, _CAPABILITIES_V3 = 38, 0x20080522
# Libraries, time zones and the seeds of random numbers; whatever of these does not exist is skipped.
_SYSTEM_PATHS = (
    *("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache"),
    *("/usr/share/zoneinfo", "/etc/localtime", "/dev/urandom", "/dev/null"),
)


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scope", ctypes.c_uint64))


class _PathRule(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("access", ctypes.c_uint64), ("parent", ctypes.c_int32))


class _CapabilityHeader(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


def confine(upload: Path, folder: Path) -> list[str]:
    """Leave this process only what reading needs: `upload` to read, `folder` to write, no network.

    Returns what the system does not offer, one line for each; nothing if the process is confined in full.
    """
    if sys.platform != "linux":
        return [f"No confinement of files and network on {sys.platform}."]
    libc = ctypes.CDLL(None, use_errno=True)
    lacking = []
    if len(os.listdir("/proc/self/task")) > 1:
        lacking.append("Confinement began late: another thread runs without it.")
    if not _leave_network(libc):
        lacking.append(f"No network namespace: {_reason()}.")
    if not _leave_files(libc, upload, folder):
        lacking.append(f"No confinement of files by Landlock: {_reason()}.")
    return lacking


def _leave_network(libc: ctypes.CDLL) -> bool:
    """Enter an empty network namespace; without privileges within a user namespace, whose privileges are dropped."""
    if libc.unshare(_NEW_NETWORK) == 0:
        return True
    # As root, a user namespace would take away the right to read files of other users, an upload among them.
    if os.geteuid() == 0 or libc.unshare(_NEW_USER | _NEW_NETWORK) != 0:
        return False
    header, none = _CapabilityHeader(_CAPABILITIES_V3, 0), (ctypes.c_uint32 * 6)()
    return bool(libc.capset(ctypes.byref(header), none) == 0)


def _leave_files(libc: ctypes.CDLL, upload: Path, folder: Path) -> bool:
    """Give up all files but those that reading needs, and TCP too where Landlock knows it."""
    version = libc.syscall(_CREATE_RULESET, None, 0, _ASK_VERSION)
    if version < 1:
        return False
    n_rights = 13 + (version >= 2) + (version >= 3) + (version >= 5)
    everything = (1 << n_rights) - 1
    rules = _Ruleset(
        everything, _CONNECT_AND_BIND_TCP if version >= 4 else 0, _ABSTRACT_SOCKETS_AND_SIGNALS if version >= 6 else 0
    )
    ruleset = libc.syscall(_CREATE_RULESET, ctypes.byref(rules), ctypes.sizeof(rules), 0)
    if ruleset < 0:
        return False
    try:
        are_allowed = [_allow(libc, ruleset, path, _READ_FILE | _READ_FOLDER) for path in _readable(upload)]
        return (
            all(are_allowed)
            and _allow(libc, ruleset, folder, everything)
            and libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) == 0
            and bool(libc.syscall(_RESTRICT_SELF, ruleset, 0) == 0)
        )
    finally:
        os.close(ruleset)


def _allow(libc: ctypes.CDLL, ruleset: int, path: Path, access: int) -> bool:
    descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rule = _PathRule(access if path.is_dir() else _READ_FILE, descriptor)
        return bool(libc.syscall(_ADD_RULE, ruleset, _PATH_BENEATH, ctypes.byref(rule), 0) == 0)
    finally:
        os.close(descriptor)


def _readable(upload: Path) -> Iterator[Path]:
    """Yield what may be read; of the project only code and data: its folder may hold the store and secrets."""
    yield from (upload, Path(__file__).parents[2], DATA_DIR)
    for path in map(Path, (sys.prefix, sys.base_prefix, *filter(None, sys.path), *_SYSTEM_PATHS)):
        if path != APP_ROOT and path.exists():
            yield path


def _reason() -> str:
    return os.strerror(ctypes.get_errno())
