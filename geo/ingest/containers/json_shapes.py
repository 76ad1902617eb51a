"""Tables that JSON holds in another shape than a list of records, as pandas, R and spreadsheet services write them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from geo.ingest.containers.column_names import column_names

_FEWEST_COLUMNS = 2
Records = list[Mapping[str, Any]]


def table_of(value: Any) -> Records | None:
    """Return the records of a table in one of these shapes, else None.

    By columns, {"date": {"0": ..}} or {"date": [..]}; by row numbers, {"0": {"date": ..}}; names and rows apart,
    {"columns": [..], "data": [[..]]}, also as kepler.gl saves the data of a map; rows of which the first holds the
    names, [[..], [..]] or {"values": [[..], [..]]}.
    """
    if isinstance(value, list):
        return _of_rows(value)
    if not isinstance(value, dict):
        return None
    if _are_rows(value.get("data")) and isinstance(value.get("columns"), list):
        return _of_rows([value["columns"], *value["data"]])
    if isinstance(value.get("datasets"), list):
        return _of_map(value["datasets"])
    if "values" in value and not _has_columns(value):
        return _of_rows(value["values"])
    return _of_numbered(value) if _has_columns(value) else None


def _has_columns(value: Mapping[str, Any]) -> bool:
    """Whether every member is a part of one table: all are records, or all are lists of one length."""
    parts = list(value.values())
    if len(parts) < _FEWEST_COLUMNS:
        return False
    if all(isinstance(part, dict) and part for part in parts):
        return _are_numbers(value) or all(_are_numbers(part) for part in parts)
    are_lists = all(isinstance(part, list) and part for part in parts)
    return are_lists and len({len(part) for part in parts}) == 1 and not any(map(_holds_parts, parts))


def _of_numbered(value: Mapping[str, Any]) -> Records:
    if _are_numbers(value):
        return [dict(record) for record in value.values()]
    # A row that a column leaves out is blank there.
    columns = {name: part if isinstance(part, dict) else dict(enumerate(part)) for name, part in value.items()}
    numbers = dict.fromkeys(number for column in columns.values() for number in column)
    return [{name: column.get(number) for name, column in columns.items()} for number in numbers]


def _of_map(datasets: Sequence[Any]) -> Records | None:
    """Return the records of the first data set of a map that was saved by kepler.gl."""
    for dataset in datasets:
        data = dataset.get("data") if isinstance(dataset, dict) else None
        if isinstance(data, dict) and isinstance(data.get("fields"), list) and _are_rows(data.get("allData")):
            names = [field.get("name") if isinstance(field, dict) else None for field in data["fields"]]
            return _of_rows([names, *data["allData"]])
    return None


def _of_rows(rows: Any) -> Records | None:
    """Return the records of rows of which the first holds the names."""
    if not _are_rows(rows) or len(rows) < 2 or not all(type(name) is str for name in rows[0]):
        return None
    names = column_names([*rows[0], *[""] * (max(map(len, rows)) - len(rows[0]))])
    return [dict(zip(names, row, strict=False)) for row in rows[1:]]


def _are_rows(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, list) and row for row in value)


def _are_numbers(value: Mapping[str, Any]) -> bool:
    return all(name.isdecimal() for name in value)


def _holds_parts(values: Sequence[Any]) -> bool:
    return any(isinstance(one, dict | list) for one in values)
