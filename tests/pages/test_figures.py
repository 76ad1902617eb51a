"""Pictures and briefs in the panel "Use this": offered where a page has them, and made only when asked for."""

from __future__ import annotations

import pytest

from geo.figure import brief, figure
from tests.pages.test_pages import _own_store, run  # noqa: F401 (a fixture)

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _use_the_store(_own_store: None) -> None:  # noqa: F811
    """Each test has the store of the pages' tests."""


def labels(app: object) -> list[str]:
    return [part.label for part in app.get("download_button")]  # type: ignore[attr-defined]


@pytest.mark.parametrize("page", ["overview", "compare", "no_go", "points", "districts", "trends", "published"])
def test_a_page_offers_its_picture_and_makes_none(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def made(*_: object) -> bytes:
        raise AssertionError("made before the click")

    monkeypatch.setattr(figure, "draw", made)
    monkeypatch.setattr(brief, "draw", made)
    app = run(page)
    assert not app.exception
    assert labels(app).count("Download the picture") == 1
    assert "Download the brief" not in labels(app)
    assert {"Text", "BibTeX", "CSL-JSON"} <= {tab.label for tab in app.tabs}


@pytest.mark.parametrize(("page", "query"), [("points", {"mode": "heat"}), ("compare", {"of": "places"})])
def test_what_an_option_shows_has_its_picture_too(page: str, query: dict[str, str]) -> None:
    assert labels(run(page, **query)).count("Download the picture") == 1


@pytest.mark.parametrize(("section", "figure"), [("police", "police"), ("district", "months"), ("evidence", "map")])
def test_the_picture_of_the_open_section_is_offered_first(section: str, figure: str) -> None:
    app = run("no_go", view=section)
    assert [pills.value for pills in app.button_group if pills.label == "Which"] == [figure]


def test_a_picture_that_cannot_be_made_says_why() -> None:
    app = run("validation", group="iskp")
    assert "Download the picture" not in labels(app)
    assert any("No year has enough records before it" in part.value for part in app.info)
    assert labels(run("validation", sources="ucdp")).count("Download the picture") == 1


@pytest.mark.parametrize(("chosen", "place"), [({}, "Khyber Pakhtunkhwa"), ({"district": "PK503"}, "Bannu")])
def test_a_brief_is_made_when_asked_for_and_kept_for_its_view(chosen: dict[str, str], place: str) -> None:
    app = run("overview", **chosen)
    assert any(f"Brief of two pages: {place}" in part.value for part in app.markdown)
    app.button(key="figure_make_brief").click().run(timeout=120)
    assert not app.exception
    key, pdf = app.session_state["figure_brief"]
    assert pdf[:5] == b"%PDF-"
    assert "Download the brief" in labels(app)
    app.session_state["figure_brief"] = (f"other {key}", pdf)
    assert "Download the brief" not in labels(app.run(timeout=120))


def test_the_pictures_of_periods_and_of_places_each_have_a_choice_that_is_made() -> None:
    app, kept = run("compare"), []
    for of in ("places", "periods"):
        app.session_state["option_of"] = of
        app.run()
        kept += [pills.value for pills in app.button_group if pills.label == "Which"]
    assert kept == ["places", "changes"]
