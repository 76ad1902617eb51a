"""The account of a run: every row of every input is accepted, refused or a repeat of another."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from geo.bulk.plan import RULES_VERSION, Input, Piece, boundaries_sha256
from geo.bulk.work import Note
from geo.names import name_key
from geo.text import counted

_MOST_PROBLEMS = 200
# A note of counted rows may end with the first of them (Reading.note_rows), which is another one in each piece.
_COUNT_NOTE = re.compile(r"(\d[\d,]*) ((?:blank )?row)s? (.+?)(?: First: row \d.*)?\Z")


def manifest_of(inputs: Sequence[Input], pieces: Sequence[Piece], notes: Sequence[Note]) -> dict[str, Any]:
    """Return the account of a run; the same inputs and rules give the same one."""
    by_input = [
        {"label": source.label, "n_bytes": source.n_bytes}
        | _totals(note for piece, note in zip(pieces, notes, strict=True) if piece.source.label == source.label)
        for source in inputs
    ]
    named = next((note for note in notes if "format" in note), {})
    counts: Counter[str] = Counter()
    for note in notes:
        counts.update(note.get("problem_counts", {}))
    problems = [one for note in notes for one in note.get("problems", ())]
    return {
        "rules": RULES_VERSION,
        "boundaries": boundaries_sha256(),
        "format": named.get("format", ""),
        "source": named.get("source", ""),
        "source_version": _latest(notes, "source_version"),
        "snapshot_date": _latest(notes, "snapshot_date"),
        **_totals(notes),
        "n_located": sum(note.get("n_located", 0) for note in notes),
        "n_outside": sum(note.get("n_outside", 0) for note in notes),
        "place_names": _used_names(notes),
        "notes": _summed_notes(text for note in notes for text in note.get("notes", ())),
        "problems_by_code": dict(sorted(counts.items())),
        "problems": problems[:_MOST_PROBLEMS],
        "inputs": by_input,
        "parts": [note["part"] for note in notes if "part" in note],
        "rejects": sorted(name for note in notes for name in note["files"] if name.startswith("rejects/")),
        "cube": None,
    }


def _totals(notes: Iterable[Note]) -> dict[str, int]:
    told = list(notes)
    return {
        "n_rows_in": sum(note["n_rows_in"] for note in told),
        "n_accepted": sum(note["part"]["n_rows"] for note in told if "part" in note),
        "n_refused": sum(note["n_refused"] for note in told),
        "n_duplicates": sum(note["n_repeated"] for note in told),
    }


def _latest(notes: Sequence[Note], name: str) -> str | None:
    return max((note[name] for note in notes if note.get(name)), default=None)


def _used_names(notes: Sequence[Note]) -> dict[str, str]:
    """Return the decided names that accepted rows state, each as it is first written, with what they mean."""
    used: dict[str, tuple[str, str]] = {}
    for note in notes:
        for text, meaning in note.get("place_names", {}).items():
            used.setdefault(name_key(text), (text, meaning))
    return dict(used.values())


def _summed_notes(texts: Iterable[str]) -> list[str]:
    """Return different notes once; those that begin with a count are added up."""
    sums: dict[tuple[str, str], int] = {}
    for text in texts:
        found = _COUNT_NOTE.match(text)
        if found:
            about = (found[2], found[3])
            sums[about] = sums.get(about, 0) + int(found[1].replace(",", ""))
        else:
            sums.setdefault(("", text), 0)
    return [f"{counted(number, noun)} {text}" if noun else text for (noun, text), number in sums.items()]
