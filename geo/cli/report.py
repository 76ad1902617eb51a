"""The command that makes the standing brief of a month, with what it restates of the edition before."""

from __future__ import annotations

import argparse
import re
from argparse import ArgumentParser
from calendar import monthrange
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from geo.analysis.restatement import CHANGES_HEAD, SCHEMA, Restatement, change_rows, compare, sentences
from geo.atlas import Atlas
from geo.cli import files
from geo.export.view_settings import ViewSettings
from geo.filters import Filters
from geo.problems import ProblemCode, rejected
from geo.settings import Settings
from geo.text import line_text
from geo.wording import _, format_date, in_language, language, text

if TYPE_CHECKING:
    from geo.figure.brief import Brief, Cell

MONTHS_IN_BARS = 24
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])\Z")
_EDITION = re.compile(r"edition-(\d{4}-(?:0[1-9]|1[0-2]))\.parquet\Z")


def month(written: str) -> date:
    """Return the first day of a month such as 2026-04; what else is given ends the command with the reason."""
    if not _MONTH.match(written):
        raise argparse.ArgumentTypeError(_("{month!r} is not a month such as 2026-04", month=written))
    return date.fromisoformat(f"{written}-01")


def add(parser: ArgumentParser) -> None:
    """Add the options of `report`."""
    parser.add_argument("--month", type=month, required=True, metavar="YEAR-MONTH", help=_("the month reported on"))
    parser.add_argument(
        "--out", type=Path, required=True, metavar="FOLDER", help=_("folder of the editions; it keeps what each said")
    )


def report(options: argparse.Namespace, settings: Settings) -> int:
    """Write the brief of a month, the list of changes since the last edition, and this edition for the next one."""
    from geo.figure import brief as briefs
    from geo.figure.brief import Cell
    from geo.figure.proof import REPORT

    first, folder = options.month, options.out
    last = date(first.year, first.month, monthrange(first.year, first.month)[1])
    folder.mkdir(parents=True, exist_ok=True)
    atlas = Atlas.open(settings.store_path)
    names = dict(zip(atlas.districts.index, atlas.districts["name"], strict=True))
    edition, before = atlas.edition(last), _newest_before(folder, first)
    found = compare(_read(_path(folder, before)), edition) if before else None
    stem = f"{first:%Y-%m}"
    said = _heading(before), tuple(Cell(line) for line in _changes(found, names))
    view = ViewSettings(Filters(start=first, end=last), options={REPORT: stem}, language=language())
    made = of_month(atlas, view, first, (said,))
    brief = folder / f"kp-atlas-{stem}.pdf"
    files.write_bytes(brief, briefs.draw(made))
    if found is not None:
        files.write(folder / f"changes-{stem}.csv", _csv(found))
    # Last: an edition stands for a report that is complete.
    files.write_bytes(_path(folder, first), _parquet(edition))
    print(_("{file}: {title}", file=line_text(str(brief)), title=line_text(made.title)))
    for line in (said[0], *(cell.text for cell in said[1])):
        print(line_text(line))
    return 0


def of_month(atlas: Atlas, view: ViewSettings, first: date, changes: tuple[tuple[str, tuple[Cell, ...]], ...]) -> Brief:
    """Return the report of a month that begins on a day; view: of that month, with the option REPORT."""
    made = atlas.brief(view)
    bars = Filters(start=_earlier(first), end=view.filters.end)
    timeline = atlas.figure(ViewSettings(bars, "trends", {"step": "month"}, language=view.language))
    with in_language(view.language):
        title = title_of(made.title, first)
    return replace(made, title=title, timeline=timeline, evidence=(*changes, *made.evidence))


def title_of(brief: str, first: date) -> str:
    """Return the title of the report of a month, from that of its brief."""
    return _("{title}, {period}", title=brief, period=format_date(first, "month"))


def _earlier(first: date) -> date:
    """Return the first day of the month that the bars of a report begin with."""
    months = first.year * 12 + first.month - MONTHS_IN_BARS
    return date(months // 12, months % 12 + 1, 1)


def _path(folder: Path, first: date) -> Path:
    return folder / f"edition-{first:%Y-%m}.parquet"


def _newest_before(folder: Path, first: date) -> date | None:
    """Return the month of the newest edition in a folder that is earlier than this one."""
    found = (_EDITION.match(path.name) for path in folder.iterdir())
    return max((day for one in found if one and (day := month(one[1])) < first), default=None)


def _heading(before: date | None) -> str:
    if before is None:
        return _("What changed since the last edition")
    return _("What changed since the edition of {month}", month=format_date(before, "month"))


def _changes(found: Restatement | None, names: dict[str, str]) -> list[str]:
    if found is None:
        return [_("This is the first edition in its folder. The next one names what was added, corrected or merged.")]
    return [str(line) for line in sentences(found, names)]


def _read(path: Path) -> pa.Table:
    try:
        table = pq.read_table(path)
    except (OSError, pa.ArrowException) as error:
        message = text("The edition cannot be read.")
        raise rejected(ProblemCode.DAMAGED_DATA, message, text("Move it out of the folder."), path.name) from error
    if table.schema.remove_metadata() != SCHEMA:
        message = text("This is not an edition of this atlas.")
        raise rejected(ProblemCode.DAMAGED_DATA, message, text("Move it out of the folder."), path.name)
    return table


def _parquet(edition: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(edition, sink)
    return bytes(sink.getvalue())


def _csv(found: Restatement) -> str:
    from geo.figure.sheet import csv_text

    return csv_text([CHANGES_HEAD, *change_rows(found)])
