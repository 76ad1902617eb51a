"""The atlas template: the table a user fills in."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.ingest.formats import Format
from geo.ingest.formats.template_file import EXAMPLE_ID, EXAMPLE_NOTE, TEMPLATE_COLUMNS
from geo.ingest.tables import CellError
from geo.ingest.values import dates, derivation_rules, district_cells, places, point_text, tolls
from geo.ingest.values.canonical import Fields
from geo.ingest.values.cells import EMPTY_CELL, Reading
from geo.ingest.values.choices import choice
from geo.ingest.values.counts import counts, event_counts
from geo.ingest.values.dates import DateStyle, Spans
from geo.ingest.values.derivation_rules import with_stated_end, with_stated_precision
from geo.ingest.values.labels import Labels, Mask
from geo.ingest.values.word_fields import named_groups, word_fields
from geo.names import is_only_sum, is_sum
from geo.problems import ProblemCode
from geo.wording import N_, text

_PARTS = ("killed_police", "killed_military", "killed_civilian", "killed_militant")
_PRECISIONS = ("exact", "near", "district")
_STATED_PRECISIONS = {str(n): code for n, code in enumerate(_PRECISIONS, start=1)} | {one: one for one in _PRECISIONS}
_NO_PLACE = CellError(
    ProblemCode.MISSING, text("No place is given."), text("Fill in the district, or both coordinates, or the place.")
)
_EXAMPLE = CellError(ProblemCode.CELL, text("This is an example row of the template."), text("Delete it."))


def convert(reading: Reading) -> Fields:
    """Return the canonical columns of a filled-in template."""
    district_cells.refuse_sums(reading)
    style = dates.style_of(reading, "date", "date_end", others=("source_date",))
    days = with_stated_precision(reading, "date_precision", dates.spans(reading, "date", style))
    is_example = reading.matches("incident_id", lambda word: word.startswith(EXAMPLE_ID))
    reading.refuse(is_example & reading.matches("notes", EXAMPLE_NOTE.__eq__), "", _EXAMPLE)
    fields = template_fields(reading, days, style)
    if reading.has("incident_id"):
        reading.refuse(reading.is_unread("incident_id"), "incident_id", EMPTY_CELL)
        fields["source_event_id"] = reading.text("incident_id")
    return fields


def template_fields(reading: Reading, days: Spans, style: DateStyle, is_ours: Mask | None = None) -> dict[str, Any]:
    """Return the canonical columns by the rules of the template.

    style: of the dates in other columns. is_ours: rows in Pakistan, shape (n,) (None: all).
    """
    days = with_stated_end(reading, "date_end", days, style)
    coordinates, place = _points(reading, is_ours)
    is_placed = coordinates.is_given | reading.is_filled("district", "place")
    reading.refuse(~is_placed & ~reading.is_filled("pcode") & ~reading.refusals.refused, "", _NO_PLACE)
    pcodes = district_cells.stated_pcodes(reading, "pcode", "district", is_placed)
    n_events = event_counts(reading, "n_events")
    _refuse_areas(reading, n_events)
    parts = {key: tolls.added_up(reading, key) for key in _PARTS}
    total = tolls.stated(reading, "killed_total")
    best, low, high = tolls.completed(reading, "killed_total", total, tolls.two_sides(reading, parts))
    return {
        **days.fields,
        "n_events": n_events,
        **coordinates.fields,
        "geo_precision": _geo_precision(reading, coordinates),
        "place": place,
        "district_reported": reading.text("district"),
        "pcode_stated": pcodes,
        **word_fields(reading),
        **named_groups(reading),
        "killed_best": best,
        "killed_low": low,
        "killed_high": high,
        **parts,
        "injured": tolls.added_up(reading, "injured_total"),
        "n_sources": counts(reading, "n_sources"),
        "source_url": reading.text("source_url"),
        "source_date": dates.report_days(reading, "source_date", style),
    }


def _points(reading: Reading, is_ours: Mask | None) -> tuple[places.Points, pa.Array]:
    """Return the coordinates and the name of the place of each row.

    Coordinates are in two columns, in one, or stand where names of places do: they count where no others are stated. A
    link to a map beside them may tell the rest.
    """
    has_axes = reading.has("latitude") or reading.has("longitude")
    found, names = _own_points(reading, has_axes, is_ours)
    if has_axes and reading.has("point"):
        found = point_text.completed(reading, "point", found)
    key = reading.key_of("source_url")
    if reading.has("source_url") and point_text.hold_points(reading.table.sample(key)):
        found = point_text.completed(reading, "source_url", found)
    return found, names


def _own_points(reading: Reading, has_axes: bool, is_ours: Mask | None) -> tuple[places.Points, pa.Array]:
    names = reading.text("place")
    if reading.has("point") and not has_axes:
        found = point_text.points(reading, "point")
    else:
        found = places.points(reading, "latitude", "longitude", is_ours)
    if not reading.has("place"):
        return found, names
    found, is_point = point_text.with_points_among_places(reading, "place", found)
    return found, pc.if_else(pa.array(is_point), pa.scalar(None, pa.string()), names)


def _refuse_areas(reading: Reading, n_events: pa.Array) -> None:
    """A sum is never an incident, nor is an area of several districts if the row sums up several incidents."""
    where = (np.asarray(n_events) > 1) | reading.matches("district", is_sum)
    district_cells.refuse_areas(reading, "district", district_cells.AREAS, where)
    reading.refuse(reading.matches("place", is_only_sum), "place", district_cells.AREAS["sum"])


def is_template(keys: frozenset[str]) -> bool:
    """Return whether a table has only columns of the template, a date and one way to name the place."""
    known = {column.name for column in TEMPLATE_COLUMNS} | {"geometry_x", "geometry_y"}  # of a converted GeoJSON
    has_place = bool(keys & {"district", "place", "pcode"}) or {"latitude", "longitude"} <= keys
    return "date" in keys and has_place and keys <= known


def _geo_precision(reading: Reading, coordinates: places.Points) -> Labels:
    stated = choice(reading, "geo_precision", _STATED_PRECISIONS, blank="", other="")
    # Coordinates of unstated precision are read as near: nothing more may be claimed for them.
    assumed = Labels.same("district", len(reading)).replaced(coordinates.is_given, "near")
    return derivation_rules.geo_precisions(reading, stated.replaced(stated.is_any(""), assumed), coordinates)


FORMAT = Format(
    key="template",
    label=N_("Atlas template"),
    source="template",
    signature=frozenset({"date"}),
    convert=convert,
    accepts=is_template,
)
