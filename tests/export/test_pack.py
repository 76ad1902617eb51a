"""The evidence pack as others open it, and the command in its README, which makes the same numbers again."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import frictionless
import geopandas as gpd
import pandas as pd
import pyogrio
import pytest

from geo.export.citation import citation_of
from geo.export.columns import INCIDENTS
from geo.export.notes import notes_of
from geo.export.pack import COMMAND, pack_content, write_pack
from geo.export.view import ExportedView
from geo.export.view_settings import from_toml

ROOT = Path(__file__).resolve().parents[2]
ADDRESS = "https://atlas.example/points?from=all&version=0123456789ab"


@pytest.fixture(scope="session")
def cited_view(whole_view: ExportedView) -> ExportedView:
    """A view that was opened on a server, whose address the pack names."""
    return replace(whole_view, settings=replace(whole_view.settings, address=ADDRESS))


@pytest.fixture(scope="session")
def pack(cited_view: ExportedView, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an unpacked pack, which itself lies beside it."""
    folder = tmp_path_factory.mktemp("pack")
    write_pack(cited_view, folder / "pack.zip")
    with zipfile.ZipFile(folder / "pack.zip") as packed:
        packed.extractall(folder / "pack")
    return folder / "pack"


def test_frictionless_finds_the_rows_as_the_package_describes_them(
    pack: Path, cited_view: ExportedView, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(pack)
    report = frictionless.validate("datapackage.json")
    assert report.valid, report.flatten(["rowNumber", "fieldName", "message"])
    rows = frictionless.Package("datapackage.json").get_resource("incidents").read_rows()
    assert len(rows) == len(cited_view.positions)
    units = {field["name"]: field.get("unit") for field in _package(pack)["resources"][0]["schema"]["fields"]}
    assert (units["lat"], units["killed_best"], units["place"]) == ("degrees", "people", None)


def test_frictionless_refuses_a_changed_row(pack: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("datapackage.json", "incidents.csv"):
        (tmp_path / name).write_bytes((pack / name).read_bytes())
    content = (tmp_path / "incidents.csv").read_text("utf-8")
    (tmp_path / "incidents.csv").write_text(content.replace(",day,", ",noon,", 1), "utf-8", newline="")
    monkeypatch.chdir(tmp_path)
    kinds = {error for (error,) in frictionless.validate("datapackage.json").flatten(["type"])}
    assert "constraint-error" in kinds


def test_pandas_pyogrio_and_geopandas_read_the_same_incidents(pack: Path, cited_view: ExportedView) -> None:
    rows = pd.read_csv(pack / "incidents.csv", dtype_backend="numpy_nullable").set_index("incident_id")
    points = pyogrio.read_dataframe(pack / "incidents.gpkg", layer=INCIDENTS).set_index("incident_id")
    assert list(rows.index) == list(points.index)
    assert rows["killed_best"].sum() == points["killed_best"].sum()
    assert rows["lat"].notna().equals(points.geometry.notna())
    districts = gpd.read_file(pack / "districts.geojson").set_index("pcode")
    counted = rows.groupby("pcode")["n_events"].sum()
    assert districts["incidents"].loc[counted.index].equals(counted.astype("int32").rename("incidents"))
    assert districts["killed"].sum() == cited_view.figures.tally.value.sum()


def _package(pack: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads((pack / "datapackage.json").read_text("utf-8"))
    return found


def test_the_crate_describes_every_file_and_only_files_of_the_pack(pack: Path) -> None:
    crate = json.loads((pack / "ro-crate-metadata.json").read_text("utf-8"))
    assert crate["@context"] == "https://w3id.org/ro/crate/1.1/context"
    by_id = {entity["@id"]: entity for entity in crate["@graph"]}
    assert by_id["ro-crate-metadata.json"]["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.1"}
    assert by_id["ro-crate-metadata.json"]["about"] == {"@id": "./"}
    root = by_id["./"]
    # What RO-Crate 1.1 requires of the root.
    assert {"@type", "name", "description", "datePublished", "license"} <= set(root)
    assert {part["@id"] for part in root["hasPart"]} == {path.name for path in pack.iterdir()} - {
        "ro-crate-metadata.json"
    }
    assert all(by_id[part["@id"]]["@type"] == "File" for part in root["hasPart"])
    named = {value["@id"] for entity in crate["@graph"] for value in entity.values() if isinstance(value, dict)}
    assert named - {"https://w3id.org/ro/crate/1.1"} <= set(by_id)


def test_settings_licences_and_citation_are_those_of_the_view(pack: Path, cited_view: ExportedView) -> None:
    assert from_toml((pack / "settings.toml").read_text("utf-8")) == cited_view.settings
    licences = (pack / "LICENCES.txt").read_text("utf-8")
    assert "CC BY 3.0 IGO" in licences
    assert "GeoNames, CC BY 4.0" in licences
    cited = citation_of(notes_of(cited_view, INCIDENTS))
    assert (pack / "CITATION.bib").read_text("utf-8") == cited.bibtex()
    assert json.loads((pack / "CITATION.json").read_text("utf-8")) == cited.csl()
    assert cited.text() in (pack / "README.md").read_text("utf-8")


def test_equal_views_make_equal_packs_whose_times_are_the_day_of_the_data(pack: Path, cited_view: ExportedView) -> None:
    packed = pack.with_name("pack.zip")
    assert pack_content(cited_view) == packed.read_bytes()
    with zipfile.ZipFile(packed) as opened:
        assert {member.date_time for member in opened.infolist()} == {(2026, 11, 28, 0, 0, 0)}


def test_the_command_of_the_readme_makes_the_pack_again(pack: Path, toy_atlas_store: Path) -> None:
    (command,) = re.findall(r"```\n(.+?)\n```", (pack / "README.md").read_text("utf-8"))
    assert command == COMMAND
    program, *arguments = command.split()
    assert program == "kp-atlas"
    environment = os.environ | {"ATLAS_STORE": str(toy_atlas_store), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "geo", *arguments],
        cwd=pack,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    again = pack / "again.zip"
    try:
        assert "figures may differ" not in done.stderr
        assert again.read_bytes() == pack.with_name("pack.zip").read_bytes()
    finally:
        again.unlink()


def test_no_closed_row_is_anywhere_in_a_pack(toy_view: ExportedView, tmp_path: Path) -> None:
    write_pack(toy_view, tmp_path / "pack.zip")
    with zipfile.ZipFile(tmp_path / "pack.zip") as packed:
        for name in packed.namelist():
            content = packed.read(name)
            assert b"Secret" not in content, name
            assert b"acled:" not in content, name
        assert "2 rows of ACLED: counted on the pages, not passed on" in packed.read("README.md").decode()
