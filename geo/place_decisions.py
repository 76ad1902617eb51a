"""Decisions about the meaning of stated place names, kept in the store for the next file of the same source.

Nothing is overwritten: a decision that replaces an older one, or is withdrawn, leaves the older one on record.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from geo.names import MEANS_NONE, MEANS_OUTSIDE, name_key
from geo.store import PLACE_NAME
from geo.wording import N_, _

if TYPE_CHECKING:
    from geo.store import Store
    from geo.store.changes import Recorded

_WITHOUT_A_DISTRICT = {MEANS_OUTSIDE: N_("outside the province"), MEANS_NONE: N_("no district")}


@dataclass(frozen=True, slots=True)
class PlaceDecision:
    """What a name of a source means. meaning: a P-code, geo.names.MEANS_OUTSIDE or MEANS_NONE. made_at: UTC."""

    decision_id: int
    source: str
    name: str
    meaning: str
    actor: str
    made_at: datetime


def meaning_text(meaning: str, names: Mapping[str, str]) -> str:
    """Return a meaning in plain words. names: display name by P-code."""
    return names.get(meaning) or (_(_WITHOUT_A_DISTRICT[meaning]) if meaning in _WITHOUT_A_DISTRICT else meaning)


def everything(store: Store) -> tuple[PlaceDecision, ...]:
    """Return the decision in force about each name of each source, in the order in which they were made."""
    newest = {(decision.source, name_key(decision.name)): decision for decision in _recorded(store)}
    return tuple(sorted(newest.values(), key=lambda decision: decision.decision_id))


def in_force(store: Store, source: str) -> dict[str, PlaceDecision]:
    """Return the decisions about names of a source by geo.names.name_key, in the order in which they were made."""
    return {name_key(decision.name): decision for decision in everything(store) if decision.source == source}


def meanings(store: Store, source: str) -> dict[str, str]:
    """Return what the names of a source were decided to mean, by geo.names.name_key."""
    return by_source(store).get(source, {})


def by_source(store: Store) -> dict[str, dict[str, str]]:
    """Return what names were decided to mean, source -> geo.names.name_key -> meaning."""
    found: dict[str, dict[str, str]] = {}
    for decision in everything(store):
        found.setdefault(decision.source, {})[name_key(decision.name)] = decision.meaning
    return found


def remember(store: Store, source: str, decided: Mapping[str, str], *, actor: str = "local") -> int:
    """Record what names (as stated) mean, replacing older decisions; returns how many were new."""
    record, replaced = to_record(store, source, decided)
    return len(store.replace_decisions(PLACE_NAME, record, undo=replaced, actor=actor)) if record else 0


def to_record(store: Store, source: str, decided: Mapping[str, str]) -> tuple[Recorded, list[int]]:
    """Return what `remember` has the store record and undo."""
    held = in_force(store, source)
    current = {key: decision.meaning for key, decision in held.items()}
    new = {name: meaning for name, meaning in decided.items() if current.get(name_key(name)) != meaning}
    record = [((), {"source": source, "name": name, "meaning": meaning}) for name, meaning in new.items()]
    replaced = [held[name_key(name)].decision_id for name in new if name_key(name) in held]
    return record, replaced


def take_back(store: Store, decision_id: int, *, actor: str = "local") -> None:
    """Withdraw a decision for future files; batches stored under it stay as they are.

    Older decisions about the same name, left by two people at once, are withdrawn with it: none takes effect again.
    """
    held = _recorded(store)
    meant = {(one.source, name_key(one.name)) for one in held if one.decision_id == decision_id}
    older = [one.decision_id for one in held if (one.source, name_key(one.name)) in meant]
    store.replace_decisions(PLACE_NAME, undo=sorted({decision_id, *older}), actor=actor)


def _recorded(store: Store) -> tuple[PlaceDecision, ...]:
    return tuple(
        PlaceDecision(one.decision_id, actor=one.actor, made_at=one.made_at, **one.details)
        for one in store.decisions(PLACE_NAME)
    )
