"""The year or period of totals whose columns state none: that of the title, the sheet or the name of the file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import pyarrow as pa

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
# Beside these a year is the end or the beginning of a time, or that of the report.
_OPEN = frozenset(
    {
        *(
            "till",
            "until",
            "upto",
            "up",
            "to",
            "since",
            "from",
            "after",
            "before",
            "as",
            "updated",
            "onwards",
            "onward",
        ),
        *("printed", "published", "تک", "سے", "بعد"),
    }
)
# What a year may be a part of: it is not meant whole.
_LIMITS = re.compile(
    r"months?|monthly|weeks?|days?|quarters?|half|mid|end|ending|ended|early|late|first|last|part|partial|season|summer"
    r"|winter|spring|autumn|monsoon|rama[dz]h?an|ramzan|muharram|eid",
    re.IGNORECASE,
)
# A year is meant whole behind the first, or behind what is counted at the end of a title: "census of 2017" is not.
_WITHIN = frozenset({"in", "during", "for"})
_OF_THE_YEAR = frozenset({"of", "the", "year", "calendar", "financial", "fiscal", "fy", "سال"})
_COUNTED = re.compile(
    r"incidents?|attacks?|events?|cases?|firs?|terroris[mt]|militancy|violence|data|figures|statistics|totals?"
    r"|districts?|wise|kp|khyber|pakhtunkhwa|pakistan|واقعات|حملے",
    re.IGNORECASE,
)
_SUFFIX = re.compile(r"\.[a-z]{3,4}x?\Z", re.IGNORECASE)
_MOST_WORDS = 10  # of a time
_LONGEST = 60  # words of a title that are looked at


class _Time(NamedTuple):
    year: str
    months: str


def with_time_of_title(table: TextTable, options: ReadOptions, file: str) -> TextTable:
    """Return a table of totals without a time with columns of it; a note says where it was found.

    An answer (ReadOptions.date_year) counts before the year of a title, whose months or financial year stay. Raises
    RejectedUpload (DATE_YEAR) where neither the title, the sheet nor the name of the file states one time alone.
    """
    found, where = _stated(table, file)
    if options.date_year is not None:
        found, where = _of_year(options.date_year, found), text("as you answered")
    if found is None:
        message = text(
            "No column states of which year the figures are. Of an answered year they count as the whole: if they are "
            "of a part of it, add the columns Year and Month."
        )
        raise rejected(ProblemCode.DATE_YEAR, message, year_remedy(table, file), file, table.sheet)
    times = [("Year", found.year), *([("Month", found.months)] if found.months else [])]
    cells, width = table.cells, len(table.columns)
    for place, (_, cell) in enumerate(times, start=width):
        cells = cells.append_column(str(place), pa.chunked_array([pa.repeat(cell, len(table))]))
    written = " ".join([found.months, found.year]).strip()
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


def _of_year(year: int, stated: _Time | None) -> _Time:
    """Return the time that a title states, of another year or of the financial year that begins in it."""
    if stated is not None and first_year(stated.year) is not None:
        return _Time(f"{year}-{(year + 1) % 100:02}", "")
    return _Time(str(year), stated.months if stated is not None else "")


def _stated(table: TextTable, file: str) -> tuple[_Time | None, Text]:
    """Return the time that the first of title, sheet and file states that names a year, None if it is not plain."""
    for titles, where in titles_of(table, file):
        whole = _SUFFIX.sub("", " ".join(titles))
        if _YEAR.search(latin_digits(whole)):
            return _time_in(whole), where
    return None, text("")


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
                    if "-" in found.months:
                        return found if _says_no_more(rest, rest) else None  # "from January to June" has an end
                    n_before = start + next(n for n, word in enumerate(inside) if found.months or _YEAR.search(word))
                    is_whole = bool(found.months) or _is_whole(words[:n_before], words[start + length :])
                    is_plain = is_whole and not any(map(_LIMITS.fullmatch, rest))
                    return found if is_plain and _says_no_more([*rest, *inside], rest) else None
    return None


def _is_whole(before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether the words around a year say that it is meant whole."""
    first, last = ([word.casefold() for word in words if word.isalnum()] for words in (before, after))
    named = list(first)
    while named and named[-1] in _OF_THE_YEAR:
        named.pop()
    is_named = not named or named[-1] in _WITHIN or _COUNTED.fullmatch(named[-1]) is not None
    is_introduced = bool(first) and first[-1] in _WITHIN | _OF_THE_YEAR
    return is_named and (is_introduced or all(map(_COUNTED.fullmatch, last)))


def _says_no_more(near: Sequence[str], rest: Sequence[str]) -> bool:
    """Whether no word leaves open when a time began or ended, and no other time or number stands in a title."""
    others = any(_YEAR.search(word) or word.casefold() in MONTHS or word.isdigit() for word in rest)
    return not others and not _OPEN.intersection(map(str.casefold, near))


def _financial_year(words: str) -> _Time | None:
    return _Time(words.replace(" ", ""), "") if first_year(words) is not None else None


def _period(words: str) -> _Time | None:
    """Return the year and months that some words are, as cells of a column of years and one of months."""
    found = period_in(words)
    return _Time(found.year, found.months) if found is not None and found.year else None
