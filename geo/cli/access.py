"""The command that prints the access-constraint index and every line of evidence."""

from __future__ import annotations

import argparse
import sys
from argparse import ArgumentParser
from datetime import date
from itertools import groupby

from geo.analysis.evidence.lines import Evidence
from geo.analysis.evidence.report import evidence_values
from geo.analysis.evidence.sentences import LINES, explain
from geo.analysis.index.report import records_as_csv, records_as_json
from geo.atlas import Atlas
from geo.schema import SOURCES
from geo.settings import Settings
from geo.text import printable
from geo.wording import _


def add(parser: ArgumentParser) -> None:
    """Add the options of `access`."""
    parser.add_argument("--from", dest="first", type=_month, required=True, help=_("first month, as 2025-01"))
    parser.add_argument("--to", dest="last", type=_month, required=True, help=_("last month, as 2025-12"))
    parser.add_argument("--source", choices=list(SOURCES), help=_("needed if several sources are loaded"))
    parser.add_argument("--police", action="store_true", help=_("attacks on police only"))
    parser.add_argument("--format", choices=("json", "csv"), default="json")
    parser.add_argument("--explain", metavar="PCODE", help=_("print what is known of one district, as sentences"))


def access(options: argparse.Namespace, settings: Settings) -> int:
    """Print the index, one record a district, and every line of evidence; or one district in sentences."""
    atlas = Atlas.open(settings.store_path)
    index = atlas.access_index(options.first, options.last, options.source, police_only=options.police)
    if options.format == "csv" and not options.explain:
        print(records_as_csv(index).rstrip("\n"))
        return 0
    # Other lines know no police view: contradictions are those with the whole index.
    whole = atlas.access_index(options.first, options.last, options.source) if options.police else index
    found = atlas.evidence(options.first, options.last, whole)
    if options.explain:
        return _explain(found, options.explain)
    print(records_as_json(index, evidence=evidence_values(found)))
    return 0


def _explain(found: Evidence, pcode: str) -> int:
    if pcode not in {one.pcode for one in found.districts}:
        print(_("{pcode} is not the P-code of a district; they are PK501 to PK535.", pcode=pcode), file=sys.stderr)
        return 2
    for line, said in groupby(explain(found, pcode), key=lambda sentence: sentence.line):
        print(_(LINES[line]))
        for sentence in said:
            print(f"  - {printable(str(sentence.words))}{f' {sentence.url}' if sentence.url else ''}")
    return 0


def _month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise argparse.ArgumentTypeError(_("{value!r} is not a month such as 2025-01", value=text)) from None
