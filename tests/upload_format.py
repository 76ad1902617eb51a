"""The tables of docs/upload-format.md, written from the schema and the readers.

`python -m tests.upload_format` writes them into the document, below its hand-written rules; a test compares both.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from geo.ingest.formats import Format, all_formats, mapped
from geo.ingest.formats.template_file import TEMPLATE_COLUMNS
from geo.ingest.mapping.fields import FIELDS
from geo.problems import MEANINGS
from geo.schema import ATTACK_TYPES, COLUMNS, DATE_PRECISIONS, GEO_PRECISIONS, INITIATORS, LIMITS, SOURCES, TARGET_TYPES
from geo.settings import APP_ROOT
from geo.vocabularies import codes

_CODE_TABLES = {
    "gtd": ("gtd", ("attacktype1_txt", "targtype1_txt", "specificity")),
    "acled": ("acled", ("sub_event_type", "event_type", "time_precision", "geo_precision")),
    "ucdp_ged": ("ucdp", ("where_prec", "date_prec")),
    "register": ("register", ("attack_type", "target_type", "geo_precision")),
}
with Path(__file__).with_name("upload_format_rules.csv").open(encoding="utf-8", newline="") as _file:
    _PAIRS = [(row["format"], row["rule"]) for row in csv.DictReader(_file)]
RULES = {key: [rule for name, rule in _PAIRS if name == key] for key, _ in _PAIRS}
MARKER = "<!-- What follows is written by `python -m tests.upload_format`: do not edit it. -->"


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
    yield from (f"- {rule}" for rule in RULES[layout.key])
    for title, words in _code_tables(layout.key):
        yield ""
        yield from _table((title, "read as"), words.items())


def _code_tables(key: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield (column, word -> code) of a format; rows that ACLED's readers refuse are left out."""
    name, columns = _CODE_TABLES.get(key, ("", ()))
    for column in columns:
        words = codes(name)[column]
        yield column, {word: code for word, code in words.items() if code != "not_an_attack"}


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
