"""Whether a column of totals counts the dead: proved by its numbers where the table states the injured as well."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.ingest.mapping.toll_columns import propose_tolls, toll_head
from geo.ingest.notes import NoteKind
from geo.ingest.tables import CellError, TextTable, header_key
from geo.ingest.values.cells import Reading, spread_arrow
from geo.ingest.values.counts import parse_count
from geo.ingest.values.evidence import chosen
from geo.ingest.values.tolls import SIDES, sides, summed

_TOTAL, _MARTYRS, _INJURED = "killed_total", "killed_victims", "injured_total"
_REST = "not_specified"  # SATP's column of the dead of no known side


def with_proved_total(reading: Reading, used: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
    """Return field -> columns without a total that is none by its numbers; a note says why it is left out.

    Beside a column of martyrs one of people killed may hold them or only the others: it is no total where it is fewer
    than the martyrs in half of the rows that have any. What a person assigned stays.
    """
    found = _without_injured(reading, used)
    if found == used:
        _note_left_out(reading, found)
    name = next(iter(found.get(_TOTAL, ())), "")
    head = toll_head(name) if name else None
    if reading.options.mapping or not head or head.part or _MARTYRS not in found:
        return found
    killed, martyrs = (_numbers(reading.table, found[field]) for field in (_TOTAL, _MARTYRS))
    can_tell = pc.fill_null(pc.and_(pc.greater(martyrs, 0), pc.is_valid(killed)), False)
    fewer = pc.and_(can_tell, pc.fill_null(pc.less(killed, martyrs), False))
    n_fewer, n_told = int(pc.sum(fewer).as_py() or 0), int(pc.sum(can_tell).as_py() or 0)
    if not reading.evidence.verdict("killed_apart", name, n_fewer, n_told):
        return found
    if n_fewer:
        reading.note(NoteKind.KILLED_APART, n_fewer, column=name, martyrs=" + ".join(found[_MARTYRS]), told=n_told)
    del found[_TOTAL]
    reading.assign({_TOTAL: ""})
    return found


def _without_injured(reading: Reading, used: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
    """Return field -> columns without a total that counts killed and injured people together; a note says why.

    It counts both where it is their sum in most of the rows that state all and somebody injured. A name such as
    "Killed" says more than one row, and more than any where only one side of the dead has a column: the others may be
    the rest. A column only called "Total", and that nobody assigned, has to be the sum of the dead in half of the rows.
    """
    table, found, name = reading.table, dict(used), next(iter(used.get(_TOTAL, ())), "")
    if not name or len(used[_TOTAL]) > 1:
        return found
    injured = _injured(table, used)
    other = _other_total(table, name)
    parts = _dead(table, used) or ([_numbers(table, [other])] if other else [])
    counted = _counted(table, name, parts, _numbers(table, injured)) if injured and parts else (0,) * 7
    is_bare = (head := toll_head(name)) is None or not head.verb
    has_sides = bool(other) or len(set(SIDES) & used.keys()) > 1
    is_assigned = bool(reading.options.mapping)
    verdict = reading.evidence.verdict("total", name, *counted, is_bare, has_sides, is_assigned)
    if not verdict:
        return found
    fits, fits_both, n_told = chosen(counted)
    kind = NoteKind.TOTAL_WITH_INJURED if verdict == "both" else NoteKind.TOTAL_NOT_PROVED
    n = fits_both if verdict == "both" else n_told - fits
    if n:
        reading.note(kind, n, column=name, told=n_told)
    del found[_TOTAL]
    reading.assign({_TOTAL: (table.key_of(other) or "") if other else ""})
    return found | ({_TOTAL: (other,)} if other else {})


def _is_both(fits: int, fits_both: int, n_told: int) -> bool:
    return fits_both > fits and 2 * fits_both > n_told


def _note_left_out(reading: Reading, used: Mapping[str, Sequence[str]]) -> None:
    """Note what a column that is only called "Total", and is not read, is by its numbers: casualties, or no sum."""
    table, columns = reading.table, {name for names in used.values() for name in names}
    heads = {name: toll_head(name) for name in table.columns if name not in columns}
    name = next((one for one, head in heads.items() if head and (head.field, head.verb) == (_TOTAL, "")), "")
    parts = [_numbers(table, used[_TOTAL])] if _TOTAL in used else _dead(table, used)
    if not name or not parts:
        return
    injured = _injured(table, used)
    hurt = _numbers(table, injured) if injured else None
    fits, fits_both, n_told = _compared(table, name, parts, hurt)
    if _is_both(fits, fits_both, n_told):
        reading.note(NoteKind.TOTAL_WITH_INJURED, fits_both, column=name, told=n_told)
    elif fits < n_told:
        reading.note(NoteKind.TOTAL_NOT_PROVED, n_told - fits, column=name, told=n_told)


def _injured(table: TextTable, used: Mapping[str, Sequence[str]]) -> Sequence[str]:
    """Return the columns of the injured: as they are used, else as their names say."""
    if _INJURED in used:
        return used[_INJURED]
    texts = {one: table.encoded(key).dictionary.to_pylist() for one, key in zip(table.columns, table.keys, strict=True)}
    return propose_tolls(texts).get(_INJURED, [])


def _compared(table: TextTable, name: str, parts: Sequence[pa.Array], injured: pa.Array | None) -> tuple[int, int, int]:
    """Return in how many rows a total is the dead, the dead and the injured, and how many rows can tell.

    injured: None where no column states them. Where no row states all parts, blank ones count as nobody.
    """
    if injured is not None:
        return chosen(_counted(table, name, parts, injured))
    total = _numbers(table, [name])
    is_told = np.logical_and.reduce([np.asarray(pc.is_valid(one)) for one in (*parts, total)])
    fits = int((is_told & np.asarray(pc.fill_null(pc.equal(total, summed(parts)), False))).sum())
    return fits, fits, int(is_told.sum())


def _counted(table: TextTable, name: str, parts: Sequence[pa.Array], injured: pa.Array) -> tuple[int, ...]:
    """Return the rows that state all parts, then as `_compared` for these, then for those of total and injured."""
    total = _numbers(table, [name])
    is_whole = np.logical_and.reduce([np.asarray(pc.is_valid(one)) for one in (*parts, injured, total)])
    is_part = np.asarray(pc.and_(pc.is_valid(total), pc.is_valid(injured)))
    dead, hurt, stated = (np.asarray(pc.fill_null(one, 0)) for one in (summed(parts), injured, total))
    found = [int(is_whole.sum())]
    for rows in (is_whole, is_part):
        told = rows & (hurt > 0)
        found += [int((told & (stated == dead)).sum()), int((told & (stated == dead + hurt)).sum()), int(told.sum())]
    return tuple(found)


def _dead(table: TextTable, used: Mapping[str, Sequence[str]]) -> list[pa.Array]:
    """Return the sides of the dead as the columns of their fields state them, and those of no known side."""
    if not set(SIDES) & used.keys():
        return []
    nothing = pa.nulls(len(table), pa.int32())
    stated = {field: _numbers(table, used[field]) if field in used else nothing for field in SIDES}
    rest = [one for one in table.columns if header_key(one) == _REST]
    found = [*sides(stated), *([_numbers(table, rest)] if rest else [])]
    return [one for one in found if one.null_count < len(table)]


def _other_total(table: TextTable, name: str) -> str:
    """Return the first other column of everybody killed, such as "Killed" beside "Total killed", or ""."""
    for one in table.columns:
        head = toll_head(one)
        if one != name and head and (head.field, head.verb, head.bound) == (_TOTAL, "killed", ""):
            return one
    return ""


def _numbers(table: TextTable, names: Sequence[str]) -> pa.Array:
    """Return the sum of columns of counts, int32, null where nothing is stated exactly: a range proves nothing."""
    columns = []
    for name in names:
        cells = table.encoded(table.key_of(name) or "")
        read = [parse_count(one.strip(), allow_range=True) for one in cells.dictionary.to_pylist()]
        values = [None if isinstance(one, CellError) or one.low is not None else one.best for one in read]
        columns.append(spread_arrow(values, cells.indices.to_numpy(), pa.int32()))
    return summed(columns)
