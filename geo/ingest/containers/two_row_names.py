"""Column names in two rows: groups above ("Killed"), names below ("Police"), joined as "Killed: Police"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from geo.ingest.tables import header_key

_LETTER = re.compile(r"[^\W\d_]")
_NUMBER = re.compile(r"[\d.,:/+-]*\d[\d.,:/+-]*")
_PERIOD = re.compile(r"(?:19[89]|20[0-4])\d(?:[-/–](?:\d\d){1,2})?(?:-01)?")
# What stands above the other names beside years says what these are.
_OF_PERIODS = frozenset({"year", "years", "month", "months", "period"})
_LONGEST_NAME = 60
Cells = Sequence[str]


def joined_names(upper: Cells, lower: Cells, below: Sequence[Cells]) -> list[str] | None:
    """Return the names of two rows of names as one, or None unless it is certain that the second row completes them.

    Certain: both rows hold only words, or several years; every column has a name; each group has a name in every column
    below it; the second row leaves columns that need none blank, or repeats names; the rows below have numbers.
    """
    width = max(_n_filled(upper), _n_filled(lower))
    above, names = _padded(upper, width), _padded(lower, width)
    groups = _groups(above)
    if not _are_names(above) or not _are_names(names) or not _complete(groups, names):
        return None
    is_full = all(names)
    # One group over all columns is a title; names that need no group are a header of their own.
    if len(groups) < 2 or (is_full and len(set(map(header_key, names))) == width):
        return None
    above = ["" if name and header_key(cell) in _OF_PERIODS else cell for cell, name in zip(above, names, strict=True)]
    joined = [
        f"{above[group[0]]}: {names[place]}" if above[group[0]] and names[place] else above[group[0]] or names[place]
        for group in groups
        for place in group
    ]
    if not all(joined) or len(set(map(header_key, joined))) < width:
        return None
    has_numbers = any(_NUMBER.fullmatch(cell.strip()) for row in below for cell, name in zip(row, names) if name)  # noqa: B905 (rows may be short)
    return joined if has_numbers else None


def _groups(above: Cells) -> list[list[int]]:
    """Return the places of each group: a filled cell and the blank or equal ones behind it; blank ones before it."""
    groups: list[list[int]] = []
    for place, cell in enumerate(above):
        if not groups or (cell and cell != above[groups[-1][0]]):
            groups.append([place])
        else:
            groups[-1].append(place)
    return groups


def _complete(groups: Sequence[Sequence[int]], names: Cells) -> bool:
    """Whether there is a group of several columns and each of them has a name in all of them."""
    wide = [group for group in groups if len(group) > 1]
    return bool(wide) and all(names[place] for group in wide for place in group)


def _are_names(cells: Cells) -> bool:
    """Whether all filled cells are words, or several of them years or months, as of a table of several years."""
    filled = list(filter(None, cells))
    periods = {cell for cell in filled if not _is_word(cell) and _PERIOD.fullmatch(cell)}
    others = [cell for cell in filled if cell not in periods]
    return all(map(_is_word, others)) and len(periods) != 1


def _is_word(cell: str) -> bool:
    return len(cell) <= _LONGEST_NAME and _LETTER.search(cell) is not None and not cell.startswith("#")


def _n_filled(cells: Cells) -> int:
    return max((place + 1 for place, cell in enumerate(cells) if cell.strip()), default=0)


def _padded(cells: Cells, width: int) -> list[str]:
    return [" ".join(cell.split()) for cell in cells[:width]] + [""] * (width - len(cells))
