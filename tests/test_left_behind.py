"""What ends leaves nothing in the temporary folder of the system."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize(
    "script",
    [
        "from geo.views import assets; (assets._folder() / 'map.js').write_text('x')",
        "from geo.views import assets; (assets._folder() / 'map.js').write_text('x'); raise SystemExit(3)",
    ],
)
def test_the_folder_of_the_map_is_removed_with_its_process(tmp_path: Path, script: str) -> None:
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, check=False)
    assert done.returncode == (3 if "SystemExit" in script else 0), done.stderr
    assert os.listdir(tmp_path) == []
