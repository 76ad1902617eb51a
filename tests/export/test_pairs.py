"""Pairs that may be one event as a file: every pair once, none with a row that may not be passed on, texts inert."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from geo import districts, review
from geo.export import files, pairs
from geo.export.columns import COLUMNS_OF, PAIRS
from geo.export.view import ExportedView
from geo.store import Store
from tests.export.conftest import HOSTILE
from tests.toy import row
from tests.toy_store import batch

HERE: dict[str, Any] = {"pcode": "PK503", "lat": 33.0, "lon": 70.6, "geo_precision": "exact"}
TOLD = (("register", 1, {}), ("table", 1, {"place": HOSTILE}), ("register", 2, {"day": date(2024, 6, 1)}),
        ("gtd", 2, {"day": date(2024, 6, 1), "place": "Secret"}))  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Store:
    opened = Store.open(tmp_path / "store")
    for source, number, cells in TOLD:
        told = row(number, **{"incident_id": f"{source}:{number}", "source": source} | HERE | cells)
        opened.add(batch(tmp_path, told, text=f"{source}{number}", source=source))
    return opened


def loaded(store: Store, newest: date = date(2030, 1, 1)) -> pairs.Pairs:
    found = review.load(store, districts.load(), newest)
    return pairs.pairs_of(found, found.proposals)


def content(view: ExportedView, found: pairs.Pairs, kind: str) -> bytes:
    return files.content_of(pairs.table_of_pairs(found), pairs.notes_of_pairs(view, found), kind)


def test_each_pair_has_a_row_for_each_incident(store: Store, toy_view: ExportedView) -> None:
    found = loaded(store)
    said = content(toy_view, found, "csv")
    begins = int(said.decode("utf-8-sig").split("begins on line ")[1].split(".")[0])
    frame = pd.read_csv(io.BytesIO(said), skiprows=begins - 1)
    assert list(frame.columns) == [one.name for one in COLUMNS_OF[PAIRS]]
    assert frame["incident_id"].tolist() == ["register:1", "table:1"]
    assert frame["pair"].tolist() == [1, 1]
    assert set(frame["decision"]) == {"undecided"}
    assert frame["score"].iloc[0] == pytest.approx(found.pairs[0].score)
    assert "same day" in frame["reasons"].iloc[0]
    assert frame["place"].iloc[1] == f"'{HOSTILE}"


def test_a_pair_with_a_closed_row_stays_and_is_counted(store: Store, toy_view: ExportedView) -> None:
    found = loaded(store)
    assert found.n_closed == {"gtd": 1}
    said = content(toy_view, found, "csv").decode()
    assert "Secret" not in said
    assert "gtd:2" not in said
    assert "register:2" not in said
    assert "1 pair with a row of Global Terrorism Database: not passed on" in said


def test_decided_pairs_say_what_was_decided(store: Store, toy_view: ExportedView) -> None:
    review.merge(store, loaded_proposals(store))
    found = loaded(store)
    assert [pair.decision for pair in found.pairs] == ["merged"]
    assert found.n_closed == {"gtd": 1}
    assert content(toy_view, found, "csv").decode().count(",merged,") == 2


def test_a_filter_applies_to_decided_pairs_too(store: Store) -> None:
    review.merge(store, loaded_proposals(store))
    found = review.load(store, districts.load(), date(2030, 1, 1))
    assert len(pairs.pairs_of(found, (), {"table:1"}).pairs) == 1
    outside = pairs.pairs_of(found, (), {"register:9"})
    assert (outside.pairs, outside.n_closed, outside.n_unseen) == ((), {}, 0)


def loaded_proposals(store: Store) -> Any:
    return review.load(store, districts.load(), date(2030, 1, 1)).proposals


def test_a_withheld_incident_takes_its_pair_with_it(store: Store) -> None:
    review.merge(store, loaded_proposals(store))
    found = loaded(store, date(2024, 3, 1))
    assert (found.pairs, found.n_unseen + sum(found.n_closed.values())) == ((), 2)


def test_the_workbook_holds_the_same_rows_and_its_notes(store: Store, toy_view: ExportedView) -> None:
    found = loaded(store)
    made = content(toy_view, found, "xlsx")
    assert made == content(toy_view, found, "xlsx"), "equal bytes for equal data"
    book = openpyxl.load_workbook(io.BytesIO(made))
    assert book.sheetnames == [PAIRS, "README"]
    assert [cell.value for cell in book[PAIRS]["E"]][1:] == ["register:1", "table:1"]
    notes = {line[0].value: line[1].value for line in book["README"].iter_rows()}
    assert notes["Data version"] == toy_view.version.code
