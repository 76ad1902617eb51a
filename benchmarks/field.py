"""Tables as people have them, changed as people change them: how many go in, and whether they are read rightly.

Rows of the run: changed files of each layout. A question that a file raises is answered as a person would who takes
what is proposed; two questions are one too many.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from benchmarks.field_changes import change
from benchmarks.field_files import content, file_name
from benchmarks.field_known import layouts
from benchmarks.field_layouts import Layout, Truth, events
from benchmarks.field_sheet import Sheet, sheet_of
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
    """Read so many changed files of every layout; one case for each layout."""
    districts = load()
    locator = Locator.build(districts)
    found = []
    for layout in layouts():
        tally = measured(layout, rows, districts, locator)
        for line in tally.failures:
            print(line, file=sys.stderr)
        found.append(Comparison(layout.name, "read", {"read": [tally.seconds / rows]}, {}, tally.facts()))
    return found


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
            _count(tally, sheet, f"{layout.name} {number}: {', '.join(sheet.changes)}", path, districts, locator)
            tally.seconds += time.perf_counter() - begun
    return tally


def _count(tally: Tally, sheet: Sheet, case: str, path: Path, districts: Districts, locator: Locator) -> None:
    tally.files += 1
    tally.rows += len(sheet.truths)
    read, asked, problems = taken_in(path, sheet.answers)
    tally.questions += len(asked)
    if read is None or len(asked) > 1:
        tally.failures.append(f"{case}: asked {asked}; {[str(one) for one in problems[:2]]}")
    else:
        tally.files_in += 1
    if read is None:
        return
    for why in judged(read, sheet.truths, tally, districts, locator):
        tally.failures.append(f"{case}: {why}")


def taken_in(path: Path, answers: Mapping[str, str]) -> tuple[Conversion | None, list[str], list[Problem]]:
    """Return the reading of a file, what it asked first, and its problems; None if it cannot be read at all.

    answers: what a person would answer; where there is none, the proposed answer is given.
    """
    options, asked = ReadOptions(), []
    while True:
        read, problems = None, []
        table: TextTable | None = None
        try:
            table = read_table(path, path.parent, path.name, options, _LIMITS, lambda _share: None)
            read = convert_table(prepared(table, path.name, options), path.name, options, _LIMITS)
            problems = list(read.findings.problems)
        except RejectedUpload as refused:
            problems = list(refused.problems)
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


def judged(read: Conversion, truths: list[Truth], tally: Tally, districts: Districts, locator: Locator) -> list[str]:
    """Count the rows of a reading against what is true; returns a line for each row that is not right."""
    rows = assign_districts(read.rows(), districts, locator)
    kinds = {note.kind for note in read.findings.notes}
    told = {name: bool(kinds & speaking) for name, speaking in _TOLD.items()}
    columns = ("raw", "date_start", "date_end", "pcode", "is_district_conflict", "killed_best")
    open_truths, lines = list(truths), []
    for row in rows.select(columns).to_pylist():
        text = str(row["raw"])
        marked = [one for one in open_truths if one.mark in text]
        if not marked:
            tally.wrong_silently += 1
            lines.append(f"accepted, but no incident: {text[:300]}")
            continue
        truth = marked[0]
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
