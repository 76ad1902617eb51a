"""What is computed once of a table of incidents for all sessions, and is gone with the table."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from geo.incidents import IncidentTable
from geo.schema import ATTACK_TYPES, INITIATORS, TARGET_TYPES
from geo.summaries import Summaries
from geo.views import group_choices
from geo.views.cached import read_only
from geo.views.coloured_points import ColouredPoints, coloured
from geo.views.layers import IncidentTexts
from geo.views.restricted_points import CoarsePoints, coarse_points, restricted
from geo.wording import digits, language

_OFFERED: WeakKeyDictionary[IncidentTable, dict[str, tuple[str, ...]]] = WeakKeyDictionary()
_POINTS: WeakKeyDictionary[IncidentTable, dict[tuple[str, bool], ColouredPoints]] = WeakKeyDictionary()
_COARSE: WeakKeyDictionary[IncidentTable, CoarsePoints] = WeakKeyDictionary()
_POP_UPS: WeakKeyDictionary[IncidentTable, dict[tuple[bool, str, str], _PopUps]] = WeakKeyDictionary()
_LOCK = threading.Lock()
# Every page needs the choices: they do not wait until the points of another table are coloured.
_OFFERED_LOCK = threading.Lock()


@dataclass
class _PopUps:
    """The texts of the pop-ups of a table in one language, and what they were made of."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    texts: IncidentTexts | None = None
    summaries: Summaries | None = None


def offered(table: IncidentTable) -> dict[str, tuple[str, ...]]:
    """Return the codes that occur in a table, by the name of their filter; groups by falling frequency."""
    with _OFFERED_LOCK:
        if table not in _OFFERED:
            groups = np.argsort(-np.bincount(table.group, minlength=len(table.groups)), kind="stable")
            _OFFERED[table] = {
                "groups": tuple(group_choices.options([table.groups[code] for code in groups])),
                "attacks": _present(ATTACK_TYPES, table.attack_type),
                "targets": _present(TARGET_TYPES, table.target_type),
                "initiators": _present(INITIATORS, table.initiator),
                "datasets": tuple(table.datasets),
            }
        return _OFFERED[table]


def _present(vocabulary: dict[str, str], codes: NDArray[Any]) -> tuple[str, ...]:
    return tuple(list(vocabulary)[code] for code in np.flatnonzero(np.bincount(codes, minlength=1)))


def points(table: IncidentTable, coloured_by: str, *, is_public: bool = True) -> ColouredPoints:
    """Return the incidents of a table that have a place, in the order and colours of maps; gone with the table.

    is_public: without those of sources that allow counts only.
    """
    with _LOCK:
        return _points(table, coloured_by, is_public)


def _points(table: IncidentTable, coloured_by: str, is_public: bool) -> ColouredPoints:
    made = _POINTS.setdefault(table, {})
    key = coloured_by, is_public
    if key not in made:
        alike = next((other for (_colours, public), other in made.items() if public == is_public), None)
        left_out = restricted(table) if is_public else None
        made[key] = read_only(coloured(table, coloured_by, alike, left_out))
    return made[key]


def pop_ups(
    table: IncidentTable, is_public: bool, summaries: Summaries | None, make: Callable[[], IncidentTexts]
) -> IncidentTexts:
    """Return the texts of all points of a table in the current language, made once; gone with the table.

    make: returns them; is_public and summaries are what they depend on besides the table and the words.
    """
    with _LOCK:
        kept = _POP_UPS.setdefault(table, {}).setdefault((is_public, language(), digits()), _PopUps())
    # Only who needs the same texts waits for them: thousands are put into words.
    with kept.lock:
        if kept.texts is None or kept.summaries is not summaries:
            kept.texts, kept.summaries = make(), summaries
        return kept.texts


def coarse(table: IncidentTable, coloured_by: str) -> CoarsePoints:
    """Return the points of a public picture of density; gone with the table. coloured_by: colours are not drawn."""
    with _LOCK:
        if table not in _COARSE:
            known = _points(table, coloured_by, is_public=True)
            _COARSE[table] = read_only(coarse_points(table, known.table, len(known.names)))
        return _COARSE[table]
