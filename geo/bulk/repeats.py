"""The same incident in several pieces: found by hashes, decided by the identifiers themselves.

Within a file the first row with an identifier counts, as in an upload of that file, even if it is refused. Between
files the first accepted row counts, in the order in which the files were named.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from geo import verbatim
from geo.bulk.plan import Piece, parts_folder, work_folder
from geo.bulk.work import ACCEPTED, PieceReport, ids_path, write_csv, write_report, write_rows
from geo.ingest.values.canonical import used_before
from geo.schema import COLUMN_NAMES
from geo.store.files import cells_in_dictionaries, file_sha256
from geo.store.rows import repeated_hashes

# Row of the user's file -> why it is left out.
Repeats = dict[int, str]


def find_repeats(pieces: Sequence[Piece], reports: Sequence[PieceReport]) -> dict[int, Repeats]:
    """Return the accepted rows to leave out, by number of the piece.

    Held in memory at once: nine bytes a row of all inputs; the identifiers only of those whose hash occurs twice.
    """
    read = [
        piece for piece, report in zip(pieces, reports, strict=True) if report["n_rows_in"] and ids_path(piece).exists()
    ]
    if not read:
        return {}
    hashes = [np.asarray(pq.read_table(ids_path(piece), columns=["hash"])["hash"]) for piece in read]
    starts = np.concatenate([[0], np.cumsum([len(part) for part in hashes])])
    candidates = repeated_hashes(np.concatenate(hashes))
    if not len(candidates):
        return {}
    of_file: dict[tuple[str, str], int] = {}
    of_all: dict[str, tuple[str, int]] = {}
    found: dict[int, Repeats] = {}
    for place, piece in enumerate(read):
        low, high = np.searchsorted(candidates, [starts[place], starts[place + 1]])
        if low == high:
            continue
        table = pq.read_table(ids_path(piece), columns=["outcome", "row", "incident_id"])
        rows = table.take(candidates[low:high] - starts[place]).to_pylist()
        reasons = _judged(rows, piece.source.label, of_file, of_all)
        if reasons:
            found[piece.number] = reasons
    return found


def without_repeats(task: tuple[Piece, PieceReport, Repeats]) -> PieceReport:
    """Write a piece again without some of its rows; return its report. What was done before is not done again."""
    piece, report, repeats = task
    digest = hashlib.sha256(json.dumps(sorted(repeats.items())).encode()).hexdigest()[:8]
    path = work_folder(piece.out) / f"{piece.key}-{digest}.json"
    out = Path(piece.out)
    if path.exists():
        done: PieceReport = json.loads(path.read_text("utf-8"))
        if all((out / name).exists() and file_sha256(out / name) == sha for name, sha in done["files"].items()):
            return done
    part = parts_folder(out) / report["part"]["name"]
    cells = cells_in_dictionaries(part)
    rows = pq.read_table(part, columns=list(COLUMN_NAMES), partitioning=None, read_dictionary=cells)
    rows = rows.replace_schema_metadata(None)
    is_repeated = np.isin(np.asarray(rows["source_row"]), list(repeats))
    changed = dict(report)
    changed["files"] = {name: sha for name, sha in report["files"].items() if name.startswith("rejects/")}
    changed["files"] |= _write_repeated(piece, rows.filter(pa.array(is_repeated)), repeats)
    changed["n_repeated"] += int(is_repeated.sum())
    for name in ("part", "cube", "n_located", "n_outside", "place_names"):
        changed.pop(name, None)
    if not is_repeated.all():
        name = piece.part_name.removesuffix(".parquet")
        written = write_rows(
            piece, f"{name}-{digest}.parquet", f"{piece.key}-{digest}.cube.parquet", rows.filter(pa.array(~is_repeated))
        )
        changed = changed | written | {"files": changed["files"] | written["files"]}
    write_report(path, changed)
    return changed


def _judged(
    rows: Sequence[dict[str, Any]], label: str, of_file: dict[tuple[str, str], int], of_all: dict[str, tuple[str, int]]
) -> Repeats:
    """Decide the rows of one piece in their order; both dictionaries grow."""
    repeats: Repeats = {}
    for entry in rows:
        incident_id, row = entry["incident_id"], entry["row"]
        first = of_file.setdefault((label, incident_id), row)
        if entry["outcome"] != ACCEPTED:
            continue
        identifier = incident_id.split(":", 1)[-1]
        if first != row:
            repeats[row] = used_before(identifier, first).reason
        elif incident_id in of_all:
            other, other_row = of_all[incident_id]
            repeats[row] = used_before(identifier, other_row, other).reason
        else:
            of_all[incident_id] = (label, row)
    return repeats


def _write_repeated(piece: Piece, rows: Any, repeats: Repeats) -> dict[str, str]:
    """Write the rows that were left out with their original cells."""
    cells = [json.loads(text) for text in verbatim.with_json(rows)["raw"].to_pylist()]
    names = list(dict.fromkeys(name for one in cells for name in one))
    numbers = rows["source_row"].to_pylist()
    columns = {
        "refused_row": [str(number) for number in numbers],
        "refused_because": [repeats[number] for number in numbers],
    }
    columns |= {name: [one.get(name, "") for one in cells] for name in names}
    return write_csv(piece, "-repeated", columns)
