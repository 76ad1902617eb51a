"""Rows that the store has already: told one by one, nothing stored twice, nothing lost, all undone by undo."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import districts, intake
from geo.analysis.matching.duplicates import sort_out
from geo.ingest import ReadResult
from geo.intake import Checked
from geo.problems import RejectedUpload
from geo.store import Store, facts_hashes
from tests.toy import row, table

Row = dict[str, Any]
TOLD = {"killed_best": 2, "place": "bridge", "pcode": "PK503", "day": date(2024, 3, 4)}


def named(name: str, **cells: Any) -> Row:
    """Return a row that its source numbers."""
    return row(1, **{"incident_id": f"template:{name}", "source_event_id": name} | TOLD | cells)


def nameless(*cells: Any, columns: str = "date,killed") -> Row:
    """Return a row without a number of its own: a day of March 2024 and a toll."""
    day, killed = cells
    written = {"date": f"2024-03-{day:02}", "killed": str(killed)}
    raw = json.dumps({name: written[name] for name in columns.split(",")})
    number = hashlib.blake2b(raw.encode(), digest_size=8).hexdigest()
    return named(number, day=date(2024, 3, day), killed_best=killed, raw=raw)


def numbered(rows: list[Row]) -> list[Row]:
    """Give the nth of equal rows the number that reading gives it."""
    seen: dict[str, int] = {}
    found = []
    for cells in rows:
        name = cells["source_event_id"]
        seen[name] = seen.get(name, 0) + 1
        end = "" if seen[name] == 1 else f"-{seen[name]}"
        found.append(cells | {"source_event_id": name + end, "incident_id": f"template:{name}{end}"})
    return found


class Desk:
    """A store, and files that are compared with it and put into it; they are made up here instead of read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = Store.open(folder / "store")
        self.n_files = 0

    def check(self, *rows: Row, snapshot: date | None = None, source: str = "template", **options: Any) -> Checked:
        self.n_files += 1
        self.path = self.folder / f"upload {self.n_files}"
        self.path.write_text(f"file {self.n_files}", "utf-8")
        found = ReadResult(
            format="template",
            why="made up",
            source=source,
            rows=table(*numbered([cells | {"source": source} for cells in rows])),
            refused_rows=pa.table({}),
            n_rows_in=len(rows),
            problems=(),
            n_problems=0,
            notes=(),
            file_sha256=hashlib.sha256(self.path.read_bytes()).hexdigest(),
            file="file.csv",
            snapshot_date=snapshot,
        )
        return intake.compare_rows(found, found.rows, self.store, **options)

    def put(self, *rows: Row, **options: Any) -> Checked:
        found = self.check(*rows, **options)
        intake.accept(found, self.path, "file.csv", self.store)
        return found

    def incidents(self) -> dict[str, int]:
        """Return what is shown: killed by identifier."""
        shown = intake.shown_incidents(self.store, districts.load(), date(2030, 1, 1))
        ids = [text.partition(":")[2] for text in shown.details["incident_id"].to_pylist()]
        return dict(zip(ids, shown.killed_best.tolist(), strict=True))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def told(found: Checked) -> tuple[int, dict[str, int]]:
    """Return the number of rows to be stored, and why the others are not."""
    return len(found.rows), {reason: n for reason, n in found.against_store.duplicates.items() if n}


THREE = (named("a1"), named("a2", killed_best=None), named("a3", killed_best=1))


@pytest.mark.case(7)
def test_the_same_rows_in_another_order_are_known_and_the_batch_is_named(desk: Desk) -> None:
    desk.put(*THREE)
    found = desk.check(*reversed(THREE))
    assert told(found) == (0, {"already stored": 3})
    assert found.against_store.stored_in == {1: 3}
    with pytest.raises(RejectedUpload, match="stored already, in batch 1"):
        intake.accept(found, desk.path, "file.csv", desk.store)
    assert len(desk.store.batches()) == 1


@pytest.mark.case(7)
def test_one_row_added_is_one_new_row(desk: Desk) -> None:
    desk.put(*THREE)
    assert told(desk.put(*THREE, named("a4"))) == (1, {"already stored": 3})
    record = desk.store.batches()[-1]
    assert (record.n_rows_in, record.n_accepted, record.n_duplicates) == (4, 1, 3)
    assert record.summary["duplicates"]["already stored"] == 3
    assert len(desk.incidents()) == 4


def test_rows_without_numbers_are_known_in_another_order_of_columns(desk: Desk) -> None:
    desk.put(nameless(4, 2), nameless(5, 0))
    again = nameless(5, 0, columns="killed,date"), nameless(4, 2, columns="killed,date"), nameless(9, 1)
    assert told(desk.check(*again)) == (1, {"already stored": 2})


def test_a_number_of_the_source_is_believed_however_alike_two_rows_are(desk: Desk) -> None:
    desk.put(named("a1"))
    assert told(desk.check(named("a2"))) == (1, {})
    desk.put(nameless(4, 2))
    assert told(desk.check(named("b1", day=date(2024, 3, 4), killed_best=2))) == (1, {})


def test_a_row_repeated_in_the_file_is_stored_once_unless_both_are_meant(desk: Desk) -> None:
    twice = nameless(4, 2), nameless(5, 0), nameless(4, 2)
    assert told(desk.check(*twice)) == (2, {"repeated in the file": 1})
    both = desk.check(*twice, keep_repeated=True)
    assert told(both) == (3, {})
    assert told(intake.compare(both, desk.store)) == (2, {"repeated in the file": 1})
    intake.accept(both, desk.path, "file.csv", desk.store)
    other = [nameless(*cells, columns="killed,date") for cells in ((4, 2), (4, 2), (4, 2))]
    assert told(desk.check(*other)) == (0, {"already stored": 2, "repeated in the file": 1})
    assert told(desk.check(*other, keep_repeated=True)) == (1, {"already stored": 2})


def test_a_newer_version_replaces_the_row_and_undo_brings_the_old_one_back(desk: Desk) -> None:
    desk.put(*THREE)
    found = desk.put(named("a1", killed_best=5), *THREE[1:])
    assert told(found) == (1, {"already stored": 2})
    assert (found.n_newer, found.against_store.newer_than) == (1, {1: 1})
    assert desk.incidents() == {"a1": 5, "a2": -1, "a3": 1}
    assert desk.store.read(1)["killed_best"].to_pylist() == [2, None, 1], "history is kept"
    desk.store.undo(2)
    assert desk.incidents() == {"a1": 2, "a2": -1, "a3": 1}
    desk.store.redo(2)
    assert desk.incidents()["a1"] == 5


def test_what_a_newer_version_changes_is_listed_before_it_is_stored(desk: Desk) -> None:
    desk.put(*THREE)
    found = desk.check(named("a1", place="new bridge", killed_best=5))
    assert intake.changes(found, desk.store) == [
        ("template:a1", "place", "bridge", "new bridge"),
        ("template:a1", "killed_best", "2", "5"),
    ]
    assert intake.changes(found, desk.store, most=1) == [("template:a1", "place", "bridge", "new bridge")]
    assert intake.changes(desk.check(*THREE), desk.store) == []


@pytest.mark.parametrize(
    ("cells", "is_another"),
    [
        ({"day": date(2024, 3, 7), "killed_best": 7}, False),
        ({"day": date(2024, 3, 8), "killed_best": 7}, True),
        ({"day": date(2025, 3, 4), "killed_best": 7}, True),
        # All the same but for the date: another year or an exchanged day is a corrected date, the next month's is not.
        ({"day": date(2025, 3, 4)}, False),
        ({"day": date(2024, 4, 3)}, False),
        ({"day": date(2024, 4, 4)}, True),
        ({"pcode": "PK514", "killed_best": 7}, True),
        ({"pcode": None, "killed_best": 7}, False),
    ],
)
def test_a_number_that_two_own_files_use_for_different_incidents_stands_for_both(
    desk: Desk, cells: Row, is_another: bool
) -> None:
    desk.put(named("a1"))
    found = desk.put(named("a1", **cells))
    assert (found.against_store.n_renumbered, found.n_newer) == ((1, 0) if is_another else (0, 1))
    assert found.rows["source_event_id"].to_pylist() == ["a1"]
    assert len(desk.incidents()) == (2 if is_another else 1)
    assert told(desk.check(named("a1", **cells))) == (0, {"already stored": 1})


def test_the_numbers_of_a_publisher_mean_one_incident_for_ever() -> None:
    first = row(1, incident_id="gtd:7", source_event_id="7", day=date(2020, 1, 1), pcode="PK503")
    corrected = first | {"date_start": date(2021, 1, 1), "date_end": date(2021, 1, 1), "pcode": "PK514"}
    held = table(first | {"source": "gtd"})
    known = pa.table({"incident_id": ["gtd:7"], "facts_hash": facts_hashes(held), "batch_id": pa.array([1])})
    found = sort_out(table(corrected | {"source": "gtd"}), known, held)
    assert (found.n_renumbered, found.newer_than) == (0, {1: 1})


def test_a_new_edition_replaces_a_batch_as_a_whole(desk: Desk) -> None:
    desk.put(*THREE)
    found = desk.put(named("a1", killed_best=3), THREE[2], replaces=1)
    assert told(found) == (2, {})
    assert found.n_left_out == 1, "a2 is not in the new edition"
    assert desk.incidents() == {"a1": 3, "a3": 1}
    assert desk.store.batch(1).state == "superseded"
    desk.store.undo(2)
    assert len(desk.incidents()) == 3


def test_a_batch_of_another_source_cannot_be_replaced(desk: Desk) -> None:
    desk.put(*THREE)
    with pytest.raises(RejectedUpload, match="another source"):
        desk.check(*THREE, source="table", replaces=1)


def test_an_undone_batch_is_no_reason_to_leave_rows_out(desk: Desk) -> None:
    desk.put(*THREE)
    desk.store.undo(1)
    assert told(desk.check(*THREE, named("a4"))) == (4, {})


def test_an_older_edition_does_not_overwrite_a_newer_one(desk: Desk) -> None:
    desk.put(*THREE, snapshot=date(2025, 1, 1))
    changed = named("a1", killed_best=9), *THREE[1:]
    older = {"already stored": 2, "older version of a stored row": 1}
    assert told(desk.check(*changed, snapshot=date(2024, 1, 1))) == (0, older)
    assert told(desk.check(*changed, snapshot=date(2025, 6, 1))) == (1, {"already stored": 2})
    assert told(desk.check(*changed)) == (1, {"already stored": 2}), "a file that does not say when counts as new"


ROWS = st.lists(st.tuples(st.integers(1, 3), st.integers(0, 2)), max_size=8)


@pytest.mark.case(45)
@settings(max_examples=15, deadline=None)
@given(ROWS, ROWS, st.permutations(range(8)), st.booleans())
def test_every_row_is_stored_once_or_named_a_duplicate_whatever_the_order(
    tmp_path_factory: pytest.TempPathFactory,
    before: list[tuple[int, int]],
    after: list[tuple[int, int]],
    order: list[int],
    is_turned: bool,
) -> None:
    desk = Desk(tmp_path_factory.mktemp("desk"))
    desk.put(nameless(9, 9), *(nameless(*cells) for cells in before))
    columns = "killed,date" if is_turned else "date,killed"
    rows = [nameless(*cells, columns=columns) for cells in after]
    found, shuffled = desk.check(*rows), desk.check(*(rows[k] for k in order if k < len(rows)))
    assert len(found.rows) + found.n_duplicates == len(after)
    assert told(found) == told(shuffled)
    desk.put(*rows, nameless(8, 8))
    assert len(desk.incidents()) == len({*before, *after}) + 2
    desk.store.undo(2)
    assert len(desk.incidents()) == len({*before}) + 1
