"""JSON: lists of records, JSON Lines, tables by columns, replies of the UCDP and ACLED APIs, and GeoJSON points."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from geo.ingest.containers.cell_text import cell_text
from geo.ingest.containers.column_names import column_names, spelling_notes
from geo.ingest.containers.encodings import as_utf8
from geo.ingest.containers.geojson import Records, feature_records, known_crs
from geo.ingest.containers.headers import Header, recognised
from geo.ingest.containers.json_shapes import table_of
from geo.ingest.containers.json_values import JsonContent, loaded, not_accepted
from geo.ingest.containers.rows import collect_rows
from geo.ingest.mapping.plain import names_fields
from geo.ingest.notes import Note, NoteKind
from geo.ingest.results import ReadOptions
from geo.ingest.tables import OTHER_FILE, CellError, TextTable, too_many_columns
from geo.problems import ProblemCode, RejectedUpload, rejected
from geo.wording import text

# Member that holds the records in a reply -> the API that sends such replies, and a member of each of its records.
_RECORD_LISTS = {"Result": ("UCDP", "type_of_violence"), "data": ("ACLED", "event_id_cnty")}
# Records within records deeper than this stay JSON text.
_MOST_LEVELS = 8
_TYPES = frozenset({"$oid", "$date", "$numberInt", "$numberLong", "$numberDouble", "$numberDecimal", "$uuid"})
_DEEPEST_LIST = 6  # levels below the reply at which its list of records is looked for


def read_json(path: Path, folder: Path, file: str, options: ReadOptions, limits: Mapping[str, int]) -> TextTable:
    """Return the records of a JSON file, one in each row; rows are numbered by record, first 1.

    Numbers keep the digits that the file has; a record within a record gives columns such as "place.name", a list
    stays JSON text. Raises RejectedUpload: JSON for what is not JSON or holds
    no records, TRUNCATED for a file that ends too early, CRS for a reference system that is not known.
    """
    encoded = as_utf8(path, folder, options, file)
    content = loaded(encoded.path.read_bytes()[encoded.skip :].decode("utf-8"), file)
    try:
        found, flaws, notes = _records(content, file)
        flaws = flaws | {row: line.error for row, line in content.broken.items()}
        records = [_flat(record) if _is_nested(record) else record for record in found]
        example = next(
            (name for flat, record in zip(records, found, strict=True) for name in flat if name not in record), ""
        )
        columns = _columns(records, limits["columns"], file)
        notes = [*notes, *spelling_notes(columns), Note(NoteKind.NUMBERED_BY_RECORD)]
        if example:
            notes.append(Note(NoteKind.RECORDS_IN_RECORDS, values={"example": example}))
        header = Header(column_names(columns), 0, 1)
        return collect_rows(_rows(records, columns, content), header, file, limits, notes, flaws=flaws)
    except RecursionError as error:
        raise not_accepted(text("The content is nested too deeply."), file) from error


def _rows(
    records: Sequence[Mapping[str, Any]], columns: Sequence[str], content: JsonContent
) -> Iterator[tuple[int, list[str]]]:
    """Yield row number and cells; a broken line comes as a cell beyond the columns, so that a person can correct it."""
    for row, record in enumerate(records, start=1):
        further = [content.broken[row].content] if row in content.broken else []
        yield row, [*(cell_text(record.get(name)) for name in columns), *further]


def _records(content: JsonContent, file: str) -> Records:
    table = None if content.is_lines else table_of(content.value)
    if table is not None:
        return table, {}, [Note(NoteKind.JSON_TABLE)]
    value = _as_one_reply(content.value)
    if isinstance(value, dict) and value.get("type") == "Feature":
        value = [value]
    if isinstance(value, dict):
        if value.get("type") == "FeatureCollection":
            return feature_records(value, known_crs(value, file), file)
        return _reply_records(value, file)
    if not isinstance(value, list) or (value and not any(isinstance(one, dict) for one in value)):
        raise not_accepted(text("The file holds no list of records."), file)
    if any(isinstance(one, dict) and any(isinstance(one.get(name), list) for name in _RECORD_LISTS) for one in value):
        raise not_accepted(text("The list holds replies of an API and other values."), file)
    if any(isinstance(one, dict) and one.get("type") == "Feature" and "geometry" in one for one in value):
        return feature_records({"features": value}, known_crs({}, file), file)
    return _listed_records(value, Note(NoteKind.JSON_LINES if content.is_lines else NoteKind.JSON_RECORDS), file)


def _as_one_reply(content: Any) -> Any:
    """Return the pages of one answer, a list of replies as geo.fetch keeps them, as one reply; else what is given."""
    if isinstance(content, list) and content:
        for name in _RECORD_LISTS:
            if all(isinstance(reply, dict) and isinstance(reply.get(name), list) for reply in content):
                return {name: [record for reply in content for record in reply[name]]}
    return content


def _reply_records(content: Mapping[str, Any], file: str) -> Records:
    """Return the records of a reply: of the APIs that are known, else its list of records, which a note names.

    Of several lists, that whose records name a date and a place is meant.
    """
    for name, (interface, sign) in _RECORD_LISTS.items():
        records = content.get(name)
        if isinstance(records, list) and (not records or any(sign in one for one in records if isinstance(one, dict))):
            return _listed_records(records, Note(NoteKind.JSON_REPLY, values={"interface": interface}), file)
    lists = _lists_of_records(content)
    meant = lists if len(lists) == 1 else [one for one in lists if _names_incidents(one[1])]
    if len(lists) > 1 and len(meant) != 1:
        names = ", ".join(name for name, _ in lists)
        raise not_accepted(text("There are several lists of records: {names}. Keep one.", names=names), file)
    if not meant:
        raise not_accepted(text("There is no list of records (features, Result or data)."), file)
    name, records = meant[0]
    return _listed_records(records, Note(NoteKind.JSON_MEMBER, values={"name": name}), file)


def _names_incidents(records: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the first record has the names of a known format, or names of a date and a place."""
    names = column_names(list(_flat(records[0])))
    return recognised(names, len(names)) is not None or names_fields(names)


def _lists_of_records(content: Mapping[str, Any], depth: int = _DEEPEST_LIST) -> list[tuple[str, list[Any]]]:
    """Return the lists of records of a reply, those of its members where it has none itself: (name, records).

    Records of incidents that stand under their identifiers are a list too.
    """
    found = [(name, value) for name, value in content.items() if _is_list_of_records(value)]
    found += [(name, list(value.values())) for name, value in content.items() if _are_keyed_records(value)]
    if found or not depth:
        return found
    members = ((name, value) for name, value in content.items() if isinstance(value, dict))
    return [
        (f"{name}.{inner}", records)
        for name, value in members
        for inner, records in _lists_of_records(value, depth - 1)
    ]


def _is_list_of_records(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)


def _are_keyed_records(value: Any) -> bool:
    return isinstance(value, dict) and _is_list_of_records(list(value.values())) and _names_incidents([*value.values()])


def _listed_records(records: list[Any], note: Note, file: str) -> Records:
    if not records:
        raise rejected(ProblemCode.EMPTY, text("The list of records is empty."), OTHER_FILE, file)
    flaws = {
        row: CellError(ProblemCode.JSON, text("The entry is not a record."), text("Remove it."))
        for row, record in enumerate(records, start=1)
        if not isinstance(record, dict)
    }
    return [record if isinstance(record, dict) else {} for record in records], flaws, [note]


def _is_nested(record: Mapping[str, Any]) -> bool:
    return any(isinstance(value, dict) and value for value in record.values())


def _flat(record: Mapping[str, Any], level: int = 1) -> dict[str, Any]:
    """Return a record whose records became columns "outer.inner"; one that would hide another column stays whole."""
    flat: dict[str, Any] = {}
    for name, given in record.items():
        value = _typed(given)
        parts = {name: value}
        if isinstance(value, dict) and value and level < _MOST_LEVELS:
            inner = {f"{name}.{part}": one for part, one in _flat(value, level + 1).items()}
            parts = inner if inner.keys().isdisjoint(record.keys() | flat.keys()) else parts
        flat |= parts
    return flat


def _typed(value: Any) -> Any:
    """Return the value of {"$numberInt": "3"}, {"$date": ...} and the like, as databases of documents write them."""
    while isinstance(value, dict) and len(value) == 1 and next(iter(value)) in _TYPES:
        value = next(iter(value.values()))
    return value


def _columns(records: Sequence[Mapping[str, Any]], most_columns: int, file: str) -> list[str]:
    columns: dict[str, None] = {}  # a set that keeps the order
    for record in records:
        columns.update(dict.fromkeys(record))
        if len(columns) > most_columns:
            raise RejectedUpload([too_many_columns(len(columns), most_columns, file)])
    if not columns:
        raise rejected(ProblemCode.EMPTY, text("The records are empty."), OTHER_FILE, file)
    return list(columns)
