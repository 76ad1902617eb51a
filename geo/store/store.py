"""The one door to stored incidents."""

from __future__ import annotations

import contextlib
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from geo.problems import Problem, ProblemCode, StoreError
from geo.schema import COLUMN_NAMES
from geo.settings import SharedPlace, StorePlace
from geo.store import audit, batches, decisions, files, parts
from geo.store.audit import AuditEvent
from geo.store.backup import copy_store
from geo.store.batches import BatchRecord
from geo.store.catalogue import CATALOGUE_NAME, SqliteCatalogue
from geo.store.database import Catalogue, Connection, Writer
from geo.store.decisions import DecisionRecord
from geo.store.errors import refusal, reported
from geo.store.files import StoredFile
from geo.store.folder import create_folder, is_writable, owner_hint, refuse_shared
from geo.store.parts import PartedBatch
from geo.store.rows import FACTS_COLUMN, check_rows, newest_of_each
from geo.store.verify import catalogue_faults, problems_of

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
        """Open the store in a folder, made on first start, and remove what interrupted writes left behind.

        A folder that cannot be written, or a full disk, is opened for reading. Raises StoreError, naming the path
        and a remedy, for a folder that cannot be made or read and for a catalogue that is missing, empty, damaged,
        behind the changes that were made, or of another version; it is then left as it is.
        """
        if isinstance(place, SharedPlace):
            path = place.folder.absolute()
            return cls._swept(path, _postgres().PostgresCatalogue.open(path, place.database))
        path = place.absolute()
        with reported(path):
            refuse_shared(path)
            if not (path / CATALOGUE_NAME).exists():
                create_folder(path)
            read_only_hint = "" if is_writable(path, path / CATALOGUE_NAME) else owner_hint(path)
        try:
            return cls._swept(path, SqliteCatalogue(path, read_only_hint=read_only_hint))
        except StoreError as error:
            if error.problems[0].code is not ProblemCode.DISK_FULL:
                raise
            hint = "The disk is full: free some space and start again."
            return cls(path, SqliteCatalogue(path, read_only_hint=hint))

    @classmethod
    def _swept(cls, path: Path, opened: Catalogue) -> Store:
        store = cls(path, opened)
        if not store.is_read_only:
            store._sweep()
        return store

    @property
    def is_read_only(self) -> bool:
        """Whether nothing can be changed: the folder belongs to another user, is read-only, or the disk was full."""
        return self._catalogue.is_read_only

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
    ) -> BatchRecord:
        """Store a batch and the file it came from; once this returns, the batch outlives a crash.

        supersedes: batches (older editions of the source) that are not shown while this one is not undone.
        summary: JSON values to keep with the batch. Raises ValueError for rows that are not canonical or counts
        that do not add up, RejectedUpload if these rows of this file are in use already, StoreError otherwise.
        """
        check_rows(batch.rows)
        if batch.n_rows_in != len(batch.rows) + batch.n_refused + batch.n_duplicates:
            raise ValueError("rows in must be accepted + refused + duplicate rows")
        with self._adding() as writer:
            files.keep_raw(self.path, batch.file_path, batch.file_sha256)
            with reported(self.path):
                stored, digest = files.write_rows(self.path, batch.rows)
            values = batches.values_of(batch)
            batch_id = self._commit(writer, values, [stored], batch.file_sha256, digest, supersedes, summary, actor)
        return self.batch(batch_id)

    def add_parts(
        self,
        batch: PartedBatch,
        *,
        actor: str = "local",
        supersedes: Sequence[int] = (),
        summary: Mapping[str, Any] | None = None,
    ) -> BatchRecord:
        """Store a batch that was written elsewhere in parts (see geo.store.parts); otherwise as `add`.

        Raises ValueError for parts that are no batch or counts that do not add up, DamagedData for a part that is
        not as it was written.
        """
        facts = parts.facts_of(batch.parts)
        if batch.n_rows_in != facts.n_rows + batch.n_refused + batch.n_duplicates:
            raise ValueError("rows in must be accepted + refused + duplicate rows")
        with self._adding() as writer:
            file_sha256 = parts.origin_sha256(batch)
            files.keep_raw(self.path, batch.origin, file_sha256)
            stored = parts.adopt(self.path, batch.parts)
            digest = files.joined_sha256([part.rows_sha256 for part in batch.parts])
            values = parts.catalogue_values(batch, facts)
            batch_id = self._commit(writer, values, stored, file_sha256, digest, supersedes, summary, actor)
        return self.batch(batch_id)

    def undo(self, batch_id: int, *, actor: str = "local") -> BatchRecord:
        """Take a batch back; nothing is deleted and `redo` brings it back."""
        with self._catalogue.changing() as db:
            if not batches.get(db, batch_id, self.path).is_undone:
                batches.set_undone(db, batch_id, True)
                audit.append(db, "undo", str(batch_id), {}, actor)
        return self.batch(batch_id)

    def redo(self, batch_id: int, *, actor: str = "local") -> BatchRecord:
        """Bring a batch back that was undone; raises RejectedUpload if its rows are in use as another batch."""
        with self._catalogue.changing() as db:
            record = batches.get(db, batch_id, self.path)
            if record.is_undone:
                batches.refuse_copy(
                    batches.select(db, file_sha256=record.file_sha256), record.rows_sha256, record.label
                )
                batches.set_undone(db, batch_id, False)
                audit.append(db, "redo", str(batch_id), {}, actor)
        return self.batch(batch_id)

    def set_shown(self, batch_id: int, is_shown: bool, *, actor: str = "local") -> BatchRecord:
        """Turn the dataset switch of a batch; it survives undo and redo."""
        with self._catalogue.changing() as db:
            if batches.get(db, batch_id, self.path).is_hidden is is_shown:
                batches.set_hidden(db, batch_id, not is_shown)
                audit.append(db, "show" if is_shown else "hide", str(batch_id), {}, actor)
        return self.batch(batch_id)

    def batch(self, batch_id: int) -> BatchRecord:
        """Return one batch in any state; raises StoreError for a number that does not exist."""
        with self._catalogue.reading() as db:
            return batches.get(db, batch_id, self.path)

    def batches(self, include_undone: bool = False) -> tuple[BatchRecord, ...]:
        """Return the batches in the order in which they were added."""
        with self._catalogue.reading() as db:
            return batches.select(db, include_undone=include_undone)

    def find_file(self, sha256: str) -> BatchRecord | None:
        """Return the newest batch, not undone, that came from a file with these bytes."""
        with self._catalogue.reading() as db:
            found = batches.select(db, file_sha256=sha256)
        return found[-1] if found else None

    def version(self) -> str:
        """Return what identifies the shown content: another text after every change, the same text until then."""
        with self._catalogue.reading() as db:
            seq, digest = audit.head(db, of_view=True)
        return f"{seq}-{digest[:16]}"

    def read(self, batch_id: int, columns: Sequence[str] | None = None, *, encoded: Sequence[str] = ()) -> pa.Table:
        """Return the rows of a batch in any state, canonical columns unless some are named, in that order.

        encoded: text columns to be returned dictionary-encoded, which takes a part of the time and memory.
        Raises KeyError for a column that is not canonical, DamagedData for a file that is not as it was stored:
        its SHA-256 is checked when the file is first used, the checksums of its pages at every reading.
        """
        if columns is not None and (unknown := set(columns) - set(COLUMN_NAMES)):
            raise KeyError(f"not canonical columns: {sorted(unknown)}")
        with self._catalogue.reading() as db:
            batches.get(db, batch_id, self.path)
            stored = batches.files_of(db, batch_id)
        return files.read_rows(self.path, stored, self._trusted, columns, encoded)

    def known_ids(self, source: str) -> pa.Table:
        """Return what is in use of a source: incident_id, facts_hash (uint64), batch_id (int64), one row an incident.

        Batches that are undone or superseded do not count; an incident in several batches is given as the newest
        of them has it. Compare with geo.store.facts_hashes of new rows to tell new, unchanged and changed incidents.
        """
        with self._catalogue.reading() as db:
            records = [record for record in batches.select(db, source=source) if record.state != "superseded"]
            stored = {record.batch_id: batches.files_of(db, record.batch_id) for record in records}
        schema = pa.schema([("incident_id", pa.string()), (FACTS_COLUMN, pa.uint64()), ("batch_id", pa.int64())])
        tables = [schema.empty_table()]
        for batch_id, of_batch in stored.items():
            rows = files.read_rows(self.path, of_batch, self._trusted, ["incident_id", FACTS_COLUMN])
            tables.append(rows.append_column("batch_id", pa.repeat(pa.scalar(batch_id, pa.int64()), len(rows))))
        return newest_of_each(pa.concat_tables([table.cast(schema) for table in tables]))

    def audit(self) -> tuple[AuditEvent, ...]:
        """Return everything that was done, in order."""
        with self._catalogue.reading() as db:
            return audit.events(db)

    def verify(self) -> list[Problem]:
        """Check catalogue, audit chain, every stored row and every kept file; return what is wrong with which file."""
        return problems_of(self.path, self._catalogue)

    def backup(self, folder: Path) -> Path:
        """Copy one state of the store to a new folder, every file checked, while others may write.

        The copy is a store itself. Raises StoreError if the folder holds anything or there is no room, DamagedData
        if a file of this store is not as it was stored.
        """
        copy_store(self.path, self._catalogue, folder.absolute())
        return folder

    @classmethod
    def restore(cls, backup: Path, place: StorePlace, *, actor: str = "local") -> Store:
        """Copy a backup, every file checked, to a new or empty store folder and open it; the backup stays as it is.

        Raises StoreError if the backup is no store or folder or database hold anything, DamagedData for a damaged file.
        """
        backup = backup.absolute()
        if not (backup / CATALOGUE_NAME).exists():
            raise refusal("is not a backup: it has no catalogue.", "Name the folder that a backup made.", backup)
        original = SqliteCatalogue(backup, read_only_hint="A backup is not changed.")
        if isinstance(place, SharedPlace):
            path = place.folder.absolute()
            with _postgres().founding(path, place.database):
                copy_store(backup, original, path)
        else:
            copy_store(backup, original, place.absolute())
        store = cls.open(place)
        with store._catalogue.changing() as db:
            audit.append(db, "restore", backup.name, {}, actor)
        return store

    def save_mapping(self, name: str, toml_text: str, *, actor: str = "local") -> None:
        """Keep a column mapping under a name, in place of an older one; the audit keeps every text.

        Raises ValueError if the text is not TOML or the name is empty or longer than 80 characters.
        """
        if not 0 < len(name) <= LONGEST_MAPPING_NAME:
            raise ValueError(f"a mapping is named by 1 to {LONGEST_MAPPING_NAME} characters")
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
        self,
        kind: str,
        record: Sequence[tuple[Sequence[str], Mapping[str, Any]]] = (),
        *,
        undo: Iterable[int] = (),
        actor: str = "local",
    ) -> tuple[int, ...]:
        """Undo decisions and record others of one kind in one transaction: all of it happens, or nothing.

        record: (incident ids, JSON details) of each new decision. undo: numbers of decisions of any kind; those that
        are undone already stay so. Returns the numbers of the new decisions.
        The kind "merge" says that incidents are one event and changes `version`; other kinds only keep what was
        decided: "distinct", or "place name", which names no incident. Raises ValueError if a decision names an
        incident twice or too few of them, StoreError for an unknown number and for an incident that is merged already.
        """
        with self._catalogue.changing() as db:
            for decision_id in undo:
                self._undo_decision(db, decision_id, actor)
            members = {}
            for member_ids, details in record:
                minimum = decisions.MINIMUM_MEMBERS.get(kind, 1)
                if len(set(member_ids)) != len(member_ids) or len(member_ids) < minimum:
                    raise ValueError("a decision names different incidents, a merge at least two")
                if kind == decisions.MERGE:
                    decisions.refuse_second_merge(db, member_ids, self.path)
                members[decisions.insert(db, kind, member_ids, details, actor, audit.utc_now())] = list(member_ids)
            if members:
                event = {"kind": kind, "members": members, "details": [dict(details) for _, details in record]}
                audit.append(db, "decide", kind, event, actor, changes_view=kind == decisions.MERGE)
        return tuple(members)

    def _undo_decision(self, db: Connection, decision_id: int, actor: str) -> None:
        kind, is_changed = decisions.set_undone(db, decision_id, self.path)
        if is_changed:
            audit.append(db, "undo decision", str(decision_id), {}, actor, changes_view=kind == decisions.MERGE)

    def decisions(self, kind: str | None = None, include_undone: bool = False) -> tuple[DecisionRecord, ...]:
        """Return the decisions of a kind, or of every kind, in the order in which they were made."""
        with self._catalogue.reading() as db:
            return decisions.select(db, kind, include_undone=include_undone)

    @contextlib.contextmanager
    def _adding(self) -> Iterator[Writer]:
        """Hold the writers' lock; what an error leaves behind is removed."""
        if self.is_read_only:
            raise refusal("can only be read.", self._catalogue.read_only_hint, self.path)
        try:
            with self._catalogue.writing() as writer:
                yield writer
        except BaseException:
            # What cannot be removed now is removed when the store is next opened; the first error is the one to tell.
            with contextlib.suppress(StoreError):
                self._sweep()
            raise

    def _commit(
        self,
        writer: Writer,
        values: Mapping[str, Any],
        stored: Sequence[StoredFile],
        file_sha256: str,
        rows_sha256: str,
        supersedes: Sequence[int],
        summary: Mapping[str, Any] | None,
        actor: str,
    ) -> int:
        """Make the written files a batch, in one transaction; returns its number."""
        with writer.changing() as db:
            batches.refuse_copy(batches.select(db, file_sha256=file_sha256), rows_sha256, values["label"])
            row = batches.catalogue_row(values, file_sha256, rows_sha256, summary, actor, audit.utc_now())
            batch_id = batches.insert(db, row, stored)
            for older_id in supersedes:
                batches.supersede(db, batch_id, batches.get(db, older_id, self.path).batch_id)
            details = {"files": [file.facts() for file in stored], "supersedes": batches.superseded_by(db, batch_id)}
            audit.append(db, "add", str(batch_id), row | details, actor)
        return batch_id

    def _sweep(self) -> None:
        with self._catalogue.alone() as is_alone, reported(self.path):
            if not is_alone:
                return
            heads = audit.all_heads(self._catalogue.heads_path)
            with self._catalogue.reading() as db:
                begun, finished = files.leftovers(self.path, batches.listed_names(db))
                # A damaged catalogue may have forgotten or misspelt a file that is needed.
                if finished and catalogue_faults(self._catalogue, db, heads):
                    finished = []
            for path in (*begun, *finished):
                path.unlink()


def _postgres() -> ModuleType:
    try:
        from geo.store import postgres
    except ImportError as error:
        hint = "Install it with `pip install -r requirements-team.txt`."
        raise refusal("needs the driver of PostgreSQL.", hint, "ATLAS_STORE_DB") from error
    return postgres
