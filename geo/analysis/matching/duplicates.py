"""Rows of a file that are stored already: the same row, a newer version, or another incident with the same number.

A row is known by its incident_id. Rows whose source gives them no number have one made from their cells; such rows are
also known by what they say (geo.store.facts_hashes), so that another order of columns makes no new incident.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geo import verbatim
from geo.codes import look_up
from geo.problems import ProblemCode, RejectedUpload, rejected
from geo.schema import COLUMN_NAMES
from geo.store import FACT_COLUMNS, facts_hashes
from geo.wording import text

if TYPE_CHECKING:
    from geo.store import Store

STORED, REPEATED, OLDER = "already stored", "repeated in the file", "older version of a stored row"
REASONS: tuple[str, ...] = (STORED, REPEATED, OLDER)
# A user's files share no numbering: two files may both count from 1.
OWN_FILES = ("template", "table")
# A correction moves the date of an incident by less than this; further apart, the number means another incident.
SAME_INCIDENT_DAYS = 3
_CONTENT_ID = re.compile(r"([0-9a-f]{16})(-\d+)?\Z")
_DATE_COLUMNS = ("date_start", "date_end", "date_precision", "source_date")

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class DuplicateCheck:
    """The rows of a file, sorted by what the store holds.

    rows: those to be stored, in the order of the file. duplicates: rows that are not, by reason (every one of REASONS).
    stored_in: batch -> rows of the file that it holds unchanged. newer_than: batch -> rows to be stored that are newer
    versions of one of its rows. n_renumbered: rows to be stored whose number belongs to another incident in the store;
    their day is added to their incident_id.
    """

    rows: pa.Table
    duplicates: Mapping[str, int]
    stored_in: Mapping[int, int]
    newer_than: Mapping[int, int]
    n_renumbered: int


def sort_out(
    rows: pa.Table,
    known: pa.Table,
    stored: pa.Table,
    *,
    newer_editions: frozenset[int] = frozenset(),
    keep_repeated: bool = False,
) -> DuplicateCheck:
    """Return which rows of a file are new.

    rows: canonical rows of one source. known: Store.known_ids of that source. stored: canonical rows of the store, at
    least those that `changed_ids` names; only needed for OWN_FILES. newer_editions: batches that hold a newer edition
    than the file. keep_repeated: rows of the file that are equal in every cell are incidents of their own.
    """
    rows, n_renumbered = _renumbered(rows, known, stored)
    place = _place_among(rows, known)
    # Content is only compared if something is stored.
    hashes = facts_hashes(rows).to_numpy() if len(known) else np.zeros(len(rows), dtype=np.uint64)
    known_hash, known_batch = _known_columns(known)
    is_known = place >= 0
    is_same = is_known & (known_hash[place] == hashes)
    is_older = is_known & ~is_same & np.isin(known_batch[place], list(newer_editions))
    is_newer = is_known & ~is_same & ~is_older
    # A row whose source gives no number may be stored under another generated number.
    holder = np.where(is_same, place, _same_content(rows, hashes, is_known, known, np.unique(place[is_known])))
    is_stored = holder >= 0
    is_repeated = ~is_known & ~is_stored & _is_repeated(rows) & (not keep_repeated)
    keep = ~(is_stored | is_repeated | is_older)
    return DuplicateCheck(
        rows=rows if keep.all() else rows.filter(pa.array(keep)),
        duplicates=dict(zip(REASONS, (int(is_stored.sum()), int(is_repeated.sum()), int(is_older.sum())), strict=True)),
        stored_in=_by_batch(known_batch[holder[is_stored]]),
        newer_than=_by_batch(known_batch[place[is_newer]]),
        n_renumbered=n_renumbered,
    )


def against(
    store: Store,
    rows: pa.Table,
    known: pa.Table,
    source: str,
    snapshot_date: date | None,
    *,
    keep_repeated: bool = False,
) -> DuplicateCheck:
    """Return which rows of a file are new to a store; known: what counts as stored, for the rest see `sort_out`."""
    return sort_out(
        rows,
        known,
        stored_versions(rows, known, store) if source in OWN_FILES else rows.slice(0, 0),
        newer_editions=_newer_editions(source, snapshot_date, store),
        keep_repeated=keep_repeated,
    )


def nothing_new(check: DuplicateCheck, file: str) -> RejectedUpload:
    """Return the refusal of a file all of whose rows are stored already."""
    message = text("Every valid row of this file is stored already.")
    held = ", ".join(str(batch_id) for batch_id in check.stored_in)
    if held:
        message = text("Every valid row of this file is stored already, in batch {batches}.", batches=held)
    hint = text("Undo that batch first to load them again.")
    return rejected(ProblemCode.DUPLICATE_ID, message, hint, file)


def stored_versions(rows: pa.Table, known: pa.Table, store: Store) -> pa.Table:
    """Return the stored rows that the given rows change, as the newest batch has them, without `raw`."""
    ids, batches = changed_ids(rows, known)
    names = [name for name in COLUMN_NAMES if name != verbatim.RAW]
    parts = [rows.select(names).slice(0, 0)]
    for batch_id in batches:
        held = known.filter(pc.equal(known["batch_id"], batch_id))["incident_id"]
        stored = store.read(batch_id, names)
        is_wanted = pc.and_(
            pc.is_in(stored["incident_id"], value_set=pa.array(ids, pa.string())),
            pc.is_in(stored["incident_id"], value_set=held.combine_chunks()),
        )
        parts.append(stored.filter(is_wanted))
    return pa.concat_tables(parts)


def _newer_editions(source: str, snapshot_date: date | None, store: Store) -> frozenset[int]:
    """Return the batches of the source with a later snapshot date than the file, where both state one."""
    if snapshot_date is None:
        return frozenset()
    return frozenset(
        record.batch_id
        for record in store.batches()
        if record.source == source and record.snapshot_date and record.snapshot_date > snapshot_date
    )


def changed_ids(rows: pa.Table, known: pa.Table) -> tuple[list[str], list[int]]:
    """Return the ids of rows that differ from their stored version, and the batches that hold those versions."""
    place = _place_among(rows, known)
    known_hash, known_batch = _known_columns(known)
    changed = np.flatnonzero(place >= 0)
    changed = changed[known_hash[place[changed]] != facts_hashes(rows).to_numpy()[changed]]
    return rows["incident_id"].take(changed).to_pylist(), sorted(set(known_batch[place[changed]].tolist()))


def differences(old: pa.Table, new: pa.Table, most: int = 50) -> list[tuple[str, str, str, str]]:
    """Return (incident_id, column, stored value, new value) for rows of both tables, the first of them in order."""
    names = ["incident_id", *FACT_COLUMNS]
    before = {row["incident_id"]: row for row in old.select(names).to_pylist()}
    is_in_both = pc.is_in(new["incident_id"], value_set=old["incident_id"].combine_chunks())
    found: list[tuple[str, str, str, str]] = []
    for row in new.select(names).filter(is_in_both).to_pylist():
        then = before[row["incident_id"]]
        changed = [name for name in FACT_COLUMNS if then[name] != row[name]]
        found += [(row["incident_id"], name, _cell_text(then[name]), _cell_text(row[name])) for name in changed]
        if len(found) >= most:
            break
    return found[:most]


def _cell_text(value: object) -> str:
    return "" if value is None else str(value)


def _known_columns(known: pa.Table) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Return hash and batch of the known incidents; an extra last entry serves the position -1."""
    hashes = np.append(known["facts_hash"].to_numpy(), np.uint64(0))
    return hashes, np.append(known["batch_id"].to_numpy(), -1)


def _place_among(rows: pa.Table, known: pa.Table) -> NDArray[np.int64]:
    """Return the position of each row among the known incidents, -1 for none."""
    return look_up(rows["incident_id"], known["incident_id"].combine_chunks()).astype(np.int64)


def _renumbered(rows: pa.Table, known: pa.Table, stored: pa.Table) -> tuple[pa.Table, int]:
    """Give an own file's row another id where its number is taken by an incident it cannot be a version of."""
    if not len(rows) or rows["source"][0].as_py() not in OWN_FILES:
        return rows, 0
    changed, _ = changed_ids(rows, known)
    wanted = set(changed)
    before = {row["incident_id"]: row for row in stored.to_pylist() if row["incident_id"] in wanted}
    if not before:
        return rows, 0
    undated_then = dict(zip(stored["incident_id"].to_pylist(), _undated_hashes(stored), strict=True))
    undated_now = _undated_hashes(rows)
    ids = rows["incident_id"].to_pylist()
    n_renumbered = 0
    for k, incident_id in enumerate(ids):
        then = before.get(incident_id)
        if then is None:
            continue
        day, pcode = rows["date_start"][k].as_py(), rows["pcode"][k].as_py()
        if undated_now[k] == undated_then[incident_id] and _is_misread(then["date_start"], day):
            continue
        is_other_district = pcode and then["pcode"] and pcode != then["pcode"]
        if is_other_district or abs((day - then["date_start"]).days) > SAME_INCIDENT_DAYS:
            ids[k] = f"{incident_id}~{day:%Y%m%d}"
            n_renumbered += 1
    at = rows.schema.get_field_index("incident_id")
    return rows.set_column(at, rows.schema.field("incident_id"), pa.array(ids, pa.string())), n_renumbered


def _is_misread(then: date, now: date) -> bool:
    """Return whether one day is the other with another year, or with day and month exchanged.

    Sheets of two months may both count from 1 and hold the same short words: any other day is another incident.
    """
    return (now.month, now.day) in ((then.month, then.day), (then.day, then.month))


def _undated_hashes(rows: pa.Table) -> list[int]:
    """Return a hash of the content of each row without its dates."""
    for name in _DATE_COLUMNS:
        at, kept = rows.schema.get_field_index(name), rows.schema.field(name)
        plain = "day" if pa.types.is_string(kept.type) else date(1970, 1, 1)
        rows = rows.set_column(at, kept, pa.repeat(pa.scalar(plain, kept.type), len(rows)))
    hashes: list[int] = facts_hashes(rows).to_pylist()
    return hashes


def _same_content(
    rows: pa.Table, hashes: NDArray[np.uint64], is_known: Mask, known: pa.Table, taken: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return the known incident with the same content as a row without a number from its source, -1 for none.

    Each known incident serves once: the second of two equal rows is another one, unless two are known.
    taken: known incidents that rows of the file have already by their id.
    """
    found = np.full(len(rows), -1, dtype=np.int64)
    if not len(known):
        return found
    seekers = np.flatnonzero(~is_known & _matches(rows["source_event_id"], r"^[0-9a-f]{16}(-\d+)?$"))
    seekers = seekers[_content_numbers(rows, seekers) > 0]
    free = np.ones(len(known), dtype=bool)
    free[taken] = False
    offered = np.flatnonzero(free & _matches(known["incident_id"], r":[0-9a-f]{16}(-\d+)?$"))
    known_hash, _ = _known_columns(known)
    offered = offered[np.argsort(known_hash[offered], kind="stable")]
    seekers = seekers[np.argsort(hashes[seekers], kind="stable")]
    sought = hashes[seekers]
    # Which of several equal rows this is: its distance from the first of them.
    number = np.arange(len(seekers)) - np.searchsorted(sought, sought)
    at = np.searchsorted(known_hash[offered], sought) + number
    fits = at < np.searchsorted(known_hash[offered], sought, side="right")
    found[seekers[fits]] = offered[at[fits]]
    return found


def _is_repeated(rows: pa.Table) -> Mask:
    """Return which rows are equal in every cell to an earlier row of the file: their generated number shows it."""
    suspects = np.flatnonzero(_matches(rows["source_event_id"], r"^[0-9a-f]{16}-\d+$"))
    repeated = np.zeros(len(rows), dtype=bool)
    repeated[suspects] = _content_numbers(rows, suspects) > 1
    return repeated


def _matches(column: pa.ChunkedArray, pattern: str) -> Mask:
    found: Mask = np.asarray(pc.match_substring_regex(column, pattern), dtype=bool)
    return found


def _content_numbers(rows: pa.Table, positions: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return 1 for a number made from the row's cells, n for that of the nth equal row, 0 for one of the source."""
    event_ids = rows["source_event_id"].take(positions).to_pylist()
    cells = verbatim.json_texts_at(rows[verbatim.RAW], positions)
    return np.array([_content_number(*pair) for pair in zip(event_ids, cells, strict=True)], dtype=np.int64)


def _content_number(event_id: str, cells: str) -> int:
    found = _CONTENT_ID.match(event_id)
    if not found or hashlib.blake2b(cells.encode(), digest_size=8).hexdigest() != found[1]:
        return 0
    return int(found[2][1:]) if found[2] else 1


def _by_batch(batches: NDArray[np.int64]) -> dict[int, int]:
    numbers, counts = np.unique(batches, return_counts=True)
    return dict(zip(numbers.tolist(), counts.tolist(), strict=True))
