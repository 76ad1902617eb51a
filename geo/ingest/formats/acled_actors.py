"""The two sides of an ACLED event: which of them is the state, a militant group, civilians."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geo.codes import spread
from geo.ingest.values.cells import Reading, labels_by_pattern
from geo.ingest.values.derivation_rules import group_ids_of
from geo.ingest.values.labels import Labels, Mask, labelled

STATE, REBEL, POLITICAL, IDENTITY, RIOTERS, PROTESTERS, CIVILIANS, EXTERNAL = range(1, 9)
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
_OUR_FORCES = re.compile(r"(Military|Police) Forces of Pakistan \(")
_ANY_FORCES = re.compile(r"(Military|Police|Government|State) (Forces )?of ")
_UNIDENTIFIED = re.compile(r"Unidentified (Armed|Gunmen)")

# Words of an actor or associated actor -> target; the first that fits. "FC" alone could be either force.
_TARGET_WORDS: tuple[tuple[str, str], ...] = (
    (r"frontier corps", "frontier_corps"),
    (r"(frontier|federal) constabulary", "frontier_constabulary"),
    (r"lev(y|ies)|khas+adar", "levies_khasadar"),
    (r"counter.?terrorism", "ctd"),
    (r"intelligence|\bisi\b", "intelligence"),
    (r"police forces", "police"),
    (r"military forces", "army"),
    (r"peace committee|aman (committee|lashkar)|\blashkar\b(?!-)", "peace_committee"),
    (r"health workers|polio", "health_polio"),
    (r"teachers|students", "education"),
    (r"journalists", "journalist"),
    (r"judges|lawyers", "judiciary"),
    (r"aid workers|united nations|\bngo", "ngo_un"),
    (r"government of pakistan", "government_official"),
    (r"^(pti|anp|ppp|pml|jui|ji|qwp|ndm)\b.*:|\b(pti|anp|ppp|pml-n|jui-f)\b", "political_party"),
    (r"tribal (elders|leaders)", "tribal_elder"),
    (r"state forces", "other_state_force"),
    (r"civilians", "civilian"),
)


@dataclass(frozen=True, slots=True, eq=False)
class Sides:
    """Roles of the two actors (codes 1 to 8, 0 unknown), shape (n,); the militant group where there is one."""

    first: NDArray[np.int8]
    second: NDArray[np.int8]
    group: pa.Array
    group_id: Labels

    def _any(self, *roles: int) -> Mask:
        found: Mask = np.isin(self.first, roles) | np.isin(self.second, roles)
        return found

    @property
    def has_state(self) -> Mask:
        """Whether state forces of Pakistan take part."""
        return self._any(STATE)

    @property
    def has_militant(self) -> Mask:
        """Whether a rebel group, a political militia or an unidentified armed group takes part."""
        return self._any(REBEL, POLITICAL)

    @property
    def has_identity(self) -> Mask:
        """Whether a tribal, communal or sectarian militia or rioters take part."""
        return self._any(IDENTITY, RIOTERS)

    @property
    def has_foreign(self) -> Mask:
        """Whether forces of another state take part."""
        return self._any(EXTERNAL)

    @property
    def is_militant_alone(self) -> Mask:
        """Whether a militant group takes part and no second armed group."""
        armed = (REBEL, POLITICAL, IDENTITY)
        both: Mask = np.isin(self.first, armed) & np.isin(self.second, armed)
        return self.has_militant & ~both


def sides(reading: Reading) -> Sides:
    """Return who takes part, from the inter codes (text or number) or, where they are missing, the names."""
    first, second = _roles(reading, "inter1", "actor1"), _roles(reading, "inter2", "actor2")
    is_first, is_second = np.isin(first, (REBEL, POLITICAL)), np.isin(second, (REBEL, POLITICAL))
    nothing = pa.scalar(None, pa.string())
    group = pc.if_else(
        pa.array(is_first), reading.text("actor1"), pc.if_else(pa.array(is_second), reading.text("actor2"), nothing)
    )
    is_unidentified = np.asarray(pc.match_substring_regex(group.fill_null(""), f"^{_UNIDENTIFIED.pattern}"))
    return Sides(first, second, group, group_ids_of(group).replaced(is_unidentified, "unid"))


def targets(reading: Reading, both: Sides, initiator: Labels) -> Labels:
    """Return the target: what the side that did not initiate is; militants where state forces initiated."""
    first, second = _target_of(reading, 1), _target_of(reading, 2)
    begins_first = np.isin(both.first, (REBEL, POLITICAL, IDENTITY, RIOTERS))
    other = first.replaced(begins_first, second)
    state_side = second.replaced(both.first == STATE, first)
    return labelled(
        [
            initiator.is_any("state", "foreign") & both.has_militant,
            initiator.is_any("mutual"),
            initiator.is_any("militant"),
            both.first == CIVILIANS,
            both.second == CIVILIANS,
        ],
        ["militant", state_side, other, first, second],
        "unknown",
        len(reading),
    )


def _roles(reading: Reading, inter_key: str, actor_key: str) -> NDArray[np.int8]:
    words, codes = reading.words(inter_key)
    by_code: NDArray[np.int8] = spread(map(_role_of_code, words), codes, np.int8(0))
    words, codes = reading.words(actor_key)
    return np.where(by_code == 0, spread(map(_role_of_name, words), codes, np.int8(0)), by_code)


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
