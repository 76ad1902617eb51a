"""From a file to a batch of the store: read, locate, compare, accept. Nothing is stored before `accept`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from geo import incidents, place_decisions, proposals, recoding, stored_words, word_decisions
from geo.analysis.locating import locate, place_names
from geo.analysis.matching import duplicates
from geo.analysis.matching.duplicates import DuplicateCheck
from geo.incidents import IncidentTable
from geo.ingest import ReadOptions, ReadResult, read_upload
from geo.ingest.notes import NOTE_WORDS, NoteKind, note_text
from geo.problems import ProblemCode, RejectedUpload, rejected
from geo.schema import Batch
from geo.settings import Settings
from geo.sources import MERGED
from geo.store import ProposingStore
from geo.text import file_label
from geo.wording import Text, text

if TYPE_CHECKING:
    from geo.districts import Districts
    from geo.store import BatchRecord, Store

REGISTER_LABEL = "KP register of public reports.csv"
ATLAS = "atlas"  # the actor of what the atlas does by itself at first start
_MANY_ROWS_FROM_BYTES = 50_000_000


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that was read, located and compared with the store, but not stored.

    located_rows: canonical Arrow table of every accepted row, districts filled in. rows: those of them to be stored.
    n_located, n_not_located, n_outside, n_conflicts: rows of `rows`. same_file: the batch that was made of the
    same bytes, if any. against_store: which rows are new, and why the others are not (duplicates.DuplicateCheck).
    replaces: batch that this file replaces as a whole; n_left_out: incidents of it that the file does not have.
    keep_repeated: whether equal rows of the file are separate incidents.
    decided: meanings of place names that a person decided, geo.names.name_key -> P-code, "outside" or "none".
    Rows of the file = len(rows) + n_duplicates + refused rows.
    """

    result: ReadResult
    located_rows: pa.Table
    rows: pa.Table
    n_located: int
    n_not_located: int
    n_outside: int
    n_conflicts: int
    same_file: BatchRecord | None
    against_store: DuplicateCheck
    replaces: int | None = None
    n_left_out: int = 0
    keep_repeated: bool = False
    decided: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def n_duplicates(self) -> int:
        """Rows that are not stored because the store, or an earlier row of the file, has them."""
        return sum(self.against_store.duplicates.values())

    @property
    def n_newer(self) -> int:
        """Rows to be stored that replace a stored row of the same identifier."""
        return sum(self.against_store.newer_than.values())


def check(
    path: Path,
    name: str,
    store: Store,
    districts: Districts,
    settings: Settings,
    options: ReadOptions | None = None,
    progress: Callable[[float, str], None] | None = None,
    *,
    replaces: int | None = None,
    keep_repeated: bool = False,
) -> Checked:
    """Read and locate a file and compare it with the store; raises RejectedUpload if it is not usable as a whole.

    Earlier decisions about place names of the source, and about words of the user's own files, are used. replaces,
    keep_repeated: see `compare`.
    """
    asked = word_decisions.with_decisions(options or ReadOptions(), store)
    with ThreadPoolExecutor(1) as pool:
        # The child reads, this process only waits.
        preparing = pool.submit(locate.prepare, districts) if path.stat().st_size >= _MANY_ROWS_FROM_BYTES else None
        result = read_upload(path, name, limits=settings.limits, options=asked, progress=progress)
        if preparing is not None:
            preparing.result()
    decided = place_decisions.meanings(store, result.source)
    rows = locate.assign_districts(result.rows, districts, decided=decided)
    return compare_rows(result, rows, store, replaces=replaces, keep_repeated=keep_repeated, decided=decided)


def locate_again(checked: Checked, store: Store, districts: Districts, decided: Mapping[str, str]) -> Checked:
    """Locate a checked file under other decisions about its place names, without reading it again.

    decided: all decisions, see Checked. They are kept for the next file when this one is accepted.
    """
    rows = locate.assign_districts(checked.result.rows, districts, decided=decided)
    replaces, keep_repeated = checked.replaces, checked.keep_repeated
    return compare_rows(checked.result, rows, store, replaces=replaces, keep_repeated=keep_repeated, decided=decided)


def compare(checked: Checked, store: Store, *, replaces: int | None = None, keep_repeated: bool = False) -> Checked:
    """Compare a checked file with the store again, without reading it again.

    replaces: batch of the same source that the file replaces as a whole, as a new edition does; rows of the file are
    then stored even if that batch has them. keep_repeated: rows that are equal in every cell are separate incidents.
    Raises StoreError for a batch that does not exist, RejectedUpload for one of another source.
    """
    rows, decided = checked.located_rows, checked.decided
    return compare_rows(checked.result, rows, store, replaces=replaces, keep_repeated=keep_repeated, decided=decided)


def compare_rows(
    result: ReadResult,
    located_rows: pa.Table,
    store: Store,
    *,
    replaces: int | None = None,
    keep_repeated: bool = False,
    decided: Mapping[str, str] = MappingProxyType({}),
) -> Checked:
    """Compare what was read, with districts filled in, with the store; see `compare`."""
    known, n_left_out = _known_rows(result, located_rows, store, replaces)
    against_store = duplicates.against(
        store, located_rows, known, result.source, result.snapshot_date, keep_repeated=keep_repeated
    )
    rows = against_store.rows
    n_outside = int(pc.sum(pc.equal(rows["district_method"], "outside")).as_py() or 0)
    n_located = len(rows) - rows["pcode"].null_count
    return Checked(
        result=result,
        located_rows=located_rows,
        rows=rows,
        n_located=n_located,
        n_not_located=len(rows) - n_located - n_outside,
        n_outside=n_outside,
        n_conflicts=int(pc.sum(rows["is_district_conflict"]).as_py() or 0),
        same_file=_same_file(result, store),
        against_store=against_store,
        replaces=replaces,
        n_left_out=n_left_out,
        keep_repeated=keep_repeated,
        decided=decided,
    )


def _known_rows(result: ReadResult, located_rows: pa.Table, store: Store, replaces: int | None) -> tuple[pa.Table, int]:
    """Return the stored rows that a file is compared with, and how many incidents of a replaced batch it leaves out.

    Rows of a replaced batch do not count as stored: the new edition brings them again. Raises as `compare`.
    """
    known = store.known_ids(result.source)
    if replaces is None:
        return known, 0
    if store.batch(replaces).source != result.source:
        hint = text("Name a batch that came from an older edition of the same file.")
        message = text(
            "Batch {batch:d} has another source than this file and cannot be replaced by it.", batch=replaces
        )
        raise rejected(ProblemCode.STORE, message, hint, result.file)
    ours = known.filter(pc.equal(known["batch_id"], replaces))
    is_left_out = pc.invert(pc.is_in(ours["incident_id"], value_set=located_rows["incident_id"]))
    return known.filter(pc.not_equal(known["batch_id"], replaces)), int(pc.sum(is_left_out).as_py() or 0)


def changes(checked: Checked, store: Store, most: int = 50) -> list[tuple[str, str, str, str]]:
    """Return how the file differs from the store: (incident_id, column, stored value, new value)."""
    known = store.known_ids(checked.result.source)
    return duplicates.differences(duplicates.stored_versions(checked.rows, known, store), checked.rows, most)


def _same_file(result: ReadResult, store: Store) -> BatchRecord | None:
    """Return the newest batch in use of the same bytes and, where both are known, of the same sheet."""
    sheet = _sheet_read(map(note_text, result.notes))
    same = [one for one in store.find_files(result.file_sha256) if not sheet or _sheet_read(one.notes) in ("", sheet)]
    return same[-1] if same else None


def _sheet_read(notes: Iterable[Text]) -> str:
    """Return the name of the sheet that notes name as read, "" for a file without others."""
    words = NOTE_WORDS[NoteKind.SHEET_READ].template
    return next((str(note.values["sheet"]) for note in notes if note.template == words), "")


def accept(
    checked: Checked,
    path: Path,
    name: str,
    store: Store,
    *,
    accept_valid: bool = False,
    words: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
    actor: str = "local",
) -> BatchRecord:
    """Store a checked file as one batch.

    accept_valid: store the valid rows of a file that has refused rows; without it such a file is refused, unless all
    of them are sums of other rows.
    words: meanings that a person gave to words of the file, field -> {word: code}, with which it was read.
    The decisions about its place names are kept with the batch, and for the next file of the source, those about its
    words for the next file of the user's own; of a proposed batch (geo.proposals) once it is accepted.
    Raises RejectedUpload as `require_acceptable`, or StoreError when the store cannot write.
    """
    require_acceptable(checked, name, accept_valid=accept_valid)
    result, is_proposed = checked.result, isinstance(store, ProposingStore)
    names = place_names.stated_names(checked.rows)
    decided = {names[key]: meaning for key, meaning in checked.decided.items() if key in names}
    record = store.add(
        _batch(checked, path, name),
        actor=actor,
        supersedes=() if checked.replaces is None else (checked.replaces,),
        summary={
            "duplicates": dict(checked.against_store.duplicates),
            "newer_versions": checked.n_newer,
            "place_names": decided,
            stored_words.READING: _words_read(checked),
        }
        | ({proposals.WORDS: {about: dict(meanings) for about, meanings in words.items()}} if is_proposed else {}),
    )
    if is_proposed:
        return record
    place_decisions.remember(store, result.source, decided, actor=actor)
    for about, meanings in words.items():
        word_decisions.remember(store, [None], about, meanings, actor=actor)
    return record


def _batch(checked: Checked, path: Path, name: str) -> Batch:
    """Return a checked file as the store takes it."""
    result = checked.result
    return Batch(
        rows=checked.rows,
        label=file_label(name),
        format=result.format,
        source=result.source,
        file_sha256=result.file_sha256,
        file_path=path,
        n_rows_in=result.n_rows_in,
        n_refused=result.n_refused,
        n_duplicates=checked.n_duplicates,
        source_version=result.source_version,
        snapshot_date=result.snapshot_date,
        notes=tuple(map(note_text, result.notes)),
    )


def _words_read(checked: Checked) -> dict[str, Any]:
    """Return how the words of a file were read, to be kept with its batch: decisions read them again by it."""
    result, options = checked.result, checked.result.options
    is_own = result.format in stored_words.OWN_FORMATS
    return {
        "columns": dict(result.word_columns) if is_own else {},
        "values": options.values or {},
        "initiator": options.initiator,
    }


def require_acceptable(checked: Checked, name: str, *, accept_valid: bool = False) -> None:
    """Raise RejectedUpload if `accept` would not store the file: refused rows, no valid row, or nothing new."""
    result = checked.result
    nothing_valid = not len(checked.rows) and not checked.n_duplicates
    if result.n_refused and (nothing_valid or (result.n_refused > result.n_sums and not accept_valid)):
        raise RejectedUpload(result.problems, result.n_problems, result.problem_kinds)
    if checked.same_file is not None:
        batch = checked.same_file.batch_id
        hint = text("It is batch {batch:d}; undo that batch first to load the file again.", batch=batch)
        raise rejected(ProblemCode.DUPLICATE_ID, text("This file is stored already."), hint, file_label(name))
    if checked.n_duplicates and not len(checked.rows):
        raise duplicates.nothing_new(checked.against_store, file_label(name))


def is_embedded(record: BatchRecord) -> bool:
    """Whether a batch is one of the two files that the atlas ships; stores of earlier versions name no actor."""
    return record.actor == ATLAS or record.label == REGISTER_LABEL


def shown_incidents(
    store: Store, districts: Districts, newest: date, source: str | None = None, *, sources: str = MERGED
) -> IncidentTable:
    """Return the incidents of all shown batches up to a day; the version names content, day and picture.

    source: only the batches of this source. Incidents merged with rows of other sources then have the values of this
    source; merged rows of the source itself stay merged. sources: key of geo.sources.MODES, the picture of the two
    embedded sources; "merged" shows every row.
    """
    picture = source or ("" if sources == MERGED else sources)
    version = f"{store.version()}-{newest:%Y%m%d}{f'-{picture}' if picture else ''}"
    columns, encoded = incidents.READ_COLUMNS, incidents.ENCODED_COLUMNS
    shown = [record for record in store.batches() if record.is_shown and source in (None, record.source)]
    tables = recoding.read_all(store, shown, columns, encoded=encoded)
    embedded = [str(record.batch_id) for record in shown if is_embedded(record)]
    merges = [merge.member_ids for merge in store.merges()]
    return incidents.build(tables, districts.pcodes, version, newest, merges, sources=sources, embedded=embedded)


def dataset_labels(store: Store, table: IncidentTable) -> dict[str, str]:
    """Return the label of each batch that has an incident in a table, by its number as text."""
    labels = {str(one.batch_id): one.label for one in store.batches()}
    return {number: labels[number] for number in table.datasets if number in labels}


def rows_up_to(store: Store, newest: date) -> dict[int, int]:
    """Return how many rows of each batch, undone ones too, the publication delay does not withhold."""
    day = pa.scalar(newest)
    every = [record.batch_id for record in store.batches(include_undone=True)]
    ends = ((number, store.read(number, ["date_end"])["date_end"]) for number in every)
    return {number: int(pc.sum(pc.less_equal(end, day)).as_py() or 0) for number, end in ends}


def incidents_of_source(
    store: Store, districts: Districts, shown: IncidentTable, newest: date, source: str
) -> IncidentTable:
    """Return the incidents as one source reports them, whatever its rows were merged with.

    shown: all shown incidents; returned unchanged if none of them is merged and the source has no seam.
    """
    if source in ("register", "ucdp_ged") or (shown.n_members > 1).any():
        return shown_incidents(store, districts, newest, source)
    return shown
