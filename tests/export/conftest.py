"""One atlas with the embedded data, and batches in which every rule of passing on has a row."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

import geo
from geo.atlas import Atlas
from geo.export.view import ExportedView
from geo.export.view_settings import ViewSettings
from geo.filters import Filters
from geo.store import Store
from tests import toy_store
from tests.toy import row

HOSTILE = '=HYPERLINK("http://evil.example","click")'
OWN, CLOSED = "3", "4"  # numbers of the batches beside the two embedded ones


def toy_rows() -> list[dict[str, object]]:
    """Return an exact place, a place known to the district with coordinates all the same, and hostile words."""
    return [
        row(
            1,
            lat=33.9,
            lon=71.4,
            geo_precision="exact",
            pcode="PK528",
            place="Bazaar",
            day=date(2024, 2, 29),
            raw='{"summary": "A bazaar"}',
        ),
        row(2, lat=32.5, lon=70.5, geo_precision="district", pcode="PK503", killed_best=3, killed_low=2, killed_high=7),
        row(3, place=HOSTILE, group_reported="@cmd", note="-1+1", pcode="PK503", killed_best=0),
        row(4, place="میران شاہ", geo_precision="near", lat=33.0, lon=70.1, pcode="PK525", raw='{"summary": "=1+1"}'),
        row(5, pcode="PK503", source_url="http://example.org/a?b=c", source_date=date(2024, 3, 6), n_events=4),
        row(6, pcode="PK503", day=date(2025, 3, 5)),
    ]


@pytest.fixture(scope="session")
def toy_atlas_store(embedded_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export")
    shutil.copytree(embedded_store, folder / "store")
    store = Store.open(folder / "store")
    store.add(toy_store.batch(folder, *toy_rows(), snapshot_date=date(2026, 11, 1)))
    closed = [
        row(n, incident_id=f"acled:{n}", source="acled", place="Secret", lat=33.9, lon=71.4, geo_precision="exact",
            pcode="PK528", killed_best=9)
        for n in (1, 2)
    ]  # fmt: skip
    store.add(toy_store.batch(folder, *closed, text="closed", source="acled", snapshot_date=date(2026, 11, 1)))
    # What is merged with a row of a closed source is closed.
    toy_store.recorded_merge(store, ["toy:6", "acled:2"], actor="atlas")
    store.close()
    return folder / "store"


@pytest.fixture(scope="session")
def atlas(toy_atlas_store: Path) -> Atlas:
    return geo.open(str(toy_atlas_store))


@pytest.fixture(scope="session")
def toy_view(atlas: Atlas) -> ExportedView:
    """The two toy batches and nothing else."""
    return atlas.exported(ViewSettings(Filters(datasets=(OWN, CLOSED)), options={"measure": "killed"}))


@pytest.fixture(scope="session")
def whole_view(atlas: Atlas) -> ExportedView:
    """Everything that is recorded, as a rate."""
    options = {"measure": "killed", "per": "per_100k"}
    return atlas.exported(ViewSettings(Filters(sources="register"), options=options))
