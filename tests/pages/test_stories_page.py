"""Stories in the app: a view is added where it is shown, and the views of a story follow one another on their pages."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from geo import added_totals
from geo.export import kept_stories
from geo.export.story import Story, StoryView
from geo.export.view_settings import ViewSettings
from geo.figure import figure
from geo.filters import Filters
from geo.sources import MERGED
from geo.store import Store
from geo.views import visitor
from tests.pages.test_pages import _own_store, run, texts  # noqa: F401 (a fixture)
from tests.test_added_totals import CELLS
from tests.toy import row
from tests.toy_store import batch

pytestmark = pytest.mark.slow
HOSTILE = "**Bannu** <script>alert(1)</script> [x](javascript:alert(1))"


@pytest.fixture(autouse=True)
def _use_the_store(_own_store: None) -> None:  # noqa: F811
    """Each test has the store of the pages' tests."""


def kept(store_path: Path) -> tuple[Story, ...]:
    return kept_stories.everything(Store.open(store_path))


def story() -> Story:
    views = (
        ViewSettings(filters=Filters(groups=("iskp",)), options={"measure": "killed"}),
        ViewSettings(filters=Filters(fatal_only=True), page="trends"),
        ViewSettings(filters=Filters(districts=("PK503",)), options={"per": "per_100k"}),
    )
    said = ("First", HOSTILE, "تیسرا")
    return Story("Three", tuple(StoryView(*pair) for pair in zip(said, views, strict=True)))


def bar(app: AppTest) -> str:
    return next((part.value for part in app.markdown if part.value.startswith("Three: ")), "")


def test_a_view_is_added_with_its_filters_options_and_period(store_path: Path) -> None:
    kept_stories.keep(Store.open(store_path), Story("پولیس", story().views[:1]), actor="A")
    app = run("overview", measure="killed", group="iskp", **{"from": "2024-01-01"})
    assert "Stories so far: پولیس." in texts(app)
    app.text_input(key="story_name").set_value("پولیس")
    app.text_input(key="story_sentence").set_value("Attacks by ISKP")
    app.button(key="story_add").click().run()
    assert not app.exception
    assert [part.value for part in app.success] == [r"The view is number 2 of the story پولیس\."]
    ((_first, view),) = [one.views for one in kept(store_path)]
    assert view.sentence == "Attacks by ISKP"
    assert (view.settings.page, dict(view.settings.options)) == ("overview", {"measure": "killed"})
    assert (view.settings.filters.groups, str(view.settings.filters.start)) == (("iskp",), "2024-01-01")
    app.button(key="story_add").click().run()
    assert "needs the name of the story and a sentence" in app.dataframe[0].value.to_string()
    assert len(kept(store_path)[0].views) == 2


def test_a_story_names_no_file_whose_incidents_are_withheld(
    store_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, today = Store.open(store_path), datetime.now(UTC).date()
    number = store.add(batch(tmp_path, row(1, day=today), text="secret operation")).batch_id
    view = ViewSettings(Filters(datasets=(str(number),), sources=MERGED))
    kept_stories.keep(store, Story("Three", (StoryView("One file", view),)), actor="A")
    label = store.batch(number).label
    monkeypatch.setenv("ATLAS_DELAY_DAYS", "0")
    assert label in texts(run("stories")).replace("\\", "")
    monkeypatch.delenv("ATLAS_DELAY_DAYS")
    monkeypatch.setenv("ATLAS_MODE", "public")
    app = run("stories")
    assert "One file" in texts(app)
    assert label not in texts(app).replace("\\", "")


def test_the_views_of_a_story_follow_one_another_on_their_pages(store_path: Path) -> None:
    kept_stories.keep(Store.open(store_path), story(), actor="A")
    app = run("stories")
    assert "No story is kept yet" not in texts(app)
    app.button(key="story_show_1").click().run()
    assert (bar(app), app.query_params["group"], app.query_params["measure"]) == ("Three: 1 of 3", "iskp", "killed")
    assert app.button(key="story_p").disabled
    app.button(key="story_n").click().run()
    assert (bar(app), app.title[0].value, app.query_params["fatal"]) == ("Three: 2 of 3", "Trends", "1")
    assert "group" not in app.query_params
    # What a story says is text, whatever it looks like.
    assert "\\*\\*Bannu\\*\\* \\<script\\>" in texts(app)
    app.button(key="story_n").click().run()
    assert (bar(app), app.query_params["district"], app.query_params["per"]) == ("Three: 3 of 3", "PK503", "per_100k")
    assert "measure" not in app.query_params
    assert app.button(key="story_n").disabled
    assert "The page shows something else now" not in texts(app)


def test_the_address_of_a_view_of_a_story_shows_the_bar_and_an_unknown_story_is_named(store_path: Path) -> None:
    kept_stories.keep(Store.open(store_path), story(), actor="A")
    app = run(story="Three", at="1", group="iskp", measure="killed")
    assert bar(app) == "Three: 1 of 3"
    assert "The page shows something else now" not in texts(app)
    app.sidebar.toggle(key="filter_fatal").set_value(True).run()
    assert "The page shows something else now" in texts(app)
    app.button(key="story_again").click().run()
    assert "fatal" not in app.query_params
    app.button(key="story_end").click().run()
    assert bar(app) == ""
    assert "story" not in app.query_params
    app = run(story="Three", at="4")
    assert (bar(app), "at 4" in texts(app)) == ("", True)
    assert "story Four" in texts(run(story="Four", at="1"))


def test_a_story_has_a_picture_of_each_view_for_paper_and_can_be_put_in_order(store_path: Path) -> None:
    kept_stories.keep(Store.open(store_path), story(), actor="A")
    app = run("stories")
    app.toggle(key="story_on_paper").set_value(True).run(timeout=180)
    assert not app.exception
    assert len(app.get("image")) == 3
    app.toggle(key="story_on_paper").set_value(False).run()
    app.button(key="story_down_1").click().run()
    assert [view.sentence for view in kept(store_path)[0].views] == [HOSTILE, "First", "تیسرا"]
    app.button(key="story_out_1").click().run()
    assert [view.sentence for view in kept(store_path)[0].views] == ["First", "تیسرا"]
    first = min(one.decision_id for one in kept_stories.recorded(Store.open(store_path)))
    app.session_state["story_earlier"] = True
    app.run()
    app.button(key=f"story_back_{first}").click().run()
    assert kept(store_path) == (story(),)


def test_a_picture_is_drawn_once_for_all_and_again_in_other_words_or_for_other_data(
    store_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, draw, drawn = Store.open(store_path), figure.draw, []
    kept_stories.keep(store, story(), actor="A")

    def counted(sheet: Any, kind: Any) -> bytes:
        drawn.append(kind)
        return draw(sheet, kind)

    monkeypatch.setattr(figure, "draw", counted)

    def images(**query: str) -> tuple[AppTest, int]:
        before, app = len(drawn), run("stories", **query)
        app.toggle(key="story_on_paper").set_value(True).run(timeout=180)
        app.run(timeout=180)
        assert not app.exception
        assert len(app.get("image")) == 3
        return app, len(drawn) - before

    assert images()[1] == 3
    assert images()[1] == 0, "another visitor"
    assert images(lang="ur")[1] == 3
    store.add(batch(tmp_path, row(1, incident_id="table:1", source="table", pcode="PK503"), text="one"))
    assert images()[1] == 3
    added_totals.add(store, CELLS)
    assert images()[1] == 3, "a published total is shown that the version of the store does not know"


ELSEWHERE = visitor._Connection("203.0.113.7", "atlas.lan:8501", "bob")


@pytest.mark.parametrize("mode", ["public", "server", "local"])
def test_visitors_read_stories_and_change_none(mode: str, store_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept_stories.keep(Store.open(store_path), story(), actor="A")
    monkeypatch.setenv("ATLAS_MODE", mode)
    monkeypatch.setattr(visitor, "_connection", lambda: ELSEWHERE)
    app = run("stories")
    assert not app.exception
    keys = [button.key for button in app.button]
    assert "story_show_1" in keys
    assert not [key for key in keys if key and key.startswith(("story_keep", "story_up", "story_out", "story_back"))]
    assert "Remove the story" not in [button.label for button in app.button]
    assert "story_add" not in [button.key for button in run("overview").button]


def test_a_button_that_is_still_shown_to_somebody_elsewhere_changes_nothing(
    store_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store.open(store_path)
    kept_stories.keep(store, story(), actor="A")
    app, before = run("stories"), len(store.audit())
    monkeypatch.setattr(visitor, "_connection", lambda: ELSEWHERE)
    next(button for button in app.button if button.label == "Remove the story").click().run()
    assert not app.exception
    assert kept(store_path) == (story(),)
    assert len(store.audit()) == before


def test_a_story_that_cannot_be_read_is_named_and_the_page_stays(store_path: Path) -> None:
    store = Store.open(store_path)
    store.replace_decisions("story", [((), {"toml": 'format = 9\nstory = "Old *one*"'})])
    kept_stories.keep(store, story(), actor="A")
    app = run("stories")
    assert not app.exception
    assert "cannot read the story Old \\*one\\*" in texts(app)
    assert "story_show_1" in [button.key for button in app.button]
    assert not run("overview").exception
