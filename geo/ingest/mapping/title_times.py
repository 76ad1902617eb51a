"""The year or period of totals whose columns state none: that of the title, the sheet or the name of the file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import pyarrow as pa

from geo.ingest.mapping.fields import FIELDS
from geo.ingest.mapping.period_names import period_in
from geo.ingest.notes import Note, NoteKind
from geo.ingest.results import ReadOptions
from geo.ingest.tables import TextTable
from geo.ingest.values.cells import latin_digits
from geo.ingest.values.date_questions import titles_of, year_remedy
from geo.ingest.values.date_shapes import MONTHS
from geo.ingest.values.financial_years import first_year
from geo.problems import ProblemCode, rejected
from geo.wording import Text, text

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_A_DAY = re.compile(r"(?<!\d)(?:19|20)\d\d\s*[-/.]\s*(?:0?[1-9]|1[0-2])(?!\d)|\d{1,2}\s*[-/.]\s*(?:19|20)\d\d(?!\d)")
# Beside these a year or month is the end, the beginning or the whole of a time, or is that of a report or plan.
_OPEN = frozenset(
    {
        *("till", "until", "upto", "up", "to", "since", "from", "after", "before", "as", "updated"),
        *("onwards", "onward", "printed", "published", "mid", "early", "late", "ending", "ended", "end"),
        *("months", "quarter", "quarters", "half", "week", "weeks", "days", "two", "three", "four"),
        *("five", "six", "seven", "eight", "nine", "ten", "eleven", "first", "last", "ramzan", "ramadan"),
        *("ramazan", "muharram", "eid", "summer", "winter", "spring", "autumn", "monsoon", "season"),
        *("election", "elections", "under", "plan", "policy", "act", "census", "population", "تک", "سے"),
        *("بعد", "ماہ", "مہینے", "رمضان", "محرم", "عید"),
    }
)
# A year alone is that of all figures behind these words, before the Urdu ones, or at the end behind what is counted.
_OF, _OF_IN_URDU = frozenset({"in", "during", "of", "for", "year", "سال"}), frozenset({"کے", "میں", "کی", "کا"})
_COUNTED = frozenset(
    {
        *(word for name in FIELDS["n_events"].names for word in name.split("_")),
        *("terrorism", "firs", "crime", "violence", "data", "figures", "statistics", "kp", "kpk"),
        *("khyber", "pakhtunkhwa", "district", "districts", "wise"),
    }
)
_FILE_ENDS = frozenset({"csv", "tsv", "txt", "xlsx", "xlsm", "xls", "ods", "json", "geojson", "parquet", "zip"})
_MOST_WORDS = 10  # of a time
_LONGEST = 60  # words of a title that are looked at


class _Time(NamedTuple):
    year: str
    months: str


def with_time_of_title(table: TextTable, options: ReadOptions, file: str) -> TextTable:
    """Return a table of totals without a time with columns of it; a note says where it was found.

    An answer (ReadOptions.date_year) counts before the year of a title, whose months stay. Raises RejectedUpload
    (DATE_YEAR) where neither the title, the sheet nor the name of the file states one time alone.
    """
    found, where = _stated(table, file)
    if options.date_year is not None:
        found, where = _of_year(options.date_year, found, table, file), text("as you answered")
    if found is None:
        message = text("No column states of which year the figures are.")
        raise rejected(ProblemCode.DATE_YEAR, message, year_remedy(table, file), file, table.sheet)
    times = [("Year", found.year), *([("Month", found.months)] if found.months else [])]
    cells, width = table.cells, len(table.columns)
    for place, (_, cell) in enumerate(times, start=width):
        cells = cells.append_column(str(place), pa.chunked_array([pa.repeat(cell, len(table))]))
    written: Text | str = " ".join([found.months, found.year]).strip()
    if found.months.isdecimal():
        written = text("{month:month_name} {year}", month=int(found.months), year=found.year)
    return replace(
        table,
        columns=(*table.columns, *(name for name, _ in times)),
        cells=cells,
        malformed=tuple(
            line._replace(cells=(*line.cells[:width], *[""] * len(times), *line.cells[width:]))
            if len(line.cells) > width
            else line
            for line in table.malformed
        ),
        notes=(*table.notes, Note(NoteKind.YEAR_OF_TITLE, values={"year": written, "where": where})),
    )


def _stated(table: TextTable, file: str) -> tuple[_Time | None, Text]:
    """Return the time that the first of title, sheet and file states that names a year, None if it is not plain."""
    for titles, where in titles_of(table, file):
        whole = " ".join(titles)
        if _YEAR.search(latin_digits(whole)):
            return _time_in(whole), where
    return None, text("")


def _of_year(year: int, found: _Time | None, table: TextTable, file: str) -> _Time:
    """Return the months of an answered year that the titles state, the financial year where they state one."""
    if found is None:
        with_year = (_time_in(" ".join([*titles, str(year)])) for titles, _ in titles_of(table, file))
        found = next((time for time in with_year if time is not None and time.months), _Time("", ""))
    is_financial = first_year(found.year) is not None
    return _Time(f"{year}-{(year + 1) % 100:02}" if is_financial else str(year), found.months)


def _time_in(title: str) -> _Time | None:
    """Return the one time that a title states, None if it states a day, an end alone, or several times."""
    plain = latin_digits(title)
    if _A_DAY.search(plain) and not any(first_year(word) for word in plain.split()):
        return None
    words = re.sub(r"\s*([-–—])\s*", r" \1 ", re.sub(r"[_.()\[\],;:\"'“”/]", " ", plain)).split()[:_LONGEST]
    for read in (_financial_year, _period):
        for length in range(min(_MOST_WORDS, len(words)), 0, -1):
            for start in range(len(words) - length + 1):
                inside = words[start : start + length]
                found = read(" ".join(inside))
                if found is not None:
                    rest = [*words[:start], *words[start + length :]]
                    # "From January to June" is whole, "from 2020" has no end.
                    is_one = _says_no_more(rest if "-" in found.months else [*rest, *inside], rest)
                    return (
                        found if is_one and (found.months or first_year(found.year) or _is_whole_year(words)) else None
                    )
    return None


def _says_no_more(near: Sequence[str], rest: Sequence[str]) -> bool:
    """Whether no word leaves open when a time began or ended, and no other time or number stands in a title."""
    others = any(_YEAR.search(word) or word.casefold() in MONTHS or word.isdigit() for word in rest)
    return not others and not _OPEN.intersection(map(str.casefold, near))


def _is_whole_year(words: Sequence[str]) -> bool:
    """Whether the year that stands alone in a title is that of all figures by the words beside it."""
    named = [word.casefold() for word in words if word not in "-–—"]
    place = next(place for place, word in enumerate(named) if _YEAR.search(word))
    before, after = named[:place][-1:], named[place + 1 :]
    if _OF.intersection(before) or _OF_IN_URDU.intersection(after[:1]):
        return True
    if not before:
        return (_COUNTED | _FILE_ENDS).issuperset(after)
    return _FILE_ENDS.issuperset(after) and _COUNTED.issuperset(before)


def _financial_year(words: str) -> _Time | None:
    first = first_year(words)
    return _Time(f"{first}-{(first + 1) % 100:02}", "") if first is not None else None


def _period(words: str) -> _Time | None:
    """Return the year and months that some words are, as cells of a column of years and one of months."""
    found = period_in(words)
    return _Time(found.year, found.months) if found is not None and found.year else None
