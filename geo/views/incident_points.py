"""Incidents with coordinates as a map layer: pins, soft discs, numbers for the district-only ones, pop-up texts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from geo.analysis.counting import classes, questions
from geo.incidents import Mask, has_place
from geo.schema import ATTACK_TYPES, GEO_PRECISIONS, SOURCES, TARGET_TYPES
from geo.views import cached, palettes
from geo.views.coloured_points import COLOURED_BY
from geo.views.incident_text import date_text, figure_text, merged_text, web_address
from geo.views.layers import Density, IncidentTexts, Legend, LegendEntry, Mode, PointsView
from geo.views.map import page_theme
from geo.views.state import View

MODES: dict[str, str] = {"pins": "Points", "heat": "Heat", "hex": "Hexagons"}
# Above this many points their texts are not sent; a click then shows the incidents below the map.
MOST_TEXTS = 3_000
_DENSITY_BREAKS: dict[str, tuple[float, ...]] = {
    "heat": (0.3, 1, 3, 10, 30, 100),
    "hex": (1, 3, 10, 30, 100, 300),
}
_PRECISIONS = tuple(GEO_PRECISIONS)


def points_view(view: View, mode: Mode, coloured_by: str) -> PointsView:
    """Return the layer for the filter; near and exact incidents have a place, all others only a number."""
    points = cached.points(view.table, coloured_by)
    table, names = points.table, points.names
    shown = view.mask[table.positions]
    theme = page_theme()
    # The named categories come first, the rest last and grey.
    colours = (*palettes.categories(len(names), theme), palettes.other(theme))
    n_near = int(np.count_nonzero(table.is_near & shown))
    badges = _district_only(view)
    return PointsView(
        legend=_legend(view, mode, coloured_by, names, colours, n_near, sum(n for _, n in badges)),
        table=table,
        shown=shown,
        colours=colours,
        badges=badges,
        texts=_texts(view, table.positions[shown]) if np.count_nonzero(shown) <= MOST_TEXTS else None,
        mode=mode,
        density=None if mode == "pins" else _density(mode),
        selected=view.filters.districts,
    )


def _district_only(view: View) -> tuple[tuple[str, int], ...]:
    """Count the incidents that have a district but no place precise enough to draw."""
    value = questions.without_place(view.table, view.filters)
    return tuple((pcode, int(n)) for pcode, n in zip(view.table.pcodes, value, strict=True) if n)


def _legend(
    view: View, mode: Mode, coloured_by: str, names: tuple[str, ...], colours: tuple[str, ...], n_near: int, n_only: int
) -> Legend:
    number = LegendEntry("number: known only to the district", shape="badge")
    notes = (view.period_label, f"{n_near:,} near a place, {n_only:,} known only to the district")
    if mode != "pins":
        density = _density(mode)
        labels = classes.bin_labels(density.breaks, is_count=mode == "hex")
        entries = [LegendEntry(str(label), c) for label, c in zip(labels, density.colours, strict=True)]
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
    fields = ("Incident", "Place", "District", "Type", "Target", "Group", "Killed", "Injured", "Told by")
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
                merged_text(detail["member_sources"]),
            )
        )
        links.append(web_address(detail["source_url"]) or "")
    return IncidentTexts(fields, tuple(rows), tuple(links))


def is_drawn(view: View) -> Mask:
    """Return which incidents the map draws as points: bool, shape (n,)."""
    return view.mask & has_place(view.table)
