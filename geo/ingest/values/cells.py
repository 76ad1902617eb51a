"""The reading of one table: text cells in, typed columns out; cells that do not fit are refused with a reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geo.codes import Codes, encode, spread
from geo.ingest.notes import Note, NoteKind
from geo.ingest.refusals import Refusals
from geo.ingest.results import ReadOptions
from geo.ingest.tables import CellError, TextTable, is_encoded
from geo.ingest.values.evidence import Evidence
from geo.ingest.values.labels import Mask
from geo.problems import ProblemCode
from geo.text import printable
from geo.wording import text

T = TypeVar("T")
# What parsing one text gives: a value, None for a blank cell, or why the cell is refused.
Parsed: TypeAlias = T | CellError | None

# Words that say in a count, a coordinate or a word of a list that nothing is known. In a text cell they stay text.
NOT_STATED = frozenset(
    {"", "unknown", "not known", "not stated", "not reported", "not available", "n/a", "na", "n.a.", "n.a", "nan"}
    | {"-", "--", "---", "–", "—", "?"}
)
EMPTY_CELL = CellError(ProblemCode.MISSING, text("The cell is empty."), text("A value is required."))
_LONGEST_CELL = 40
# A note keeps so many different words of a column, the most frequent ones.
_MOST_WORDS = 100
# Rows from which two threads read two columns sooner than one.
_AT_ONCE_FROM_ROWS = 50_000
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")


@dataclass(frozen=True, slots=True, eq=False)
class _RowNote:
    """A note about the rows of a mask; key: of the column whose cell is shown, or "".

    meanings: what each word of the column is read as, where the note lists the words; "" says only the word.
    """

    where: Mask
    kind: NoteKind
    key: str
    values: Mapping[str, Any]
    meanings: Mapping[str, str] | None = None


class Reading:
    """A table being read with the user's options; collects refusals and notes.

    Columns are asked for by key (geo.ingest.tables.header_key); a column that the table does not have reads as blank.
    """

    def __init__(
        self,
        table: TextTable,
        options: ReadOptions,
        file: str,
        most_shown: int,
        aliases: Mapping[str, str] | None = None,
        evidence: Evidence | None = None,
    ) -> None:
        """aliases: key under which a column is asked for -> key that it has in the table. evidence: of its file."""
        self.evidence = evidence or Evidence()
        self.table = table
        self._aliases = dict(aliases or {})
        self.options = options
        self.file = file
        self.refusals = Refusals(table, file, most_shown)
        # As answered, or as the coordinates of the file prove (places.points).
        self.decimal_mark = options.decimal_mark
        self._notes: list[Note | _RowNote] = list(table.notes)
        self.source_version: str | None = None
        self.snapshot_date: date | None = None
        self._decimals: dict[str, tuple[pa.Array, pa.Array]] = {}
        self._words: dict[str, tuple[list[str], Codes]] = {}

    def __len__(self) -> int:
        return len(self.table)

    def has(self, key: str) -> bool:
        """Whether the table has this column."""
        return self.key_of(key) in self.table.keys

    def part_keys(self, key: str) -> tuple[str, ...]:
        """Return the keys of the columns that a field is the sum of: its own, and those that a mapping adds."""
        found = [key]
        while self.has(part_key(key, len(found))):
            found.append(part_key(key, len(found)))
        return tuple(found)

    def name_of(self, key: str) -> str:
        """Return the user's name of a column."""
        return self.table.name_of(self.key_of(key))

    def assign(self, aliases: Mapping[str, str]) -> None:
        """Ask for columns under other keys from now on: key -> key in the table, "" for none."""
        self._aliases |= aliases

    def key_of(self, key: str) -> str:
        """Return the key in the table of a column that is asked for under another key."""
        return self._aliases.get(key, key)

    def fields_of(self, key: str) -> set[str]:
        """Return the keys under which the column of a key is asked for."""
        own = self.key_of(key)
        return {field for field, given in self._aliases.items() if given == own} | {key}

    @property
    def notes(self) -> tuple[Note, ...]:
        """The notes, each once; rows that are refused by now are not counted."""
        accepted = ~self.refusals.refused
        found: list[Note] = []
        for one in self._notes:
            note = one if isinstance(one, Note) else self._about_rows(one, accepted)
            if note is not None and note not in found:
                found.append(note)
        return tuple(found)

    def note(self, kind: NoteKind, n_rows: int | None = None, **values: Any) -> None:
        """Keep a note about the whole file; n_rows: what it counts, if it counts something."""
        self._notes.append(Note(kind, n_rows, values=values))

    def note_rows(self, where: Mask, kind: NoteKind, key: str = "", **values: Any) -> None:
        """Keep a note about the rows of a mask, shape (n,), as far as they are accepted in the end.

        key: of the column whose cell in the first of these rows is shown.
        """
        if where.any():
            self._notes.append(_RowNote(where, kind, key, values))

    def note_words(
        self, where: Mask, kind: NoteKind, key: str, meanings: Mapping[str, str] | None = None, field: str = ""
    ) -> None:
        """Keep a note that lists the words of the rows of a mask with their numbers of rows.

        meanings: word -> what it is read as, to be said beside it. field: whose codes these are, if it is not the key.
        """
        if where.any():
            named = {"column": self.name_of(key), "field": field or key}
            self._notes.append(_RowNote(where, kind, key, named, meanings or {}))

    def _about_rows(self, note: _RowNote, accepted: Mask) -> Note | None:
        positions = np.flatnonzero(note.where & accepted)
        if not len(positions):
            return None
        first = int(positions[0])
        values = dict(note.values)
        if note.meanings is not None:
            values["words"] = self._counted_words(note.key, positions, note.meanings)
        elif note.key:
            cell = self.table.column(self.key_of(note.key))[first].as_py()
            values["cell"] = printable(cell)[:_LONGEST_CELL]
        return Note(note.kind, len(positions), int(self.table.rows[first]), values)

    def _counted_words(
        self, key: str, positions: NDArray[np.int64], meanings: Mapping[str, str]
    ) -> list[tuple[str, str, int]]:
        """Return (word, what it is read as, number of rows) of the rows at these positions, most frequent first."""
        words, codes = self.words(key)
        counted: dict[str, int] = {}
        for word, n in zip(words, np.bincount(codes[positions], minlength=len(words)).tolist(), strict=True):
            if n:
                counted[word] = counted.get(word, 0) + n
        ordered = sorted(counted.items(), key=lambda one: -one[1])[:_MOST_WORDS]
        return [(printable(word)[:_LONGEST_CELL], meanings.get(word, ""), n) for word, n in ordered]

    def words(self, key: str) -> tuple[list[str], Codes]:
        """Return the texts of a column, white space trimmed, and the position of each row's text, shape (n,).

        Each text as given is there once.
        """
        if key not in self._words:
            if self.has(key) and len(self):
                texts, codes = encode(self.table.column(self.key_of(key)))
                self._words[key] = [one.strip() for one in texts], codes
            else:
                self._words[key] = [""] if len(self) else [], np.zeros(len(self), dtype=np.int32)
        return self._words[key]

    def text(self, key: str) -> pa.Array:
        """Return a column of text as given; cells of white space only are null."""
        if not self.has(key):
            return pa.nulls(len(self), pa.string())
        if is_encoded(self.table.column(self.key_of(key))):
            column = self.table.encoded(self.key_of(key))
            return _without_blanks(column.dictionary).take(column.indices)
        return _without_blanks(self.table.texts(self.key_of(key)))

    def is_filled(self, *keys: str) -> Mask:
        """Return whether any of the columns holds a text in the row, shape (n,)."""
        filled = np.zeros(len(self), dtype=bool)
        for key in keys:
            filled |= ~np.asarray(self.text(key).is_null())
        return filled

    def is_unread(self, *keys: str, kind: NoteKind | None = None) -> Mask:
        """Return whether the row has a cell in these columns that the workbook holds without a value, shape (n,)."""
        found = np.zeros(len(self), dtype=bool)
        names = {self.name_of(key): key for key in keys if self.has(key)}
        for cells in self.table.unread:
            if cells.column in names and kind in (None, cells.kind):
                # A cell that a person corrected meanwhile is not blank.
                found |= np.isin(self.table.rows, cells.rows) & ~self.is_filled(names[cells.column])
        return found

    def matches(self, key: str, test: Callable[[str], bool]) -> Mask:
        """Return whether the text of each row of a column passes a test, shape (n,)."""
        words, codes = self.words(key)
        return spread(map(test, words), codes, False)

    def refuse(self, where: Mask, key: str, bad: CellError) -> None:
        """Refuse the rows of a mask for one reason."""
        self.refusals.add(np.flatnonzero(where), self.key_of(key), bad)

    def refuse_each(self, positions: NDArray[np.int64], key: str, errors: Sequence[CellError]) -> None:
        """Refuse the rows at these positions, each for its own reason, in its own column if it names one."""
        keys = np.array([bad.key or key for bad in errors], dtype=object)
        for named in dict.fromkeys(keys.tolist()):
            where = np.flatnonzero(keys == named)
            self.refusals.add(positions[where], self.key_of(named), [errors[place] for place in where.tolist()])

    def each(self, key: str, parse: Callable[[str], Parsed[T]]) -> tuple[list[T | None], Codes]:
        """Parse each distinct text of a column once.

        Returns the results (None where the text was refused) and the position of each row's result, shape (n,).
        """
        words, codes = self.words(key)
        return self._accepted([parse(word) for word in words], codes, key)

    def each_readable(
        self, key: str, parse: Callable[[str], Parsed[T]], kind: NoteKind
    ) -> tuple[list[T | None], Codes]:
        """Parse each distinct text of a column that no row needs, like `each`.

        What cannot be read is None, and a note of this kind lists it.
        """
        words, codes = self.words(key)
        results = [parse(word) for word in words]
        is_error = np.array([isinstance(result, CellError) for result in results], dtype=bool)
        if is_error.any():
            self.note_words(is_error[codes], kind, key)
        return [None if isinstance(result, CellError) else result for result in results], codes

    def each_of(
        self, keys: Sequence[str], parse: Callable[[tuple[str, ...]], Parsed[T]]
    ) -> tuple[list[T | None], Codes]:
        """Parse each distinct combination of the texts of several columns, like `each`.

        A refusal names the column of its reason, else the first.
        """
        columns = [self.words(key) for key in keys]
        sizes = [max(len(words), 1) for words, _ in columns]
        # One number for each combination, so that only those that occur are looked at.
        numbers = np.ravel_multi_index([codes for _, codes in columns], sizes)
        found = pa.array(numbers).dictionary_encode()
        places = np.unravel_index(found.dictionary.to_numpy(), sizes)
        cells = [np.array(words, dtype=object)[at] for (words, _), at in zip(columns, places, strict=True)]
        texts = zip(*cells, strict=True)
        return self._accepted([parse(one) for one in texts], found.indices.to_numpy(), keys[0])

    def _accepted(
        self, results: Sequence[Parsed[T]], codes: Codes, key: str, rows: NDArray[np.int64] | None = None
    ) -> tuple[list[T | None], Codes]:
        """Refuse the rows whose result is an error; rows: positions that the codes are of, None for all rows."""
        is_error = np.array([isinstance(result, CellError) for result in results], dtype=bool)
        if is_error.any():
            found = np.flatnonzero(is_error[codes])
            errors = [bad for code in codes[found].tolist() if isinstance(bad := results[code], CellError)]
            self.refuse_each(found if rows is None else rows[found], key, errors)
        return [None if isinstance(result, CellError) else result for result in results], codes

    def decimals(
        self, key: str, parse: Callable[[str], float | CellError], is_spared: Mask | None = None
    ) -> NDArray[np.float64]:
        """Return a column of decimal numbers, NaN where blank; what is not written plainly goes through parse.

        is_spared: rows that are not refused for what parse cannot read, shape (n,) (None: no row).
        """
        column, plain = self._plain_decimals(key)
        numbers = pc.cast(pc.if_else(plain, column, pa.scalar(None, pa.string())), pa.float64())
        values = np.array(numbers.to_numpy(zero_copy_only=False))
        odd = np.flatnonzero(~np.asarray(plain) & np.asarray(pc.not_equal(column, "")))
        texts, codes = encode(column.take(pa.array(odd)))
        judged = slice(None) if is_spared is None else ~is_spared[odd]
        parsed, _ = self._accepted([parse(one) for one in texts], codes[judged], key, odd[judged])
        values[odd] = spread((np.nan if one is None else one for one in parsed), codes, np.nan)
        return values

    def look_at_decimals(self, *keys: str) -> None:
        """Look at long columns of numbers at the same time, before they are asked for one by one."""
        # A short table gains nothing by threads, and where memory is short one may never begin.
        if len(self) >= _AT_ONCE_FROM_ROWS:
            with ThreadPoolExecutor(len(keys)) as pool:
                list(pool.map(self._plain_decimals, keys))

    def odd_decimals(self, key: str) -> list[str]:
        """Return the distinct texts of a column of numbers that are neither blank nor plainly written."""
        column, plain = self._plain_decimals(key)
        return [one for one in pc.unique(column.filter(pc.invert(plain))).to_pylist() if one]

    def _plain_decimals(self, key: str) -> tuple[pa.Array, pa.Array]:
        """Return the trimmed texts of a column and whether each is plainly written."""
        if not self.has(key):
            return pa.repeat("", len(self)), pa.repeat(False, len(self))
        if key not in self._decimals:
            column = pc.utf8_trim_whitespace(self.table.texts(self.key_of(key)))
            self._decimals[key] = column, pc.match_substring_regex(column, r"^-?[0-9]{1,7}(\.[0-9]+)?$")
        return self._decimals[key]


def _without_blanks(texts: pa.Array) -> pa.Array:
    blank = pc.or_(pc.equal(texts, ""), pc.utf8_is_space(texts))
    return pc.if_else(blank, pa.scalar(None, pa.string()), texts)


def part_key(key: str, number: int) -> str:
    """Return the key under which a column of a field with several columns is asked for; number: from 0."""
    return f"{key} {number + 1}" if number else key


def latin_digits(cell: str) -> str:
    """Return a text with Arabic and Urdu digits, decimal sign and the minus sign written in ASCII."""
    return cell.translate(_DIGITS).replace("٫", ".").replace("−", "-")


def spread_arrow(values: Sequence[Any], codes: Codes, kind: pa.DataType) -> pa.Array:
    """Return one value for each row from the value of each distinct text; None is null."""
    return pa.array(values, kind).take(pa.array(codes))


def integers(values: Sequence[int | None], codes: Codes) -> pa.Array:
    """Return one int32 for each row from the value of each distinct text; None is null."""
    return spread_arrow(values, codes, pa.int32())
