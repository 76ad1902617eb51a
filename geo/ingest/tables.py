"""A table of text cells as they are in a file, before anything is interpreted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from geo.ingest.notes import Note
from geo.problems import Problem, ProblemCode, RejectedUpload, as_text
from geo.wording import Text, text


@dataclass(frozen=True, slots=True, init=False)
class CellError:
    """Why a cell is not accepted. key: of its column, if it is another one than that which was asked for."""

    code: ProblemCode
    message: Text
    hint: Text
    key: str

    def __init__(self, code: ProblemCode, message: Text | str, hint: Text | str = "", key: str = "") -> None:
        for name, one in zip(self.__slots__, (code, as_text(message), as_text(hint), key), strict=True):
            object.__setattr__(self, name, one)

    @property
    def reason(self) -> str:
        """What is wrong and what helps, in words."""
        return f"{self.message} {self.hint}".rstrip()


# Remedies that many problems share.
CUT_OFF = text("The file was cut off: get a complete copy of it.")
OTHER_FILE = text("Choose another file.")
SPLIT_FILE = text("Split it into several files.")


class MalformedRow(NamedTuple):
    """A row that does not fit the header of its table, and why."""

    row: int
    cells: tuple[str, ...]
    error: CellError


@dataclass(frozen=True, slots=True, eq=False)
class TextTable:
    """Cells as text, columns in file order.

    columns: names as given. cells: Arrow table of columns named by position ("0", "1", ...), of text or of
    dictionaries of text (int32) in which every text occurs; no nulls, a blank cell is "". rows: int64, the
    user's row number of each (first row of the file is 1).
    malformed: rows that do not fit the header, refused as a whole.
    """

    columns: tuple[str, ...]
    cells: pa.Table
    rows: NDArray[np.int64]
    sheet: str = ""
    malformed: tuple[MalformedRow, ...] = ()
    notes: tuple[Note, ...] = ()

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def keys(self) -> tuple[str, ...]:
        """Header keys of the columns."""
        return tuple(header_key(name) for name in self.columns)

    def name_of(self, key: str) -> str:
        """Return the user's name of the column with this key."""
        return self.columns[self.keys.index(key)]

    def column(self, key: str) -> pa.ChunkedArray:
        """Return the column with this key, of text or a dictionary of it; raises ValueError if there is none."""
        return self.cells.column(self.keys.index(key))

    def texts(self, key: str) -> pa.Array:
        """Return the column with this key as text."""
        return plain_texts(self.column(key))

    def encoded(self, key: str) -> pa.DictionaryArray:
        """Return the column with this key as a dictionary of the texts that occur, in order of first occurrence."""
        column = self.column(key).combine_chunks()
        return column if is_encoded(column) else column.dictionary_encode()


def is_encoded(column: pa.Array | pa.ChunkedArray) -> bool:
    """Return whether a column is a dictionary."""
    return bool(pa.types.is_dictionary(column.type))


def plain_texts(column: pa.ChunkedArray) -> pa.Array:
    """Return a column of text or of a dictionary of it as text in one piece."""
    whole = column.combine_chunks()
    return whole.dictionary_decode() if is_encoded(column) else whole


def header_key(name: str) -> str:
    """Return a column name as it is compared: lower case, everything but letters and digits as one underscore.

    "Admin2 Pcode", "admin2_pcode" and " ADMIN2-PCODE " are one name. A name without letters and digits
    is kept as it is.
    """
    plain = name.strip().casefold()
    return re.sub(r"[\W_]+", "_", plain).strip("_") or plain


def checked_columns(names: Sequence[str], file: str, row: int, sheet: str = "") -> tuple[str, ...]:
    """Return the header names; raises RejectedUpload if one is blank or two are the same."""
    # All problems of a header are collected, so that one correction of the file is enough.
    problems = []
    first: dict[str, int] = {}
    for position, name in enumerate(names):
        key = header_key(name)
        if not key:
            message = text("Column {column} has cells but no name.", column=position + 1)
            hint = text("Name it or remove it; write names that are split over two rows into one cell each.")
            problems.append(Problem(ProblemCode.COLUMNS, message, hint, file, sheet, row))
        elif key in first:
            places = {"first": first[key] + 1, "second": position + 1}
            message = text("The column name appears twice, in columns {first} and {second}.", **places)
            hint = text("Rename or remove one of them.")
            problems.append(Problem(ProblemCode.COLUMNS, message, hint, file, sheet, row, name))
        first.setdefault(key, position)
    if problems:
        raise RejectedUpload(problems)
    return tuple(names)


def too_many_rows(most: int, file: str) -> Problem:
    """Return the problem of a file with more rows than the limit."""
    return Problem(ProblemCode.TOO_LARGE, text("The file has more than {most} rows.", most=most), SPLIT_FILE, file)


def too_many_columns(n_columns: int, most: int, file: str, sheet: str = "") -> Problem:
    """Return the problem of a table with more columns than the limit."""
    message = text("The table has {n} columns; the limit is {most}.", n=n_columns, most=most)
    return Problem(ProblemCode.TOO_MANY_COLUMNS, message, text("Remove columns."), file, sheet)
