"""Where a table begins: the row of the column names, found by the known formats or stated by the user."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from geo.ingest.formats import Format, recognise_cells, recognise_columns
from geo.ingest.notes import Note, NoteKind
from geo.ingest.results import ReadOptions
from geo.ingest.tables import OTHER_FILE, checked_columns, header_key
from geo.problems import ProblemCode, rejected
from geo.wording import text

PREVIEW_ROWS = 40
_NUMBER = re.compile(r"[\s\d.,:/+-]*\Z")
_LONGEST_TITLE = 200
# Columns that the file of refused rows adds; they are not data when that file is uploaded again.
FURTHER_CELLS = "further_cells"
ADDED_COLUMNS = frozenset({"refused_row", "refused_because", FURTHER_CELLS})


@dataclass(frozen=True, slots=True)
class Header:
    """Column names and the rows above the data.

    names: one for each column. row: row that holds them, 0 when the file has none.
    first_data_row: first row after the names and a row of HXL tags, if any.
    """

    names: tuple[str, ...]
    row: int
    first_data_row: int
    notes: tuple[Note, ...] = ()


def find_header(
    preview: Sequence[tuple[int, Sequence[str]]], options: ReadOptions, file: str, sheet: str = ""
) -> Header:
    """Return the header of a table from its first non-blank rows (row number, cells).

    The first row whose names are those of a known format; else, if the first row's cells are those of a
    format known without a header, its names; else the first row that can be names, or that fills most columns.
    Raises RejectedUpload (COLUMNS, EMPTY) when there is none.
    """
    if not preview:
        raise rejected(ProblemCode.EMPTY, text("The table has no rows."), OTHER_FILE, file, sheet)
    if options.header_row is not None:
        chosen = [place for place, (row, _) in enumerate(preview) if row == options.header_row]
        if not chosen:
            row = options.header_row
            message = text("Row {row:d} cannot hold the column names: it is blank or too far down.", row=row)
            raise rejected(ProblemCode.COLUMNS, message, text("Choose another row."), file, sheet, row)
        return _header(preview, chosen[0], file, sheet)
    for place, (_, cells) in enumerate(preview):
        if recognised(cells) is not None:
            return _header(preview, place, file, sheet)
    # UCDP offers files without column names; their cells are typical enough to recognise them.
    headless = recognise_cells(preview[0][1])
    if headless is not None:
        note = Note(NoteKind.NO_COLUMN_NAMES, values={"format": headless.label})
        return Header(headless.headless_names(len(preview[0][1])), 0, preview[0][0], (note,))
    width = max(len(_trimmed(cells)) for _, cells in preview)
    for place, (_, cells) in enumerate(preview):
        names = _trimmed(cells)
        if len(names) == width and all(name.strip() and not _NUMBER.match(name) for name in names):
            return _header(preview, place, file, sheet)
    # Merged cells leave names out: a title fills few cells, names fill most.
    filled = [sum(bool(name.strip()) for name in cells) * 2 > width for _, cells in preview]
    return _header(preview, filled.index(True) if True in filled else 0, file, sheet)


def recognised(cells: Sequence[str]) -> Format | None:
    """Return the format whose column names a row of cells holds."""
    return recognise_columns(frozenset(header_key(cell) for cell in cells) - ADDED_COLUMNS - {""})


def _header(preview: Sequence[tuple[int, Sequence[str]]], place: int, file: str, sheet: str) -> Header:
    row, cells = preview[place]
    names = checked_columns(_trimmed(cells), file, row, sheet)
    notes = []
    if place:
        # A title often states the year of the dates below it.
        above = " ".join(cell.strip() for _, line in preview[:place] for cell in line if cell.strip())
        notes.append(Note(NoteKind.HEADER_ROW, values={"row": row, "above": above[:_LONGEST_TITLE]}))
    first_data_row = row + 1
    if place + 1 < len(preview) and is_tag_row(preview[place + 1][1]):
        first_data_row = preview[place + 1][0] + 1
        notes.append(Note(NoteKind.TAG_ROW_IGNORED))
    return Header(names, row, first_data_row, tuple(notes))


def _trimmed(cells: Sequence[str]) -> list[str]:
    names = list(cells)
    while names and not names[-1].strip():
        names.pop()
    return names


def is_tag_row(cells: Sequence[str]) -> bool:
    """Whether a row holds HXL tags, as a second row of names does."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    return bool(filled) and all(cell.startswith("#") for cell in filled)
