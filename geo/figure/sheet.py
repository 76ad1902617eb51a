"""A figure as values: every word, number, class and colour of it, and the three texts from which it is drawn again."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any, Literal

from geo.text import csv_cell, csv_cell_text

Form = Literal[
    "districts", "points", "surface", "years", "time", "lines", "steps", "ranking", "intervals", "ratios", "dots"
]
Mark = Literal["area", "hatched", "pin", "soft", "badge", "dotted", "outline", "cell", ""]
FIGURE, BRIEF, DATA, SETTINGS = "figure.json", "brief.json", "data.csv", "settings.toml"
HASH_LENGTH = 12
MAPS: tuple[Form, ...] = ("districts", "points", "surface")  # one map of the province, with a legend beside it
# Columns of the data of each form; the first ones are what is drawn, any further ones are for the reader of the file.
COLUMNS: dict[Form, tuple[str, ...]] = {
    "districts": ("pcode", "district", "class", "label", "value", "number"),
    "points": ("kind", "pcode", "lon", "lat", "class", "label", "number"),
    "surface": ("kind", "pcode", "x_km", "y_km", "class", "label", "number"),
    "years": ("period", "pcode", "district", "class", "label", "letter", "value"),
    "time": ("period", "class", "label", "value"),
    "lines": ("period", "class", "label", "value", "span"),
    "steps": ("kind", "period", "class", "label", "value"),
    "ranking": ("name", "class", "label", "value"),
    "intervals": ("group", "name", "class", "label", "value", "low", "high"),
    "ratios": ("name", "class", "label", "value", "low", "high", "said"),
    "dots": ("name", "class", "label", "value"),
}


@dataclass(frozen=True, slots=True)
class Key:
    """One line of a legend. mark: how it looks. colour, ink: "#rrggbb" of the fill, and of text upon it.

    count: what the figure holds of it, in words, or "".
    """

    label: str
    mark: Mark = "area"
    colour: str = ""
    ink: str = "#14181d"
    count: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One figure.

    form: what is drawn. title, lines: the heading, and below it the measure, the filters and the period in words.
    legend_title, keys: the legend; the class of a row is the position of its key. counted: what the counts of the keys
    count. notes: what stands below the legend.
    facts: (label, text) at the foot: what is shown and left out, sources and licences, versions.
    alt: the figure in words. rows: its data, cells of COLUMNS[form] and of `more_columns`.
    chosen, dotted: P-codes with an outline. axis: what the values of a chart are. words: names that a map writes,
    by their English text. settings: the settings of the view as TOML. day: date of the version of the data.
    made_by: programs and files that the drawing depends on, each with its version.
    """

    form: Form
    title: str
    lines: tuple[str, ...]
    legend_title: str
    keys: tuple[Key, ...]
    notes: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    alt: str
    rows: tuple[tuple[str, ...], ...]
    settings: str
    day: date
    language: str = "en"
    more_columns: tuple[str, ...] = ()
    chosen: tuple[str, ...] = ()
    dotted: tuple[str, ...] = ()
    axis: str = ""
    counted: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    made_by: Mapping[str, str] = field(default_factory=dict)

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns of `rows`."""
        return COLUMNS[self.form] + self.more_columns

    def cells(self, name: str) -> list[str]:
        """Return one column of the data."""
        place = self.columns.index(name)
        return [row[place] for row in self.rows]

    def with_facts(self, facts: tuple[tuple[str, str], ...]) -> Sheet:
        """Return the sheet with another foot: it may name the digest of the data, which the sheet determines."""
        return replace(self, facts=facts)

    def data(self) -> str:
        """Return the data as CSV; texts are inert in a spreadsheet."""
        return csv_text([self.columns, *self.rows])

    def files(self) -> dict[str, str]:
        """Return the texts from which the figure can be drawn again, by file name: data, settings and all the rest."""
        data = self.data()
        record = record_of(self)
        record["sha256"] = {DATA: digest(data), SETTINGS: digest(self.settings)}
        text = json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        return {DATA: data, SETTINGS: self.settings, FIGURE: text}


def record_of(sheet: Sheet) -> dict[str, Any]:
    """Return everything of a sheet but its rows and settings, ready for JSON."""
    record = {key: value for key, value in asdict(sheet).items() if key not in ("rows", "settings")}
    return record | {"day": sheet.day.isoformat()}


def csv_text(rows: list[tuple[str, ...]]) -> str:
    """Return rows of texts as CSV with line feeds; no cell is a formula for a spreadsheet."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows([csv_cell(cell) for cell in row] for row in rows)
    return buffer.getvalue()


def digest(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


def stated_digests(files: Mapping[str, str]) -> dict[str, str]:
    """Return the digests that a figure or brief states of its data and settings; raises ValueError for none."""
    stated = json.loads(files[BRIEF if BRIEF in files else FIGURE]).get("sha256")
    if not isinstance(stated, dict) or set(stated) != {DATA, SETTINGS}:
        raise ValueError("no digests")
    return {name: str(value) for name, value in stated.items()}


def from_files(files: Mapping[str, str]) -> Sheet:
    """Return the sheet that `Sheet.files` wrote; raises ValueError for texts that are none."""
    record = json.loads(files[FIGURE])
    if not isinstance(record, dict):
        raise ValueError("not the record of a figure")
    record.pop("sha256", None)
    header, rows = rows_of(files[DATA])
    sheet = sheet_of_record(record, rows, files[SETTINGS])
    if header != sheet.columns:
        raise ValueError("not the columns of a figure")
    return sheet


def rows_of(data: str) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Return the header and the rows of data that `Sheet.data` wrote."""
    header, *rows = csv.reader(io.StringIO(data, newline=""))
    return tuple(header), tuple(tuple(map(csv_cell_text, row)) for row in rows)


def sheet_of_record(record: Mapping[str, Any], rows: tuple[tuple[str, ...], ...], settings: str) -> Sheet:
    """Return the sheet of a record of `record_of` with its rows and settings; raises ValueError for another record."""
    if record.get("form") not in COLUMNS:
        raise ValueError("not the record of a figure")
    try:
        sheet = Sheet(
            **{
                **record,
                "day": date.fromisoformat(record["day"]),
                "keys": tuple(Key(**key) for key in record["keys"]),
                "facts": tuple((str(label), str(said)) for label, said in record["facts"]),
                **{name: tuple(map(str, record[name])) for name in _TEXTS},
                **{name: {str(key): str(said) for key, said in record[name].items()} for name in ("words", "made_by")},
                "rows": rows,
                "settings": settings,
            }
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("not the record of a figure") from error
    if any(len(row) != len(sheet.columns) for row in rows):
        raise ValueError("not the columns of a figure")
    return sheet


_TEXTS = ("lines", "notes", "more_columns", "chosen", "dotted")
