"""Sheets of maps: districts by a measure or a class, incidents as points or in hexagons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np

from geo.analysis.counting.hexagons import hexagons
from geo.analysis.counting.questions import MEASURES
from geo.analysis.counting.surface import CELL_KM, surface
from geo.figure.maps import frame_of
from geo.figure.outlines import in_plane
from geo.figure.sheet import Key, Sheet
from geo.incidents import has_place
from geo.problems import Problem, ProblemCode, RejectedUpload
from geo.views import incident_points, overview
from geo.views.coloured_points import COLOURED_BY
from geo.views.layers import ChoroplethView, PointsView
from geo.views.restricted_points import restricted
from geo.views.sheets.shown import SOUTH, FigureView, heading_lines, key_of, sheet
from geo.wording import N_, _, _n, format_list, text

MOST_PINS = 20_000
_SOUTH_COLOUR = "#14181d"
_COUNTED: dict[str, str] = {"pins": N_("Incidents"), "hex": N_("Hexagons"), "heat": N_("Cells of 3 km")}
_TITLES: dict[str, str] = {
    "pins": N_("Where incidents are recorded"),
    "hex": N_("Recorded incidents in hexagons of 20 km"),
    "heat": N_("Recorded incidents, smoothed"),
}


def districts(drawn: FigureView) -> Sheet:
    """Return the map of a measure by district, as the overview shows it."""
    settings, view = drawn.settings, drawn.view
    result = overview.measure_by_district(view, settings.measure, settings.per)
    layer = overview.choropleth(view, result, "light")
    values = {
        pcode: (_value_cell(result.values[i]), str(result.tally.n_incidents[i]), str(result.tally.n_unknown[i]))
        for i, pcode in enumerate(view.districts.pcodes)
    }
    return choropleth(
        drawn,
        layer,
        title=_("{measure} by district, Khyber Pakhtunkhwa", measure=_(MEASURES[result.measure])),
        what="" if result.normaliser == "count" else result.label,
        values=values,
        more_columns=("incidents", "without_figure"),
    )


def choropleth(
    drawn: FigureView,
    layer: ChoroplethView,
    *,
    title: str,
    what: str = "",
    values: Mapping[str, tuple[str, ...]] | None = None,
    more_columns: tuple[str, ...] = (),
    lines: tuple[str, ...] = (),
    **foot: Any,
) -> Sheet:
    """Return the map of districts that a page draws.

    values: value, and cells of more_columns, by P-code. lines: below the title, () for period and filters of the view.
    foot: shown and credits of `sheet`.
    """
    names, entries = drawn.view.districts.names, layer.legend.entries
    numbers, found = dict(layer.badges), Counter(district.entry for district in layer.districts)
    keys = tuple(key_of(entry, "" if entry.shape == "marked" else str(found[i])) for i, entry in enumerate(entries))
    rows = []
    for district in layer.districts:
        value, *more = (values or {}).get(district.pcode, ("", *[""] * len(more_columns)))
        number = str(numbers.get(district.pcode, ""))
        label = entries[district.entry].label
        rows.append((district.pcode, names[district.pcode], str(district.entry), label, value, number, *more))
    return sheet(
        drawn,
        "districts",
        title=title,
        lines=lines or heading_lines(drawn, what),
        legend_title=layer.legend.title,
        keys=(*keys, Key(_(SOUTH), "outline", _SOUTH_COLOUR)),
        counted=_("Districts"),
        # The period stands in the heading.
        notes=tuple(note for note in layer.legend.notes if note != drawn.view.period_label),
        alt=_alt(title, drawn, layer),
        rows=tuple(rows),
        more_columns=more_columns,
        chosen=layer.selected,
        dotted=layer.marked,
        **foot,
    )


def _alt(title: str, drawn: FigureView, layer: ChoroplethView) -> str:
    """Return the map in words: each class with the names of its districts, the highest first."""
    names = drawn.view.districts.names
    parts = []
    for i in reversed(range(len(layer.legend.entries))):
        members = sorted(names[district.pcode] for district in layer.districts if district.entry == i)
        if members:
            label = layer.legend.entries[i].label
            parts.append(_("{label}: {items}", label=label, items=format_list(members)))
    return _(
        "Map. {title}, {period}. {classes}.", title=title, period=drawn.view.period_label, classes=_("; ").join(parts)
    )


def why_no_points(drawn: FigureView) -> Problem | None:
    """Return why the points of a view are no figure, or None: an unknown way to draw them, or too many of them."""
    mode, view = drawn.settings.options.get("mode", "pins"), drawn.view
    if mode not in _TITLES:
        known = ", ".join(_TITLES)
        message = text("Points are drawn in one of these ways: {known}.", known=known)
        return Problem(ProblemCode.SETTING, message, value=mode)
    n = int(np.count_nonzero(view.mask & has_place(view.table) & ~restricted(view.table)))
    if mode == "pins" and n > MOST_PINS:
        message = text("A figure draws up to {most} points one by one; this view has {n}.", most=MOST_PINS, n=n)
        return Problem(ProblemCode.SETTING, message, text("Choose hexagons, or a shorter period."))
    return None


def points(drawn: FigureView) -> Sheet:
    """Return the map of incidents with a place: pins and discs, hexagons, or a surface; never more than licences allow.

    Raises RejectedUpload where `why_no_points` names a reason.
    """
    mode = drawn.settings.options.get("mode", "pins")
    if problem := why_no_points(drawn):
        raise RejectedUpload([problem])
    coloured_by = drawn.settings.options.get("colour", next(iter(COLOURED_BY)))
    layer = incident_points.layer(drawn.view, mode, coloured_by, "light", is_public=True)  # type: ignore[arg-type]
    rows = {"hex": _hexagons, "heat": _surface, "pins": _pins}[mode](layer)
    label = [entry.label for entry in layer.legend.entries]
    badges = [("district", pcode, "", "", "", "", str(n)) for pcode, n in layer.badges]
    return sheet(
        drawn,
        "surface" if mode == "heat" else "points",
        title=_(_TITLES[mode]),
        lines=heading_lines(drawn, layer.legend.title if mode != "pins" else ""),
        legend_title=layer.legend.title,
        keys=(*_point_keys(layer, rows), Key(_(SOUTH), "outline", _SOUTH_COLOUR)),
        counted=_(_COUNTED[mode]),
        notes=(*(note for note in layer.legend.notes if note != drawn.view.period_label), *_one_place(mode)),
        alt=_points_alt(drawn, layer, mode),
        rows=(*((kind, "", lon, lat, key, label[int(key)], n) for kind, lon, lat, key, n in rows), *badges),
        chosen=layer.selected,
    )


PointRow = tuple[str, str, str, str, str]


def _pins(layer: PointsView) -> list[PointRow]:
    table, shown = layer.table, layer.shown
    columns = (table.is_near[shown], table.lon_deg[shown], table.lat_deg[shown], table.colour[shown])
    return [
        ("near" if is_near else "exact", f"{lon:.4f}", f"{lat:.4f}", str(colour), "")
        for is_near, lon, lat, colour in zip(*(column.tolist() for column in columns), strict=True)
    ]


def _hexagons(layer: PointsView) -> list[PointRow]:
    if layer.density is None:
        raise ValueError("a layer of hexagons has a density")
    lon, lat, counts = hexagons(layer.table.lon_deg[layer.shown], layer.table.lat_deg[layer.shown])
    found = np.maximum(np.digitize(counts, layer.density.breaks) - 1, 0)
    return [
        ("cell", f"{x:.4f}", f"{y:.4f}", str(k), str(n))
        for x, y, k, n in zip(lon.tolist(), lat.tolist(), found.tolist(), counts.tolist(), strict=True)
    ]


def _surface(layer: PointsView) -> list[PointRow]:
    """Return the cells of the surface that have a class, row by row; their places are km in the plane of the maps."""
    if layer.density is None:
        raise ValueError("a layer of a surface has a density")
    frame = frame_of()
    west, south = (CELL_KM * np.floor(end / CELL_KM) for end in (frame.west, frame.south))
    n_columns, n_rows = (int(np.ceil(size / frame.scale / CELL_KM)) + 1 for size in (frame.width_pt, frame.height_pt))
    km = in_plane(layer.table.lon_deg[layer.shown], layer.table.lat_deg[layer.shown])
    values = surface(km, layer.table.is_near[layer.shown], (west, south), (n_rows, n_columns))
    found = np.digitize(values, layer.density.breaks) - 1
    x_km, y_km = (west + (np.arange(n_columns) + 0.5) * CELL_KM), (south + (np.arange(n_rows) + 0.5) * CELL_KM)
    return [
        ("cell", f"{x_km[c]:g}", f"{y_km[r]:g}", str(found[r, c]), f"{values[r, c]:.4g}")
        for r, c in np.argwhere(found >= 0).tolist()
    ]


def _one_place(mode: str) -> tuple[str, ...]:
    return (_("Incidents of one place lie above one another: the newest is on top."),) if mode == "pins" else ()


def _point_keys(layer: PointsView, rows: list[PointRow]) -> tuple[Key, ...]:
    """Return the legend; a figure has no clusters, so theirs is left out."""
    found = Counter(int(row[3]) for row in rows)
    keys = []
    for i, entry in enumerate(layer.legend.entries):
        if entry.shape == "cluster":
            continue
        key = key_of(entry, str(found[i]) if entry.colour and entry.shape != "soft" else "")
        is_hexagon = layer.mode == "hex" and entry.colour
        keys.append(Key(key.label, "cell", key.colour, key.ink, key.count) if is_hexagon else key)
    return tuple(keys)


def _points_alt(drawn: FigureView, layer: PointsView, mode: str) -> str:
    n = _n("{n} incident with a place", "{n} incidents with a place", len(layer))
    return _("Map. {title}, {period}. {n}.", title=_(_TITLES[mode]), period=drawn.view.period_label, n=n)


def _value_cell(value: float) -> str:
    return "" if np.isnan(value) else f"{value:.10g}"
