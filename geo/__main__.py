"""`python -m geo`: the command line."""

import sys

from geo.cli import kp_atlas

if __name__ == "__main__":
    sys.exit(kp_atlas())
