"""What a reading is asked to do (ReadOptions) and what it returns (ReadResult)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import pyarrow as pa

from geo.ingest.notes import Note
from geo.problems import Problem, ProblemKind
from geo.wording import Text

# Option -> the answers it may have.
CHOICES = {
    "date_order": ("DMY", "MDY", "YMD"),
    "decimal_mark": (".", ","),
    "encoding": ("cp1252", "cp1256"),
    "counted": ("incidents", "people"),
    "initiator": ("militant", "state", "foreign", "unknown"),
    "blank_cells": ("above", "blank"),
}


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """Answers to the questions that a file can raise (geo.ingest.questions); None: not answered, never guessed.

    sheet: name of the workbook sheet. header_row: row that holds the column names, first row is 1.
    date_order: "DMY" or "MDY" for dates such as 03/04/2024, "YMD" for 24-03-15.
    date_year: of dates without a year, such as 4 March.
    decimal_mark: "." or ",".
    encoding: "cp1252" or "cp1256" for a text file that is neither UTF-8 nor UTF-16.
    counted: what the figures of a table with one column a year count, or what each row of a list with names of persons
    is: "incidents" or "people". Figures of people are no incidents; rows of people are counted together.
    blank_cells: a date or district that is blank below a filled one, in a table that writes it once for several rows,
    is the same as "above", or "blank", not stated.
    initiator: who began the incidents of a table that does not say so, a code of geo.schema.INITIATORS.
    mapping: field -> column name, or the names of its parts, for tables of no known format (see geo.ingest.mapping).
    values: field -> {word of the table: code}, together with a mapping.
    corrections: cells that a person corrected: (row of the file, name of the column, text), see geo.ingest.corrections.
    swap_axes: exchange latitude and longitude in the rows where they are certainly swapped.
    keep_outside: keep rows with coordinates outside Pakistan (they are counted as outside).
    """

    sheet: str | None = None
    header_row: int | None = None
    date_order: str | None = None
    date_year: int | None = None
    decimal_mark: str | None = None
    encoding: str | None = None
    counted: str | None = None
    mapping: Mapping[str, str | Sequence[str]] | None = None
    values: Mapping[str, Mapping[str, str]] | None = None
    corrections: tuple[tuple[int, str, str], ...] = ()
    swap_axes: bool = False
    keep_outside: bool = True
    initiator: str | None = None
    blank_cells: str | None = None

    # Options come from forms, command lines and saved mappings: a wrong value must not pass as "not answered".
    def __post_init__(self) -> None:
        """Raise ValueError for an unknown answer."""
        for name, choices in CHOICES.items():
            given = getattr(self, name)
            if given is not None and given not in choices:
                raise ValueError(f"{name} is one of {', '.join(choices)}, not {given!r}")
        if self.date_year is not None and not 1000 <= self.date_year <= 9999:
            raise ValueError(f"date_year is a year of four digits, not {self.date_year!r}")


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Findings:
    """What a reading found out about a file, apart from the rows themselves.

    format, why: the recognised format and how it was recognised. source: key of geo.schema.SOURCES.
    problems: the first of them by row; n_problems counts all, problem_kinds counts them by kind, most frequent first.
    notes: what was found and done (encoding, delimiter, sheet, columns not used).
    n_sums: refused rows that sum up others: they are no incidents, and nothing is to be corrected. sum_rows: their
    numbers in the file; a row of a wide table gives several.
    word_columns: field -> column for the words that were read (geo.ingest.values.word_fields).
    """

    format: str
    why: Text
    source: str
    n_rows_in: int
    problems: tuple[Problem, ...]
    n_problems: int
    notes: tuple[Note, ...]
    source_version: str | None = None
    snapshot_date: date | None = None
    problem_kinds: tuple[ProblemKind, ...] = ()
    word_columns: Mapping[str, str] = field(default_factory=dict)
    n_sums: int = 0
    sum_rows: tuple[int, ...] = ()

    @property
    def problems_by_code(self) -> dict[str, int]:
        """Number of problems by their rule, the most frequent first."""
        counted: Counter[str] = Counter()
        for kind in self.problem_kinds:
            counted[kind.example.code.value] += kind.n
        return dict(counted.most_common())


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ReadResult(Findings):
    """A file that was read: every row is either in `rows` or in `refused_rows`.

    rows: Arrow table with the columns of geo.schema.arrow_schema(), `raw` as columns of cells (geo.verbatim), district
    columns not yet filled.
    refused_rows: Arrow table of text: "refused_row" (row of the file), "refused_because" (reasons and
    remedies), then the cells of the row as they were, under their own column names.
    """

    rows: pa.Table
    refused_rows: pa.Table
    file_sha256: str
    file: str
    options: ReadOptions = field(default_factory=ReadOptions)

    @property
    def n_accepted(self) -> int:
        """Number of rows that may be stored."""
        return len(self.rows)

    @property
    def n_refused(self) -> int:
        """Number of rows that are not accepted; n_accepted + n_refused = n_rows_in."""
        return len(self.refused_rows)
