"""Notes: what a reading found and did, as data; words are made where a note is shown (`note_text`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from geo.vocabularies import rows
from geo.wording import Text, text, text_n


class NoteKind(StrEnum):
    """What a note is about. Each kind has its words in NOTE_WORDS."""

    # About the file and its container.
    ARCHIVE_MEMBER = "archive_member"
    ARCHIVE_IGNORED = "archive_ignored"
    ENCODING = "encoding"
    SEPARATOR = "separator"
    WORKBOOK = "workbook"
    XLS_WORKBOOK = "xls_workbook"
    ODS_WORKBOOK = "ods_workbook"
    ERROR_CELLS_BLANK = "error_cells_blank"
    LINKS_NOT_OPENED = "links_not_opened"
    HIDDEN_SHEETS = "hidden_sheets"
    MERGED_CELLS = "merged_cells"
    STORED_FORMULAS = "stored_formulas"
    HIDDEN_ROWS = "hidden_rows"
    GEOJSON = "geojson"
    CONVERTED_COORDINATES = "converted_coordinates"
    JSON_REPLY = "json_reply"
    JSON_RECORDS = "json_records"
    JSON_LINES = "json_lines"
    JSON_MEMBER = "json_member"
    RECORDS_IN_RECORDS = "records_in_records"
    NUMBERED_BY_RECORD = "numbered_by_record"
    PARQUET = "parquet"
    BYTE_COLUMNS_IGNORED = "byte_columns_ignored"
    HEADER_ROW = "header_row"
    COLUMN_WITHOUT_NAME = "column_without_name"
    REPEATED_COLUMN_NAMES = "repeated_column_names"
    NAMES_IN_TWO_ROWS = "names_in_two_rows"
    NAMES_MARKED = "names_marked"
    SPOILT_FIRST_NAME = "spoilt_first_name"
    NO_COLUMN_NAMES = "no_column_names"
    TAG_ROW_IGNORED = "tag_row_ignored"
    BLANK_ROWS_IGNORED = "blank_rows_ignored"
    ADDED_COLUMNS_IGNORED = "added_columns_ignored"

    # About values and rows.
    WHOLE_WITH_COMMA = "whole_with_comma"
    DECIMAL_COMMA = "decimal_comma"
    CHARACTERS_MARKED = "characters_marked"
    WINDOWS_CHARACTERS = "windows_characters"
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
    NoteKind(kind): text_n(one, many, 0) if many else text(one)
    for kind, one, many in rows("notes", "kind", "one", "many")
}


def note_text(note: Note) -> Text:
    """Return a note as one or two sentences; the only place where notes become words."""
    words = replace(NOTE_WORDS[note.kind], values=note.values, n=note.n_rows)
    if note.first_row is None:
        return words
    cell = note.values.get("cell")
    first = text("First: row {row:d}, '{cell}'.", row=note.first_row, cell=cell) if cell else None
    return text("{note} {first}", note=words, first=first or text("First: row {row:d}.", row=note.first_row))
