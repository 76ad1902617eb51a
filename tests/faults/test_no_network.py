"""Nothing is asked of the network while the program runs: tests pass where there is none.

`python -m tests` runs all of them so where it may; what root alone may do is shown here for everybody, by a part.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults import no_network

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.fault, pytest.mark.skipif(sys.platform != "linux", reason="namespaces are of Linux")]
# Reading, storing, exporting, drawing, every page: a few tests of each.
PART = (
    "tests/ingest/test_ingest_sandbox.py::test_a_file_comes_back_from_the_child_with_its_digest",
    "tests/ingest/test_ingest_bad_inputs.py::test_a_bad_file_is_refused_for_the_reason_in_its_name",
    "tests/ingest/test_ingest_formats.py::test_every_container_gives_the_same_incidents",
    "tests/ingest/test_ingest_geojson.py::test_a_linked_reference_system_is_refused_and_nothing_is_fetched",
    "tests/test_cli.py::test_a_good_file_is_stored_and_the_report_accounts_for_every_row",
    "tests/test_cli.py::test_a_backup_restores_to_a_store_that_verifies",
    "tests/test_cli.py::test_two_periods_are_compared_one_line_a_district",
    "tests/export/test_export_files.py::test_hostile_cells_are_inert_in_what_a_spreadsheet_opens",
    "tests/figure/test_briefs.py::test_a_brief_has_two_pages_at_most_and_is_tagged",
    "tests/pages/test_pages.py::test_every_page_draws_and_says_what_the_data_are",
    "tests/pages/test_upload.py::test_accepting_adds_the_incidents_and_undo_takes_them_out",
)


@pytest.mark.case(47)
def test_a_part_of_the_tests_passes_without_any_network() -> None:
    if no_network.is_alone():
        pytest.skip("all tests of this run are without a network")
    if reason := no_network.refusal("--map-root-user"):
        pytest.skip(f"a namespace without network is not allowed here: {reason}")
    command = ["unshare", "--map-root-user", "--net", sys.executable, "-m", "tests.faults.no_network"]
    done = subprocess.run(
        [*command, "-q", "-p", "no:xdist", *PART], cwd=ROOT, capture_output=True, text=True, check=False, timeout=900
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert " passed" in done.stdout
    assert no_network.ALONE in done.stdout
