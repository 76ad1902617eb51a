"""How a table of no known format is read: mappings that are named, checked, saved and shared."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from geo.ingest.mapping.fields import FIELDS
from geo.ingest.mapping.toll_columns import SUMMED_FIELDS
from geo.ingest.results import CHOICES, ReadOptions
from geo.ingest.values.words import VOCABULARIES
from geo.problems import Problem, ProblemCode, RejectedUpload, rejected
from geo.text import quoted, quoted_all
from geo.wording import text

# Of months alone the year is asked.
_DATES, _PLACES = (
    frozenset({"date", "year", "month"}),
    frozenset({"district", "place", "pcode", "point", "description"}),
)
WORD_FIELDS = (*VOCABULARIES, "group", "district")
_ANSWERS = ("date_order", "decimal_mark", "initiator")
_PARTS = {"name", "columns", "values", *_ANSWERS}


# Field -> name of its column, or the names of several columns that are its parts.
Columns = Mapping[str, "str | Sequence[str]"]


def names_of(columns: Columns, field_name: str) -> tuple[str, ...]:
    """Return the columns that are assigned to a field, in the order in which they are summed."""
    given = columns.get(field_name, ())
    return (given,) if isinstance(given, str) else tuple(given)


def all_names(columns: Columns) -> tuple[str, ...]:
    """Return every column that is assigned to a field."""
    return tuple(name for field_name in columns for name in names_of(columns, field_name))


@dataclass(frozen=True, slots=True)
class NamedMapping:
    """How one kind of table is read.

    columns: field -> column name, or names for a field that is their sum (SUMMED_FIELDS).
    values: field -> {word of the table: code}; fields are those of WORD_FIELDS,
    codes are those of geo.schema, group keys or P-codes. date_order, decimal_mark, initiator: see ReadOptions.
    """

    name: str
    columns: Columns
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    date_order: str | None = None
    decimal_mark: str | None = None
    initiator: str | None = None

    def options(self, base: ReadOptions | None = None) -> ReadOptions:
        """Return read options that use this mapping; answers given in `base` win."""
        given = base or ReadOptions()
        return replace(
            given,
            mapping=dict(self.columns),
            values={
                name: {**self.values.get(name, {}), **(given.values or {}).get(name, {})}
                for name in (*self.values, *(given.values or {}))
            },
            date_order=given.date_order or self.date_order,
            decimal_mark=given.decimal_mark or self.decimal_mark,
            initiator=given.initiator or self.initiator,
        )


def to_toml(mapping: NamedMapping) -> str:
    """Return a mapping as TOML text, to be saved or shared."""
    single = {name: getattr(mapping, name) for name in ("name", *_ANSWERS)}
    lines = [f"{name} = {quoted(value)}" for name, value in single.items() if value is not None]
    for title, entries in (("columns", mapping.columns), *((f"values.{k}", v) for k, v in mapping.values.items())):
        lines += ["", f"[{title}]", *(f"{quoted(key)} = {quoted_all(value)}" for key, value in entries.items())]
    return "\n".join(lines) + "\n"


def from_toml(content: str, file: str = "") -> NamedMapping:
    """Return the mapping of a TOML text; raises RejectedUpload with everything in it that is not usable."""
    try:
        parts = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        message = text("This is not a mapping: {reason}.", reason=str(error))
        raise rejected(ProblemCode.WRONG_TYPE, message, text("It is a TOML file."), file) from error
    columns: Any = parts.get("columns")
    values = parts.get("values", {})
    tables = [_plain(columns), values, *(values.values() if isinstance(values, dict) else ())]
    single = [parts.get(name, "") for name in ("name", *_ANSWERS)]
    has_types = all(isinstance(table, dict) for table in tables) and all(isinstance(one, str) for one in single)
    has_types = has_types and all(isinstance(name, str) for name in _plain(columns).values())
    if not has_types or set(parts) - _PARTS:
        hint = text("It may have {parts}.", parts=", ".join(sorted(_PARTS)))
        message = text("The mapping has unknown parts or lacks its columns.")
        raise rejected(ProblemCode.WRONG_TYPE, message, hint, file)
    columns = {key: tuple(value) if isinstance(value, list) else value for key, value in columns.items()}
    mapping = NamedMapping(parts.get("name", ""), columns, values, *(parts.get(name) for name in _ANSWERS))
    problems = [*_wrong_answers(parts, file), *mapping_problems(mapping.columns, mapping.values, file)]
    if problems:
        raise RejectedUpload(problems)
    return mapping


def states_date_and_place(columns: Collection[str]) -> bool:
    """Whether fields are enough to place an incident in time and space."""
    return bool(_DATES & set(columns)) and states_place(columns)


def states_place(columns: Collection[str]) -> bool:
    """Whether fields are enough to place an incident; of a description, a person confirms the place of each row."""
    return bool(_PLACES & set(columns)) or {"latitude", "longitude"} <= set(columns)


def _plain(columns: Any) -> Any:
    """Return the columns of a mapping with lists of texts as one text, so that they can be checked like the others."""
    if not isinstance(columns, dict):
        return columns
    return {
        key: "" if isinstance(value, list) and value and all(isinstance(one, str) for one in value) else value
        for key, value in columns.items()
    }


def mapping_problems(columns: Columns, values: Mapping[str, Mapping[str, str]], file: str) -> list[Problem]:
    """Return what is wrong with a mapping, whatever the table: unknown fields and codes, no date, no place."""
    hint = text("Known fields: {fields}.", fields=", ".join(FIELDS))
    problems = [
        Problem(ProblemCode.COLUMNS, text("There is no such field."), hint, file, value=name)
        for name in columns
        if name not in FIELDS
    ]
    problems += [
        Problem(
            ProblemCode.COLUMNS,
            text("Only a count of people may be the sum of several columns: {field} takes one column.", field=name),
            file=file,
            value=", ".join(names_of(columns, name)),
        )
        for name in columns
        if name in FIELDS and name not in SUMMED_FIELDS and len(names_of(columns, name)) > 1
    ]
    if not _DATES & set(columns):
        message, hint = text("No column is assigned to the date."), text("Assign date or year.")
        problems.append(Problem(ProblemCode.MISSING, message, hint, file))
    if not states_place(columns):
        message = text("No column is assigned to the place.")
        hint = text("Assign district, P-code, place, coordinates, or the text of the report.")
        problems.append(Problem(ProblemCode.MISSING, message, hint, file))
    for name, words in values.items():
        for word, code in words.items():
            if not is_code(name, code):
                message = text("{code!r} is not a code of {field}.", code=code, field=name)
                hint = text("Choose one of the list.")
                problems.append(Problem(ProblemCode.CATEGORY, message, hint, file, value=word))
    return problems


def _wrong_answers(parts: Mapping[str, Any], file: str) -> list[Problem]:
    problems = []
    for name in _ANSWERS:
        if parts.get(name) not in (None, *CHOICES[name]):
            hint = text("It may be {choices}.", choices=" or ".join(CHOICES[name]))
            message = text("There is no such answer.")
            problems.append(Problem(ProblemCode.WRONG_TYPE, message, hint, file, column=name, value=parts[name]))
    return problems


def is_code(field_name: str, code: object) -> bool:
    """Whether a word of a field (WORD_FIELDS) may mean this."""
    from geo.districts import group_names, resolve

    if not isinstance(code, str):
        return False
    if field_name == "group":
        return code in group_names()
    if field_name == "district":
        return code.startswith("PK") and resolve(code).pcode == code
    return code in VOCABULARIES.get(field_name, {})
