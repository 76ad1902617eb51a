"""The texts that a brief carries: the data of its map, its settings, and a record of every word and number of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from geo.figure.brief import Brief, Cell, Table
from geo.figure.sheet import BRIEF, DATA, SETTINGS, Sheet, digest, record_of, rows_of, sheet_of_record

_SHEETS = ("locator", "timeline")


def files_of(brief: Brief) -> dict[str, str]:
    """Return the texts from which a brief can be drawn again, by file name."""
    data = brief.main_map.data()
    record: dict[str, Any] = {**asdict(brief), "day": brief.day.isoformat()}
    del record["settings"]
    # The rows of the map are the file of data.
    record["main_map"] = _sheet_record(brief.main_map) | {"rows": []}
    record |= {name: _sheet_record(sheet) if (sheet := getattr(brief, name)) else None for name in _SHEETS}
    record["pair"] = [_sheet_record(sheet) for sheet in brief.pair] if brief.pair else None
    record["sha256"] = {DATA: digest(data), SETTINGS: digest(brief.settings)}
    text = json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    return {DATA: data, SETTINGS: brief.settings, BRIEF: text}


def brief_from(files: Mapping[str, str]) -> Brief:
    """Return the brief that `files_of` wrote; raises ValueError, TypeError or KeyError for texts that are none."""
    record = json.loads(files[BRIEF])
    record.pop("sha256", None)
    header, rows = rows_of(files[DATA])
    main_map = _sheet({**record["main_map"], "rows": rows})
    if header != main_map.columns:
        raise ValueError("not the columns of a map")
    sheets = {name: _sheet(record[name]) if record[name] else None for name in _SHEETS}
    texts = {name: tuple(map(str, record[name])) for name in ("lines", "answer", "limits")}
    pair = tuple(map(_sheet, record["pair"])) if record["pair"] else None
    if pair is not None and len(pair) != 2:
        raise ValueError("not two maps")
    return Brief(
        **{
            **record,
            **texts,
            **sheets,
            "main_map": main_map,
            "pair": pair,
            "day": date.fromisoformat(record["day"]),
            "settings": files[SETTINGS],
            "numbers": tuple((str(a), str(b), str(c)) for a, b, c in record["numbers"]),
            "facts": tuple((str(a), str(b)) for a, b in record["facts"]),
            "evidence": tuple((str(heading), _cells(said)) for heading, said in record["evidence"]),
            "ranking": _table(record["ranking"]),
            "incidents": _table(record["incidents"]),
            "headings": {str(key): str(said) for key, said in record["headings"].items()},
        }
    )


def _sheet_record(sheet: Sheet) -> dict[str, Any]:
    return record_of(sheet) | {"rows": sheet.rows, "settings": sheet.settings}


def _sheet(record: Mapping[str, Any]) -> Sheet:
    return sheet_of_record(record, tuple(tuple(map(str, row)) for row in record["rows"]), str(record["settings"]))


def _cells(row: list[dict[str, str]]) -> tuple[Cell, ...]:
    return tuple(Cell(str(cell["text"]), str(cell["url"])) for cell in row)


def _table(record: dict[str, Any] | None) -> Table | None:
    if record is None:
        return None
    lists = {name: tuple(record[name]) for name in ("heads", "widths", "numbers")}
    return Table(**{**record, **lists, "rows": tuple(map(_cells, record["rows"]))})
