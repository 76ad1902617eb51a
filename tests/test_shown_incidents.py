"""What is shown, and what one source tells: a merge counts once for readers and takes nothing away from an index."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from geo import districts as geo_districts
from geo import intake, policy
from geo import settings as geo_settings
from geo.store import Store
from tests.toy import row
from tests.toy_store import batch, recorded_merge

DISTRICTS = geo_districts.load()
TODAY = date(2030, 1, 1)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A store with two own rows and two of another source, all on one day in Bannu."""
    opened = Store.open(tmp_path / "store")
    opened.add(batch(tmp_path, row(1, pcode="PK503"), row(2, pcode="PK503"), text="own"))
    theirs = [row(n, pcode="PK503", source="gtd", incident_id=f"gtd:{n}") for n in (1, 2)]
    opened.add(batch(tmp_path, *theirs, text="theirs", source="gtd", format="gtd"))
    return opened


def test_the_delay_is_counted_back_from_today() -> None:
    settings = geo_settings.load({})
    week = replace(settings, delay_days=settings.delay_days + 7)
    assert (policy.at_machine(settings).newest_shown - policy.at_machine(week).newest_shown).days == 7


def test_incidents_newer_than_the_last_day_are_withheld(store: Store) -> None:
    assert len(intake.shown_incidents(store, DISTRICTS, date(2024, 3, 5))) == 4
    assert len(intake.shown_incidents(store, DISTRICTS, date(2024, 3, 4))) == 0


def test_an_undone_batch_is_not_shown(store: Store) -> None:
    store.undo(2)
    table = intake.shown_incidents(store, DISTRICTS, TODAY)
    assert (len(table), table.sources) == (2, ("template",))


def test_without_merges_the_shown_incidents_serve_every_source(store: Store) -> None:
    shown = intake.shown_incidents(store, DISTRICTS, TODAY)
    assert intake.incidents_of_source(store, DISTRICTS, shown, TODAY, "gtd") is shown


def test_a_merge_across_sources_counts_once_and_each_source_keeps_its_own(store: Store) -> None:
    recorded_merge(store, ["toy:1", "gtd:1"])
    shown = intake.shown_incidents(store, DISTRICTS, TODAY)
    assert len(shown) == 3
    for source in ("template", "gtd"):
        own = intake.incidents_of_source(store, DISTRICTS, shown, TODAY, source)
        assert (len(own), own.sources) == (2, (source,))
        assert own.version != shown.version


def test_a_merge_within_a_source_stays_merged_for_its_index(store: Store) -> None:
    recorded_merge(store, ["toy:1", "toy:2"])
    shown = intake.shown_incidents(store, DISTRICTS, TODAY)
    assert len(intake.incidents_of_source(store, DISTRICTS, shown, TODAY, "template")) == 1
    assert len(intake.incidents_of_source(store, DISTRICTS, shown, TODAY, "gtd")) == 2
