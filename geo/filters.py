"""The filter: one frozen value that is the sidebar, the address of the view and the key of every cache."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date

from geo.schema import ATTACK_TYPES, INITIATORS, TARGET_TYPES
from geo.sources import DEFAULT, MODES

_LONGEST_VALUE = 2_000
_GROUP_ID = re.compile(r"[a-z0-9_]{1,40}\Z")
_PCODE = re.compile(r"PK\d{3}\Z")
_BATCH_ID = re.compile(r"\d{1,9}\Z")
# "at least division" would be no narrower than "any": only the classes that a map can use are offered.
MINIMUM_PRECISIONS: tuple[str, ...] = ("exact", "near", "district")


@dataclass(frozen=True, slots=True)
class Filters:
    """Which incidents are shown. Empty tuples and None mean "no restriction".

    start, end: inclusive days; an incident belongs where its first possible day falls.
    districts: P-codes. datasets: batch numbers as text.
    min_precision: "exact", "near" or "district" (that precise or better), or None.
    sources: key of geo.sources.MODES. It decides which rows a table is built of (geo.intake.shown_incidents); selecting
    rows of a table does not look at it.
    """

    start: date | None = None
    end: date | None = None
    groups: tuple[str, ...] = ()
    attacks: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    initiators: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()
    datasets: tuple[str, ...] = ()
    min_precision: str | None = None
    fatal_only: bool = False
    sources: str = DEFAULT

    def without_districts(self) -> Filters:
        """Return the same filter for every district: what a map of all districts colours."""
        return replace(self, districts=())

    def for_index(self) -> Filters:
        """Return the part of the filter that applies to the index: not period, districts or picture of sources.

        The index has a window of its own, and it is computed for every district.
        """
        return replace(self, start=None, end=None, districts=(), sources=DEFAULT)

    @property
    def is_default(self) -> bool:
        """Whether nothing is filtered."""
        return self == Filters()


def to_query(filters: Filters) -> dict[str, str]:
    """Return the filter as short text values for an address; defaults are left out."""
    query: dict[str, str] = {}
    for name, (key, _) in _ADDRESS.items():
        value = getattr(filters, name)
        if isinstance(value, tuple) and value:
            query[key] = ",".join(value)
        elif isinstance(value, date):
            query[key] = value.isoformat()
        elif isinstance(value, bool) and value:
            query[key] = "1"
        elif isinstance(value, str) and value != DEFAULT:
            query[key] = value
    return query


def from_query(query: Mapping[str, str]) -> tuple[Filters, tuple[str, ...]]:
    """Return the filter an address asks for, and the keys whose value was not usable and is ignored.

    Only listed keys and listed forms are read; anything else in an address changes nothing.
    """
    found: dict[str, object] = {}
    ignored: list[str] = []
    for name, (key, parse) in _ADDRESS.items():
        text = query.get(key)
        if not text:
            continue
        value = parse(text) if len(text) <= _LONGEST_VALUE else None
        if value is None:
            ignored.append(key)
        else:
            found[name] = value
    filters = Filters(**found)  # type: ignore[arg-type]
    if filters.start and filters.end and filters.start > filters.end:
        filters = replace(filters, start=None, end=None)
        ignored += QUERY_KEYS[:2]
    return filters, tuple(ignored)


def clean(filters: Filters, groups: Iterable[str], pcodes: Iterable[str], datasets: Iterable[str]) -> Filters:
    """Return the filter without groups, districts and datasets that the loaded data do not have."""
    return replace(
        filters,
        groups=_kept(filters.groups, groups),
        districts=_kept(filters.districts, pcodes),
        datasets=_kept(filters.datasets, datasets),
    )


def _kept(chosen: Sequence[str], known: Iterable[str]) -> tuple[str, ...]:
    allowed = set(known)
    return tuple(item for item in chosen if item in allowed)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if re.match(r"\d{4}-\d{2}-\d{2}\Z", text) else None
    except ValueError:
        return None


def _items(text: str, is_allowed: re.Pattern[str] | Mapping[str, str]) -> tuple[str, ...] | None:
    items = tuple(dict.fromkeys(text.split(",")))
    ok = (item in is_allowed if isinstance(is_allowed, Mapping) else is_allowed.match(item) for item in items)
    return items if all(ok) else None


# Field -> key in the address, and what reads its text; None for a text that is not usable.
_ADDRESS: dict[str, tuple[str, Callable[[str], object]]] = {
    "start": ("from", _day),
    "end": ("to", _day),
    "groups": ("group", lambda text: _items(text, _GROUP_ID)),
    "attacks": ("attack", lambda text: _items(text, ATTACK_TYPES)),
    "targets": ("target", lambda text: _items(text, TARGET_TYPES)),
    "initiators": ("began", lambda text: _items(text, INITIATORS)),
    "districts": ("district", lambda text: _items(text, _PCODE)),
    "datasets": ("data", lambda text: _items(text, _BATCH_ID)),
    "min_precision": ("precision", lambda text: text if text in MINIMUM_PRECISIONS else None),
    "fatal_only": ("fatal", lambda text: True if text == "1" else None),
    "sources": ("sources", lambda text: text if text in MODES else None),
}
QUERY_KEYS: tuple[str, ...] = tuple(key for key, _ in _ADDRESS.values())

if tuple(_ADDRESS) != tuple(field.name for field in fields(Filters)):  # a new field needs a key
    raise TypeError("every field of Filters needs an address key")
