"""A table of text cells as they are in a file, before anything is interpreted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geo.ingest.notes import Note, NoteKind
from geo.problems import Problem, ProblemCode, as_text
from geo.vocabularies import rows
from geo.wording import Text, text

_BRACKETS = re.compile(r"(.*\S)\s*[(\[]([^()\[\]]+)[)\]]\s*")
_NUMBERED = re.compile(r"(.+) \((?:[2-9]|[1-9]\d+)\)")
_SAMPLE_ROWS, _SAMPLE_TEXTS = 2_000, 200
_PERCENT = re.compile("[%٪％]")
_NO_NAME = re.compile(r"column [1-9]\d*|unnamed: \d+|\.\.\.\d+")
# What stands in brackets behind a name and is not part of it, as header keys: counts, ways to write a date, degrees.
_UNITS = frozenset(unit for (unit,) in rows("name_units", "unit"))


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
# Why a total is refused; a file without any other refused row is accepted as it is (Findings.n_sums).
SUM_OF_OTHERS = text("This row is a sum of other rows.")


class MalformedRow(NamedTuple):
    """A row that does not fit the header of its table, and why."""

    row: int
    cells: tuple[str, ...]
    error: CellError


@dataclass(frozen=True, slots=True, eq=False)
class UnreadCells:
    """Cells of one column of a workbook that hold something without a value, and are blank in the table.

    kind: of the note that counts their rows. column: its name; letters: as the workbook addresses it. rows: int64,
    ascending numbers of the rows.
    """

    kind: NoteKind
    column: str
    letters: str
    rows: NDArray[np.int64]

    def error(self, row: int) -> CellError:
        """Return why a row is refused that cannot be without the cell."""
        cell = f"{self.letters}{row}"
        if self.kind is NoteKind.ERROR_CELLS:
            message = text("Cell {cell} holds an error value, such as #N/A.", cell=cell)
            return CellError(ProblemCode.MISSING, message, text("Correct the cell."))
        message = text("Cell {cell} is a formula without a stored value.", cell=cell)
        hint = text("Open and save the workbook in a spreadsheet program, or paste values.")
        return CellError(ProblemCode.FORMULA_WITHOUT_VALUE, message, hint)


@dataclass(frozen=True, slots=True, eq=False)
class TextTable:
    """Cells as text, columns in file order.

    columns: names as given. cells: Arrow table of columns named by position ("0", "1", ...), of text or of
    dictionaries of text (int32) in which every text occurs; no nulls, a blank cell is "". rows: int64, the
    user's row number of each (first row of the file is 1).
    malformed: rows that do not fit the header, refused as a whole. separator: of the cells in a text file.
    row_notes: kind -> numbers of the rows that the container has such a note about. unread: cells of a workbook that
    are blank here because they have no value.
    """

    columns: tuple[str, ...]
    cells: pa.Table
    rows: NDArray[np.int64]
    sheet: str = ""
    malformed: tuple[MalformedRow, ...] = ()
    notes: tuple[Note, ...] = ()
    separator: str = ""
    row_notes: Mapping[NoteKind, frozenset[int]] = field(default_factory=dict)
    unread: tuple[UnreadCells, ...] = ()

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def keys(self) -> tuple[str, ...]:
        """Keys of the columns (column_keys), each different."""
        return column_keys(self.columns)

    def key_of(self, name: str) -> str | None:
        """Return the key of the column that a person means by a name: exactly so, by its key, or without its unit."""
        if name in self.columns:
            return self.keys[self.columns.index(name)]
        return next((key for key in (header_key(name), plain_key(name)) if key in self.keys), None)

    def name_of(self, key: str) -> str:
        """Return the user's name of the column with this key."""
        return self.columns[self.keys.index(key)]

    def column(self, key: str) -> pa.ChunkedArray:
        """Return the column with this key, of text or a dictionary of it; raises ValueError if there is none."""
        return self.cells.column(self.keys.index(key))

    def texts(self, key: str) -> pa.Array:
        """Return the column with this key as text."""
        return plain_texts(self.column(key))

    def sample(self, key: str) -> list[str]:
        """Return some of the texts that are not blank, from the first rows."""
        return [text for text in dict.fromkeys(self.first_rows(key)) if text.strip()][:_SAMPLE_TEXTS]

    def first_rows(self, key: str) -> list[str]:
        """Return the texts of the first rows of a column, one for each row."""
        found: list[str] = plain_texts(self.column(key).slice(0, _SAMPLE_ROWS)).to_pylist()
        return found

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


def is_filled(column: pa.ChunkedArray) -> NDArray[np.bool_]:
    """Return whether each cell of a column of text or of a dictionary of it holds more than white space, shape (n,)."""
    whole = column.combine_chunks()
    texts = whole.dictionary if is_encoded(whole) else whole
    filled = np.asarray(pc.not_equal(pc.utf8_trim_whitespace(texts), ""), dtype=bool)
    return filled[whole.indices.to_numpy()] if is_encoded(whole) else filled


@lru_cache(maxsize=8192)
def header_key(name: str) -> str:
    """Return a column name as it is compared: lower case, everything but letters and digits as one underscore.

    "Admin2 Pcode", "admin2_pcode" and " ADMIN2-PCODE " are one name. A name without letters and digits
    is kept as it is. "Killed %" is killed_percent: it must never be taken for "Killed".
    """
    plain = _PERCENT.sub(" percent ", name).strip().casefold()
    return re.sub(r"[\W_]+", "_", plain).strip("_") or plain


def without_unit(name: str) -> str:
    """Return a name without a unit in brackets at its end: "Killed (nos.)" is "Killed"."""
    found = _BRACKETS.fullmatch(name)
    return found[1] if found and header_key(found[2]) in _UNITS else name


def plain_key(name: str) -> str:
    """Return the key of a name without a unit in brackets at its end."""
    return header_key(without_unit(name))


@lru_cache(maxsize=256)
def column_keys(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the keys of the columns of one table: without units, unless two columns would then have one key."""
    whole, plain = list(map(header_key, names)), list(map(plain_key, names))
    seen = Counter([*plain, *set(whole)])
    return tuple(short if short == key or seen[short] == 1 else key for key, short in zip(whole, plain, strict=True))


@lru_cache(maxsize=256)
def stated_keys(names: tuple[str, ...]) -> frozenset[str]:
    """Return the keys of the columns that a file names itself, each name once: only they show a format."""
    keys = column_keys(names)
    given = {*without_name(names), *repeated(names)}
    return frozenset(key for name, key in zip(names, keys, strict=True) if name not in given)


def without_name(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names that readers and other programs give to columns without one: "column 1", "Unnamed: 0"."""
    return tuple(name for name in names if _NO_NAME.fullmatch(name.strip().casefold()))


def repeated(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names that are given to the later columns of one name: "Source (2)" beside "Source"."""
    keys = set(map(header_key, names))
    found = ((name, _NUMBERED.fullmatch(name)) for name in names)
    return tuple(name for name, match in found if match and header_key(match[1]) in keys)


def too_many_rows(most: int, file: str) -> Problem:
    """Return the problem of a file with more rows than the limit."""
    return Problem(ProblemCode.TOO_LARGE, text("The file has more than {most} rows.", most=most), SPLIT_FILE, file)


def too_many_columns(n_columns: int, most: int, file: str, sheet: str = "") -> Problem:
    """Return the problem of a table with more columns than the limit."""
    message = text("The table has {n} columns; the limit is {most}.", n=n_columns, most=most)
    return Problem(ProblemCode.TOO_MANY_COLUMNS, message, text("Remove columns."), file, sheet)
