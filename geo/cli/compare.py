"""The command that compares two periods: one line a district, as CSV."""

from __future__ import annotations

import argparse
from argparse import ArgumentParser
from datetime import date

from geo.analysis.counting.classes import NORMALISERS
from geo.analysis.counting.questions import MEASURES
from geo.atlas import Atlas
from geo.filters import Filters
from geo.settings import Settings
from geo.sources import DEFAULT, MODES
from geo.wording import _


def add(parser: ArgumentParser) -> None:
    """Add the options of `compare`."""
    for name in ("first", "second"):
        parser.add_argument(name, type=period, metavar=f"{name.upper()}", help=_("period, as 2024-01-01:2024-12-31"))
    parser.add_argument("--measure", choices=list(MEASURES), default="incidents")
    parser.add_argument("--per", choices=list(NORMALISERS), default="count")
    parser.add_argument("--sources", choices=list(MODES), default=DEFAULT, help=_("which sources are counted"))


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Print counts, rates, ratio, interval, q value and verdict of each district."""
    atlas = Atlas.open(settings.store_path)
    frame = atlas.compare(options.first, options.second, Filters(sources=options.sources), options.measure, options.per)
    columns = [
        "name",
        "first",
        "second",
        "first_rate",
        "second_rate",
        "ratio",
        "low",
        "high",
        "q",
        "verdict",
        "is_settled",
    ]
    print(frame[columns].to_csv(float_format="%.6g").rstrip("\n"))
    return 0


def period(text: str) -> tuple[date, date]:
    """Return the first and the last day of a text such as "2024-01-01:2024-12-31"."""
    try:
        first, last = (date.fromisoformat(part) for part in text.split(":"))
    except ValueError:
        first, last = date.max, date.min
    if first > last:
        raise argparse.ArgumentTypeError(_("{value!r} is not a period such as 2024-01-01:2024-12-31", value=text))
    return first, last
