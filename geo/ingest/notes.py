"""Notes: what a reading found and did, as data; words are made where a note is shown (`note_text`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import reduce
from typing import Any

from geo.districts import group_names
from geo.schema import ATTACK_TYPES, INITIATORS, TARGET_TYPES
from geo.vocabularies import rows
from geo.wording import Text, text, text_n

# Codes of the fields whose words are read, with their labels.
_LABELS = {"attack_type": ATTACK_TYPES, "target_type": TARGET_TYPES, "initiator": INITIATORS}
# A sentence lists so many words of a column.
_MOST_WORDS = 20


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
    ERROR_CELLS = "error_cells"
    ERROR_CELLS_BLANK = "error_cells_blank"
    LINKS_NOT_OPENED = "links_not_opened"
    SHEET_READ = "sheet_read"
    HIDDEN_SHEETS = "hidden_sheets"
    MERGED_CELLS = "merged_cells"
    MERGED_CELLS_READ = "merged_cells_read"
    BLANK_BELOW = "blank_below"
    CELLS_FROM_ABOVE = "cells_from_above"
    CELLS_REPEATED = "cells_repeated"
    STORED_FORMULAS = "stored_formulas"
    FORMULAS_WITHOUT_VALUE = "formulas_without_value"
    HIDDEN_ROWS = "hidden_rows"
    GEOJSON = "geojson"
    CONVERTED_COORDINATES = "converted_coordinates"
    JSON_REPLY = "json_reply"
    JSON_RECORDS = "json_records"
    JSON_LINES = "json_lines"
    JSON_TABLE = "json_table"
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
    REMARKS = "remarks"
    DISTRICT_HEADINGS = "district_headings"
    DATE_HEADINGS = "date_headings"
    ADDED_COLUMNS_IGNORED = "added_columns_ignored"

    # About values and rows.
    WHOLE_WITH_COMMA = "whole_with_comma"
    DECIMAL_COMMA = "decimal_comma"
    CHARACTERS_MARKED = "characters_marked"
    WINDOWS_CHARACTERS = "windows_characters"
    LONG_CELLS = "long_cells"
    IDENTIFIERS_FROM_CONTENT = "identifiers_from_content"
    IDENTIFIERS_SHORTENED = "identifiers_shortened"
    WORDS_FOR_ZERO = "words_for_zero"
    WORDS_FOR_NOT_STATED = "words_for_not_stated"
    RANGES_KEPT = "ranges_kept"
    RANGES_OF_PARTS = "ranges_of_parts"
    TOTAL_FROM_PARTS = "total_from_parts"
    TOTAL_BELOW_PARTS = "total_below_parts"
    TOTAL_ABOVE_PARTS = "total_above_parts"
    TOTAL_WITH_INJURED = "total_with_injured"
    TOTAL_NOT_PROVED = "total_not_proved"
    KILLED_APART = "killed_apart"
    COLUMNS_SUMMED = "columns_summed"
    PEOPLE_SUMMED = "people_summed"
    UPPER_FIGURES = "upper_figures"
    OUTSIDE_RANGE = "outside_range"
    TOLLS_LEFT_OUT = "tolls_left_out"
    PARTS_INCOMPLETE = "parts_incomplete"
    NUMBERS_OF_ROWS = "numbers_of_rows"
    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"
    DAY_FIRST_BY_NAME = "day_first_by_name"
    MONTH_FIRST_BY_NAME = "month_first_by_name"
    BOTH_ORDERS = "both_orders"
    YEAR_FIRST = "year_first"
    ENDS_BEFORE_BEGIN = "ends_before_begin"
    DAYS_BESIDE_MONTHS = "days_beside_months"
    YEAR_FIRST_BESIDE_OTHERS = "year_first_beside_others"
    ORDER_NOT_AS_ANSWERED = "order_not_as_answered"
    DAYS_PERHAPS_EXCHANGED = "days_perhaps_exchanged"
    DATE_AND_PARTS_DIFFER = "date_and_parts_differ"
    SHORT_YEARS = "short_years"
    FINANCIAL_YEARS = "financial_years"
    YEAR_AS_ANSWERED = "year_as_answered"
    YEAR_OF_COLUMN = "year_of_column"
    SERIAL_DAYS = "serial_days"
    DAYS_OF_PAKISTAN = "days_of_pakistan"
    DAYS_SINCE_1970 = "days_since_1970"
    RANGES_OF_DAYS = "ranges_of_days"
    WORDS_BESIDE_DATES = "words_beside_dates"
    PARTS_OF_MONTHS = "parts_of_months"
    WEEKS = "weeks"
    AXES_EXCHANGED = "axes_exchanged"
    POINT_WITHOUT_COORDINATES = "point_without_coordinates"
    POINTS_SPLIT = "points_split"
    POINTS_BESIDE_OTHERS = "points_beside_others"
    POINT_NOT_READ = "point_not_read"
    POINT_LEFT_OUT = "point_left_out"
    POINTS_AGREE = "points_agree"
    POINTS_DIFFER = "points_differ"
    PLACES_CONFIRMED = "places_confirmed"
    CELLS_CORRECTED = "cells_corrected"
    ONE_COLUMN_A_YEAR = "one_column_a_year"
    ONE_COLUMN_A_MONTH = "one_column_a_month"
    ONE_COLUMN_A_PERIOD = "one_column_a_period"
    ONE_COLUMN_A_KIND = "one_column_a_kind"
    TOTAL_ABOVE_KINDS = "total_above_kinds"
    KINDS_SUMMED = "kinds_summed"
    NUMBERS_OF_INCIDENTS = "numbers_of_incidents"
    YEAR_OF_TITLE = "year_of_title"
    ROWS_ARE_SUMS_OF_A_KIND = "rows_are_sums_of_a_kind"
    ONE_COLUMN_A_DISTRICT = "one_column_a_district"
    MONTHS_WITH_YEARS = "months_with_years"
    YEARS_NOT_STATED = "years_not_stated"
    PERSONS_COUNTED = "persons_counted"
    PERSONS_UNKNOWN = "persons_unknown"
    PERSONS_LEFT_OUT = "persons_left_out"
    NAMES_OF_EVENTS = "names_of_events"
    COLUMNS_READ = "columns_read"
    COLUMNS_NOT_USED = "columns_not_used"
    PROVINCE_CONTRADICTS_DISTRICT = "province_contradicts_district"
    OTHER_COUNTRIES = "other_countries"
    UNKNOWN_PCODE = "unknown_pcode"
    PCODE_CONTRADICTS_NAME = "pcode_contradicts_name"
    SAME_DISTRICT_AND_PERIOD = "same_district_and_period"
    ROWS_ARE_SUMS_OF_A_MONTH = "rows_are_sums_of_a_month"
    ROWS_ARE_SUMS_OF_A_PERIOD = "rows_are_sums_of_a_period"
    ACLED_ONE_TOLL = "acled_one_toll"
    UCDP_CANDIDATES = "ucdp_candidates"
    UCDP_SEVERAL_EVENTS = "ucdp_several_events"
    UCDP_WITHOUT_SIDES = "ucdp_without_sides"
    GTD_DOUBTED = "gtd_doubted"
    GTD_SHARED_TOLLS = "gtd_shared_tolls"
    MILITANTS_BY_RULE = "militants_by_rule"
    INITIATOR_BY_RULE = "initiator_by_rule"
    INITIATOR_NOT_STATED = "initiator_not_stated"
    WORDS_CHOSEN = "words_chosen"
    WORDS_READ = "words_read"
    SEVERAL_WORDS = "several_words"
    OTHER_WORDS = "other_words"
    UNKNOWN_WORDS = "unknown_words"
    NUMBERS_IN_WORDS = "numbers_in_words"
    UNREADABLE_COUNTS = "unreadable_counts"
    COUNTS_OF_OTHERS = "counts_of_others"
    TARGETS_IN_WORDS = "targets_in_words"
    CLAIMS_READ = "claims_read"
    UNREADABLE_DAYS = "unreadable_days"


@dataclass(frozen=True, slots=True)
class Note:
    """One thing that a reading found or did.

    n_rows: number of things the note counts, mostly accepted rows; None for the whole file. first_row: the first of
    them as the user counts (the header is row 1). values: what the words of the kind name, as text or numbers; "words"
    are those of a column: (word, what it is read as or "", number of rows).
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
        if "words" in values:
            values = {**values, "words": [tuple(one) for one in values["words"]]}
        return cls(NoteKind(record["kind"]), record["n_rows"], record["first_row"], values)

    def added(self, other: Note) -> Note:
        """Return one note for this one and another that counts the same thing in further rows."""
        values = dict(self.values)
        if "told" in values:
            values["told"] += other.values["told"]
        if "words" in values:
            counted: dict[tuple[str, str], int] = {}
            for word, meaning, n in (*values["words"], *other.values["words"]):
                counted[word, meaning] = counted.get((word, meaning), 0) + n
            ordered = sorted(counted.items(), key=lambda one: -one[1])
            values["words"] = [(word, meaning, n) for (word, meaning), n in ordered]
        return replace(self, n_rows=(self.n_rows or 0) + (other.n_rows or 0), values=values)


# Kind -> its words; `text_n` for what is counted in n_rows, its number is put in when the note is shown.
NOTE_WORDS: dict[NoteKind, Text] = {
    NoteKind(kind): text_n(one, many, 0) if many else text(one)
    for kind, one, many in rows("notes", "kind", "one", "many")
}


def note_text(note: Note) -> Text:
    """Return a note as one or two sentences; the only place where notes become words."""
    values = dict(note.values)
    if "words" in values:
        values["words"] = _listed(values["words"], str(values.get("field", "")))
    words = replace(NOTE_WORDS[note.kind], values=values, n=note.n_rows)
    if note.first_row is None:
        return words
    cell = note.values.get("cell")
    first = text("First: row {row:d}, '{cell}'.", row=note.first_row, cell=cell) if cell else None
    return text("{note} {first}", note=words, first=first or text("First: row {row:d}.", row=note.first_row))


def _listed(words: Sequence[tuple[str, str, int]], field: str) -> Text:
    """Return the most frequent words of a column, each with what it is read as and its number of rows."""
    labels = group_names() if field == "group" else _LABELS.get(field, {})
    shown = [
        text("“{word}” → {meaning} ({n})", word=word, meaning=text(labels.get(meaning, meaning)), n=n)
        if meaning
        else text("“{word}” ({n})", word=word, n=n)
        for word, meaning, n in words[:_MOST_WORDS]
    ]
    listed = reduce(lambda first, one: text("{first}, {one}", first=first, one=one), shown)
    if len(words) > _MOST_WORDS:
        return text("{words} and {n} more", words=listed, n=len(words) - _MOST_WORDS)
    return listed
