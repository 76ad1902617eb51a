"""What the sources of shown incidents state beside their counts: who was killed, and whether police are separate."""

from __future__ import annotations

from enum import Enum

import numpy as np

from geo.analysis.counting import cube
from geo.incidents import UNKNOWN, IncidentTable, Mask
from geo.schema import SOURCES


class Police(Enum):
    """Whether attacks on police can be told from those on other state forces: in all shown incidents, some, or none."""

    STATED = "stated"
    PARTLY = "partly"
    NOT_STATED = "not_stated"


def police(table: IncidentTable, mask: Mask) -> Police:
    """Return whether attacks on police can be told in the shown incidents, see `cube.tells`. mask: bool, shape (n,)."""
    if mask.any() and not (cube.tells(table, "police_attacks") & mask).any():
        return Police.NOT_STATED
    keys = [table.sources[code] for code in np.unique(table.source[mask])]
    is_told_by_all = all(key not in SOURCES or SOURCES[key].states_target for key in keys)
    return Police.STATED if is_told_by_all else Police.PARTLY


def militants_killed(table: IncidentTable, mask: Mask) -> int | None:
    """Return how many of the people reported killed are described as militants; None where no incident says it."""
    figures = table.killed_militant[mask & (table.killed_best != UNKNOWN)]
    known = figures[figures != UNKNOWN]
    return int(known.sum(dtype=np.int64)) if len(known) else None
