"""Whatever happens to a file on its way, it is read in full, in part with an account, or refused."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo import verbatim
from geo.ingest import read_upload
from geo.problems import ProblemCode, RejectedUpload

BAD_INPUTS = Path(__file__).resolve().parents[1] / "bad_inputs"
NAMES = ("date", "district", "latitude", "longitude", "killed_total")
LINES = (("2024-03-04", "Bannu", "32.9", "70.6", "3"), ("2024-03-05", "ٹانک", "", "", "at least 2"))


def as_csv() -> bytes:
    return "\r\n".join(",".join(line) for line in (NAMES, *LINES)).encode()


def as_zip() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("a.csv", as_csv())
    return content.getvalue()


def as_workbook() -> bytes:
    book = openpyxl.Workbook()
    for line in (NAMES, *LINES):
        book.active.append(line)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def as_parquet() -> bytes:
    content = io.BytesIO()
    pq.write_table(
        pa.table({name: list(cells) for name, cells in zip(NAMES, zip(*LINES, strict=True), strict=True)}), content
    )
    return content.getvalue()


def as_geojson() -> bytes:
    features = [
        {"type": "Feature", "properties": dict(zip(NAMES, line, strict=True)), "geometry": None} for line in LINES
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


WHOLE = {kind.__name__: kind() for kind in (as_csv, as_zip, as_workbook, as_parquet, as_geojson)}
PATCH = st.one_of(
    st.binary(max_size=3), st.sampled_from([b'"', b",", b"\n", b"\x00", b"NaN", b"9" * 30, b"{", b"PK\x01\x02"])
)


@pytest.mark.case(8, 22)
@pytest.mark.parametrize("kind", WHOLE)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_damage_anywhere_is_accounted_for_or_refused(read, kind, data):
    content = bytearray(WHOLE[kind])
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(content)))
        content[start : start + data.draw(st.integers(0, 4))] = data.draw(PATCH)
    try:
        result = read(bytes(content))
    except RejectedUpload:
        return
    result.rows.validate(full=True)
    assert result.n_accepted + result.n_refused == result.n_rows_in
    assert (result.n_refused > 0) == (result.n_problems > 0)
    for chunk in result.rows["raw"].chunks:
        assert [json.loads(text) for text in verbatim.json_texts(chunk).to_pylist()] == chunk.to_pylist()


@pytest.mark.case(21, 23)
@pytest.mark.fault
@pytest.mark.parametrize(
    "name",
    [
        "expands_too_much__archive.zip",
        "line_too_long__archive.zip",
        "too_many_columns__far_cell.xlsx",
        "unsafe_xml__entities.xlsx",
        "json__deep.json",
        "damaged_workbook__false_size.xlsx",
    ],
)
def test_bombs_are_refused_through_the_guarded_door(limits, name):
    path = BAD_INPUTS / name
    with pytest.raises(RejectedUpload) as caught:
        read_upload(path, name, limits=limits | {"child_cpu_s": 10, "child_memory_mb": 2048})
    assert caught.value.problems[0].code is ProblemCode(name.split("__")[0])


@pytest.mark.fault
def test_a_workbook_whose_cells_are_spread_over_a_huge_area_is_refused_by_its_memory(tmp_path, limits):
    book = openpyxl.Workbook()
    book.active["A1"], book.active["ZZ1048576"] = "date", "far"
    path = tmp_path / "sparse.xlsx"
    book.save(path)
    with pytest.raises(RejectedUpload) as caught:
        read_upload(path, "sparse.xlsx", limits=limits)
    assert caught.value.problems[0].code is ProblemCode.MEMORY_LIMIT


@pytest.mark.case(22)
@pytest.mark.fault
def test_an_old_workbook_whose_records_ask_for_gigabytes_is_refused_by_its_memory(limits):
    path = Path(__file__).parent / "workbooks" / "asks_for_gigabytes.xls"
    with pytest.raises(RejectedUpload) as caught:
        read_upload(path, path.name, limits=limits | {"child_memory_mb": 1024})
    assert caught.value.problems[0].code is ProblemCode.MEMORY_LIMIT
