"""Tables with columns of years or months, as reports print them: a row for each district and period is made of them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.ingest.mapping.fields import FIELDS
from geo.ingest.mapping.name_words import is_named, split_words
from geo.ingest.mapping.period_names import Period, periods_of
from geo.ingest.mapping.toll_columns import looks_like_toll, toll_head
from geo.ingest.notes import Note, NoteKind
from geo.ingest.results import ReadOptions
from geo.ingest.tables import TextTable, header_key, plain_texts
from geo.ingest.values.cells import NOT_STATED
from geo.ingest.values.date_questions import ask_year
from geo.names import is_label_of_sum
from geo.problems import ProblemCode, RejectedUpload, rejected
from geo.wording import Text, text

_COUNT_WORDS = frozenset({*FIELDS["n_events"].names, "incident", "attack", "cases", "terror_incidents"})
_NUMBER_OF = re.compile(r"(?:total_)?(?:number|no|nos|num)_of_|total_")
_FEWEST_PERIODS = 2
_NOT_SAID = text("The table has one column a year, month or district, and nothing says what its figures count.")


@dataclass(frozen=True, slots=True)
class _Wide:
    """Places of the columns of a wide table. kinds: period -> place of the column of each kind of figure.

    counted: the kind that counts incidents, "" if its names do not say so, None if there is none. year: of the column
    of years beside columns of months without one.
    """

    district: int
    kinds: Mapping[Period, Mapping[str, int]]
    counted: str | None
    year: int | None

    @property
    def has_months(self) -> bool:
        return any(period.month for period in self.kinds)

    @property
    def tolls(self) -> list[str]:
        """The kinds of figures beside the number of incidents, in file order."""
        kinds = dict.fromkeys(kind for places in self.kinds.values() for kind in places)
        return [kind for kind in kinds if kind != self.counted]


def is_wide(names: Sequence[str]) -> bool:
    """Whether a table has one column of districts, columns of figures of years or months, and no date."""
    return _parts(names) is not None


def by_year(table: TextTable, options: ReadOptions, file: str) -> TextTable:
    """Return a wide table as one with a row for each district and period that has a figure; others unchanged.

    The result has the columns District, Year, Month if there are months, Incidents, and one for each toll; its rows
    have the row numbers of the file. Raises RejectedUpload when neither the names of the columns nor an answer
    (ReadOptions.counted) says what the figures count, when they count people alone: nobody knows in how many incidents;
    and when nothing states the year of the months (ReadOptions.date_year).
    """
    parts = None if options.mapping else _parts(table.columns)
    if parts is None:
        return table
    if parts.counted is None:
        raise _of_people(table, file)
    if parts.counted == "":
        require_incidents(table, options, file)
    if parts.year is None and options.date_year is None and any(not period.year for period in parts.kinds):
        ask_year(table, file, len(parts.kinds), "", "")
    return _molten(table, parts, parts.counted, options.date_year)


def require_incidents(table: TextTable, options: ReadOptions, file: str, message: Text = _NOT_SAID) -> None:
    """Raise RejectedUpload unless it was answered that the figures of a table of totals count incidents."""
    if options.counted == "people":
        raise _of_people(table, file)
    if options.counted is None:
        raise rejected(ProblemCode.COUNTED, message, _state_what_is_counted(table, file), file, table.sheet)


def _of_people(table: TextTable, file: str) -> RejectedUpload:
    message = text("The figures count people, not incidents: in how many incidents is not known.")
    hint = text("Use a table of incidents; a published total with its source can be added on its own page.")
    return rejected(ProblemCode.NOT_FOR_DISTRICTS, message, hint, file, table.sheet)


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


def _molten(table: TextTable, parts: _Wide, counted: str, year: int | None) -> TextTable:
    def texts(place: int) -> pa.Array:
        return pc.utf8_trim_whitespace(plain_texts(table.cells.column(place)))

    tolls, n_rows = parts.tolls, len(table)
    districts = _with_words_for_sums(table, texts(parts.district))
    pieces, rows, n_blank = [], [], 0
    for period, places in parts.kinds.items():
        years = texts(parts.year) if parts.year is not None else pa.repeat(period.year or str(year), n_rows)
        of_month = [pa.repeat(period.months, n_rows)] if parts.has_months else []
        figures = [texts(places[kind]) if kind in places else pa.repeat("", n_rows) for kind in (counted, *tolls)]
        is_stated = np.zeros(n_rows, dtype=bool)
        for column in figures:
            is_stated |= np.array([one.casefold() not in NOT_STATED for one in column.to_pylist()], dtype=bool)
        n_blank += int((~is_stated).sum())
        columns = [districts, years, *of_month, *figures]
        piece = pa.table(columns, names=[str(place) for place in range(len(columns))])
        pieces.append(piece.filter(pa.array(is_stated)))
        rows.append(table.rows[is_stated])
    numbers = np.concatenate(rows)
    order = np.argsort(numbers, kind="stable")
    return replace(
        table,
        columns=("District", "Year", *(["Month"] if parts.has_months else []), "Incidents", *map(_as_name, tolls)),
        cells=pa.concat_tables(pieces).take(pa.array(order)).combine_chunks(),
        rows=numbers[order],
        notes=(*table.notes, *_notes(table, parts, n_blank)),
    )


def _with_words_for_sums(table: TextTable, districts: pa.Array) -> pa.Array:
    """Return the districts with "Total" and the like from other columns where they are blank: such rows are sums."""
    for column in table.cells.columns:
        texts = pc.utf8_trim_whitespace(plain_texts(column))
        sums = [one for one in pc.unique(texts).to_pylist() if is_label_of_sum(one)]
        is_sum_alone = pc.and_(pc.equal(districts, ""), pc.is_in(texts, pa.array(sums, pa.string())))
        districts = pc.if_else(is_sum_alone, texts, districts)
    return districts


def _notes(table: TextTable, parts: _Wide, n_blank: int) -> list[Note]:
    kind = NoteKind.ONE_COLUMN_A_MONTH if parts.has_months else NoteKind.ONE_COLUMN_A_YEAR
    kind = NoteKind.ONE_COLUMN_A_PERIOD if any(period.last for period in parts.kinds) else kind
    values = {"years": ", ".join(dict.fromkeys(map(str, parts.kinds)))}
    notes = [Note(kind, values=values)]
    notes += [Note(NoteKind.YEARS_NOT_STATED, n_blank)] if n_blank else []
    used = {parts.district, parts.year, *(place for places in parts.kinds.values() for place in places.values())}
    left = [name for place, name in enumerate(table.columns) if place not in used]
    return notes + ([Note(NoteKind.COLUMNS_NOT_USED, values={"columns": ", ".join(left)})] if left else [])


def _parts(names: Sequence[str]) -> _Wide | None:
    """Return the places of the columns of a wide table, None if it is not wide or its columns need a person."""
    keys = [header_key(name) for name in names]
    districts = [place for place, name in enumerate(names) if is_named(name, "district")]
    years = [place for place, key in enumerate(keys) if key in FIELDS["year"].names]
    is_dated = any(key in FIELDS["date"].names for key in keys)
    if len(districts) != 1 or is_dated or len(years) > 1:
        return None
    found = periods_of(names)
    # A column of years belongs to months that state none, and to nothing else.
    if not found or (years and all(period.year for period, _ in found.values())):
        return None
    words = {kind for _, kind in found.values()}
    counted = [kind for kind in words if not kind or counts_incidents(kind)]
    known = {*counted, *filter(_states_toll, words)}
    # A word beside bare years may narrow them: "2025 (first half)" is no whole year.
    if len(counted) > 1 or (words - known and counted in ([], [""])):
        return None
    kinds: dict[Period, dict[str, int]] = {}
    for place, (period, kind) in found.items():
        if kind in kinds.get(period, {}):
            return None
        if kind in known:
            kinds.setdefault(period, {})[kind] = place
    # One year is enough where the names say that incidents are counted in it.
    if len(kinds) < (1 if counted and counted[0] else _FEWEST_PERIODS):
        return None
    return _Wide(districts[0], kinds, counted[0] if counted else None, years[0] if years else None)


def counts_incidents(kind: str) -> bool:
    """Return whether a name, as a header key, says that incidents are counted."""
    return kind in _COUNT_WORDS or _NUMBER_OF.sub("", kind, count=1) in _COUNT_WORDS


def _states_toll(kind: str) -> bool:
    head = toll_head(kind)
    return head is not None and bool(head.verb)


def _as_name(kind: str) -> str:
    return kind.replace("_", " ").capitalize()
