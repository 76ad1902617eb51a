"""One piece on one worker: what it cannot do becomes a problem to show, never a crash of the run."""

from __future__ import annotations

import errno
import pickle
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from geo import bulk
from geo.bulk import BulkOptions, work
from geo.bulk.aggregate import DIMENSIONS, MEASURES, cube_of, joined
from geo.bulk.inputs import find_inputs
from geo.bulk.plan import Piece, boundaries_sha256, parts_folder, rejects_folder, work_folder
from geo.bulk.work import process
from geo.problems import Problem, RejectedUpload
from geo.schema import LIMITS
from tests.toy import row, table
from tests.toy_bulk import Write, line


@pytest.fixture
def piece(tmp_path: Path, write: Write) -> Piece:
    """A file of three rows in one piece, and folders to write to."""
    out = tmp_path / "out"
    for folder in (work_folder(out), parts_folder(out), rejects_folder(out)):
        folder.mkdir(parents=True)
    (source,) = find_inputs([write("all.csv", [line(n) for n in (1, 2, 3)])], BulkOptions())
    return Piece(
        0,
        replace(source, text_path=source.path),
        0,
        0,
        1,
        str(out),
        boundaries_sha256(),
        BulkOptions(),
        {name: limit.default for name, limit in LIMITS.items()},
        is_whole=True,
    )


def message(note: dict[str, Any]) -> str:
    return str(Problem.from_record(note["refusal"][0]).message)


def test_a_piece_is_the_same_whoever_works_on_it(piece: Piece) -> None:
    first = process(piece)
    assert (first["n_rows_in"], first["part"]["n_rows"], first["n_located"]) == (3, 3, 3)
    assert process(piece) == first
    work.report_path(piece).unlink()
    assert process(piece) == first


def test_a_worker_with_other_boundaries_does_no_work(piece: Piece) -> None:
    note = process(replace(piece, boundaries="other"))
    assert "other boundaries" in message(note)
    assert list(parts_folder(piece.out).iterdir()) == []


def test_an_input_that_a_worker_cannot_see_is_named(piece: Piece) -> None:
    Path(piece.source.path).unlink()
    note = process(piece)
    assert "cannot use" in message(note)
    assert piece.source.path in message(note)
    assert "same path for every worker" in str(Problem.from_record(note["refusal"][0]).hint)


def test_a_full_disk_leaves_nothing_half_written(piece: Piece, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_told: object) -> None:
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr(work, "write_part", full)
    assert "disk of a worker is full" in message(process(piece))
    assert not work.report_path(piece).exists()
    monkeypatch.undo()
    assert process(piece)["part"]["n_rows"] == 3


def test_another_file_rule_or_place_is_another_piece(piece: Piece) -> None:
    others = [
        replace(piece, start=1),
        replace(piece, first_row=9),
        replace(piece, boundaries="other"),
        replace(piece, options=BulkOptions(swap_axes=True)),
        replace(piece, options=BulkOptions(decided={"template": {"dir": "PK520"}})),
        replace(piece, options=BulkOptions(decided={"template": {"dir": "PK535"}})),
        replace(piece, options=BulkOptions(decided={"acled": {"dir": "PK520"}})),
        replace(piece, source=replace(piece.source, modified_ns=1)),
    ]
    assert len({piece.key, *(other.key for other in others)}) == len(others) + 1
    assert replace(piece, out="elsewhere").key == piece.key


def test_decisions_about_names_travel_with_a_piece_in_whatever_order_they_were_made(piece: Piece) -> None:
    names = {"dir": "PK520", "abbottabd": "PK535"}
    one = replace(piece, options=BulkOptions(decided={"template": names, "acled": {}}))
    other = replace(piece, options=BulkOptions(decided={"acled": {}, "template": dict(reversed(names.items()))}))
    assert one.key == other.key
    assert pickle.loads(pickle.dumps(one)) == one


def test_a_problem_of_one_piece_refuses_the_run(tmp_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_access(*_told: object) -> None:
        raise PermissionError(errno.EACCES, "not allowed", "/shared/input.csv")

    monkeypatch.setattr(work, "table_of", no_access)
    with pytest.raises(RejectedUpload, match=r"/shared/input\.csv: not allowed"):
        bulk.load([write("all.csv", [line(1)])], tmp_path / "run")
    assert not (tmp_path / "run" / "manifest.json").exists()


def test_the_cube_is_counted_by_hand_and_cubes_add_up() -> None:
    rows = table(
        row(1, pcode="PK501", killed_best=2),
        row(2, pcode="PK501", n_events=3),
        row(3, district_method="outside", killed_best=1),
        row(4, attack_type="ied"),
    )
    cube = cube_of(rows)
    assert cube.column_names == [*DIMENSIONS, *MEASURES]
    told = {(r["district"], r["attack_type"]): [r[name] for name in MEASURES] for r in cube.to_pylist()}
    assert told == {
        ("PK501", "armed_assault"): [2, 4, 2, 1],
        ("not_located", "ied"): [1, 1, 0, 1],
        ("outside", "armed_assault"): [1, 1, 1, 0],
    }
    assert joined([cube_of(rows.slice(0, 1)), cube_of(rows.slice(1))]).equals(cube)
    assert cube.schema.field("year").type == pa.int16()
