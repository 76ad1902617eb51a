"""The commands that draw figures and briefs, and draw a PDF figure again from what it carries."""

from __future__ import annotations

import argparse
import sys
from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from geo.atlas import Atlas
from geo.cli import files, report
from geo.export.view_settings import from_toml
from geo.problems import AtlasError, ProblemCode, rejected
from geo.settings import Settings
from geo.text import line_text
from geo.wording import _, language, text

if TYPE_CHECKING:
    from geo.export.view_settings import ViewSettings
    from geo.figure.proof import Proof
    from geo.figure.typesetting import Kind
    from geo.wording import Text

_KINDS: dict[str, Kind] = {".png": "png", ".svg": "svg", ".pdf": "pdf"}
_SIZES: dict[int, Kind] = {1: "png", 2: "png2", 3: "png3"}
_LARGEST_SETTINGS = 100_000
SAME, DIFFERS = 0, 2


def add(parser: ArgumentParser) -> None:
    """Add the options of `figure`."""
    parser.add_argument(
        "file", type=files.to_read, metavar="FILE", help=_("settings of a view (TOML), or a PDF figure to be checked")
    )
    parser.add_argument("--out", type=Path, help=_("picture to be written: .png, .svg or .pdf"))
    parser.add_argument("--size", type=int, choices=(1, 2, 3), default=1, help=_("of a PNG: 1, 2 or 3 times as large"))


def figure(options: argparse.Namespace, settings: Settings) -> int:
    """Draw a figure, or say whether a PDF is what it carries."""
    if options.file.suffix.lower() == ".pdf":
        return _check(options.file, settings)
    if options.out is None or options.out.suffix.lower() not in _KINDS:
        raise rejected(ProblemCode.SETTING, text("--out names a file that ends in .png, .svg or .pdf."))
    from geo.figure.figure import draw

    sheet = Atlas.open(settings.store_path).figure(_settings(options.file))
    kind = _KINDS[options.out.suffix.lower()]
    files.write_bytes(options.out, draw(sheet, _SIZES[options.size] if kind == "png" else kind))
    print(_("{file}: {title}", file=line_text(str(options.out)), title=line_text(sheet.title)))
    return SAME


def _settings(path: Path) -> ViewSettings:
    content = path.read_bytes()[:_LARGEST_SETTINGS].decode("utf-8", errors="replace")
    return from_toml(content, path.name)


def _check(path: Path, settings: Settings) -> int:
    """Print whether the file is what is drawn again from it, then whether the store gives the same values."""
    from geo.figure import proof

    found = proof.check(path.read_bytes(), path.name)
    if found.is_same:
        print(_("Same: drawn again from what it carries, the file is the same in every byte."))
    else:
        _differs(_("Differs: drawn again from what it carries, the file is not the same."), found.differences)
    try:
        others = _against_store(found, Atlas.open(settings.store_path), path.name)
    except AtlasError as error:
        print(_("The store cannot draw this view: {reason}", reason=line_text(str(error.problems[0].message))))
        return SAME if found.is_same else DIFFERS
    if others:
        _differs(_("Differs: drawn from the store, the view is not the same."), others)
    else:
        print(_("Same: the store gives the same values."))
        if found.brief and proof.REPORT in from_toml(found.brief.settings).options:
            print(_("Not drawn again: the list of changes, which rests on an earlier edition."))
    return SAME if found.is_same and not others else DIFFERS


def _differs(verdict: str, differences: tuple[Text, ...]) -> None:
    """Print that something differs and, below it, what: each line names the version, settings, values or bytes."""
    print(verdict)
    for difference in differences:
        print(line_text(f"- {difference}"))


def _against_store(found: Proof, atlas: Atlas, file: str) -> tuple[Text, ...]:
    from geo.figure import proof

    if found.brief:
        view, carried = from_toml(found.brief.settings, file), found.brief
        first = view.filters.start
        if proof.REPORT in view.options and first:
            # What changed since an earlier edition is in no store: those lines are taken as they are.
            return proof.compared_briefs(carried, report.of_month(atlas, view, first, carried.evidence[:1]))
        return proof.compared_briefs(carried, atlas.brief(view, carried.pcode))
    return proof.compared(found.sheet, atlas.figure(from_toml(found.sheet.settings, file)))


def add_brief(parser: ArgumentParser) -> None:
    """Add the options of `brief`."""
    parser.add_argument("--district", metavar="PCODE", default="", help=_("P-code; without it the whole province"))
    parser.add_argument("--out", type=Path, required=True, help=_("PDF to be written"))
    parser.add_argument(
        "--settings", type=files.to_read, help=_("settings of a view (TOML); without them the last 36 months of data")
    )


def brief(options: argparse.Namespace, settings: Settings) -> int:
    """Write a brief of two pages."""
    from geo.figure import brief as briefs

    atlas = Atlas.open(settings.store_path)
    if options.district and options.district not in atlas.districts.index:
        message = text("{pcode} is not the P-code of a district; they are PK501 to PK535.", pcode=options.district)
        raise rejected(ProblemCode.SETTING, message)
    chosen = _settings(options.settings) if options.settings else replace(atlas.newest_months(), language=language())
    made = atlas.brief(chosen, options.district)
    print(_("Drawing the brief"), file=sys.stderr)
    files.write_bytes(options.out, briefs.draw(made))
    print(_("{file}: {title}", file=line_text(str(options.out)), title=line_text(made.title)))
    return SAME
