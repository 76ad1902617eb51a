"""What a developer runs and what the project's checks run: format, lint, types, weaknesses, tests."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence

CHECKS: tuple[tuple[str, ...], ...] = (
    ("ruff", "format", "--check", "."),
    ("ruff", "check", "."),
    ("mypy",),
    ("bandit", "-q", "-c", "pyproject.toml", "-r", "geo", "pages", "app.py"),
)
# A lost worker ends the run: pytest-xdist can wait for ever after it has replaced one.
WITHOUT_BROWSER = ("pytest", "-n", "2", "--max-worker-restart", "0", "--dist", "loadgroup", "-m", "not browser")
# One browser at a time: two would measure each other.
IN_BROWSER = ("pytest", "-m", "browser")


def main(arguments: list[str]) -> int:
    """Run the checks, stop at the first that fails, then all tests; arguments are passed to pytest alone."""
    for check in CHECKS:
        code = subprocess.run(_command(check), check=False).returncode
        if code:
            return code
    return _tests([*WITHOUT_BROWSER, *arguments], [*IN_BROWSER, *arguments])


def _tests(without_browser: list[str], in_browser: list[str]) -> int:
    """Run both parts of the tests side by side: a browser waits more than it works, and goes first when it works.

    What the second part says is printed when it has ended.
    """
    behind = ["nice", "-n", "5"] if shutil.which("nice") else []
    with tempfile.TemporaryFile("w+") as said:
        with subprocess.Popen(_command(in_browser), stdout=said, stderr=subprocess.STDOUT) as browser:
            code = subprocess.run([*behind, *_command(without_browser)], check=False).returncode
        said.seek(0)
        print(said.read(), flush=True)
    return code or browser.returncode


def _command(step: Sequence[str]) -> list[str]:
    print("$", " ".join(step), flush=True)
    return [sys.executable, "-m", *step]


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
