"""The two sides of an ACLED event: which of them is the state, a militant group, civilians."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geo.codes import spread
from geo.ingest.values.cells import Reading
from geo.ingest.values.choices import labels_by_pattern
from geo.ingest.values.derivation_rules import group_ids_of
from geo.ingest.values.labels import Labels, Mask, labelled
from geo.vocabularies import codes

STATE, REBEL, POLITICAL, IDENTITY, RIOTERS, PROTESTERS, CIVILIANS, EXTERNAL, PEACE = range(1, 10)
MILITANTS = (REBEL, POLITICAL)  # unidentified armed groups are political militias
_ROLE_WORDS = (
    ("state forces", STATE),
    ("rebel", REBEL),
    ("political militia", POLITICAL),
    ("identity militia", IDENTITY),
    ("communal", IDENTITY),
    ("rioters", RIOTERS),
    ("protesters", PROTESTERS),
    ("civilians", CIVILIANS),
    ("external", EXTERNAL),
    ("other", EXTERNAL),
)
_OUR_FORCES = re.compile(r"(Military|Police|Government|State) (Forces )?of Pakistan\b")
_ANY_FORCES = re.compile(r"(Military|Police|Government|State) (Forces )?of ")
# ACLED has no role for peace committees: they are political or identity militias beside those they fight.
_PEACE = re.compile(
    r"Peace (Committee|Lashkar)|Aman (Committee|Lashkar)|Anti-Taliban|Pro-Government Militia", re.IGNORECASE
)
_TRIBAL = re.compile(r"(Tribal|Clan) (Militia|Lashkar)", re.IGNORECASE)
# Guards of a firm or a house are no forces of a state.
_GUARDS = re.compile(r"Private Security|Security Guards?", re.IGNORECASE)
_UNIDENTIFIED = re.compile(r"Unidentified (Armed|Gunmen)")

# Patterns of an actor or associated actor -> target; the first that fits. "FC" alone could be either force.
_TARGET_WORDS = tuple(codes("acled")["actor"].items())


@dataclass(frozen=True, slots=True, eq=False)
class Sides:
    """Roles of the two actors (codes 1 to 9, 0 unknown), shape (n,); the militant group where there is one."""

    first: NDArray[np.int8]
    second: NDArray[np.int8]
    group: pa.Array
    group_id: Labels

    def has(self, *roles: int) -> Mask:
        """Return whether an actor of one of these roles takes part, shape (n,)."""
        found: Mask = np.isin(self.first, roles) | np.isin(self.second, roles)
        return found

    @property
    def are_armed_groups(self) -> Mask:
        """Whether both actors are armed groups, none of them of a state."""
        both: Mask = np.isin(self.first, (*MILITANTS, IDENTITY)) & np.isin(self.second, (*MILITANTS, IDENTITY))
        return both


def sides(reading: Reading) -> Sides:
    """Return who takes part, from the inter codes (text or number) or, where they are missing, the names."""
    first, second = _roles(reading, "inter1", "actor1"), _roles(reading, "inter2", "actor2")
    first, second = _tribes_against_militants(reading, first, second)
    group = pc.coalesce(
        *(
            pc.if_else(pa.array(np.isin(role, MILITANTS)), reading.text(key), pa.scalar(None, pa.string()))
            for role, key in ((first, "actor1"), (second, "actor2"))
        )
    )
    is_unidentified = np.asarray(pc.match_substring_regex(group.fill_null(""), f"^{_UNIDENTIFIED.pattern}"))
    return Sides(first, second, group, group_ids_of(group).replaced(is_unidentified, "unid"))


def targets(reading: Reading, both: Sides, initiator: Labels) -> Labels:
    """Return the target: what the side that did not initiate is; militants where anybody armed fights them."""
    first = _target_of(reading, 1).replaced(both.first == EXTERNAL, "foreigner")
    second = _target_of(reading, 2).replaced(both.second == EXTERNAL, "foreigner")
    initiates_first = np.isin(both.first, (*MILITANTS, IDENTITY, RIOTERS))
    other = first.replaced(initiates_first, second)
    state_side = second.replaced(both.first == STATE, first)
    return labelled(
        [
            initiator.is_any("state", "foreign") & both.has(*MILITANTS),
            initiator.is_any("militant", "mutual") & both.has(PEACE) & ~both.has(STATE),
            initiator.is_any("mutual") | (initiator.is_any("foreign") & both.has(STATE)),
            initiator.is_any("militant"),
            both.first == CIVILIANS,
            both.second == CIVILIANS,
            both.are_armed_groups & np.isin(both.first, MILITANTS) & np.isin(both.second, MILITANTS),
        ],
        ["militant", "peace_committee", state_side, other, first, second, "militant"],
        "unknown",
        len(reading),
    )


def _roles(reading: Reading, inter_key: str, actor_key: str) -> NDArray[np.int8]:
    words, codes = reading.words(inter_key)
    by_code: NDArray[np.int8] = spread(map(_role_of_code, words), codes, np.int8(0))
    words, codes = reading.words(actor_key)
    found = np.where(by_code == 0, spread(map(_role_of_name, words), codes, np.int8(0)), by_code)
    own = spread(map(_role_by_name_alone, words), codes, np.int8(0))
    return np.where(own != 0, own, found)


def _tribes_against_militants(
    reading: Reading, first: NDArray[np.int8], second: NDArray[np.int8]
) -> tuple[NDArray[np.int8], NDArray[np.int8]]:
    """Return the roles with the militia of a tribe that fights militants as a peace committee."""
    militants = [np.isin(role, MILITANTS) for role in (first, second)]
    tribes = [reading.matches(key, lambda name: bool(_TRIBAL.search(name))) for key in ("actor1", "actor2")]
    return np.where(tribes[0] & militants[1], PEACE, first), np.where(tribes[1] & militants[0], PEACE, second)


def _role_by_name_alone(name: str) -> int:
    """Return a role that the name proves whatever the codes say, else 0."""
    if _PEACE.search(name):
        return PEACE
    if _GUARDS.search(name):
        return CIVILIANS
    return EXTERNAL if _ANY_FORCES.match(name) and not _OUR_FORCES.match(name) else 0


def _role_of_code(word: str) -> int:
    if word.isdecimal():
        return int(word) if int(word) in range(1, 9) else 0
    folded = word.casefold()
    return next((role for text, role in _ROLE_WORDS if text in folded), 0)


def _role_of_name(name: str) -> int:
    if _OUR_FORCES.match(name):
        return STATE
    if _ANY_FORCES.match(name):
        return EXTERNAL
    if _UNIDENTIFIED.match(name):
        return POLITICAL
    for start, role in (("Civilians", CIVILIANS), ("Protesters", PROTESTERS), ("Rioters", RIOTERS)):
        if name.startswith(start):
            return role
    if re.search(r"(Communal|Tribal|Ethnic|Sectarian) Militia", name):
        return IDENTITY
    return REBEL if name else 0


def _target_of(reading: Reading, number: int) -> Labels:
    """Return the target that an actor and its associates would be."""
    own = labels_by_pattern(reading, f"actor{number}", _TARGET_WORDS, other="unknown", blank="unknown")
    associates = labels_by_pattern(reading, f"assoc_actor_{number}", _TARGET_WORDS, other="unknown", blank="unknown")
    # An associate says more than "Civilians" or a plain force: health workers, the Frontier Corps.
    is_plain = own.is_any("civilian", "unknown", "army", "police", "other_state_force")
    return own.replaced(is_plain & ~associates.is_any("unknown"), associates)
