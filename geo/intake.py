"""From a file to a batch of the store: read, locate, summarise, accept. Nothing is stored before `accept`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from geo import incidents
from geo.analysis import locate
from geo.incidents import IncidentTable
from geo.ingest import ReadOptions, ReadResult, read_upload
from geo.problems import Problem, ProblemCode, RejectedUpload
from geo.schema import Batch
from geo.settings import DATA_DIR, Settings
from geo.text import file_label

if TYPE_CHECKING:
    import pyarrow as pa

    from geo.districts import Districts
    from geo.store import BatchRecord, Store

REGISTER_FILE = "incidents.csv"


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that was read and located but not stored.

    rows: canonical Arrow table, districts filled in. n_located, n_not_located, n_outside, n_conflicts:
    rows of it. same_file: the batch that already holds these very bytes, if any.
    """

    result: ReadResult
    rows: pa.Table
    n_located: int
    n_not_located: int
    n_outside: int
    n_conflicts: int
    same_file: BatchRecord | None


def check(
    path: Path,
    name: str,
    store: Store,
    districts: Districts,
    settings: Settings,
    options: ReadOptions | None = None,
    progress: Callable[[float, str], None] | None = None,
) -> Checked:
    """Read and locate a file; raises RejectedUpload if it is not usable as a whole."""
    import pyarrow.compute as pc

    result = read_upload(path, name, limits=settings.limits, options=options or ReadOptions(), progress=progress)
    rows = locate.assign_districts(result.rows, districts)
    n_outside = int(pc.sum(pc.equal(rows["district_method"], "outside")).as_py() or 0)
    n_located = len(rows) - rows["pcode"].null_count
    return Checked(
        result=result,
        rows=rows,
        n_located=n_located,
        n_not_located=len(rows) - n_located - n_outside,
        n_outside=n_outside,
        n_conflicts=int(pc.sum(rows["is_district_conflict"]).as_py() or 0),
        same_file=store.find_file(result.file_sha256),
    )


def accept(checked: Checked, path: Path, name: str, store: Store, *, accept_valid: bool = False) -> BatchRecord:
    """Store a checked file as one batch.

    accept_valid: store the valid rows of a file that has refused rows; without it such a file is refused.
    Raises RejectedUpload, or StoreError when the store cannot write.
    """
    result = checked.result
    if result.refused_rows and not accept_valid:
        raise RejectedUpload(result.problems, result.n_problems)
    if checked.same_file is not None:
        hint = f"It is batch {checked.same_file.batch_id}; undo that batch first to load the file again."
        problem = Problem(ProblemCode.DUPLICATE_ID, "This very file is stored already.", hint, file=file_label(name))
        raise RejectedUpload([problem])
    return store.add(
        Batch(
            rows=checked.rows,
            label=file_label(name),
            format=result.format,
            source=result.source,
            file_sha256=result.file_sha256,
            file_path=path,
            n_rows_in=result.n_rows_in,
            n_refused=len(result.refused_rows),
            notes=result.notes,
        )
    )


def ensure_register(store: Store, districts: Districts, settings: Settings) -> None:
    """Load the embedded register through the same reader and store as any upload, if it was never loaded.

    A register that a user has undone or hidden stays so.
    """
    if any(record.source == "register" for record in store.batches(include_undone=True)):
        return
    path = DATA_DIR / REGISTER_FILE
    checked = check(path, "KP register of public reports.csv", store, districts, settings)
    accept(checked, path, "KP register of public reports.csv", store)


def newest_shown(settings: Settings) -> date:
    """Return the last day whose incidents are not withheld: today less the publication delay."""
    return datetime.now(UTC).date() - timedelta(days=settings.delay_days)


def shown_incidents(store: Store, districts: Districts, newest: date) -> IncidentTable:
    """Return the incidents of all shown batches up to a day; the version names both the content and the day."""
    version = store.version()
    tables = {str(record.batch_id): store.read(record.batch_id) for record in store.batches() if record.is_shown}
    return incidents.build(tables, districts.pcodes, f"{version}-{newest:%Y%m%d}", newest)
