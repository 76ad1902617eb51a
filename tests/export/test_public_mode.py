"""A public atlas passes on what its pages show: nothing newer than the delay, no closed row, no coarse point."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from geo.atlas import Atlas
from geo.cli import main
from geo.export.columns import DISTRICTS, INCIDENTS
from geo.export.notes import notes_of
from geo.export.view_settings import ViewSettings
from tests import toy_store
from tests.toy import row


@pytest.fixture
def public_atlas(store_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Atlas:
    today = datetime.now(UTC).date()
    place = {"lat": 33.9, "lon": 71.4, "geo_precision": "exact", "pcode": "PK528"}
    rows = [row(n, day=today - timedelta(days=n), **place) for n in (3, 29, 45)]
    closed = row(9, incident_id="gtd:9", source="gtd", day=today - timedelta(days=50), **place)
    store = toy_store.opened(store_path)
    store.add(toy_store.batch(tmp_path, *rows))
    store.add(toy_store.batch(tmp_path, closed, source="gtd", text="closed"))
    store.close()
    monkeypatch.setenv("ATLAS_MODE", "public")
    return Atlas.open(toy_store.place_of(store_path))


def of_toys(atlas: Atlas) -> ViewSettings:
    from geo.filters import Filters

    shown = [str(record.batch_id) for record in atlas._store.batches() if record.label == "toy.csv"]
    return ViewSettings(Filters(datasets=tuple(shown)))


def test_the_delay_holds_in_every_file_and_is_said(public_atlas: Atlas, tmp_path: Path) -> None:
    view = public_atlas.exported(of_toys(public_atlas))
    assert view.table.details["incident_id"].take(view.positions).to_pylist() == ["toy:45"]
    for table in (INCIDENTS, DISTRICTS):
        assert "incidents newer than the publication delay" in notes_of(view, table).left_out
    assert view.settings.shown_until == datetime.now(UTC).date() - timedelta(days=30)


def test_the_command_has_no_way_around_the_delay(public_atlas: Atlas, tmp_path: Path) -> None:
    later = datetime.now(UTC).date().isoformat()
    settings = tmp_path / "settings.toml"
    settings.write_text(f'format = 1\n[data]\nversion = ""\nshown_until = {later}\n', "utf-8")
    out = tmp_path / "out.geojson"
    assert main(["export", str(settings), "--format", "geojson", "--out", str(out)]) == 0
    ids = [one["properties"]["incident_id"] for one in json.loads(out.read_text("utf-8"))["features"]]
    assert "toy:45" in ids
    assert not {"toy:3", "toy:29", "gtd:9"} & set(ids)


def test_counts_of_closed_sources_stay_in_the_figures_of_districts(public_atlas: Atlas) -> None:
    view = public_atlas.exported(of_toys(public_atlas))
    peshawar = list(view.districts.pcodes).index("PK528")
    assert view.figures.tally.value[peshawar] == 2
    assert "gtd" in [source.key for source in notes_of(view, DISTRICTS).sources]
    assert "gtd" not in [source.key for source in notes_of(view, INCIDENTS).sources]
