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
from geo.wording import N_

_CONTAINERS = (
    ("CSV", "comma, semicolon, tab or bar; UTF-8 or UTF-16 with or without mark"),
    ("CSV in an older encoding", f"{' or '.join(ASKED_ENCODINGS)}: asked for, never guessed"),
    ("Workbook (.xlsx)", "one sheet, stored values; formulas without a stored value and error cells refuse their row"),
    ("GeoJSON", "points in WGS84 degrees; Web Mercator and UTM 41 to 43 north are converted"),
    ("JSON", "replies of the UCDP and ACLED APIs"),
    ("Parquet", "columns of bytes are ignored"),
    (
        "Zip",
        "with exactly one of these files; what macOS and Windows add (`__MACOSX`, `Thumbs.db`) and documents in "
        "it (a README, a licence, a PDF) are ignored and named",
    ),
)
_RULES = (
    "A file is recognised by its content. Its name is only shown.",
    "Rows accepted and rows refused together are the rows of the file, without blank rows and header rows. "
    "Rows are numbered as a spreadsheet shows them: the first row of the file is 1, a line break inside quotation "
    "marks does not start a row. Records of JSON and GeoJSON are numbered from 1.",
    "A row whose number of cells is not that of the header is refused, unless the further cells are blank.",
    "2024-03-04 is always 4 March. Dates such as 03/04/2024 are read in the order that other dates of the column "
    "prove; if none does, the order is asked for. Two-digit years, Hijri years, times with a zone that could change "
    "the day and dates in the future are refused.",
    "Counts are whole numbers. In the template, own tables and district tables, people killed or injured may be 3-5 "
    "or at least 3: the minimum is counted. The range of a total is kept; that of one side of a toll is not. A blank, "
    "unknown, n/a, NaN, ? or a dash is not stated, never zero. Nil, zero and صفر are 0, as in police tables. None is "
    "refused, because programs write it for a missing cell. A note states how words were read.",
    "If only parts of a toll are stated, the total is at least their sum: it is counted as best and low figure, high "
    "stays unknown. A sum of 0 counts only if every part is stated. A stated total below the sum of its parts is kept "
    "and noted.",
    "P-codes are read in small letters and with spaces or hyphens (pk 503). One that no district has is ignored "
    "and noted, and refuses the row if nothing else states the place. One that contradicts the name of the district "
    "is flagged and noted; then the P-code counts, unless it is of another province and a district is named.",
    "A row whose district is a sum (Total, KP Total, کل) is refused, and one that sums up several incidents also if it "
    "names a division, a police region, the province or a former territory.",
    "Coordinates are decimal degrees; degree signs, minutes, seconds and N, S, E, W are read. A letter of the other "
    "axis (latitude 33.0 E) refuses the row. Urdu and Arabic digits are read as digits. A decimal comma must be "
    "confirmed.",
    "Latitudes of Pakistan lie between 23.5 and 37.3, longitudes between 60.8 and 77.9: exchanged axes are proved, "
    "named row by row, and exchanged if the user confirms. 0, 0 is refused. Points outside Pakistan are kept as "
    "outside, or refused if the user chooses that.",
    "NA, null, None and - are text in a text column. Identifiers keep leading zeros; one that a spreadsheet program "
    "has shortened (2.02E+11) refuses its row.",
    "Column names are in one row. Merged cells count for their first row only, with a note. A note also names a column "
    "in which a spreadsheet program may have exchanged day and month: every date it made is of day 1 to 12, every date "
    "left as text is of a later day.",
    "Every cell of an accepted row is kept as it was, under its column name.",
    "The download of refused rows states for each what is wrong and what helps. It can be corrected and uploaded: its "
    "columns refused_row and refused_because are ignored, an apostrophe put before a cell is removed. "
    "A row that was refused as a whole stays refused until its cell further_cells is empty.",
)
# Every rule in words, for this document and for the summary of a refused file.
MEANINGS: dict[ProblemCode, str] = {
    ProblemCode.EMPTY: N_("there are no rows"),
    ProblemCode.TOO_LARGE: N_("the file, its rows or a cell exceed a limit"),
    ProblemCode.WRONG_TYPE: N_("not a table"),
    ProblemCode.TYPE_NOT_ACCEPTED: N_("a kind of file that is not read here"),
    ProblemCode.TRUNCATED: N_("the file ends too early; the last whole row is named"),
    ProblemCode.ENCODING: N_("the encoding must be stated"),
    ProblemCode.CONTROL_CHARACTER: N_("a row holds control characters"),
    ProblemCode.QUOTE: N_("a quotation mark is not closed"),
    ProblemCode.COLUMNS: N_("column names are unknown, missing or repeated"),
    ProblemCode.ROW_LENGTH: N_("a row has more or fewer cells than the header"),
    ProblemCode.DATE: N_("invalid date"),
    ProblemCode.DATE_ORDER: N_("the order of day and month must be stated"),
    ProblemCode.NUMBER: N_("invalid number, or a decimal comma to confirm"),
    ProblemCode.COORDINATES: N_("invalid or half-given coordinates, or a wrong hemisphere letter"),
    ProblemCode.SWAPPED: N_("latitude and longitude are exchanged"),
    ProblemCode.OUTSIDE: N_("coordinates outside Pakistan, or 0, 0"),
    ProblemCode.DISTRICT: N_("a sum or an area of several districts, or a P-code that does not exist"),
    ProblemCode.CATEGORY: N_(
        "a word that is not in the list of its column, or an event that is not a militant incident"
    ),
    ProblemCode.DUPLICATE_ID: N_("an identifier that was used before"),
    ProblemCode.MISSING: N_("a required cell is empty"),
    ProblemCode.DAMAGED_WORKBOOK: N_("a workbook or archive is damaged, encrypted or contradicts itself"),
    ProblemCode.EXPANDS_TOO_MUCH: N_("an archive unpacks to more than the limit"),
    ProblemCode.TOO_MANY_COLUMNS: N_("a table is wider than the limit"),
    ProblemCode.LINE_TOO_LONG: N_("a row is longer than any row of a table"),
    ProblemCode.UNSAFE_XML: N_("a workbook declares a document type or entities"),
    ProblemCode.FORMULA_WITHOUT_VALUE: N_("a formula cell has no stored value"),
    ProblemCode.CELL: N_("a cell holds an error value, or the row is an example"),
    ProblemCode.SHEET: N_("the sheet must be stated"),
    ProblemCode.JSON: N_("not JSON with records"),
    ProblemCode.CRS: N_("the coordinate reference system is unknown or a link"),
    ProblemCode.TIME_LIMIT: N_("reading takes too long"),
    ProblemCode.MEMORY_LIMIT: N_("reading needs too much memory"),
    ProblemCode.NOT_FOR_DISTRICTS: N_("the table names no districts"),
    ProblemCode.DISK_FULL: N_("there is no room for temporary files"),
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
        ("Initiated by", INITIATORS),
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
