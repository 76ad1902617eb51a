"""The one door to stored incidents."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo.problems import Problem, ProblemCode, RejectedUpload
from geo.store import audit, batches, catalogue, files
from geo.store.audit import AuditEvent
from geo.store.batches import BatchRecord
from geo.store.catalogue import CATALOGUE_NAME, Catalogue
from geo.store.errors import access_hint, refusal, reported
from geo.store.rows import FACTS_COLUMN, check_rows, content_sha256, newest_of_each

if TYPE_CHECKING:
    import pyarrow as pa

    from geo.schema import Batch

_CREATE_TIMEOUT_S = 30.0


class Store:
    """Batches of incidents in a folder. One object may serve many threads; many processes may share the folder.

    Every method raises StoreError when the folder or the catalogue cannot be used, and then has changed nothing.
    """

    def __init__(self, path: Path, opened: Catalogue) -> None:
        """Use `Store.open`."""
        self.path = path
        self._catalogue = opened

    @classmethod
    def open(cls, path: Path) -> Store:
        """Open the store in a folder, made on first start, and remove what interrupted writes left behind.

        A folder that cannot be written is opened for reading. Raises StoreError, naming the path and a remedy,
        for a folder that cannot be made or read and for a catalogue that is missing, empty, damaged, behind the
        changes that were made, or of another version; it is then left as it is.
        """
        path = path.absolute()
        if not (path / CATALOGUE_NAME).exists():
            _create(path)
        store = cls(path, Catalogue(path, is_read_only=not _is_writable(path)))
        if not store.is_read_only:
            store._sweep()
        return store

    @property
    def is_read_only(self) -> bool:
        """Whether the folder can only be read by this user."""
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
        if self.is_read_only:
            raise refusal("can only be read.", _owner_hint(self.path), self.path)
        rows_sha256 = content_sha256(batch.rows.to_batches())
        try:
            with files.writing(self.path):
                files.keep_raw(self.path, batch.file_path, batch.file_sha256)
                with reported(self.path):
                    stored = files.write_rows(self.path, batch.rows)
                with self._catalogue.changing() as db:
                    _refuse_copy(batches.select(db, file_sha256=batch.file_sha256), rows_sha256, batch.label)
                    values = batches.values_of(batch, rows_sha256, summary, actor, audit.utc_now())
                    batch_id = batches.insert(db, values, [stored])
                    for older_id in supersedes:
                        batches.supersede(db, batch_id, batches.get(db, older_id, self.path).batch_id)
                    details = values | {"sha256": stored.sha256, "supersedes": list(supersedes)}
                    audit.append(db, "add", str(batch_id), details, actor)
        except BaseException:
            self._sweep()
            raise
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
                _refuse_copy(batches.select(db, file_sha256=record.file_sha256), record.rows_sha256, record.label)
                batches.set_undone(db, batch_id, False)
                audit.append(db, "redo", str(batch_id), {}, actor)
        return self.batch(batch_id)

    def set_shown(self, batch_id: int, is_shown: bool, *, actor: str = "local") -> BatchRecord:
        """Turn the dataset switch of a batch; it survives undo and redo."""
        with self._catalogue.changing() as db:
            batches.get(db, batch_id, self.path)
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

    def read(self, batch_id: int, columns: Sequence[str] | None = None) -> pa.Table:
        """Return the rows of a batch in any state, canonical columns unless some are named, in that order.

        Raises DamagedData if a file is missing, has another size or fails the checksums of its pages.
        """
        with self._catalogue.reading() as db:
            batches.get(db, batch_id, self.path)
            parts = batches.files_of(db, batch_id)
        return files.read_rows(self.path, parts, columns)

    def known_ids(self, source: str) -> pa.Table:
        """Return what is in use of a source: incident_id, facts_hash (uint64), batch_id (int64), one row an incident.

        Batches that are undone or superseded do not count; an incident in several batches is given as the newest
        of them has it. Compare with geo.store.facts_hashes of new rows to tell new, unchanged and changed incidents.
        """
        import pyarrow as pa

        with self._catalogue.reading() as db:
            records = [record for record in batches.select(db, source=source) if record.state != "superseded"]
            parts = {record.batch_id: batches.files_of(db, record.batch_id) for record in records}
        schema = pa.schema([("incident_id", pa.string()), (FACTS_COLUMN, pa.uint64()), ("batch_id", pa.int64())])
        tables = [schema.empty_table()]
        for batch_id, of_batch in parts.items():
            rows = files.read_rows(self.path, of_batch, ["incident_id", FACTS_COLUMN])
            tables.append(rows.append_column("batch_id", pa.repeat(pa.scalar(batch_id, pa.int64()), len(rows))))
        return newest_of_each(pa.concat_tables([table.cast(schema) for table in tables]))

    def raw_file(self, batch_id: int) -> Path:
        """Return the path of the kept file that a batch came from."""
        return self.path / files.RAW_FOLDER / self.batch(batch_id).file_sha256

    def audit(self) -> tuple[AuditEvent, ...]:
        """Return everything that was done, in order."""
        with self._catalogue.reading() as db:
            return audit.events(db)

    def _sweep(self) -> None:
        with files.alone(self.path) as is_alone:
            if is_alone:
                with self._catalogue.reading() as db:
                    listed = batches.listed_names(db)
                with reported(self.path):
                    files.sweep(self.path, listed)


def _create(path: Path) -> None:
    """Make the folder and an empty catalogue; never over batches whose catalogue is gone."""
    try:
        for folder in (path, path / files.BATCH_FOLDER, path / files.RAW_FOLDER):
            folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"cannot be made as a store folder: {error.strerror}."
        raise refusal(message, _owner_hint(path), path) from error
    with files.alone(path, _CREATE_TIMEOUT_S) as is_alone:
        # Another process may have been first; only then may there be batch files.
        if (path / CATALOGUE_NAME).exists():
            return
        if not is_alone:
            raise refusal("is in use by another process.", "Try again in a moment.", path)
        if any((path / files.BATCH_FOLDER).iterdir()):
            raise refusal(
                f"has batch files but no {CATALOGUE_NAME}. Nothing was changed.",
                "Put the catalogue back or restore a backup with `python -m geo restore`.",
                path,
                ProblemCode.DAMAGED_DATA,
            )
        catalogue.create(path / CATALOGUE_NAME)
        files.sync_folder(path)


def _is_writable(path: Path) -> bool:
    """Whether the whole store can be written; raises StoreError if part of it is missing or cannot be read."""
    folders = (path, path / files.BATCH_FOLDER, path / files.RAW_FOLDER)
    for folder in folders:
        if not folder.is_dir():
            hint = "Put the folder back or restore a backup with `python -m geo restore`."
            raise refusal("is missing from the store.", hint, folder, ProblemCode.DAMAGED_DATA)
        if not os.access(folder, os.R_OK | os.X_OK):
            raise refusal("cannot be read by this user.", _owner_hint(folder), folder)
    return all(os.access(place, os.W_OK) for place in (*folders, path / CATALOGUE_NAME))


def _owner_hint(path: Path) -> str:
    """Say whose folder it is, where the system has owners, and what helps."""
    place = next(place for place in (path, *path.parents) if place.exists())
    if not hasattr(os, "geteuid") or place.stat().st_uid == os.geteuid():
        return access_hint()
    return f"{place} belongs to user {place.stat().st_uid}, this is user {os.geteuid()}. {access_hint()}"


def _refuse_copy(same_file: Sequence[BatchRecord], rows_sha256: str, label: str) -> None:
    """Two people who accept the same file at once must not count its incidents twice."""
    for record in same_file:
        if record.rows_sha256 == rows_sha256:
            message = f"These rows are stored already, as batch {record.batch_id}."
            problem = Problem(ProblemCode.DUPLICATE_ID, message, "Undo that batch first.", file=label)
            raise RejectedUpload([problem])
