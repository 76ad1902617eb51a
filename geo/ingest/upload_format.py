"""The tables of docs/upload-format.md, written from the schema and the readers.

`python -m geo.ingest.upload_format` writes them into the document, below its hand-written rules; a test compares both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from geo.ingest.formats import Format, all_formats, mapped
from geo.ingest.formats.template_file import TEMPLATE_COLUMNS
from geo.ingest.mapping.fields import FIELDS
from geo.problems import ProblemCode
from geo.schema import ATTACK_TYPES, COLUMNS, DATE_PRECISIONS, GEO_PRECISIONS, INITIATORS, LIMITS, SOURCES, TARGET_TYPES
from geo.settings import APP_ROOT
from geo.wording import N_

MARKER = "<!-- What follows is written by `python -m geo.ingest.upload_format`: do not edit it. -->"

# Every problem code in words, for this document and for people who look at a refused file; marked for translation.
MEANINGS: dict[ProblemCode, str] = {
    ProblemCode.EMPTY: N_("there are no rows"),
    ProblemCode.TOO_LARGE: N_("the file, its rows or a cell exceed a limit"),
    ProblemCode.WRONG_TYPE: N_("not a table"),
    ProblemCode.TYPE_NOT_ACCEPTED: N_("a type of file that is not accepted"),
    ProblemCode.TRUNCATED: N_("the file ends too early; the last whole row is named"),
    ProblemCode.ENCODING: N_("the encoding must be stated"),
    ProblemCode.CONTROL_CHARACTER: N_("a row holds characters that are not text"),
    ProblemCode.QUOTE: N_("a quotation mark is not closed"),
    ProblemCode.COLUMNS: N_("column names are unknown, missing or repeated"),
    ProblemCode.ROW_LENGTH: N_("a row has more or fewer cells than the header"),
    ProblemCode.DATE: N_("invalid date"),
    ProblemCode.DATE_ORDER: N_("the order of day and month must be stated"),
    ProblemCode.NUMBER: N_("invalid number, or a decimal comma to confirm"),
    ProblemCode.COORDINATES: N_("invalid or incomplete coordinates"),
    ProblemCode.SWAPPED: N_("latitude and longitude are exchanged"),
    ProblemCode.OUTSIDE: N_("coordinates outside Pakistan, or 0, 0"),
    ProblemCode.DISTRICT: N_("a sum or an area of several districts, or a P-code that does not exist"),
    ProblemCode.CATEGORY: N_(
        "a word that is not in the list of its column, or an event that is not a militant incident"
    ),
    ProblemCode.DUPLICATE_ID: N_("an identifier that was used before"),
    ProblemCode.MISSING: N_("a required cell is empty"),
    ProblemCode.DAMAGED_WORKBOOK: N_("a workbook or archive is damaged, encrypted or inconsistent"),
    ProblemCode.EXPANDS_TOO_MUCH: N_("an archive unpacks to more than the limit"),
    ProblemCode.TOO_MANY_COLUMNS: N_("a table has more columns than the limit"),
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
    ProblemCode.DISK_FULL: N_("there is no space for temporary files"),
}


def upload_format(document: str) -> str:
    """Return the document as Markdown with its tables written again; what is above MARKER is kept."""
    return document.partition(MARKER)[0] + MARKER + "\n" + "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
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
    yield from _section("Reasons for refusal", _table(("code", "meaning"), codes))


def _template() -> Iterator[str]:
    rows = [
        (column.name, "yes" if column.is_required else "", column.meaning, column.examples[0])
        for column in TEMPLATE_COLUMNS
    ]
    yield from _table(("column", "required", "content", "example"), rows)


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
    path = APP_ROOT / "docs" / "upload-format.md"
    path.write_text(upload_format(path.read_text("utf-8")), "utf-8")
