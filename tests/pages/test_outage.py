"""A short outage of the store costs one click: the next one works, on every page, with the filters as they were."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from geo.problems import Problem, ProblemCode, StoreError
from geo.views import cached_index, messages
from tests.pages.test_pages import APP, _own_store, run, texts

__all__ = ["_own_store"]
pytestmark = pytest.mark.slow
PAGES = sorted(path.stem for path in Path(APP).with_name("pages").glob("*.py"))


def fail_once(app: AppTest, store_path: Path) -> None:
    """Toggle a filter while the store's folder has another name."""
    away = store_path.with_name("away")
    store_path.rename(away)
    app.sidebar.toggle(key="filter_fatal").set_value(True).run()
    assert not app.exception
    assert app.error
    away.rename(store_path)


@pytest.mark.parametrize("page", ["overview", "no_go", "points", "districts", "trends", "validation"])
def test_the_next_click_after_an_outage_works(page: str, store_path: Path) -> None:
    app = run(page, **{"from": "2020-01-01", "to": "2021-12-31", "target": "police"})
    assert app.sidebar.slider(key="filter_years").value == (2020, 2021)
    before = texts(app)
    fail_once(app, store_path)
    app.run()
    assert not app.exception
    assert not app.error
    assert app.sidebar.slider(key="filter_years").value == (2020, 2021)
    assert app.sidebar.multiselect(key="filter_targets").value == ["police"]
    assert app.sidebar.selectbox(key="filter_period").value == "years"
    assert app.sidebar.toggle(key="filter_fatal").value is True, "the click itself is kept"
    app.sidebar.toggle(key="filter_fatal").set_value(False).run()
    assert texts(app) == before


def test_exact_dates_survive_an_outage(store_path: Path) -> None:
    app = run(**{"from": "2020-02-03", "to": "2021-05-06"})
    fail_once(app, store_path)
    app.run()
    assert not app.exception
    assert not app.error
    assert app.sidebar.date_input(key="filter_start").value.isoformat() == "2020-02-03"
    assert app.sidebar.date_input(key="filter_end").value.isoformat() == "2021-05-06"


def test_another_page_opens_after_an_outage(store_path: Path) -> None:
    app = run(**{"from": "2020-01-01", "to": "2021-12-31"})
    fail_once(app, store_path)
    app.switch_page("pages/trends.py").run()
    assert not app.exception
    assert not app.error
    assert app.sidebar.slider(key="filter_years").value == (2020, 2021)


def test_an_outage_that_lasts_for_several_clicks_costs_nothing_more(store_path: Path) -> None:
    app = run(**{"from": "2020-01-01", "to": "2021-12-31"})
    away = store_path.with_name("away")
    store_path.rename(away)
    for page in ("points", "trends", "overview"):
        app.switch_page(f"pages/{page}.py").run()
        assert not app.exception
        assert app.error
    away.rename(store_path)
    app.run()
    assert not app.exception
    assert not app.error
    assert app.sidebar.slider(key="filter_years").value == (2020, 2021)


@pytest.mark.case(66)
@pytest.mark.parametrize("page", PAGES)
def test_an_unforeseen_fault_of_a_page_is_a_number_and_the_other_pages_work(
    page: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_arguments: object, **_named: object) -> None:
        raise ZeroDivisionError("a word of a visitor")

    app = run("trends" if page == "overview" else "overview")
    with monkeypatch.context() as patch:
        for head in ("page_head", "map_head"):
            patch.setattr(messages, head, fail)
        app.switch_page(f"pages/{page}.py").run()
    (said,) = [part.value for part in app.error]
    [logged] = [record for record in caplog.records if record.name == "atlas" and record.message == "error"]
    assert logged.figures["number"] in said
    assert "ZeroDivisionError" in logged.figures["places"]
    assert "a word of a visitor" not in texts(app) + str(logged.figures)
    assert not app.exception
    app.switch_page("pages/overview.py" if page != "overview" else "pages/trends.py").run()
    assert not app.error


@pytest.mark.case(66)
@pytest.mark.parametrize(("page", "name"), [("no_go", "access_index"), ("duplicates", "review")])
def test_a_fault_below_the_sidebar_leaves_the_page_usable(
    page: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = run(page, **{"from": "2020-01-01", "to": "2021-12-31"})
    before = texts(app)

    def fail(*_arguments: object, **_named: object) -> None:
        raise StoreError([Problem(ProblemCode.STORE, "away")])

    with monkeypatch.context() as patch:
        patch.setattr(cached_index, name, fail)
        app.run()
        assert app.error
    app.run()
    assert not app.exception
    assert not app.error
    assert texts(app) == before
