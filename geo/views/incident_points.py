"""Incidents with coordinates as a map layer: pins, soft discs, numbers for the district-only ones, pop-up texts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from geo.analysis.counting import classes, questions
from geo.analysis.locating.near_border import across_border, outside_km
from geo.incidents import NOT_LOCATED, Mask, has_place
from geo.schema import GEO_PRECISIONS, SOURCES
from geo.shown_names import shown_name
from geo.summaries import Summaries
from geo.views import address, of_table, palettes, visitor
from geo.views.coloured_points import COLOURED_BY
from geo.views.incident_summaries import summaries_of, under_one_head
from geo.views.incident_text import FIELDS, incident_rows, may_show_rows, outside_text
from geo.views.layers import Density, IncidentTexts, Legend, LegendEntry, Mode, PointsView
from geo.views.map import page_theme
from geo.views.palettes import Theme
from geo.views.point_table import PointTable
from geo.views.restricted_points import restricted
from geo.views.state import View
from geo.views.trends import unattributed_text
from geo.wording import N_, _, _n, format_list, words

MODES: dict[str, str] = {"pins": N_("Points"), "heat": N_("Heat"), "hex": N_("Hexagons")}
# Above this many points their texts are not sent; a click then shows the incidents below the map.
MOST_TEXTS = 3_000
_LONGEST_SUMMARY = 400
_DENSITY_BREAKS: dict[str, tuple[float, ...]] = {"heat": (0.3, 1, 3, 10, 30, 100), "hex": (1, 3, 10, 30, 100, 300)}


def points_view(view: View, mode: Mode, coloured_by: str, summaries: Summaries | None = None) -> PointsView:
    """Return the layer for the filter with the texts of its pop-ups, unless they are too many.

    summaries: what sources say of incidents, for the pop-ups; None leaves it to the incidents' own pages.
    """
    found = layer(view, mode, coloured_by, page_theme(), is_public=_is_public())
    # A surface has no pop-ups.
    if mode != "pins" or len(found) > MOST_TEXTS:
        return found
    if len(found.table) > MOST_TEXTS:
        return replace(found, texts=_texts(view, found.positions, summaries))
    every = of_table.pop_ups(
        view.table, _is_public(), summaries, lambda: _texts(view, found.table.positions, summaries)
    )
    return replace(found, texts=every.part(found.shown), table_texts=every)


def layer(view: View, mode: Mode, coloured_by: str, theme: Theme, *, is_public: bool) -> PointsView:
    """Return the layer for the filter without pop-ups; near and exact incidents have a place, all others a number.

    is_public: single records are drawn only where the licence of their source allows it.
    """
    points = of_table.points(view.table, coloured_by, is_public=is_public)
    table, shown = _table_and_shown(view, mode, coloured_by, points.table, is_public)
    # Names of groups are data; those of targets and attack types are words.
    names = tuple((shown_name if coloured_by == "group" else _)(name) for name in points.names)
    # The named categories come first, the rest last and in two greys.
    colours = (*palettes.categories(len(names), theme), *palettes.GREYS[theme][:2])
    rest = _("Other"), _("Not attributed") if coloured_by == "group" else _("Not stated")
    district_only = questions.without_place(view.table, view.filters)
    # A surface counts incidents of restricted sources in its cells, pins leave them to the numbers of districts.
    n_restricted = _restricted_by_district(view) if is_public and mode == "pins" else np.zeros_like(district_only)
    badges = tuple((p, int(n)) for p, n in zip(view.table.pcodes, district_only + n_restricted, strict=True) if n)
    breaks = _DENSITY_BREAKS.get(mode, ())
    density = Density(breaks, palettes.sequential(len(breaks), theme)) if breaks else None
    entries = _density_entries(density, mode) if density else _pin_entries((*names, *rest), colours)
    title = {
        "pins": _(COLOURED_BY[coloured_by]),
        "heat": _("Incidents per 1,000 km², smoothed"),
        "hex": _("Incidents in a hexagon"),
    }[mode]
    number = LegendEntry(
        _("number: counted in the district only") if n_restricted.any() else _("number: known only to the district"),
        shape="badge",
    )
    notes = _notes(view, coloured_by, int(np.count_nonzero(table.is_near & shown)), int(district_only.sum()))
    return PointsView(
        legend=Legend(title, (*entries, number), (*notes, *filter(None, [restricted_text(view, mode, is_public)]))),
        table=table,
        shown=shown,
        colours=colours,
        badges=badges,
        mode=mode,
        density=density,
        selected=view.filters.districts,
    )


def _notes(view: View, coloured_by: str, n_near: int, n_district_only: int) -> tuple[str, ...]:
    """Return what the legend says of period and precision, and of incidents without a group."""
    precision = _("{near} near a place, {only} known only to the district", near=n_near, only=n_district_only)
    groups = (unattributed_text(view),) if coloured_by == "group" else ()
    return (view.period_label, precision, *groups)


def _is_public() -> bool:
    return not visitor.access().draws_closed_points


def _table_and_shown(
    view: View, mode: Mode, coloured_by: str, points: PointTable, is_public: bool
) -> tuple[PointTable, Mask]:
    """Return the points of a view, and which of them its filter shows."""
    if is_public and mode != "pins":
        coarse = of_table.coarse(view.table, coloured_by)
        return coarse.table, coarse.shown(view.mask)
    return points, view.mask[points.positions]


def _restricted_by_district(view: View) -> NDArray[np.int64]:
    """Count the incidents with a place that a public map may not draw there: shape (districts,)."""
    table = view.table
    here = view.mask & restricted(table) & (table.district >= 0)
    # Summary rows count their events, as in every number of a district.
    counts = np.bincount(table.district[here], table.n_events[here], len(table.pcodes))
    return counts.astype(np.int64)


def restricted_text(view: View, mode: Mode, is_public: bool | None = None) -> str:
    """Say how many incidents are not drawn where they lie, and why; "" if all are.

    is_public: whether licences restrict what is drawn; None asks who the visitor is.
    """
    table = view.table
    hidden = view.mask & restricted(table)
    if not (_is_public() if is_public is None else is_public) or not hidden.any():
        return ""
    keys = [table.sources[code] for code in np.unique(table.source[hidden])]
    n, names = (
        int(table.n_events[hidden].sum()),
        format_list([_(SOURCES[k].label) if k in SOURCES else k for k in keys]),
    )
    if mode == "pins":
        return _n(
            "{n} incident is left out of the points and counted in its district only: the licence of its source does "
            "not allow single records to be shown ({names}).",
            "{n} incidents are left out of the points and counted in their districts only: the licences of their "
            "sources do not allow single records to be shown ({names}).",
            n,
            names=names,
        )
    return _n(
        "{n} incident is counted in the middle of a cell of about 25 km: the licence of its source does not allow "
        "single records to be shown ({names}).",
        "{n} incidents are counted in the middle of cells of about 25 km: the licences of their sources do not allow "
        "single records to be shown ({names}).",
        n,
        names=names,
    )


def _density_entries(density: Density, mode: Mode) -> list[LegendEntry]:
    labels = classes.bin_labels(density.breaks, is_count=mode == "hex")
    return [LegendEntry(str(label), colour) for label, colour in zip(labels, density.colours, strict=True)]


def _pin_entries(labels: tuple[str, ...], colours: tuple[str, ...]) -> list[LegendEntry]:
    return [
        *(LegendEntry(label, colour, shape="pin") for label, colour in zip(labels, colours, strict=True)),
        LegendEntry(_("soft disc: within about 25 km"), colours[-1], shape="soft"),
        LegendEntry(_("number on a disc: several incidents"), shape="cluster"),
    ]


def _texts(view: View, positions: NDArray[np.int64], summaries: Summaries | None) -> IncidentTexts:
    """Return the pop-ups: the fields of an incident, its place with the precision, its district and its summary."""
    table, names, official = view.table, view.districts.names, view.districts.official_names
    precisions = list(words(GEO_PRECISIONS).values())
    ids = table.details["incident_id"].take(positions)
    reported_names = table.details["district_reported"].take(positions).to_pylist()
    found, allowed = incident_rows(table, positions), may_show_rows(table)
    head, shown, is_english = under_one_head(summaries_of(table, positions, summaries, _LONGEST_SUMMARY))
    across = across_border(table.lon[positions], table.lat[positions], table.district[positions], view.districts)
    away = outside_km(table, positions, view.districts)
    rows, pages = [], []
    for k, incident_id, row, reported, other, km, summary in zip(
        positions, ids.to_pylist(), found, reported_names, across, away, shown, strict=True
    ):
        is_allowed = allowed[table.source[k]]
        place = precisions[table.geo_precision[k]]
        if is_allowed:
            place = _("{place}. {precision}", place=row["place"] or _("Not named"), precision=place)
        district = names[table.pcodes[table.district[k]]] if table.district[k] >= 0 else _("not in a district")
        if reported and table.district[k] >= 0 and official[table.pcodes[table.district[k]]] == reported:
            reported = ""
        if reported:
            district = _("{district} (reported: {reported})", district=district, reported=reported)
        if other != NOT_LOCATED:
            border = names[table.pcodes[other]]
            district = _("{district}, within 2 km of the border with {border}", district=district, border=border)
        district = outside_text(district, km if is_allowed else 0)
        rows.append((row["date"], place, district, *(row[field] for field in list(FIELDS)[2:]), summary))
        pages.append(address.of_incident(incident_id) if is_allowed else "")
    labels = list(words(FIELDS).values())
    fields = (*labels[:2], _("District"), *labels[2:], head)
    english = len(fields) - 1 if is_english else -1
    return IncidentTexts(fields, tuple(rows), tuple(row["url"] for row in found), tuple(pages), english)


def is_drawn(view: View) -> Mask:
    """Return which incidents the map draws as points: bool, shape (n,)."""
    drawn = view.mask & has_place(view.table)
    return drawn & ~restricted(view.table) if _is_public() else drawn
