"""What a developer runs and what the project's checks run: format, lint, types, weaknesses, tests."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence

from tests.faults import no_network

CHECKS: tuple[tuple[str, ...], ...] = (
    ("ruff", "format", "--check", "."),
    ("ruff", "check", "."),
    ("mypy",),
    ("bandit", "-q", "-c", "pyproject.toml", "-r", "geo", "pages", "app.py"),
)
# A lost worker ends the run: pytest-xdist can wait for ever after it has replaced one.
WITHOUT_BROWSER = ("pytest", "-n", "2", "--max-worker-restart", "0", "--dist", "loadgroup", "-m", "not browser")
# Two browsers share the tests, each with servers of its own. A second try, which the summary names, tells a
# fault of the program from a machine that was busy for a moment.
IN_BROWSER = ("pytest", "-n", "2", "--max-worker-restart", "0", "--dist", "worksteal", "-m", "browser", "--reruns", "1")
# All browser tests stand there (tests/conftest.py): to look for them among thousands of others takes a while.
BROWSER_FOLDER = "tests/browser"


def main(arguments: list[str]) -> int:
    """Run every step, stop at the first that fails; arguments are passed to pytest alone."""
    in_browser = (*IN_BROWSER, *arguments) if arguments else (*IN_BROWSER, BROWSER_FOLDER)
    for step in (*CHECKS, (*WITHOUT_BROWSER, *arguments), in_browser):
        code = subprocess.run(_command(step), check=False).returncode
        if code:
            return code
    return 0


def _command(step: Sequence[str]) -> list[str]:
    print("$", " ".join(step), flush=True)
    if step[0] != "pytest":
        return [sys.executable, "-m", *step]
    # Only root needs no other user for it, whom PostgreSQL's server would take for root.
    reason = no_network.refusal() if hasattr(os, "geteuid") and os.geteuid() == 0 else "only root may do without"
    if reason:
        print(f"These tests run with a network: {reason}.", flush=True)
        return [sys.executable, "-m", *step]
    return ["unshare", "--net", sys.executable, "-m", no_network.__name__, *step[1:]]


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
