"""The one-file atlas: what is in the page, what never is, and that the same view gives the same bytes."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from geo import districts as geo_districts
from geo import wording
from geo.export.view import ExportedView
from geo.filters import Filters
from geo.incidents import IncidentTable, build
from geo.summaries import Summaries
from geo.views import one_file
from geo.views.one_file import MOST_INCIDENTS, TooManyIncidents, page
from geo.views.state import View
from tests import toy
from tests.toy_export import exported

ATLAS = geo_districts.load()
HOSTILE = '</script><script>alert(1)</script> "><img src=x onerror=alert(1)> {data} \u202e'


def incidents(*rows: dict[str, Any]) -> IncidentTable:
    return build({"1": toy.table(*rows)}, ATLAS.pcodes, "v")


def view(*rows: dict[str, Any], **options: str) -> ExportedView:
    return exported(incidents(*rows), **options)


def data_of(text: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    assert found
    loaded: dict[str, Any] = json.loads(found[1])
    return loaded


ROWS = (
    toy.row(1, pcode="PK503", day=date(2023, 3, 1), killed_best=2, place="Bannu town"),
    toy.row(2, pcode="PK503", day=date(2024, 3, 1)),
    toy.row(3, day=date(2024, 5, 1), killed_best=0, n_events=4),
    toy.row(4, source="acled", pcode="PK509", place="A closed place"),
)


def test_rows_of_closed_sources_are_not_in_the_page_and_their_number_is_said() -> None:
    text = page(view(*ROWS))
    assert "A closed place" not in text
    assert len(data_of(text)["incidents"]["year"]) == 3
    assert "1 row of ACLED: counted on the pages, not passed on" in text


def test_figures_of_an_incident_are_those_that_the_app_sums() -> None:
    found = data_of(page(view(*ROWS, measure="killed")))["incidents"]
    # The newest first: the sum of four incidents, the incident without a figure, the one with two people killed.
    assert (found["value"], found["events"], found["unknown"]) == ([0, 0, 2], [4, 1, 1], [0, 1, 0])
    assert data_of(page(view(*ROWS)))["incidents"]["value"] == [4, 1, 1]


def test_hostile_text_of_a_file_is_data_and_nothing_else() -> None:
    text = page(view(toy.row(1, pcode="PK503", place=HOSTILE)))
    assert HOSTILE in data_of(text)["incidents"]["texts"]
    assert text.count("<script") == 3
    assert "<img" not in text


def test_a_policy_forbids_every_request() -> None:
    assert "default-src 'none'" in page(view(*ROWS))


def test_the_same_view_gives_the_same_text() -> None:
    first, second = (page(view(*ROWS, per="per_100k")) for _ in range(2))
    assert first == second
    assert "<dt>Data version</dt><dd>0123456789ab</dd>" in first


def test_rates_of_chosen_years_are_divided_by_what_the_app_divides_by() -> None:
    found = data_of(page(view(*ROWS, per="per_100k")))["rates"]
    assert set(found) == {"2023-2023", "2023-2024", "2024-2024"}
    part = View.of(incidents(*ROWS), ATLAS, Filters(start=date(2024, 1, 1)))
    expected = part.population / 1e5 * part.years
    assert found["2024-2024"] == pytest.approx(list(expected), rel=1e-6)


def test_years_with_a_change_of_source_between_them_have_no_rate() -> None:
    rows = (
        toy.row(1, source="ucdp_ged", pcode="PK503", day=date(2021, 3, 1)),
        toy.row(2, source="register", pcode="PK503", day=date(2022, 3, 1)),
    )
    assert set(data_of(page(view(*rows, per="per_100k")))["rates"]) == {"2021-2021", "2022-2022"}


def test_more_incidents_than_a_phone_opens_are_refused_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_INCIDENTS >= 5_000
    monkeypatch.setattr(one_file, "MOST_INCIDENTS", 2)
    with pytest.raises(TooManyIncidents, match="3 incidents are too many"):
        page(view(*ROWS))


def test_five_thousand_incidents_stay_below_three_megabytes() -> None:
    address = "https://www.example.org/news/2024/03/05/{}-a-long-address-such-as-newspapers-have-them-for-their-pages"
    rows = [
        toy.row(n, pcode=ATLAS.pcodes[n % 35], place=f"A place named {n}", source_url=address.format(n))
        for n in range(5_000)
    ]
    assert len(page(view(*rows)).encode()) < 3_000_000


def test_a_summary_in_english_is_marked_in_a_page_in_urdu() -> None:
    shown = view(toy.row(1, incident_id="r:1", source="register", pcode="PK503"))
    said = Summaries(pa.table({"incident_id": ["r:1"], "summary": ["Two were killed."]}))
    with wording.in_language("ur"):
        urdu = data_of(page(replace(shown, read_summaries=lambda: said)))
    assert "(انگریزی میں) \u2068Two were killed.\u2069" in urdu["incidents"]["texts"]
    assert "Two were killed." in data_of(page(replace(shown, read_summaries=lambda: said)))["incidents"]["texts"]


def test_title_and_notes_in_urdu_have_commas_and_dates_of_urdu() -> None:
    with wording.in_language("ur"):
        text = page(view(*ROWS))
    title = re.search("<title>(.*?)</title>", text)
    assert title
    assert "، " in title[1]
    assert ", " not in title[1]
    notes = text[text.index("<dt>") : text.rindex("</dd>")]
    assert not re.search(r"\d{4}-\d\d-\d\d", notes)
