"""Parts of UCDP's table that people cut out: recognised by what only UCDP has, and the events are its own."""

from __future__ import annotations

import csv
import io
from itertools import islice

import pytest

from geo.ingest.notes import NoteKind
from geo.ingest.results import ReadResult
from geo.settings import DATA_DIR

# Columns that people keep: enough to see who fought whom, when, where and how many died.
KEPT = (
    ("id", "date_start", "type_of_violence", "side_a", "side_b", "adm_1", "adm_2", "latitude", "longitude", "best"),
    ("id", "year", "type_of_violence", "side_a", "side_b", "adm_2", "date_start", "date_end", "deaths_a", "deaths_b"),
    (
        "id",
        "date_start",
        "type_of_violence",
        "side_a",
        "side_b",
        "adm_2",
        "best",
        "deaths_a",
        "deaths_b",
        "deaths_civilians",
    ),
    ("best", "id", "conflict_name", "side_b", "side_a", "date_start", "adm_2", "type_of_violence"),
)


@pytest.fixture(scope="module")
def events() -> list[dict[str, str]]:
    with (DATA_DIR / "ucdp_ged_kp.csv").open(encoding="utf-8", newline="") as lines:
        return list(islice(csv.DictReader(lines), 200))


def part(events: list[dict[str, str]], names: tuple[str, ...]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, names, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(events)
    return out.getvalue()


@pytest.mark.parametrize("names", KEPT)
def test_a_part_without_precisions_is_recognised_and_keeps_its_identifiers(read, events, names):
    result: ReadResult = read(part(events, names))
    assert (result.format, result.source, result.n_refused) == ("ucdp_ged", "ucdp_ged", 0)
    assert result.rows["source_event_id"].to_pylist() == [row["id"] for row in events]
    assert set(result.rows["geo_precision"].to_pylist()) <= {"district", "unknown"}


def test_days_are_as_exact_as_they_are_written(read, events):
    result = read(part(events, KEPT[1]))
    for row, precision in zip(events, result.rows["date_precision"].to_pylist(), strict=True):
        assert (precision == "day") == (row["date_start"] == row["date_end"]), row["id"]


def test_a_table_that_merely_has_sides_is_no_table_of_ucdp(read):
    table = "id,date_start,side_a,side_b,district,killed\n1,2024-03-04,Police,TTP,Bannu,2\n"
    assert read(table).format != "ucdp_ged"


@pytest.mark.parametrize("names", KEPT)
def test_what_a_part_cannot_tell_is_unknown_and_the_rest_is_that_of_the_whole(read, events, names):
    """Who began and whom it hit follows from who died: without those columns nothing may be said."""
    whole, cut = read(part(events, tuple(events[0]))), read(part(events, names))
    is_told = {"deaths_a", "deaths_civilians"} <= set(names)
    for field in ("attack_type", "target_type", "initiator", "group_id"):
        for one, other in zip(whole.rows[field].to_pylist(), cut.rows[field].to_pylist(), strict=True):
            assert other == one or (not is_told and other == "unknown"), field
    said = [note for note in cut.notes if note.kind is NoteKind.UCDP_WITHOUT_SIDES]
    assert bool(said) != is_told
    assert "state_operation" not in cut.rows["attack_type"].to_pylist() or is_told
