"""The account of refused rows: which, why, and the problems to show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from geo.ingest.tables import SUM_OF_OTHERS, CellError, TextTable, plain_texts
from geo.problems import Problem, ProblemCode, ProblemKind
from geo.text import shortened
from geo.wording import N_, _, text

_LONGEST_VALUE = 60
_MOST_ROWS = 5  # rows that are named for each kind of problem
EMPTY_WHEN_CORRECT = N_("empty this cell when the row is correct")


class Refusals:
    """Collects why rows of one table are refused; a row may have several reasons."""

    def __init__(self, table: TextTable, file: str, most_shown: int) -> None:
        self._table = table
        self._file = file
        self._most_shown = most_shown
        self._reasons: dict[int, list[str]] = {}
        self._sums: set[int] = set()
        self._closed = np.zeros(len(table), dtype=bool)
        self._problems: list[Problem] = []
        self._kinds: dict[tuple[str, str, str], list[Problem]] = {}
        self._n_of_kind: Counter[tuple[str, str, str]] = Counter()
        for line in table.malformed:
            kind = (line.error.code.value, "", line.error.message.template)
            self._n_of_kind[kind] += 1
            first = self._kinds.setdefault(kind, [])
            is_shown = len(self._problems) < most_shown  # malformed rows are in the order of the file
            if is_shown or len(first) < _MOST_ROWS:
                problem = self._problem(line.error, line.row, "", " | ".join(line.cells))
                if is_shown:
                    self._problems.append(problem)
                if len(first) < _MOST_ROWS:
                    first.append(problem)

    @property
    def n_problems(self) -> int:
        """Number of all problems, shown or not."""
        return self._n_of_kind.total()

    @property
    def n_sums(self) -> int:
        """Number of refused rows that sum up others."""
        return len(self._sums)

    @property
    def sum_rows(self) -> tuple[int, ...]:
        """Rows of the file that are refused because they sum up others."""
        return tuple(dict.fromkeys(self._table.rows[sorted(self._sums)].tolist()))

    @property
    def problem_kinds(self) -> tuple[ProblemKind, ...]:
        """The problems by rule, column and sentence, the most frequent first."""
        return tuple(
            ProblemKind(first[0], n, tuple(one.row for one in first if one.row is not None))
            for kind, n in self._n_of_kind.most_common()
            for first in (self._kinds[kind],)
        )

    @property
    def refused(self) -> NDArray[np.bool_]:
        """Whether each row of the table is refused, shape (n,)."""
        mask = np.zeros(len(self._table), dtype=bool)
        mask[list(self._reasons)] = True
        return mask

    def close(self, positions: NDArray[np.int64]) -> None:
        """Take no further reason for the rows at these positions: what is no incident needs no date either."""
        self._closed[positions] = True

    def add(self, positions: NDArray[np.int64], key: str, errors: CellError | Sequence[CellError]) -> None:
        """Refuse the rows at these positions; `errors` is one reason or one for each position."""
        is_open = ~self._closed[positions]
        if not is_open.all():
            errors = (
                errors if isinstance(errors, CellError) else [errors[at] for at in np.flatnonzero(is_open).tolist()]
            )
            positions = positions[is_open]
        if not len(positions):
            return
        is_there = key in self._table.keys
        # A column that a format needs and the file lacks is named as the format names it.
        name = self._table.name_of(key) if is_there else key
        errors = self._with_unread(positions, name, errors)
        column = self._table.column(key) if is_there else None
        words: dict[int, str] = {}  # of each error once: one may refuse many rows
        for place, position in enumerate(positions.tolist()):
            bad = errors if isinstance(errors, CellError) else errors[place]
            if id(bad) not in words:
                words[id(bad)] = f"{name}: {bad.reason}" if name else bad.reason
            self._reasons.setdefault(position, []).append(words[id(bad)])
            if bad.message.template == SUM_OF_OTHERS.template:
                self._sums.add(position)
            kind = (bad.code.value, name, bad.message.template)
            self._n_of_kind[kind] += 1
            first = self._kinds.setdefault(kind, [])
            if place < self._most_shown or len(first) < _MOST_ROWS:
                value = column[position].as_py() if column is not None else ""
                problem = self._problem(bad, int(self._table.rows[position]), name, value)
                if place < self._most_shown:
                    self._problems.append(problem)
                if len(first) < _MOST_ROWS:
                    first.append(problem)

    def _with_unread(
        self, positions: NDArray[np.int64], name: str, errors: CellError | Sequence[CellError]
    ) -> CellError | Sequence[CellError]:
        """Return the reasons, with that of a cell without a value where something is missing because of it.

        name: of the column; "" for reasons about the row, which may miss any cell of it.
        """
        each = [errors] * len(positions) if isinstance(errors, CellError) else list(errors)
        numbers, is_other = self._table.rows[positions], False
        for cells in self._table.unread:
            if name in ("", cells.column):
                for place in np.flatnonzero(np.isin(numbers, cells.rows)).tolist():
                    if each[place].code is ProblemCode.MISSING:
                        each[place], is_other = _because_of(cells.error(int(numbers[place])), each[place], name), True
        return each if is_other else errors

    def problems(self) -> tuple[Problem, ...]:
        """Return the problems to show, by row."""
        ordered = sorted(self._problems, key=lambda problem: problem.row or 0)
        return tuple(ordered[: self._most_shown])

    def refused_rows(self) -> pa.Table:
        """Return the refused rows as text: row number, reasons with their remedies, then the cells as they were.

        The last column, "further_cells", is filled for rows that were refused as a whole: with the cells beyond the
        header, or with a request. A person empties it when the row is correct.
        """
        positions, malformed = sorted(self._reasons), self._table.malformed
        width = len(self._table.columns)
        taken = _rows_at(self._table.cells, np.array(positions, dtype=np.int64))
        reasons = ["; ".join(self._reasons[position]) for position in positions]
        rows = [*self._table.rows[positions].tolist(), *(line.row for line in malformed)]
        filled = [[*line.cells[:width], *[""] * (width - len(line.cells))] for line in malformed]
        columns = {
            "refused_row": pa.array([str(row) for row in rows], pa.string()),
            "refused_because": pa.array([*reasons, *(line.error.reason for line in malformed)], pa.string()),
        }
        for place, name in enumerate(self._table.columns):
            of_malformed = pa.array([cells[place] for cells in filled], pa.string())
            columns[name] = pa.chunked_array([plain_texts(taken.column(place)), of_malformed])
        if malformed:
            request = _(EMPTY_WHEN_CORRECT)
            further = [" | ".join(line.cells[width:]).strip() or request for line in malformed]
            columns["further_cells"] = pa.array([""] * len(positions) + further, pa.string())
        order = np.argsort(np.array(rows, dtype=np.int64), kind="stable")
        return pa.table(columns).take(pa.array(order, pa.int64()))

    def _problem(self, bad: CellError, row: int, column: str, value: str) -> Problem:
        shown = shortened(value, _LONGEST_VALUE)
        return Problem(bad.code, bad.message, bad.hint, self._file, self._table.sheet, row, column, shown)


def _because_of(cell: CellError, missing: CellError, name: str) -> CellError:
    """Return why a row is refused that misses something: the cell without a value, or both."""
    if name:
        return cell
    return CellError(cell.code, missing.message, text("{message} {hint}", message=cell.message, hint=cell.hint))


def _rows_at(cells: pa.Table, positions: NDArray[np.int64]) -> pa.Table:
    """Return the rows at ascending positions, without copying the whole table first as `Table.take` does."""
    batches = cells.to_batches()
    starts = np.concatenate([[0], np.cumsum([len(batch) for batch in batches], dtype=np.int64)])
    edges = np.searchsorted(positions, starts)
    taken = [
        batches[number].take(pa.array(positions[edges[number] : edges[number + 1]] - starts[number]))
        for number in np.flatnonzero(np.diff(edges)).tolist()
    ]
    return pa.Table.from_batches(taken, cells.schema)
