"""What a file proves counts for all of its pieces, as in one reading: those that prove less are read again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from geo.bulk.plan import Piece
from geo.bulk.work import PieceReport
from geo.ingest.values.evidence import added, proves_the_same

# A piece that was stopped by a question counts the rest of its numbers when it is read again.
_MOST_ROUNDS = 4


def settled(
    pieces: Sequence[Piece], reports: Sequence[PieceReport], read: Callable[[Sequence[Piece]], Sequence[PieceReport]]
) -> tuple[list[Piece], list[PieceReport]]:
    """Return the pieces and their reports after every piece was read by what its whole file proves.

    read: makes the reports of pieces. A file whose pieces all prove the same is read once.
    """
    pieces, reports = list(pieces), list(reports)
    for _round in range(_MOST_ROUNDS):
        again = _other_than_file(pieces, reports)
        if not again:
            break
        for piece in again.values():
            _forget_rejects(piece, reports[piece.number])
        for number, report in zip(again, read(list(again.values())), strict=True):
            pieces[number], reports[number] = again[number], report
    return pieces, reports


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


def _forget_rejects(piece: Piece, report: PieceReport) -> None:
    """Remove the refused rows of a piece that is read again: then it may refuse none."""
    for name in report.get("files", {}):
        if name.startswith("rejects/"):
            (Path(piece.out) / name).unlink(missing_ok=True)
