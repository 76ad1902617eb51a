"""JSON: replies of the UCDP and ACLED interfaces, and GeoJSON points. Read with the json module only."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from geo.ingest.containers.cell_text import Digits, cell_text
from geo.ingest.containers.encodings import as_utf8
from geo.ingest.containers.geojson import Records, feature_records, known_crs
from geo.ingest.containers.headers import Header
from geo.ingest.containers.rows import RowCollector
from geo.ingest.notes import Note, NoteKind
from geo.ingest.results import ReadOptions
from geo.ingest.tables import CellError, TextTable, checked_columns
from geo.problems import Problem, ProblemCode, RejectedUpload

# Halves of pairs, as most programs write characters beyond the common ones.
_MAY_BE_HALF = re.compile(r"\\u[dD][89a-fA-F]")
_SHOWN = 40
# Where the records stand in the replies of the interfaces that are known.
_RECORD_LISTS = {"Result": "UCDP", "data": "ACLED"}


def read_json(path: Path, folder: Path, file: str, options: ReadOptions, limits: Mapping[str, int]) -> TextTable:
    """Return the records of a JSON file, one a row; rows are numbered by record, first 1.

    Numbers keep the digits that the file has. Raises RejectedUpload: JSON for what is not JSON or holds
    no records, TRUNCATED for a file that ends too early, CRS for a reference system that is not known.
    """
    content = _loaded(as_utf8(path, folder, options, file), file)
    if not isinstance(content, dict):
        raise _rejected("The file is a bare list or value.", file)
    if content.get("type") == "FeatureCollection":
        records, flaws, notes = feature_records(content, known_crs(content, file), file)
    else:
        records, flaws, notes = _reply_records(content, file)
    columns = _columns(records, limits["columns"], file)
    header = Header(checked_columns(columns, file, 1), 0, 1)
    collector = RowCollector(header, file, limits, [*notes, Note(NoteKind.NUMBERED_BY_RECORD)])
    rows = ((row, [cell_text(record.get(name)) for name in columns]) for row, record in enumerate(records, start=1))
    return collector.collect(rows, flaws)


def _loaded(text: Any, file: str) -> Any:
    raw = text.path.read_bytes()[text.skip :].decode("utf-8")
    try:
        content = json.loads(
            raw, parse_float=Digits, parse_int=Digits, parse_constant=_no_constant, object_pairs_hook=_without_repeats
        )
        if _MAY_BE_HALF.search(raw):
            _refuse_half_characters(content)
        return content
    except json.JSONDecodeError as error:
        # A string without an end swallows the rest of the file.
        if error.pos >= len(raw.rstrip()) or error.msg.startswith("Unterminated string"):
            message = f"The file ends in the middle of its content, in line {error.lineno}."
            problem = Problem(ProblemCode.TRUNCATED, message, "The file was cut off: get it again.", file)
            raise RejectedUpload([problem]) from error
        raise _rejected(f"Line {error.lineno}, character {error.colno}: {error.msg}.", file) from error
    except _NotJson as error:
        raise _rejected(str(error), file) from error
    except RecursionError as error:
        raise _rejected("The content is nested too deeply.", file) from error


class _NotJson(ValueError):
    """A part that Python reads but JSON does not allow, or that would lose data."""


def _refuse_half_characters(content: Any) -> None:
    """An escaped half of a pair is no character and can be kept in no table."""
    try:
        json.dumps(content, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        before = str(error.object)[max(error.start - _SHOWN, 0) : error.start]
        half = f"\\u{ord(str(error.object)[error.start]):04x}"
        raise _NotJson(f"A text holds {half}, which is half a character, after {before!r}.") from error


def _no_constant(word: str) -> None:
    raise _NotJson(f"{word} is no JSON number.")


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) < len(pairs):
        names = [name for name, _ in pairs]
        repeated = next(name for name in names if names.count(name) > 1)
        raise _NotJson(f"The name {repeated!r} appears twice in one record.")
    return record


def _reply_records(content: Mapping[str, Any], file: str) -> Records:
    for name, interface in _RECORD_LISTS.items():
        records = content.get(name)
        if isinstance(records, list) and records:
            flaws = {
                row: CellError(ProblemCode.JSON, "The entry is not a record.", "Remove it.")
                for row, record in enumerate(records, start=1)
                if not isinstance(record, dict)
            }
            note = Note(NoteKind.JSON_REPLY, values={"interface": interface})
            return [record if isinstance(record, dict) else {} for record in records], flaws, [note]
        if isinstance(records, list):
            raise RejectedUpload([Problem(ProblemCode.EMPTY, "The list of records is empty.", "", file)])
    raise _rejected("There is no list of records (features, Result or data).", file)


def _columns(records: Sequence[Mapping[str, Any]], most_columns: int, file: str) -> list[str]:
    columns: dict[str, None] = {}
    for record in records:
        columns.update(dict.fromkeys(record))
        if len(columns) > most_columns:
            message = f"The records have more than {most_columns} different names."
            raise RejectedUpload([Problem(ProblemCode.TOO_MANY_COLUMNS, message, "Remove some.", file)])
    if not columns:
        raise RejectedUpload([Problem(ProblemCode.EMPTY, "The records hold nothing.", "Choose another file.", file)])
    return list(columns)


def _rejected(message: str, file: str) -> RejectedUpload:
    hint = "Accepted are GeoJSON points and the replies of the UCDP and ACLED interfaces."
    return RejectedUpload([Problem(ProblemCode.JSON, message, hint, file)])
