"""The document docs/upload-format.md, written from the schema and the tables of the readers.

`python -m geo.ingest.upload_format` prints it; a test holds the file against it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence

from geo.ingest.containers.encodings import ASKED_ENCODINGS
from geo.ingest.formats import Format, all_formats, mapped
from geo.ingest.formats.template_file import TEMPLATE_COLUMNS
from geo.ingest.mapping.fields import FIELDS
from geo.problems import ProblemCode
from geo.schema import ATTACK_TYPES, COLUMNS, DATE_PRECISIONS, GEO_PRECISIONS, INITIATORS, LIMITS, SOURCES, TARGET_TYPES

_CONTAINERS = (
    ("CSV", "comma, semicolon, tab or bar; UTF-8 or UTF-16 with or without mark"),
    ("CSV in an older encoding", f"{' or '.join(ASKED_ENCODINGS)}: asked for, never guessed"),
    ("Workbook (.xlsx)", "one sheet, stored values; formulas without a stored value and error cells refuse their row"),
    ("GeoJSON", "points in WGS84 degrees; Web Mercator and UTM 41 to 43 north are converted"),
    ("JSON", "replies of the UCDP and ACLED interfaces, one or a list of them"),
    ("Parquet", "columns of bytes are passed over"),
    (
        "Zip",
        "with exactly one of these files; what macOS and Windows add (`__MACOSX`, `Thumbs.db`) and notes beside the "
        "table (a README, a licence, a PDF) are passed over and named",
    ),
)
_RULES = (
    "A file is recognised by its content. Its name is only shown.",
    "Rows accepted and rows refused are together the rows of the file. Blank rows and header rows are no rows. "
    "Rows are numbered as a spreadsheet shows them: the first row of the file is 1, a line break inside quotation "
    "marks starts no row. Records of JSON and GeoJSON are numbered from 1.",
    "A row whose number of cells is not that of the header is refused, unless the further cells are blank.",
    "2024-03-04 is always 4 March. Dates such as 03/04/2024 are read by the order that other dates of the column "
    "prove; if none does, the order is asked. Two-digit years, Hijri years, times with a zone that could change the "
    "day and dates in the future are refused.",
    "Counts are whole numbers. In the template, own tables and district tables, people killed or injured may be 3-5 "
    "or at least 3: the least figure is counted. The range of a total is kept; that of one side of a toll makes no "
    "range of the total. A blank, unknown, n/a, ? or a dash is not stated, never zero. Nil, zero and صفر are 0: so "
    "police tables write that there was nobody. None is refused, because programs write it for a missing cell. Words "
    "are told in a note.",
    "People killed of whom only parts are stated are at least the sum of these parts: it is counted as best and low "
    "figure, high stays open. A sum of 0 counts only if every part is stated. A stated total below the sum of its "
    "parts is kept and told.",
    "P-codes are read in small letters and with spaces or hyphens (pk 503). One that no district has is passed over "
    "and told, and refuses the row if nothing else states the place. One that contradicts the name of the district is "
    "flagged and told; then the P-code counts, but not one of another province against a named district.",
    "A row whose district is a sum (Total, KP Total, کل) is refused, and one that stands for several incidents also if "
    "it names a division, a police region, the province or a former territory.",
    "Coordinates are decimal degrees; degree signs, minutes, seconds and N, S, E, W are read. Urdu and Arabic digits "
    "are read as digits. A decimal comma is asked for.",
    "Latitudes of Pakistan lie between 23.5 and 37.3, longitudes between 60.8 and 77.9: exchanged axes are proved, "
    "named row by row, and exchanged on consent. 0, 0 is refused. Points outside Pakistan are kept as outside, or "
    "refused if the user says so.",
    "NA, null, None and - are text in a text column. Identifiers keep leading zeros; one that a spreadsheet program "
    "has cut (2.02E+11) refuses its row.",
    "Column names stand in one row. Merged cells count for their first row only, which is told. So is a column in "
    "which a spreadsheet program may have exchanged day and month: every date it made is of day 1 to 12, every date "
    "left as text of a later day.",
    "Every cell of an accepted row is kept as it was, under its column name.",
    "The download of refused rows says of each what is wrong and what helps. It can be corrected and uploaded: its "
    "columns refused_row and refused_because are passed over, an apostrophe put before a cell is taken off. "
    "A row that was refused as a whole stays refused until its cell further_cells is empty.",
)
# Every rule in words, for this document and for people who look at a refused file.
MEANINGS: dict[ProblemCode, str] = {
    ProblemCode.EMPTY: "there are no rows",
    ProblemCode.TOO_LARGE: "the file, its rows or a cell exceed a limit",
    ProblemCode.WRONG_TYPE: "the content is no table",
    ProblemCode.TYPE_NOT_ACCEPTED: "a kind of file that is not read here",
    ProblemCode.TRUNCATED: "the file ends too early; the last whole row is named",
    ProblemCode.ENCODING: "the encoding must be stated",
    ProblemCode.CONTROL_CHARACTER: "a row holds characters that are no text",
    ProblemCode.QUOTE: "a quotation mark is not closed",
    ProblemCode.COLUMNS: "column names are unknown, missing or repeated",
    ProblemCode.ROW_LENGTH: "a row has more or fewer cells than the header",
    ProblemCode.DATE: "a date that cannot be",
    ProblemCode.DATE_ORDER: "the order of day and month must be stated",
    ProblemCode.NUMBER: "a number that cannot be, or a decimal comma to confirm",
    ProblemCode.COORDINATES: "coordinates that cannot be, or half of them",
    ProblemCode.SWAPPED: "latitude and longitude are exchanged",
    ProblemCode.OUTSIDE: "coordinates outside Pakistan, or 0, 0",
    ProblemCode.DISTRICT: "a sum or an area of several districts, or a P-code that does not exist",
    ProblemCode.CATEGORY: "a word that is not in the list of its column, or an event that is no militant incident",
    ProblemCode.DUPLICATE_ID: "an identifier that was used before",
    ProblemCode.MISSING: "a required cell is empty",
    ProblemCode.DAMAGED_WORKBOOK: "a workbook or archive is damaged, encrypted or contradicts itself",
    ProblemCode.EXPANDS_TOO_MUCH: "an archive unpacks to more than the limit",
    ProblemCode.TOO_MANY_COLUMNS: "a table is wider than the limit",
    ProblemCode.LINE_TOO_LONG: "a row is longer than any row of a table",
    ProblemCode.UNSAFE_XML: "a workbook declares a document type or entities",
    ProblemCode.FORMULA_WITHOUT_VALUE: "a formula cell has no stored value",
    ProblemCode.CELL: "a cell holds an error value, or the row is an example",
    ProblemCode.SHEET: "the sheet must be stated",
    ProblemCode.JSON: "the content is no JSON with records",
    ProblemCode.CRS: "the coordinate reference system is unknown or a link",
    ProblemCode.TIME_LIMIT: "reading takes too long",
    ProblemCode.MEMORY_LIMIT: "reading needs too much memory",
    ProblemCode.NOT_FOR_DISTRICTS: "the table names no districts",
    ProblemCode.DISK_FULL: "there is no room for temporary files",
}


def upload_format() -> str:
    """Return the document as Markdown."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# What can be uploaded"
    yield ""
    yield "Written by `python -m geo.ingest.upload_format`; do not edit by hand."
    yield from _section("Containers", _table(("container", "how it is read"), _CONTAINERS))
    yield from _section("Rules for every table", [f"- {rule}" for rule in _RULES])
    yield from _section("The template", _template())
    yield ""
    yield "# Formats"
    for layout in (*all_formats(), mapped.FORMAT):
        yield from _section(layout.label, _format(layout))
    fields = [(field.name, field.meaning, ", ".join(field.names[1:])) for field in FIELDS.values()]
    yield from _section("Fields for own tables", _table(("field", "meaning", "proposed for columns named"), fields))
    yield ""
    yield "# What is kept"
    yield from _section("Columns of an incident", _columns())
    for title, words in (
        ("Attack types", ATTACK_TYPES),
        ("Targets", TARGET_TYPES),
        ("Who began", INITIATORS),
        ("Precision of the date", DATE_PRECISIONS),
        ("Precision of the place", GEO_PRECISIONS),
    ):
        yield from _section(title, _table(("code", "label"), words.items()))
    limits = [
        (limit.name, f"{limit.default:,} {limit.unit}", limit.reason, limit.variable) for limit in LIMITS.values()
    ]
    yield from _section("Limits", _table(("limit", "default", "why", "variable"), limits))
    codes = [(code.value, meaning) for code, meaning in MEANINGS.items()]
    yield from _section("Reasons for refusing", _table(("code", "meaning"), codes))


def _template() -> Iterator[str]:
    rows = [
        (column.name, "yes" if column.is_required else "", column.meaning, column.examples[0])
        for column in TEMPLATE_COLUMNS
    ]
    yield from _table(("column", "required", "what goes in", "example"), rows)


def _format(layout: Format) -> Iterator[str]:
    source = SOURCES[layout.source]
    if layout.signature:
        yield f"Recognised by the columns {', '.join(f'`{key}`' for key in sorted(layout.signature))}."
    rows = "may be shown and exported" if source.may_show_rows else "are never shown or exported, only counted"
    yield f"Source: {source.label}; rows {rows}."
    yield ""
    yield from (f"- {rule}" for rule in layout.rules)
    for title, words in layout.code_tables:
        yield ""
        yield from _table((title, "read as"), words.items())


def _columns() -> Iterator[str]:
    rows = [
        (column.name, column.kind, "may be empty" if column.is_nullable else "", column.meaning) for column in COLUMNS
    ]
    yield from _table(("column", "type", "", "meaning"), rows)


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    yield ""
    yield f"## {title}"
    yield ""
    yield from lines


def _table(names: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(names)} |"
    yield f"|{'---|' * len(names)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', '&#124;') for cell in row)} |"


if __name__ == "__main__":
    sys.stdout.write(upload_format())
