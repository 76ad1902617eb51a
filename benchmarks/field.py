"""Tables as people have them, changed as people change them: how many go in, and whether they are read rightly.

Rows of the run: changed files of each layout. A question that a file raises is answered as a person would who takes
what is proposed; two questions are one too many.
"""

from __future__ import annotations

import csv
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.field_changes import change
from benchmarks.field_files import content, file_name
from benchmarks.field_known import layouts
from benchmarks.field_layouts import Layout, Truth, events
from benchmarks.field_sheet import sheet_of
from benchmarks.timing import Comparison
from geo.analysis.locating.locate import Locator, assign_districts
from geo.districts import Districts, load
from geo.ingest.containers.detection import read_table
from geo.ingest.conversion import Conversion, convert_table, prepared
from geo.ingest.mapping.preview import preview_table
from geo.ingest.mapping.proposal import propose_mapping
from geo.ingest.notes import NoteKind
from geo.ingest.questions import question_for
from geo.ingest.results import ReadOptions
from geo.ingest.tables import TextTable
from geo.problems import Problem, RejectedUpload
from geo.schema import LIMITS

DEFAULT_ROWS = 50
SEED = 20250101
EVENTS_A_FILE = 12
_MOST_QUESTIONS = 3
_ROOT = Path(__file__).resolve().parents[1]
# Tables as people really have them; they are no part of the project.
CASES = _ROOT.parent / "shared" / "cases"
BAD_INPUTS = _ROOT / "tests" / "bad_inputs"
BAD = "Files that must be refused"
_LIMITS = {name: limit.default for name, limit in LIMITS.items()}
# A value that differs from the truth is told if a note of one of these kinds speaks of it.
_TOLD: dict[str, frozenset[NoteKind]] = {
    "date": frozenset(
        {
            NoteKind.UNREADABLE_DAYS,
            NoteKind.DAYS_PERHAPS_EXCHANGED,
            NoteKind.DATE_AND_PARTS_DIFFER,
            NoteKind.ORDER_NOT_AS_ANSWERED,
        }
    ),
    "district": frozenset({NoteKind.UNKNOWN_PCODE, NoteKind.PCODE_CONTRADICTS_NAME}),
    "toll": frozenset(
        {NoteKind.UNREADABLE_COUNTS, NoteKind.TOLLS_LEFT_OUT, NoteKind.TOTAL_BELOW_PARTS, NoteKind.WORDS_FOR_NOT_STATED}
    ),
}


@dataclass
class Tally:
    """What came of the files of one layout. failures: one line for each file or row that is not as it should be."""

    files: int = 0
    files_in: int = 0
    questions: int = 0
    rows: int = 0
    accepted: int = 0
    right: int = 0
    wrong_and_told: int = 0
    wrong_silently: int = 0
    seconds: float = 0.0
    failures: list[str] = field(default_factory=list)

    def facts(self) -> dict[str, Any]:
        """Return the figures as they are recorded."""
        return {
            "files": self.files,
            "files that go in with at most one question": self.files_in,
            "questions": self.questions,
            "rows": self.rows,
            "rows accepted": self.accepted,
            "accepted rows that are right": self.right,
            "wrong and told": self.wrong_and_told,
            "wrong silently": self.wrong_silently,
        }


def run(rows: int) -> list[Comparison]:
    """Read so many changed files of every layout, the files of cases and the bad ones; one case for each of them."""
    districts = load()
    locator = Locator.build(districts)
    tallies = {layout.name: measured(layout, rows, districts, locator) for layout in layouts()}
    if CASES.exists():
        tallies["Files of cases"] = measured_cases(CASES, districts, locator)
    else:
        print("The files of cases are not beside the project: left out.", file=sys.stderr)
    for tally in tallies.values():
        print("\n".join(tally.failures), file=sys.stderr)
    found = [
        Comparison(name, "read", {"read": [tally.seconds / tally.files]}, {}, tally.facts())
        for name, tally in tallies.items()
    ]
    return [*found, bad_inputs()]


def measured(layout: Layout, n_files: int, districts: Districts, locator: Locator, seed: int = SEED) -> Tally:
    """Return what comes of changed files of a layout; the same on every machine for one seed."""
    tally = Tally()
    with tempfile.TemporaryDirectory(prefix="kp-atlas-field-") as folder:
        for number in range(n_files):
            rng = random.Random(f"{seed} {layout.name} {number}")
            sheet = sheet_of(layout, events(EVENTS_A_FILE, rng, are_days_small=rng.random() < 0.25), rng)
            change(sheet)
            path = Path(folder) / file_name(sheet)
            path.write_bytes(content(sheet))
            begun = time.perf_counter()
            case = f"{layout.name} {number}: {', '.join(sheet.changes)}"
            _count(tally, sheet.truths, sheet.answers, case, path, districts, locator)
            tally.seconds += time.perf_counter() - begun
    return tally


def measured_cases(folder: Path, districts: Districts, locator: Locator) -> Tally:
    """Return what comes of the files of cases, whose rows have their truth in field_cases.csv."""
    tally = Tally()
    for file, truths in _case_truths().items():
        begun = time.perf_counter()
        _count(tally, truths, {}, file, folder / file, districts, locator)
        tally.seconds += time.perf_counter() - begun
    return tally


def _case_truths() -> dict[str, list[Truth]]:
    found: dict[str, list[Truth]] = {}
    with Path(__file__).with_name("field_cases.csv").open(newline="", encoding="utf-8") as lines:
        for one in csv.DictReader(lines):
            days = date.fromisoformat(one["start"]), date.fromisoformat(one["end"])
            killed = int(one["killed"]) if one["killed"] else None
            truth = Truth(f"row {one['row']};", *days, one["pcode"] or None, killed)
            found.setdefault(one["file"], []).append(truth)
    return found


def bad_inputs() -> Comparison:
    """Read the files that must be refused, in whole or in part, for the reason that begins their name."""
    begun, files = time.perf_counter(), sorted(BAD_INPUTS.iterdir())
    n_right = 0
    with tempfile.TemporaryDirectory(prefix="kp-atlas-field-") as folder:
        for path in files:
            copy = Path(shutil.copy(path, folder))
            _, problems, _ = _read_once(copy, ReadOptions())
            n_right += {problem.code.value for problem in problems} == {path.name.split("__")[0]}
    seconds = (time.perf_counter() - begun) / len(files)
    facts = {"files": len(files), "refused for the reason in their name": n_right}
    return Comparison(BAD, "read", {"read": [seconds]}, {}, facts)


def _count(
    tally: Tally,
    truths: list[Truth],
    answers: Mapping[str, str],
    case: str,
    path: Path,
    districts: Districts,
    locator: Locator,
) -> None:
    tally.files += 1
    tally.rows += len(truths)
    read, asked, problems = taken_in(path, answers)
    tally.questions += len(asked)
    if read is None or len(asked) > 1:
        tally.failures.append(f"{case}: asked {asked}; {[str(one) for one in problems[:2]]}")
    else:
        tally.files_in += 1
    if read is None:
        return
    for why in judged(read, truths, tally, districts, locator):
        tally.failures.append(f"{case}: {why}")


def taken_in(path: Path, answers: Mapping[str, str]) -> tuple[Conversion | None, list[str], list[Problem]]:
    """Return the reading of a file, what it asked first, and its problems; None if it cannot be read at all.

    answers: what a person would answer; where there is none, the proposed answer is given.
    """
    options, asked = ReadOptions(), []
    while True:
        read, problems, table = _read_once(path, options)
        question = next((found for one in problems if (found := question_for(one)) and found.option not in asked), None)
        if question is None or len(asked) == _MOST_QUESTIONS:
            return read, asked, problems
        asked.append(question.option)
        if question.option == "mapping":
            assert table is not None
            options = propose_mapping(preview_table(table), "proposed").mapping.options(options)
            continue
        answer: Any = answers.get(question.option) or question.proposed or next(iter(question.choices), "")
        if not answer:
            return read, asked, problems
        answer = {"date_year": int, "swap_axes": bool}.get(question.option, str)(answer)
        options = replace(options, **{question.option: answer})


def _read_once(path: Path, options: ReadOptions) -> tuple[Conversion | None, list[Problem], TextTable | None]:
    table: TextTable | None = None
    try:
        table = read_table(path, path.parent, path.name, options, _LIMITS, lambda _share: None)
        read = convert_table(prepared(table, path.name, options), path.name, options, _LIMITS)
    except RejectedUpload as refused:
        return None, list(refused.problems), table
    return read, list(read.findings.problems), table


def judged(read: Conversion, truths: list[Truth], tally: Tally, districts: Districts, locator: Locator) -> list[str]:
    """Count the rows of a reading against what is true; returns a line for each row that is not right."""
    rows = assign_districts(read.rows(), districts, locator)
    kinds = {note.kind for note in read.findings.notes}
    told = {name: bool(kinds & speaking) for name, speaking in _TOLD.items()}
    columns = ("source_row", "raw", "date_start", "date_end", "pcode", "is_district_conflict", "killed_best")
    open_truths, lines = list(truths), []
    for row in rows.select(columns).to_pylist():
        text = f"row {row['source_row']}; {row['raw']}"
        marked = [one for one in open_truths if one.mark in text]
        if not marked:
            tally.wrong_silently += 1
            lines.append(f"accepted, but no incident: {text[:300]}")
            continue
        truth = next((one for one in marked if not _differences(row, one)), marked[0])
        open_truths.remove(truth)
        tally.accepted += 1
        wrong = _differences(row, truth)
        if not wrong:
            tally.right += 1
            continue
        is_told = {**told, "district": told["district"] or row["pcode"] is None or row["is_district_conflict"]}
        silent = [name for name in wrong if not is_told[name]]
        tally.wrong_silently += bool(silent)
        tally.wrong_and_told += not silent
        lines.append(f"{'WRONG SILENTLY' if silent else 'wrong'} {wrong}, {text[:300]}")
    if open_truths:
        codes = Counter(f"{kind.example.code}: {kind.example.message}" for kind in read.findings.problem_kinds)
        lines.append(f"{len(open_truths)} rows not accepted: {dict(codes)}")
    return lines


def _differences(row: Mapping[str, Any], truth: Truth) -> dict[str, tuple[Any, Any]]:
    found: dict[str, tuple[Any, Any]] = {}
    if (row["date_start"], row["date_end"]) != (truth.start, truth.end):
        found["date"] = (str(row["date_start"]), str(row["date_end"]), str(truth.start))
    if row["pcode"] != truth.pcode:
        found["district"] = (row["pcode"], truth.pcode)
    if row["killed_best"] != truth.killed:
        found["toll"] = (row["killed_best"], truth.killed)
    return found
