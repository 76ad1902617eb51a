"""What the sources of shown incidents state beside their counts: who was killed, and whether police are separate."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

import numpy as np

from geo.analysis.counting import cube
from geo.incidents import UNKNOWN, IncidentTable, Mask
from geo.schema import SOURCES


class Police(Enum):
    """Whether attacks on police can be told from those on other state forces: in all shown incidents, some, or none.

    Of none, either because no incident states its target, or because their sources do not distinguish police.
    """

    STATED = "stated"
    PARTLY = "partly"
    NO_TARGET = "no_target"
    NOT_STATED = "not_stated"


class Why(Enum):
    """Why incidents cannot tell a measure; EITHER: some for one of the two reasons before it, some for the other.

    NO_RECORD: no incident at all is recorded, whatever the filter, so that nothing is told and nothing is zero.
    """

    NO_FIGURE = "no_figure"
    NO_TARGET = "no_target"
    NO_POLICE = "no_police"
    EITHER = "either"
    NO_RECORD = "no_record"


def why_missing(measure: str, states_target: Iterable[bool], *, has_record: bool = True) -> Why:
    """Return why a measure (key of MEASURES) is missing.

    states_target: of each part without a figure (district, period, incident), whether an incident there states its
    target. has_record: whether anything is recorded there.
    """
    if not has_record:
        return Why.NO_RECORD
    if measure == "security_attacks":
        return Why.NO_TARGET
    if measure != "police_attacks":
        return Why.NO_FIGURE
    found = {bool(one) for one in states_target}
    if len(found) == 2:
        return Why.EITHER
    return Why.NO_TARGET if found == {False} else Why.NO_POLICE


def why_untold(table: IncidentTable, mask: Mask, measure: str) -> Why:
    """Return why those incidents of a mask that cannot tell a measure cannot. mask: bool, shape (n,)."""
    if measure != "police_attacks":
        return why_missing(measure, ())
    untold = mask & ~cube.tells(table, measure)
    return why_missing(measure, cube.tells(table, "security_attacks")[untold])


def police(table: IncidentTable, mask: Mask) -> Police:
    """Return whether attacks on police can be told in the shown incidents, see `cube.tells`. mask: bool, shape (n,)."""
    if mask.any() and not (cube.tells(table, "police_attacks") & mask).any():
        states_target = (cube.tells(table, "security_attacks") & mask).any()
        return Police.NOT_STATED if states_target else Police.NO_TARGET
    keys = [table.sources[code] for code in np.unique(table.source[mask])]
    is_told_by_all = all(key not in SOURCES or SOURCES[key].states_target for key in keys)
    return Police.STATED if is_told_by_all else Police.PARTLY


def militants_killed(table: IncidentTable, mask: Mask) -> int | None:
    """Return how many of the people reported killed are described as militants; None where no incident says it."""
    figures = table.killed_militant[mask & (table.killed_best != UNKNOWN)]
    known = figures[figures != UNKNOWN]
    return int(known.sum(dtype=np.int64)) if len(known) else None
