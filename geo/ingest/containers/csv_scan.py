"""One pass over the bytes of a delimited text: where records end and whether its quoting is regular.

Regular text reads the same in every parser: quotation marks enclose whole cells and are doubled within them
(RFC 4180), and lines end in LF or CRLF.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from geo.ingest.tables import too_many_rows
from geo.problems import Problem, ProblemCode, RejectedUpload
from geo.wording import text

# Small enough for the cache of one core: half of the time that blocks of 4 MB take.
_BLOCK_BYTES = 512 << 10
_QUOTE, _LF, _CR, _TAB = 34, 10, 13, 9
Bytes = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """Places in a block that matter for cutting it into records, ascending.

    quotes, feeds, returns: quotation marks, LF, CR. latin_leads: first bytes of U+0080 to U+00BF in UTF-8. is_text:
    there are no control characters below U+0080 but tab and line ends.
    """

    quotes: NDArray[np.int64]
    feeds: NDArray[np.int64]
    returns: NDArray[np.int64]
    latin_leads: NDArray[np.int64]
    is_text: bool

    def ends(self, n_quotes_before: int) -> NDArray[np.int64]:
        """Return the line feeds that end a record: those outside quotations."""
        is_outside: NDArray[np.bool_] = (np.searchsorted(self.quotes, self.feeds) + n_quotes_before) % 2 == 0
        return self.feeds[is_outside]


def find_marks(inner: Bytes, lead: int) -> Marks:
    """Return the marks in the bytes of a block; their places count `lead` bytes that stand before it."""
    places = np.flatnonzero((inner < 32) | (inner == _QUOTE) | (inner >= 127))
    values = inner[places]
    places += lead
    is_control = (values < 32) & (values != _LF) & (values != _CR) & (values != _TAB) | (values == 127)
    quotes, feeds, returns, leads = (places[values == value] for value in (_QUOTE, _LF, _CR, 0xC2))
    return Marks(quotes, feeds, returns, leads, not is_control.any())


def lines_end_in_feeds(block: Bytes, marks: Marks) -> bool:
    """Return whether an LF follows every CR."""
    behind = marks.returns + 1
    return not len(behind) or bool(behind[-1] < len(block) and (block[behind] == _LF).all())


def quotes_fit(block: Bytes, quotes: NDArray[np.int64], n_before: int, separators: bytes, first_place: int) -> bool:
    """Return whether opening marks follow a separator or line end and closing ones precede one; doubled ones are both.

    n_before: number of marks before the block. first_place: place of the first byte of the records, where a mark
    opens a cell, -1 if it is not in this block.
    """
    opening = quotes[n_before % 2 :: 2]
    closing = quotes[1 - n_before % 2 :: 2]
    may_precede, may_follow = _neighbours(separators)
    is_good_opening = may_precede[block[np.maximum(opening - 1, 0)]] | (opening == first_place)
    ends_file = closing + 1 >= len(block)
    is_good_closing = may_follow[block[np.minimum(closing + 1, len(block) - 1)]] | ends_file
    return bool(is_good_opening.all() and is_good_closing.all())


@cache
def _neighbours(separators: bytes) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which bytes may stand before an opening and behind a closing mark, both of shape (256,)."""
    before, behind = np.zeros(256, dtype=bool), np.zeros(256, dtype=bool)
    before[[*separators, _LF, _QUOTE]] = True
    behind[[*separators, _LF, _CR, _QUOTE]] = True
    return before, behind


@dataclass(frozen=True, slots=True, eq=False)
class Scan:
    """The records of a text file.

    ends: int64, byte offset just after each record, blank lines included; shape (n_records,).
    is_blank: whether the record is an empty line. longest: bytes of the longest record.
    is_regular: every quotation mark encloses a whole cell or is doubled inside one, lines end in LF or
    CRLF, and there are no control characters: then the csv module and any other parser agree. When it
    is False the other values are incomplete.
    """

    ends: NDArray[np.int64]
    is_blank: NDArray[np.bool_]
    longest: int
    is_regular: bool


IRREGULAR = Scan(np.empty(0, np.int64), np.empty(0, bool), 0, False)


def scan_records(
    path: Path,
    skip: int,
    delimiter: str,
    *,
    longest_bytes: int,
    most_rows: int,
    file: str,
    report: Callable[[float], None],
) -> Scan:
    """Return where the records of a UTF-8 file end.

    skip: bytes of a byte order mark. Raises RejectedUpload for a record of more than longest_bytes
    (LINE_TOO_LONG, or QUOTE when a quotation mark is open) and for more than most_rows records (TOO_LARGE).
    """
    size, separator = path.stat().st_size, delimiter.encode()
    ends: list[NDArray[np.int64]] = []
    n_quotes = n_records = 0
    last_end = skip
    for offset, block, lead in _blocks(path, skip):
        marks = find_marks(block[lead : lead + _BLOCK_BYTES], lead)
        first_place = lead if offset == skip else -1
        if not _is_plain(block, marks) or not quotes_fit(block, marks.quotes, n_quotes, separator, first_place):
            return IRREGULAR
        found = marks.ends(n_quotes) - lead + offset + 1
        ends.append(found)
        n_quotes += len(marks.quotes)
        n_records += len(found)
        block_end = min(offset + _BLOCK_BYTES, size)
        _check_length(found, last_end, block_end, longest_bytes, n_records, n_quotes % 2 == 1, file)
        last_end = int(found[-1]) if len(found) else last_end
        if n_records > most_rows + 1:
            raise RejectedUpload([too_many_rows(most_rows, file)])
        report(block_end / size)
    if n_quotes % 2:
        return IRREGULAR  # a mark is open at the end: the csv module names its row
    if last_end < size:
        ends.append(np.array([size], dtype=np.int64))
    all_ends = np.concatenate(ends) if ends else np.empty(0, np.int64)
    lengths = np.diff(all_ends, prepend=skip)
    is_blank = _blank(path, all_ends, lengths)
    if last_end < size:
        is_blank[-1] = False  # text without a line end
    return Scan(all_ends, is_blank, int(lengths.max(initial=0)), True)


def _blocks(path: Path, skip: int) -> Iterator[tuple[int, Bytes, int]]:
    """Yield offset, bytes and lead of each block.

    `lead` bytes before the block and one after it are included, so that the neighbours of every mark can be seen.
    """
    size = path.stat().st_size
    with path.open("rb") as lines:
        for offset in range(skip, size, _BLOCK_BYTES):
            lead = 1 if offset else 0
            lines.seek(offset - lead)
            yield offset, np.frombuffer(lines.read(_BLOCK_BYTES + lead + 1), np.uint8), lead


def line_too_long(longest_bytes: int, row: int, file: str) -> Problem:
    """Return the problem of a line that is longer than any row of a table."""
    message = text("The row is longer than {most} bytes.", most=longest_bytes)
    return Problem(ProblemCode.LINE_TOO_LONG, message, text("A table has line ends: check the file."), file, row=row)


def open_quote(row: int, file: str) -> Problem:
    """Return the problem of a quotation mark that is not closed."""
    message = text("A quotation mark opens in this row and is not closed properly.")
    hint = text('Close the quotation mark, or double it ("") where it is part of the text.')
    return Problem(ProblemCode.QUOTE, message, hint, file, row=row)


def _is_plain(block: Bytes, marks: Marks) -> bool:
    """No control characters but tab and line ends, and no CR without LF."""
    if not marks.is_text or not lines_end_in_feeds(block, marks):
        return False
    # U+0080 to U+009F are control characters too: C2 80 to C2 9F in UTF-8.
    second = marks.latin_leads[marks.latin_leads + 1 < len(block)] + 1
    return not (block[second] < 0xA0).any()


def _check_length(
    found: NDArray[np.int64], last_end: int, offset: int, longest_bytes: int, n_records: int, in_quote: bool, file: str
) -> None:
    edges = np.concatenate([[last_end], found, [offset]])
    too_long = np.flatnonzero(np.diff(edges) > longest_bytes)
    if len(too_long):
        row = n_records - len(found) + int(too_long[0]) + 1
        is_open = in_quote and too_long[0] == len(found)
        raise RejectedUpload([open_quote(row, file) if is_open else line_too_long(longest_bytes, row, file)])


def _blank(path: Path, ends: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.bool_]:
    """A record of one byte is LF; one of two bytes is blank when it is CRLF."""
    blank: NDArray[np.bool_] = lengths == 1
    short = np.flatnonzero(lengths == 2)
    if len(short):
        data = np.memmap(path, np.uint8, mode="r")
        blank[short] = data[ends[short] - 2] == _CR
    return blank
