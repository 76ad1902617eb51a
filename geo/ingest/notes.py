"""Notes: what a reading found and did, as data; words are made where a note is shown (`note_text`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from geo.wording import Text, text, text_n


class NoteKind(StrEnum):
    """What a note is about. Each kind has its words in NOTE_WORDS."""

    # About the file and its container.
    ARCHIVE_MEMBER = "archive_member"
    ARCHIVE_IGNORED = "archive_ignored"
    ENCODING = "encoding"
    SEPARATOR = "separator"
    WORKBOOK = "workbook"
    LINKS_NOT_OPENED = "links_not_opened"
    HIDDEN_SHEETS = "hidden_sheets"
    MERGED_CELLS = "merged_cells"
    STORED_FORMULAS = "stored_formulas"
    HIDDEN_ROWS = "hidden_rows"
    GEOJSON = "geojson"
    CONVERTED_COORDINATES = "converted_coordinates"
    JSON_REPLY = "json_reply"
    NUMBERED_BY_RECORD = "numbered_by_record"
    PARQUET = "parquet"
    BYTE_COLUMNS_IGNORED = "byte_columns_ignored"
    HEADER_ROW = "header_row"
    NO_COLUMN_NAMES = "no_column_names"
    TAG_ROW_IGNORED = "tag_row_ignored"
    BLANK_ROWS_IGNORED = "blank_rows_ignored"
    ADDED_COLUMNS_IGNORED = "added_columns_ignored"

    # About values and rows.
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Note:
    """One thing that a reading found or did.

    n_rows: number of things the note counts, mostly accepted rows; None for the whole file. first_row: the first of
    them as the user counts (the header is row 1). values: what the words of the kind name, as text or numbers.
    """

    kind: NoteKind
    n_rows: int | None = None
    first_row: int | None = None
    values: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def record(self) -> dict[str, Any]:
        """Return the note as JSON values, for files and other processes."""
        values = Text("", self.values).record()["values"]
        return {"kind": self.kind.value, "n_rows": self.n_rows, "first_row": self.first_row, "values": values}

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Note:
        """Return the note that `record` was made of."""
        values = Text.from_record({"template": "", "plural": "", "n": None, "values": record["values"]}).values
        return cls(NoteKind(record["kind"]), record["n_rows"], record["first_row"], values)


# Kind -> its words; `text_n` for what is counted in n_rows, its number is put in when the note is shown.
NOTE_WORDS: dict[NoteKind, Text] = {
    # About the file and its container.
    NoteKind.ARCHIVE_MEMBER: text("Read from the archive: {member}."),
    NoteKind.ARCHIVE_IGNORED: text("Other files in the archive were ignored: {members}."),
    NoteKind.ENCODING: text("Encoding: {encoding}."),
    NoteKind.SEPARATOR: text("Separator: {separator}."),
    NoteKind.WORKBOOK: text("Workbook (.xlsx), stored values."),
    NoteKind.LINKS_NOT_OPENED: text("Links to other files and embedded objects were not opened."),
    NoteKind.HIDDEN_SHEETS: text("The workbook has hidden sheets: {sheets}."),
    NoteKind.MERGED_CELLS: text(
        "Cells are merged, as in {area}: the value counts for the first row only, the other cells are blank. Unmerge "
        "them and fill in the value if it applies to every row."
    ),
    NoteKind.STORED_FORMULAS: text_n(
        "The stored value of {n} formula was read.", "The stored values of {n} formulas were read.", 0
    ),
    NoteKind.HIDDEN_ROWS: text_n(
        "{n} hidden row was read like the others.", "{n} hidden rows were read like the others.", 0
    ),
    NoteKind.GEOJSON: text("GeoJSON, coordinates in {system}."),
    NoteKind.CONVERTED_COORDINATES: text("The coordinates were converted to WGS84 degrees."),
    NoteKind.JSON_REPLY: text("JSON: reply of the {interface} API."),
    NoteKind.NUMBERED_BY_RECORD: text("Rows are numbered by record."),
    NoteKind.PARQUET: text("Parquet file."),
    NoteKind.BYTE_COLUMNS_IGNORED: text("Columns of bytes were ignored: {columns}."),
    NoteKind.HEADER_ROW: text("The column names are in row {row:d}; the rows above it were ignored."),
    NoteKind.NO_COLUMN_NAMES: text("The file has no column names; its cells are those of {format}."),
    NoteKind.TAG_ROW_IGNORED: text("A second header row of HXL tags was ignored."),
    NoteKind.BLANK_ROWS_IGNORED: text_n("{n} blank row was ignored.", "{n} blank rows were ignored.", 0),
    NoteKind.ADDED_COLUMNS_IGNORED: text("The columns added to a file of refused rows were ignored."),
    # About values and rows.
    NoteKind.PLAIN: text("{text}"),
}


def note_text(note: Note) -> Text:
    """Return a note as a sentence; the only place where notes become words."""
    return replace(NOTE_WORDS[note.kind], values={"first_row": note.first_row, **note.values}, n=note.n_rows)
