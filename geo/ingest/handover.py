"""How a reading comes back from the child process: Arrow files and JSON in a private folder, nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo.ingest.conversion import Conversion
from geo.ingest.preview import TablePreview, preview_from_record, preview_record
from geo.ingest.results import Findings, ReadOptions
from geo.problems import Problem, ProblemCode, RejectedUpload

if TYPE_CHECKING:
    import pyarrow as pa

_REQUEST, _FINDINGS, _ROWS, _REFUSED = "request.json", "findings.json", "rows.arrow", "refused.arrow"


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
    return Request(**record | {"path": Path(record["path"]), "options": ReadOptions(**record["options"])})


def write_conversion(folder: Path, conversion: Conversion, report: Callable[[float], None]) -> None:
    """Write accepted and refused rows and the findings."""
    import pyarrow as pa

    n_rows = max(len(conversion.reading), 1)
    n_done = 0
    with pa.OSFile(str(folder / _ROWS), "wb") as sink, pa.ipc.new_file(sink, conversion.schema) as writer:
        for batch in conversion.batches():
            writer.write_batch(batch)
            n_done += len(batch)
            report(n_done / n_rows)
    refused = conversion.refused_rows()
    with pa.OSFile(str(folder / _REFUSED), "wb") as sink, pa.ipc.new_file(sink, refused.schema) as writer:
        writer.write_table(refused)
    findings = asdict(conversion.findings) | {"problems": [one.record() for one in conversion.findings.problems]}
    _write_json(folder, {"findings": findings})


def write_preview(folder: Path, preview: TablePreview) -> None:
    """Write the first look at a table."""
    _write_json(folder, {"preview": preview_record(preview)})


def write_refusal(folder: Path, refusal: RejectedUpload) -> None:
    """Write why the whole file is not accepted."""
    _write_json(folder, {"problems": [one.record() for one in refusal.problems], "n_problems": refusal.n_total})


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
        "problems": tuple(_problem(record) for record in found["problems"]),
        "notes": tuple(found["notes"]),
        "snapshot_date": date.fromisoformat(snapshot) if snapshot else None,
    }
    return Findings(**found), _mapped(folder / _ROWS), _mapped(folder / _REFUSED)


def has_answer(folder: Path) -> bool:
    """Whether the child has finished its answer."""
    return (folder / _FINDINGS).exists()


def _answer(folder: Path) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads((folder / _FINDINGS).read_text(encoding="utf-8"))
    if "problems" in answer:
        raise RejectedUpload([_problem(record) for record in answer["problems"]], answer["n_problems"])
    return answer


def _write_json(folder: Path, answer: Mapping[str, Any]) -> None:
    """The answer appears whole or not at all."""
    part = folder / f"{_FINDINGS}.part"
    part.write_text(json.dumps(answer, default=str), encoding="utf-8")
    part.replace(folder / _FINDINGS)


def _mapped(path: Path) -> pa.Table:
    import pyarrow as pa

    with pa.memory_map(str(path)) as source:
        return pa.ipc.open_file(source).read_all()


def _problem(record: Mapping[str, Any]) -> Problem:
    return Problem(**{**record, "code": ProblemCode(record["code"])})
