"""How a reading returns from the child process: Arrow files and JSON in a private folder, nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import pyarrow as pa

from geo import verbatim
from geo.ingest.asking import AnswersNeeded
from geo.ingest.conversion import Conversion
from geo.ingest.mapping.preview import TablePreview, preview_from_record, preview_record
from geo.ingest.notes import Note
from geo.ingest.results import Findings, ReadOptions
from geo.ingest.tables import TextTable
from geo.problems import Problem, ProblemKind, RejectedUpload
from geo.wording import Text

_REQUEST, _FINDINGS = "request.json", "findings.json"
_CELLS, _ACCEPTED, _ROWS, _REFUSED = "cells.arrow", "accepted.arrow", "rows.arrow", "refused.arrow"
_MASK = "is_accepted"
_RECORDED = ("problems", "problem_kinds", "notes")  # findings that are lists of records
_BATCH_ROWS = 65_536


@dataclass(frozen=True, slots=True)
class Request:
    """What the child is to do. task: "read" or "preview"."""

    task: str
    path: Path
    file: str
    options: ReadOptions
    limits: Mapping[str, int]


def write_request(folder: Path, request: Request) -> None:
    """Write what the child is to do."""
    record = asdict(request) | {"path": str(request.path.resolve())}
    (folder / _REQUEST).write_text(json.dumps(record), encoding="utf-8")


def read_request(folder: Path) -> Request:
    """Return what is to be done."""
    record = json.loads((folder / _REQUEST).read_text(encoding="utf-8"))
    return Request(**record | {"path": Path(record["path"]), "options": ReadOptions(**_answers(record["options"]))})


def _answers(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return answers from JSON, which has lists for tuples."""
    return {**record, "corrections": tuple((row, column, cell) for row, column, cell in record["corrections"])}


@contextmanager
def writing_cells(folder: Path, table: TextTable) -> Iterator[None]:
    """Write the cells of a table while the block runs; they are complete when it ends, unless it raises."""
    is_cancelled = Event()

    def write() -> None:
        column = verbatim.cells_column(table.columns, table.cells)
        schema = pa.schema([(verbatim.RAW, column.type)])
        with _arrow_file(folder / _CELLS, schema) as writer:
            for chunk in column.chunks:
                if is_cancelled.is_set():
                    return
                writer.write_batch(pa.RecordBatch.from_arrays([chunk], schema=schema))

    # Writing waits for the disk, converting for the processor: together they take little more than one of them.
    with ThreadPoolExecutor(1) as pool:
        written = pool.submit(write)
        try:
            yield
        except BaseException:
            is_cancelled.set()
            raise
        written.result()


def write_conversion(folder: Path, conversion: Conversion, report: Callable[[float], None]) -> None:
    """Write accepted rows, which rows of the table they are, refused rows and the findings; not the cells."""
    rows = conversion.accepted_fields()
    n_rows = max(len(rows), 1)
    with _arrow_file(folder / _ROWS, rows.schema) as writer:
        for start in range(0, len(rows), _BATCH_ROWS):
            writer.write_table(rows.slice(start, _BATCH_ROWS))
            report(min((start + _BATCH_ROWS) / n_rows, 1.0))
    _write_table(folder / _ACCEPTED, pa.table({_MASK: pa.array(conversion.is_accepted)}))
    _write_table(folder / _REFUSED, conversion.refused_rows())
    records = {name: [one.record() for one in getattr(conversion.findings, name)] for name in _RECORDED}
    findings = {name: getattr(conversion.findings, name) for name in conversion.findings.__slots__} | records
    findings["why"] = conversion.findings.why.record()
    _write_json(folder, {"findings": findings})


def write_preview(folder: Path, preview: TablePreview) -> None:
    """Write the first look at a table."""
    _write_json(folder, {"preview": preview_record(preview)})


def write_refusal(folder: Path, refusal: RejectedUpload) -> None:
    """Write why the whole file is not accepted."""
    answer: dict[str, Any] = {"problems": [one.record() for one in refusal.problems], "n_problems": refusal.n_total}
    if isinstance(refusal, AnswersNeeded):
        answer["notes"] = [one.record() for one in refusal.notes]
    _write_json(folder, answer)


def read_preview(folder: Path) -> TablePreview:
    """Return the first look at a table; raises RejectedUpload if the child refused the file."""
    return preview_from_record(_answer(folder)["preview"])


def read_conversion(folder: Path) -> tuple[Findings, pa.Table, pa.Table]:
    """Return findings, accepted rows and refused rows; raises RejectedUpload if the child refused the file.

    The tables are mapped from the folder's files, which may be unlinked afterwards.
    """
    found = _answer(folder)["findings"]
    snapshot = found["snapshot_date"]
    found |= {
        "problems": tuple(Problem.from_record(record) for record in found["problems"]),
        "problem_kinds": tuple(ProblemKind.from_record(record) for record in found["problem_kinds"]),
        "notes": tuple(Note.from_record(record) for record in found["notes"]),
        "snapshot_date": date.fromisoformat(snapshot) if snapshot else None,
        "sum_rows": tuple(found["sum_rows"]),
        "why": Text.from_record(found["why"]),
    }
    keep = np.asarray(_mapped(folder / _ACCEPTED)[_MASK])
    rows = verbatim.with_cells(_mapped(folder / _ROWS), _mapped(folder / _CELLS)[verbatim.RAW], keep)
    return Findings(**found), rows, _mapped(folder / _REFUSED)


def has_answer(folder: Path) -> bool:
    """Whether the child has finished its answer."""
    return (folder / _FINDINGS).exists()


def _answer(folder: Path) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads((folder / _FINDINGS).read_text(encoding="utf-8"))
    if "problems" in answer:
        problems = [Problem.from_record(record) for record in answer["problems"]]
        if "notes" in answer:
            raise AnswersNeeded(problems, map(Note.from_record, answer["notes"]))
        raise RejectedUpload(problems, answer["n_problems"])
    return answer


@contextmanager
def _arrow_file(path: Path, schema: pa.Schema) -> Iterator[pa.RecordBatchWriter]:
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, schema) as writer:
        yield writer


def _write_table(path: Path, table: pa.Table) -> None:
    with _arrow_file(path, table.schema) as writer:
        writer.write_table(table)


def _write_json(folder: Path, answer: Mapping[str, Any]) -> None:
    """Write the answer; it appears complete or not at all."""
    # A child that is killed while it writes must not leave half an answer.
    part = folder / f"{_FINDINGS}.part"
    part.write_text(json.dumps(answer, default=str), encoding="utf-8")
    part.replace(folder / _FINDINGS)


def _mapped(path: Path) -> pa.Table:
    with pa.memory_map(str(path)) as source:
        return pa.ipc.open_file(source).read_all()
