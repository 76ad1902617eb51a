"""From inputs to pieces, and from a piece to the table of text that the readers of geo.ingest take."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from geo import temporary
from geo.bulk.plan import BulkOptions, Input, Piece
from geo.bulk.splitting import Block, Cut, cuts, is_regular, record_ends
from geo.ingest.containers.csv_text import read_text
from geo.ingest.containers.parquet import read_parquet
from geo.problems import Problem, ProblemCode, RejectedUpload, rejected
from geo.wording import Text, text

if TYPE_CHECKING:
    from geo.ingest.tables import TextTable

_AGAIN = text("Download or copy it again.")
_HEAD_BYTES = 1 << 20
_BYTES_PER_MB = 1_000_000
# Row groups are taken together up to so many rows, and never cut.
_ROWS_A_PIECE = 100_000


@dataclass(frozen=True, slots=True)
class Preamble:
    """What stands above the first row of data: its bytes, 0 to cut nothing, and the number of that row."""

    n_bytes: int
    first_row: int


def preamble_of(source: Input, options: BulkOptions, limits: Mapping[str, int]) -> Preamble | None:
    """Return what stands above the data of a text; None if not even its beginning can be cut.

    Raises RejectedUpload for a beginning that is not a table.
    """
    with Path(source.text_path).open("rb") as content:
        head = content.read(_HEAD_BYTES)
    ends = record_ends(head, 0)
    if not ends:
        return None
    with temporary.folder("kp-atlas-bulk") as folder:
        beginning = folder / "head.csv"
        beginning.write_bytes(head[: ends[-1]])
        table = read_text(beginning, folder, source.label, options.read_options(), limits, _silent)
    numbers = [*table.rows[:1].tolist(), *(line.row for line in table.malformed[:1])]
    first_row = min(numbers)
    n_mark = len(BOM_UTF8) if head.startswith(BOM_UTF8) else 0
    if first_row == 1:
        return Preamble(n_mark, 1)
    # Above the column names stands free text: where its marks follow no rule, its lines cannot be counted.
    n_bytes = ends[first_row - 2] if first_row - 2 < len(ends) else 0
    return Preamble(n_bytes, first_row) if n_bytes and is_regular(head[:n_bytes], n_mark) else None


def block_edges(source: Input, preamble: Preamble, chunk_bytes: int) -> list[tuple[int, int]]:
    """Return the (start, end) of the blocks that a text is counted in."""
    size = Path(source.text_path).stat().st_size
    return [(start, min(start + chunk_bytes, size)) for start in range(preamble.n_bytes, size, chunk_bytes)]


def text_cuts(
    source: Input, preamble: Preamble | None, blocks: Sequence[Block], limits: Mapping[str, int]
) -> list[Cut] | None:
    """Return the pieces of a text, None for the whole of it; raises RejectedUpload if it is too large for that."""
    found = cuts(blocks, preamble.first_row) if preamble and blocks else None
    size = Path(source.text_path).stat().st_size
    if found is None and size > limits["file_mb"] * _BYTES_PER_MB:
        message = text(
            "Quotation marks or line ends follow no rule by which the file could be cut, and it is too large to be "
            "read in one piece."
        )
        hint = text(
            "Quote whole cells, double the quotation marks inside them and end lines in LF, or split the file yourself."
        )
        raise rejected(ProblemCode.QUOTE, message, hint, source.label)
    return found


def row_group_cuts(source: Input) -> list[Cut]:
    """Return the pieces of a Parquet file: row groups, numbered as rows of a table with a header."""
    try:
        metadata = pq.read_metadata(source.path)
    except (pa.ArrowException, OSError) as error:
        message = text("The Parquet file is damaged or cut off.")
        raise rejected(ProblemCode.TRUNCATED, message, _AGAIN, source.label) from error
    found: list[Cut] = []
    first, n_rows, row = 0, 0, 2
    for group in range(metadata.num_row_groups):
        n_rows += metadata.row_group(group).num_rows
        is_last = group + 1 == metadata.num_row_groups
        if n_rows >= _ROWS_A_PIECE or is_last:
            found.append(Cut(first, group + 1, row))
            first, n_rows, row = group + 1, 0, row + n_rows
    return found


def whole(source: Input, found: Sequence[Cut] | None, limits: Mapping[str, int]) -> list[Cut] | None:
    """Return an input as one piece; raises RejectedUpload if it is too large to be read at once."""
    size = Path(source.text_path or source.path).stat().st_size
    if size > limits["file_mb"] * _BYTES_PER_MB:
        message = text("Rows are to be read together that lie far apart, and the file is too large for one piece.")
        hint = text("Split it between two incidents or dates into files of at most {most} MB.", most=limits["file_mb"])
        raise rejected(ProblemCode.TOO_LARGE, message, hint, source.label)
    return [Cut(found[0].start, found[-1].end, found[0].first_row)] if source.kind == "parquet" and found else None


def table_of(piece: Piece, folder: Path) -> TextTable | None:
    """Return the rows of a piece as text, numbered as in the user's file; None if it holds only blank lines.

    A piece is written out as a file of its own, below the beginning of its input, and read as an upload would be:
    encoding, separator, header and every check are those of geo.ingest. folder: an own one, for such files.
    Raises RejectedUpload, its row numbers those of the user's file.
    """
    source, options = piece.source, piece.options.read_options()
    if source.kind == "parquet":
        table = read_parquet(_row_groups(piece, folder), source.label, piece.limits)
        return _shifted(table, piece.first_row - 2)
    if piece.is_whole:
        return read_text(Path(source.text_path), folder, source.label, options, piece.limits, _silent)
    path = folder / "piece.csv"
    n_above = _copy(piece, path)
    shift = piece.first_row - n_above - 1
    try:
        table = read_text(path, folder, source.label, options, piece.limits, _silent)
    except RejectedUpload as refusal:
        if {problem.code for problem in refusal.problems} == {ProblemCode.EMPTY}:
            return None
        problems = [_moved(problem, shift) for problem in refusal.problems]
        raise RejectedUpload(problems, refusal.n_total) from refusal
    return _shifted(table, shift)


def _copy(piece: Piece, target: Path) -> int:
    """Write the beginning of the input and the bytes of the piece; returns the number of records above them."""
    with Path(piece.source.text_path).open("rb") as content, target.open("wb") as out:
        above = content.read(piece.preamble_bytes)
        out.write(above)
        content.seek(piece.start)
        out.write(content.read(piece.end - piece.start))
    return len(record_ends(above, 0))


def _row_groups(piece: Piece, folder: Path) -> Path:
    path = folder / "piece.parquet"
    try:
        with pq.ParquetFile(piece.source.path, page_checksum_verification=True) as content:
            rows = content.read_row_groups(range(piece.start, piece.end))
    except (pa.ArrowException, ValueError) as error:
        message = text("The Parquet file is damaged or cut off.")
        raise rejected(ProblemCode.TRUNCATED, message, _AGAIN, piece.source.label) from error
    pq.write_table(rows, path, compression="none")
    return path


def _shifted(table: TextTable, shift: int) -> TextTable:
    if not shift:
        return table
    malformed = tuple(
        line._replace(row=line.row + shift, error=replace(line.error, message=_renumbered(line.error.message, shift)))
        for line in table.malformed
    )
    row_notes = {kind: frozenset(row + shift for row in rows) for kind, rows in table.row_notes.items()}
    return replace(table, rows=table.rows + shift, malformed=malformed, row_notes=row_notes)


def _moved(problem: Problem, shift: int) -> Problem:
    if problem.row is None:
        return problem
    return replace(problem, row=problem.row + shift, message=_renumbered(problem.message, shift))


def _renumbered(message: Text, shift: int) -> Text:
    """The message of a file that was cut off names the last whole row."""
    if "last_row" not in message.values:
        return message
    return replace(message, values={**message.values, "last_row": message.values["last_row"] + shift})


def _silent(_share: float) -> None:
    """Report nothing: a piece is one step of the run."""
