"""A brief: the answer first, two pages, tagged, the same bytes for the same input, and texts of files stay text."""

from __future__ import annotations

import io
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import pikepdf
import pypdf
import pytest

from geo.analysis.evidence.lines import Evidence
from geo.analysis.index.monthly_counts import Window
from geo.cli import main
from geo.export.view_settings import ViewSettings, to_toml
from geo.figure.brief import Brief, Cell, draw
from geo.filters import Filters
from geo.sources import SEAM
from geo.views.sheets import maps
from geo.views.sheets.briefs import _ranking, brief, evidence_window
from geo.views.sheets.shown import Lookups
from geo.views.state import View
from tests.figure.test_figure_files import HOSTILE
from tests.figure.toy_view import DISTRICTS, drawn
from tests.toy import row, table


def toy(pcode: str = "PK503", filters: Filters | None = None) -> Brief:
    return brief(drawn(filters=filters), pcode)


def words_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages).split())


@pytest.mark.parametrize("pcode", ["PK503", "PK501", ""])
def test_a_brief_has_two_pages_at_most_and_is_tagged(pcode: str) -> None:
    made = toy(pcode)
    pdf = draw(made)
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert len(opened.pages) <= 2
        assert opened.check_pdf_syntax() == []
        assert str(opened.Root.Lang) == "en"
        metadata = opened.open_metadata()
        assert (metadata["pdfuaid:part"], metadata["pdfaid:part"], metadata["dc:title"]) == ("1", "3", made.title)
        names = [str(tag.S) for tag in _tags(opened.Root.StructTreeRoot)]
    assert names.count("/Figure") == (3 if pcode else 2)
    assert {"/H1", "/H2", "/Table", "/TH", "/L"} <= set(names)


def _tags(node: pikepdf.Object) -> list[pikepdf.Object]:
    kids = node.get("/K", [])
    own = [kid for kid in (kids if isinstance(kids, pikepdf.Array) else [kids]) if isinstance(kid, pikepdf.Dictionary)]
    return [tag for kid in own if "/S" in kid for tag in (kid, *_tags(kid))]


def test_the_answer_comes_first_and_counts_what_the_page_counts() -> None:
    said = words_of(draw(toy()))
    answer = (
        "3 incidents are recorded in Bannu from 5 Jan 2023 to 5 May 2025; 1 of them attacks on police and security "
        "forces. People reported killed: 3, a lower bound (all sides; 1 incident states no figure)."
    )
    assert answer in said
    assert said.index(answer) < said.index("Where incidents are recorded") < said.index("Recorded incidents, newest")
    assert "No district has more incidents recorded." in said


def test_a_rate_names_the_residents_that_it_is_made_of() -> None:
    """Those of the census stand above; a rate is of the estimate for the middle of the period."""
    made = _view_of(drawn(), [row(n, pcode="PK503", day=date(2025, 3, n)) for n in range(1, 29)])
    residents = DISTRICTS.population_between(*made.view.covered)[DISTRICTS.pcodes.index("PK503")]
    said = " ".join(brief(made, "PK503").answer)
    assert f"by residents estimated for the middle of the period, {residents:,.0f} in Bannu." in said


def test_equal_input_gives_equal_bytes() -> None:
    assert draw(toy()) == draw(toy())
    assert draw(toy()) != draw(toy("PK533"))


def test_a_place_without_records_says_so_and_gives_no_rank() -> None:
    said = words_of(draw(toy("PK501")))
    assert "No incident is recorded in Abbottabad" in said
    assert "No row to list." in said
    assert "have more incidents" not in said


def test_incidents_are_listed_with_their_pages() -> None:
    made = drawn()
    rows = [row(1, pcode="PK503", place="Jani Khel", source_url="https://www.dawn.com/news/1", geo_precision="near")]
    cells = brief(_view_of(made, rows), "PK503").incidents.rows
    assert cells[0][-1] == Cell("dawn.com", "https://www.dawn.com/news/1")
    assert cells[0][1] == Cell("Jani Khel")


def test_rows_that_may_not_be_shown_are_counted_and_not_listed() -> None:
    made = _view_of(drawn(), [row(1, pcode="PK503", source="acled", place="Hidden"), row(2, pcode="PK503")])
    listed = brief(made, "PK503").incidents
    assert len(listed.rows) == 1
    assert "1 row may not be shown" in listed.note


def test_as_many_incidents_are_listed_as_have_room_and_the_note_says_how_many() -> None:
    rows = [row(n, pcode="PK503", place=f"A rather long name of a place, number {n}") for n in range(150)]
    pdf = draw(brief(_view_of(drawn(), rows), "PK503"))
    said = words_of(pdf)
    assert len(pypdf.PdfReader(io.BytesIO(pdf)).pages) == 2
    n = int(said.split("The newest ")[1].split(" of 150 rows")[0])
    assert said.count("of a place, number") == n
    assert 10 < n < 60


def test_a_district_of_very_many_points_is_drawn_in_hexagons(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maps, "MOST_PINS", 1)
    assert set(toy().main_map.cells("kind")) == {"cell", "district"}
    assert draw(toy())[:5] == b"%PDF-"


def test_two_sources_are_told_apart_and_never_ranked_together() -> None:
    days = (date(2015, 3, 1), date(2015, 4, 1), date(2024, 5, 1))
    rows = [
        row(n, pcode="PK503", day=day, source="register" if day >= SEAM else "ucdp_ged") for n, day in enumerate(days)
    ]
    answer = " ".join(brief(_view_of(drawn(), rows), "PK503").answer)
    assert SEAM.year == 2022
    assert "UCDP to 2021 (2) and the register from 2022 (1)" in answer
    assert "No district has more" not in answer
    assert "Per 100,000" not in answer
    ranking = _ranking(_view_of(drawn(), rows), None)
    assert [row[4].text for row in ranking.rows] == [""] * len(ranking.rows)


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        (date(2024, 1, 1), date(2024, 2, 10), None),
        (date(2024, 1, 1), date(2024, 3, 10), 3),
        (date(2010, 1, 1), date(2024, 3, 10), 12),
    ],
)
def test_evidence_is_of_months_that_it_can_be_put_together_for(first: date, last: date, months: int | None) -> None:
    made = _view_of(drawn(), [row(1, day=first), row(2, day=last)])
    window = evidence_window(made.view)
    assert (window.months if window else None) == months
    if window:
        assert window.last_day >= last


def test_both_pages_of_a_long_view_say_the_same_of_the_same_periods() -> None:
    """Evidence is of the last twelve months, descriptions of all days, as above the map; each says so."""
    made = _view_of(drawn(), [row(1, day=date(2010, 1, 1)), row(2, day=date(2026, 3, 10))])
    one_source = partial(_with_one_source, made.lookups)
    made = replace(made, lookups=replace(made.lookups, evidence=one_source))
    days = "1 Jan 2010 to 10 Mar 2026"
    province = brief(made, "")
    described = next(said for heading, said in province.evidence if heading.startswith("Described"))[0].text
    assert f"Described as no-go in reporting, {days}: {described}." in province.answer
    assert "Lakki Marwat, North Waziristan" in described
    assert "High on one source, Apr 2025 to Mar 2026: Bannu." in province.answer
    assert "High on one source (1): Bannu" in {said.text for said in province.evidence[0][1]}
    assert province.ranking
    assert province.ranking.heads[-1] == "All sources together, Apr 2025 to Mar 2026"
    assert f"Described as no-go in reporting, {days}" in [heading for heading, _said in province.evidence]
    district = brief(made, "PK503")
    assert any(said.startswith("Apr 2025 to Mar 2026: High on one source") for said in district.answer)
    assert any(said.startswith(f"{days}: 3 collected pages describe it as no-go") for said in district.answer)
    reported = dict(district.evidence)[f"Reported, {days}"]
    assert not any("No statement" in said.text for said in reported)


def test_the_bars_of_time_stay_on_the_page_of_their_heading() -> None:
    """With keys of two sources heading and keys stayed on a full page when their bars went to the next."""
    made = toy("")
    bars = replace(made.timeline, keys=made.timeline.keys * 2, notes=("Below the bars.",))
    full = replace(made, answer=("A sentence that fills the page. " * 26,), timeline=bars, incidents=None)
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(draw(full))).pages]
    assert ["Incidents by month" in page for page in pages] == ["Below the bars" in page for page in pages]


def _with_one_source(lookups: Lookups, source: str | None, window: Window) -> Evidence:
    """Return evidence in which one source alone gives a class: Bannu is high."""
    found = lookups.evidence(source, window)
    classed = [
        replace(one, together="high" if one.pcode == "PK503" else "open", n_publishers=1) for one in found.districts
    ]
    return replace(found, districts=tuple(classed))


@pytest.mark.parametrize("said", HOSTILE)
def test_texts_of_files_are_never_markup(said: str) -> None:
    url = "https://example.org/?a=%22)#import"
    made = _view_of(drawn(), [row(1, pcode="PK503", place=said, group_reported=said, source_url=url)])
    result = replace(brief(made, "PK503"), title=f"T {said}", native_name=said, answer=(said,))
    pdf = draw(result)
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert opened.check_pdf_syntax() == []
    assert "example.org" in words_of(pdf)


def _view_of(made: object, rows: list[dict[str, object]]) -> object:
    from geo.incidents import build

    built = build({"1": table(*rows)}, DISTRICTS.pcodes, "v")
    return replace(made, view=View.of(built, DISTRICTS, Filters()))  # type: ignore[type-var]


def test_the_command_writes_a_brief(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, given, store = tmp_path / "brief.pdf", tmp_path / "s.toml", str(tmp_path / "store")
    given.write_text(to_toml(ViewSettings(Filters(date(2025, 1, 1), date(2025, 12, 31)))), "utf-8")
    arguments = ["brief", "--out", str(out), "--settings", str(given), "--store", store]
    assert main([*arguments, "--district", "PK503"]) == 0
    said = words_of(out.read_bytes())
    assert "1 Jan 2025 to 31 Dec 2025" in said
    assert "Lines of evidence, Jan 2025 to Dec 2025" in said
    capsys.readouterr()
    assert main(["figure", str(out), "--store", store]) == 0
    assert capsys.readouterr().out.count("Same: ") == 2
    out.write_bytes(out.read_bytes()[:-1])
    assert main(["figure", str(out), "--store", store]) == 2
    assert main([*arguments, "--district", "PK999"]) == 2
    assert "PK501 to PK535" in capsys.readouterr().err


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext is not installed (Debian: poppler-utils)")
def test_a_brief_in_urdu_names_its_places_in_urdu_and_copies_in_the_order_of_reading(tmp_path: Path) -> None:
    urdu = drawn()
    urdu = replace(urdu, settings=replace(urdu.settings, language="ur"))
    made = brief(urdu, "PK503")
    pdf = draw(made)
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert str(opened.Root.Lang) == "ur"
    path = tmp_path / "brief.pdf"
    path.write_bytes(pdf)
    copied = subprocess.run(["pdftotext", str(path), "-"], check=True, capture_output=True).stdout.decode()
    said = " ".join(copied.translate(dict.fromkeys((*range(0x202A, 0x202F), 0x200E, 0x200F))).split())
    assert made.title.startswith("بنوں")
    assert not made.native_name
    # Letters in the order of reading, not of the glyphs on the page, which run the other way.
    for phrase in ("خیبر پختونخوا واقعات اٹلس", "واقعات درج ہیں", "مختصر جائزہ"):
        assert phrase in said
        assert phrase[::-1] not in said
    assert "North Waziristan" not in said
