"""The document of the upload formats says what the readers do."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from geo.ingest import template_csv
from geo.ingest.formats import all_formats, mapped
from geo.ingest.formats.template_file import TEMPLATE_COLUMNS
from geo.problems import MEANINGS, ProblemCode
from tests.upload_format import MARKER, RULES, upload_format

ROOT = Path(__file__).resolve().parents[2]


def test_the_document_is_current():
    document = (ROOT / "docs" / "upload-format.md").read_text(encoding="utf-8")
    assert document == upload_format(document), "run: python -m tests.upload_format"
    rules, _, tables = document.partition(MARKER)
    assert "## Rules for every table" in rules
    assert "## Reasons for refusal" in tables


def test_every_reason_that_a_reader_can_give_is_explained():
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "geo" / "ingest").rglob("*.py"))
    assert {ProblemCode[name] for name in re.findall(r"ProblemCode\.([A-Z_]+)", sources)} == set(MEANINGS)


def test_every_format_says_its_rules():
    assert {layout.key for layout in (*all_formats(), mapped.FORMAT)} == set(RULES)


def test_the_template_has_the_documented_columns_and_two_marked_examples():
    header, *rows = csv.reader(io.StringIO(template_csv(), newline=""))
    assert header == [column.name for column in TEMPLATE_COLUMNS]
    assert [row[0] for row in rows] == ["EXAMPLE-1", "EXAMPLE-2"]
    assert all(len(row) == len(header) for row in rows)
