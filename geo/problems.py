"""Problems are data: every refusal names file, sheet, row, column, value, rule and remedy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from geo.vocabularies import rows
from geo.wording import Text, _


class ProblemCode(StrEnum):
    """Why a cell, row or file is not accepted. Each code has a fixture and a line in the docs."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    WRONG_TYPE = "wrong_type"
    TYPE_NOT_ACCEPTED = "type_not_accepted"
    TRUNCATED = "truncated"
    ENCODING = "encoding"
    CONTROL_CHARACTER = "control_character"
    QUOTE = "quote"
    COLUMNS = "columns"
    ROW_LENGTH = "row_length"
    DATE = "date"
    DATE_ORDER = "date_order"
    COUNTED = "counted"
    PERSONS = "persons"
    DATE_YEAR = "date_year"
    NUMBER = "number"
    COORDINATES = "coordinates"
    SWAPPED = "swapped"
    OUTSIDE = "outside"
    PLACE_TO_CONFIRM = "place_to_confirm"
    DISTRICT = "district"
    CATEGORY = "category"
    DUPLICATE_ID = "duplicate_id"
    MISSING = "missing"
    DAMAGED_WORKBOOK = "damaged_workbook"
    EXPANDS_TOO_MUCH = "expands_too_much"
    TOO_MANY_COLUMNS = "too_many_columns"
    LINE_TOO_LONG = "line_too_long"
    UNSAFE_XML = "unsafe_xml"
    FORMULA_WITHOUT_VALUE = "formula_without_value"
    CELL = "cell"
    SHEET = "sheet"
    JSON = "json"
    CRS = "crs"
    TIME_LIMIT = "time_limit"
    MEMORY_LIMIT = "memory_limit"
    NOT_FOR_DISTRICTS = "not_for_districts"
    NOT_FOR_INDEX = "not_for_index"
    NOT_COMPARABLE = "not_comparable"
    DISK_FULL = "disk_full"
    STORE = "store"
    DAMAGED_DATA = "damaged_data"
    SETTING = "setting"
    SERVICE = "service"
    PUBLISHED_TOTAL = "published_total"
    NOT_ALLOWED = "not_allowed"


# What the codes of a refused file mean: English source sentences, see geo.wording.
MEANINGS: dict[ProblemCode, str] = {ProblemCode(code): meaning for code, meaning in rows("problems", "code", "meaning")}


@dataclass(frozen=True, slots=True, init=False)
class Problem:
    """One thing that is wrong. `row` is the user's row: the header is row 1. Values are plain text, not markup.

    message, hint: what is wrong and what helps, as sentences that become words when shown (geo.wording).
    """

    code: ProblemCode
    message: Text
    hint: Text
    file: str
    sheet: str
    row: int | None
    column: str
    value: str

    def __init__(
        self,
        code: ProblemCode,
        message: Text | str,
        hint: Text | str = "",
        file: str = "",
        sheet: str = "",
        row: int | None = None,
        column: str = "",
        value: str = "",
    ) -> None:
        # Plain text is accepted, so that a caller without a translated sentence can still name a problem.
        given = (code, as_text(message), as_text(hint), file, sheet, row, column, value)
        for name, one in zip(self.__slots__, given, strict=True):
            object.__setattr__(self, name, one)

    def __str__(self) -> str:
        where = [self.file]
        if self.sheet:
            where.append(_("sheet {sheet}", sheet=self.sheet))
        if self.row is not None:
            where.append(_("row {row:d}", row=self.row))
        if self.column:
            where.append(_('column "{column}"', column=self.column))
        about = [_(", ").join(part for part in where if part), repr(self.value) if self.value else ""]
        hint = f" {self.hint}" if self.hint else ""
        return ": ".join([*(part for part in about if part), f"{self.message}{hint} [{self.code}]"])

    def in_words(self) -> dict[str, str | int | None]:
        """Return the problem as one flat record for tables and JSON reports, message and hint in words."""
        record = {name: getattr(self, name) for name in self.__slots__}
        return record | {"code": self.code.value, "message": str(self.message), "hint": str(self.hint)}

    def record(self) -> dict[str, Any]:
        """Return the problem as JSON values, for files and other processes."""
        return self.in_words() | {"message": self.message.record(), "hint": self.hint.record()}

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Problem:
        """Return the problem that `record` was made of."""
        sentences = {name: Text.from_record(record[name]) for name in ("message", "hint")}
        return cls(**{**record, **sentences, "code": ProblemCode(record["code"])})


def as_text(sentence: Text | str) -> Text:
    """Return a sentence as data; plain text is taken as it is."""
    return Text(sentence) if isinstance(sentence, str) else sentence


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """Problems that differ only in row and value. example: the first. n: how many. rows: the first five of them."""

    example: Problem
    n: int
    rows: tuple[int, ...]

    def record(self) -> dict[str, Any]:
        """Return the kind as JSON values, for files and other processes."""
        return {"example": self.example.record(), "n": self.n, "rows": list(self.rows)}

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> ProblemKind:
        """Return the kind that `record` was made of."""
        return cls(Problem.from_record(record["example"]), record["n"], tuple(record["rows"]))


class AtlasError(Exception):
    """Base of the errors this project raises; carries problems that can be shown to a person."""

    def __init__(
        self, problems: Iterable[Problem], n_total: int | None = None, kinds: Iterable[ProblemKind] = ()
    ) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        # More problems may exist than are carried; the total is always stated, and kinds count all.
        self.n_total = len(self.problems) if n_total is None else n_total
        self.kinds: tuple[ProblemKind, ...] = tuple(kinds)
        super().__init__("; ".join(str(problem) for problem in self.problems[:3]))


class RejectedUpload(AtlasError):
    """A file that is not accepted; nothing in the store has changed."""


def rejected(
    code: ProblemCode,
    message: Text | str,
    hint: Text | str = "",
    file: str = "",
    sheet: str = "",
    row: int | None = None,
    column: str = "",
    value: str = "",
) -> RejectedUpload:
    """Return the refusal of a file for one problem; parameters as for Problem."""
    return RejectedUpload([Problem(code, message, hint, file, sheet, row, column, value)])


class StoreError(AtlasError):
    """The store cannot do what was asked; what was committed before is intact."""


class DamagedData(AtlasError):
    """A shipped or stored file differs from its recorded checksum, or cannot be read."""


class BadSetting(AtlasError):
    """A setting has an unknown name or an unusable value."""
