"""The account of refused rows: which, why, and the problems to show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from geo.ingest.tables import Bad, TextTable
from geo.problems import Problem
from geo.text import printable

if TYPE_CHECKING:
    import pyarrow as pa

_LONGEST_VALUE = 60


class Refusals:
    """Collects why rows of one table are not accepted; a row may have several reasons."""

    def __init__(self, table: TextTable, file: str, most_shown: int) -> None:
        self._table = table
        self._file = file
        self._most_shown = most_shown
        self._reasons: dict[int, list[str]] = {}
        self._problems: list[Problem] = []
        self.n_problems = 0
        for row, cells, bad in table.torn:
            value = " | ".join(cells)
            self._show(Problem(bad.code, bad.message, bad.hint, file, table.sheet, row, "", _short(value)))

    @property
    def refused(self) -> NDArray[np.bool_]:
        """Whether each row of the table is refused, shape (n,)."""
        mask = np.zeros(len(self._table), dtype=bool)
        mask[list(self._reasons)] = True
        return mask

    def add(self, positions: NDArray[np.int64], key: str, bads: Bad | Sequence[Bad]) -> None:
        """Refuse the rows at these positions; `bads` is one reason or one for each position."""
        if not len(positions):
            return
        name = self._table.name_of(key) if key else ""
        column = self._table.column(key) if key else None
        for place, position in enumerate(positions.tolist()):
            bad = bads if isinstance(bads, Bad) else bads[place]
            self._reasons.setdefault(position, []).append(f"{name}: {bad.message}" if name else bad.message)
            if place < self._most_shown:
                value = _short(column[position].as_py()) if column is not None else ""
                row = int(self._table.rows[position])
                self._show(Problem(bad.code, bad.message, bad.hint, self._file, self._table.sheet, row, name, value))
            else:
                self.n_problems += 1

    def problems(self) -> tuple[Problem, ...]:
        """Return the problems to show, by row."""
        ordered = sorted(self._problems, key=lambda problem: problem.row or 0)
        return tuple(ordered[: self._most_shown])

    def refused_rows(self) -> pa.Table:
        """Return the refused rows as text: row number, reasons, then the cells as they were.

        A row with more cells than the header keeps the rest in a last column "further_cells".
        """
        import pyarrow as pa

        positions = sorted(self._reasons)
        cells = self._table.cells.take(pa.array(positions, pa.int64()))
        columns: dict[str, list[Any]] = {
            "refused_row": [str(row) for row in self._table.rows[positions].tolist()],
            "refused_because": ["; ".join(self._reasons[position]) for position in positions],
        }
        width = len(self._table.columns)
        for place, name in enumerate(self._table.columns):
            columns[name] = cells.column(place).to_pylist()
        columns["further_cells"] = [""] * len(positions)
        for row, torn, bad in self._table.torn:
            padded = [*torn[:width], *[""] * (width - len(torn)), " | ".join(torn[width:])]
            for column, cell in zip(columns.values(), [str(row), bad.message, *padded], strict=True):
                column.append(cell)
        if not any(columns["further_cells"]):
            del columns["further_cells"]
        order = np.argsort([int(row) for row in columns["refused_row"]], kind="stable")
        arrays = {name: pa.array(values, pa.string()) for name, values in columns.items()}
        return pa.table(arrays).take(pa.array(order))

    def _show(self, problem: Problem) -> None:
        self.n_problems += 1
        self._problems.append(problem)


def _short(value: str) -> str:
    clean = printable(value)
    return clean if len(clean) <= _LONGEST_VALUE else f"{clean[: _LONGEST_VALUE - 3]}..."
