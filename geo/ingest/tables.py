"""A table of text cells as a file states it, before anything is interpreted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from geo.ingest.notes import Note
from geo.problems import Problem, ProblemCode, RejectedUpload, as_text
from geo.wording import Text


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


# A row that does not fit its table: row number, cells, reason.
MalformedRow = tuple[int, tuple[str, ...], CellError]


@dataclass(frozen=True, slots=True, eq=False)
class TextTable:
    """Cells as text, columns in file order.

    columns: names as given. cells: Arrow table of columns named by position ("0", "1", ...), of text or of
    dictionaries of text (int32) that hold no text that does not occur; no nulls, a blank cell is "". rows: int64, the
    user's row number of each (first row of the file is 1).
    malformed: rows that do not fit the header: (row number, cells, reason), refused as a whole.
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
        """Column names in the form in which they are compared."""
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
        """Return the column with this key as a dictionary of the texts that occur, in order of their first place."""
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
    """Return a column name in lower case with everything but letters and digits as one underscore.

    "Admin2 Pcode", "admin2_pcode" and " ADMIN2-PCODE " are one name. A name of signs only stays as it is.
    """
    plain = name.strip().casefold()
    return re.sub(r"[\W_]+", "_", plain).strip("_") or plain


def checked_columns(names: Sequence[str], file: str, row: int, sheet: str = "") -> tuple[str, ...]:
    """Return the header names; raises RejectedUpload if one is blank or two are the same."""
    problems = []
    first: dict[str, int] = {}
    for position, name in enumerate(names):
        key = header_key(name)
        if not key:
            message = f"Column {position + 1} has cells but no name."
            hint = "Name it or remove it; names that stand in two rows belong in one cell each."
            problems.append(Problem(ProblemCode.COLUMNS, message, hint, file, sheet, row))
        elif key in first:
            message = f"The column name appears twice, in columns {first[key] + 1} and {position + 1}."
            problems.append(
                Problem(ProblemCode.COLUMNS, message, "Rename or remove one of them.", file, sheet, row, name)
            )
        first.setdefault(key, position)
    if problems:
        raise RejectedUpload(problems)
    return tuple(names)


def text_table(
    columns: Sequence[str],
    records: Sequence[Sequence[str]],
    rows: Sequence[int],
    *,
    sheet: str = "",
    malformed: Sequence[MalformedRow] = (),
    notes: Sequence[Note] = (),
) -> TextTable:
    """Return a table of row-wise cells; every record has as many cells as there are columns."""
    names = [str(position) for position in range(len(columns))]
    by_column = list(zip(*records, strict=True)) if records else [()] * len(columns)
    arrays = [pa.array(cells, pa.string()) for cells in by_column]
    cells = pa.Table.from_arrays(arrays, names=names)
    return TextTable(tuple(columns), cells, np.array(rows, dtype=np.int64), sheet, tuple(malformed), tuple(notes))
