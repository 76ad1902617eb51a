"""Doors that count, compare and list rather than name single incidents, with every role: what they let be inferred."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from geo import intake, record
from geo import review as geo_review
from geo.analysis.evidence import published, recount
from geo.cli import main
from geo.export import files, pairs
from geo.export.columns import DISTRICTS as DISTRICTS_TABLE
from geo.filters import Filters
from geo.settings import MODES
from geo.store import Store
from geo.views import cached, embed, profile, visitor
from geo.views.district import figures as district_figures
from geo.views.upload import batches, stored_words
from tests import toy_store
from tests.test_doors import CLOSED, DISTRICTS, LABELS, NEW, OLD, ROLES, Visit, access_of, is_in, readable, store
from tests.toy import row

__all__ = ["store"]


def district_page_of(visit: Visit) -> str:
    """Return what the page of the district says of the quality of its incidents, one day at a time."""
    view, said = visit.view, list[str]()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("streamlit.caption", said.append)
        patch.setattr("streamlit.markdown", said.append)
        for day in np.unique(view.table.day):
            profile.precision(view, view.filters, view.table.day == day)
            district_figures.quality(replace(view, mask=view.table.day == day))
    return " ".join(said)


def pairs_of(visit: Visit) -> str:
    """Return the pairs of incidents as the page and its file have them."""
    found = geo_review.seen_by(geo_review.load(visit.store, DISTRICTS, visit.access.newest_shown), visit.access)
    return f"{found.proposals} {found.merges} {found.kept_separate} {pairs.table_of_pairs(pairs.pairs_of(found, ()))}"


def frame_page_of(visit: Visit) -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cached, "store", lambda: visit.store)
        return " ".join(embed._shown(replace(visit.view, filters=Filters(datasets=("1", "2", "3")))))


def published_of(visit: Visit) -> str:
    table = visit.atlas._of_source("template")
    return repr(recount.recount_all(table, "template", published.totals()))


def file_of_districts(visit: Visit) -> str:
    """Return the rows of the file of districts; its notes name the version of the store."""
    return files.content(visit.exported, DISTRICTS_TABLE, "csv").decode().split("\npcode", 1)[1]


# What counts, and names no single incident to a reader: nothing in it may tell of one that is withheld or restricted.
COUNTS: dict[str, Callable[[Visit], str]] = {
    "page of a district": district_page_of,
    "pairs": pairs_of,
    "frame": frame_page_of,
}
# Numbers alone: a row that is withheld changes none of them.
NUMBERS: dict[str, Callable[[Visit], str]] = {
    "districts in Python": lambda visit: visit.atlas.by_district().drop(columns="geometry").to_csv(),
    "published totals": published_of,
    "file of districts": file_of_districts,
}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("role", ROLES)
def test_what_counts_tells_nobody_of_a_single_withheld_or_restricted_incident(
    mode: str, role: str, store: Store
) -> None:
    visit = Visit(store, access_of(mode, role, store))
    is_own = mode == "local" and role != "visitor"
    sees_new = is_own or (mode == "server" and role != "visitor")
    for door, through in COUNTS.items():
        said = through(visit)
        assert said.strip(), door
        assert not is_in(said, CLOSED), door
        assert "within 2 km" not in said, door
        assert sees_new or not is_in(said, NEW), door
        assert sees_new or LABELS[NEW] not in said, door
        assert not re.search(r"\d+ incidents? withheld", said), door


@pytest.fixture(scope="module")
def numbered(tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, Store]:
    """Return a store with an old incident and one that is newer than the delay, and the same without that one."""
    folder, today = tmp_path_factory.mktemp("numbers"), datetime.now(UTC).date()
    stores = []
    for name, ages in (("with", (50, 20)), ("without", (50,))):
        made = toy_store.opened(folder / name)
        for age in ages:
            one = row(age, pcode="PK503", day=today - timedelta(days=age), target_type="police", killed_best=3)
            made.add(toy_store.batch(folder, one, source="template", text=f"{age}"))
        stores.append(made)
    return stores[0], stores[1]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("door", NUMBERS)
def test_no_number_tells_a_reader_of_a_withheld_row(
    door: str, mode: str, role: str, numbered: tuple[Store, Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    today = datetime.now(UTC).date()
    total = replace(published.totals()[0], first=today - timedelta(days=60), last=today)
    total = replace(total, unit="district", pcode="PK503", metric=next(iter(recount.METRICS)))
    monkeypatch.setattr(published, "totals", lambda: (total,))
    said = [NUMBERS[door](Visit(store, access_of(mode, role, store))) for store in numbered]
    assert (said[0] != said[1]) is (mode != "public" and role != "visitor"), door


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("role", ROLES)
def test_what_is_said_of_the_pair_of_an_open_and_a_restricted_row(mode: str, role: str, tmp_path: Path) -> None:
    own, day = toy_store.opened(tmp_path / "store"), datetime.now(UTC).date() - timedelta(days=90)
    for number, source in enumerate(("template", "gtd"), 1):
        cells = {"pcode": "PK528", "lat": 33.9, "lon": 71.4 + number / 100, "geo_precision": "exact", "killed_best": 7}
        one = row(number, incident_id=f"{source}:{number}", source=source, day=day, **cells)
        own.add(toy_store.batch(tmp_path, one, source=source, text=source))
    access = access_of(mode, role, own)
    found = geo_review.seen_by(geo_review.load(own, DISTRICTS, access.newest_shown), access)
    is_own = mode == "local" and role != "visitor"
    assert len(found.proposals) == is_own
    assert found.n_closed == ({} if is_own else {"gtd": 1})
    assert pairs.pairs_of(found, found.proposals).pairs == ()
    toy_store.recorded_merge(own, ["template:1", "gtd:2"])
    incident = record.read(own, "template:1", access.newest_shown, shows_closed=access.shows_closed_rows)
    assert isinstance(incident, record.Record)
    assert len(incident.reports) == 1 + is_own
    assert ("gtd:2" in repr(incident.reports)) is is_own


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("role", ROLES)
def test_whose_list_of_batches_names_a_withheld_one(
    mode: str, role: str, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    access, said = access_of(mode, role, store), list[str]()
    monkeypatch.setattr(visitor, "access", lambda: access)
    monkeypatch.setattr(cached, "store", lambda: store)
    monkeypatch.setattr(cached, "rows_up_to", lambda: intake.rows_up_to(store, access.newest_shown))
    monkeypatch.setattr(stored_words, "draw", lambda record: None)
    monkeypatch.setattr("streamlit.delta_generator.DeltaGenerator.markdown", lambda _place, text: said.append(text))
    batches.draw()
    shown = " ".join(said).replace("\\", "")
    assert LABELS[OLD] in shown
    is_seen = (mode == "local" and role != "visitor") or (mode == "server" and role != "visitor")
    assert (LABELS[NEW] in shown) is is_seen


def test_a_batch_that_another_process_adds_meanwhile_is_not_listed_yet(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    access, said = access_of("public", "visitor", store), list[str]()
    monkeypatch.setattr(visitor, "access", lambda: access)
    monkeypatch.setattr(cached, "store", lambda: store)
    monkeypatch.setattr(cached, "rows_up_to", dict)
    monkeypatch.setattr("streamlit.delta_generator.DeltaGenerator.markdown", lambda _place, text: said.append(text))
    batches.draw()
    assert said == []


@pytest.mark.parametrize("mode", MODES)
def test_other_commands_print_and_write_no_single_incident_that_the_mode_withholds(
    mode: str, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ATLAS_MODE", mode)
    monkeypatch.setenv("ATLAS_DELAY_DAYS", "30" if mode == "public" else "10")
    today = datetime.now(UTC).date()
    month = f"{today:%Y-%m}"
    periods = [f"{today - timedelta(days=last + 29)}:{today - timedelta(days=last)}" for last in (60, 30)]
    for command in (
        ["report", "--month", month, "--out", str(tmp_path / "report")],
        ["compare", *periods],
        ["stories"],
        ["places"],
        ["words"],
        ["mappings"],
    ):
        # Periods without a record, or of two sources, are not compared: the refusal is a door as well.
        code = main([command[0], "--store", str(store.path), *command[1:]])
        assert code == 0 or (command[0], code) == ("compare", 2), command
        said = "".join(capsys.readouterr())
        assert not is_in(said, CLOSED), command
        assert mode != "public" or not (is_in(said, NEW) or LABELS[NEW] in said), command
    edition = readable((tmp_path / "report" / f"edition-{month}.parquet").read_bytes(), "parquet")
    assert [name in edition for name in (f"'{OLD}'", f"'{NEW}'", f"'{CLOSED}'")] == [True, mode != "public", False]
