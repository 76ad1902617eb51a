"""Every format holds the same rows with their types, no closed row, no point of a coarse place, and its own notes."""

from __future__ import annotations

import io
import json
import re
import sqlite3
import zipfile
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import pytest

from geo.atlas import Atlas
from geo.export import files, workbook
from geo.export.columns import COLUMNS_OF, DISTRICTS, INCIDENTS
from geo.export.files import FORMATS
from geo.export.notes import notes_of
from geo.export.rows import table_of
from geo.export.view import ExportedView
from geo.export.view_settings import ViewSettings
from geo.filters import Filters
from geo.problems import RejectedUpload
from geo.text import csv_cell_text
from geo.wording import in_language
from tests.export.conftest import HOSTILE

LEAVING = ["toy:1", "toy:2", "toy:3", "toy:4", "toy:5"]


def written(view: ExportedView, table: str, kind: str, folder: Path) -> Path:
    path = folder / f"{table}{FORMATS[kind].suffix}"
    FORMATS[kind].write(view, table, path)
    return path


def csv_frame(path: Path) -> pd.DataFrame:
    """Read the table below the notes as the first line of the file says."""
    lines = path.read_text("utf-8-sig").splitlines()
    begins = int(lines[0].split("begins on line ")[1].rstrip('."'))
    return pd.read_csv(path, skiprows=begins - 1, dtype_backend="numpy_nullable")


def read(path: Path, table: str) -> pd.DataFrame:
    """Read a file with a library that did not write it."""
    if path.suffix == ".csv":
        return csv_frame(path)
    if path.suffix == ".xlsx":
        return pd.read_excel(path, sheet_name=table, engine="openpyxl")
    if path.suffix == ".parquet":
        return gpd.read_parquet(path)
    return gpd.read_file(path, **({"layer": table} if path.suffix == ".gpkg" else {}))


@pytest.mark.parametrize("kind", FORMATS)
def test_only_rows_that_may_be_passed_on_leave(toy_view: ExportedView, tmp_path: Path, kind: str) -> None:
    path = written(toy_view, INCIDENTS, kind, tmp_path)
    frame = read(path, INCIDENTS)
    assert sorted(frame["incident_id"]) == LEAVING
    assert list(frame.columns)[: len(COLUMNS_OF[INCIDENTS])] == [one.name for one in COLUMNS_OF[INCIDENTS]]
    content = path.read_bytes()
    if kind == "xlsx":
        with zipfile.ZipFile(path) as book:
            content = b"".join(book.read(name) for name in book.namelist())
    assert b"Secret" not in content
    assert b"acled:" not in content


@pytest.mark.parametrize("kind", FORMATS)
def test_types_are_kept_and_what_is_missing_is_not_zero(toy_view: ExportedView, tmp_path: Path, kind: str) -> None:
    frame = read(written(toy_view, INCIDENTS, kind, tmp_path), INCIDENTS).set_index("incident_id")
    days = pd.to_datetime(frame["date_start"])
    assert days["toy:1"] == pd.Timestamp(2024, 2, 29)
    assert [frame.loc["toy:2", f"killed_{end}"] for end in ("low", "best", "high")] == [2, 3, 7]
    assert frame.loc["toy:3", "killed_best"] == 0
    assert pd.isna(frame.loc["toy:1", "killed_best"])
    assert frame.loc["toy:5", "n_events"] == 4
    assert bool(frame.loc["toy:1", "is_district_conflict"]) is False
    assert frame.loc["toy:4", "place"] == "میران شاہ"
    assert frame.loc["toy:1", "district"] == "Peshawar"


@pytest.mark.parametrize("kind", FORMATS)
def test_coarse_places_have_no_point(toy_view: ExportedView, tmp_path: Path, kind: str) -> None:
    frame = read(written(toy_view, INCIDENTS, kind, tmp_path), INCIDENTS).set_index("incident_id")
    assert frame["lat"].dropna().to_dict() == {"toy:1": 33.9, "toy:4": 33.0}
    assert frame["lon"].dropna().to_dict() == {"toy:1": 71.4, "toy:4": 70.1}
    if kind not in ("csv", "xlsx"):
        points = frame.geometry[frame.geometry.notna()]
        assert {key: (point.x, point.y) for key, point in points.items()} == {
            "toy:1": (71.4, 33.9),
            "toy:4": (70.1, 33.0),
        }
        assert frame.crs.equals("EPSG:4326") or frame.crs.equals("OGC:CRS84")


@pytest.mark.parametrize("kind", FORMATS)
def test_districts_hold_the_figures_of_the_map(whole_view: ExportedView, tmp_path: Path, kind: str) -> None:
    frame = read(written(whole_view, DISTRICTS, kind, tmp_path), DISTRICTS).set_index("pcode")
    assert len(frame) == 35
    tally, values = whole_view.figures.tally, pd.Series(whole_view.figures.values, list(whole_view.districts.pcodes))
    assert frame["killed"].sum() == tally.value.sum()
    assert (frame["value"].astype(float) - values).abs().max() < 1e-12
    assert frame["value"].isna().equals(values.isna())
    # A rate of fewer than three incidents is no figure, its number is.
    few = frame[(frame["n_value"] > 0) & (frame["n_value"] < 3)]
    assert len(few)
    assert few["value"].isna().all()
    assert few["incidents"].gt(0).all()


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("table", [INCIDENTS, DISTRICTS])
def test_equal_input_gives_equal_bytes(whole_view: ExportedView, kind: str, table: str) -> None:
    assert files.content(whole_view, table, kind) == files.content(whole_view, table, kind)


def test_the_only_time_inside_a_file_is_the_day_of_the_data(whole_view: ExportedView, tmp_path: Path) -> None:
    day = whole_view.version.day.isoformat()
    with closing(sqlite3.connect(written(whole_view, DISTRICTS, "gpkg", tmp_path))) as package:
        changed = {row[0] for row in package.execute("SELECT last_change FROM gpkg_contents")}
    assert changed == {f"{day}T00:00:00.000Z"}
    with zipfile.ZipFile(written(whole_view, DISTRICTS, "xlsx", tmp_path)) as book:
        times = re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", book.read("docProps/core.xml").decode())
    assert set(times) == {f"{day}T00:00:00Z"}


def said_in(path: Path) -> str:
    """Return the notes inside a file as one text, read by its own means."""
    if path.suffix == ".csv":
        return path.read_text("utf-8-sig").split("\r\nincident_id,")[0]
    if path.suffix == ".xlsx":
        sheet = openpyxl.load_workbook(path)["README"]
        return "\n".join(f"{row[0].value}: {row[1].value}" for row in sheet.iter_rows())
    if path.suffix == ".geojson":
        return json.dumps(json.loads(path.read_text("utf-8"))["kp_atlas"], ensure_ascii=False)
    if path.suffix == ".gpkg":
        return "\n".join(pyogrio.read_dataframe(path, layer="notes")["said"])
    return pq.read_schema(path).metadata[b"kp_atlas"].decode()


@pytest.mark.parametrize("kind", FORMATS)
def test_the_notes_are_inside_the_file(toy_view: ExportedView, tmp_path: Path, kind: str) -> None:
    said = said_in(written(toy_view, INCIDENTS, kind, tmp_path))
    notes = notes_of(toy_view, INCIDENTS)
    for part in (notes.title, notes.period, notes.shown, notes.settings_hash, toy_view.version.code, "2026-11-28"):
        assert part in said
    assert "Dataset: toy.csv" in said
    assert "2 rows of ACLED: counted on the pages, not passed on (Terms of ACLED: no rows are passed on)" in said
    assert "the points of 3 rows, whose place is known only to a district or less" in said
    assert "a sample, not a census" in said
    assert "CC BY 3.0 IGO" in said
    assert "As the owner of the file allows" in said


def test_notes_count_what_the_file_holds(toy_view: ExportedView) -> None:
    notes = notes_of(toy_view, INCIDENTS)
    assert notes.shown == f"5 rows, 8 of {int(toy_view.table.n_events.sum()):,} incidents"
    assert sum(batch.num_rows for batch in table_of(toy_view, INCIDENTS).batches()) == 5


def test_a_file_of_districts_names_closed_sources_whose_incidents_it_counts(toy_view: ExportedView) -> None:
    assert [source.key for source in notes_of(toy_view, DISTRICTS).sources] == ["acled", "template", "districts"]
    assert [source.key for source in notes_of(toy_view, INCIDENTS).sources] == ["template", "districts"]


@pytest.mark.case(48)
def test_hostile_cells_are_inert_in_what_a_spreadsheet_opens(toy_view: ExportedView, tmp_path: Path) -> None:
    frame = csv_frame(written(toy_view, INCIDENTS, "csv", tmp_path)).set_index("incident_id")
    assert frame.loc["toy:3", "place"] == f"'{HOSTILE}"
    assert csv_cell_text(frame.loc["toy:3", "place"]) == HOSTILE
    assert frame.loc["toy:3", "group_reported"] == "'@cmd"
    assert frame.loc["toy:4", "summary"] == "'=1+1"
    path = written(toy_view, INCIDENTS, "xlsx", tmp_path)
    cells = [cell for row in openpyxl.load_workbook(path)[INCIDENTS].iter_rows(min_row=2) for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d", "b", "inlineStr"}
    assert all(cell.hyperlink is None for cell in cells)
    with zipfile.ZipFile(path) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet
        assert "hyperlink" not in sheet.replace("HYPERLINK", "")
        assert not [name for name in book.namelist() if "rels" in name and b"http://e" in book.read(name)]


def test_texts_for_programs_are_as_the_source_wrote_them(toy_view: ExportedView, tmp_path: Path) -> None:
    for kind in ("geojson", "gpkg", "parquet"):
        frame = read(written(toy_view, INCIDENTS, kind, tmp_path), INCIDENTS).set_index("incident_id")
        assert frame.loc["toy:3", "place"] == HOSTILE


def test_a_cell_longer_than_a_workbook_holds_is_cut_and_says_so() -> None:
    assert workbook._cell("x" * 32_767) == "x" * 32_767
    cut = workbook._cell("x" * 32_768)
    assert len(cut) == 32_767
    assert cut.endswith("[cut: a cell of a workbook holds no more]")


def test_a_workbook_refuses_more_rows_than_a_sheet_holds(toy_view: ExportedView, tmp_path: Path) -> None:
    small = replace(FORMATS["xlsx"], most_rows=4)
    with pytest.raises(RejectedUpload, match="holds 4 rows; there are 5"):
        small.write(toy_view, INCIDENTS, tmp_path / "many.xlsx")
    assert not list(tmp_path.iterdir())
    assert FORMATS["xlsx"].most_rows == 2**20 - 1


def test_notes_are_in_the_language_of_the_reader(toy_view: ExportedView) -> None:
    with in_language("qps"):
        content = files.content(toy_view, INCIDENTS, "csv").decode("utf-8-sig")
    assert "⟦" in content.splitlines()[1]
    assert "incident_id,date_start" in content


def test_a_view_without_incidents_is_a_file_without_rows(atlas: Atlas, tmp_path: Path) -> None:
    view = atlas.exported(ViewSettings(Filters(start=date(1990, 1, 1), end=date(1990, 2, 1))))
    for kind in FORMATS:
        assert len(read(written(view, INCIDENTS, kind, tmp_path), INCIDENTS)) == 0
        assert len(read(written(view, DISTRICTS, kind, tmp_path), DISTRICTS)) == 35
    assert io.BytesIO(files.content(view, INCIDENTS, "csv")).read().endswith(b"note\r\n")


def test_the_notes_of_a_workbook_in_urdu_run_from_the_right_with_marks_of_urdu(
    whole_view: ExportedView, tmp_path: Path
) -> None:
    with in_language("ur"):
        book = openpyxl.load_workbook(written(whole_view, INCIDENTS, "xlsx", tmp_path))
    sheet = book["README"]
    assert sheet.sheet_view.rightToLeft
    assert not book[INCIDENTS].sheet_view.rightToLeft, "rows with English names of columns"
    said = [str(row[1].value) for row in sheet.iter_rows()]
    assert not [line for line in said if re.search("[\u0600-\u06ff]\\)?[;,] ", line)]
