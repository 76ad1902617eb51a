"""The pop-up of a point says what its source says, and leads to the incident's page, where licences allow it."""

from __future__ import annotations

import json
from urllib.parse import parse_qs

import numpy as np
import pyarrow as pa

from geo import districts as geo_districts
from geo import wording
from geo.incidents import build
from geo.summaries import Summaries
from geo.views import incident_list, incident_points
from geo.views.incident_summaries import Said, under_one_head
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


def test_a_point_far_outside_its_district_is_said_to_be_in_the_pop_up_and_in_the_list() -> None:
    """Stated in Khyber, drawn in Bannu; one stated in Bannu, and one known only to the district, are not marked."""
    stated = POINT | {"pcode": "PK513", "is_district_conflict": True}
    rows = table(row(1, **stated), row(2, **POINT), row(3, **stated | {"geo_precision": "district"}))
    view = View.whole(build({"1": rows}, DISTRICTS.pcodes, "v"), DISTRICTS)
    popups = incident_points.points_view(view, "pins", "target").texts
    assert popups is not None
    said = "; its point lies 83 km outside the district"
    assert [said in one[2] for one in popups.rows] == [True, False]
    listed, _english = incident_list.rows_text(view, np.arange(3))
    assert [said in line.replace("\\", "") for line in listed.splitlines()[2:]] == [True, False, False]


def test_without_summaries_the_way_to_the_page_is_left() -> None:
    found = texts(None)
    assert found.rows[0][-1] == ""
    assert found.pages[0].startswith("incident?id=")


def test_a_closed_source_has_neither() -> None:
    found = texts(SUMMARIES, source="acled")
    assert (found.rows[0][-1], found.pages) == ("", ("",))


def test_what_sources_say_in_english_is_marked_in_other_languages_alone() -> None:
    field = len(texts(None).fields) - 1
    with wording.in_language("ur"):
        register, own = texts(SUMMARIES, source="register"), texts(SUMMARIES, source="table")
    assert (register.fields[-1], register.english) == ("(انگریزی میں) خلاصہ", field)
    assert register.rows[0][-1].startswith("Words")
    # The language of a file of a visitor is not known.
    assert (own.fields[-1], own.english) == ("خلاصہ", -1)
    english = texts(SUMMARIES, source="register")
    assert (english.fields[-1], english.english) == ("Summary", -1)
    assert json.loads(register.packed)["english"] == field


def test_among_texts_of_unknown_language_each_english_one_is_marked() -> None:
    with wording.in_language("ur"):
        head, said, _is_english = under_one_head([Said("One.", True), Said("دو", False), Said("", True)])
    assert head == "خلاصہ"
    assert said[0].startswith("(انگریزی میں) ")
    assert said[1:] == ["دو", ""]
