"""The kind of a file is read from its bytes; its name is only ever a label."""

from __future__ import annotations

import io
import sqlite3
import zipfile
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from geo.ingest import read_upload
from geo.problems import ProblemCode
from tests.unguarded import note_words

ROWS = "date,district\n2024-03-04,Bannu\n"


def zipped(*members: tuple[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", compression) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return content.getvalue()


def database() -> bytes:
    connection = sqlite3.connect(":memory:")
    connection.execute("create table t (a)")
    connection.commit()
    content = connection.serialize()
    connection.close()
    return content


@pytest.mark.case(4, 5, 6)
@pytest.mark.parametrize(
    ("content", "code", "word"),
    [
        (b"%PDF-1.7\n", ProblemCode.WRONG_TYPE, "PDF"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), ProblemCode.WRONG_TYPE, "PNG"),
        (b"\x1f\x8b\x08" + bytes(40), ProblemCode.WRONG_TYPE, "gzip"),
        (b"MZ\x90\x00\x03" + bytes(range(60)), ProblemCode.WRONG_TYPE, "binary"),
        (bytes(range(256)) * 4, ProblemCode.WRONG_TYPE, "binary"),
        (database(), ProblemCode.TYPE_NOT_ACCEPTED, "SQLite"),
        (b"\xd0\xcf\x11\xe0" + bytes(500), ProblemCode.TYPE_NOT_ACCEPTED, "old Office program"),
        (b"\x80\x04\x95" + bytes(20), ProblemCode.TYPE_NOT_ACCEPTED, "pickle"),
        (b"\x00\x00\x27\x0a" + bytes(40), ProblemCode.TYPE_NOT_ACCEPTED, "shapefile"),
        (b"ARROW1\x00\x00" + bytes(40), ProblemCode.TYPE_NOT_ACCEPTED, "Feather"),
        (b"<OGRVRTDataset><OGRVRTLayer/></OGRVRTDataset>", ProblemCode.TYPE_NOT_ACCEPTED, "OGRVRTDataset"),
        (b'<?xml version="1.0"?>\n<kml xmlns="x"/>', ProblemCode.TYPE_NOT_ACCEPTED, "kml"),
        (b"<!DOCTYPE html><html></html>", ProblemCode.TYPE_NOT_ACCEPTED, "DOCTYPE"),
        (b'{"type": "gdal_streamed_alg", "command_line": "x"}', ProblemCode.JSON, "no list of records"),
        (b"PAR1" + bytes(40), ProblemCode.TRUNCATED, "Parquet"),
    ],
)
@pytest.mark.parametrize("name", ["table.csv", "table.xlsx", "table.geojson"])
def test_what_is_no_table_is_named_for_what_it_is(refusal, content, code, word, name):
    problem = refusal(content, name).problems[0]
    assert problem.code is code
    assert word in str(problem.message)


@pytest.mark.case(4)
@pytest.mark.parametrize("name", ["table.pdf", "table", "table.exe", "x.geojson"])
def test_a_table_is_read_whatever_its_name(read, name):
    assert read(ROWS, name).n_accepted == 1


HOSTILE_NAMES = [
    "../../x.csv",
    "..\\x.csv",
    "/vsicurl/http://127.0.0.1:9/x.csv",
    "C:\\x.csv",
    "n" * 300 + ".csv",
    "nul\x00.csv",
    "line\nbreak.csv",
    "\u202efdp.csv",
]


@pytest.mark.case(3)
@pytest.mark.parametrize("name", HOSTILE_NAMES, ids=range(len(HOSTILE_NAMES)))
def test_a_hostile_name_is_a_short_label_and_never_a_path(tmp_path, limits, name):
    path = tmp_path / "own-name"
    path.write_text(ROWS)
    before = sorted(tmp_path.iterdir())
    label = read_upload(path, name, limits=limits).file
    assert len(label) <= 80
    assert not any(character in label for character in "/\\\x00\n\u202e")
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.case(5)
def test_an_archive_of_anything_but_one_table_is_refused(refusal):
    two = zipped(("a.csv", ROWS.encode()), ("b.csv", ROWS.encode()))
    nested = zipped(("a.zip", zipped(("a.csv", ROWS.encode()))))
    for content in (two, nested, zipped()):
        assert refusal(content).problems[0].code is ProblemCode.TYPE_NOT_ACCEPTED


@pytest.mark.parametrize(
    "name", ["__MACOSX/._a.csv", "__MACOSX/x/._a.csv", "._a.csv", "x/.DS_Store", "Thumbs.db", "x/Desktop.ini"]
)
def test_what_an_operating_system_puts_into_an_archive_is_passed_over_and_told(read, name):
    result = read(zipped(("x/", b""), ("x/a.csv", ROWS.encode()), (name, b"\x00\x05\x16\x07")))
    assert result.n_accepted == 1
    assert "Read from the archive: a.csv." in note_words(result)
    assert any("were ignored" in note and name.split("/")[-1] in note for note in note_words(result))


def test_a_table_whose_name_ends_like_a_system_file_is_a_table(read):
    assert read(zipped(("my desktop.ini", ROWS.encode()))).n_accepted == 1


def test_an_archive_of_several_tables_names_them(refusal):
    readme = ("README.txt", b"About these data\n")
    for second in ("b.csv", "read me.txt", "LICENSE"):
        problem = refusal(zipped(("a.csv", ROWS.encode()), readme, (second, ROWS.encode()))).problems[0]
        assert f"2 files: a.csv, {second}." in str(problem.message)
    quoted = (
        b'date,district,notes\n2024,Bannu,"one, two"\n2024,Tank,"three\n\nfour, five"\n' + b'2024,Swat,"x, y"\n' * 9000
    )
    for other in (
        b'{"type": "FeatureCollection"}',
        quoted,
        "تاریخ,مقام\n2024,مردان\n2024,بنوں\n".encode(),
        ROWS.encode("utf-16"),
        b"date\tdistrict\n2024\tBannu\n",
    ):
        problem = refusal(zipped(("a.csv", ROWS.encode()), ("second.txt", other))).problems[0]
        assert "2 files: a.csv, second.txt." in str(problem.message)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("README", b"About these data, in short\n\nThey are yearly.\n"),
        ("x/LICENSE.txt", b"MIT License\n\nPermission is hereby granted, free of charge, to any person\n"),
        ("notes.txt", b""),
        ("codebook.pdf", b"%PDF-1.7\n"),
        ("Read me.md", b"| column | meaning |\n|---|---|\n"),
    ],
)
def test_a_note_beside_the_one_table_of_an_archive_is_passed_over_and_told(read, name, content):
    for members in (((name, content), ("a.csv", ROWS.encode())), (("a.csv", ROWS.encode()), (name, content))):
        result = read(zipped(*members))
        assert result.n_accepted == 1
        assert "Read from the archive: a.csv." in note_words(result)
        assert any("were ignored" in note and name.split("/")[-1] in note for note in note_words(result))


def test_an_archive_of_notes_alone_is_refused_with_their_names(refusal):
    problem = refusal(zipped(("README", b"About"), ("LICENSE", b"MIT"))).problems[0]
    assert "2 files: README, LICENSE." in str(problem.message)


def test_a_table_named_like_a_note_is_read_if_it_is_the_only_one(read):
    assert read(zipped(("table.txt", ROWS.encode()), ("README.md", b"About"))).n_accepted == 1
    assert read(zipped(("README.txt", ROWS.encode()))).n_accepted == 1


@pytest.mark.case(3)
def test_members_with_paths_are_labels_only(read, tmp_path):
    result = read(zipped(("../../../escaped.csv", ROWS.encode())))
    assert result.n_accepted == 1
    assert any("escaped.csv" in note and "/" not in note for note in note_words(result))
    assert not (tmp_path.parent / "escaped.csv").exists()


@pytest.mark.case(5)
def test_an_archive_with_a_link_is_refused(refusal):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        link = zipfile.ZipInfo("link.csv")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert refusal(content.getvalue()).problems[0].code is ProblemCode.DAMAGED_WORKBOOK


def test_an_archive_in_an_uncommon_compression_is_refused(refusal):
    content = zipped(("a.csv", ROWS.encode()), compression=zipfile.ZIP_LZMA)
    assert refusal(content).problems[0].code is ProblemCode.DAMAGED_WORKBOOK


def test_an_archive_that_expands_without_bound_is_refused(refusal):
    content = zipped(("a.csv", ROWS.encode() + b" " * 20_000_000))
    assert refusal(content).problems[0].code is ProblemCode.EXPANDS_TOO_MUCH


def test_parquet_limits_hold_before_anything_is_read(refusal):
    content = io.BytesIO()
    pq.write_table(pa.table({"date": ["2024-03-04"] * 5, "district": ["Bannu"] * 5}), content)
    assert refusal(content.getvalue(), limit_rows=4).problems[0].code is ProblemCode.TOO_LARGE
    assert refusal(content.getvalue(), limit_columns=1).problems[0].code is ProblemCode.TOO_MANY_COLUMNS
    assert refusal(content.getvalue(), limit_unpacked_mb=0).problems[0].code is ProblemCode.EXPANDS_TOO_MUCH


def test_parquet_columns_of_bytes_are_passed_over_and_named(read):
    content = io.BytesIO()
    pq.write_table(pa.table({"date": ["2024-03-04"], "district": ["Bannu"], "geometry": [b"\x01\x02"]}), content)
    assert any("geometry" in note for note in note_words(read(content.getvalue())))


@pytest.mark.parametrize("kind", [pa.float64(), pa.float32()])
def test_a_parquet_nan_is_a_missing_value_in_every_column(read, kind):
    numbers = {"latitude": 32.5, "longitude": 70.5, "killed_total": 3.0, "injured_total": 1.0}
    columns = {name: pa.array([number, float("nan")], kind) for name, number in numbers.items()}
    content = io.BytesIO()
    pq.write_table(pa.table({"date": ["2024-03-04"] * 2, "district": ["Bannu"] * 2} | columns), content)
    result = read(content.getvalue())
    assert result.n_refused == 0, result.problems
    assert result.rows["lat"].null_count == result.rows["lon"].null_count == result.rows["killed_best"].null_count == 1
    assert {result.rows["raw"][1].as_py()[name] for name in numbers} == {""}


@pytest.mark.case(26)
@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (2**30, pa.date32()),
        (2**62, pa.date64()),
        (2**60, pa.timestamp("us")),
        (0, pa.timestamp("s", tz="Mars/Base")),
        (2**62, pa.duration("s")),
    ],
    ids=str,
)
def test_a_value_of_parquet_that_is_no_day_refuses_its_row_alone(read, value, kind):
    content = io.BytesIO()
    pq.write_table(pa.table({"date": pa.array([value], kind), "district": ["Bannu"]}), content)
    result = read(content.getvalue())
    assert (result.n_accepted, [problem.column for problem in result.problems]) == (0, ["date"])


@pytest.mark.case(26)
def test_the_other_days_of_a_column_with_one_beyond_all_days_are_read(read):
    content = io.BytesIO()
    pq.write_table(pa.table({"date": pa.array([19786, 2**30], pa.date32()), "district": ["Bannu", "Tank"]}), content)
    result = read(content.getvalue())
    assert result.rows["date_start"].to_pylist() == [date(2024, 3, 4)]
    assert [(problem.row, problem.value) for problem in result.problems] == [(3, "<date32[day]>")]


@pytest.mark.case(5, 52)
def test_no_module_of_the_readers_reaches_a_library_that_opens_other_files():
    for module in (Path(__file__).resolve().parents[2] / "geo" / "ingest").rglob("*.py"):
        text = module.read_text(encoding="utf-8")
        assert not any(name in text for name in ("geopandas", "pyogrio", "fiona", "duckdb", "urllib", "requests"))


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        (("mimetype", "content.xml"), "OpenDocument"),
        (("[Content_Types].xml", "word/document.xml"), "Word"),
        (("[Content_Types].xml", "xl/workbook.bin"), "xlsb"),
        (("points.shp", "points.dbf"), "shapefile"),
        (("doc.kml",), "Google Earth"),
    ],
)
def test_a_document_that_is_an_archive_is_named_for_what_it_is(refusal, names, kind):
    problem = refusal(zipped(*((name, b"x") for name in names))).problems[0]
    assert problem.code is ProblemCode.TYPE_NOT_ACCEPTED
    assert kind in str(problem.message)
    assert "CSV" in str(problem.hint) or ".xlsx" in str(problem.hint)
