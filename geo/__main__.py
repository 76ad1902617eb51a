"""`python -m geo`: the command line."""

import io
import sys

from geo.cli import main

if __name__ == "__main__":
    # Mappings and records are read back as UTF-8, and hold names that the system's encoding may not have.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    sys.exit(main(sys.argv[1:]))
