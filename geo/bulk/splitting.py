"""Where a delimited text may be cut: at line ends outside quotation marks, found block by block in parallel.

A block does not know whether it begins inside a quotation, so it is counted for both cases; the number of marks in
the blocks before it then says which one holds. That is right for files whose marks enclose whole cells and are
doubled within them (RFC 4180) and whose lines end in LF or CRLF. Whether a block is such is part of what is counted;
a file with a block that is not is read in one piece.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from geo.ingest.containers.csv_scan import find_marks, lines_end_in_feeds, quotes_fit

_SEPARATORS = b",;\t|"


@dataclass(frozen=True, slots=True)
class Block:
    """What was counted in bytes start to end of a file, twice: for a beginning outside and inside a quotation.

    n_records: line ends outside quotations. first_end: offset behind the first of them, -1 if there is none.
    is_regular: whether every mark opens or closes a whole cell and no line ends in CR alone.
    """

    start: int
    end: int
    n_quotes: int
    n_records: tuple[int, int]
    first_end: tuple[int, int]
    is_regular: tuple[bool, bool]


@dataclass(frozen=True, slots=True)
class Cut:
    """A piece of a text: its bytes, and the number of its first record, counted from 1."""

    start: int
    end: int
    first_row: int


def scan_block(path: str, start: int, end: int, body_start: int) -> Block:
    """Count one block. body_start: where records begin, so that a mark there opens a cell."""
    with Path(path).open("rb") as content:
        # One byte on either side shows what stands beside a mark at the edge.
        lead = 1 if start else 0
        content.seek(start - lead)
        data = np.frombuffer(content.read(end - start + lead + 1), dtype=np.uint8)
    inner = data[lead : lead + end - start]
    marks = find_marks(inner, lead)
    is_plain = lines_end_in_feeds(data, marks)
    first_place = lead if start == body_start else -1
    shift = start - lead + 1
    ends = (marks.ends(0), marks.ends(1))
    return Block(
        start,
        start + len(inner),
        len(marks.quotes),
        (len(ends[0]), len(ends[1])),
        tuple(int(found[0]) + shift if len(found) else -1 for found in ends),  # type: ignore[arg-type]
        tuple(is_plain and quotes_fit(data, marks.quotes, n, _SEPARATORS, first_place) for n in (0, 1)),  # type: ignore[arg-type]
    )


def cuts(blocks: Sequence[Block], first_row: int) -> list[Cut] | None:
    """Return the pieces of a text from its blocks in order, or None if it cannot be cut.

    first_row: number of the first record in the first block.
    """
    inside = 0
    n_ended = first_row - 1
    edges = [(blocks[0].start, first_row)]
    for block in blocks:
        if not block.is_regular[inside]:
            return None
        if block is not blocks[0] and block.first_end[inside] >= 0:
            edges.append((block.first_end[inside], n_ended + 2))
        n_ended += block.n_records[inside]
        inside ^= block.n_quotes & 1
    if inside:
        return None  # a quotation is not closed: read as a whole, the row can be named
    stops = [start for start, _ in edges[1:]] + [blocks[-1].end]
    return [Cut(start, stop, row) for (start, row), stop in zip(edges, stops, strict=True) if stop > start]


def is_regular(data: bytes, start: int) -> bool:
    """Whether marks and line ends in these bytes, from `start` on, follow the rule; they begin outside a quotation."""
    text = np.frombuffer(data, dtype=np.uint8)[start:]
    marks = find_marks(text, 0)
    return lines_end_in_feeds(text, marks) and quotes_fit(text, marks.quotes, 0, _SEPARATORS, 0)


def record_ends(data: bytes, start: int) -> list[int]:
    """Return the offsets behind the records that end in these bytes, from `start` on, outside quotations."""
    ends = find_marks(np.frombuffer(data, dtype=np.uint8)[start:], 0).ends(0)
    return [start + place + 1 for place in ends.tolist()]
