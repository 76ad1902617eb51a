"""The same four hundred texts in every file that is written, in names of files and in the log: nothing but text."""

from __future__ import annotations

import csv
import io
import json
import logging
import unicodedata
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pikepdf
import pytest

from geo import districts
from geo.export.columns import INCIDENTS
from geo.export.view_settings import ViewSettings
from geo.figure.brief import draw
from geo.filters import Filters
from geo.incidents import build
from geo.text import csv_cell, csv_cell_text, file_label, line_text, log_text, markdown_text
from geo.views import messages
from geo.views.one_file import page
from geo.views.sheets.briefs import brief
from geo.views.sheets.shown import FigureView
from geo.views.state import View
from tests import toy
from tests.export.test_export_files import written
from tests.figure.toy_view import LOOKUPS, VERSION
from tests.injections import MIXES
from tests.toy_export import exported


@pytest.fixture(scope="module")
def view():
    rows = [
        toy.row(n, pcode="PK503", place=text, group_reported=text, note=text, source_url=text, day=date(2024, 5, 6))
        for n, text in enumerate(MIXES)
    ]
    return exported(build({"1": toy.table(*rows)}, districts.load().pcodes, "v"))


@pytest.mark.case(48)
def test_four_hundred_texts_are_no_formulas_and_come_back_from_a_table_of_text() -> None:
    text = io.StringIO()
    csv.writer(text).writerows([list(map(csv_cell, MIXES)), *([csv_cell(one), "1"] for one in MIXES)])
    header, *lines = csv.reader(io.StringIO(text.getvalue()))
    assert [csv_cell_text(cell) for cell in header] == MIXES
    assert [csv_cell_text(line[0]) for line in lines] == MIXES
    assert not [cell for cell in header if cell.lstrip(" \u202e\u2067\u200f\ufeff").startswith(("=", "+", "-", "@"))]


@pytest.mark.case(48)
def test_four_hundred_texts_in_a_workbook_are_strings(view, tmp_path: Path) -> None:
    path = written(view, INCIDENTS, "xlsx", tmp_path)
    cells = [cell for line in openpyxl.load_workbook(path)[INCIDENTS].iter_rows() for cell in line]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d", "b", "inlineStr"}
    assert all(cell.hyperlink is None for cell in cells)
    assert {csv_cell_text(str(cell.value)) for cell in cells} >= set(MIXES)
    with zipfile.ZipFile(path) as book:
        assert not [name for name in book.namelist() if name.endswith(".rels") and b"canary" in book.read(name)]


@pytest.mark.case(46)
def test_four_hundred_texts_in_the_one_file_atlas_are_data(view) -> None:
    text = page(view)
    assert text.count("<script") == 3
    assert text.count("</script>") == 3
    assert not [trace for trace in ("<img", "<svg/onload", "<iframe", "<b onmouseover") if trace in text]


@pytest.mark.case(46)
def test_texts_in_a_brief_are_text_without_links_or_actions(view) -> None:
    shown = View.of(view.table, districts.load(), Filters())
    made = brief(FigureView(shown, ViewSettings(), VERSION, LOOKUPS, {"1": " ".join(MIXES)}), "PK503")
    with pikepdf.open(io.BytesIO(draw(made))) as pdf:
        assert pdf.check_pdf_syntax() == []
        whole = b"".join(one.unparse() for one in pdf.objects if isinstance(one, pikepdf.Dictionary))
    assert not [name for name in (b"/JavaScript", b"/JS", b"/Launch", b"canary") if name in whole]


@pytest.mark.case(51)
def test_four_hundred_texts_are_one_line_each_in_log_and_terminal(caplog: pytest.LogCaptureFixture) -> None:
    ends = ("\r\nERROR:atlas:forged", "\x1b[31m", "\u2028", "\x9b1m")
    for number, text in enumerate(MIXES):
        hostile = text + ends[number % len(ends)]
        for said in (log_text(hostile), line_text(hostile)):
            assert len(said.splitlines()) == 1
            assert not {unicodedata.category(char) for char in said} & {"Cc", "Zl", "Zp"}
            assert not set("\u202e\u2067") & set(said)
    with caplog.at_level(logging.ERROR, "atlas"):
        messages.unexpected(ValueError(f"{MIXES[-1]}\r\nERROR:atlas:forged"))
    [record] = caplog.records
    assert not any(line.startswith("ERROR:atlas:forged") for line in logging.Formatter().format(record).splitlines())


@pytest.mark.case(3, 47)
def test_four_hundred_texts_as_names_of_files_and_in_markdown_are_inert() -> None:
    for text in MIXES:
        label = file_label(f"{text}.csv")
        assert len(label) <= 80
        assert not set("/\\\x00\n\u202e\u2067") & set(label)
        plain, escaped = markdown_text(text), False
        for char in plain:
            assert escaped or char == "\\" or char.isalnum() or not char.isascii() or char == " ", plain
            escaped = char == "\\" and not escaped
        assert json.loads(json.dumps(plain)) == plain
