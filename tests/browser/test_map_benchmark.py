"""The map benchmark at smoke size: both ways draw the points that the page says, offline; no time is judged."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks import made_up
from benchmarks.map import NAMES, OURS
from benchmarks.map_browser import LEFT_OUT
from tests.browser.conftest import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ROWS = 400
LONGEST_S = 300


def test_both_ways_draw_the_same_points_in_a_browser(browser: Any, tmp_path: Path) -> None:
    file, said = tmp_path / "map.json", tmp_path / "said"
    command = [sys.executable, "-m", "benchmarks", "map", "--rows", str(ROWS), "--json", str(file)]
    # Into a file: a pipe would be waited for as long as a server or a browser of the command holds it.
    with said.open("wb") as output:
        done = subprocess.run(command, cwd=ROOT, stdout=output, stderr=output, timeout=LONGEST_S, check=False)
    assert done.returncode == 0, said.read_text()[-3000:]
    comparison: dict[str, Any] = json.loads(file.read_text("utf-8"))["comparisons"][0]
    assert list(comparison["ways"]) == list(NAMES.values())
    rounds = len(comparison["ways"][NAMES[OURS]]["seconds"])
    targets = made_up.incidents(ROWS)["target_type"].to_pylist()
    kept = [ROWS - targets.count(left_out) for left_out in LEFT_OUT[2 : 2 + rounds]]
    assert comparison["facts"]["points drawn"] == f"{min(kept):,} to {max(kept):,}"
