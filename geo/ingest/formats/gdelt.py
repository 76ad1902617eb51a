"""GDELT event tables: coded by machine from the news of the world, so no row of them is an incident."""

from __future__ import annotations

import re
from collections.abc import Sequence

from geo.ingest.formats import Format, not_for_districts
from geo.wording import N_, text

# With and without the address of the article (GDELT 2.0, 1.0, and 1.0 before 2013).
_WIDTHS = (61, 58, 57)
_FIRST_CELLS = tuple(map(re.compile, (r"\d{5,12}\Z", r"(?:19|20)\d{6}\Z", r"(?:19|20)\d{4}\Z", r"(?:19|20)\d{2}\Z")))


def is_gdelt(keys: frozenset[str]) -> bool:
    """Whether a table has the identifier, the place or the scale of GDELT beside its day."""
    return bool(keys & {"globaleventid", "actiongeo_lat", "actiongeo_fullname", "goldsteinscale"})


def looks_like_gdelt(cells: Sequence[str]) -> bool:
    """Whether a row without column names is one of GDELT: its width, and identifier, day, month and year."""
    first = zip(_FIRST_CELLS, cells, strict=False)
    return len(cells) in _WIDTHS and all(pattern.match(cell.strip()) for pattern, cell in first)


FORMAT = Format(
    key="gdelt",
    label=N_("GDELT events"),
    source="table",
    signature=frozenset({"sqldate"}),
    convert=not_for_districts(
        text(
            "This is an event table that GDELT codes by machine from news texts: one event can be many rows, and its "
            "places are places that a text mentions."
        ),
        text("Counting it by district would mislead. Use a table of events that people have checked."),
    ),
    accepts=is_gdelt,
    accepts_cells=looks_like_gdelt,
    headless_names=lambda n_columns: ("globaleventid", "sqldate", *(f"column {n}" for n in range(3, n_columns + 1))),
)
