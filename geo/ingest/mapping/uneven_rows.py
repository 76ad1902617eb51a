"""Rows that do not fit the header of a table with names of persons: what of their cells may be shown."""

from __future__ import annotations

import re
from collections.abc import Sequence

from geo.districts import load
from geo.ingest.tables import CellError, MalformedRow
from geo.ingest.values.date_days import parse_date
from geo.ingest.values.date_shapes import MONTHS
from geo.problems import ProblemCode

_SHORT_NUMBER = re.compile(r"-?\d{1,3}(?:\.\d+)?")
_WORD = re.compile(r"[^\W\d_]+")


def line_without(line: MalformedRow, left: Sequence[int], width: int) -> MalformedRow:
    """Return a row that does not fit the header without the cells that may name a person.

    left: places of the columns that are left out. Its cells may stand as far from their columns as the row is too long
    or too short: there only what names nobody is kept. A district or day below a column that is left out goes behind
    the others. Nothing is kept of a row that was cut off or has an open quotation, for its cells may be anywhere.
    """
    if line.error.code is not ProblemCode.ROW_LENGTH:
        return line._replace(cells=())
    shift = len(line.cells) - width
    near = {place + by for place in left for by in range(min(shift, 0), max(shift, 0) + 1)}
    safe = [cell if at not in near or _names_nobody(cell) else "" for at, cell in enumerate(line.cells)]
    whole = [*safe, *[""] * -shift]
    kept = [cell for at, cell in enumerate(whole[:width]) if at not in left]
    moved = [whole[at] for at in left if _is_day_or_district(whole[at])]
    return line._replace(cells=(*kept, *moved, *whole[width:]))


def _names_nobody(cell: str) -> bool:
    """Whether a cell is blank, a short number, a coordinate, a day or a district."""
    return not cell.strip() or bool(_SHORT_NUMBER.fullmatch(cell.strip())) or _is_day_or_district(cell)


def _is_day_or_district(cell: str) -> bool:
    plain = cell.strip()
    if load().aliases.resolve(plain, is_exact=True).pcode is not None:
        return True
    # A name may stand beside a day: "Ali Example, 4 March 2024".
    words = _WORD.findall(plain)
    is_day = any(map(str.isdigit, plain)) and all(word.casefold() in MONTHS for word in words)
    return is_day and not isinstance(parse_date(plain, "DMY"), CellError)
