"""Original columns are read by their own names, whatever signs those hold."""

from __future__ import annotations

import csv

import pyarrow as pa
import pytest

from geo import districts as geo_districts
from geo import intake, verbatim
from geo import settings as geo_settings
from geo.store import Store

NAMES = ("a", "b.c", "d.", ".e", "f/g", "group.element", "کیفیت", "list")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A store with one file of a table whose columns have such names."""
    folder = tmp_path_factory.mktemp("names")
    path = folder / "upload"
    head = ["date", "district", *NAMES]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, ["2024-03-04", "Bannu", *(f"cell of {name}" for name in NAMES)]])
    opened, settings = Store.open(folder / "store"), geo_settings.load({})
    checked = intake.check(path, "mine.csv", opened, geo_districts.load(), settings)
    intake.accept(checked, path, "mine.csv", opened)
    return opened


@pytest.mark.parametrize("wanted", NAMES)
def test_a_column_is_read_by_its_name_even_with_a_dot_in_it(store: Store, wanted: str) -> None:
    (batch,) = store.batches()
    found = pa.concat_tables(store.pieces(batch.batch_id, ("incident_id", verbatim.RAW), lambda _names: [wanted]))
    assert verbatim.is_cells(found[verbatim.RAW].type)
    assert verbatim.cells_of(found[verbatim.RAW], wanted).to_pylist() == [f"cell of {wanted}"]
