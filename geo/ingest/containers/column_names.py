"""The names of the columns: every column gets a name of its own, whatever the row of names holds."""

from __future__ import annotations

import re
from collections.abc import Sequence

from geo.ingest.containers.marks import has_control, marked
from geo.ingest.notes import Note, NoteKind
from geo.ingest.tables import header_key, repeated, without_name

# A byte order mark before the first name, also as older programs show it and as R makes a name of it.
_SPOILT = re.compile(r"(?:\ufeff|ï»¿|ï\.\.|X\.U\.FEFF\.)+")
_MOST_NAMED = 12


def column_names(cells: Sequence[str]) -> tuple[str, ...]:
    """Return a name for each cell of a row of names, no two with one key (header_key).

    A cell without text becomes "column 3" by its place, the second "Source" becomes "Source (2)"; a spoilt byte order
    mark before the first name is removed.
    """
    written = without_mark(cells)
    taken = {header_key(name) for name in written}
    seen: set[str] = set()
    numbers: dict[str, int] = {}  # of each name the number to try next: a name may be given to every column
    names = []
    for place, name in enumerate(written, start=1):
        own = name if header_key(name) else f"column {place}"
        if header_key(own) in seen or (own != name and header_key(own) in taken):
            own = _numbered(own, taken, seen, numbers)
        seen.add(header_key(own))
        names.append(own)
    return tuple(names)


def without_mark(cells: Sequence[str]) -> list[str]:
    """Return the cells of a row of names with marks, the first that has text without a spoilt byte order mark."""
    names = [marked(name) for name in cells]
    first = next((place for place, name in enumerate(names) if name.strip()), None)
    if first is not None and (mark := _SPOILT.match(names[first])):
        rest = names[first][mark.end() :]
        # A mark before the opening quotation mark makes the quotation marks a part of the name.
        names[first] = rest[1:-1] if len(rest) > 1 and rest[0] == rest[-1] == '"' else rest
    return names


def spelling_notes(cells: Sequence[str]) -> list[Note]:
    """Return notes on a removed byte order mark and on names with characters that are not text."""
    notes = [
        Note(NoteKind.SPOILT_FIRST_NAME, values={"name": name, "written": marked(cell)})
        for cell, name in zip(cells, without_mark(cells), strict=True)
        if marked(cell) != name
    ]
    spoilt = [marked(cell) for cell in cells if has_control(cell)]
    return notes + ([Note(NoteKind.NAMES_MARKED, values={"columns": _listed(spoilt)})] if spoilt else [])


def name_notes(names: tuple[str, ...]) -> list[Note]:
    """Return notes on the columns that have no name of their own; they belong to no field unless a person says so."""
    found = ((NoteKind.COLUMN_WITHOUT_NAME, without_name(names)), (NoteKind.REPEATED_COLUMN_NAMES, repeated(names)))
    return [Note(kind, values={"columns": _listed(given)}) for kind, given in found if given]


def _numbered(name: str, taken: set[str], seen: set[str], numbers: dict[str, int]) -> str:
    name = name.strip()
    number = numbers.get(name, 2)
    while (key := header_key(f"{name} ({number})")) in taken or key in seen:
        number += 1
    numbers[name] = number + 1
    return f"{name} ({number})"


def _listed(names: Sequence[str]) -> str:
    shown = [f"“{name}”" for name in names[:_MOST_NAMED]]
    return ", ".join([*shown, *(["..."] if len(names) > _MOST_NAMED else [])])
