"""The process in which libFuzzer runs one target; it never returns: see tests/fuzz/__main__.py."""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["geo"]):
    from tests.fuzz.targets import TARGETS

if __name__ == "__main__":
    atheris.Setup([sys.argv[0], *sys.argv[2:]], TARGETS[sys.argv[1]])
    atheris.Fuzz()
