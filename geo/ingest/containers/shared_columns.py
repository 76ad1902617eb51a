"""One column for districts and dates ("District / Date"), of which one stands in rows of its own above the others."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial

from geo.ingest.containers.headings import is_day, is_district, lone_cells
from geo.ingest.mapping.column_proposals import is_serial
from geo.ingest.mapping.name_words import is_named
from geo.ingest.tables import TextTable, header_key, plain_texts

_BETWEEN = re.compile(r"\s*(?:[/&|,+]|-|\band\b|\bor\b|\bاور\b)\s*", re.IGNORECASE)


def with_one_meaning(table: TextTable) -> TextTable:
    """Return a table whose column of districts and dates is named after what stands beside other cells.

    What stands alone in its row is then a heading of these rows. Others are unchanged, also where both are mixed.
    """
    for place, name in enumerate(table.columns):
        parts = _district_and_date(name)
        if parts is None or any(header_key(part) in table.keys for part in parts):
            continue
        numbers = [is_serial(one) for one in table.columns]
        lone = lone_cells(table, numbers)
        cells = zip(table.rows.tolist(), plain_texts(table.cells.column(place)).to_pylist(), strict=True)
        beside = [cell for row, cell in cells if row not in lone and cell.strip()]
        tests = (is_district, partial(is_day, has_year=False))
        for chosen, other in ((0, 1), (1, 0)):
            is_apart = all(map(tests[chosen], beside)) and any(map(tests[other], lone.values()))
            if beside and is_apart:
                columns = list(table.columns)
                columns[place] = parts[chosen]
                return replace(table, columns=tuple(columns))
    return table


def _district_and_date(name: str) -> tuple[str, str] | None:
    """Return the part of a name that names a district and the one that names a date, None if it does not name both."""
    parts = _BETWEEN.split(name.strip())
    if len(parts) != 2:
        return None
    for district, date in (parts, parts[::-1]):
        if is_named(district, "district") and is_named(date, "date"):
            return district, date
    return None
