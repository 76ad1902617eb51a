"""The record of one incident: the stored reports behind it, its versions and merges, and only what licences allow.

An incident is read here by the rules by which all are counted: the newest shown version of each row, merged rows as
one, nothing newer than the publication delay.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo import recoding
from geo.incidents import with_attribution
from geo.merging import merge_rows, newest_rows
from geo.policy import may_show_rows, rows_shown
from geo.proposals import never_accepted
from geo.publishers import publishers, web_address
from geo.schema import COLUMN_NAMES, SOURCES
from geo.store import FACT_COLUMNS, BatchRecord, DecisionRecord
from geo.summaries import summary_of

if TYPE_CHECKING:
    from geo.store import Store

# What a map shows of every incident; the rest of a row is shown only where the licence of its source allows rows.
ALWAYS_SHOWN: frozenset[str] = frozenset(
    {"incident_id", "source", "date_start", "date_end", "date_precision", "geo_precision", "pcode", "n_events"}
)
# Facts on which reports of one event can disagree; of a place each precision has its own words.
COMPARED: tuple[str, ...] = (
    *("date_start", "date_end", "pcode", "attack_type", "target_type", "initiator", "group_id"),
    *("killed_best", "killed_police", "killed_military", "killed_civilian", "killed_militant", "injured"),
)
# Facts that follow from other figures where the source does not state them: field of Source that says whether it does.
_DERIVED: dict[str, str] = {
    "attack_type": "records_control",
    "initiator": "records_control",
    "target_type": "states_target",
}
# What says that nothing is known is no statement, and contradicts none.
_NO_STATEMENT = (None, "unknown", "unid")
Row = Mapping[str, Any]


class Missing(StrEnum):
    """Why there is no record to show."""

    UNKNOWN = "unknown"
    NOT_IN_USE = "not in use"
    WITHHELD = "withheld"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Report:
    """One stored row, in its newest shown version.

    row: canonical column -> value, None where it may not be shown. cells: the row as it was written, empty where it
    may not be shown. batch: where the version is stored.
    """

    row: Row
    cells: Mapping[str, str]
    batch: BatchRecord

    @property
    def may_show(self) -> bool:
        """Whether the licence of the source allows its rows to be shown."""
        return may_show_rows(self.row["source"])

    @property
    def summary(self) -> str:
        """What the source says in its own words, "" for nothing."""
        return summary_of(self.cells)

    @property
    def pages(self) -> tuple[str, ...]:
        """Web addresses of the pages that report the incident."""
        own = (self.row["source_url"], self.row["source_url_2"])
        return tuple(dict.fromkeys(text for text in own if web_address(text)))

    @property
    def addresses(self) -> dict[str, str]:
        """Every web address in the row, `pages` first: address -> column of the file that holds it, "" for a page."""
        stated = dict.fromkeys(self.pages, "")
        for column, cell in self.cells.items():
            words = (word for word in cell.replace(";", " ").split() if web_address(word))
            stated |= {word: column for word in words if word not in stated}
        return stated


@dataclass(frozen=True, slots=True)
class Version:
    """One stored version of a report. changes: (column, value before, value now) against the version before."""

    batch: BatchRecord
    incident_id: str
    changes: tuple[tuple[str, Any, Any], ...]


@dataclass(frozen=True, slots=True)
class Record:
    """One incident as it is counted, and everything stored behind it.

    incident: canonical column -> value after merging, see Report.row. n_withheld: reports of it that are newer than
    the publication delay. merges: decisions that name one of its reports, undone ones too. closed: the source of each
    report that is counted with it and left out, because its rows may not be shown.
    """

    incident: Row
    reports: tuple[Report, ...]
    versions: tuple[Version, ...]
    merges: tuple[DecisionRecord, ...]
    n_withheld: int = 0
    closed: tuple[str, ...] = ()

    @property
    def may_show(self) -> bool:
        """Whether the incident as it is counted may be shown: no report of a closed source is merged into it."""
        return may_show_rows(self.incident["source"]) and not self.closed

    @property
    def publishers(self) -> tuple[str, ...]:
        """The different publishers of the pages that report it; pages named for something else do not count."""
        return publishers(page for report in self.reports for page in report.pages)

    @property
    def origins(self) -> tuple[str, ...]:
        """Who reports it: publishers, and keys of the sources whose row names no page."""
        silent = (report.row["source"] for report in self.reports if not report.pages)
        return (*self.publishers, *dict.fromkeys(silent))

    @property
    def disagreements(self) -> tuple[str, ...]:
        """Columns of COMPARED on which reports that may be shown state different things; derived facts do not count."""
        shown = [report.row for report in self.reports if report.may_show]
        return tuple(name for name in COMPARED if len(_statements(shown, name)) > 1)


def read(store: Store, incident_id: str, newest: date, *, shows_closed: bool = False) -> Record | Missing:
    """Return the record of an incident, or why there is none; any report of a merged incident names all of it.

    newest: last day whose incidents are not withheld. shows_closed: whether date, district and precision of rows that
    may not be passed on are in it; otherwise nothing but their source is. Original cells are read for these rows alone.
    """
    decided = store.merges(include_undone=True)
    in_force = next((one.member_ids for one in decided if not one.is_undone and incident_id in one.member_ids), None)
    ids = in_force or (incident_id,)
    kept_back = never_accepted(store)
    stored = [(record, rows) for record, rows in store.find(ids) if record.batch_id not in kept_back]
    about = recoding.decided(store, [record for record, _ in stored])
    found = [(record, recoding.recoded(rows, about.get(record.batch_id))) for record, rows in stored]
    if not any(_holds(rows, incident_id) for _, rows in found):
        return Missing.UNKNOWN
    shown = {str(record.batch_id): rows for record, rows in found if record.is_shown}
    rows, batch = newest_rows(shown)
    if not _holds(rows, incident_id):
        return Missing.NOT_IN_USE
    is_open = pc.less_equal(rows["date_end"], pa.scalar(newest))
    kept, batch = rows.filter(is_open), batch[is_open.to_numpy()]
    if not _holds(kept, incident_id):
        return Missing.WITHHELD
    may_be_seen = np.array([shows_closed]) | rows_shown(kept["source"].to_pylist())
    closed = kept["source"].filter(pa.array(~may_be_seen)).to_pylist()
    kept, batch = kept.filter(pa.array(may_be_seen)), batch[may_be_seen]
    if not _holds(kept, incident_id):
        return Missing.CLOSED
    records = {str(record.batch_id): record for record, _ in found}
    stated = with_attribution(kept)
    homes = [list(shown)[code] for code in batch.tolist()]
    merged = merge_rows(stated, [[one for one in ids if _holds(kept, one)]]).rows.to_pylist()
    reports = [_report(row, shown[home], records[home]) for row, home in zip(stated.to_pylist(), homes, strict=True)]
    own_ids = set(ids)
    return Record(
        incident=_shown(merged[0]),
        reports=tuple(sorted(reports, key=lambda report: ids.index(report.row["incident_id"]))),
        versions=tuple(_versions(found, newest, kept["incident_id"].to_pylist())),
        merges=tuple(one for one in decided if own_ids & set(one.member_ids)),
        n_withheld=len(rows) - len(kept) - len(closed),
        closed=tuple(closed),
    )


def _holds(rows: pa.Table, incident_id: str) -> bool:
    return bool(pc.any(pc.equal(rows["incident_id"], incident_id)).as_py())


def _shown(row: Row) -> dict[str, Any]:
    """Return a row with None for every value that the licence of its source does not allow to be shown."""
    is_open = may_show_rows(row["source"])
    return {name: row.get(name) if is_open or name in ALWAYS_SHOWN else None for name in COLUMN_NAMES if name != "raw"}


def _report(row: Row, of_batch: pa.Table, record: BatchRecord) -> Report:
    cells: dict[str, str] = {}
    if may_show_rows(row["source"]):
        own = of_batch.filter(pc.equal(of_batch["incident_id"], row["incident_id"]))
        cells = {name: str(cell) for name, cell in json.loads(own["raw"][0].as_py()).items()}
    return Report(_shown(row), cells, record)


def _versions(found: Iterable[tuple[BatchRecord, pa.Table]], newest: date, shown: Collection[str]) -> Iterable[Version]:
    """Yield the stored versions of shown reports, oldest batch first; those that the delay withholds are left out."""
    before: dict[str, Row] = {}
    for record, rows in found:
        for full in rows.to_pylist():
            if full["date_end"] > newest or full["incident_id"] not in shown:
                continue
            row = _shown(full)
            older = before.get(row["incident_id"], row)
            changes = [(name, older[name], row[name]) for name in FACT_COLUMNS if older[name] != row[name]]
            yield Version(record, row["incident_id"], tuple(changes))
            before[row["incident_id"]] = row


def is_derived(row: Row, column: str) -> bool:
    """Whether a fact is not stated by the source of a row but follows from its other figures."""
    return column in _DERIVED and not getattr(SOURCES.get(row["source"]), _DERIVED[column], False)


def _statements(rows: Sequence[Row], name: str) -> set[Any]:
    return {row[name] for row in rows if row[name] not in _NO_STATEMENT and not is_derived(row, name)}
