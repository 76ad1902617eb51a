"""The incidents of a table that have a place, newest first, coloured by target, group or attack type."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from geo.districts import group_names
from geo.incidents import IncidentTable, Mask, has_place
from geo.schema import ATTACK_TYPES, GEO_PRECISIONS, TARGET_TYPES
from geo.views.point_table import PointTable
from geo.wording import N_

COLOURED_BY: dict[str, str] = {"target": N_("Target"), "group": N_("Group"), "attack": N_("Attack type")}
_NEAR = tuple(GEO_PRECISIONS).index("near")
_MOST_COLOURS = 6
# Codes without a meaning of their own: two greys, one for "other" and one for "not stated".
NOT_STATED = ("unid", "unknown")
REST = (*NOT_STATED, "other", "threat_other")


@dataclass(frozen=True, slots=True, eq=False)
class ColouredPoints:
    """The points, and the names of colours 0 to k-1, not translated; colour k is every other name, k+1 "not stated"."""

    table: PointTable
    names: tuple[str, ...]


def coloured(
    incidents: IncidentTable, coloured_by: str, alike: ColouredPoints | None = None, left_out: Mask | None = None
) -> ColouredPoints:
    """Return the points of a table by a key of COLOURED_BY; near and exact incidents have a place.

    The colours are ranked by all incidents of the table, so that a filter never changes what a colour means.
    alike: the same points in other colours, whose arrays are then shared. left_out: bool, incidents that are no point.
    """
    column, keys, known = vocabulary(incidents, coloured_by)
    codes = getattr(incidents, column)
    frequency = np.bincount(codes, minlength=len(keys))
    ranked = [int(c) for c in np.argsort(-frequency, kind="stable") if frequency[c] and keys[c] not in REST]
    chosen = ranked[:_MOST_COLOURS]
    colour_of = np.full(len(keys), len(chosen), dtype=np.uint8)
    colour_of[chosen] = np.arange(len(chosen))
    colour_of[np.isin(keys, NOT_STATED)] = len(chosen) + 1
    names = tuple(known.get(keys[c], keys[c]) for c in chosen)
    if alike is not None:
        return ColouredPoints(replace(alike.table, colour=colour_of[codes[alike.table.positions]]), names)
    positions = np.flatnonzero(has_place(incidents) if left_out is None else has_place(incidents) & ~left_out)
    # Newest first: the order in which a pop-up lists the incidents of one place.
    positions = positions[np.argsort(-incidents.day[positions], kind="stable")]
    is_near = incidents.geo_precision[positions] == _NEAR
    lon_deg, lat_deg = incidents.lon[positions], incidents.lat[positions]
    return ColouredPoints(PointTable(lon_deg, lat_deg, is_near, colour_of[codes[positions]], positions), names)


def vocabulary(incidents: IncidentTable, kind: str) -> tuple[str, tuple[str, ...], dict[str, str]]:
    """Return the column of a kind of COLOURED_BY, the key that each of its codes means, and the names of the keys."""
    if kind == "group":
        return "group", incidents.groups, group_names()
    if kind == "target":
        return "target_type", tuple(TARGET_TYPES), TARGET_TYPES
    return "attack_type", tuple(ATTACK_TYPES), ATTACK_TYPES
