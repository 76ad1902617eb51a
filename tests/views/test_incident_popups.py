"""The pop-up of a point says what its source says, and leads to the incident's page, where licences allow it."""

from __future__ import annotations

from urllib.parse import parse_qs

import pyarrow as pa

from geo import districts as geo_districts
from geo.incidents import build
from geo.summaries import Summaries
from geo.views import incident_points
from geo.views.layers import IncidentTexts
from geo.views.state import View
from tests.toy import row, table

DISTRICTS = geo_districts.load()
POINT = {"pcode": "PK503", "lat": 33.0, "lon": 70.6, "geo_precision": "exact"}
STRANGE = "toy:1&lang=x#<b> ?/../بنوں"


def texts(summaries: Summaries | None, **cells: str) -> IncidentTexts:
    rows = table(row(1, incident_id=STRANGE, **POINT, **cells))
    view = View.whole(build({"1": rows}, DISTRICTS.pcodes, "v"), DISTRICTS)
    found = incident_points.points_view(view, "pins", "target", summaries).texts
    assert found is not None
    return found


SUMMARIES = Summaries(pa.table({"incident_id": [STRANGE], "summary": ["Words <b> " + "x" * 1000]}))


def test_a_pop_up_holds_the_summary_and_the_way_to_the_page() -> None:
    found = texts(SUMMARIES)
    assert found.fields[-1] == "Summary"
    assert found.rows[0][-1].startswith("Words <b> xxx")
    assert found.rows[0][-1].endswith("...")
    page, _, query = found.pages[0].partition("?")
    assert page == "incident"
    assert parse_qs(query, strict_parsing=True) == {"id": [STRANGE]}


def test_without_summaries_the_way_to_the_page_is_left() -> None:
    found = texts(None)
    assert found.rows[0][-1] == ""
    assert found.pages[0].startswith("incident?id=")


def test_a_closed_source_has_neither() -> None:
    found = texts(SUMMARIES, source="acled")
    assert (found.rows[0][-1], found.pages) == ("", ("",))
