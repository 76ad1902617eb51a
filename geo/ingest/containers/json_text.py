"""JSON: replies of the UCDP and ACLED APIs, and GeoJSON points. Read with the json module only."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from geo.ingest.containers.cell_text import Digits, cell_text
from geo.ingest.containers.column_names import column_names
from geo.ingest.containers.encodings import EncodedText, as_utf8
from geo.ingest.containers.geojson import Records, feature_records, known_crs
from geo.ingest.containers.headers import Header
from geo.ingest.containers.rows import collect_rows
from geo.ingest.notes import Note, NoteKind
from geo.ingest.results import ReadOptions
from geo.ingest.tables import CUT_OFF, OTHER_FILE, CellError, TextTable, too_many_columns
from geo.problems import ProblemCode, RejectedUpload, rejected
from geo.wording import Text, text

# Half of a surrogate pair; most programs write rare characters as two of them.
_MAY_BE_HALF = re.compile(r"\\u[dD][89a-fA-F]")
_SHOWN = 40
# Member that holds the records in a reply -> the API that sends such replies.
_RECORD_LISTS = {"Result": "UCDP", "data": "ACLED"}


def read_json(path: Path, folder: Path, file: str, options: ReadOptions, limits: Mapping[str, int]) -> TextTable:
    """Return the records of a JSON file, one in each row; rows are numbered by record, first 1.

    Numbers keep the digits that the file has. Raises RejectedUpload: JSON for what is not JSON or holds
    no records, TRUNCATED for a file that ends too early, CRS for a reference system that is not known.
    """
    content = _as_one_reply(_loaded(as_utf8(path, folder, options, file), file))
    if not isinstance(content, dict):
        raise _not_accepted(text("The file is a bare list or value."), file)
    if content.get("type") == "FeatureCollection":
        records, flaws, notes = feature_records(content, known_crs(content, file), file)
    else:
        records, flaws, notes = _reply_records(content, file)
    columns = _columns(records, limits["columns"], file)
    header = Header(column_names(columns), 0, 1)
    notes = [*notes, Note(NoteKind.NUMBERED_BY_RECORD)]
    rows = ((row, [cell_text(record.get(name)) for name in columns]) for row, record in enumerate(records, start=1))
    return collect_rows(rows, header, file, limits, notes, flaws=flaws)


def _loaded(encoded: EncodedText, file: str) -> Any:
    raw = encoded.path.read_bytes()[encoded.skip :].decode("utf-8")
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
            message = text("The file ends in the middle of its content, in line {line:d}.", line=error.lineno)
            raise rejected(ProblemCode.TRUNCATED, message, CUT_OFF, file) from error
        where = {"line": error.lineno, "character": error.colno}
        message = text("Line {line:d}, character {character:d}: {reason}.", **where, reason=error.msg)
        raise _not_accepted(message, file) from error
    except _NotJson as error:
        raise _not_accepted(error.message, file) from error
    except RecursionError as error:
        raise _not_accepted(text("The content is nested too deeply."), file) from error


class _NotJson(ValueError):
    """A part that Python reads but JSON does not allow, or that would lose data."""

    def __init__(self, message: Text) -> None:
        super().__init__(str(message))
        self.message = message


def _refuse_half_characters(content: Any) -> None:
    """Raise _NotJson for an escaped half of a pair: it is not a character, and no table can keep it."""
    try:
        json.dumps(content, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        before = str(error.object)[max(error.start - _SHOWN, 0) : error.start]
        half = f"\\u{ord(str(error.object)[error.start]):04x}"
        message = text("A text holds {half}, which is half a character, after {before!r}.", half=half, before=before)
        raise _NotJson(message) from error


def _no_constant(word: str) -> None:
    raise _NotJson(text("{word} is not a JSON number.", word=word))


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) < len(pairs):
        names = [name for name, _ in pairs]
        repeated = next(name for name in names if names.count(name) > 1)
        raise _NotJson(text("The name {name!r} appears twice in one record.", name=repeated))
    return record


def _as_one_reply(content: Any) -> Any:
    """Return the pages of one answer, a list of replies as geo.fetch keeps them, as one reply; else what is given."""
    if isinstance(content, list) and content:
        for name in _RECORD_LISTS:
            if all(isinstance(reply, dict) and isinstance(reply.get(name), list) for reply in content):
                return {name: [record for reply in content for record in reply[name]]}
    return content


def _reply_records(content: Mapping[str, Any], file: str) -> Records:
    for name, interface in _RECORD_LISTS.items():
        records = content.get(name)
        if isinstance(records, list) and records:
            flaws = {
                row: CellError(ProblemCode.JSON, text("The entry is not a record."), text("Remove it."))
                for row, record in enumerate(records, start=1)
                if not isinstance(record, dict)
            }
            note = Note(NoteKind.JSON_REPLY, values={"interface": interface})
            return [record if isinstance(record, dict) else {} for record in records], flaws, [note]
        if isinstance(records, list):
            raise rejected(ProblemCode.EMPTY, text("The list of records is empty."), OTHER_FILE, file)
    raise _not_accepted(text("There is no list of records (features, Result or data)."), file)


def _columns(records: Sequence[Mapping[str, Any]], most_columns: int, file: str) -> list[str]:
    columns: dict[str, None] = {}  # a set that keeps the order
    for record in records:
        columns.update(dict.fromkeys(record))
        if len(columns) > most_columns:
            raise RejectedUpload([too_many_columns(len(columns), most_columns, file)])
    if not columns:
        raise rejected(ProblemCode.EMPTY, text("The records are empty."), OTHER_FILE, file)
    return list(columns)


def _not_accepted(message: Text, file: str) -> RejectedUpload:
    hint = text("Accepted are GeoJSON points and the replies of the UCDP and ACLED APIs.")
    return rejected(ProblemCode.JSON, message, hint, file)
