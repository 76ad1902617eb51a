"""Totals by district whose names leave open what a number counts, or that have one column for each kind of attack."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from geo.ingest.formats import recognise_columns
from geo.ingest.mapping.column_proposals import is_serial
from geo.ingest.mapping.month_totals import PERIOD_NAMES
from geo.ingest.mapping.period_names import without_year
from geo.ingest.mapping.plain import columns_named
from geo.ingest.mapping.title_times import with_time_of_title
from geo.ingest.mapping.toll_columns import SUMMED_FIELDS, are_counts, toll_head
from geo.ingest.mapping.wide import counts_incidents, require_incidents
from geo.ingest.notes import Note, NoteKind
from geo.ingest.results import ReadOptions
from geo.ingest.tables import CellError, TextTable, header_key, plain_texts, stated_keys
from geo.ingest.values.counts import parse_count
from geo.ingest.values.words import meaning
from geo.names import is_only_sum, is_sum, name_key
from geo.problems import ProblemCode, rejected
from geo.wording import text

_TOLLS = frozenset({*SUMMED_FIELDS, "killed_total_low", "killed_total_high"})
_BESIDE = frozenset({"district", "pcode", "province", "country", "year", "month", "source_url", "source_date"})
_OF_FIRS = frozenset({"firs", "no_of_firs", "number_of_firs", "total_firs", "firs_registered", "firs_lodged"})
_OTHERS = frozenset({"other", "others", "misc", "miscellaneous", "any_other", "دیگر"})
# A name that says that its figures are among those of another column.
_PARTS = re.compile(r"\b(?:of (?:which|them|whom|these)|including|incl|out of)\b|جن میں", re.IGNORECASE)
_COUNT, _KIND = "Incidents", "Attack type"
_FEWEST_ROWS, _FEWEST_KINDS = 2, 2
_MOST_KINDS = 12  # whose sums are compared
_SHARE = 0.8  # of the rows that are of a district and time of their own


@dataclass(frozen=True, slots=True)
class _Figures:
    """What a table of districts states. fields: of its columns by name. numbers: columns of numbers without a field."""

    fields: Mapping[str, str | Sequence[str]]
    numbers: tuple[str, ...]
    has_time: bool


def with_figures(table: TextTable, options: ReadOptions, file: str) -> TextTable:
    """Return a table of numbers by district as one of totals: what is counted, its kinds and its time in columns.

    Others are unchanged. Raises RejectedUpload: COUNTED where nothing says what the one column of numbers counts,
    COLUMNS where several are unexplained or kinds exceed their total, DATE_YEAR where no column or title states a time.
    """
    layout = recognise_columns(stated_keys(table.columns))
    if options.mapping or (layout is not None and layout.key != "district_totals"):
        return table
    found = _figures(table)
    if found is None:
        return table
    kinds = _kinds(found)
    if kinds:
        table = _with_kinds(table, found, kinds, file)
    elif "n_events" not in found.fields:
        if not found.numbers:
            return table
        table = _with_count(table, found.numbers, options, file)
    return table if found.has_time else with_time_of_title(table, options, file)


def _figures(table: TextTable) -> _Figures | None:
    """Return what a table states if each of its rows is a district, or a district and time, and no incident."""
    fields = columns_named(table.columns)
    if not isinstance(fields.get("district"), str) or set(fields) - _BESIDE - _TOLLS - {"n_events"}:
        return None
    used = {name for given in fields.values() for name in ((given,) if isinstance(given, str) else given)}
    periods = [name for name in table.columns if header_key(name) in PERIOD_NAMES]
    times = [name for field in ("year", "month") if isinstance(name := fields.get(field), str)] + periods
    if not _are_totals(table, [str(fields["district"]), *times]):
        return None
    open_columns = [name for name in table.columns if name not in used and name not in periods]
    numbers = tuple(name for name in open_columns if _holds_figures(table, name))
    return _Figures(fields, numbers, bool(times))


def _are_totals(table: TextTable, columns: Sequence[str]) -> bool:
    """Whether most rows are of a district and time of their own."""
    cells = [_texts(table, name) for name in columns]
    rows = [tuple(map(name_key, row)) for row in zip(*cells, strict=True) if row[0].strip() and not is_sum(row[0])]
    return len(rows) >= _FEWEST_ROWS and len(set(rows)) >= _SHARE * len(rows)


def _holds_figures(table: TextTable, name: str) -> bool:
    """Whether a column holds numbers that may be counts: no row numbers, no years, no numbers of documents."""
    cells = [cell.strip().removesuffix(".0") for cell in _texts(table, name)]
    filled = [cell for cell in cells if cell]
    if not filled or not are_counts(filled) or not any(map(str.isdecimal, filled)):
        return False
    is_document = header_key(name).endswith(("_no", "_number", "_id")) and not is_serial(name)
    # "Nos" may number the rows or the incidents: it is asked.
    are_row_numbers = (
        is_serial(name)
        and header_key(name) != "nos"
        and filled == [str(number) for number in range(1, len(filled) + 1)]
    )
    head = toll_head(name)
    is_of_a_side = head is not None and (head.field != "killed_total" or bool(head.verb))
    is_document |= header_key(name) == "id"
    return not (is_document or is_of_a_side or are_row_numbers)


def _kinds(found: _Figures) -> list[str]:
    """Return the columns that count the attacks of one kind each, two at least, with that of other kinds."""
    kinds = [name for name in found.numbers if meaning("attack_type", name) is not None]
    others = [name for name in found.numbers if header_key(name) in _OTHERS]
    return [name for name in found.numbers if name in (*kinds, *others)] if len(kinds) >= _FEWEST_KINDS else []


def _with_count(table: TextTable, numbers: Sequence[str], options: ReadOptions, file: str) -> TextTable:
    if len(numbers) > 1:
        message = text("The table states several numbers for each district: {columns}.", columns=", ".join(numbers))
        hint = text("Assign the column that counts incidents.")
        raise rejected(ProblemCode.COLUMNS, message, hint, file, table.sheet)
    [name] = numbers
    key = without_year(name)
    if key not in _OF_FIRS and not counts_incidents(key):
        message = text(
            "The table states a number for each district, and nothing says what it counts: {column}.", column=name
        )
        require_incidents(table, options, file, message)
    columns = tuple(_COUNT if one == name else one for one in table.columns)
    return replace(
        table, columns=columns, notes=(*table.notes, Note(NoteKind.NUMBERS_OF_INCIDENTS, values={"column": name}))
    )


def _with_kinds(table: TextTable, found: _Figures, kinds: Sequence[str], file: str) -> TextTable:
    """Return a row for each kind with a figure; the rest of a total has no kind. Beside people killed they are summed.

    Raises RejectedUpload (COLUMNS) where kinds may be parts of others, or their sums are not their total.
    """
    figures = {name: _numbers(table, name) for name in kinds}
    total = next((name for name in found.numbers if name not in kinds and is_only_sum(name)), None)
    total = str(found.fields["n_events"]) if "n_events" in found.fields else total
    if any(map(_PARTS.search, kinds)) or (total is None and _overlap(figures)):
        message = text("Some of these columns may count parts of others: {columns}.", columns=", ".join(kinds))
        hint = text("State their sum in one column “Incidents”, or assign the column of the total to it.")
        raise rejected(ProblemCode.COLUMNS, message, hint, file, table.sheet)
    has_tolls = bool(set(found.fields) & _TOLLS)
    # Beside people killed "Total" may be of the dead.
    must_equal = has_tolls and "n_events" not in found.fields
    rest = np.zeros(len(table)) if total is None else _rest(table, figures, total, must_equal, file)
    if has_tolls:
        return table if "n_events" in found.fields else _summed(table, figures, kinds)
    return _split(table, figures | {"": rest}, [*kinds, *([total] if total else [])], str(found.fields["district"]))


def _overlap(figures: Mapping[str, NDArray[np.float64]]) -> bool:
    """Whether two kinds are one by their names, or one is the sum of others in all rows."""
    codes = [found.code for name in figures if (found := meaning("attack_type", name)) is not None]
    known = [plain for numbers in figures.values() if (plain := np.nan_to_num(numbers)).any()]
    sums = (
        (whole, np.sum(parts, axis=0))
        for place, whole in enumerate(known[:_MOST_KINDS])
        for others in [[*known[:place], *known[place + 1 : _MOST_KINDS]]]
        for n_parts in range(2, len(others) + 1)
        for parts in combinations(others, n_parts)
    )
    return len(codes) != len(set(codes)) or any(np.array_equal(whole, added) for whole, added in sums)


def _rest(
    table: TextTable, figures: Mapping[str, NDArray[np.float64]], total: str, must_equal: bool, file: str
) -> NDArray[np.float64]:
    """Return what a total has more than its kinds, shape (n,), 0 where none is stated.

    must_equal: in every row. Raises RejectedUpload (COLUMNS) where it does not fit, as when it is less or most rows
    have more.
    """
    rest = _numbers(table, total) - _sum(figures)
    has_words = any(isinstance(parse_count(cell), CellError) for cell in _texts(table, total))
    n_whole, n_told = int((rest == 0).sum()), int((~np.isnan(rest)).sum())
    is_unfit = (rest < 0).any() or (must_equal and n_whole < n_told)
    if is_unfit or has_words or 2 * n_whole < n_told:
        message = text("The table counts incidents in a column for each kind: {columns}.", columns=", ".join(figures))
        hint = text("Their sum is not “{column}”: assign the column that counts incidents.", column=total)
        raise rejected(ProblemCode.COLUMNS, message, hint, file, table.sheet)
    found: NDArray[np.float64] = np.nan_to_num(rest)
    return found


def _split(
    table: TextTable, figures: Mapping[str, NDArray[np.float64]], dropped: Sequence[str], district: str
) -> TextTable:
    """Return a row for each kind with a figure, "" for none. dropped: columns that it takes the place of.

    A row with a figure that cannot be read stays one, without a kind, to be refused and corrected as a whole.
    """
    kinds = [kind for kind in figures if kind]
    others = [place for place, name in enumerate(table.columns) if name not in dropped]
    pieces, rows, n_none = [], [], 0
    unread = _written_out(table, kinds)
    for kind, numbers in figures.items():
        written = ["" if n == 0 or place in unread else str(int(n)) for place, n in enumerate(np.nan_to_num(numbers))]
        n_none += written.count("") - len(unread) if kind else 0
        written = written if kind else [unread.get(place, cell) for place, cell in enumerate(written)]
        is_stated = np.array(list(map(bool, written)), dtype=bool)
        columns = [table.cells.column(place).combine_chunks() for place in others]
        whole = [*columns, pa.repeat(kind, len(table)), pa.array(written, pa.string())]
        piece = pa.table([_plain(one) for one in whole], names=[str(place) for place in range(len(whole))])
        pieces.append(piece.filter(pa.array(is_stated)))
        rows.append(table.rows[is_stated])
    numbers_of_rows = np.concatenate(rows)
    order = np.argsort(numbers_of_rows, kind="stable")
    notes = [Note(NoteKind.ONE_COLUMN_A_KIND, n_none, values={"kinds": ", ".join(kinds)})]
    is_sum_row = [place in unread or is_sum(name) for place, name in enumerate(_texts(table, district))]
    above = np.where(is_sum_row, 0, figures[""])
    if above.any():
        values = {"incidents": int(above.sum())}
        notes.append(Note(NoteKind.TOTAL_ABOVE_KINDS, int((above > 0).sum()), values=values))
    return replace(
        table,
        columns=(*(table.columns[place] for place in others), _KIND, _COUNT),
        cells=pa.concat_tables(pieces).take(pa.array(order)).combine_chunks(),
        rows=numbers_of_rows[order],
        notes=(*table.notes, *notes),
    )


def _sum(figures: Mapping[str, NDArray[np.float64]]) -> NDArray[np.float64]:
    found: NDArray[np.float64] = np.nan_to_num(np.stack(list(figures.values()))).sum(axis=0)
    return found


def _summed(table: TextTable, figures: Mapping[str, NDArray[np.float64]], kinds: Sequence[str]) -> TextTable:
    """Return the table with the sum of the kinds as its number of incidents: nothing says in which kind people died."""
    unread = _written_out(table, kinds)
    sums = [unread.get(place, str(int(number))) for place, number in enumerate(_sum(figures))]
    written = pa.chunked_array([pa.array(sums, pa.string())])
    columns = (*table.columns, _COUNT)
    note = Note(NoteKind.KINDS_SUMMED, values={"columns": ", ".join(kinds)})
    cells = table.cells.append_column(str(len(table.columns)), written)
    return replace(table, columns=columns, cells=cells, notes=(*table.notes, note))


def _written_out(table: TextTable, kinds: Sequence[str]) -> dict[int, str]:
    """Return place -> "IED: 3 + Ambush: x" of the rows with a cell that cannot be read: as a count it is refused."""
    columns = [_texts(table, name) for name in kinds]
    return {
        place: " + ".join(f"{name}: {cell}" for name, cell in zip(kinds, row, strict=True) if cell.strip())
        for place, row in enumerate(zip(*columns, strict=True))
        if any(isinstance(parse_count(cell), CellError) for cell in row)
    }


def _texts(table: TextTable, name: str) -> list[str]:
    found: list[str] = table.texts(table.keys[table.columns.index(name)]).to_pylist()
    return found


def _plain(column: pa.Array) -> pa.Array:
    return plain_texts(pa.chunked_array([column]))


def _numbers(table: TextTable, name: str) -> NDArray[np.float64]:
    """Return the counts of a column, NaN where nothing is stated or it cannot be read, shape (n,)."""
    read = [parse_count(cell) for cell in _texts(table, name)]
    values = [np.nan if isinstance(one, CellError) or one.best is None else float(one.best) for one in read]
    return np.array(values, dtype=np.float64)
