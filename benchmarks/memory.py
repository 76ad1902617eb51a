"""Memory of a process and everything it starts, watched from outside."""

from __future__ import annotations

import threading
from pathlib import Path
from types import TracebackType

_PROC = Path("/proc")
_EVERY_S = 0.05


class Peak:
    """Watches a process tree in a `with` block; `mb` is the largest memory seen, None where there is no /proc.

    Shared pages are divided among those who share them (PSS), so that a file mapped by two counts once.
    """

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.mb: float | None = None

    def __enter__(self) -> Peak:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(_EVERY_S):
            found = [_pss_kb(pid) for pid in _tree(self._pid)]
            if any(found):
                self.mb = max(self.mb or 0.0, sum(found) / 1e3)


def _tree(pid: int) -> list[int]:
    try:
        tasks = (_PROC / str(pid) / "task").iterdir()
        children = [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:
        return []
    return [pid, *(below for child in children for below in _tree(child))]


def _pss_kb(pid: int) -> int:
    try:
        lines = (_PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0  # it has just ended
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
