"""One piece of a run, start to finish: a function of the piece alone, so that any worker may do it, or do it again.

Everything it writes appears whole under a name that the piece determines; the report of what was done comes last.
"""

from __future__ import annotations

import csv
import errno
import json
import tempfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from io import TextIOWrapper
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from geo.analysis.locating import locate, place_names
from geo.analysis.locating.locate import Locator
from geo.bulk.aggregate import cube_of
from geo.bulk.pieces import table_of
from geo.bulk.plan import Piece, boundaries_sha256, parts_folder, rejects_folder, work_folder
from geo.districts import Districts
from geo.districts import load as load_districts
from geo.ingest.asking import AnswersNeeded, read_or_ask
from geo.ingest.conversion import Conversion, convert_table, prepared
from geo.ingest.mapping import grouped_rows, persons
from geo.ingest.notes import NoteKind, note_text
from geo.ingest.results import ReadOptions
from geo.ingest.tables import TextTable
from geo.ingest.values.canonical import content_ids
from geo.ingest.values.evidence import Evidence
from geo.problems import Problem, ProblemCode, RejectedUpload, rejected
from geo.store.files import appearing, file_sha256, write_part
from geo.store.rows import id_hashes
from geo.text import csv_cell, file_label
from geo.wording import text

# What happened to a row that has an identifier.
ACCEPTED, REFUSED, REPEATED = 0, 1, 2
_MOST_PROBLEMS = 20
_ALL_PROBLEMS = 1_000_000_000
PieceReport = dict[str, Any]


def process(piece: Piece) -> PieceReport:
    """Read, check, locate and write one piece; return the report of it. What was done before is not done again.

    A piece that cannot be used gives a report with `refusal`: the problems of the whole file, and `open_notes`: what
    else is to be answered. `evidence`: its numbers, which count with those of the other pieces.
    """
    done = finished(piece)
    if done is not None:
        return done
    evidence = Evidence(piece.evidence)
    try:
        if piece.boundaries != boundaries_sha256():
            raise RejectedUpload([_other_boundaries()])
        # In the work folder, which is removed with the run: a worker that is killed leaves nothing elsewhere.
        with tempfile.TemporaryDirectory(dir=work_folder(piece.out)) as folder:
            report = _processed(piece, Path(folder), evidence)
    except RejectedUpload as refusal:
        notes = refusal.notes if isinstance(refusal, AnswersNeeded) else ()
        return {
            "number": piece.number,
            "refusal": [problem.record() for problem in refusal.problems],
            "open_notes": [note.record() for note in notes],
            "evidence": evidence.record(),
        }
    except OSError as error:
        return {"number": piece.number, "refusal": [_unusable(error, piece).record()]}
    return report


def finished(piece: Piece) -> PieceReport | None:
    """Return the report of a piece that is done and whose files are as they were written, else None."""
    path = report_path(piece)
    if not path.exists():
        return None
    report: PieceReport = json.loads(path.read_text("utf-8"))
    out = Path(piece.out)
    is_whole = all((out / name).exists() and file_sha256(out / name) == sha for name, sha in report["files"].items())
    return report if is_whole else None


def report_path(piece: Piece) -> Path:
    """Return where the report of a piece is kept."""
    return work_folder(piece.out) / f"{piece.key}.json"


def write_report(path: Path, report: PieceReport) -> None:
    """Write a report, whole or not at all."""
    with appearing(path) as handle:
        handle.write(json.dumps(report, ensure_ascii=False).encode())


def write_rows(piece: Piece, name: str, cube_name: str, rows: pa.Table) -> PieceReport:
    """Write accepted rows and their cube; return what a report says of them."""
    out = Path(piece.out)
    part, rows_sha256 = write_part(parts_folder(out) / name, rows)
    with appearing(work_folder(out) / cube_name) as handle:
        pq.write_table(cube_of(rows), handle, compression="zstd")
    decided, stated = _decided(piece, rows), place_names.stated_names(rows)
    outside = np.asarray(rows["district_method"].to_numpy(zero_copy_only=False) == "outside")
    return {
        "part": {
            "name": name,
            "n_rows": len(rows),
            "n_bytes": part.n_bytes,
            "sha256": part.sha256,
            "rows_sha256": rows_sha256,
        },
        "cube": cube_name,
        "n_located": len(rows) - rows["pcode"].null_count,
        "n_outside": int(outside.sum()),
        "place_names": {name: decided[key] for key, name in stated.items() if key in decided},
        "files": {f"parts/{name}": part.sha256, f"work/{cube_name}": file_sha256(work_folder(out) / cube_name)},
    }


@lru_cache(maxsize=1)
def boundaries() -> tuple[Districts, Locator]:
    """Return districts and locator, made once in each process."""
    districts = load_districts()
    return districts, Locator.build(districts)


def _processed(piece: Piece, folder: Path, evidence: Evidence) -> PieceReport:
    table = table_of(piece, folder)
    report: PieceReport = {"number": piece.number, "n_rows_in": 0, "n_refused": 0, "n_repeated": 0, "files": {}}
    if table is not None:
        conversion = _converted(piece, table, evidence)
        _require_ids(conversion, piece)
        outcome = _outcomes(conversion)
        districts, locator = boundaries()
        rows = conversion.rows()
        rows = locate.assign_districts(rows, districts, locator, _decided(piece, rows))
        report |= _findings(conversion, outcome) | {"evidence": evidence.record()}
        report["files"] |= _write_ids(piece, conversion, outcome) | _write_rejects(piece, conversion)
        if len(rows):
            written = write_rows(piece, piece.part_name, f"{piece.key}.cube.parquet", rows)
            report = report | written | {"files": report["files"] | written["files"]}
    write_report(report_path(piece), report)
    return report


def _converted(piece: Piece, table: TextTable, evidence: Evidence) -> Conversion:
    """Return the reading of a piece; raises AnswersNeeded with all that must be answered for its file."""
    label, limits = piece.source.label, {**piece.limits, "problems_shown": _ALL_PROBLEMS}

    def read(options: ReadOptions) -> Conversion:
        if piece.is_whole:
            whole = prepared(table, label, options, evidence)
        else:
            # What is read row by row; the rest needs rows of other pieces, and is refused where it would be needed.
            whole = grouped_rows.with_cells_above(table, options, evidence)
            whole = persons.as_incidents(whole, options, label, evidence)
        return convert_table(whole, label, options, limits, requires_ids=True, evidence=evidence)

    conversion = read_or_ask(piece.options.read_options(), read)
    _require_own_cells(conversion.reading.table, piece)
    return conversion


def _require_own_cells(table: TextTable, piece: Piece) -> None:
    """Raise AnswersNeeded if blank cells may mean what stands above them, RejectedUpload for marks that repeat it.

    One row with such a cell is refused or not located, with a note, and stops no file.
    """
    label = piece.source.label
    kinds = {note.kind: note for note in table.notes}
    blank = kinds.get(NoteKind.BLANK_BELOW)
    if blank is not None and (blank.n_rows or 0) > 1:
        problem = Problem(ProblemCode.MISSING, note_text(blank), text("State what blank cells mean."), label)
        raise AnswersNeeded([problem], [blank])
    if NoteKind.CELLS_REPEATED in kinds and not piece.is_whole:
        message = text("Marks such as “do” repeat a date or district, which may stand in another piece of the file.")
        hint = text("Add --blank-cells above: the file is then read in one piece.")
        raise rejected(ProblemCode.MISSING, message, hint, label)


def _decided(piece: Piece, rows: pa.Table) -> Mapping[str, str]:
    """Return what was decided about names of the source that rows come from."""
    return piece.options.decided.get(rows["source"][0].as_py(), {}) if len(rows) else {}


def _outcomes(conversion: Conversion) -> NDArray[np.uint8]:
    """Return ACCEPTED, REFUSED or REPEATED for each row of the table, shape (n,), uint8.

    A row whose identifier stands in an earlier row of the file, and that has nothing else wrong, is repeated.
    """
    outcome = conversion.reading.refusals.refused.astype(np.uint8)
    codes: dict[int, set[ProblemCode]] = {}
    for problem in conversion.findings.problems:
        codes.setdefault(problem.row or 0, set()).add(problem.code)
    repeated = [row for row, found in codes.items() if found == {ProblemCode.DUPLICATE_ID}]
    if repeated:
        outcome[np.isin(conversion.reading.table.rows, repeated)] = REPEATED
    return outcome


def _findings(conversion: Conversion, outcome: NDArray[np.uint8]) -> PieceReport:
    findings, malformed = conversion.findings, len(conversion.reading.table.malformed)
    problems = [problem for problem in findings.problems if problem.code is not ProblemCode.DUPLICATE_ID]
    return {
        "format": findings.format,
        "source": findings.source,
        "source_version": findings.source_version,
        "snapshot_date": findings.snapshot_date.isoformat() if findings.snapshot_date else None,
        "notes": [one.record() for one in findings.notes],
        "n_rows_in": findings.n_rows_in,
        "n_refused": int((outcome == REFUSED).sum()) + malformed,
        "n_repeated": int((outcome == REPEATED).sum()),
        "problems": [problem.in_words() for problem in problems[:_MOST_PROBLEMS]],
        "problem_counts": dict(Counter(problem.code.value for problem in problems)),
    }


def _write_ids(piece: Piece, conversion: Conversion, outcome: NDArray[np.uint8]) -> dict[str, str]:
    """Write the identifier of every row, with what happened to its row, for finding repeats across pieces."""
    ids = conversion.fields["incident_id"]
    table = pa.table(
        {
            "hash": pa.array(id_hashes(ids)),
            "outcome": pa.array(outcome),
            "row": pa.array(conversion.reading.table.rows),
            "incident_id": ids,
        }
    )
    path = ids_path(piece)
    with appearing(path) as handle:
        pq.write_table(table, handle, compression="zstd")
    return {f"work/{path.name}": file_sha256(path)}


def ids_path(piece: Piece) -> Path:
    """Return where the identifiers of a piece are kept."""
    return work_folder(piece.out) / f"{piece.key}.ids.parquet"


def _write_rejects(piece: Piece, conversion: Conversion) -> dict[str, str]:
    """Write refused rows, and repeated ones of the same piece, as a table that can be corrected and loaded again."""
    refused = conversion.refused_rows()
    if not len(refused):
        return {}
    return write_csv(piece, "", refused.to_pydict())


def write_csv(piece: Piece, suffix: str, columns: Mapping[str, list[str]]) -> dict[str, str]:
    """Write columns of text as CSV that a spreadsheet opens as text; return its name and SHA-256."""
    label = "".join(char if char.isalnum() or char in "-_." else "_" for char in file_label(piece.source.label, 60))
    path = rejects_folder(piece.out) / f"{piece.number:05}-{label}{suffix}.csv"
    with appearing(path) as handle:
        lines = TextIOWrapper(handle, encoding="utf-8-sig", newline="", write_through=True)
        writer = csv.writer(lines)
        writer.writerow([csv_cell(name) for name in columns])
        writer.writerows([csv_cell(cell) for cell in row] for row in zip(*columns.values(), strict=True))
        lines.flush()
        lines.detach()
    return {f"rejects/{path.name}": file_sha256(path)}


def _require_ids(conversion: Conversion, piece: Piece) -> None:
    """Without identifiers of their own, equal rows could not be distinguished from repeated ones across pieces."""
    table = conversion.reading.table
    if not len(table):
        return
    made = content_ids(replace(table, cells=table.cells.slice(0, 1), rows=table.rows[:1]))
    if conversion.fields["source_event_id"][0].as_py() == made[0].as_py():
        message = text("The table has no column of identifiers.")
        hint = text("Add one, or load the file with `python -m geo ingest`.")
        raise rejected(ProblemCode.COLUMNS, message, hint, piece.source.label)


def _other_boundaries() -> Problem:
    message = text("A worker has other boundaries than the machine that started the run.")
    return Problem(ProblemCode.STORE, message, text("Install the same version of this program on every worker."))


def _unusable(error: OSError, piece: Piece) -> Problem:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Problem(
            ProblemCode.DISK_FULL, text("The disk of a worker is full."), text("Free some space."), piece.out
        )
    path, reason = str(error.filename or piece.source.path), error.strerror or str(error)
    message = text("A worker cannot use {path}: {reason}.", path=path, reason=reason)
    hint = text("Inputs and output folder must be at the same path for every worker.")
    return Problem(ProblemCode.STORE, message, hint, piece.source.label)
