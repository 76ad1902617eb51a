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
    IDENTIFIERS_FROM_CONTENT = "identifiers_from_content"
    WORDS_FOR_ZERO = "words_for_zero"
    WORDS_FOR_NOT_STATED = "words_for_not_stated"
    RANGES_KEPT = "ranges_kept"
    RANGES_OF_PARTS = "ranges_of_parts"
    TOTAL_FROM_PARTS = "total_from_parts"
    TOTAL_BELOW_PARTS = "total_below_parts"
    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"
    DAYS_PERHAPS_EXCHANGED = "days_perhaps_exchanged"
    AXES_EXCHANGED = "axes_exchanged"
    POINT_WITHOUT_COORDINATES = "point_without_coordinates"
    UNKNOWN_PCODE = "unknown_pcode"
    PCODE_CONTRADICTS_NAME = "pcode_contradicts_name"
    SAME_DISTRICT_AND_PERIOD = "same_district_and_period"
    ROWS_ARE_SUMS_OF_A_MONTH = "rows_are_sums_of_a_month"
    ROWS_ARE_SUMS_OF_A_PERIOD = "rows_are_sums_of_a_period"
    ACLED_ONE_TOLL = "acled_one_toll"
    UCDP_CANDIDATES = "ucdp_candidates"
    UCDP_SEVERAL_EVENTS = "ucdp_several_events"
    GTD_DOUBTED = "gtd_doubted"
    GTD_SHARED_TOLLS = "gtd_shared_tolls"
    OTHER_TARGETS = "other_targets"


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
    NoteKind.IDENTIFIERS_FROM_CONTENT: text_n(
        "{n} row has no identifier: one is made from its content.",
        "{n} rows have no identifier: one is made from the content of each.",
        0,
    ),
    NoteKind.WORDS_FOR_ZERO: text_n(
        "{n} row has a word in “{column}” that is read as 0.",
        "{n} rows have a word in “{column}” that is read as 0.",
        0,
    ),
    NoteKind.WORDS_FOR_NOT_STATED: text_n(
        "{n} row has a word in “{column}” that is read as not stated, never as 0.",
        "{n} rows have a word in “{column}” that is read as not stated, never as 0.",
        0,
    ),
    NoteKind.RANGES_KEPT: text("Ranges and 'at least' figures: the minimum is counted, the range is kept."),
    NoteKind.RANGES_OF_PARTS: text(
        "Ranges and 'at least' figures of one side or of the injured: the minimum is counted, no range is kept."
    ),
    NoteKind.TOTAL_FROM_PARTS: text_n(
        "{n} row has no total of people killed: the sum of the stated parts is counted, as the minimum.",
        "{n} rows have no total of people killed: the sum of the stated parts is counted, as the minimum.",
        0,
    ),
    NoteKind.TOTAL_BELOW_PARTS: text_n(
        "{n} row has fewer people killed in total than in the parts: the total is kept as stated.",
        "{n} rows have fewer people killed in total than in the parts: the total is kept as stated.",
        0,
    ),
    NoteKind.DAY_FIRST: text("Dates such as 03/04/2024 are read day first, as other dates of the column prove."),
    NoteKind.MONTH_FIRST: text("Dates such as 03/04/2024 are read month first, as other dates of the column prove."),
    NoteKind.DAYS_PERHAPS_EXCHANGED: text(
        "In “{column}” every date made by a spreadsheet program is of day 1 to 12, every date left as text is of a "
        "later day: the program may have exchanged day and month. Compare with the original."
    ),
    NoteKind.AXES_EXCHANGED: text_n(
        "In {n} row latitude and longitude were exchanged, as confirmed.",
        "In {n} rows latitude and longitude were exchanged, as confirmed.",
        0,
    ),
    NoteKind.POINT_WITHOUT_COORDINATES: text_n(
        "{n} row claims an exact or near place but has no coordinates: read as district only.",
        "{n} rows claim an exact or near place but have no coordinates: read as district only.",
        0,
    ),
    NoteKind.UNKNOWN_PCODE: text_n(
        "{n} row has a P-code that no district has: it is ignored.",
        "{n} rows have a P-code that no district has: it is ignored.",
        0,
    ),
    NoteKind.PCODE_CONTRADICTS_NAME: text_n(
        "{n} row has a P-code and another district's name: flagged; it counts, unless it is of another province.",
        "{n} rows have a P-code and another district's name: flagged; it counts, unless it is of another province.",
        0,
    ),
    NoteKind.SAME_DISTRICT_AND_PERIOD: text_n(
        "{n} row has the district and period of an earlier row: both are counted.",
        "{n} rows have the district and period of an earlier row: all are counted.",
        0,
    ),
    NoteKind.ROWS_ARE_SUMS_OF_A_MONTH: text(
        "Each row sums up a month of a district; attack type and initiator are not stated."
    ),
    NoteKind.ROWS_ARE_SUMS_OF_A_PERIOD: text(
        "Each row sums up a period of a district; attack type and initiator are not stated."
    ),
    NoteKind.ACLED_ONE_TOLL: text("ACLED states one death toll of all sides; 0 can also mean 'none reported'."),
    NoteKind.UCDP_CANDIDATES: text_n(
        "{n} row is not marked as clear by UCDP (candidate events).",
        "{n} rows are not marked as clear by UCDP (candidate events).",
        0,
    ),
    NoteKind.UCDP_SEVERAL_EVENTS: text_n(
        "{n} row sums up several events without their number: counted as one event.",
        "{n} rows sum up several events without their number: each counted as one event.",
        0,
    ),
    NoteKind.GTD_DOUBTED: text_n(
        "{n} row is marked by GTD as possibly not terrorism: kept.",
        "{n} rows are marked by GTD as possibly not terrorism: kept.",
        0,
    ),
    NoteKind.GTD_SHARED_TOLLS: text("Tolls shared among linked incidents have fractions: rounded to whole people."),
    NoteKind.OTHER_TARGETS: text("Targets read as 'other': {targets}."),
}


def note_text(note: Note) -> Text:
    """Return a note as one or two sentences; the only place where notes become words."""
    words = replace(NOTE_WORDS[note.kind], values=note.values, n=note.n_rows)
    if note.first_row is None:
        return words
    cell = note.values.get("cell")
    first = text("First: row {row:d}, '{cell}'.", row=note.first_row, cell=cell) if cell else None
    return text("{note} {first}", note=words, first=first or text("First: row {row:d}.", row=note.first_row))
