"""What the sources of shown incidents state beside their counts: who was killed, and whether police are separate."""

from __future__ import annotations

from enum import Enum

import numpy as np

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


def militants_killed(table: IncidentTable, mask: Mask) -> int | None:
    """Return how many of the people reported killed are described as militants; None where no incident says it."""
    figures = table.killed_militant[mask & (table.killed_best != UNKNOWN)]
    known = figures[figures != UNKNOWN]
    return int(known.sum(dtype=np.int64)) if len(known) else None
