"""Fuzz one target: `python -m tests.fuzz NAME [options of libFuzzer]`, for example -max_total_time=600.

Without options it runs until it is stopped. It begins with the saved inputs of tests/fuzz/corpus/NAME, which stay as
they are; an input that the target fails on is written to the working folder as crash-SHA1.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["geo"]):
    from tests.fuzz.targets import TARGETS

CORPUS = Path(__file__).with_name("corpus")


def main(name: str, *options: str) -> None:
    """Fuzz a target with options of libFuzzer."""
    with tempfile.TemporaryDirectory(prefix="kp-atlas-fuzz-") as found:
        usual = ("-max_len=8192", "-timeout=30", "-rss_limit_mb=3000", "-print_final_stats=1")
        atheris.Setup([sys.argv[0], *usual, *options, found, str(CORPUS / name)], TARGETS[name])
        atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
