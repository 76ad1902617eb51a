"""The account of a run: every row of every input is accepted, refused or a repeat of another row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from geo.bulk.plan import RULES_VERSION, Input, Piece, boundaries_sha256
from geo.bulk.work import PieceReport
from geo.ingest.notes import Note, note_text
from geo.names import name_key

_MOST_PROBLEMS = 200


def manifest_of(inputs: Sequence[Input], pieces: Sequence[Piece], reports: Sequence[PieceReport]) -> dict[str, Any]:
    """Return the account of a run; the same inputs and rules give the same one."""
    by_input = [
        {"label": source.label, "n_bytes": source.n_bytes}
        | _totals(report for piece, report in zip(pieces, reports, strict=True) if piece.source.label == source.label)
        for source in inputs
    ]
    named = next((report for report in reports if "format" in report), {})
    counts: Counter[str] = Counter()
    for report in reports:
        counts.update(report.get("problem_counts", {}))
    problems = [one for report in reports for one in report.get("problems", ())]
    return {
        "rules": RULES_VERSION,
        "boundaries": boundaries_sha256(),
        "format": named.get("format", ""),
        "source": named.get("source", ""),
        "source_version": _latest(reports, "source_version"),
        "snapshot_date": _latest(reports, "snapshot_date"),
        **_totals(reports),
        "n_located": sum(report.get("n_located", 0) for report in reports),
        "n_outside": sum(report.get("n_outside", 0) for report in reports),
        "place_names": _used_names(reports),
        "notes": _summed_notes(one for report in reports for one in report.get("notes", ())),
        "problems_by_code": dict(sorted(counts.items())),
        "problems": problems[:_MOST_PROBLEMS],
        "inputs": by_input,
        "parts": [report["part"] for report in reports if "part" in report],
        "rejects": sorted(name for report in reports for name in report["files"] if name.startswith("rejects/")),
        "cube": None,
    }


def _totals(reports: Iterable[PieceReport]) -> dict[str, int]:
    every = list(reports)
    return {
        "n_rows_in": sum(report["n_rows_in"] for report in every),
        "n_accepted": sum(report["part"]["n_rows"] for report in every if "part" in report),
        "n_refused": sum(report["n_refused"] for report in every),
        "n_duplicates": sum(report["n_repeated"] for report in every),
    }


def _latest(reports: Sequence[PieceReport], name: str) -> str | None:
    return max((report[name] for report in reports if report.get(name)), default=None)


def _used_names(reports: Sequence[PieceReport]) -> dict[str, str]:
    """Return the decided names that accepted rows state, each as it is first written, with what they mean."""
    used: dict[str, tuple[str, str]] = {}
    for report in reports:
        for text, meaning in report.get("place_names", {}).items():
            used.setdefault(name_key(text), (text, meaning))
    return dict(used.values())


def _summed_notes(records: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return different notes once, as records with their words; what they count is added up.

    Two notes that count something are the same if they differ in numbers, words, first row and its cell only.
    """
    sums: dict[tuple[Any, ...], Note] = {}
    for note in map(Note.from_record, records):
        about = tuple(
            (name, str(value)) for name, value in note.values.items() if name not in ("cell", "words", "told")
        )
        key = (note.kind, about, note.n_rows is None)
        held = sums.get(key)
        if held is None:
            sums[key] = note
        elif held.n_rows is not None and note.n_rows is not None:
            sums[key] = held.added(note)
    return [note.record() | {"text": str(note_text(note))} for note in sums.values()]
