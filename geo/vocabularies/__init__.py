"""Vocabularies as data: the CSV files beside this module, UTF-8 with a header.

Labels and meanings in them are English source sentences; tests/catalogue.py puts them into the catalogue.
"""

from __future__ import annotations

import csv
from pathlib import Path

FOLDER = Path(__file__).resolve().parent


def rows(name: str, *columns: str, n_keys: int = 1) -> list[tuple[str, ...]]:
    """Return the rows of `name`.csv as texts, in the order of the file; the first n_keys cells of a row are its key.

    Raises ValueError, which names file and line, for other columns, a row of another length and a repeated key.
    """
    path = FOLDER / f"{name}.csv"
    found: dict[tuple[str, ...], tuple[str, ...]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        lines = csv.reader(file)
        if (header := tuple(next(lines, ()))) != columns:
            raise ValueError(f"{path.name}, line 1: the columns are {header}, not {columns}")
        for line in lines:
            key = tuple(line[:n_keys])
            if len(line) != len(columns):
                raise ValueError(f"{path.name}, line {lines.line_num}: {len(line)} cells, not {len(columns)}")
            if key in found:
                raise ValueError(f"{path.name}, line {lines.line_num}: {', '.join(key)} stands in an earlier row")
            found[key] = tuple(line)
    return list(found.values())


def labels(name: str) -> dict[str, str]:
    """Return code -> label of a closed vocabulary; the order is that of controls and legends."""
    return {row[0]: row[1] for row in rows(name, "code", "label")}


def meanings(name: str) -> dict[str, str]:
    """Return code -> meaning of a vocabulary that explains each of its labels."""
    return {code: meaning for code, _label, meaning in rows(name, "code", "label", "meaning")}


def explained_labels(name: str) -> dict[str, str]:
    """Return code -> label of such a vocabulary, in its order."""
    return {code: label for code, label, _meaning in rows(name, "code", "label", "meaning")}


def codes(name: str) -> dict[str, dict[str, str]]:
    """Return, by column of a source, word -> code of the atlas; a word is folded (folded_word) or a pattern."""
    found: dict[str, dict[str, str]] = {}
    for column, word, code in rows(name, "column", "word", "code", n_keys=2):
        found.setdefault(column, {})[word] = code
    return found
