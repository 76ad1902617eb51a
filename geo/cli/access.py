"""The command that prints the access-constraint index."""

from __future__ import annotations

import argparse
from argparse import ArgumentParser
from dataclasses import replace
from datetime import date

from geo import districts as geo_districts
from geo import intake
from geo.analysis.index import request as access_request
from geo.analysis.index.monthly_counts import Window
from geo.analysis.index.profiles import refusal
from geo.analysis.index.report import records_as_csv, records_as_json
from geo.analysis.index.request import AccessRequest
from geo.analysis.index.settings import LONGEST_WINDOW_MONTHS, SHORTEST_WINDOW_MONTHS
from geo.filters import Filters
from geo.incidents import select
from geo.schema import SOURCES
from geo.settings import Settings
from geo.store import Store
from geo.wording import _, _n, text


def add(parser: ArgumentParser) -> None:
    """Add the options of `access`."""
    parser.add_argument("--from", dest="first", type=_month, required=True, help=_("first month, as 2025-01"))
    parser.add_argument("--to", dest="last", type=_month, required=True, help=_("last month, as 2025-12"))
    parser.add_argument("--source", choices=list(SOURCES), help=_("needed if several sources are loaded"))
    parser.add_argument("--police", action="store_true", help=_("attacks on police only"))
    parser.add_argument("--format", choices=("json", "csv"), default="json")


def access(options: argparse.Namespace, settings: Settings) -> int:
    """Print the access-constraint index, one record a district."""
    window = _window(options.first, options.last)
    districts = geo_districts.load()
    store = Store.open(settings.store_path)
    intake.ensure_register(store, districts, settings)
    newest = intake.newest_shown(settings)
    shown = intake.shown_incidents(store, districts, newest)
    source = options.source or access_request.only_source(shown, select(shown, Filters()))
    table = intake.incidents_of_source(store, districts, shown, newest, source)
    chosen = replace(access_request.frozen_settings(source), police_only=options.police, window_months=window.months)
    index = access_request.index_of(table, select(table, Filters()), districts, AccessRequest(source, chosen, window))
    print((records_as_csv if options.format == "csv" else records_as_json)(index).rstrip("\n"))
    return 0


def _window(first: date, last: date) -> Window:
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    if not SHORTEST_WINDOW_MONTHS <= months <= LONGEST_WINDOW_MONTHS:
        raise refusal(
            text(
                "A window has {shortest} to {longest} months.",
                shortest=SHORTEST_WINDOW_MONTHS,
                longest=LONGEST_WINDOW_MONTHS,
            ),
            text("Choose other months for --from and --to."),
            value=_n("{n} month", "{n} months", months),
        )
    return Window.between(first, last)


def _month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise argparse.ArgumentTypeError(_("{value!r} is not a month such as 2025-01", value=text)) from None
