"""Fuzz one target: `python -m tests.fuzz NAME [options of libFuzzer]`, for example -max_total_time=600.

Without options it runs until it is stopped. It begins with the saved inputs of tests/fuzz/corpus/NAME, which stay as
they are; an input that the target fails on is written to the working folder as crash-SHA1.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

CORPUS = Path(__file__).with_name("corpus")
_USUAL = ("-max_len=8192", "-timeout=120", "-rss_limit_mb=3000", "-print_final_stats=1")


def main(name: str, *options: str) -> int:
    """Fuzz a target with options of libFuzzer; returns 0 if no input made it fail."""
    with tempfile.TemporaryDirectory(prefix="kp-atlas-fuzz-") as folder:
        found = Path(folder, "found")
        found.mkdir()
        command = [sys.executable, "-m", "tests.fuzz.running", name, *_USUAL, *options, str(found), str(CORPUS / name)]
        return subprocess.run(command, check=False, env={**os.environ, "TMPDIR": folder}).returncode


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
