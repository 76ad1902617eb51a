"""Tables of dates and sentences, as chronologies print them: a place is proposed from the text, a person confirms it.

Such a table gets one more column, PLACE_COLUMN. Its cells are blank until a person fills them, and a row with a blank
one is refused: what a text mentions is never stored unseen.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace

import pyarrow as pa

from geo.districts import Districts, load
from geo.ingest.mapping.mappings import Columns, states_place
from geo.ingest.mapping.plain import columns_of
from geo.ingest.results import ReadOptions
from geo.ingest.tables import TextTable

PLACE_COLUMN = "Place to confirm"
_WORD = re.compile(r"[^\W\d_][\w'’.-]*")
_MOST_WORDS = 4
_LONGEST_SENTENCE = 4_000  # characters that are looked at
# Kinds of name that say nothing about the district.
_WIDER = ("province", "division", "elsewhere", "elsewhere_district")
# What follows a name and belongs to it; the name is listed without it.
_UNIT_WORD = re.compile(r"\s+(?:district|agency|tribal district)\b", re.IGNORECASE)


def with_place_column(table: TextTable, options: ReadOptions) -> TextTable:
    """Return a table that states places only within sentences with a blank PLACE_COLUMN; any other unchanged."""
    columns = options.mapping or columns_of(table) or {}
    if not needs_place(columns) or PLACE_COLUMN in table.columns:
        return table
    blank = pa.chunked_array([pa.repeat("", len(table))])
    cells = table.cells.append_column(str(len(table.columns)), blank)
    return replace(table, columns=(*table.columns, PLACE_COLUMN), cells=cells)


def needs_place(columns: Collection[str]) -> bool:
    """Whether fields place an incident by a description alone."""
    return "description" in columns and not states_place(set(columns) - {"description"})


def with_place(columns: Columns, table: TextTable) -> Columns:
    """Return a mapping with PLACE_COLUMN as its place, if the table was given that column."""
    is_given = PLACE_COLUMN in table.columns and needs_place(columns)
    return {**columns, "place": PLACE_COLUMN} if is_given else columns


def proposed_place(sentence: str, districts: Districts | None = None) -> str:
    """Return the place that a sentence names, as "place, district" or the district alone; "" if it is not plain.

    Names of the list and of the gazetteer are looked for as they are written, the longest first. Several districts are
    no proposal; a place counts if it lies in the district that is named, or if no other district is.
    """
    found = districts or load()
    named, places = [], []
    for words in _names(sentence, found):
        resolved = found.aliases.resolve(words, is_exact=True)
        is_district = found.aliases.kind(words) not in ("", "place") and resolved.pcode is not None
        if is_district and resolved.pcode is not None:
            named.append(resolved.pcode)
        else:
            pcodes = {place.pcode for place in found.places.find(words)}
            places.append((words, pcodes | ({resolved.pcode} if resolved.pcode else set())))
    units = set(named) or set().union(*(pcodes for _, pcodes in places if len(pcodes) == 1))
    if len(units) != 1:
        return ""
    [pcode] = units
    within = [words for words, pcodes in places if pcode in pcodes]
    return ", ".join([*within[:1], found.names[pcode]])


def names_places(sentence: str) -> bool:
    """Whether a sentence names a district or a place of the gazetteer."""
    return any(True for _ in _names(sentence, load()))


def _names(sentence: str, districts: Districts) -> Iterator[str]:
    """Yield the names of districts and places of a sentence, in its order, the longest at each word."""
    # White space in one piece: the pattern would try every length of a long one.
    words = list(_WORD.finditer(_UNIT_WORD.sub("", " ".join(sentence.split())[:_LONGEST_SENTENCE])))
    at = 0
    while at < len(words):
        for length in range(min(_MOST_WORDS, len(words) - at), 0, -1):
            name = " ".join(word[0].rstrip(".'’") for word in words[at : at + length])
            kind = _kind(name, districts)
            if kind:
                if kind not in _WIDER:
                    yield name
                at += length - 1
                break
        at += 1


def _kind(name: str, districts: Districts) -> str:
    """Return the kind of a name, "" if it is none; a word of English is none, whatever the gazetteer has."""
    if name[:1].islower() or name.rpartition(" ")[2][:1].islower():
        return ""
    return districts.aliases.kind(name) or ("place" if districts.places.find(name) else "")
