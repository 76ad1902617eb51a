"""A batch whose rows are all withheld is on no page of a public atlas, nor is how many rows are withheld."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from geo.filters import Filters
from geo.policy import Access
from geo.settings import Role
from geo.store import Store
from geo.views import table_file, visitor
from tests.pages.test_pages import _own_store, run, texts
from tests.toy import row
from tests.toy_store import batch

__all__ = ["_own_store"]
pytestmark = pytest.mark.slow
SECRET, MIXED = "secret operation report.csv", "two of four.csv"


@pytest.fixture(autouse=True)
def _with_new_rows(_own_store: None, store_path: Path, tmp_path: Path) -> None:
    """A batch of three new rows, the same undone, and one of two old and two new rows."""
    store, today = Store.open(store_path), datetime.now(UTC).date()
    for label, first, ages in (
        (SECRET, 1, (2, 3, 4)),
        (f"undone {SECRET}", 11, (5, 6, 7)),
        (MIXED, 21, (3, 4, 50, 51)),
    ):
        rows = [row(first + k, day=today - timedelta(days=age), pcode="PK503") for k, age in enumerate(ages)]
        added = store.add(batch(tmp_path, *rows, text=label, label=label, n_duplicates=7))
        if label.startswith("undone"):
            store.undo(added.batch_id)


def everything(app: AppTest) -> str:
    """Return the texts of a page with the options of its choices and the cells of its tables."""
    assert not app.exception
    options = [option for choice in (*app.multiselect, *app.selectbox) for option in choice.options]
    return "\n".join([texts(app), *options, *(frame.value.to_string() for frame in app.dataframe)]).replace("\\", "")


@pytest.mark.parametrize("page", ["upload", "overview", "duplicates", "trends", "data_and_method", "district"])
def test_no_public_page_names_a_withheld_batch_or_counts_withheld_rows(
    page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATLAS_MODE", "public")
    said = everything(run(page, district="PK503"))
    assert "secret operation" not in said
    assert MIXED in said
    assert not re.search(r"\d+ (further reports? )?(is |are )?withheld", said)
    assert "those newer than 30 days withheld" in said or page == "upload"
    if page == "upload":
        assert f"{MIXED}** - 2 rows, shown" in said
        assert "duplicate" not in said.split(MIXED)[1].split("SHA-256")[0]


def test_the_person_at_the_machine_sees_every_batch_and_the_count() -> None:
    said = everything(run("upload"))
    assert f"{SECRET}** - 3 rows" in said
    assert f"undone {SECRET}** - 3 rows" in said
    assert f"{MIXED}** - 4 rows" in said
    assert "5 withheld, newer than the publication delay" in texts(run())


@pytest.mark.parametrize(("days", "said"), [(0, ""), (1, "those newer than 1 day withheld")])
def test_readers_are_told_of_a_delay_that_there_is(days: int, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = Access("server", Role.VISITOR, "", days)
    monkeypatch.setattr(visitor, "access", lambda: reader)
    shown = texts(run())
    assert ("newer than" in shown, said in shown) == (bool(said), True)
    unknown = texts(run("incident", id="template:unknown"))
    assert "No incident with this identifier is shown here" in unknown
    assert ("publication delay of 1 day," in unknown, "newer than" in unknown) == (bool(said), bool(said))


def test_the_file_of_a_table_names_no_batch_of_which_nothing_is_shown(
    store_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visitor, "access", lambda: Access("server", Role.VISITOR, "", 30))
    numbers = {one.label: str(one.batch_id) for one in Store.open(store_path).batches()}
    said = " ".join(table_file._in_words(Filters(datasets=(numbers[SECRET], numbers[MIXED]))))
    assert SECRET not in said
    assert MIXED in said
