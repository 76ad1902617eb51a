"""From file to batch: rows are located once, nothing is stored before consent, the licence follows the source."""

from __future__ import annotations

from pathlib import Path
from threading import Event
from typing import Any

import pytest

from geo import districts as geo_districts
from geo import intake, verbatim
from geo import settings as geo_settings
from geo.analysis.locating import locate
from geo.ingest import read_upload
from geo.problems import RejectedUpload
from geo.store import Store

TEXT = (
    "date,district,place,latitude,longitude,geo_precision\n"
    "2024-03-04,Bannu,,32.99,70.60,exact\n"  # in Bannu, says Bannu
    "2024-03-05,Peshawar,,32.99,70.60,exact\n"  # in Bannu, says Peshawar
    "2024-03-06,,Bannu town,32.99,70.60,exact\n"  # says nothing
    "2024-03-07,,Kabul,34.53,69.17,exact\n"  # outside
    "2024-03-08,Waziristan,,,,district\n"  # ambiguous
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "store")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "upload"
    path.write_text(TEXT, "utf-8")
    return path


def checked(file: Path, store: Store) -> intake.Checked:
    return intake.check(file, "my file.csv", store, geo_districts.load(), geo_settings.load({}))


def test_every_row_is_located_not_located_or_outside(file: Path, store: Store) -> None:
    result = checked(file, store)
    assert (result.n_located, result.n_not_located, result.n_outside) == (3, 1, 1)
    assert result.rows["pcode"].to_pylist() == ["PK503", "PK528", "PK503", None, None]


def test_a_stated_district_counts_and_the_disagreement_is_flagged(file: Path, store: Store) -> None:
    result = checked(file, store)
    assert result.n_conflicts == 1
    assert result.rows["pcode_located"].to_pylist()[1] == "PK503"


def test_the_grid_is_prepared_while_a_large_file_is_read(
    file: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_prepared = Event()

    def read_when_prepared(*given: Any, **named: Any) -> Any:
        assert is_prepared.wait(timeout=30)
        return read_upload(*given, **named)

    monkeypatch.setattr(locate, "prepare", lambda _: is_prepared.set())
    monkeypatch.setattr("geo.intake.read_upload", read_when_prepared)
    monkeypatch.setattr(intake, "_MANY_ROWS_FROM_BYTES", len(TEXT))
    assert checked(file, store).n_located == 3


def test_a_large_file_is_located_like_a_small_one(file: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    small = checked(file, store)
    monkeypatch.setattr(intake, "_MANY_ROWS_FROM_BYTES", len(TEXT))
    assert checked(file, store).located_rows.equals(small.located_rows)


def test_nothing_is_prepared_for_a_small_file(file: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    prepared: list[object] = []
    monkeypatch.setattr(locate, "prepare", prepared.append)
    assert checked(file, store).n_located == 3
    assert not prepared


def test_checking_stores_nothing(file: Path, store: Store) -> None:
    before = store.version()
    checked(file, store)
    assert store.version() == before


def test_an_accepted_file_reads_back_as_it_was_checked(file: Path, store: Store) -> None:
    result = checked(file, store)
    record = intake.accept(result, file, "my file.csv", store)
    assert store.read(record.batch_id).equals(verbatim.with_json(result.rows))
    assert record.label == "my file.csv"


def test_a_file_that_is_stored_already_is_named_and_refused(file: Path, store: Store) -> None:
    intake.accept(checked(file, store), file, "my file.csv", store)
    again = checked(file, store)
    assert again.same_file is not None
    with pytest.raises(RejectedUpload, match="stored already"):
        intake.accept(again, file, "my file.csv", store)


def test_refused_rows_need_consent(tmp_path: Path, store: Store) -> None:
    path = tmp_path / "bad"
    path.write_text(TEXT + "2024-99-99,Bannu,,,,district\n", "utf-8")
    result = checked(path, store)
    with pytest.raises(RejectedUpload):
        intake.accept(result, path, "bad.csv", store)
    assert store.batches() == ()
    assert intake.accept(result, path, "bad.csv", store, accept_valid=True).n_accepted == 5


NAMELESS = "date,district,killed_total\n2024-03-04,Bannu,2\n2024-03-05,Tank,\n2024-03-05,Swat,1\n"


def test_the_same_rows_in_another_order_of_rows_and_columns_are_not_stored_again(file: Path, store: Store) -> None:
    file.write_text(NAMELESS, "utf-8")
    intake.accept(checked(file, store), file, "mine.csv", store)
    file.write_text(
        "killed_total,district,date\n3,Kohat,2024-03-05\n1,Swat,2024-03-05\n2,Bannu,2024-03-04\n,Tank,2024-03-05\n"
        "3,Kohat,2024-03-05\n2024-99-99,,\n",
        "utf-8",
    )
    result = checked(file, store)
    assert (len(result.rows), result.n_duplicates, len(result.result.refused_rows)) == (1, 4, 1)
    assert result.against_store.duplicates["already stored"] == 3
    assert result.against_store.duplicates["repeated in the file"] == 1
    assert result.against_store.stored_in == {1: 3}
    record = intake.accept(result, file, "mine too.csv", store, accept_valid=True)
    assert (record.n_rows_in, record.n_accepted, record.n_refused, record.n_duplicates) == (6, 1, 1, 4)
