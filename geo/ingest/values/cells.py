"""The reading of one table: text cells in, typed columns out, every cell that does not fit refused by name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geo.ingest.refusals import Refusals
from geo.ingest.results import ReadOptions
from geo.ingest.tables import CellError, TextTable, is_encoded
from geo.ingest.values.labels import Labels
from geo.problems import ProblemCode
from geo.text import counted, printable

T = TypeVar("T")

# Words that say in a count or coordinate cell that nothing is known. In a text cell they stay text.
NOT_STATED = frozenset(
    {"", "unknown", "not known", "not stated", "not reported", "not available", "n/a", "na", "n.a.", "nan"}
    | {"-", "--", "---", "–", "—", "?"}
)
_WHOLE_FLOAT = re.compile(r"(-?\d+)\.0\Z")
_JOINERS = re.compile(r"_|(?<=\w)-(?=\w)")
_LONGEST_CELL = 40
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")


@dataclass(frozen=True, slots=True, eq=False)
class _RowNote:
    """A note about the rows of a mask; key: of the column whose cell is shown, or ""."""

    where: NDArray[np.bool_]
    text: str
    key: str


class Reading:
    """A table being read with the user's options; collects refusals and notes."""

    def __init__(
        self,
        table: TextTable,
        options: ReadOptions,
        file: str,
        most_shown: int,
        aliases: Mapping[str, str] | None = None,
    ) -> None:
        """aliases: key under which a column is asked for -> key that it has in the table."""
        self.table = table
        self._aliases = dict(aliases or {})
        self.options = options
        self.file = file
        self.refusals = Refusals(table, file, most_shown)
        self._notes: list[str | _RowNote] = list(table.notes)
        self.source_version: str | None = None
        self.snapshot_date: date | None = None
        self._decimals: dict[str, tuple[pa.Array, pa.Array]] = {}
        self._words: dict[str, tuple[list[str], NDArray[np.int64]]] = {}

    def __len__(self) -> int:
        return len(self.table)

    def has(self, key: str) -> bool:
        """Whether the table has this column."""
        return self._key(key) in self.table.keys

    def name_of(self, key: str) -> str:
        """Return the user's name of a column."""
        return self.table.name_of(self._key(key))

    def _key(self, key: str) -> str:
        return self._aliases.get(key, key)

    @property
    def notes(self) -> tuple[str, ...]:
        """What is to be told, each once; rows that are refused by now are not counted."""
        accepted = ~self.refusals.refused
        told = [note if isinstance(note, str) else self._told(note, accepted) for note in self._notes]
        return tuple(dict.fromkeys(filter(None, told)))

    def note(self, text: str) -> None:
        """Keep a note for the user."""
        self._notes.append(text)

    def note_rows(self, where: NDArray[np.bool_], text: str, key: str) -> None:
        """Keep a note about the rows of a mask: how many are accepted in the end, the text, the first and its cell.

        text: what follows "1 row" as well as "2 rows", without a verb: "without an identifier: ...".
        """
        if where.any():
            self._notes.append(_RowNote(where, text, key))

    def _told(self, note: _RowNote, accepted: NDArray[np.bool_]) -> str:
        positions = np.flatnonzero(note.where & accepted)
        if not len(positions):
            return ""
        first, key = int(positions[0]), note.key
        cell = printable(self.table.column(self._key(key))[first].as_py())[:_LONGEST_CELL] if self.has(key) else ""
        shown = f", {cell!r}" if cell else ""
        return f"{counted(len(positions), 'row')} {note.text} First: row {self.table.rows[first]}{shown}."

    def words(self, key: str) -> tuple[list[str], NDArray[np.int64]]:
        """Return the texts of a column, white space trimmed, and the position of each row's text.

        Each text as given is there once; a column that the table does not have reads as blank.
        """
        if key not in self._words:
            self._words[key] = self._distinct(key)
        return self._words[key]

    def text(self, key: str) -> pa.Array:
        """Return a column as given; cells of white space only are null."""
        if not self.has(key):
            return pa.nulls(len(self), pa.string())
        if is_encoded(self.table.column(self._key(key))):
            column = self.table.encoded(self._key(key))
            return _without_blanks(column.dictionary).take(column.indices)
        return _without_blanks(self.table.texts(self._key(key)))

    def matches(self, key: str, test: Callable[[str], bool]) -> NDArray[np.bool_]:
        """Return whether the text of each row of a column passes a test, shape (n,)."""
        words, codes = self.words(key)
        passed: NDArray[np.bool_] = np.array([*map(test, words), False], dtype=bool)[codes]
        return passed

    def refuse(self, where: NDArray[np.bool_], key: str, bad: CellError) -> None:
        """Refuse the rows of a mask for one reason."""
        self.refusals.add(np.flatnonzero(where), self._key(key), bad)

    def refuse_each(self, positions: NDArray[np.int64], key: str, errors: Sequence[CellError]) -> None:
        """Refuse the rows at these positions, each for its own reason, in its own column if it names one."""
        keys = np.array([bad.key or key for bad in errors], dtype=object)
        for named in dict.fromkeys(keys.tolist()):
            where = np.flatnonzero(keys == named)
            self.refusals.add(positions[where], self._key(named), [errors[place] for place in where.tolist()])

    def each(self, key: str, parse: Callable[[str], T | CellError | None]) -> tuple[list[T | None], NDArray[np.int64]]:
        """Parse each distinct text of a column once.

        Returns the results (None where the text was refused) and the position of each row's result.
        """
        return self._parsed(*self.words(key), key, parse)

    def each_of(
        self, texts: pa.Array, key: str, parse: Callable[[str], T | CellError | None]
    ) -> tuple[list[T | None], NDArray[np.int64]]:
        """Parse texts made of several columns like `each`; refusals name the column `key`, or that of their reason."""
        return self._parsed(*_words(texts.dictionary_encode()), key, parse)

    def _parsed(
        self, words: list[str], codes: NDArray[np.int64], key: str, parse: Callable[[str], T | CellError | None]
    ) -> tuple[list[T | None], NDArray[np.int64]]:
        results = [parse(word) for word in words]
        is_error = np.array([isinstance(result, CellError) for result in results], dtype=bool)
        if is_error.any():
            positions = np.flatnonzero(is_error[codes])
            errors = [results[code] for code in codes[positions].tolist()]
            self.refuse_each(positions, key, [bad for bad in errors if isinstance(bad, CellError)])
        return [None if isinstance(result, CellError) else result for result in results], codes

    def decimals(self, key: str, parse: Callable[[str], float | CellError]) -> NDArray[np.float64]:
        """Return a column of decimal numbers, NaN where blank; what is not written plainly goes through parse."""
        column, plain = self._plain_decimals(key)
        values = np.array(
            pc.cast(pc.if_else(plain, column, pa.scalar(None, pa.string())), pa.float64()).to_numpy(
                zero_copy_only=False
            )
        )
        odd = np.flatnonzero(~np.asarray(plain) & np.asarray(pc.not_equal(column, "")))
        texts = column.take(pa.array(odd)).to_pylist()
        parsed = {text: parse(text) for text in set(texts)}
        results = [parsed[text] for text in texts]
        values[odd] = [np.nan if isinstance(result, CellError) else result for result in results]
        bad = np.array([isinstance(result, CellError) for result in results], dtype=bool)
        if bad.any():
            self.refuse_each(odd[bad], key, [result for result in results if isinstance(result, CellError)])
        return values

    def odd_decimals(self, key: str) -> list[str]:
        """Return the distinct texts of a column of numbers that are neither blank nor plainly written."""
        column, plain = self._plain_decimals(key)
        return [text for text in pc.unique(column.filter(pc.invert(plain))).to_pylist() if text]

    def _plain_decimals(self, key: str) -> tuple[pa.Array, pa.Array]:
        """Return the trimmed texts of a column and whether each is plainly written."""
        if not self.has(key):
            return pa.repeat("", len(self)), pa.repeat(False, len(self))
        if key not in self._decimals:
            column = pc.utf8_trim_whitespace(self.table.texts(self._key(key)))
            self._decimals[key] = column, pc.match_substring_regex(column, r"^-?[0-9]{1,7}(\.[0-9]+)?$")
        return self._decimals[key]

    def _distinct(self, key: str) -> tuple[list[str], NDArray[np.int64]]:
        if not self.has(key) or not len(self):
            return ([""] if len(self) else []), np.zeros(len(self), dtype=np.int64)
        words, codes = _words(self.table.encoded(self._key(key)))
        return [word.strip() for word in words], codes


def _words(texts: pa.DictionaryArray) -> tuple[list[str], NDArray[np.int64]]:
    return texts.dictionary.to_pylist(), texts.indices.to_numpy().astype(np.int64)


def _without_blanks(texts: pa.Array) -> pa.Array:
    blank = pc.or_(pc.equal(texts, ""), pc.utf8_is_space(texts))
    return pc.if_else(blank, pa.scalar(None, pa.string()), texts)


def choice(
    reading: Reading, key: str, words: Mapping[str, str], *, blank: str | None, labels: Iterable[str] = ()
) -> Labels:
    """Return the code of each row from a list of accepted words (folded, see folded_word).

    blank: code of an empty cell, or None when a value is required. labels: words to suggest from.
    Refuses other words as CATEGORY, naming the nearest accepted one.
    """

    def parse(word: str) -> str | CellError:
        folded = folded_word(word)
        if not folded:
            return (
                blank
                if blank is not None
                else CellError(ProblemCode.MISSING, "The cell is empty.", "A value is required.")
            )
        code = words.get(folded)
        return code if code is not None else _not_in_list(folded, labels or words)

    results, codes = reading.each(key, parse)
    return Labels([*results, None], codes)


def accepted_words(vocabulary: Mapping[str, str]) -> dict[str, str]:
    """Return what a user may write for each code of a vocabulary: the code or its label, in lower case."""
    words = {folded_word(code): code for code in vocabulary}
    return words | {folded_word(label): code for code, label in vocabulary.items()}


def folded_word(text: str) -> str:
    """Return a word of a list as it is compared: lower case, single spaces for _ and inner -, 1.0 as 1."""
    plain = _WHOLE_FLOAT.sub(r"\1", text.strip())
    return " ".join(_JOINERS.sub(" ", plain.casefold()).split())


def latin_digits(text: str) -> str:
    """Return the text with Arabic and Urdu digits, decimal sign and the minus sign written in ASCII."""
    return text.translate(_DIGITS).replace("٫", ".").replace("−", "-")


def integers(values: list[int | None], codes: NDArray[np.int64]) -> pa.Array:
    """Return one int32 for each row from the value of each distinct text; None is null."""
    return pa.array([*values, None], pa.int32()).take(pa.array(codes))


def _not_in_list(word: str, accepted: Iterable[str]) -> CellError:
    from rapidfuzz import process

    options: list[Any] = [text for text in accepted if text]
    nearest = process.extractOne(word, options, score_cutoff=60)
    hint = f"The nearest accepted word is {nearest[0]!r}." if nearest else ""
    return CellError(ProblemCode.CATEGORY, "The word is not in the list of this column.", hint)
