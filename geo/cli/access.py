"""The command that prints the access-constraint index."""

from __future__ import annotations

import argparse
from argparse import ArgumentParser
from datetime import date

from geo.analysis.index.report import records_as_csv, records_as_json
from geo.atlas import Atlas
from geo.schema import SOURCES
from geo.settings import Settings
from geo.wording import _


def add(parser: ArgumentParser) -> None:
    """Add the options of `access`."""
    parser.add_argument("--from", dest="first", type=_month, required=True, help=_("first month, as 2025-01"))
    parser.add_argument("--to", dest="last", type=_month, required=True, help=_("last month, as 2025-12"))
    parser.add_argument("--source", choices=list(SOURCES), help=_("needed if several sources are loaded"))
    parser.add_argument("--police", action="store_true", help=_("attacks on police only"))
    parser.add_argument("--format", choices=("json", "csv"), default="json")


def access(options: argparse.Namespace, settings: Settings) -> int:
    """Print the access-constraint index, one record a district."""
    atlas = Atlas.open(settings.store_path)
    index = atlas.access_index(options.first, options.last, options.source, police_only=options.police)
    print((records_as_csv if options.format == "csv" else records_as_json)(index).rstrip("\n"))
    return 0


def _month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise argparse.ArgumentTypeError(_("{value!r} is not a month such as 2025-01", value=text)) from None
