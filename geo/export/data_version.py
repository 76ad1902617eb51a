"""The version of the shown data: a code that is the same only for the same content, and the day of that content."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from geo import word_decisions
from geo.embedded import DATA_DAY
from geo.intake import ATLAS, is_embedded
from geo.settings import DATA_DIR

if TYPE_CHECKING:
    from geo.districts import Districts
    from geo.store import BatchRecord, Store

CODE_LENGTH = 12


@dataclass(frozen=True, slots=True)
class DataVersion:
    """code: 12 hexadecimal digits. day: of the newest part of the content; no clock enters it."""

    code: str
    day: date


def data_version(store: Store, districts: Districts) -> DataVersion:
    """Return the version of what the store shows: rows, meanings of their words, merges and outlines.

    Whoever loaded or decided them, and when, changes nothing. The version of the store itself (`Store.version`) names
    its history, which no other store shares. Equal codes mean equal content, and stores into which this version loaded
    the same files have equal codes. The same rows may have another code where an earlier version stored them, whose
    original cells were JSON text and whose long batches were one file, or where `bulk` cut them into parts.
    """
    shown = [record for record in store.batches() if record.is_shown]
    merges = store.merges()
    meanings = word_decisions.by_batch(store)
    content = {
        "batches": [(one.rows_sha256, is_embedded(one), meanings.get(one.batch_id, {})) for one in shown],
        "merges": sorted(merge.member_ids for merge in merges),
        "outlines": districts.boundary_sha256,
    }
    code = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:CODE_LENGTH]
    days = [_day(record) for record in shown]
    days += [merge.made_at.date() for merge in merges if merge.actor != ATLAS]
    of_shown = {record.batch_id for record in shown}
    days += [one.made_at.date() for one in word_decisions.everything(store) if one.batch_id in of_shown]
    return DataVersion(code, max(days, default=DATA_DAY))


def _day(record: BatchRecord) -> date:
    """Return the day of a batch: of the shipped file it came from, of the extract, else on which it was added."""
    if is_embedded(record) and record.file_sha256 in (DATA_DIR / "checksums.txt").read_text("utf-8"):
        return DATA_DAY
    return record.snapshot_date or record.added_at.date()
