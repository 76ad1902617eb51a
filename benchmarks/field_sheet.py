"""A table of a layout while it is being changed, with what is true of its rows."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from benchmarks.field_layouts import Column, Event, Layout, Truth

Row = list[str]
DATA_SHEET = "Data"
OF_RECORDS = ("json list", "json lines", "json, members", "json, columns", "json, split", "parquet")


@dataclass
class Sheet:
    """A table that is being changed. columns: what each column is, None for one that was added.

    above, below: rows around the table; answers: what a person would answer to a question about this file.
    truths: one for each row that a person would accept. is_named: see Layout. rng: decides what is changed, and how.
    """

    rng: random.Random
    is_named: bool
    names: list[str]
    columns: list[Column | None]
    rows: list[Row]
    truths: list[Truth]
    container: str = "csv"
    above: list[Row] = field(default_factory=list)
    below: list[Row] = field(default_factory=list)
    under: Row = field(default_factory=list)
    start: str = ""
    answers: dict[str, str] = field(default_factory=dict)
    changes: list[str] = field(default_factory=list)

    def places(self, *roles: str) -> list[int]:
        """Return the places of the columns with one of these roles."""
        return [place for place, column in enumerate(self.columns) if column is not None and column.role in roles]

    def rewrite(self, place: int, write: Callable[[int, str], str]) -> None:
        """Write the cells of a column anew, from the number of the row and the cell."""
        for number, row in enumerate(self.rows):
            row[place] = write(number, row[place])


def sheet_of(layout: Layout, events: Sequence[Event], rng: random.Random) -> Sheet:
    """Return the unchanged table of a layout about these incidents."""
    return Sheet(
        rng,
        layout.is_named,
        [column.name for column in layout.columns],
        list(layout.columns),
        [[column.write(event) for column in layout.columns] for event in events],
        [layout.truth(event) for event in events],
    )
