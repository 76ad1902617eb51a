"""The Python interface does what docs/python.md shows, with frames whose counts a person can check in the csv file."""

from __future__ import annotations

import csv
import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

import geo
from geo.atlas import Atlas
from geo.problems import AtlasError
from geo.settings import DATA_DIR

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def atlas(tmp_path_factory: pytest.TempPathFactory) -> Atlas:
    return geo.open(str(tmp_path_factory.mktemp("atlas") / "store"))


@pytest.fixture(scope="module")
def register() -> list[dict[str, str]]:
    with (DATA_DIR / "incidents.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_the_example_of_the_document_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ATLAS_STORE", str(tmp_path / "store"))
    monkeypatch.chdir(tmp_path)
    (example,) = re.findall(r"```python\n(.+?)```", (ROOT / "docs" / "python.md").read_text("utf-8"), re.DOTALL)
    exec(compile(example, "docs/python.md", "exec"), {})
    shown = capsys.readouterr().out
    assert "fatal incidents" in shown
    assert "of the points lie in the stated district" in shown
    assert "default-src 'none'" in (tmp_path / "map.html").read_text("utf-8")


def test_incidents_are_the_rows_of_the_register(atlas: Atlas, register: list[dict[str, str]]) -> None:
    own = atlas.incidents(geo.Filters(sources="register"))
    assert len(own) == len(register)
    assert own.crs.to_epsg() == 4326
    assert dict(own["date_start"].dt.year.value_counts()) == Counter(int(row["date"][:4]) for row in register)
    for column, name in (("killed_police", "killed_police"), ("injured", "injured_total")):
        assert own[column].sum() == sum(int(row[name]) for row in register if row[name])
        assert own[column].isna().sum() == sum(not row[name] for row in register)


def test_two_periods_are_compared_by_district(atlas: Atlas, register: list[dict[str, str]]) -> None:
    year = {n: (date(n, 1, 1), date(n, 12, 31)) for n in (2020, 2024, 2025)}
    found = atlas.compare(year[2024], year[2025])
    n = Counter(row["date"][:4] for row in register if row["pcode"] == "PK503")
    assert (found.loc["PK503", "first"], found.loc["PK503", "second"]) == (n["2024"], n["2025"])
    assert found.loc["PK503", "verdict"] == "higher"
    assert found.attrs["all"]["low"] <= found.attrs["all"]["ratio"] <= found.attrs["all"]["high"]
    with pytest.raises(AtlasError, match="recorded differently"):
        atlas.compare(year[2020], year[2025])


def test_only_exact_and_near_places_have_a_point(atlas: Atlas) -> None:
    frame = atlas.incidents()
    has_point = frame["geo_precision"].isin(["exact", "near"])
    assert (frame.geometry.notna() <= has_point).all()
    assert frame.geometry.notna().any()


def test_by_district_counts_what_incidents_lists(atlas: Atlas) -> None:
    filters = geo.Filters(start=date(2024, 1, 1), end=date(2024, 12, 31))
    counted = atlas.by_district(filters)
    listed = atlas.incidents(filters).groupby("pcode", observed=False)["n_events"].sum()
    assert counted["value"].to_dict() == {pcode: float(n) for pcode, n in listed.items()}
    assert counted.index.name == "pcode"
    assert len(counted) == 35


def test_a_district_without_any_stated_toll_has_no_value(atlas: Atlas) -> None:
    unstated = atlas.incidents()
    day = unstated.loc[unstated["killed_best"].isna() & unstated["pcode"].notna(), "date_start"].iloc[0].date()
    killed = atlas.by_district(geo.Filters(start=day, end=day), measure="killed")
    is_unstated = (killed["n_incidents"] > 0) & (killed["n_unknown"] == killed["n_incidents"])
    assert is_unstated.any()
    assert killed.loc[is_unstated, "value"].isna().all()


def test_the_index_is_that_of_the_command(atlas: Atlas) -> None:
    frame = atlas.access(date(2025, 1, 1), date(2025, 12, 31), "register")
    records = {
        record.pcode: record for record in atlas.access_index(date(2025, 1, 1), date(2025, 12, 31), "register").records
    }
    assert frame["class_label"].to_dict() == {pcode: str(record.class_label) for pcode, record in records.items()}


def test_a_window_that_is_too_short_is_refused_with_the_limits(atlas: Atlas) -> None:
    with pytest.raises(AtlasError, match="A window has 3 to"):
        atlas.access(date(2025, 1, 1), date(2025, 1, 31), "register")


def test_an_unknown_public_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="incidents_of_tomorrow"):
        _ = geo.incidents_of_tomorrow
