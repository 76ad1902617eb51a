"""The only access to stored incidents."""

from __future__ import annotations

import contextlib
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import astuple
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from geo.problems import Problem, ProblemCode, StoreError
from geo.schema import COLUMN_NAMES
from geo.settings import SharedPlace, StorePlace
from geo.store import audit, batches, changes, decisions, files, parts, pieces
from geo.store.audit import AuditEvent
from geo.store.backup import UNCHANGED, copy_store
from geo.store.batches import BatchRecord, RowFacts, Switch
from geo.store.catalogue import CATALOGUE_NAME, SqliteCatalogue
from geo.store.changes import Choose, ChooseKinds, Recorded
from geo.store.database import Catalogue, Connection
from geo.store.decisions import DecisionRecord
from geo.store.errors import refusal, refuse_read_only, reported
from geo.store.files import StoredFile
from geo.store.folder import SHARED, create_folder, is_writable, owner_hint, refuse_shared
from geo.store.parts import PartedBatch
from geo.store.rows import check_rows
from geo.store.verify import problems_of, sweep
from geo.wording import text

if TYPE_CHECKING:
    from geo.schema import Batch

LONGEST_MAPPING_NAME = 80


class Store:
    """Batches of incidents in a folder. One object may serve many threads; many processes may share the folder.

    Every method raises StoreError when the folder or the catalogue cannot be used, and then has changed nothing.
    """

    def __init__(self, path: Path, opened: Catalogue) -> None:
        """Use `Store.open`."""
        self.path = path
        self._catalogue = opened
        self._trusted: set[tuple[str, int]] = set()

    @classmethod
    def open(cls, place: StorePlace) -> Store:
        """Open the store in a folder, created on first start, and remove what interrupted writes left behind.

        A folder that cannot be written, or a full disk, is opened for reading. Raises StoreError, naming the path
        and a remedy, for a folder that cannot be created or read and for a catalogue that is missing, empty, damaged,
        older than the changes that were made, or of another version; it is then left unchanged.
        """
        if isinstance(place, SharedPlace):
            path = place.folder.absolute()
            return cls._swept(path, _postgres().PostgresCatalogue.open(path, place.database))
        path = place.absolute()
        with reported(path):
            refuse_shared(path)
            if not (path / CATALOGUE_NAME).exists():
                create_folder(path)
            read_only_hint = None if is_writable(path, path / CATALOGUE_NAME) else owner_hint(path)
        try:
            return cls._swept(path, SqliteCatalogue(path, read_only_hint=read_only_hint))
        except StoreError as error:
            if error.problems[0].code is not ProblemCode.DISK_FULL:
                raise
            hint = text("The disk is full: free some space and start again.")
            return cls(path, SqliteCatalogue(path, read_only_hint=hint))

    @classmethod
    def _swept(cls, path: Path, opened: Catalogue) -> Store:
        store = cls(path, opened)
        if not store.is_read_only:
            sweep(path, opened)
        return store

    @property
    def is_read_only(self) -> bool:
        """Whether nothing can be changed: the folder belongs to another user, is read-only, or the disk was full."""
        return self._catalogue.read_only_hint is not None

    def close(self) -> None:
        """Release the files; the object can no longer be used."""
        self._catalogue.close()

    def add(
        self,
        batch: Batch,
        *,
        actor: str = "local",
        supersedes: Sequence[int] = (),
        summary: Mapping[str, Any] | None = None,
        also: Callable[[Connection], None] = lambda _db: None,
    ) -> BatchRecord:
        """Store a batch and the file it came from; once this returns, the batch survives a crash.

        supersedes: batches (older editions of the source) that are not shown while this one is not undone.
        summary: JSON values to keep. also: what belongs to the same transaction. Raises ValueError for rows that are
        not canonical or counts that do not add up, RejectedUpload if these rows of this file are in use already,
        StoreError otherwise.
        """
        check_rows(batch.rows)
        origin = (batch.file_path, batch.file_sha256)
        write = partial(files.write_rows, self.path, batch.rows, self._trusted)
        return self._store(batch, RowFacts.of(batch.rows), origin, write, supersedes, summary, actor, also)

    def add_parts(
        self,
        batch: PartedBatch,
        *,
        actor: str = "local",
        supersedes: Sequence[int] = (),
        summary: Mapping[str, Any] | None = None,
    ) -> BatchRecord:
        """Store a batch that was written elsewhere in parts (see geo.store.parts); otherwise as `add`.

        Raises ValueError for parts that do not make a batch or counts that do not add up, DamagedData for a part that
        is not as it was written.
        """
        facts = parts.facts_of(batch.parts)
        digest = files.joined_sha256([part.rows_sha256 for part in batch.parts])
        with reported(batch.origin):
            origin = (batch.origin, files.file_sha256(batch.origin))
        return self._store(
            batch, facts, origin, lambda: (parts.adopt(self.path, batch.parts), digest), supersedes, summary, actor
        )

    def undo(self, batch_id: int, *, actor: str = "local") -> BatchRecord:
        """Undo a batch; nothing is deleted and `redo` restores it."""
        return self._switch(batch_id, "undo", "is_undone", True, actor)

    def redo(self, batch_id: int, *, actor: str = "local") -> BatchRecord:
        """Restore a batch that was undone; raises RejectedUpload if its rows are in use as another batch."""
        return self._switch(batch_id, "redo", "is_undone", False, actor)

    def set_shown(self, batch_id: int, is_shown: bool, *, actor: str = "local") -> BatchRecord:
        """Set the dataset switch of a batch; undo and redo do not change it."""
        return self._switch(batch_id, "show" if is_shown else "hide", "is_hidden", not is_shown, actor)

    def batch(self, batch_id: int) -> BatchRecord:
        """Return one batch in any state; raises StoreError for a number that does not exist."""
        with self._catalogue.reading() as db:
            return batches.get(db, batch_id, self.path)

    def batches(self, include_undone: bool = False) -> tuple[BatchRecord, ...]:
        """Return the batches in the order in which they were added."""
        with self._catalogue.reading() as db:
            return batches.select(db, include_undone=include_undone)

    def find_files(self, sha256: str) -> tuple[BatchRecord, ...]:
        """Return the batches, neither undone nor waiting for an admin, that came from a file with these bytes."""
        with self._catalogue.reading() as db:
            return tuple(batches.in_use(db, file_sha256=sha256))

    def version(self) -> str:
        """Return an identifier of the shown content; it changes with every change of that content."""
        with self._catalogue.reading() as db:
            seq, digest = audit.head(db, of_view=True)
        return f"{seq}-{digest[:16]}"

    def read(self, batch_id: int, columns: Sequence[str] | None = None, *, encoded: Sequence[str] = ()) -> pa.Table:
        """Return the rows of a batch in any state, canonical columns unless some are named, in that order.

        encoded: text columns to return dictionary-encoded, which takes less time and memory.
        Raises KeyError for a column that is not canonical, DamagedData for a file that is not as it was stored:
        its SHA-256 is checked when the file is first used, the checksums of its pages at every reading.
        """
        if unknown := set(columns or ()) - set(COLUMN_NAMES):
            raise KeyError(f"not canonical columns: {sorted(unknown)}")
        with self._catalogue.reading() as db:
            batches.get(db, batch_id, self.path)
            stored = batches.files_of(db, batch_id)
        return files.read_rows(self.path, stored, self._trusted, columns, encoded)

    def find(self, incident_ids: Sequence[str]) -> tuple[tuple[BatchRecord, pa.Table], ...]:
        """Return every stored version of some incidents: (batch in any state, canonical rows), oldest batch first.

        Batches that hold none of them are left out. Raises DamagedData for a file that cannot be read.
        """
        with self._catalogue.reading() as db:
            held = [(one, batches.files_of(db, one.batch_id)) for one in batches.select(db, include_undone=True)]
        found = [(one, list(pieces.rows_with(self.path, parts, incident_ids))) for one, parts in held]
        return tuple((record, pa.concat_tables(rows)) for record, rows in found if rows)

    def pieces(
        self, batch_id: int, columns: Sequence[str], choose: Callable[[Sequence[str]], Sequence[str]] | None = None
    ) -> Iterator[pa.Table]:
        """Yield the rows of a batch in any state a piece at a time; `raw`, too wide to hold whole, as it is held.

        choose: returns those of the names of the original columns that are needed of `raw`; None: all.
        """
        with self._catalogue.reading() as db:
            stored = batches.files_of(db, batch_id)
        return pieces.pieces_of(self.path, stored, columns, choose)

    def known_ids(self, source: str) -> pa.Table:
        """Return what is in use of a source: incident_id, facts_hash (uint64), batch_id (int64), one row an incident.

        Batches that are undone, superseded or wait for an admin do not count; of an incident in several batches the
        newest row is returned. Compare with geo.store.facts_hashes of new rows to find new, unchanged and changed
        incidents.
        """
        with self._catalogue.reading() as db:
            records = [record for record in batches.in_use(db, source=source) if record.state != "superseded"]
            stored = {record.batch_id: batches.files_of(db, record.batch_id) for record in records}
        return pieces.ids_of(self.path, stored, self._trusted)

    def audit(self) -> tuple[AuditEvent, ...]:
        """Return everything that was done, in order."""
        with self._catalogue.reading() as db:
            return audit.events(db)

    def ever_shown(self) -> frozenset[int]:
        """Return the batches that were hidden and somebody has shown, whatever they are now."""
        with self._catalogue.reading() as db:
            return frozenset(map(int, audit.subjects(db, "show")))

    def verify(self) -> list[Problem]:
        """Check catalogue, audit chain, every stored row and every kept file; return what is damaged."""
        return problems_of(self.path, self._catalogue)

    def backup(self, folder: Path) -> Path:
        """Copy one state of the store to a new folder, every file checked, while others may write; it is a store, too.

        Raises StoreError if the folder holds anything or the disk is full, DamagedData if a file is not as stored.
        """
        copy_store(self.path, self._catalogue, folder.absolute())
        return folder

    @classmethod
    def restore(cls, backup: Path, place: StorePlace, *, actor: str = "local") -> Store:
        """Copy a backup to a new or empty store folder and open it; the backup stays unchanged.

        The copy is verified as a whole before it appears under its name, and links are refused: a backup from
        elsewhere may be hostile. Raises StoreError if the backup is not a store or folder or database hold anything,
        DamagedData for a damaged file.
        """
        backup = backup.absolute()
        if not (backup / CATALOGUE_NAME).exists():
            message = text("This folder is not a backup: it has no catalogue.")
            raise refusal(message, text("Name the folder that a backup made."), backup)
        original = SqliteCatalogue(backup, read_only_hint=UNCHANGED)
        if isinstance(place, SharedPlace):
            path = place.folder.absolute()
            with _postgres().founding(path, place.database):
                copy_store(backup, original, path, mode=SHARED, is_foreign=True)
        else:
            copy_store(backup, original, place.absolute(), is_foreign=True)
        store = cls.open(place)
        with store._catalogue.changing() as db:
            audit.append(db, "restore", backup.name, {}, actor)
        return store

    def save_mapping(self, name: str, toml_text: str, *, actor: str = "local") -> None:
        """Save a column mapping under a name, replacing an older one; the audit keeps every version.

        Raises ValueError if the text is not TOML or the name is empty or longer than 80 characters.
        """
        if not 0 < len(name) <= LONGEST_MAPPING_NAME:
            raise ValueError(f"the name of a mapping has 1 to {LONGEST_MAPPING_NAME} characters")
        tomllib.loads(toml_text)
        with self._catalogue.changing() as db:
            decisions.save_mapping(db, name, toml_text, actor, audit.utc_now())
            audit.append(db, "save mapping", name, {"toml": toml_text}, actor, changes_view=False)

    def mappings(self) -> dict[str, str]:
        """Return the TOML text of each saved mapping by name."""
        with self._catalogue.reading() as db:
            return decisions.mappings(db)

    def merges(self, include_undone: bool = False) -> tuple[DecisionRecord, ...]:
        """Return the merges in the order in which they were made."""
        return self.decisions(decisions.MERGE, include_undone)

    def replace_decisions(
        self, kind: str, record: Recorded = (), *, undo: Iterable[int] = (), actor: str = "local"
    ) -> tuple[int, ...]:
        """Undo decisions and record others of one kind in one transaction: all of it happens, or nothing.

        record: (incident ids, JSON details) of each new decision. undo: numbers of decisions of any kind; those that
        are undone already stay so. Returns the numbers of the new decisions.
        A "merge" says that incidents are one event, a "word" what a word of stored rows means: both change `version`,
        other kinds do not. Raises ValueError if a decision names an incident twice or too few of them, StoreError for
        an unknown number and for an incident that is merged already.
        """
        with self._catalogue.changing() as db:
            return changes.replace_decisions(db, self.path, kind, record, undo, actor)

    def decide(self, kind: str, choose: Choose, *, actor: str) -> tuple[int, ...]:
        """Do as `replace_decisions` with what `choose` returns: it reads the store while nobody else can change it."""
        with self._catalogue.changing() as db:
            return changes.replace_decisions(db, self.path, kind, *choose(), actor)

    def settle(
        self,
        proposal_id: int,
        choose: ChooseKinds = tuple,
        *,
        batch_id: int | None = None,
        is_accepted: bool = False,
        instead: tuple[Batch, Mapping[str, Any]] | None = None,
        actor: str = "local",
    ) -> bool:
        """End a proposal and do what was decided about it in one transaction: all of it happens, or nothing.

        choose: as for `decide`, with the kind of each; `replace_decisions` says what it raises.
        batch_id: a proposed batch, which is then in use and shown if it is accepted, undone otherwise. instead: batch
        and summary to be added in its place, as by `add`. Returns False, having changed nothing, for a proposal that
        somebody else has ended.
        """

        def end(db: Connection) -> None:
            changes.settle(db, self.path, proposal_id, choose, batch_id, is_accepted and instead is None, actor)

        try:
            if instead is None:
                with self._catalogue.changing() as db:
                    end(db)
            else:
                self.add(instead[0], summary=instead[1], actor=actor, also=end)
        except changes.EndedMeanwhile:
            return False
        return True

    def decisions(self, kind: str | None = None, include_undone: bool = False) -> tuple[DecisionRecord, ...]:
        """Return the decisions of a kind, or of every kind, in the order in which they were made."""
        with self._catalogue.reading() as db:
            return decisions.select(db, kind, include_undone=include_undone)

    def _switch(self, batch_id: int, action: str, switch: Switch, is_on: bool, actor: str) -> BatchRecord:
        with self._catalogue.changing() as db:
            changes.switch_batch(db, self.path, batch_id, action, switch, is_on, actor)
        return self.batch(batch_id)

    def _store(
        self,
        batch: Batch | PartedBatch,
        facts: RowFacts,
        origin: tuple[Path, str],
        write: Callable[[], tuple[list[StoredFile], str]],
        supersedes: Sequence[int],
        summary: Mapping[str, Any] | None,
        actor: str,
        also: Callable[[Connection], None] = lambda _db: None,
    ) -> BatchRecord:
        """Keep the original file, write the rows and make them a batch in one transaction.

        origin: path and SHA-256 of the original file. write: returns the files it wrote and the digest of the rows.
        """
        if batch.n_rows_in != facts.n_rows + batch.n_refused + batch.n_duplicates:
            raise ValueError("rows in must be accepted + refused + duplicate rows")
        refuse_read_only(self._catalogue.read_only_hint, self.path)
        path, file_sha256 = origin
        try:
            # Copying the original waits for the disk, preparing rows for the processor. Both end before the lock does.
            with self._catalogue.writing() as writer, ThreadPoolExecutor(1) as pool:
                keeping = pool.submit(files.keep_raw, self.path, path, file_sha256)
                with reported(self.path):
                    stored, digest = write()
                keeping.result()
                with writer.changing() as db:
                    row = batches.catalogue_row(batch, facts, file_sha256, digest, summary, actor, audit.utc_now())
                    batches.refuse_copy(db, self.path, row, stored)
                    self._catalogue.raise_version(db)
                    batch_id = batches.insert(db, row, stored)
                    for older_id in supersedes:
                        batches.supersede(db, batch_id, batches.get(db, older_id, self.path).batch_id)
                    replaced = batches.superseded_by(db, batch_id)
                    details = {"files": [astuple(file) for file in stored], "supersedes": replaced}
                    audit.append(db, "add", str(batch_id), row | details, actor)
                    self._added(db, batch_id, actor)
                    also(db)
        except BaseException:
            # What cannot be removed now is removed when the store is next opened; the first error matters more.
            with contextlib.suppress(StoreError):
                sweep(self.path, self._catalogue)
            raise
        return self.batch(batch_id)

    def _added(self, db: Connection, batch_id: int, actor: str) -> None:
        """Do what belongs to the same transaction as a new batch."""


def _postgres() -> ModuleType:
    try:
        from geo.store import postgres
    except ImportError as error:
        message = text("This setting needs the driver of PostgreSQL.")
        hint = text("Install it with `pip install -r requirements-team.txt`.")
        raise refusal(message, hint, "ATLAS_STORE_DB") from error
    return postgres
