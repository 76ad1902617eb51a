"""A bulk run gives what one reading gives, accounts for every row, and goes on where it was interrupted."""

from __future__ import annotations

import csv
import gzip
import json
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from geo import bulk, verbatim
from geo.analysis.counting import questions
from geo.analysis.locating.locate import assign_districts
from geo.bulk import BulkOptions, run, work
from geo.districts import load as load_districts
from geo.filters import Filters
from geo.incidents import build
from geo.ingest import AnswersNeeded, ReadOptions, read_upload
from geo.problems import ProblemCode, RejectedUpload
from geo.schema import COLUMN_NAMES, LIMITS
from geo.store import Store
from tests.toy_bulk import COLUMNS, Write, line

LIMIT_VALUES = {name: limit.default for name, limit in LIMITS.items()}
# Forty rows in one file: two are refused, one repeats an earlier identifier, one text runs over lines.
ROWS = [line(n, date=f"2024-01-{n % 28 + 1:02}", place=f"place {n}") for n in range(1, 38)]
ROWS.insert(5, line("text", notes='first line\nsecond "line", with a comma'))
ROWS.insert(20, line("bad date", date="2024-13-45"))
ROWS.insert(30, line("bad toll", killed_total="many", date="1912-01-01"))
ROWS.insert(33, line("7", place="told again"))


def one_reading(path: Path) -> Any:
    return read_upload(path, path.name, limits=LIMIT_VALUES)


def equals_one_reading(out: Path, path: Path, **answers: Any) -> None:
    """Check that the parts of a run hold what one reading of its file gives."""
    reading = read_upload(path, path.name, limits=LIMIT_VALUES, options=ReadOptions(**answers))
    expected = verbatim.with_json(assign_districts(reading.rows, load_districts()))
    assert stored_rows(out).replace_schema_metadata(None).equals(expected)


def stored_rows(out: Path) -> pa.Table:
    """Return the rows of all parts in the order of the manifest, `raw` as JSON text."""
    parts = json.loads((out / "manifest.json").read_text())["parts"]
    return pa.concat_tables(
        verbatim.with_json(pq.read_table(out / "parts" / part["name"], columns=list(COLUMN_NAMES), partitioning=None))
        for part in parts
    )


def totals(manifest: Any) -> tuple[int, int, int, int]:
    return tuple(manifest[name] for name in ("n_rows_in", "n_accepted", "n_refused", "n_duplicates"))


def rejects(out: Path) -> list[dict[str, str]]:
    """Return all rows of the rejects folder."""
    found: list[dict[str, str]] = []
    for path in sorted((out / "rejects").iterdir()):
        with path.open(newline="", encoding="utf-8-sig") as lines:
            found += csv.DictReader(lines)
    return found


def test_many_pieces_give_the_rows_of_one_reading(tmp_path: Path, write: Write, tiny_pieces: BulkOptions) -> None:
    path = write("all.csv", ROWS)
    result = bulk.load([path], tmp_path / "out", options=tiny_pieces)
    reading = one_reading(path)
    expected = verbatim.with_json(assign_districts(reading.rows, load_districts()))
    assert len(result.manifest["parts"]) > 3
    assert stored_rows(tmp_path / "out").replace_schema_metadata(None).equals(expected)
    assert totals(result.manifest) == (41, 38, 2, 1)
    # One reading counts the repeated row among the refused ones.
    assert reading.n_refused == 3


def test_refused_rows_are_kept_with_their_number_reason_and_cells(
    tmp_path: Path, write: Write, tiny_pieces: BulkOptions
) -> None:
    path = write("all.csv", ROWS)
    bulk.load([path], tmp_path / "out", options=tiny_pieces)
    expected = one_reading(path).refused_rows.to_pylist()
    found = {row["refused_row"]: row for row in rejects(tmp_path / "out")}
    assert sorted(found) == sorted(row["refused_row"] for row in expected) == ["22", "32", "35"]
    assert {number: row["date"] for number, row in found.items()} == {
        "22": "2024-13-45",
        "32": "1912-01-01",
        "35": "2024-03-05",
    }
    assert "There is no day" in found["22"]["refused_because"]
    reasons = {row["refused_row"]: row["refused_because"] for row in expected}
    assert [reasons[number] for number in ("22", "32")] == [found[number]["refused_because"] for number in ("22", "32")]
    # Read in pieces, a row does not know the cells of the earlier one.
    assert "which has other values in date" in reasons["35"]
    assert found["35"]["refused_because"].startswith("The identifier '7' is already used in row 9. Give every incident")


def test_a_corrected_file_of_rejects_can_be_loaded(tmp_path: Path, write: Write, tiny_pieces: BulkOptions) -> None:
    bulk.load([write("all.csv", ROWS)], tmp_path / "out", options=tiny_pieces)
    bad = next(path for path in sorted((tmp_path / "out" / "rejects").iterdir()))
    mended = tmp_path / "mended.csv"
    mended.write_text(bad.read_text("utf-8-sig").replace("2024-13-45", "2024-12-25"), encoding="utf-8")
    assert totals(bulk.load([mended], tmp_path / "second").manifest) == (1, 1, 0, 0)


def test_the_number_of_pieces_changes_no_figure(
    tmp_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch, tiny_pieces: BulkOptions
) -> None:
    # The first row of an identifier is refused, the second is not: neither counts, in whatever pieces they lie.
    rows = [*ROWS, line("shared", date="x"), *(line(f"more {n}") for n in range(20)), line("shared")]
    path = write("all.csv", rows)
    found = set()
    for size in (90, 250, 100_000):
        manifest = bulk.load([path], tmp_path / str(size), options=BulkOptions(chunk_mb=size)).manifest
        found.add((totals(manifest), manifest["n_located"], stored_rows(tmp_path / str(size)).num_rows))
    assert found == {((63, 58, 3, 2), 58, 58)}
    assert one_reading(path).n_accepted == 58


def test_an_incident_in_several_files_counts_as_the_first_file_tells_it(tmp_path: Path, write: Write) -> None:
    newer = write("newer.csv", [line(1, place="new"), line(2, date="bad"), line(3)])
    older = write("older.csv", [line(1, place="old"), line(2), line(4)])
    result = bulk.load([newer, older], tmp_path / "out")
    rows = stored_rows(tmp_path / "out")
    told = dict(zip(rows["source_event_id"].to_pylist(), rows["place"].to_pylist(), strict=True))
    assert told == {"1": "new", "3": None, "2": None, "4": None}
    assert totals(result.manifest) == (6, 4, 1, 1)
    assert [totals(one) for one in result.manifest["inputs"]] == [(3, 2, 1, 0), (3, 2, 0, 1)]
    repeated = next(row for row in rejects(tmp_path / "out") if row["place"] == "old")
    assert repeated["refused_because"].startswith("The identifier '1' is already used in newer.csv, row 2. Give every")


def test_a_piece_of_nothing_but_repeats_leaves_no_part(tmp_path: Path, write: Write) -> None:
    first, second = write("a.csv", [line(1), line(2)]), write("b.csv", [line(2), line(1)])
    result = bulk.load([first, second], tmp_path / "out")
    assert totals(result.manifest) == (4, 2, 0, 2)
    assert len(list((tmp_path / "out" / "parts").iterdir())) == 1


@pytest.mark.parametrize("kind", ["gz", "parquet", "utf16", "crlf", "bom", "folder"])
def test_every_container_gives_the_same_rows(
    tmp_path: Path, write: Write, tiny_pieces: BulkOptions, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = write("in/all.csv", ROWS)
    expected = one_reading(plain).rows.drop_columns(["raw"])
    path = tmp_path / "in" / f"other.{kind}"
    if kind == "gz":
        path.write_bytes(gzip.compress(plain.read_bytes()))
    elif kind == "parquet":
        monkeypatch.setattr("geo.bulk.pieces._ROWS_A_PIECE", 10)
        table = pa.table({name: [row[place] for row in ROWS] for place, name in enumerate(COLUMNS)})
        pq.write_table(table, path, row_group_size=4)
    elif kind == "utf16":
        path.write_text(plain.read_text("utf-8"), encoding="utf-16", newline="")
    elif kind == "crlf":
        with plain.open(newline="", encoding="utf-8") as lines, path.open("w", newline="", encoding="utf-8") as out:
            csv.writer(out, lineterminator="\r\n").writerows(csv.reader(lines))
    elif kind == "bom":
        path.write_bytes(b"\xef\xbb\xbf" + plain.read_bytes())
    else:
        (tmp_path / "in" / "_SUCCESS").write_text("")
        path = tmp_path / "in"
    result = bulk.load([path], tmp_path / "out", options=tiny_pieces)
    assert totals(result.manifest) == (41, 38, 2, 1)
    found = stored_rows(tmp_path / "out").select(["source_event_id", "source_row", "date_start", "killed_best"])
    assert found.replace_schema_metadata(None).equals(expected.select(found.column_names))
    assert result.manifest["inputs"][0]["label"] == ("all.csv" if kind == "folder" else path.name)


def test_the_batch_opens_like_any_other_and_the_cube_adds_up(
    tmp_path: Path, write: Write, tiny_pieces: BulkOptions
) -> None:
    result = bulk.load([write("all.csv", ROWS)], tmp_path / "out", options=tiny_pieces)
    store = Store.open(tmp_path / "store")
    record = bulk.register(result, store, label="many")
    assert (record.label, record.n_accepted, record.n_refused, record.n_duplicates) == ("many", 38, 2, 1)
    assert store.verify() == []
    table = build({"1": store.read(1)}, load_districts().pcodes, "v")
    cube = pq.read_table(tmp_path / "out" / "cube.parquet")
    tally = questions.by_district(table, Filters(), "killed")
    by_district = {
        row["district"]: row["killed_sum"]
        for row in cube.group_by("district").aggregate([("killed", "sum")]).to_pylist()
    }
    assert by_district == {pcode: n for pcode, n in zip(table.pcodes, tally.value.tolist(), strict=True) if n}
    assert pc.sum(cube["n_rows"]).as_py() == 38
    assert bulk.register(result, store).batch_id == record.batch_id


def test_parts_open_in_geopandas(tmp_path: Path, write: Write) -> None:
    rows = [line(1, latitude="34.15", longitude="73.22"), line(2)]
    result = bulk.load([write("all.csv", rows)], tmp_path / "out")
    frame = geopandas.read_parquet(tmp_path / "out" / "parts" / result.manifest["parts"][0]["name"])
    assert frame.crs == "OGC:CRS84"
    assert frame.geometry.notna().tolist() == [True, False]


# --- decisions about place names ---------------------------------------------------------------------------

DECIDED = {"template": {"dir": "PK520", "peshwar": "none", "tirah": "PK513"}, "acled": {"waziristan": "PK525"}}
STATED = ["Dir", "Abbottabad", "Waziristan", "Peshwar", "DIR district"] * 6


def test_decided_names_are_placed_as_in_an_upload_however_the_files_are_cut(
    tmp_path: Path, write: Write, tiny_pieces: BulkOptions
) -> None:
    path = write("all.csv", [line(n, district=name) for n, name in enumerate(STATED)])
    for size in (tiny_pieces.chunk_mb, 100_000):
        out = tmp_path / str(size)
        manifest = bulk.load([path], out, options=BulkOptions(chunk_mb=size, decided=DECIDED)).manifest
        rows = stored_rows(out)
        expected = assign_districts(one_reading(path).rows, load_districts(), decided=DECIDED["template"])
        for name in ("pcode", "district_method", "is_district_conflict"):
            assert rows[name].to_pylist() == expected[name].to_pylist()
        assert rows["pcode"].to_pylist()[:5] == ["PK520", "PK501", None, None, "PK520"]
        assert manifest["place_names"] == {"Dir": "PK520", "Peshwar": "none"}
        assert manifest["n_located"] == 18


def test_a_batch_keeps_the_decisions_that_its_run_used(tmp_path: Path, write: Write) -> None:
    path = write("all.csv", [line(1, district="Dir")])
    result = bulk.load([path], tmp_path / "out", options=BulkOptions(decided=DECIDED))
    record = bulk.register(result, Store.open(tmp_path / "store"))
    assert record.summary["place_names"] == {"Dir": "PK520"}


def test_a_decision_about_a_name_of_left_out_rows_alone_is_not_told_as_used(tmp_path: Path, write: Write) -> None:
    first, second = write("a.csv", [line(1), line(2)]), write("b.csv", [line(2, district="Dir"), line(3)])
    manifest = bulk.load([first, second], tmp_path / "out", options=BulkOptions(decided=DECIDED)).manifest
    assert (totals(manifest), manifest["place_names"]) == ((4, 3, 0, 1), {})
    third = write("c.csv", [line(2, district="Dir")])
    manifest = bulk.load([first, third], tmp_path / "other", options=BulkOptions(decided=DECIDED)).manifest
    assert (totals(manifest), manifest["place_names"]) == ((3, 2, 0, 1), {})


def test_a_run_under_another_decision_is_another_run(tmp_path: Path, write: Write) -> None:
    path, out = write("all.csv", [line(1, district="Dir")]), tmp_path / "out"
    bulk.load([path], out, options=BulkOptions(decided=DECIDED))
    with pytest.raises(RejectedUpload, match="a decision about a place name"):
        bulk.load([path], out)
    assert stored_rows(out)["pcode"].to_pylist() == ["PK520"]


# --- interrupted and repeated runs ---------------------------------------------------------------------


def test_a_run_goes_on_and_redoes_only_what_is_missing_or_changed(
    tmp_path: Path, write: Write, tiny_pieces: BulkOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, out = write("all.csv", ROWS), tmp_path / "out"

    def stop(*_told: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(run, "find_repeats", stop)
        with pytest.raises(KeyboardInterrupt):
            bulk.load([path], out, options=tiny_pieces)
    parts = sorted((out / "parts").iterdir())
    parts[0].unlink()
    damaged = bytearray(parts[1].read_bytes())
    damaged[60] ^= 1
    parts[1].write_bytes(damaged)
    stamps = {part: part.stat().st_mtime_ns for part in parts[2:]}
    result = bulk.load([path], out, options=tiny_pieces)
    assert totals(result.manifest) == (41, 38, 2, 1)
    kept = {part: part.stat().st_mtime_ns for part in stamps if part.exists()}
    assert kept == {part: stamps[part] for part in kept}
    assert len(kept) >= len(stamps) - 1  # the piece with the repeated row is written anew
    assert one_reading(path).rows.num_rows == stored_rows(out).num_rows


def test_a_complete_run_is_not_done_again_unless_a_part_is_damaged(
    tmp_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, out = write("all.csv", ROWS), tmp_path / "out"
    first = bulk.load([path], out)
    monkeypatch.setattr(work, "_processed", lambda *_: pytest.fail("done again"))
    assert bulk.load([path], out).manifest == first.manifest
    assert not (out / "work").exists()
    monkeypatch.undo()
    next((out / "parts").iterdir()).write_bytes(b"PAR1")
    again = bulk.load([path], out)
    assert again.manifest == first.manifest


def test_the_same_inputs_give_the_same_manifest(tmp_path: Path, write: Write) -> None:
    path = write("all.csv", ROWS)
    one, other = (bulk.load([path], tmp_path / name).manifest for name in ("one", "other"))
    assert one == other


def test_a_folder_of_another_run_or_with_other_files_is_left_alone(tmp_path: Path, write: Write) -> None:
    path, out = write("all.csv", ROWS[:3]), tmp_path / "out"
    bulk.load([path], out)
    os.utime(path, ns=(1, 1))
    with pytest.raises(RejectedUpload, match="another run, or an input"):
        bulk.load([path], out)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "own.txt").write_text("mine")
    with pytest.raises(RejectedUpload, match="not empty"):
        bulk.load([path], tmp_path / "full")
    assert (tmp_path / "full" / "own.txt").read_text() == "mine"


# --- what cannot be loaded -----------------------------------------------------------------------------


def refused(paths: Sequence[Path], out: Path, **options: Any) -> RejectedUpload:
    with pytest.raises(RejectedUpload) as caught:
        bulk.load(paths, out, options=BulkOptions(**options))
    return caught.value


def test_inputs_that_are_no_tables_are_all_named(tmp_path: Path, write: Write) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "blank.csv").write_text(" \n")
    (tmp_path / "book.xlsx").write_bytes(b"PK\x03\x04\0\0\0\0")
    (tmp_path / "map.geojson").write_text("{}")
    names = ("empty", "blank.csv", "book.xlsx", "map.geojson", "missing.csv")
    problems = refused([tmp_path / name for name in names], tmp_path / "out").problems
    assert [Path(problem.file).name for problem in problems] == list(names)
    assert not (tmp_path / "out").exists()


def test_a_broken_archive_and_a_broken_parquet_file_are_named(tmp_path: Path) -> None:
    path = tmp_path / "cut.csv.gz"
    path.write_bytes(gzip.compress(b"a,b\n" * 1000)[:-12])
    assert "damaged or cut off" in str(refused([path], tmp_path / "one"))
    path = tmp_path / "cut.parquet"
    path.write_bytes(b"PAR1 nothing more")
    assert "damaged or cut off" in str(refused([path], tmp_path / "two"))


def test_two_formats_are_two_runs(tmp_path: Path, write: Write) -> None:
    ged = "id,type_of_violence,where_prec,date_prec,date_start,date_end,side_a,side_b,country,best,latitude,longitude"
    (tmp_path / "ged.csv").write_text(
        f"{ged}\n1,1,1,1,2020-01-01,2020-01-01,Government of Pakistan,TTP,Pakistan,3,34.1,71.5\n"
    )
    error = refused([write("own.csv", ROWS[:2]), tmp_path / "ged.csv"], tmp_path / "out")
    assert "several formats: template, ucdp_ged" in str(error)


def test_an_unknown_layout_is_refused_with_its_columns(tmp_path: Path, write: Write) -> None:
    error = refused([write("own.csv", [["1", "2"]], header=("this", "that"))], tmp_path / "out")
    assert error.problems[0].code is ProblemCode.COLUMNS


def test_names_of_persons_are_left_out_and_a_list_of_persons_is_refused(tmp_path: Path, write: Write) -> None:
    header = ("incident_id", "date", "district", "Name", "Father Name", "Rank", "Killed")
    rows = [[str(n), f"2024-03-{n:02}", "Bannu", f"Person {n}", "Somebody", "Constable", "1"] for n in range(1, 9)]
    bulk.load([write("with tolls.csv", rows, header=header)], tmp_path / "out")
    stored = stored_rows(tmp_path / "out")
    assert len(stored) == 8
    assert "Person" not in str(stored["raw"].to_pylist())
    error = refused([write("list.csv", [row[:-1] for row in rows], header=header[:-1])], tmp_path / "other")
    assert error.problems[0].code is ProblemCode.PERSONS


def test_rows_without_identifiers_cannot_be_told_from_repeats(tmp_path: Path, write: Write) -> None:
    rows = [row[1:] for row in ROWS[:3]]
    error = refused([write("own.csv", rows, header=COLUMNS[1:])], tmp_path / "out")
    assert "no column of identifiers" in str(error)


def test_a_row_without_an_identifier_among_others_is_refused_in_any_piece(
    tmp_path: Path, write: Write, tiny_pieces: BulkOptions
) -> None:
    rows = [line(""), *ROWS, line("")]
    for name, options in (("tiny", tiny_pieces), ("one", BulkOptions())):
        result = bulk.load([write("own.csv", rows)], tmp_path / name, options=options)
        assert totals(result.manifest) == (43, 38, 4, 1)
        assert result.manifest["problems_by_code"]["missing"] == 2


def test_notes_of_counted_rows_are_added_up_over_the_pieces(
    tmp_path: Path, write: Write, tiny_pieces: BulkOptions
) -> None:
    rows = [[str(n), "2024-03-04", "Bannu", "PK599" if n % 2 else "PK503"] for n in range(40)]
    path = write("own.csv", rows, header=("incident_id", "date", "district", "pcode"))
    manifest = bulk.load([path], tmp_path / "out", options=tiny_pieces).manifest
    assert len(manifest["parts"]) > 2
    (note,) = [note for note in manifest["notes"] if note["kind"] == "unknown_pcode"]
    assert (note["n_rows"], note["first_row"]) == (20, 3)
    assert note["text"].startswith("20 rows ")


def test_marked_rows_and_nameless_columns_are_noted_once_over_the_pieces(
    tmp_path: Path, write: Write, tiny_pieces: BulkOptions
) -> None:
    rows = [[str(n), *line(n, notes="a\x0bb" if n in (15, 30) else "")] for n in range(40)]
    path = write("own.csv", rows, header=("", *COLUMNS))
    manifest = bulk.load([path], tmp_path / "out", options=tiny_pieces).manifest
    assert len(manifest["parts"]) > 2
    notes = {note["kind"]: (note["n_rows"], note["first_row"]) for note in manifest["notes"]}
    assert notes["characters_marked"] == (2, 17)
    assert notes["column_without_name"] == (None, None)
    assert [note["kind"] for note in manifest["notes"]].count("column_without_name") == 1


def test_words_that_no_list_has_are_counted_over_the_pieces(
    tmp_path: Path, write: Write, tiny_pieces: BulkOptions
) -> None:
    rows = [[str(n), "2024-03-04", "Bannu", "a word" if n % 2 else "another"] for n in range(40)]
    path = write("own.csv", rows, header=("incident_id", "date", "district", "attack_type"))
    manifest = bulk.load([path], tmp_path / "out", options=replace(tiny_pieces, initiator="state")).manifest
    assert len(manifest["parts"]) > 2
    (note,) = [note for note in manifest["notes"] if note["kind"] == "other_words"]
    assert (note["n_rows"], sorted(note["values"]["words"])) == (40, [("a word", "", 20), ("another", "", 20)])
    assert "“another” (20)" in note["text"]
    assert set(stored_rows(tmp_path / "out")["initiator"].to_pylist()) == {"state"}


def test_dates_that_leave_the_order_open_beside_proofs_of_both_are_asked(
    tmp_path: Path, write: Write, tiny_pieces: BulkOptions
) -> None:
    days = ("25/03/2024", "2024-03-05", "03/25/2024", "03/04/2024")
    rows = [line(f"{day} {n}", date=day) for day in days for n in range(20)]
    path = write("own.csv", rows)
    codes = [one.code for one in refused([path], tmp_path / "out", chunk_mb=tiny_pieces.chunk_mb).problems]
    assert codes == [ProblemCode.DATE_ORDER]
    # Without the open dates each has one meaning, as in one reading.
    without = write("own.csv", rows[:60])
    result = bulk.load([without], tmp_path / "without", options=tiny_pieces)
    assert totals(result.manifest) == (60, 60, 0, 0)
    assert one_reading(without).n_accepted == 60


def test_a_date_order_that_one_piece_leaves_open_is_that_of_its_file(
    tmp_path: Path, write: Write, tiny_pieces: BulkOptions
) -> None:
    path = write("own.csv", [line(n, date="03/04/2024" if n < 20 else "25/04/2024") for n in range(40)])
    manifest = bulk.load([path], tmp_path / "out", options=tiny_pieces).manifest
    assert (totals(manifest), len(manifest["parts"]) > 1) == ((40, 40, 0, 0), True)
    equals_one_reading(tmp_path / "out", path)
    (note,) = [note for note in manifest["notes"] if note["kind"] == "day_first"]
    assert note["n_rows"] == 20
    open_alone = write("open.csv", [line(n, date="03/04/2024") for n in range(40)])
    with pytest.raises(RejectedUpload, match="day first or month first"):
        bulk.load([open_alone], tmp_path / "asked", options=tiny_pieces)
    told = BulkOptions(date_order="DMY", chunk_mb=tiny_pieces.chunk_mb)
    assert totals(bulk.load([open_alone], tmp_path / "told", options=told).manifest) == (40, 40, 0, 0)


TOLLS = ("incident_id", "date", "district", "Civilians killed", "Police killed", "Injured", "Total")


@pytest.mark.parametrize("is_both", [True, False])
def test_a_total_means_the_same_in_every_piece(
    tmp_path: Path, write: Write, tiny_pieces: BulkOptions, is_both: bool
) -> None:
    """The first rows alone, in which nobody is injured, prove nothing."""
    hurt = [0 if n < 20 else 3 for n in range(60)]
    rows = [
        [str(n), f"2024-03-{n % 28 + 1:02}", "Bannu", "1", "2", str(hurt[n]), str(3 + hurt[n] * is_both)]
        for n in range(60)
    ]
    path = write("own.csv", rows, header=TOLLS)
    manifest = bulk.load([path], tmp_path / "out", options=tiny_pieces).manifest
    assert (totals(manifest), len(manifest["parts"]) > 1) == ((60, 60, 0, 0), True)
    equals_one_reading(tmp_path / "out", path)
    said = [note["n_rows"] for note in manifest["notes"] if note["kind"] == "total_with_injured"]
    assert said == ([40] if is_both else [])


def test_a_column_of_names_is_kept_or_left_out_in_every_piece(
    tmp_path: Path, write: Write, tiny_pieces: BulkOptions
) -> None:
    names = ["Bannu Cantt attack" if n < 20 else f"Ali Example {n}" for n in range(40)]
    rows = [[str(n), f"2024-03-{n % 28 + 1:02}", "Bannu", name, "1"] for n, name in enumerate(names)]
    path = write("own.csv", rows, header=("incident_id", "date", "district", "Name", "Killed"))
    bulk.load([path], tmp_path / "out", options=tiny_pieces)
    assert "Example" not in str(stored_rows(tmp_path / "out")["raw"].to_pylist())
    equals_one_reading(tmp_path / "out", path)


def test_what_rows_need_of_each_other_stops_a_file_until_it_is_answered(
    tmp_path: Path, write: Write, tiny_pieces: BulkOptions
) -> None:
    path = write("own.csv", [line(n, date="2024-03-05" if n % 4 == 0 else "") for n in range(40)])
    with pytest.raises(AnswersNeeded) as caught:
        bulk.load([path], tmp_path / "asked", options=tiny_pieces)
    assert [note.kind.value for note in caught.value.notes] == ["blank_below"]
    for answer, accepted in (("above", 40), ("blank", 10)):
        told = replace(tiny_pieces, blank_cells=answer)
        result = bulk.load([path], tmp_path / answer, options=told)
        assert totals(result.manifest) == (40, accepted, 40 - accepted, 0)
        equals_one_reading(tmp_path / answer, path, blank_cells=answer)
    too_large = LIMIT_VALUES | {"file_mb": 0}
    with pytest.raises(RejectedUpload, match="too large for one piece"):
        bulk.load([path], tmp_path / "large", options=replace(tiny_pieces, blank_cells="above"), limits=too_large)


def test_marks_of_repetition_need_the_whole_file(tmp_path: Path, write: Write, tiny_pieces: BulkOptions) -> None:
    path = write("own.csv", [line(n, date="2024-03-05" if n % 4 == 0 else "do") for n in range(40)])
    with pytest.raises(RejectedUpload, match="another piece"):
        bulk.load([path], tmp_path / "asked", options=tiny_pieces)
    bulk.load([path], tmp_path / "told", options=replace(tiny_pieces, blank_cells="above"))
    equals_one_reading(tmp_path / "told", path, blank_cells="above")


def test_several_questions_of_a_file_are_asked_at_once(tmp_path: Path, write: Write, tiny_pieces: BulkOptions) -> None:
    path = write("own.csv", [line(n, date="03/04/2024" if n % 4 == 0 else "") for n in range(40)])
    with pytest.raises(AnswersNeeded) as caught:
        bulk.load([path], tmp_path / "asked", options=tiny_pieces)
    assert [one.code for one in caught.value.problems] == [ProblemCode.DATE_ORDER]
    assert "blank_below" in [note.kind.value for note in caught.value.notes]


def test_a_list_of_persons_is_read_as_answered(tmp_path: Path, write: Write, tiny_pieces: BulkOptions) -> None:
    header = ("incident_id", "date", "district", "Name", "Father Name", "Rank")
    rows = [[str(n // 2), f"2024-03-{n // 2 + 1:02}", "Bannu", f"Person {n}", "x", "Constable"] for n in range(20)]
    path = write("list.csv", rows, header=header)
    result = bulk.load([path], tmp_path / "out", options=replace(tiny_pieces, counted="people"))
    assert totals(result.manifest) == (10, 10, 0, 0)
    assert stored_rows(tmp_path / "out")["killed_best"].to_pylist() == [2] * 10
    equals_one_reading(tmp_path / "out", path, counted="people")


def test_pieces_of_both_orders_are_read_where_every_date_has_one_meaning(
    tmp_path: Path, write: Write, tiny_pieces: BulkOptions
) -> None:
    path = write("own.csv", [line(n, date="25/03/2024" if n % 2 else "03/25/2024") for n in range(40)])
    manifest = bulk.load([path], tmp_path / "out", options=tiny_pieces).manifest
    assert (totals(manifest), len(manifest["parts"]) > 1) == ((40, 40, 0, 0), True)
    (note,) = [note for note in manifest["notes"] if note["kind"] == "both_orders"]
    assert note["n_rows"] == 20


def test_the_year_of_dates_without_one_is_told_to_every_piece(
    tmp_path: Path, write: Write, tiny_pieces: BulkOptions
) -> None:
    path = write("own.csv", [line(n, date="4 March") for n in range(40)])
    with pytest.raises(RejectedUpload, match="no year"):
        bulk.load([path], tmp_path / "asked", options=tiny_pieces)
    told = BulkOptions(date_year=2021, chunk_mb=tiny_pieces.chunk_mb)
    assert totals(bulk.load([path], tmp_path / "told", options=told).manifest) == (40, 40, 0, 0)


def test_a_file_whose_marks_follow_no_rule_is_read_in_one_piece_if_it_is_small(
    tmp_path: Path, tiny_pieces: BulkOptions
) -> None:
    path = tmp_path / "odd.csv"
    path.write_text(
        ",".join(COLUMNS) + "\n" + "".join(f'{n},2024-01-01,Abbottabad,5" pipe,,,1,\n' for n in range(1, 40))
    )
    result = bulk.load([path], tmp_path / "out", options=tiny_pieces)
    assert (totals(result.manifest), len(result.manifest["parts"])) == ((39, 39, 0, 0), 1)
    with pytest.raises(RejectedUpload, match="no rule by which the file could be cut"):
        bulk.load([path], tmp_path / "large", options=tiny_pieces, limits=LIMIT_VALUES | {"file_mb": 0})


def test_a_file_that_ends_inside_a_row_or_a_quotation_says_where(
    tmp_path: Path, write: Write, tiny_pieces: BulkOptions
) -> None:
    whole = write("whole.csv", ROWS[:20]).read_text("utf-8").rstrip("\n")
    path = tmp_path / "cut.csv"
    path.write_text(whole.rsplit(",", 4)[0], encoding="utf-8")
    result = bulk.load([path], tmp_path / "out", options=tiny_pieces)
    assert totals(result.manifest) == (20, 19, 1, 0)
    assert rejects(tmp_path / "out")[0]["refused_row"] == "21"
    assert "the last whole row is 20." in rejects(tmp_path / "out")[0]["refused_because"]
    path.write_text(whole + ',"never closed', encoding="utf-8")
    with pytest.raises(RejectedUpload, match="quotation"):
        bulk.load([path], tmp_path / "open", options=tiny_pieces)


def test_no_accepted_row_is_an_account_but_no_batch(tmp_path: Path, write: Write) -> None:
    result = bulk.load([write("bad.csv", [line(n, date="never") for n in range(3)])], tmp_path / "out")
    assert totals(result.manifest) == (3, 0, 3, 0)
    with pytest.raises(RejectedUpload, match="No row was accepted"):
        bulk.register(result, Store.open(tmp_path / "store"))


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize(
    "title", ['Pipes of 5" length\nand of 6" length\n', 'Pipes of 5" length\n', 'Known as "Report"\n\n', "Plain\n\n"]
)
def test_marks_in_a_title_above_the_names_take_and_repeat_no_row(
    tmp_path: Path, tiny_pieces: BulkOptions, title: str, mark: str
) -> None:
    path = tmp_path / "titled.csv"
    rows = "".join(f"{n},2024-01-01,Abbottabad,,,,1,\n" for n in range(1, 40))
    path.write_text(f"{mark}{title}{','.join(COLUMNS)}\n{rows}", "utf-8")
    assert totals(bulk.load([path], tmp_path / "out", options=tiny_pieces).manifest) == (39, 39, 0, 0)
    found = stored_rows(tmp_path / "out")
    assert found.select(["incident_id", "source_row"]).equals(
        one_reading(path).rows.select(["incident_id", "source_row"])
    )


def test_a_file_whose_pieces_would_read_different_columns_is_refused(tmp_path: Path, tiny_pieces: BulkOptions) -> None:
    kinds = ["shelling", "targeted killing", "ambush", "suicide attack", "IED blast", "kidnapping"]
    first = [f"a{day},2024-03-{day:02},Bannu,Terrorism,{kinds[day % 6]}" for day in range(1, 21)]
    second = [f"b{day},2024-04-{day:02},Tank,{kinds[day % 6]},Crime" for day in range(1, 21)]
    path = tmp_path / "kinds.csv"
    path.write_text("\n".join(["ID,Date,District,Category,Sub-category", *first, *second]) + "\n", encoding="utf-8")
    with pytest.raises(RejectedUpload, match="different columns"):
        bulk.load([path], tmp_path / "out", options=tiny_pieces)
    assert not (tmp_path / "out" / "manifest.json").exists()
