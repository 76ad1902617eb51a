"""The columns of the atlas template and the file that is offered for download."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TemplateColumn:
    """One column of the template: what goes in, and its cells in the two example rows."""

    name: str
    meaning: str
    examples: tuple[str, str]
    is_required: bool = False


EXAMPLE_ID = "EXAMPLE-"
EXAMPLE_NOTE = "EXAMPLE ROW"


def _column(name: str, meaning: str, first: str = "", second: str = "", *, required: bool = False) -> TemplateColumn:
    return TemplateColumn(name, meaning, (first, second), required)


TEMPLATE_COLUMNS: tuple[TemplateColumn, ...] = (
    _column(
        "incident_id",
        "your own number or name of the incident; must not repeat; may be empty",
        f"{EXAMPLE_ID}1",
        f"{EXAMPLE_ID}2",
    ),
    _column("date", "YYYY-MM-DD, or YYYY-MM or YYYY if only that is known", "2024-03-04", "2024-03", required=True),
    _column("date_end", "last day, if the incident lasted or its day is not known exactly", "2024-03-05"),
    _column("date_precision", "day, days_2_6, week, month or year; empty: as the date is written", "day"),
    _column("district", "district of Khyber Pakhtunkhwa, in English, Urdu or Pashto", "Bannu", "Khyber"),
    _column("pcode", "P-code of the district, if you have it (PK501 to PK535)", "PK503"),
    _column("place", "town, village or road, as reported", "example place, delete this row"),
    _column("latitude", "degrees north, WGS84, for example 32.99", "32.99"),
    _column("longitude", "degrees east, WGS84, for example 70.60", "70.60"),
    _column("geo_precision", "exact (within 5 km), near (within 25 km) or district; empty: near", "exact"),
    _column("attack_type", "a word of the list of attack types; empty: not stated", "ied", "ambush"),
    _column("target_type", "a word of the list of targets; empty: not stated", "police", "army"),
    _column("initiator", "militant, state, mutual, communal, disputed, foreign or unknown; empty: by rule", "militant"),
    _column("group", "group as named by the report", "TTP"),
    _column("killed_total", "people killed, all sides; 3, 3-5 or at least 3; empty: not known", "2", "at least 3"),
    _column("killed_police", "police killed", "2"),
    _column("killed_military", "soldiers and paramilitaries killed", "0"),
    _column("killed_civilian", "civilians killed", "0"),
    _column("killed_militant", "militants killed"),
    _column("injured_total", "people injured", "5"),
    _column("n_events", "number of incidents that the row sums up; empty: 1"),
    _column("n_sources", "number of reports behind the row", "1"),
    _column("source_url", "address of the report"),
    _column("source_date", "day of the report, YYYY-MM-DD", "2024-03-05"),
    _column("notes", "anything else; kept, not interpreted", EXAMPLE_NOTE, EXAMPLE_NOTE),
)


def template_csv() -> str:
    """Return the template as CSV text: the header and two rows marked as examples, to be deleted."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([column.name for column in TEMPLATE_COLUMNS])
    for place in (0, 1):
        writer.writerow([column.examples[place] for column in TEMPLATE_COLUMNS])
    return text.getvalue()
