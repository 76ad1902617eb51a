"""Tables with one column a year, as reports print them: one row a district and year is made of each cell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.ingest.mapping.fields import FIELDS
from geo.ingest.mapping.name_words import split_words
from geo.ingest.mapping.toll_columns import looks_like_toll, toll_head
from geo.ingest.notes import Note, NoteKind
from geo.ingest.results import ReadOptions
from geo.ingest.tables import TextTable, header_key, plain_texts
from geo.ingest.values.cells import NOT_STATED
from geo.ingest.values.financial_years import first_year
from geo.problems import ProblemCode, rejected
from geo.wording import Text, text

# "2022", "2022-23", "Attacks 2022", "2022 (incidents)"; the words say what is counted. A part of a year, "2025
# (Jan-Aug)", is a word that is not listed: such a table is left to a person.
_YEAR = re.compile(
    r"(?:(?P<before>[a-z_]+)_)?(?P<year>(?:19[89]|20[0-4])\d(?:_(?:\d\d){1,2})?)(?:_(?P<after>[a-z_]+))?\Z"
)
_COUNT_WORDS = frozenset(
    {"incidents", "incident", "attacks", "attack", "events", "no_of_incidents", "no_of_attacks", "number_of_attacks"}
    | {"terrorist_attacks", "terror_attacks", "militant_attacks", "number_of_incidents"}
)
_OF_A_YEAR = frozenset({"fy", "year", "financial_year", "fiscal_year"})
_FEWEST_YEARS = 2


def is_wide(names: Sequence[str]) -> bool:
    """Whether a table has one column of districts, at least two of years, and no date."""
    return _parts(names) is not None


def by_year(table: TextTable, options: ReadOptions, file: str) -> TextTable:
    """Return a wide table as one with a row for each district and year that has a figure; others unchanged.

    The result has the columns District, Year and Incidents, its rows the row numbers of the file. Raises RejectedUpload
    when neither the names of the columns nor an answer (ReadOptions.counted) says what the figures count, and when they
    count people: nobody knows in how many incidents.
    """
    parts = None if options.mapping else _parts(table.columns)
    if parts is None:
        return table
    district, years = parts
    words = {word for _, word in years.values()}
    if options.counted == "people":
        message = text("The figures count people, not incidents: in how many incidents is not known.")
        hint = text("Use a table of incidents; a published total with its source can be added on its own page.")
        raise rejected(ProblemCode.NOT_FOR_DISTRICTS, message, hint, file, table.sheet)
    if not words & _COUNT_WORDS and options.counted is None:
        message = text("The table has one column a year, and nothing says what its figures count.")
        raise rejected(ProblemCode.COUNTED, message, _state_what_is_counted(table, file), file, table.sheet)
    return _molten(table, district, {place: year for place, (year, _) in years.items()})


def _state_what_is_counted(table: TextTable, file: str) -> Text:
    """Return the remedy with the answer that the title, the sheet or the file names (value "proposed")."""
    titles = [str(note.values.get("above", "")) for note in table.notes if note.kind is NoteKind.HEADER_ROW]
    if any(_states_people(word) for one in (*titles, table.sheet, file) for word in split_words(one)):
        return text("Its title speaks of people killed or injured. State what the figures count.", proposed="people")
    return text("State whether they count incidents or people.", proposed="incidents")


def _states_people(word: str) -> bool:
    """Return whether a word says that people were killed or injured; one for people alone, "terrorist", does not."""
    head = toll_head(word)
    return looks_like_toll(word) and (head is None or bool(head.verb))


def _molten(table: TextTable, district: int, years: dict[int, str]) -> TextTable:
    names = pc.utf8_trim_whitespace(plain_texts(table.cells.column(district)))
    parts, rows, n_blank = [], [], 0
    for place, year in years.items():
        figures = pc.utf8_trim_whitespace(plain_texts(table.cells.column(place)))
        is_stated = np.array([figure.casefold() not in NOT_STATED for figure in figures.to_pylist()], dtype=bool)
        n_blank += int((~is_stated).sum())
        kept = pa.array(is_stated)
        columns = [names.filter(kept), pa.repeat(year, int(is_stated.sum())), figures.filter(kept)]
        parts.append(pa.table(columns, names=["0", "1", "2"]))
        rows.append(table.rows[is_stated])
    numbers = np.concatenate(rows)
    order = np.argsort(numbers, kind="stable")
    notes = [Note(NoteKind.ONE_COLUMN_A_YEAR, values={"years": ", ".join(years.values())})]
    notes += [Note(NoteKind.YEARS_NOT_STATED, n_blank)] if n_blank else []
    left = [name for place, name in enumerate(table.columns) if place != district and place not in years]
    notes += [Note(NoteKind.COLUMNS_NOT_USED, values={"columns": ", ".join(left)})] if left else []
    return replace(
        table,
        columns=("District", "Year", "Incidents"),
        cells=pa.concat_tables(parts).take(pa.array(order)).combine_chunks(),
        rows=numbers[order],
        notes=(*table.notes, *notes),
    )


def _parts(names: Sequence[str]) -> tuple[int, dict[int, tuple[str, str]]] | None:
    """Return the place of the column of districts, and of each column of a year: its year and what it counts ("" if
    it does not say); None if the table is not wide.
    """
    keys = [header_key(name) for name in names]
    districts = [place for place, key in enumerate(keys) if key in FIELDS["district"].names]
    is_dated = any(key in FIELDS[field].names for key in keys for field in ("date", "year"))
    found = {place: match for place, key in enumerate(keys) if (match := _YEAR.match(key))}
    years = {place: (_as_year(match["year"]), _counted(match)) for place, match in found.items()}
    first = {first_year(year) or (year if year.isdecimal() else "") for year, _ in years.values()}
    # Calendar years beside financial ones, and other spans of years, would overlap.
    is_one_kind_of_year = len(set(map(type, first))) == 1 and "" not in first
    is_one_a_year = is_one_kind_of_year and len(first) == len(years) >= _FEWEST_YEARS
    words = {word for _, word in years.values()}
    # Columns of several kinds, such as attacks and deaths, need a person.
    is_one_kind = len(words) == 1 and words <= {"", *_COUNT_WORDS}
    return (districts[0], years) if len(districts) == 1 and not is_dated and is_one_a_year and is_one_kind else None


def _as_year(written: str) -> str:
    return written.replace("_", "-")


def _counted(match: re.Match[str]) -> str:
    """Return what the figures under a year count, by its name; "" if it does not say."""
    word = match["before"] or match["after"] or ""
    return "" if word in _OF_A_YEAR else word
