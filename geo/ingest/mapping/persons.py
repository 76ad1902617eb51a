"""Lists of victims, one row a person: rows of one date, place and number are an incident; no name is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import pyarrow as pa

from geo.districts import load
from geo.ingest.formats import is_own_table
from geo.ingest.mapping.mappings import Columns, all_names, names_of, states_date_and_place
from geo.ingest.mapping.person_columns import (
    bare_names,
    count_events,
    describing_columns,
    has_persons,
    naming_columns,
    numbers_incidents,
    telling_columns,
)
from geo.ingest.mapping.plain import columns_of
from geo.ingest.mapping.toll_columns import SUMMED_FIELDS, are_counts, toll_head
from geo.ingest.mapping.uneven_rows import line_without
from geo.ingest.notes import Note, NoteKind
from geo.ingest.results import ReadOptions
from geo.ingest.tables import CellError, TextTable, header_key, plain_texts
from geo.ingest.values.date_days import parse_date
from geo.ingest.values.evidence import Evidence
from geo.problems import ProblemCode, RejectedUpload, rejected
from geo.text import normalise_name
from geo.wording import text, text_n

_KILLED, _INJURED = "Killed", "Injured"
_DAYS = ("date", "date_end", "year", "month", "day")
_PLACES = ("district", "pcode", "province", "place", "latitude", "longitude", "point")
_FATE_NAMES = frozenset({"status", "fate", "condition", "outcome", "result", "victim_status", "injury", "حالت"})
_DIED = frozenset({"died", "deceased", "expired", "death", "killed", "جاں بحق", "شہید", "ہلاک"})


@dataclass(frozen=True, slots=True)
class _List:
    """A list of persons. columns: field -> columns. groups: key of date, place and number -> positions of its rows."""

    columns: Columns
    groups: Mapping[tuple[str, ...], Sequence[int]]


def as_incidents(table: TextTable, options: ReadOptions, file: str, evidence: Evidence | None = None) -> TextTable:
    """Return a list of persons as a table of incidents with a column of people killed; others unchanged.

    The columns that tell who a person is are left out of every table with persons that is of no publisher's format; a
    note names them. Raises RejectedUpload (PERSONS) as long as nobody has said whether a row is a person
    (ReadOptions.counted).
    """
    if not is_own_table(table.columns) or not len(table):
        return table
    columns = options.mapping or columns_of(table) or {}
    if not has_persons(table):
        named = naming_columns(table.columns)
        # What "Name" holds is not known as long as a person may have to say where the places are.
        bare = bare_names(table.columns) if states_date_and_place(columns) else ()
        bare = tuple(name for name in bare if name not in all_names(columns))
        return _with_names_of_events(table, named, bare, columns, evidence or Evidence())
    found = _persons(table, columns)
    places = {name for field in _PLACES for name in names_of(columns, field)}
    telling = [name for name in telling_columns(table) if name not in places]
    if found is None:
        return _without(table, telling)
    if options.counted is None:
        raise _asked(table, found, file)
    if options.counted == "incidents":
        return _without(table, telling)
    left = dict.fromkeys((*telling, *describing_columns(table.columns)))
    return _without(_counted(table, found), tuple(left))


def _with_names_of_events(
    table: TextTable, named: Sequence[str], bare: Sequence[str], columns: Columns, evidence: Evidence
) -> TextTable:
    """Return a table that is no list of persons without the columns that name one.

    named: columns that do by their names. bare: columns called "Name", which stay where they name events or places.
    """
    keys = {name: table.key_of(name) or "" for name in bare if name not in named}
    kept = [
        name for name, key in keys.items() if evidence.verdict("names_of_events", key, *count_events(table.sample(key)))
    ]
    left = [name for name in (*named, *bare) if name not in kept and name not in all_names(columns)]
    found = _without(table, list(dict.fromkeys(left)))
    if not kept:
        return found
    return replace(found, notes=(*found.notes, Note(NoteKind.NAMES_OF_EVENTS, values={"columns": ", ".join(kept)})))


def fitted(columns: Columns, table: TextTable) -> Columns:
    """Return a mapping as it fits what `as_incidents` made: with its counts of people, without the columns left out."""
    kinds = {note.kind for note in table.notes}
    made = {"killed_total": _KILLED, "injured_total": _INJURED} if NoteKind.PERSONS_COUNTED in kinds else {}
    counts = {field: name for field, name in made.items() if name in table.columns}
    if NoteKind.PERSONS_LEFT_OUT not in kinds:
        return {**columns, **counts}
    kept = {field: tuple(name for name in names_of(columns, field) if table.key_of(name)) for field in columns}
    return {field: names[0] if len(names) == 1 else names for field, names in kept.items() if names} | counts


def _persons(table: TextTable, columns: Columns) -> _List | None:
    """Return the list of persons that a table with persons is, or None: it states a date and a place, and no toll."""
    telling = {*telling_columns(table)}
    tolls = [
        name
        for name, key in zip(table.columns, table.keys, strict=True)
        if name not in telling and (head := toll_head(name)) and head.verb and are_counts(table.sample(key))
    ]
    is_counted = bool(tolls) or any(set(names_of(columns, field)) - telling for field in (*SUMMED_FIELDS, "n_events"))
    if is_counted or not states_date_and_place(columns):
        return None
    return _List(columns, _groups(table, columns))


def _groups(table: TextTable, columns: Columns) -> dict[tuple[str, ...], list[int]]:
    def cells(names: Sequence[str], plain: Callable[[str], str]) -> list[list[str]]:
        keys = [key for name in names if (key := table.key_of(name))]
        return [[plain(cell) for cell in table.texts(key).to_pylist()] for key in keys]

    def stated(*fields: str) -> list[str]:
        return [name for field in fields for name in names_of(columns, field)]

    days = cells(stated("date", "day"), _plain_day)
    others = cells(stated(*(field for field in _DAYS if field not in ("date", "day"))), str.casefold)
    districts = cells(stated("district"), _plain_district)
    places = cells(stated(*(field for field in _PLACES if field != "district")), normalise_name)
    n_rows, groups = len(table), dict[tuple[str, ...], list[int]]()
    day_of = list(zip(*days, strict=True)) if days else [()] * n_rows
    for position, one in enumerate(zip(*days, *others, *districts, *places, strict=True)):
        # Two people of one month may be of two incidents.
        own = one if any(day_of[position]) else (str(position),)
        groups.setdefault(own, []).append(position)
    numbers = cells([name for name in table.columns if numbers_incidents(name)], normalise_name)
    # An "ID" without a repeat may number the people.
    numbers += [column for column in cells(stated("incident_id"), normalise_name) if _has_repeats(column)]
    return _by_number(groups, numbers)


def _by_number(
    groups: Mapping[tuple[str, ...], list[int]], numbers: Sequence[Sequence[str]]
) -> dict[tuple[str, ...], list[int]]:
    """Return groups of rows whose rows with different numbers of incidents are apart; numbers: one text a row each."""
    found: dict[tuple[str, ...], list[int]] = {}
    for key, positions in groups.items():
        # One number beside blank cells is that of the whole group.
        telling = [column for column in numbers if len({column[position] for position in positions} - {""}) > 1]
        for position in positions:
            found.setdefault((*key, *(column[position] for column in telling)), []).append(position)
    return found


def _has_repeats(cells: Sequence[str]) -> bool:
    stated = [cell for cell in cells if cell]
    return len(set(stated)) < len(stated)


def _plain_day(cell: str) -> str:
    """Return a day, the text of one that can be read in two ways, or "" for a month, a year or nothing."""
    found = parse_date(cell.strip())
    if isinstance(found, CellError):
        return " ".join(cell.split()).casefold()
    return f"{found.start} {found.end}" if found.precision not in ("month", "year") else ""


def _plain_district(cell: str) -> str:
    """Return the P-code of a district; a place within it, such as "Mir Ali", stays as it is written."""
    names = load().aliases
    found = names.resolve(cell, is_exact=True)
    is_district = found.method == "source_admin" or names.kind(cell) not in ("", "place")
    return (found.pcode if is_district else None) or normalise_name(cell)


def _asked(table: TextTable, found: _List, file: str) -> RejectedUpload:
    signs = (*telling_columns(table), *describing_columns(table.columns))
    message = text("Each row looks like a person: the table has the columns {columns}.", columns=", ".join(signs))
    hint = text_n(
        "If each row is a person killed, the {rows} rows are {n} incident: "
        "rows with the same date, place and (if stated) incident or FIR number are one. "
        "Names of persons are left out either way.",
        "If each row is a person killed, the {rows} rows are {n} incidents: "
        "rows with the same date, place and (if stated) incident or FIR number are one. "
        "Names of persons are left out either way.",
        len(found.groups),
        rows=len(table),
        proposed="people",
    )
    return rejected(ProblemCode.PERSONS, message, hint, file, table.sheet)


def _counted(table: TextTable, found: _List) -> TextTable:
    """Return a table with a row for each date and place; other texts in which its rows differ follow one another."""
    fates = _fates(table, found)
    counts = [Counter(fates[position] for position in group) for group in found.groups.values()]
    first = [group[0] for group in found.groups.values()]
    keys = {name for field in (*_DAYS, *_PLACES) for name in names_of(found.columns, field)}
    cells = [
        _joined(
            plain_texts(column).to_pylist(), [group[:1] if name in keys else group for group in found.groups.values()]
        )
        for name, column in zip(table.columns, table.cells.columns, strict=True)
    ]
    made = {_KILLED: [_figure(one["killed"], one["unknown"]) for one in counts]}
    if any(one["injured"] for one in counts):
        made[_INJURED] = [_figure(one["injured"], one["unknown"]) for one in counts]
    width = len(table.columns)
    columns = [*cells, *made.values()]
    note = Note(NoteKind.PERSONS_COUNTED, len(first), values={"rows": len(table)})
    n_unknown = sum(one["unknown"] for one in counts)
    notes = [note, *([Note(NoteKind.PERSONS_UNKNOWN, n_unknown)] if n_unknown else [])]
    return replace(
        table,
        columns=(*table.columns, *made),
        cells=pa.table({str(place): pa.array(column, pa.string()) for place, column in enumerate(columns)}),
        rows=table.rows[np.array(first, dtype=np.int64)],
        malformed=tuple(
            line._replace(cells=(*line.cells[:width], *[""] * len(made), *line.cells[width:]))
            if len(line.cells) > width
            else line
            for line in table.malformed
        ),
        notes=(*table.notes, *notes),
    )


def _fates(table: TextTable, found: _List) -> list[str]:
    """Return "killed", "injured" or "unknown" for each row: as a column says it, else killed, as was answered.

    In a column of fates, by its name or half of its cells, other words leave it open whether a person died.
    """
    used = {*all_names(found.columns), *telling_columns(table)}
    texts = {name: table.texts(key).to_pylist() for name, key in zip(table.columns, table.keys, strict=True)}
    said = {name: [_fate(cell) for cell in cells] for name, cells in texts.items() if name not in used}
    n_said = {name: sum(map(bool, fates)) for name, fates in said.items()}
    name = max(n_said, key=n_said.__getitem__, default="")
    if not n_said.get(name):
        return ["killed"] * len(table)
    n_stated = sum(bool(cell.strip()) for cell in texts[name])
    is_of_fates = header_key(name) in _FATE_NAMES or 2 * n_said[name] >= n_stated
    return [fate or ("unknown" if is_of_fates else "killed") for fate in said[name]]


@lru_cache(maxsize=4096)
def _fate(cell: str) -> str:
    head = toll_head(cell)
    if head is not None and head.verb:
        return "injured" if head.verb == "injured" else "killed"
    return "killed" if normalise_name(cell) in _DIED else ""


def _figure(n: int, n_unknown: int) -> str:
    if not n_unknown:
        return str(n)
    return f"{n}+" if n else ""


def _joined(texts: Sequence[str], groups: Sequence[Sequence[int]]) -> list[str]:
    return ["; ".join(dict.fromkeys(filter(str.strip, (texts[position] for position in group)))) for group in groups]


def _without(table: TextTable, names: Sequence[str]) -> TextTable:
    """Return a table without columns about persons; a note names them. Rows that do not fit keep what names nobody."""
    if not names:
        return table
    left = [place for place, name in enumerate(table.columns) if name in names]
    kept = [place for place, name in enumerate(table.columns) if name not in names]
    cells = pa.Table.from_arrays(
        [table.cells.column(place) for place in kept], names=[str(k) for k in range(len(kept))]
    )
    return replace(
        table,
        columns=tuple(table.columns[place] for place in kept),
        cells=cells,
        malformed=tuple(line_without(line, left, len(table.columns)) for line in table.malformed),
        notes=(*table.notes, Note(NoteKind.PERSONS_LEFT_OUT, values={"columns": ", ".join(names)})),
    )
