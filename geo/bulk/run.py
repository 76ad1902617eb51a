"""A bulk run from inputs to one batch: plan, work on the pieces, leave out repeats, account for every row."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from geo.bulk import pieces as cutting
from geo.bulk.account import manifest_of
from geo.bulk.aggregate import joined
from geo.bulk.execution import RunAll, workers
from geo.bulk.inputs import find_inputs, unpack
from geo.bulk.pieces import Preamble
from geo.bulk.plan import (
    RULES_VERSION,
    BulkOptions,
    Input,
    Piece,
    boundaries_sha256,
    parts_folder,
    rejects_folder,
    work_folder,
)
from geo.bulk.repeats import find_repeats, without_repeats
from geo.bulk.settling import settled
from geo.bulk.splitting import Block, Cut, scan_block
from geo.bulk.work import PieceReport, process
from geo.ingest import AnswersNeeded, question_for
from geo.ingest.notes import Note, note_text
from geo.problems import Problem, ProblemCode, RejectedUpload, rejected
from geo.schema import LIMITS
from geo.store import BatchRecord, Part, PartedBatch, Store
from geo.store.errors import reported
from geo.store.files import appearing, file_sha256
from geo.wording import _, _n, text

MANIFEST = "manifest.json"
CUBE = "cube.parquet"
_RUN = "run.json"
_MOST_PROBLEMS = 200
Report = Callable[[float, str], None]


@dataclass(frozen=True, slots=True)
class BulkResult:
    """A complete run: its folder and its manifest, which accounts for every row of every input."""

    out: Path
    manifest: Mapping[str, Any]


def load(
    paths: Sequence[Path],
    out: Path,
    *,
    options: BulkOptions | None = None,
    limits: Mapping[str, int] | None = None,
    scheduler: str | None = None,
    report: Report | None = None,
) -> BulkResult:
    """Read files and folders into a folder of GeoParquet parts with a cube, rejects and a manifest.

    scheduler: address of a Dask scheduler, or None for threads of this process. A run that was interrupted goes on
    when it is called again with the same arguments. Raises RejectedUpload if an input is unusable as a whole, the
    inputs are of several formats, or the folder holds another run; StoreError if the cluster or disk fails.
    """
    options, progress = options or BulkOptions(), report or _silent
    limits = dict(limits or {name: limit.default for name, limit in LIMITS.items()})
    out = out.absolute()
    inputs = find_inputs(paths, options)
    with reported(out):
        complete = _opened(out, inputs, options, limits)
    if complete is not None:
        return BulkResult(out, complete)
    with reported(out), workers(scheduler) as run_all:
        pieces = _pieces(inputs, out, options, limits, run_all, progress)
        reports = run_all(process, pieces, _step(progress, 0.2, 0.8, _("Reading and locating")))
        again = _step(progress, 0.8, 0.9, _("Reading again by what the whole file proves"))
        pieces, reports = settled(pieces, reports, lambda chosen: run_all(process, chosen, again))
        _require_usable(reports)
        progress(0.9, _("Looking for repeated incidents"))
        repeats = find_repeats(pieces, reports)
        tasks = [(pieces[number], reports[number], found) for number, found in sorted(repeats.items())]
        changed = run_all(without_repeats, tasks, _step(progress, 0.9, 0.97, _("Leaving out repeated incidents")))
    reports = [{report["number"]: report for report in changed}.get(report["number"], report) for report in reports]
    with reported(out):
        return BulkResult(out, _completed(out, inputs, pieces, reports))


def register(result: BulkResult, store: Store, *, label: str | None = None, actor: str = "local") -> BatchRecord:
    """Store the parts of a run as one batch; the manifest is kept as the file that it came from.

    A run that is stored already gives its batch. Raises RejectedUpload if no row was accepted.
    """
    manifest, path = result.manifest, result.out / MANIFEST
    if not manifest["parts"]:
        message = text("No row was accepted: there is nothing to store.")
        hint = text("The reasons are in {folder}.", folder=str(result.out / "rejects"))
        raise rejected(ProblemCode.EMPTY, message, hint)
    if known := store.find_files(file_sha256(path)):
        return known[-1]
    names = [one["label"] for one in manifest["inputs"]]
    snapshot = manifest["snapshot_date"]
    return store.add_parts(
        PartedBatch(
            parts=tuple(
                Part(parts_folder(result.out) / part["name"], part["sha256"], part["rows_sha256"])
                for part in manifest["parts"]
            ),
            origin=path,
            label=label
            or (
                names[0]
                if len(names) == 1
                else _n("{name} and {n} more", "{name} and {n} more", len(names) - 1, name=names[0])
            ),
            format=manifest["format"],
            source=manifest["source"],
            n_rows_in=manifest["n_rows_in"],
            n_refused=manifest["n_refused"],
            n_duplicates=manifest["n_duplicates"],
            source_version=manifest["source_version"],
            snapshot_date=date.fromisoformat(snapshot) if snapshot else None,
            notes=tuple(note_text(Note.from_record(one)) for one in manifest["notes"]),
        ),
        actor=actor,
        summary={"inputs": len(names), "parts": len(manifest["parts"]), "place_names": manifest["place_names"]},
    )


def _opened(
    out: Path, inputs: Sequence[Input], options: BulkOptions, limits: Mapping[str, int]
) -> Mapping[str, Any] | None:
    """Make the folders; return the manifest if this very run is complete and its parts are as they were written."""
    run = {
        "rules": RULES_VERSION,
        "inputs": [source.identity() for source in inputs],
        "options": asdict(options),
        "limits": dict(sorted(limits.items())),
        "boundaries": boundaries_sha256(),
    }
    if (out / _RUN).exists():
        if _read_json(out / _RUN) != run:
            message = text(
                "The folder holds the output of another run, or an input or a decision about a place name has changed."
            )
            problem = Problem(
                ProblemCode.SETTING, message, text("Name a new folder, or empty this one."), value=str(out)
            )
            raise RejectedUpload([problem])
    elif out.exists() and any(out.iterdir()):
        message = text("The folder is not empty.")
        raise rejected(ProblemCode.SETTING, message, text("Name a new folder."), value=str(out))
    for folder in (work_folder(out), parts_folder(out), rejects_folder(out)):
        folder.mkdir(parents=True, exist_ok=True)
    _write_json(out / _RUN, run)
    if not (out / MANIFEST).exists():
        return None
    manifest: dict[str, Any] = json.loads((out / MANIFEST).read_text("utf-8"))
    parts = [(parts_folder(out) / part["name"], part["sha256"]) for part in manifest["parts"]]
    if all(path.exists() and file_sha256(path) == sha256 for path, sha256 in parts):
        shutil.rmtree(work_folder(out))
        return manifest
    (out / MANIFEST).unlink()
    return None


def _pieces(
    inputs: Sequence[Input],
    out: Path,
    options: BulkOptions,
    limits: Mapping[str, int],
    run_all: RunAll,
    progress: Report,
) -> list[Piece]:
    """Unpack what must be, count the blocks of every text and cut it at record ends."""
    packed = [(source, str(out), options) for source in inputs if source.kind == "packed"]
    unpacked = run_all(_unpacked, packed, _step(progress, 0.0, 0.1, _("Unpacking")))
    _require_usable([report for report in unpacked if isinstance(report, dict)])
    by_label = {source.label: source for source in unpacked if isinstance(source, Input)}
    ready = [by_label.get(source.label, replace(source, text_path=source.path)) for source in inputs]
    preambles, blocks = _counted(ready, options, limits, run_all, progress)
    made: list[Piece] = []
    for source in ready:
        preamble = preambles.get(source.key)
        cuts = _cuts(source, preamble, blocks.get(source.key, []), options, limits)
        for cut in cuts if cuts is not None else [Cut(0, 0, 1)]:
            made.append(
                Piece(
                    number=len(made),
                    source=source,
                    start=cut.start,
                    end=cut.end,
                    first_row=cut.first_row,
                    out=str(out),
                    boundaries=boundaries_sha256(),
                    options=options,
                    limits=limits,
                    preamble_bytes=preamble.n_bytes if preamble else 0,
                    is_whole=cuts is None or (source.kind == "parquet" and len(cuts) == 1),
                )
            )
    return made


def _cuts(
    source: Input, preamble: Preamble | None, blocks: Sequence[Block], options: BulkOptions, limits: Mapping[str, int]
) -> Sequence[Cut] | None:
    """Return where an input is cut at record ends, None if it is read whole."""
    cuts: Sequence[Cut] | None
    if source.kind == "parquet":
        cuts = cutting.row_group_cuts(source)
    else:
        cuts = cutting.text_cuts(source, preamble, blocks, limits)
    return cutting.whole(source, cuts, limits) if options.needs_whole else cuts


def _counted(
    inputs: Sequence[Input], options: BulkOptions, limits: Mapping[str, int], run_all: RunAll, progress: Report
) -> tuple[dict[str, Preamble | None], dict[str, list[Block]]]:
    """Return what stands above the rows of each text, and its counted blocks, by key of the input."""
    texts = [source for source in inputs if source.kind != "parquet"]
    preambles = {source.key: cutting.preamble_of(source, options, limits) for source in texts}
    asked = [
        (source, (source.text_path, start, end, found.n_bytes))
        for source in texts
        if (found := preambles[source.key]) is not None
        for start, end in cutting.block_edges(source, found, options.chunk_bytes)
    ]
    scanned = run_all(_scanned, [task for _source, task in asked], _step(progress, 0.1, 0.2, _("Finding record ends")))
    blocks: dict[str, list[Block]] = {}
    for (source, _task), block in zip(asked, scanned, strict=True):
        blocks.setdefault(source.key, []).append(block)
    return preambles, blocks


def _unpacked(task: tuple[Input, str, BulkOptions]) -> Input | PieceReport:
    try:
        return unpack(*task)
    except RejectedUpload as refusal:
        return {"refusal": [problem.record() for problem in refusal.problems]}


def _scanned(task: tuple[str, int, int, int]) -> Block:
    return scan_block(*task)


def _require_usable(reports: Sequence[PieceReport]) -> None:
    """Raise RejectedUpload if a piece cannot be used or the formats differ."""
    refused = [Problem.from_record(one) for report in reports for one in report.get("refusal", ())]
    notes = [Note.from_record(one) for report in reports for one in report.get("open_notes", ())]
    if refused:
        # A question of a file is asked once, whatever number of its pieces raise it.
        each = {(one.file, one.code) if question_for(one) else one: one for one in reversed(refused)}
        problems = list(reversed(each.values()))[:_MOST_PROBLEMS]
        if any(map(question_for, problems)) or notes:
            raise AnswersNeeded(problems, list({note.kind: note for note in reversed(notes)}.values()))
        raise RejectedUpload(problems, len(refused))
    formats = sorted({report["format"] for report in reports if "format" in report})
    if len(formats) > 1:
        message = text("The inputs are of several formats: {formats}.", formats=", ".join(formats))
        raise rejected(ProblemCode.COLUMNS, message, text("Load each format in a run of its own."))


def _completed(
    out: Path, inputs: Sequence[Input], pieces: Sequence[Piece], reports: Sequence[PieceReport]
) -> Mapping[str, Any]:
    """Write cube and manifest, remove what is not needed any more, return the manifest."""
    cubes = [
        pq.read_table(work_folder(out) / report["cube"], partitioning=None) for report in reports if "cube" in report
    ]
    if cubes:
        with appearing(out / CUBE) as handle:
            pq.write_table(joined(cubes), handle, compression="zstd", write_page_checksum=True)
    manifest = manifest_of(inputs, pieces, reports)
    if cubes:
        manifest["cube"] = {"name": CUBE, "sha256": file_sha256(out / CUBE)}
    _write_json(out / MANIFEST, manifest)
    kept = {part["name"] for part in manifest["parts"]}
    for path in parts_folder(out).iterdir():
        if path.name not in kept:
            path.unlink()
    shutil.rmtree(work_folder(out))
    return manifest


def _read_json(path: Path) -> Any:
    """Return what a file holds, None if it is not JSON."""
    try:
        return json.loads(path.read_text("utf-8"))
    except ValueError:
        return None


def _write_json(path: Path, value: Mapping[str, Any]) -> None:
    with appearing(path) as handle:
        handle.write((json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode())


def _step(progress: Report, low: float, high: float, step: str) -> Callable[[int, int], None]:
    return lambda n_done, n_all: progress(
        low + (high - low) * n_done / n_all, _("{step}: {n} of {total}", step=step, n=n_done, total=n_all)
    )


def _silent(_share: float, _text: str) -> None:
    """Report nothing."""
