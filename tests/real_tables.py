"""The embedded register and the UCDP sample beside the project as incident tables, read as an upload is read."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from geo import districts as geo_districts
from geo.analysis.locating import locate
from geo.incidents import IncidentTable, build
from geo.ingest import read_upload
from geo.schema import LIMITS
from geo.settings import DATA_DIR
from tests.conftest import SHARED

UCDP_SAMPLE = SHARED / "data" / "samples" / "ucdp_ged_pakistan_1989_2014.csv"


@cache
def register() -> IncidentTable:
    """Return the embedded register."""
    return _table(DATA_DIR / "incidents.csv")


@cache
def ucdp_of_the_province() -> IncidentTable:
    """Return the embedded UCDP GED of Khyber Pakhtunkhwa, 1992-2021."""
    return _table(DATA_DIR / "ucdp_ged_kp.csv")


def ucdp() -> IncidentTable:
    """Return UCDP GED, Pakistan 1989-2014; skip the test where the sample is not at hand."""
    if not UCDP_SAMPLE.exists():
        pytest.skip(f"the UCDP sample is not at {UCDP_SAMPLE}")
    return _table(UCDP_SAMPLE)


@cache
def _table(path: Path) -> IncidentTable:
    districts = geo_districts.load()
    result = read_upload(path, path.name, limits={name: limit.default for name, limit in LIMITS.items()})
    return build({"1": locate.assign_districts(result.rows, districts)}, districts.pcodes, path.stem)
