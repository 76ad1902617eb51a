"""Rows of text above and below the data: sources, notes and footnotes of a table are neither data nor refused."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import takewhile

import numpy as np
import pyarrow as pa

from geo.districts import resolve
from geo.ingest.mapping.fields import FIELDS
from geo.ingest.mapping.sentences import names_places
from geo.ingest.mapping.toll_columns import looks_like_toll
from geo.ingest.notes import Note, NoteKind
from geo.ingest.tables import CellError, TextTable, header_key, plain_texts
from geo.ingest.values.cells import latin_digits
from geo.ingest.values.date_days import parse_date
from geo.names import is_label_of_sum, is_sum, written_pcode
from geo.problems import ProblemCode
from geo.text import normalise_name, shortened

_MOST_ROWS = 200  # at either end of a table
_MOST_SHOWN, _LONGEST_SHOWN = 5, 120
_FEWEST_WORDS = 3  # of a text that begins with none of the words below: a shorter one may be a name
# How such texts begin, as geo.text.normalise_name writes it.
_BEGINNINGS = (
    *("source", "sources", "data source", "data sources", "data from", "reference", "references", "citation"),
    *("note", "notes", "nb", "n b", "remark", "remarks", "footnote", "footnotes", "disclaimer", "legend"),
    *("abbreviations", "copyright", "courtesy", "based on", "last updated", "last update", "updated by"),
    *("compiled", "prepared by", "collected by", "collated by", "reported by", "verified by", "approved by"),
    *("downloaded", "generated", "exported", "printed", "retrieved", "accessed", "available at"),
    *("end of report", "end of table", "end of data", "end of list", "end of file", "end of document", "end of sheet"),
    *("http", "https", "www"),
    *("ماخذ", "ذریعہ", "ذرایع", "حوالہ", "بحوالہ", "نوٹ", "مرتب", "تیار کردہ", "وضاحت", "صفحہ", "سرچینہ", "یادونہ"),
)
# Names of places begin so too: a mark, a number or a day follows in a remark.
_SHORT = re.compile(r"(?:key|page|as o[fn]|updated(?: on)?)(?:\Z|\s*[:–—]|\s*-(?![^\W\d])|\s+(.+))", re.IGNORECASE)
_SYMBOL = re.compile(r"[*†‡§•※©¹²³⁴]+\s*")
_NUMBER = re.compile(r"(?:[(\[](?:\d{1,2}|[a-z])[)\]]|(?:\d{1,2}|[a-z])[.)])\s+")
_DEFINITION = re.compile(r"[^\W\d]{1,10}\s*=\s*\D+")
_A_NUMBER = re.compile(r"[\s\d.,:/+-]*\d[\s\d.,:/+-]*")
_A_YEAR = re.compile(r"\s*(?:19|20)\d\d\s*")
_UNEVEN = (ProblemCode.ROW_LENGTH, ProblemCode.TRUNCATED)
Line = tuple[int, Sequence[str]]


def without_remarks(table: TextTable) -> TextTable:
    """Return a table without the rows of text above its first and below its last row of data; a note lists them.

    Below, sums, names of columns and rows of one cell may stand between them. A table of nothing else stays as it is.
    """
    last = [*_lines(table, is_end=True)]
    found = dict(_below(reversed(last), table.columns))
    if len(found) == len(last) == len(table) + len(table.malformed):
        return table
    found |= takewhile(lambda line: _is_marked(line[1]), _lines(table, is_end=False))
    if not found:
        return table
    rows = sorted(found)
    keep = ~np.isin(table.rows, rows)
    texts = [", ".join(cell.strip() for cell in found[row] if cell.strip()) for row in rows]
    shown = [shortened(one, _LONGEST_SHOWN) for one in texts[:_MOST_SHOWN]]
    listed = "; ".join([*shown, *(["..."] if len(texts) > _MOST_SHOWN else [])])
    return replace(
        table,
        cells=table.cells if keep.all() else table.cells.filter(pa.array(keep)),
        rows=table.rows[keep],
        malformed=tuple(line for line in table.malformed if line.row not in found),
        notes=(*table.notes, Note(NoteKind.REMARKS, len(rows), rows[0], {"texts": listed})),
    )


def _lines(table: TextTable, *, is_end: bool) -> Iterator[Line]:
    """Yield number and cells of the first or the last rows, also of those that do not fit the header, in file order."""
    start = max(len(table) - _MOST_ROWS, 0) if is_end else 0
    rows = table.rows[start : start + _MOST_ROWS].tolist()
    columns = [plain_texts(column.slice(start, len(rows))).to_pylist() for column in table.cells.columns]
    whole: list[Line] = list(zip(rows, zip(*columns, strict=True), strict=True)) if columns else []
    near = table.malformed[-_MOST_ROWS:] if is_end else table.malformed[:_MOST_ROWS]
    uneven = ((line.row, line.cells) for line in near if line.error.code in _UNEVEN)
    yield from sorted([*whole, *uneven], key=lambda line: line[0])


def _below(lines: Iterable[Line], columns: Sequence[str]) -> Iterator[Line]:
    """Yield the rows of text among the last rows, given in reverse, up to one of several cells that is no sum."""
    is_of_reports = header_key(columns[0]) in FIELDS["description"].names
    for row, cells in lines:
        if _is_marked(cells) or (not is_of_reports and _is_sentence(cells)):
            yield row, cells
        elif not _is_sum(cells) and tuple(cells) != tuple(columns) and sum(map(bool, map(str.strip, cells))) > 1:
            return


def _is_sum(cells: Sequence[str]) -> bool:
    return any(map(is_label_of_sum, cells))


def _is_marked(cells: Sequence[str]) -> bool:
    """Whether a row is a text that begins as sources and notes do; a separator may have divided it into cells."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    if not filled or not any(map(str.isalpha, filled[0])):
        return False
    first, *others = filled
    if _begins(first):
        return not any(_is_of_incident(one) for one in others)
    if _DEFINITION.fullmatch(first):
        return not others
    for mark in (_SYMBOL, _NUMBER):
        if begun := mark.match(first):
            rest = first[begun.end() :]
            is_clear = mark is _SYMBOL or not names_places(rest)
            return not others and is_clear and not _is_of_incident(rest)
    return False


def _begins(text: str) -> bool:
    name = f"{normalise_name(text[:_LONGEST_SHOWN])} "
    if any(name.startswith(f"{words} ") for words in _BEGINNINGS):
        return True
    short = _SHORT.match(" ".join(latin_digits(text[:_LONGEST_SHOWN]).split()))
    return short is not None and (short[1] is None or short[1][0].isdigit() or _is_day(short[1]))


def _is_sentence(cells: Sequence[str]) -> bool:
    """Whether the first cell alone is filled, with several words that tell no day, place, number or toll."""
    text = cells[0].strip()
    is_alone = bool(text) and not any(cell.strip() for cell in cells[1:])
    if not is_alone or len(text.split()) < _FEWEST_WORDS or any(map(str.isdigit, text)):
        return False
    is_toll = any(looks_like_toll(word) for word in text.split())
    return not is_toll and not is_sum(text) and not names_places(text) and not _is_of_incident(text)


def _is_day(text: str) -> bool:
    day = parse_date(text, "DMY")
    return not isinstance(day, CellError) or day.code is ProblemCode.DATE_YEAR


def _is_of_incident(text: str) -> bool:
    """Whether a text is a day, a district or a number."""
    plain = latin_digits(text).strip()
    if _A_YEAR.fullmatch(plain):
        return False
    return _is_day(plain) or bool(_A_NUMBER.fullmatch(plain)) or bool(resolve(plain).pcode or written_pcode(plain))
