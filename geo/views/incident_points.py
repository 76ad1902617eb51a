"""Incidents with coordinates as a map layer: pins, soft discs, numbers for the district-only ones, pop-up texts."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.analysis import counts
from geo.districts import group_names
from geo.incidents import IncidentTable, Mask
from geo.schema import ATTACK_TYPES, GEO_PRECISIONS, SOURCES, TARGET_TYPES
from geo.views import palettes
from geo.views.incident_text import date_text, figure_text, web_address
from geo.views.layers import Density, IncidentTexts, Legend, LegendEntry, Mode, PointsView
from geo.views.map import page_theme
from geo.views.state import View

COLOURED_BY: dict[str, str] = {"target": "Target", "group": "Group", "attack": "Attack type"}
MODES: dict[str, str] = {"pins": "Points", "heat": "Heat", "hex": "Hexagons"}
# Above this many points their texts are not sent; a click then shows the incidents below the map.
MOST_TEXTS = 3_000
_MOST_COLOURS = 6
# Codes that say nothing of their own; they share the grey of "other or not stated".
_REST = ("unid", "other", "unknown", "threat_other")
_DENSITY_BREAKS: dict[str, tuple[float, ...]] = {
    "heat": (0.3, 1, 3, 10, 30, 100),
    "hex": (1, 3, 10, 30, 100, 300),
}
_PRECISIONS = tuple(GEO_PRECISIONS)


def points_view(view: View, mode: Mode, coloured_by: str) -> PointsView:
    """Return the layer for the filter; near and exact incidents have a place, all others only a number."""
    table = view.table
    positions = np.flatnonzero(is_drawn(view))
    # Newest first: the order in which a pop-up lists the incidents of one place.
    positions = positions[np.argsort(-table.day[positions], kind="stable")]
    colour, names = _colours(table, positions, coloured_by)
    theme = page_theme()
    # The named categories come first, the rest last and grey.
    colours = (*palettes.categories(len(names), theme), palettes.other(theme))
    is_near = table.geo_precision[positions] == _PRECISIONS.index("near")
    badges = _district_only(view)
    return PointsView(
        legend=_legend(view, mode, coloured_by, names, colours, int(is_near.sum()), sum(n for _, n in badges)),
        lon_deg=table.lon[positions],
        lat_deg=table.lat[positions],
        is_near=is_near,
        colour=colour,
        colours=colours,
        positions=positions,
        badges=badges,
        texts=_texts(view, positions) if len(positions) <= MOST_TEXTS else None,
        mode=mode,
        density=None if mode == "pins" else _density(mode),
        selected=view.filters.districts,
    )


def _colours(
    table: IncidentTable, positions: NDArray[np.int64], coloured_by: str
) -> tuple[NDArray[np.uint8], tuple[str, ...]]:
    """Return the colour of each point and the names of the most frequent categories of the whole table.

    The ranking is that of all incidents, so that a filter never changes what a colour means.
    """
    codes: NDArray[Any]
    if coloured_by == "group":
        known, keys, codes = group_names(), table.groups, table.group
    elif coloured_by == "target":
        known, keys, codes = TARGET_TYPES, tuple(TARGET_TYPES), table.target_type
    else:
        known, keys, codes = ATTACK_TYPES, tuple(ATTACK_TYPES), table.attack_type
    frequency = np.bincount(codes, minlength=len(keys))
    ranked = [int(c) for c in np.argsort(-frequency, kind="stable") if frequency[c] and keys[c] not in _REST]
    chosen = ranked[:_MOST_COLOURS]
    place = np.full(len(keys), len(chosen), dtype=np.uint8)
    place[chosen] = np.arange(len(chosen))
    return place[codes[positions]], tuple(known.get(keys[c], keys[c]) for c in chosen)


def _district_only(view: View) -> tuple[tuple[str, int], ...]:
    """Count the incidents that have a district but no place precise enough to draw."""
    table = view.table
    value = counts.tally(table, view.mask & ~counts.has_place(table), "incidents").value
    return tuple((pcode, int(n)) for pcode, n in zip(table.pcodes, value, strict=True) if n)


def _legend(
    view: View, mode: Mode, coloured_by: str, names: tuple[str, ...], colours: tuple[str, ...], n_near: int, n_only: int
) -> Legend:
    number = LegendEntry("number: known only to the district", shape="badge")
    notes = (view.period_label, f"{n_near:,} near a place, {n_only:,} known only to the district")
    if mode != "pins":
        density = _density(mode)
        labels = counts.bin_labels(density.breaks, is_count=mode == "hex")
        entries = [LegendEntry(label, c) for label, c in zip(labels, density.colours, strict=True)]
        title = "Incidents per 1,000 km2, smoothed" if mode == "heat" else "Incidents in a hexagon"
        return Legend(title, (*entries, number), notes)
    rest = "other or not stated"
    pins = [LegendEntry(name, colour, shape="pin") for name, colour in zip((*names, rest), colours, strict=True)]
    shapes = (
        LegendEntry("soft disc: within about 25 km", colours[-1], shape="soft"),
        LegendEntry("number on a disc: several incidents", shape="cluster"),
        number,
    )
    return Legend(COLOURED_BY[coloured_by], (*pins, *shapes), notes)


def _density(mode: Mode) -> Density:
    breaks = _DENSITY_BREAKS[mode]
    return Density(breaks, palettes.sequential(len(breaks), page_theme()))


def _texts(view: View, positions: NDArray[np.int64]) -> IncidentTexts:
    fields = ("Incident", "Place", "District", "Type", "Target", "Group", "Killed", "Injured")
    table, names = view.table, view.districts.names
    attacks, targets = list(ATTACK_TYPES.values()), list(TARGET_TYPES.values())
    allowed = [SOURCES[source].may_show_rows for source in table.sources]
    rows, links = [], []
    for k, detail in zip(positions, table.details.take(positions).to_pylist(), strict=True):
        precision = GEO_PRECISIONS[_PRECISIONS[table.geo_precision[k]]]
        district = names[table.pcodes[table.district[k]]] if table.district[k] >= 0 else "not in a district"
        reported = detail["district_reported"]
        if reported and reported != district:
            district = f"{district} (reported: {reported})"
        heading = date_text(table, int(k))
        if not allowed[table.source[k]]:
            rows.append((heading, precision, district, *("" for _ in fields[3:])))
            links.append("")
            continue
        rows.append(
            (
                heading,
                f"{detail['place'] or 'not named'} - {precision.lower()}",
                district,
                attacks[table.attack_type[k]],
                targets[table.target_type[k]],
                detail["group_reported"] or "not stated",
                figure_text(int(table.killed_best[k])),
                figure_text(int(table.injured[k])),
            )
        )
        links.append(web_address(detail["source_url"]) or "")
    return IncidentTexts(fields, tuple(rows), tuple(links))


def is_drawn(view: View) -> Mask:
    """Return which incidents the map draws as points: bool, shape (n,)."""
    return view.mask & counts.has_place(view.table)
