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
from numpy.typing import NDArray

_QUOTE, _LF, _CR = 34, 10, 13
_SEPARATORS = tuple(b",;\t|")
Bytes = NDArray[np.uint8]


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
    quotes, feeds = np.flatnonzero(inner == _QUOTE), np.flatnonzero(inner == _LF)
    is_odd = np.searchsorted(quotes, feeds) % 2 == 1
    is_plain = _lines_end_in_feeds(data, lead, len(inner))
    first_place = lead if start == body_start else -1
    ends = (feeds[~is_odd], feeds[is_odd])
    return Block(
        start,
        start + len(inner),
        len(quotes),
        (len(ends[0]), len(ends[1])),
        tuple(start + int(found[0]) + 1 if len(found) else -1 for found in ends),  # type: ignore[arg-type]
        tuple(is_plain and _marks_fit(data, quotes + lead, inside, first_place) for inside in (0, 1)),  # type: ignore[arg-type]
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
    return _lines_end_in_feeds(text, 0, len(text)) and _marks_fit(text, np.flatnonzero(text == _QUOTE), 0, 0)


def record_ends(data: bytes, start: int) -> list[int]:
    """Return the offsets behind the records that end in these bytes, from `start` on, outside quotations."""
    text = np.frombuffer(data, dtype=np.uint8)[start:]
    quotes, feeds = np.flatnonzero(text == _QUOTE), np.flatnonzero(text == _LF)
    outside = feeds[np.searchsorted(quotes, feeds) % 2 == 0]
    return [start + int(place) + 1 for place in outside]


def _lines_end_in_feeds(data: Bytes, lead: int, length: int) -> bool:
    returns = np.flatnonzero(data[lead : lead + length] == _CR) + lead + 1
    if len(returns) and returns[-1] >= len(data):
        return False
    return bool((data[returns] == _LF).all())


def _marks_fit(data: Bytes, quotes: NDArray[np.int64], inside: int, first_place: int) -> bool:
    opening, closing = quotes[inside::2], quotes[1 - inside :: 2]
    before = data[np.maximum(opening - 1, 0)]
    fits = np.isin(before, (*_SEPARATORS, _LF, _QUOTE)) | (opening == first_place) | (opening == 0)
    is_last = closing + 1 >= len(data)
    after = data[np.minimum(closing + 1, len(data) - 1)]
    return bool(fits.all() and (is_last | np.isin(after, (*_SEPARATORS, _LF, _CR, _QUOTE))).all())
