"""The command that writes what a view shows to a file, with its notes in it."""

from __future__ import annotations

import argparse
import shutil
import sys
from argparse import ArgumentParser
from pathlib import Path

from geo import temporary
from geo.analysis.counting.classes import NORMALISERS
from geo.analysis.counting.questions import MEASURES
from geo.atlas import Atlas
from geo.cli import files
from geo.export.columns import DISTRICTS, INCIDENTS
from geo.export.files import FORMATS
from geo.export.notes import notes_of
from geo.export.pack import write_pack
from geo.export.view import ExportedView
from geo.export.view_settings import ViewSettings, from_toml
from geo.filters import QUERY_KEYS, from_query
from geo.problems import AtlasError, Problem, ProblemCode, RejectedUpload, rejected
from geo.settings import Settings
from geo.sources import MODES
from geo.text import line_text
from geo.views import one_file
from geo.wording import N_, _, in_language, language, text

PACK, PAGE = "pack", "html"
# Keys of an address, which are the options of the command, and what they hold.
_FILTERS: dict[str, str] = {
    "from": N_("first day, as 2024-01-31"),
    "to": N_("last day, inclusive"),
    "group": N_("keys of groups, divided by commas"),
    "attack": N_("types of attack"),
    "target": N_("types of target"),
    "began": N_("who began"),
    "district": N_("P-codes"),
    "data": N_("numbers of batches"),
    "precision": N_("least precision of the place: exact, near or district"),
    "sources": ", ".join(MODES),
}


def add(parser: ArgumentParser) -> None:
    """Add the options of `export`."""
    parser.add_argument(
        "settings", nargs="?", type=files.to_read, metavar="SETTINGS", help=_("settings.toml of an evidence pack")
    )
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help=_("file to write"))
    parser.add_argument("--format", choices=(*FORMATS, PACK, PAGE), required=True)
    parser.add_argument("--table", choices=(INCIDENTS, DISTRICTS), default=INCIDENTS, help=_("what to write"))
    parser.add_argument("--measure", choices=list(MEASURES), help=_("measure of the districts"))
    parser.add_argument("--per", choices=list(NORMALISERS), help=_("unit of the measure"))
    for key, said in _FILTERS.items():
        parser.add_argument(f"--{key}", dest=f"filter_{key}", metavar="TEXT", help=_(said))
    parser.add_argument("--fatal", dest="filter_fatal", action="store_const", const="1", help=_("fatal incidents only"))


def export(options: argparse.Namespace, settings: Settings) -> int:
    """Write the file and say how many rows it has and what it leaves out."""
    asked = _settings(options)
    view = Atlas.open(settings.store_path).exported(asked)
    if asked.data_version and asked.data_version != view.version.code:
        said = _(
            "The settings were made with data version {asked}; this store holds {own}, so figures may differ.",
            asked=asked.data_version,
            own=view.version.code,
        )
        print(said, file=sys.stderr)
    with in_language(asked.language):
        _write(view, options)
        notes = notes_of(
            view, DISTRICTS if options.format not in (PACK, PAGE) and options.table == DISTRICTS else INCIDENTS
        )
    for line in (notes.shown, *notes.left_out):
        print(line_text(line))
    return 0


def _settings(options: argparse.Namespace) -> ViewSettings:
    """Return the settings of the file, or those of the options."""
    query = {key: value for key in QUERY_KEYS if (value := getattr(options, f"filter_{key}"))}
    choices = {name: value for name in ("measure", "per") if (value := getattr(options, name))}
    if options.settings is not None:
        if query or choices:
            raise rejected(ProblemCode.SETTING, text("Give a settings file or filters, not both."))
        return from_toml(_text_of(options.settings), options.settings.name)
    filters, unusable = from_query(query)
    if unusable:
        problems = [
            Problem(ProblemCode.SETTING, text("This filter has a value that cannot be used."), column=f"--{key}",
                    value=query[key])
            for key in unusable
        ]  # fmt: skip
        raise RejectedUpload(problems)
    return ViewSettings(filters, options=choices, language=language())


def _text_of(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise rejected(ProblemCode.ENCODING, text("The file is not UTF-8."), file=path.name) from error


def _write(view: ExportedView, options: argparse.Namespace) -> None:
    """Make the file elsewhere and rename a copy, so that an error leaves no half of a file under its name."""
    part = options.out.with_name(f".{options.out.name}.part")
    with temporary.folder(temporary.EXPORT) as folder:
        if options.format == PACK:
            made = folder / "pack.zip"
            write_pack(view, made)
        elif options.format == PAGE:
            made = folder / "atlas.html"
            made.write_text(one_file.page(view), "utf-8")
        else:
            made = folder / f"{options.table}{FORMATS[options.format].suffix}"
            FORMATS[options.format].write(view, options.table, made)
        try:
            shutil.copyfile(made, part)
            part.replace(options.out)
        except OSError as error:
            message = text("The file cannot be written: {reason}.", reason=error.strerror)
            raise AtlasError([Problem(ProblemCode.SETTING, message, value=str(options.out))]) from error
        finally:
            part.unlink(missing_ok=True)
