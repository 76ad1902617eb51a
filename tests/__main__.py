"""What a developer runs and what the project's checks run: format, lint, types, weaknesses, tests."""

from __future__ import annotations

import subprocess
import sys

STEPS: tuple[tuple[str, ...], ...] = (
    ("ruff", "format", "--check", "."),
    ("ruff", "check", "."),
    ("mypy",),
    ("bandit", "-q", "-c", "pyproject.toml", "-r", "geo", "pages", "app.py"),
    # A lost worker ends the run: pytest-xdist can wait for ever after it has replaced one.
    ("pytest", "-n", "2", "--max-worker-restart", "0", "--dist", "loadgroup", "-m", "not browser"),
    # One browser at a time: two would measure each other.
    ("pytest", "-m", "browser"),
)


def main(arguments: list[str]) -> int:
    """Run every step, stop at the first that fails; arguments are passed to pytest alone."""
    for step in STEPS:
        command = [sys.executable, "-m", *step, *(arguments if step[0] == "pytest" else ())]
        print("$", " ".join(command[2:]), flush=True)
        code = subprocess.run(command, check=False).returncode
        if code:
            return code
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
