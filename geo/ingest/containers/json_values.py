"""The values of a JSON text or of JSON Lines; read with the json module only, numbers keep their digits."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from geo.ingest.containers.cell_text import Digits
from geo.ingest.containers.marks import NO_MEANING
from geo.ingest.tables import CUT_OFF, CellError
from geo.problems import ProblemCode, RejectedUpload, rejected
from geo.wording import Text, text

# Half of a surrogate pair; most programs write rare characters as two of them.
_MAY_BE_HALF = re.compile(r"\\u[dD][89a-fA-F]")
_HALF = re.compile("[\ud800-\udfff]")


class BrokenLine(NamedTuple):
    """A line of JSON Lines that is no record, and why."""

    content: str
    error: CellError


@dataclass(frozen=True, slots=True)
class JsonContent:
    """What a JSON file holds.

    value: of the document, or the list of the values of its lines, in which a broken line is None.
    broken: place in that list, first 1 -> the line.
    """

    value: Any
    is_lines: bool = False
    broken: Mapping[int, BrokenLine] = field(default_factory=dict)


class _NotJson(ValueError):
    """A part that Python reads but JSON does not allow, or that would lose data."""

    def __init__(self, message: Text) -> None:
        super().__init__(str(message))
        self.message = message


def loaded(raw: str, file: str) -> JsonContent:
    """Return the values of a text.

    Raises RejectedUpload: JSON for what is neither JSON nor mostly lines of it, TRUNCATED if it ends too early.
    """
    try:
        return JsonContent(_value(raw))
    except json.JSONDecodeError as error:
        lines = _lines(raw)
        if lines is not None:
            return lines
        if _ends_early(error, raw):
            message = text("The file ends in the middle of its content, in line {line:d}.", line=error.lineno)
            raise rejected(ProblemCode.TRUNCATED, message, CUT_OFF, file) from error
        where = {"line": error.lineno, "character": error.colno}
        message = text("Line {line:d}, character {character:d}: {reason}.", **where, reason=error.msg)
        raise not_accepted(message, file) from error
    except _NotJson as error:
        raise not_accepted(error.message, file) from error
    except RecursionError as error:
        raise not_accepted(text("The content is nested too deeply."), file) from error


def not_accepted(message: Text, file: str) -> RejectedUpload:
    """Return the refusal of a JSON file that holds no table."""
    hint = text("Accepted are lists of records, JSON Lines, GeoJSON points and the replies of the UCDP and ACLED APIs.")
    return rejected(ProblemCode.JSON, message, hint, file)


def _value(raw: str) -> Any:
    value = json.loads(
        raw,
        parse_float=Digits,
        parse_int=Digits,
        parse_constant=_no_constant,
        object_pairs_hook=_without_repeats,
        strict=False,  # control characters are marked later
    )
    return _whole(value) if _MAY_BE_HALF.search(raw) else value


def _lines(raw: str) -> JsonContent | None:
    """Return the lines of JSON Lines, or None if there are not several or most of them are no records."""
    lines = [line for line in raw.split("\n") if line.strip()]
    values: list[Any] = []
    broken: dict[int, BrokenLine] = {}
    for number, line in enumerate(lines, start=1):
        try:
            values.append(_value(line))
        except (json.JSONDecodeError, _NotJson, RecursionError) as error:
            values.append(None)
            is_cut = number == len(lines) and not raw.endswith("\n") and _ends_early(error, line)
            broken[number] = BrokenLine(line, _cut_line(number) if is_cut else _no_record(error))
    n_records = sum(isinstance(value, dict) for value in values)
    return JsonContent(values, True, broken) if len(lines) > 1 and n_records * 2 > len(lines) else None


def _cut_line(number: int) -> CellError:
    message = text("The file ends in the middle of this row; the last whole row is {last_row:d}.", last_row=number - 1)
    return CellError(ProblemCode.TRUNCATED, message, CUT_OFF)


def _no_record(error: Exception) -> CellError:
    reason = error.message if isinstance(error, _NotJson) else text("The line is not JSON.")
    return CellError(ProblemCode.JSON, reason, text("Correct or remove it."))


def _ends_early(error: Exception, raw: str) -> bool:
    """Whether a text is the beginning of JSON; a string without an end swallows the rest of it."""
    if not isinstance(error, json.JSONDecodeError):
        return False
    return error.pos >= len(raw.rstrip()) or error.msg.startswith("Unterminated string")


def _whole(value: Any) -> Any:
    """Return a value in which escaped halves of characters are NO_MEANING: no table can keep a half."""
    if isinstance(value, dict):
        return _without_repeats([(_HALF.sub(NO_MEANING, name), _whole(one)) for name, one in value.items()])
    if isinstance(value, list):
        return [_whole(one) for one in value]
    return _HALF.sub(NO_MEANING, value) if type(value) is str else value


def _no_constant(word: str) -> None:
    raise _NotJson(text("{word} is not a JSON number.", word=word))


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) < len(pairs):
        names = [name for name, _ in pairs]
        repeated = next(name for name in names if names.count(name) > 1)
        raise _NotJson(text("The name {name!r} appears twice in one record.", name=repeated))
    return record
