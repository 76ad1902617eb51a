"""`kp-atlas export`: the filters of an address, the settings of a pack, and refusals that leave no file behind."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from geo.atlas import Atlas
from geo.cli import main
from geo.export.view_settings import ViewSettings, to_toml
from geo.filters import Filters


@pytest.fixture(autouse=True)
def _store(toy_atlas_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATLAS_STORE", str(toy_atlas_store))


def test_filters_of_an_address_are_options(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out.parquet"
    options = ["--from", "2024-01-01", "--to", "2024-12-31", "--district", "PK503,PK528", "--fatal"]
    assert main(["export", *options, "--sources", "register", "--format", "parquet", "--out", str(out)]) == 0
    frame = gpd.read_parquet(out)
    assert len(frame)
    assert set(frame["pcode"]) <= {"PK503", "PK528"}
    assert frame["killed_best"].gt(0).all()
    assert {day.year for day in frame["date_start"]} == {2024}
    assert f"{len(frame)} rows" in capsys.readouterr().out


def test_districts_with_a_measure_are_a_table_of_their_own(tmp_path: Path, atlas: Atlas) -> None:
    out = tmp_path / "out.xlsx"
    options = ["--table", "districts", "--measure", "killed", "--per", "per_100k", "--sources", "register"]
    assert main(["export", *options, "--format", "xlsx", "--out", str(out)]) == 0
    frame = pd.read_excel(out, sheet_name="districts", engine="openpyxl").set_index("pcode")
    expected = atlas.by_district(Filters(sources="register"), "killed", "per_100k")
    stated = frame["value"].dropna()
    assert (stated - expected["value"].loc[stated.index]).abs().max() < 1e-12


def test_the_python_interface_writes_the_same_file(tmp_path: Path, atlas: Atlas) -> None:
    chosen = Filters(start=date(2024, 1, 1), sources="register")
    own = atlas.export(tmp_path / "own.csv", chosen)
    options = ["--from", "2024-01-01", "--sources", "register", "--measure", "incidents", "--per", "count"]
    assert main(["export", *options, "--format", "csv", "--out", str(tmp_path / "out.csv")]) == 0
    assert own.read_bytes() == (tmp_path / "out.csv").read_bytes()
    pack = atlas.export(tmp_path / "own.zip", chosen)
    assert main(["export", *options, "--format", "pack", "--out", str(tmp_path / "out.zip")]) == 0
    assert pack.read_bytes() == (tmp_path / "out.zip").read_bytes()
    with zipfile.ZipFile(pack) as packed:
        assert packed.read("CITATION.bib").decode() == atlas.citation(chosen).bibtex()
    with pytest.raises(KeyError, match=r"'.doc' is none of .csv"):
        atlas.export(tmp_path / "own.doc")


def test_another_data_version_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "settings.toml").write_text(to_toml(ViewSettings(data_version="0123456789ab")), "utf-8")
    arguments = [str(tmp_path / "settings.toml"), "--format", "csv", "--out", str(tmp_path / "out.csv")]
    assert main(["export", *arguments]) == 0
    assert "made with data version 0123456789ab" in capsys.readouterr().err


def test_what_the_delay_withheld_then_stays_left_out(atlas: Atlas) -> None:
    early = atlas.exported(ViewSettings(Filters(sources="register"), shown_until=date(2024, 12, 31)))
    assert early.table.last_day is not None
    assert early.table.last_day <= date(2024, 12, 31)
    assert early.settings.shown_until == date(2024, 12, 31)
    assert early.table.n_withheld > 0
    assert atlas.exported(ViewSettings(Filters(sources="register"))).settings.shown_until is None


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--attack", "no_such"], "--attack"),
        (["--from", "2024-13-01"], "--from"),
        (["--from", "2024-02-01", "--to", "2024-01-01"], "--from"),
    ],
)
def test_a_filter_that_cannot_be_used_is_named(
    arguments: list[str], named: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", *arguments, "--format", "csv", "--out", str(tmp_path / "out.csv")]) == 2
    assert named in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_settings_and_filters_are_not_mixed(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text(to_toml(ViewSettings()), "utf-8")
    arguments = [str(tmp_path / "settings.toml"), "--fatal", "--format", "csv", "--out", str(tmp_path / "out.csv")]
    assert main(["export", *arguments]) == 2
    assert not (tmp_path / "out.csv").exists()


def test_a_folder_that_is_not_there_is_said_and_nothing_is_left(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for kind in ("csv", "gpkg", "xlsx", "pack"):
        out = tmp_path / "no such folder" / "out"
        assert main(["export", "--format", kind, "--out", str(out)]) == 1
        assert "cannot be written" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_file_that_stands_there_is_replaced_as_a_whole(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    out.write_text("x" * 10_000_000)
    assert main(["export", "--format", "csv", "--table", "districts", "--out", str(out)]) == 0
    assert out.stat().st_size < 100_000
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]
