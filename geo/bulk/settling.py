"""What a file proves counts for all of its pieces, as in one reading: those that prove less are read again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from geo.bulk.plan import Piece
from geo.bulk.work import PieceReport
from geo.ingest.notes import Note, NoteKind
from geo.ingest.values.evidence import added, proves_the_same
from geo.problems import ProblemCode, rejected
from geo.wording import text

_OF_COLUMNS = frozenset({NoteKind.COLUMNS_READ, NoteKind.TOLLS_LEFT_OUT})
_IN_ONE_PIECE = text("Load it in one piece, with a larger --chunk-mb, or leave out the columns that are not needed.")
# A piece that was stopped by a question counts the rest of its numbers when it is read again.
_MOST_ROUNDS = 4


def settled(
    pieces: Sequence[Piece], reports: Sequence[PieceReport], read: Callable[[Sequence[Piece]], Sequence[PieceReport]]
) -> tuple[list[Piece], list[PieceReport]]:
    """Return the pieces and their reports after every piece was read by what its whole file proves.

    read: makes the reports of pieces. A file whose pieces all prove the same is read once.
    """
    pieces, reports = list(pieces), list(reports)
    n_rounds = 0
    while again := _other_than_file(pieces, reports):
        if n_rounds == _MOST_ROUNDS:
            message = text("Parts of this file prove different things, however often they are read.")
            raise rejected(ProblemCode.COLUMNS, message, _IN_ONE_PIECE, next(iter(again.values())).source.label)
        n_rounds += 1
        for piece in again.values():
            _forget(piece, reports[piece.number])
        for number, report in zip(again, read(list(again.values())), strict=True):
            pieces[number], reports[number] = again[number], report
    _require_same_columns(pieces, reports)
    return pieces, reports


def _require_same_columns(pieces: Sequence[Piece], reports: Sequence[PieceReport]) -> None:
    """Raise RejectedUpload if two pieces of a file read or leave out different columns, as one reading never would."""
    of_file: dict[str, object] = {}
    for piece in pieces:
        notes = map(Note.from_record, reports[piece.number].get("notes", ()))
        read = {str(note.kind): str(note.values) for note in notes if note.kind in _OF_COLUMNS}
        if read and of_file.setdefault(piece.source.key, read) != read:
            message = text("Parts of this file would be read by different columns, as their cells differ.")
            raise rejected(ProblemCode.COLUMNS, message, _IN_ONE_PIECE, piece.source.label)


def _other_than_file(pieces: Sequence[Piece], reports: Sequence[PieceReport]) -> dict[int, Piece]:
    """Return number -> the piece with the numbers of its file, for those that were not read by them yet."""
    of_file: dict[str, list[int]] = {}
    for piece in pieces:
        of_file.setdefault(piece.source.key, []).append(piece.number)
    found = {}
    for numbers in of_file.values():
        # A piece of blank lines has no numbers.
        counted = [number for number in numbers if "evidence" in reports[number]]
        whole = added(reports[number]["evidence"] for number in counted)
        for number in counted:
            is_read_so = dict(pieces[number].evidence) == whole
            if len(counted) > 1 and not is_read_so and not proves_the_same(reports[number]["evidence"], whole):
                found[number] = replace(pieces[number], evidence=whole)
    return found


def _forget(piece: Piece, report: PieceReport) -> None:
    """Remove the files of a piece that is read again: it may then refuse no row, or keep fewer columns."""
    for name in report.get("files", {}):
        (Path(piece.out) / name).unlink(missing_ok=True)
