"""What docs/formats-tested.md tells is so: each table means the same in whatever container it comes."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo import intake, settings
from geo.districts import load
from geo.ingest import ReadOptions
from geo.ingest.formats import all_formats, mapped
from geo.problems import RejectedUpload
from geo.store import Store
from tests.format_table import CONTAINERS, LIMITS_AS_SHIPPED, PLAIN, Outcome, document, guarded, outcome, outcomes
from tests.format_tables import MadeUp, all_tables
from tests.unguarded import read_unguarded

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "formats-tested.md"


def in_process(path: Path, options: ReadOptions) -> Outcome:
    """Read without the guard, which changes nothing but the time."""
    try:
        read = read_unguarded(path, path.parent, path.name, options, LIMITS_AS_SHIPPED)
    except RejectedUpload as refused:
        return Outcome(refusal=str(refused.problems[0].code))
    rows = read.rows()
    return outcome(read.findings.format, rows, len(read.refused_rows()), read.findings.n_rows_in)


@pytest.mark.parametrize("table", all_tables(), ids=lambda table: table.name)
def test_a_table_means_the_same_in_every_container(table: MadeUp) -> None:
    found = outcomes(table, in_process)
    plain = found.pop(PLAIN)
    assert plain is not None
    assert plain.n_accepted or plain.refusal == "not_for_districts"
    different = {name: one.told(plain) for name, one in found.items() if one is not None and one != plain}
    assert different == {}


@pytest.mark.parametrize("container", ["xlsx, typed cells", "GeoJSON", "Parquet, typed"])
def test_a_row_without_an_identifier_is_not_stored_again_from_another_container(tmp_path: Path, container: str) -> None:
    table = next(one for one in all_tables() if one.name == "Atlas template without identifiers")
    store, districts = Store.open(tmp_path / "store"), load()
    path = tmp_path / "upload"
    path.write_bytes(CONTAINERS[PLAIN][0](table) or b"")
    intake.accept(intake.check(path, "own.csv", store, districts, settings.load({})), path, "own.csv", store)
    path.write_bytes(CONTAINERS[container][0](table) or b"")
    again = intake.check(path, "own", store, districts, settings.load({}))
    assert (len(again.rows), again.against_store.duplicates["already stored"]) == (0, 2)


def test_every_known_format_is_among_the_tables() -> None:
    found = [outcomes(table, in_process)[PLAIN] for table in all_tables()]
    refused = {"acled_weekly", "province_totals", "division_totals", "gdelt"}
    assert {one.format for one in found if one and one.format} | refused == {
        layout.key for layout in (*all_formats(), mapped.FORMAT, mapped.PLAIN)
    }


def test_the_document_is_current() -> None:
    assert DOCUMENT.read_text("utf-8") == document(in_process), (
        "run: python -m tests.format_table > docs/formats-tested.md"
    )


@pytest.mark.slow
def test_the_guarded_child_reads_as_this_process_does() -> None:
    table = next(one for one in all_tables() if one.name == "Atlas template")
    found = outcomes(table, guarded)
    assert found == outcomes(table, in_process)
    assert len(found) == len(CONTAINERS)
