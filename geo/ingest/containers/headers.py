"""Where a table begins: the row of the column names, found by the known formats or stated by the user."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from geo.ingest.containers.column_names import column_names, spelling_notes, without_mark
from geo.ingest.containers.two_row_names import joined_names
from geo.ingest.formats import Format, all_formats, recognise_cells, recognise_columns
from geo.ingest.mapping.plain import names_fields, plain_columns
from geo.ingest.mapping.wide import is_wide
from geo.ingest.notes import Note, NoteKind
from geo.ingest.results import ReadOptions
from geo.ingest.tables import OTHER_FILE, header_key, plain_key, stated_keys, too_many_columns
from geo.problems import ProblemCode, RejectedUpload, rejected
from geo.wording import text

PREVIEW_ROWS = 40
_NUMBER = re.compile(r"[\s\d.,:/+-]*\Z")
Preview: TypeAlias = Sequence[tuple[int, Sequence[str]]]
_LONGEST_TITLE = 200
_WIDEST = 16_384  # columns of a spreadsheet
# Columns that the file of refused rows adds; they are not data when that file is uploaded again.
FURTHER_CELLS = "further_cells"
ADDED_COLUMNS = frozenset({"refused_row", "refused_because", FURTHER_CELLS})


@dataclass(frozen=True, slots=True)
class Header:
    """Column names and the rows above the data.

    names: one for each column. row: row that holds them, 0 when the file has none.
    first_data_row: first row after the names and a row of HXL tags, if any.
    nameless: places of the columns to which the file gives no name; those without cells are left out.
    above: text that stands alone in the row above the names, "" if there is none.
    """

    names: tuple[str, ...]
    row: int
    first_data_row: int
    notes: tuple[Note, ...] = ()
    nameless: frozenset[int] = frozenset()
    above: str = ""


def find_header(
    preview: Preview,
    options: ReadOptions,
    file: str,
    sheet: str = "",
    *,
    limits: Mapping[str, int],
    is_padded: bool = False,
) -> Header:
    """Return the header of a table from its first non-blank rows (row number, cells).

    The first row whose names are those of a known format; else, if the first row's cells are those of a
    format known without a header, its names; else the first row that names a date and a place; else the first row that
    can be names, or that fills most columns.
    is_padded: the container fills every row up to one length, so that no cell can have moved.
    Raises RejectedUpload (COLUMNS, EMPTY) when there is none, TOO_MANY_COLUMNS before the names of a row that is too
    wide are looked at.
    """
    most = limits["columns"] + len(ADDED_COLUMNS)
    place, headless = _place_of_names(preview, options, file, sheet, most)
    if headless is not None:
        return headless
    return _header(preview, place, most, file, sheet, is_padded=is_padded)


def _place_of_names(
    preview: Preview, options: ReadOptions, file: str, sheet: str, most: int
) -> tuple[int, Header | None]:
    """Return the place of the row of names in a preview, or the header of a format known without one."""
    if not preview:
        raise rejected(ProblemCode.EMPTY, text("The table has no rows."), OTHER_FILE, file, sheet)
    if options.header_row is not None:
        chosen = [place for place, (row, _) in enumerate(preview) if row == options.header_row]
        if not chosen:
            row = options.header_row
            message = text("Row {row:d} cannot hold the column names: it is blank or too far down.", row=row)
            raise rejected(ProblemCode.COLUMNS, message, text("Choose another row."), file, sheet, row)
        return chosen[0], None
    for place, (_, cells) in enumerate(preview):
        if recognised(cells, most) is not None:
            return place, None
    # UCDP offers files without column names; their cells are typical enough to recognise them.
    headless = recognise_cells(preview[0][1])
    if headless is not None:
        note = Note(NoteKind.NO_COLUMN_NAMES, values={"format": headless.label})
        return 0, Header(headless.headless_names(len(preview[0][1])), 0, preview[0][0], (note,))
    for place, (_, cells) in enumerate(preview):
        if _n_filled(cells) <= most and names_fields(column_names(_trimmed(cells))):
            return place, None
    width = max(len(_trimmed(cells)) for _, cells in preview)
    for place, (_, cells) in enumerate(preview):
        names = _trimmed(cells)
        # Programs that number the rows leave the name of the first column out.
        are_names = all(map(_may_be_name, names[1:] or names)) and not _is_number(names[0])
        if len(names) == width and (are_names or is_wide(names)):
            return place, None
    # Merged cells leave names out: a title fills few cells, names fill most.
    filled = [sum(bool(name.strip()) for name in cells) * 2 > width for _, cells in preview]
    return filled.index(True) if True in filled else 0, None


def recognised(cells: Sequence[str], most: int) -> Format | None:
    """Return the format whose column names a row of cells holds; a row of more than `most` filled cells holds none."""
    if _n_filled(cells) > most:
        return None
    keys = {key(cell) for cell in without_mark(cells) for key in (header_key, plain_key)}
    # Most rows of a preview are data: names are made only of a row that can be one of names.
    if not any(layout.signature <= keys for layout in all_formats()):
        return None
    return recognise_columns(stated_keys(column_names(_trimmed(cells))) - ADDED_COLUMNS)


def _n_filled(cells: Sequence[str]) -> int:
    return sum(1 for cell in cells if cell and not cell.isspace())


def _refuse_width(cells: Sequence[str], below: Sequence[Sequence[str]], most: int, file: str, sheet: str) -> None:
    """Refuse names with more columns than the limit; one without a name counts if it is filled, or within _WIDEST."""
    filled = {place for line in (cells, *below) for place, cell in enumerate(line[: len(cells)]) if cell.strip()}
    if len(filled) > most or len(cells) > _WIDEST:
        n_columns = len(filled) if len(filled) > most else len(cells)
        raise RejectedUpload([too_many_columns(n_columns, most - len(ADDED_COLUMNS), file, sheet)])


def _header(preview: Preview, place: int, most: int, file: str, sheet: str, *, is_padded: bool) -> Header:
    row, cells = preview[place]
    _refuse_width(_trimmed(cells), (), most, file, sheet)
    notes = spelling_notes(cells)
    below = preview[place + 1 :]
    # Groups of names may be in the row that was found, or in the one above it.
    for upper in (place, place - 1):
        if joined := _joined(preview, upper):
            place, cells, below = upper, joined, preview[upper + 2 :]
            row = preview[upper + 1][0]
            example = next((name for name in joined if ": " in name), joined[0])
            values = {"first": preview[upper][0], "second": row, "example": example}
            notes.append(Note(NoteKind.NAMES_IN_TWO_ROWS, values=values))
            break
    if place:
        # A title often states the year of the dates below it.
        above = " ".join(cell.strip() for _, line in preview[:place] for cell in line if cell.strip())
        notes.append(Note(NoteKind.HEADER_ROW, values={"row": preview[place][0], "above": above[:_LONGEST_TITLE]}))
    first_data_row = row + 1
    if below and is_tag_row(below[0][1]):
        first_data_row = below[0][0] + 1
        notes.append(Note(NoteKind.TAG_ROW_IGNORED))
        below = below[1:]
    rows_below = [row for _, row in below]
    written = cells if is_padded else cells[: _width(cells, rows_below)]
    if not is_padded and _are_numbered_rows(len(written), rows_below):
        written = ["", *written]
    _refuse_width(written, rows_below, most, file, sheet)
    title = [cell for cell in preview[place - 1][1] if cell.strip()] if place else []
    above = title[0] if len(title) == 1 else ""
    return Header(column_names(written), row, first_data_row, tuple(notes), _places_without_name(written), above)


def _joined(preview: Preview, upper: int) -> list[str] | None:
    """Return the names of a row and the next one if they stand in two rows, as long as the row was."""
    if upper < 0 or upper + 1 >= len(preview) or preview[upper + 1][0] != preview[upper][0] + 1:
        return None
    (_, above), (_, names) = preview[upper], preview[upper + 1]
    if _needs_no_group(_trimmed(names)):
        return None
    joined = joined_names(above, names, [cells for _, cells in preview[upper + 2 :]])
    return joined and [*joined, *[""] * (max(len(above), len(names)) - len(joined))]


def _needs_no_group(names: Sequence[str]) -> bool:
    """Whether names say by themselves what the table holds: all differ, and only that of row numbers may be missing."""
    keys = [header_key(name) for name in names[1:]]
    if not all(keys) or len(set(keys)) < len(keys):
        return False
    return recognised(names, len(names)) is not None or plain_columns(names) is not None


def _places_without_name(written: Sequence[str]) -> frozenset[int]:
    return frozenset(place for place, name in enumerate(written) if not name.strip())


def _width(cells: Sequence[str], below: Sequence[Sequence[str]]) -> int:
    """Return the number of columns: up to the last with a name, or without one but filled in most rows below."""
    width = len(_trimmed(cells))
    for place in range(width, len(cells)):
        if sum(len(row) > place and bool(row[place].strip()) for row in below) * 2 > len(below):
            width = place + 1
    return width


def _are_numbered_rows(width: int, below: Sequence[Sequence[str]]) -> bool:
    """Whether every row has one cell more than names, first an ascending number: R does not name its row numbers."""
    if not below or any(len(row) != width + 1 or not row[0].isdecimal() for row in below):
        return False
    numbers = [int(row[0]) for row in below]
    return all(first < second for first, second in pairwise(numbers))


def _may_be_name(cell: str) -> bool:
    return bool(cell.strip()) and not _is_number(cell)


def _is_number(cell: str) -> bool:
    return bool(cell.strip()) and _NUMBER.match(cell) is not None


def _trimmed(cells: Sequence[str]) -> list[str]:
    names = list(cells)
    while names and not names[-1].strip():
        names.pop()
    return names


def is_tag_row(cells: Sequence[str]) -> bool:
    """Whether a row holds HXL tags, as a second row of names does."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    return bool(filled) and all(cell.startswith("#") for cell in filled)
