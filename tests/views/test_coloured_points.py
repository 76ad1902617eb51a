"""The points of a table: those with a place, newest first, in colours that no filter moves; made once."""

from __future__ import annotations

import gc
import time
import weakref
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from threading import Barrier

import numpy as np
import pytest

from geo import districts as geo_districts
from geo import wording
from geo.filters import Filters
from geo.incidents import IncidentTable, build, select
from geo.views import cached, embed, incident_points, of_table
from geo.views.coloured_points import COLOURED_BY, coloured
from geo.views.layers import IncidentTexts
from geo.views.state import View
from tests.toy import row, table

DISTRICTS = geo_districts.load()


def incidents() -> IncidentTable:
    """Five with a place, of which the third is the newest; one without."""
    years = (2020, 2022, 2024, 2021, 2020)
    targets = ("police", "police", "civilian", "unknown", "police")
    rows = [
        row(
            k,
            day=date(year, 1, 1),
            target_type=target,
            geo_precision=precision,
            lat=33 + k / 10,
            lon=70.6,
            pcode="PK503",
        )
        for k, (year, target, precision) in enumerate(
            zip(years, targets, ("exact", "near", "exact", "near", "exact"), strict=True), start=1
        )
    ]
    return build({"1": table(*rows, row(6, geo_precision="district", lat=33.0, lon=70.6))}, DISTRICTS.pcodes, "v")


def test_every_incident_with_a_place_is_a_point_newest_first() -> None:
    points = coloured(incidents(), "target").table
    assert points.positions.tolist() == [2, 1, 3, 0, 4], "of the same day in the order of the table"
    assert points.lat_deg.tolist() == pytest.approx([33.3, 33.2, 33.4, 33.1, 33.5])
    assert points.is_near.tolist() == [False, True, True, False, False]


def test_colours_follow_the_frequency_and_what_is_not_stated_comes_last() -> None:
    made = coloured(incidents(), "target")
    assert made.names[:2] == ("Police", "Civilians")
    assert made.table.colour.tolist() == [1, 0, len(made.names) + 1, 0, 0]  # after "other"


@pytest.mark.parametrize("coloured_by", COLOURED_BY)
def test_other_colours_share_the_places_and_are_those_made_alone(coloured_by: str) -> None:
    whole = incidents()
    first = coloured(whole, "target")
    shared, alone = coloured(whole, coloured_by, first), coloured(whole, coloured_by)
    assert shared.table.lon_deg is first.table.lon_deg
    assert shared.names == alone.names
    np.testing.assert_array_equal(shared.table.colour, alone.table.colour)
    assert shared.table.packed == alone.table.packed


def test_the_points_of_a_table_are_made_once_read_only_and_gone_with_it() -> None:
    whole = incidents()
    points = of_table.points(whole, "target")
    assert of_table.points(whole, "target") is points
    assert of_table.points(incidents(), "target") is not points
    assert not points.table.lon_deg.flags.writeable
    assert not points.table.colour.flags.writeable
    kept = weakref.ref(points.table)
    del whole, points
    gc.collect()
    assert kept() is None


def test_a_filter_changes_only_which_points_are_shown() -> None:
    whole = View.whole(incidents(), DISTRICTS)
    filters = Filters(targets=("police",))
    part = replace(whole, filters=filters, mask=select(whole.table, filters))
    views = [incident_points.points_view(view, "pins", "target") for view in (whole, part)]
    assert views[0].table is views[1].table
    assert views[0].shown.tolist() == [True] * 5
    assert views[1].shown.tolist() == [False, True, False, True, True]
    assert [len(rows.texts.rows) for rows in views if rows.texts] == [5, 3]
    assert views[0].table_texts is views[1].table_texts is not None, "put into words once"
    with wording.in_language("ur"):
        other = incident_points.points_view(part, "pins", "target").table_texts
    assert other is not None
    assert other.fields != views[0].table_texts.fields
    drawn = np.flatnonzero(incident_points.is_drawn(part))
    assert sorted(views[1].positions) == drawn.tolist()


def test_a_map_does_not_wait_while_the_pop_ups_of_another_are_put_into_words() -> None:
    whole, texts = incidents(), IncidentTexts(("Date",), (), ())
    with ThreadPoolExecutor(4) as pool:

        def slow() -> IncidentTexts:
            others = (
                pool.submit(of_table.points, whole, "target"),
                pool.submit(of_table.pop_ups, incidents(), True, None, lambda: texts),
                pool.submit(of_table.pop_ups, whole, False, None, lambda: texts),
            )
            for other in others:
                other.result(timeout=30)
            return texts

        assert of_table.pop_ups(whole, True, None, slow) is texts


def test_pop_ups_that_several_need_at_once_are_put_into_words_once() -> None:
    whole, made, together = incidents(), [], Barrier(4)

    def make() -> IncidentTexts:
        made.append(1)
        time.sleep(0.05)
        return IncidentTexts(("Date",), (), ())

    def ask(_number: int) -> IncidentTexts:
        together.wait(30)
        return of_table.pop_ups(whole, True, None, make)

    with ThreadPoolExecutor(4) as pool:
        assert len({id(one) for one in pool.map(ask, range(4))}) == len(made) == 1


def test_a_frame_packs_the_texts_of_a_table_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cached, "ready_summaries", lambda _table: None)
    monkeypatch.setattr(embed, "_option", lambda _key, known: next(iter(known)))
    monkeypatch.setattr(embed, "_shown", lambda _view: [])
    view = View.whole(incidents(), DISTRICTS)
    first, second = (embed._points(view)[0]["points"] for _run in range(2))
    assert first.table_texts is second.table_texts is not None
    assert first.table_texts.packed is second.table_texts.packed
    assert first.texts.pages == first.table_texts.pages == ()
    assert incident_points.points_view(view, "pins", "target").table_texts.pages
