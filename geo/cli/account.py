"""What the command line says and reports of a checked file."""

from __future__ import annotations

from typing import Any

from geo import districts as geo_districts
from geo.analysis.counting.file_totals import doubts, totals
from geo.analysis.locating import place_names
from geo.analysis.matching.duplicates import REPEATED
from geo.ingest import ReadResult
from geo.ingest.notes import NoteKind, note_text
from geo.ingest.tables import SUM_OF_OTHERS
from geo.intake import Checked
from geo.names import MEANS_NONE
from geo.wording import _, _n, format_list

# Notes of what stands in the file and is not read as data, or may be wrong; the report holds all notes.
_LEFT_OUT = (
    *(NoteKind.REMARKS, NoteKind.PERSONS_LEFT_OUT, NoteKind.NAMES_OF_EVENTS, NoteKind.TOLLS_LEFT_OUT),
    *(NoteKind.DAYS_PERHAPS_EXCHANGED, NoteKind.UNREADABLE_COUNTS, NoteKind.COUNTS_OF_OTHERS),
)
_MOST_PLACES = 10


def summary(checked: Checked) -> str:
    """Return one line of counts."""
    result = checked.result
    return rows_line(
        result.format,
        result.n_rows_in,
        len(checked.rows),
        len(result.refused_rows),
        checked.n_duplicates,
        checked.n_located,
        checked.n_outside,
    )


def told(checked: Checked) -> list[str]:
    """Return a line for each thing that a person should know before the file is stored."""
    result = checked.result
    lines = [str(note_text(note)) for note in result.notes if note.kind in _LEFT_OUT]
    lines += [_sums(result)] if result.n_sums else []
    lines += [_not_located(checked)] if checked.n_not_located else []
    lines += [str(doubt.sentence) for doubt in doubts(checked.result, checked.rows, checked.n_located)]
    if n_repeated := checked.against_store.duplicates[REPEATED]:
        repeated = _n(
            "{n} row repeats an earlier row of the file and is left out; --keep-repeated keeps it as an incident.",
            "{n} rows repeat earlier rows of the file and are left out; --keep-repeated keeps them as incidents.",
            n_repeated,
        )
        lines.append(repeated)
    if checked.n_newer:
        replaced = _n(
            "{n} row replaces a stored row of the same identifier.",
            "{n} rows replace stored rows of the same identifiers.",
            checked.n_newer,
        )
        lines.append(replaced)
    return lines


def _sums(result: ReadResult) -> str:
    kinds = [one for one in result.problem_kinds if one.example.message.template == SUM_OF_OTHERS.template]
    # In a table with a column a kind several rows are one row of the file.
    rows = sorted({row for kind in kinds for row in kind.rows})
    is_whole = all(kind.n == len(kind.rows) for kind in kinds)
    named = format_list([*map(str, rows)]) + ("" if is_whole else _(", ") + "...")
    return _n(
        "{n} row sums up others and is left out, because it is no incident: row {rows}.",
        "{n} rows sum up others and are left out, because they are no incidents: rows {rows}.",
        len(rows) if is_whole else result.n_sums,
        rows=named,
    )


def _not_located(checked: Checked) -> str:
    """Return the places of rows that were not located as they are written, those of most rows first."""
    names = place_names.account(checked.rows, geo_districts.load(), checked.decided)
    found = [one for one in names if one.taken_for == MEANS_NONE and one.text]
    shown = format_list([_("“{word}” ({n})", word=one.text, n=one.n_rows) for one in found[:_MOST_PLACES]])
    if n_more := max(len(found) - _MOST_PLACES, 0):
        shown = _("{words} and {n} more", words=shown, n=n_more)
    n = checked.n_not_located
    if not found:
        return _n(
            "{n} row without the name of a place is not located.",
            "{n} rows without the name of a place are not located.",
            n,
        )
    return _n("{n} row is not located: {names}.", "{n} rows are not located: {names}.", n, names=shown)


def rows_line(name: str, rows: int, accepted: int, refused: int, duplicates: int, located: int, outside: int) -> str:
    """Return one line of counts; name: of the format."""
    return _(
        "{name}: {rows} rows in, {accepted} accepted, {refused} refused, {duplicates} duplicates; {located} located, "
        "{not_located} not located, {outside} outside",
        name=name,
        rows=rows,
        accepted=accepted,
        refused=refused,
        duplicates=duplicates,
        located=located,
        not_located=accepted - located - outside,
        outside=outside,
    )


def report(checked: Checked) -> dict[str, Any]:
    """Return what was found out about a file, as JSON values."""
    result, districts = checked.result, geo_districts.load()
    found = totals(checked.rows)
    return {
        "format": result.format,
        "recognised_by": str(result.why),
        "sha256": result.file_sha256,
        "rows_in": result.n_rows_in,
        "accepted": len(checked.rows),
        "refused": len(result.refused_rows),
        "sums_left_out": result.n_sums,
        "duplicates": dict(checked.against_store.duplicates),
        "stored_in_batches": dict(checked.against_store.stored_in),
        "accepted_as_newer_version": checked.n_newer,
        "accepted_under_another_id": checked.against_store.n_renumbered,
        "left_out_of_replaced_batch": checked.n_left_out,
        "located": checked.n_located,
        "not_located": checked.n_not_located,
        "outside": checked.n_outside,
        "people_killed": found.n_killed,
        "without_number_killed": found.n_without_toll,
        "initiated_by": found.initiators,
        "district_conflicts": checked.n_conflicts,
        "place_names": place_names.names_record(place_names.account(checked.rows, districts, checked.decided)),
        "district_disagreements": place_names.disagreements_record(checked.rows, districts),
        "near_border": place_names.near_border_record(checked.rows, districts),
        "doubts": [str(one.sentence) for one in doubts(result, checked.rows, checked.n_located)],
        "notes": [str(note_text(note)) for note in result.notes],
        "problems_total": result.n_problems,
        "problems_by_code": dict(result.problems_by_code),
        "problem_kinds": [
            {"n": kind.n, "rows": list(kind.rows), "example": kind.example.in_words()} for kind in result.problem_kinds
        ],
        "problems": [problem.in_words() for problem in result.problems],
    }
