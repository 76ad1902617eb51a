"""Every page draws without an error, says what it leaves out, and follows the address."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
import streamlit as st
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

from geo.districts import group_id, load_groups
from geo.store import Store
from geo.views import address, export, messages, turns
from tests.register_file import first_recent, n_default, rows, shown
from tests.toy import row
from tests.toy_store import batch

APP = str(Path(__file__).resolve().parents[2] / "app.py")
PAGES = (
    "overview",
    "no_go",
    "points",
    "districts",
    "trends",
    "compare",
    "validation",
    "published",
    "stories",
    "upload",
    "duplicates",
    "data_and_method",
    "district",
    "incident",
)

pytestmark = pytest.mark.slow


def run(page: str = "overview", *, is_recent: bool = False, has_panel: bool = True, **query: str) -> AppTest:
    """Run the app on one page with an address; of all years unless it names a period or is_recent is set.

    has_panel: the panel "Use this" is open.
    """
    if not is_recent and not {"from", "to"} & query.keys():
        query["from"] = "all"
    app = AppTest.from_file(APP, default_timeout=120)
    for key, value in query.items():
        app.query_params[key] = value
    app.session_state[f"{export.OPENED}{page}"] = has_panel
    app.run()
    if page != "overview":
        app.switch_page(f"pages/{page}.py").run()
    return app


def texts(app: AppTest) -> str:
    """Return all visible texts of a run."""
    parts = [*app.markdown, *app.caption, *app.info, *app.warning, *app.error, *app.success]
    return "\n".join(str(part.value) for part in parts)


@pytest.fixture(autouse=True)
def _own_store(store_path: Path, embedded_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test has a store of its own with the embedded data, in a process that has called st.navigation before.

    AppTest forgets that at every run and would start pages without app.py.
    """
    shutil.copytree(embedded_store, store_path)
    begin = PagesManager.__init__

    def begin_after_navigation(self: PagesManager, *args: object, **kwargs: object) -> None:
        begin(self, *args, **kwargs)
        PagesManager.uses_pages_directory = False

    monkeypatch.setattr(PagesManager, "__init__", begin_after_navigation)


@pytest.mark.parametrize("page", PAGES)
def test_every_page_draws_and_says_what_the_data_are(page: str) -> None:
    app = run(page)
    assert not app.exception
    assert not app.error
    assert "a sample, not a census" in texts(app)


@pytest.mark.parametrize("page", ["overview", "points", "districts", "trends", "data_and_method"])
def test_every_page_says_how_many_incidents_it_shows(page: str) -> None:
    assert f"{shown()} incidents shown" in texts(run(page))


@pytest.mark.parametrize("page", ["overview", "points", "districts", "trends"])
def test_a_filter_that_keeps_nothing_leaves_every_page_usable(page: str) -> None:
    app = run(page, **{"from": "2008-01-01", "to": "2008-01-02", "group": "iskp"})
    assert not app.exception
    assert not app.error
    assert f"0 of {n_default():,} incidents shown" in texts(app)


def ucdp() -> list[dict[str, str]]:
    return rows("ucdp_ged_kp.csv")


RECENT_LINE = "The page opens on the last 36 months of the data."


@pytest.mark.parametrize("page", ["overview", "points", "districts", "trends", "data_and_method"])
def test_a_first_visit_opens_on_the_last_36_months_and_says_so(page: str) -> None:
    app = run(page, is_recent=True)
    assert f"{shown(first=first_recent())} incidents shown" in texts(app)
    assert RECENT_LINE in texts(app)
    assert not app.query_params


def test_the_group_filter_counts_what_the_page_opens_on() -> None:
    app = run(is_recent=True)
    app.sidebar.multiselect(key="filter_groups").set_value(["unid", "family:ttp"]).run()
    groups = [row["group_claimed"] for row in rows() if row["date"] >= first_recent()]
    n_nobody = sum(group_id(name) == "unid" for name in groups)
    n_family = sum(load_groups().groups[group_id(name)].family == "ttp" for name in groups)
    said = [caption.value.replace("\\", "") for caption in app.sidebar.caption]
    assert (
        f"Incidents under the other filters: Not attributed: {n_nobody}; TTP and its factions, all: {n_family}." in said
    )


def test_a_family_of_groups_is_one_choice_and_the_link_keeps_it() -> None:
    app = run()
    app.sidebar.multiselect(key="filter_groups").set_value(["family:ttp"]).run()
    query = dict(app.query_params)
    assert {"ttp", "ttp_jua"} <= set(query["group"].split(","))
    again = run(**query)
    assert again.sidebar.multiselect(key="filter_groups").value == ["family:ttp"]
    assert texts(again) == texts(app)
    assert not again.warning


def test_all_years_are_one_click_away_and_the_link_gives_the_same_view() -> None:
    app = run(is_recent=True, target="police")
    next(button for button in app.main.button if button.label == "All years").click().run()
    assert f"{shown(target_type='police')} incidents shown" in texts(app)
    assert RECENT_LINE not in texts(app)
    linked = dict(app.query_params)
    assert linked == {"from": "all", "target": "police"}
    again = run(is_recent=True, **{"from": "all", "target": "police"})
    assert texts(again) == texts(app)
    assert dict(again.query_params) == linked
    app.switch_page("pages/trends.py").run()
    assert f"{shown(target_type='police')} incidents shown" in texts(app)


def without_embedded(path: Path) -> Store:
    """Return a store whose two embedded batches are undone."""
    store = Store.open(path)
    store.replace_decisions("merge", undo=[merge.decision_id for merge in store.merges()])
    for record in store.batches():
        store.undo(record.batch_id)
    return store


@pytest.mark.parametrize("page", ["overview", "points", "districts", "trends"])
def test_an_empty_store_has_no_period_to_open_on(page: str, store_path: Path) -> None:
    without_embedded(store_path)
    app = run(page, is_recent=True)
    assert not app.exception
    assert not app.error
    assert RECENT_LINE not in texts(app)
    assert not app.query_params


def test_uploads_alone_open_on_their_own_last_36_months(store_path: Path, tmp_path: Path) -> None:
    days = [date(2010, 5, 5), date(2012, 6, 1), date(2012, 5, 31), date(2015, 5, 5)]
    rows_of_upload = [row(n, incident_id=f"table:{n}", source="table", day=day) for n, day in enumerate(days)]
    without_embedded(store_path).add(batch(tmp_path, *rows_of_upload, text="own", source="table"))
    app = run(is_recent=True)
    assert "2 of 4 incidents shown" in texts(app)
    next(button for button in app.main.button if button.label == "All years").click().run()
    assert "4 of 4 incidents shown" in texts(app)


def test_an_address_with_a_period_is_obeyed() -> None:
    app = run(**{"from": "2024-02-01"})
    assert f"{shown(first='2024-02-01')} incidents shown" in texts(app)
    assert RECENT_LINE not in texts(app)
    assert dict(app.query_params) == {"from": "2024-02-01"}


def test_a_period_that_cannot_be_read_is_named_and_the_page_opens_as_ever() -> None:
    app = run(**{"from": "2024-13-01"})
    assert "were ignored: from" in texts(app)
    assert f"{shown(first=first_recent())} incidents shown" in texts(app)


@pytest.mark.parametrize(
    ("query", "named"), [({"from": "2130-01-01"}, "from 2130-01-01"), ({"to": "1960-01-01"}, "to 1960-01-01")]
)
def test_a_period_without_any_year_of_the_data_is_named(query: dict[str, str], named: str) -> None:
    assert f"were ignored: {named}" in texts(run(**query)).replace("\\", "")


def test_the_finer_controls_start_with_the_period_that_was_shown() -> None:
    app = run(is_recent=True)
    app.sidebar.selectbox(key="filter_period").set_value("exact").run()
    assert app.sidebar.date_input(key="filter_start").value.isoformat() == first_recent()
    app.sidebar.selectbox(key="filter_period").set_value("all").run()
    app.sidebar.selectbox(key="filter_period").set_value("years").run()
    assert app.sidebar.slider(key="filter_years").value[0] == int(min(row["date_start"] for row in ucdp())[:4])
    app.sidebar.slider(key="filter_years").set_value((2024, 2025)).run()
    assert dict(app.query_params) == {"from": "2024-01-01", "to": "2025-12-31"}


def test_the_months_follow_the_sources_that_are_shown() -> None:
    app = run(is_recent=True, sources="ucdp", target="police")
    last = max(row["date_start"] for row in ucdp())
    assert int(last[:4]) == 2021
    assert f"{sum(row['date_start'] >= '2019-01-01' for row in ucdp()):,} of" in texts(
        run(is_recent=True, sources="ucdp")
    )
    next(button for button in app.sidebar.button if button.label == "Reset all filters").click().run()
    assert f"{shown(first=first_recent())} incidents shown" in texts(app)


def test_the_address_sets_the_filters() -> None:
    app = run(**{"from": "2024-01-01", "to": "2024-12-31", "district": "PK503", "fatal": "1"})
    assert app.sidebar.multiselect(key="filter_districts").value == ["PK503"]
    assert app.sidebar.slider(key="filter_years").value == (2024, 2024)
    assert app.sidebar.toggle(key="filter_fatal").value is True


def test_the_filters_write_the_address_and_it_gives_the_same_view() -> None:
    app = run(is_recent=True)
    app.sidebar.multiselect(key="filter_targets").set_value(["police"]).run()
    assert app.query_params["target"] == "police"
    again = run(is_recent=True, target="police")
    line = next(m.value for m in app.markdown if "incidents shown" in m.value)
    assert line in texts(again)


def test_filters_survive_a_change_of_page() -> None:
    app = run()
    app.sidebar.multiselect(key="filter_targets").set_value(["police"]).run()
    app.switch_page("pages/trends.py").run()
    assert app.sidebar.multiselect(key="filter_targets").value == ["police"]
    assert f"of {n_default():,} incidents shown" in texts(app)
    assert shown() not in texts(app)


def test_reset_is_one_click() -> None:
    app = run(**{"from": "2024-01-01", "to": "2024-12-31", "target": "police"})
    next(button for button in app.sidebar.button if button.label == "Reset all filters").click().run()
    assert f"{shown(first=first_recent())} incidents shown" in texts(app)
    assert not app.query_params


@pytest.mark.case(49)
def test_a_hostile_address_is_named_and_changes_nothing() -> None:
    app = run(district="<script>", nonsense="x" * 5000)
    assert not app.exception
    assert f"{shown()} incidents shown" in texts(app)
    assert "were ignored" in texts(app)


def test_page_options_are_part_of_the_address() -> None:
    app = run()
    app.selectbox(key="option_measure").set_value("killed").run()
    assert app.query_params["measure"] == "killed"
    assert run(measure="killed").selectbox(key="option_measure").value == "killed"


def test_a_damaged_data_file_is_named_and_nothing_is_shown(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import shutil

    from geo import settings
    from geo.views import cached

    damaged = tmp_path / "data"
    shutil.copytree(settings.DATA_DIR, damaged)
    (damaged / "aliases.csv").write_text("x", "utf-8")
    monkeypatch.setattr(cached, "DATA_DIR", damaged)
    cached.districts.clear()
    try:
        app = run()
        assert app.error
        assert any("aliases.csv" in frame.value.to_string() for frame in app.dataframe)
    finally:
        cached.districts.clear()


def test_what_an_address_names_and_the_data_do_not_have_is_said() -> None:
    app = run(group="xyz", data="77")
    assert "group xyz" in texts(app)
    assert "dataset 77" in texts(app)


def test_back_takes_the_view_of_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    app = run()
    app.sidebar.toggle(key="filter_fatal").set_value(True).run()
    assert app.query_params["fatal"] == "1"
    monkeypatch.setattr(address, "_is_history_step", lambda: True)
    app.query_params.clear()
    app.run()
    assert f"{shown(first=first_recent())} incidents shown" in texts(app)
    assert app.sidebar.toggle(key="filter_fatal").value is False


def test_an_address_that_comes_late_changes_nothing() -> None:
    app = run()
    app.sidebar.multiselect(key="filter_targets").set_value(["police"]).run()
    late = dict(app.query_params)
    app.sidebar.multiselect(key="filter_targets").set_value(["police", "army"]).run()
    for earlier in (late, {}):
        app.query_params.clear()
        for key, value in earlier.items():
            app.query_params[key] = value
        app.sidebar.toggle(key="filter_fatal").set_value(not app.sidebar.toggle(key="filter_fatal").value).run()
        assert app.sidebar.multiselect(key="filter_targets").value == ["police", "army"]
        assert app.query_params["target"] == "police,army"


def test_the_address_of_a_view_is_that_of_every_page() -> None:
    app = run(measure="killed", fatal="1")
    app.switch_page("pages/data_and_method.py").run()
    assert dict(app.query_params) == {"from": "all", "measure": "killed", "fatal": "1"}
    app.switch_page("pages/trends.py").run()
    assert app.selectbox(key="option_measure").value == "killed"


def test_a_district_names_the_units_before_and_inside_it_in_three_languages() -> None:
    said = texts(run("districts", district="PK530"))
    for part in ("South Waziristan Agency (until May 2018)", "Upper South Waziristan", "notified on 13 October 2022"):
        assert part in said
    assert "اپر جنوبی وزیرستان" in said
    assert "سویلي وزیرستان" in said
    assert "Newer districts" not in texts(run("districts", district="PK503"))


@pytest.mark.parametrize("page", ["overview", "points"])
def test_a_place_is_found_in_any_script_and_said_with_its_district(page: str) -> None:
    app = run(page)
    box = next(found for found in app.text_input if found.label == "Go to a place")
    box.set_value("nowhere at all").run()
    assert "No place of this name" in texts(app)
    next(found for found in app.text_input if found.label == "Go to a place").set_value("میر علی").run()
    assert not app.exception
    assert "Mir Ali, North Waziristan" in texts(app).replace("\\", "")


def test_two_pages_give_the_same_rate() -> None:
    query = {"from": "2024-06-01", "to": "2025-12-31"}
    app = run(per="per_100k", **query)
    assert not app.dataframe, "a table is sent when it is opened"
    app.session_state["table_overview"] = True
    overview = app.run().dataframe[0].value.set_index("P-code")
    districts = run("districts", **query).dataframe[0].value.set_index("pcode")
    column = next(name for name in overview.columns if "100,000" in name)
    assert overview.loc["PK503", column] == districts.loc["PK503", "per_100k"]


@pytest.mark.case(49)
@pytest.mark.parametrize(
    ("page", "key"),
    [
        ("points", "mode"),
        ("points", "colour"),
        ("overview", "measure"),
        ("overview", "per"),
        ("trends", "step"),
        ("trends", "by"),
        ("districts", "sort"),
        ("duplicates", "view"),
        ("no_go", "line"),
        ("no_go", "window"),
        ("validation", "years"),
    ],
)
def test_an_unknown_value_of_a_known_option_is_ignored_and_named(page: str, key: str) -> None:
    app = opened_at(page, **{key: "zzz"})
    assert not app.exception
    assert not app.error
    assert f"were ignored: {key} zzz" in texts(app)
    app.run()
    assert "were ignored" not in texts(app), "it is said once"


def test_the_value_of_another_page_is_not_taken_for_a_part_of_the_address() -> None:
    app = opened_at("duplicates", view="decided")
    app.switch_page("pages/no_go.py").run()
    assert not app.exception
    assert "were ignored" not in texts(app)


@pytest.mark.case(49)
def test_an_option_that_is_too_long_is_named() -> None:
    assert "were ignored: mode" in texts(opened_at("points", mode="z" * 500))


def opened_at(page: str, **query: str) -> AppTest:
    """Open a page at an address of all years."""
    app = AppTest.from_file(APP, default_timeout=120)
    app.switch_page(f"pages/{page}.py")
    for key, value in {"from": "all", **query}.items():
        app.query_params[key] = value
    return app.run()


def test_a_period_over_the_change_of_source_says_so_beside_its_figures_and_offers_the_sides_that_have_rates() -> None:
    app = run(per="per_100k")
    said = texts(app)
    assert "numbers before and after that day cannot be compared" in said
    assert "no rate is given over this period" in said
    assert "No recorded incident matches" not in said
    next(button for button in app.button if button.label == "From 1 Jan 2022").click().run()
    assert not app.exception
    assert "no rate is given" not in texts(app)
    assert app.query_params["from"] == "2022-01-01"
    for page in ("districts", "trends"):
        assert "cannot be compared" in texts(run(page))
        assert "cannot be compared" not in texts(run(page, is_recent=True))


def test_controls_of_a_run_that_is_cut_short_are_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a run has not sent when the next one begins is lost: the browser would show and send a default."""
    with monkeypatch.context() as patched:
        patched.setattr(messages, "footer", st.stop)
        app = run(**{"from": "2024-01-01", "to": "2024-12-31"}, per="per_km2")
    app.run()
    (years,) = [one for one in app.slider if one.label == "Years"]
    (shown_as,) = [one for one in app.selectbox if one.label == "Shown as"]
    assert (years.value, years.proto.set_value, shown_as.proto.set_value) == ((2024, 2024), True, True)
    app.run()
    # From then on the browser's own value counts: it may be ahead of the server.
    assert not next(one for one in app.slider if one.label == "Years").proto.set_value


def test_a_run_takes_a_turn_and_asks_the_store_once_which_data_it_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    of_store = Store.version

    def version(store: Store) -> str:
        assert turns.RUNS._alone is not None
        asked.append(of_store(store))
        return asked[-1]

    app = run()
    monkeypatch.setattr(Store, "version", version)
    assert not app.run().exception
    assert len(asked) == 1
    assert turns.RUNS._alone is None
