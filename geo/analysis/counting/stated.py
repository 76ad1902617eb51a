"""What the sources of shown incidents state beside their counts: who was killed, and whether police are separate."""

from __future__ import annotations

from enum import Enum

import numpy as np
from numpy.typing import NDArray

from geo.incidents import UNKNOWN, IncidentTable, Mask
from geo.schema import SOURCES


class Police(Enum):
    """Whether attacks on police can be told from those on other state forces: in all shown incidents, some, or none."""

    STATED = "stated"
    PARTLY = "partly"
    NOT_STATED = "not_stated"


def police(table: IncidentTable, mask: Mask) -> Police:
    """Return whether the sources of the shown incidents name the target. mask: bool, shape (n,)."""
    keys = [table.sources[code] for code in np.unique(table.source[mask])]
    stated = [key not in SOURCES or SOURCES[key].states_target for key in keys]
    if all(stated):
        return Police.STATED
    return Police.PARTLY if any(stated) else Police.NOT_STATED


def police_by_district(table: IncidentTable, mask: Mask) -> NDArray[np.bool_]:
    """Return for which districts attacks on police can be counted: bool, shape (districts,). mask: bool, shape (n,).

    Not where no source of the district's shown incidents names the target. A district without incidents is as
    the whole.
    """
    known = np.full(len(table.pcodes), police(table, mask) is not Police.NOT_STATED)
    states = np.array([key not in SOURCES or SOURCES[key].states_target for key in table.sources], dtype=bool)
    here = mask & (table.district >= 0)
    found, stating = (
        np.bincount(table.district[kept], minlength=len(known)) for kept in (here, here & states[table.source])
    )
    known[(found > 0) & (stating == 0)] = False
    return known


def militants_killed(table: IncidentTable, mask: Mask) -> int | None:
    """Return how many of the people reported killed are described as militants; None where no incident says it."""
    figures = table.killed_militant[mask & (table.killed_best != UNKNOWN)]
    known = figures[figures != UNKNOWN]
    return int(known.sum(dtype=np.int64)) if len(known) else None
