"""What the atlas brings to a new store: the register, the UCDP events of the province, and which of them are one event.

Each file goes through the same reader and store as an upload, once. A person may undo the batches and the merges and
bring them back; nothing here does either again.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from geo import intake
from geo.intake import ATLAS
from geo.problems import RejectedUpload, StoreError
from geo.settings import DATA_DIR

if TYPE_CHECKING:
    from geo.districts import Districts
    from geo.settings import Settings
    from geo.store import Store

MATCHES_FILE = "register_ged_matches.csv"
# "read_through" pairs were compared by eye; "possible" ones wait on the Duplicates page.
DECIDED, POSSIBLE = ("read_through", "likely"), "possible"


@dataclass(frozen=True, slots=True)
class EmbeddedFile:
    """One file of the data folder that is loaded at first start. version: of the source, where the file has none."""

    name: str
    label: str
    source: str
    version: str | None = None


# The state of what is counted, as data/sources.md names it; a change of these files needs a new day.
DATA_DAY = date(2026, 11, 28)
REGISTER = EmbeddedFile("incidents.csv", intake.REGISTER_LABEL, "register")
UCDP = EmbeddedFile("ucdp_ged_kp.csv", "UCDP GED, Khyber Pakhtunkhwa 1992-2021.csv", "ucdp_ged", "22.1")


def ensure_embedded(store: Store, districts: Districts, settings: Settings) -> None:
    """Load each embedded file that no batch of its source, undone or not, stands for, and record the known matches.

    A store that can only be read and holds the register is left as it is.
    """
    for file in (REGISTER, UCDP):
        if not (_is_known(store, file) or (store.is_read_only and _is_known(store, REGISTER))):
            _load(store, districts, settings, file)
    if not store.is_read_only and _is_known(store, UCDP):
        _record_matches(store)


def listed_pairs(*confidences: str) -> Iterator[tuple[str, str]]:
    """Yield (incident id of the register, incident id of UCDP) of the listed matches of these confidences."""
    with (DATA_DIR / MATCHES_FILE).open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["confidence"] in confidences:
                yield f"{REGISTER.source}:{row['incident_id']}", f"{UCDP.source}:{row['ged_id']}"


def _is_known(store: Store, file: EmbeddedFile) -> bool:
    return any(record.source == file.source for record in store.batches(include_undone=True))


def _load(store: Store, districts: Districts, settings: Settings, file: EmbeddedFile) -> None:
    path = DATA_DIR / file.name
    try:
        checked = intake.check(path, file.label, store, districts, settings)
        result = replace(checked.result, source_version=file.version or checked.result.source_version)
        intake.accept(replace(checked, result=result), path, file.label, store, actor=ATLAS)
    except RejectedUpload:
        if not _is_known(store, file):  # else another process that was started at the same time was first
            raise


def _record_matches(store: Store) -> None:
    """Record one merge for each UCDP event with register rows, once; incidents already in a merge are left alone."""
    if _has_matches(store):
        return
    taken = {member for merge in store.merges() for member in merge.member_ids}
    events: dict[str, list[str]] = {}
    for register_id, event_id in listed_pairs(*DECIDED):
        if not taken & {register_id, event_id}:
            events.setdefault(event_id, []).append(register_id)
    details: dict[str, Any] = {"basis": MATCHES_FILE}
    try:
        store.replace_decisions("merge", [((*rows, event), details) for event, rows in events.items()], actor=ATLAS)
    except StoreError:
        if not _has_matches(store):  # else another process was first
            raise


def _has_matches(store: Store) -> bool:
    return any(merge.actor == ATLAS for merge in store.merges(include_undone=True))
