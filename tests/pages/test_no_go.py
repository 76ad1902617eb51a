"""The page on no-go areas and its back-test: the address decides, refusals say why, page and command line agree."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from geo import cli, embedded
from geo import districts as geo_districts
from geo import settings as geo_settings
from geo.store import Store
from tests.pages.test_pages import APP, _own_store, texts

__all__ = ["_own_store"]
pytestmark = pytest.mark.slow


def run(page: str = "no_go", **query: str) -> AppTest:
    """Run the app on a page with an address; the first page only carries the address there."""
    app = AppTest.from_file(APP, default_timeout=120)
    app.switch_page(f"pages/{page}.py")
    for key, value in query.items():
        app.query_params[key] = value
    return app.run()


def with_ucdp(store_path: Path) -> None:
    """Load both embedded sources."""
    embedded.ensure_embedded(Store.open(store_path), geo_districts.load(), geo_settings.load({}))


def class_list(app: AppTest) -> str:
    return next(str(part.value) for part in app.markdown if "High recorded attacks, steady (" in str(part.value))


def test_the_page_opens_with_the_last_whole_year_and_says_what_it_cannot_know() -> None:
    app = run(view="table")
    assert not app.exception
    assert "High recorded attacks, steady (3):** Bannu 100, North Waziristan 94, South Waziristan 91" in class_list(app)
    text = texts(app)
    assert "incidents recorded in Jan 2025 to Dec 2025 are counted" in text
    assert "Quiet but closed" in text
    assert "Contested but open" in text
    assert "classes are relative to this register" in text


@pytest.mark.parametrize("section", ["evidence", "table", "district", "police", "years", "hotspots"])
def test_every_section_has_an_address(section: str) -> None:
    app = run(view=section)
    assert not app.exception
    assert not app.error
    assert app.segmented_control(key="option_view").value == section


def test_the_page_opens_on_all_sources_put_together_and_names_what_was_described() -> None:
    app = run(window="2024-12")
    assert not app.exception
    text = texts(app).replace("\\", "")
    assert "**High on all evidence** (2): Tank, North Waziristan" in text
    assert "Described as no-go in reporting:** Bannu, Dera Ismail Khan" in text
    assert "Publishers list the worst-hit districts" in text
    assert app.segmented_control(key="option_line").value == "together"


@pytest.mark.parametrize("line", ["together", "reported", "published", "recorded"])
def test_every_line_of_evidence_has_a_map_with_an_address(line: str) -> None:
    app = run(line=line, window="2024-12")
    assert not app.exception
    assert app.segmented_control(key="option_line").value == line


def test_a_chosen_district_answers_line_by_line_with_pages_to_read() -> None:
    text = texts(run(district="PK533", window="2024-12")).replace("\\", "")
    assert "The Frontier Post" in text
    assert "counted 51 attacks" in text
    assert "Where the lines disagree" in text
    assert "would narrow this most" in text
    assert "[page](https://" in text


def test_policing_under_pressure_shows_published_figures_beside_one_another() -> None:
    app = run(view="police", district="PK527", window="2025-12")
    assert not app.exception
    assert "Orakzai, 23 July 2025: 42 Suspended for not reporting to duty" in texts(app).replace("\\", "")
    province = run(view="police", window="2025-12")
    assert not province.exception
    assert "never added" in texts(province)
    assert "Orakzai, 23 July 2025: 42 Suspended" in texts(province).replace("\\", "")


def test_the_address_sets_window_and_settings_and_keeps_them() -> None:
    app = run(view="table", window="2024-06", alpha="0.5", w_s="0.6", months="18")
    assert "Jan 2023 to Jun 2024" in texts(app)
    assert app.slider(key="option_alpha").value == 0.5
    assert app.slider(key="option_w_s").value == 0.6
    assert {key: app.query_params[key] for key in ("window", "alpha", "w_s", "months")} == {
        "window": "2024-06",
        "alpha": "0.5",
        "w_s": "0.6",
        "months": "18",
    }


def test_a_control_writes_the_address_and_reset_clears_it() -> None:
    app = run(view="table")
    app.slider(key="option_alpha").set_value(0.0).run()
    assert app.query_params["alpha"] == "0"
    next(button for button in app.button if button.label == "Back to the settings of the profile").click().run()
    assert "alpha" not in app.query_params
    assert app.slider(key="option_alpha").value == 1.0


def test_a_calendar_year_is_one_choice() -> None:
    app = run(window="2024-06")
    assert app.selectbox(key="no_go_calendar_year").value is None
    app.selectbox(key="no_go_calendar_year").set_value(2023).run()
    assert app.query_params["window"] == "2023-12"
    assert "Jan 2023 to Dec 2023" in texts(app)


@pytest.mark.parametrize("query", [{"alpha": "7"}, {"months": "1.5"}, {"conf": "nan"}, {"cap": "<b>"}])
def test_settings_out_of_bounds_are_named_and_not_used(query: dict[str, str]) -> None:
    app = run(view="table", **query)
    assert not app.exception
    assert f"values of the profile are used instead: {next(iter(query))}" in texts(app)
    assert "Bannu 100" in class_list(app)


@pytest.mark.parametrize("window", ["2099-01", "2024-13", "x" * 39, "1700-05"])
def test_a_window_outside_the_source_falls_back_to_the_usual_one(window: str) -> None:
    app = run(window=window)
    assert not app.exception
    assert "Jan 2025 to Dec 2025" in texts(app)


def test_weights_that_are_all_zero_are_not_used() -> None:
    app = run(view="table", w_s="0", w_k="0", w_m="0", w_l="0", w_c="0")
    assert "values of the profile are used instead" in texts(app)
    assert "Bannu 100" in class_list(app)


def test_a_chosen_district_is_explained_in_words_and_numbers() -> None:
    text = texts(run(district="PK514", view="district"))
    assert "Elevated, 36 of 100 points" in text.replace("\\", "")
    assert "recorded attacks would have to be 1.6 times higher" in text.replace("\\", "")
    assert "Condition of the top class not met" in text
    assert "Official denial" in text
    assert "does not prove it" in text


def test_the_police_view_counts_police_alone_and_says_so() -> None:
    everyone, police = run(view="table"), run(view="table", police="1")
    assert class_list(everyone) != class_list(police)
    assert "Jan 2025 to Dec 2025, police only" in texts(police)
    assert "police only" not in texts(everyone)


def test_a_filter_that_narrows_the_index_is_named_and_the_period_is_not_applied() -> None:
    app = run(**{"target": "police", "from": "2024-01-01", "to": "2024-12-31"})
    text = texts(app)
    assert "narrow what is counted here (target)" in text
    assert "The period in the sidebar does not apply here" in text
    assert "Jan 2025 to Dec 2025" in text


def test_a_filter_that_keeps_nothing_is_answered_with_the_way_out() -> None:
    app = run(group="iskp", attack="abduction", fatal="1")
    assert not app.exception
    assert not app.error
    assert "No incident is selected. Load a data set or remove a filter." in texts(app).replace("\\", "")


def test_sources_are_never_mixed_and_the_reason_stands_beside_the_choice(store_path: Path) -> None:
    with_ucdp(store_path)
    app = run()
    assert app.selectbox(key="option_source").value == "register"
    assert "one source at a time" in texts(app)
    other = run(source="ucdp_ged")
    assert "Jan 2021 to Dec 2021" in texts(other)
    assert "UCDP records lethal events only" in texts(other)


def test_a_police_index_of_a_source_without_targets_is_refused_with_the_reason(store_path: Path) -> None:
    with_ucdp(store_path)
    app = run(view="table", source="ucdp_ged", police="1")
    assert not app.exception
    assert "does not state the target of an attack" in texts(app)
    app.toggle(key="option_police").set_value(False).run()
    assert "High recorded attacks, steady (1):** North Waziristan 92" in class_list(app)


def test_too_few_events_are_refused_by_the_hot_spot_test() -> None:
    text = texts(run(view="hotspots", window="2018-12"))
    assert "No hot-spot test for Jan 2018 to Dec 2018" in text
    assert "at least 30 are needed" in text


def test_page_and_command_line_give_the_same_points_and_settings(
    store_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = class_list(run(view="table", window="2024-09"))
    assert cli.main(["access", "--from", "2023-10", "--to", "2024-09", "--store", str(store_path)]) == cli.DONE
    printed = json.loads(capsys.readouterr().out)
    above = {d["name"]: d["aci"] for d in printed["districts"] if d["class"] in ("elevated", "severe", "no_go")}
    shown = dict(re.findall(r"([A-Z][A-Za-z ]+?) (\d+)(?: \(unsettled\))?(?:,|\n|$)", page.split("- **Low")[0]))
    assert above
    assert shown.keys() == above.keys()
    assert all(abs(int(points) - above[name]) < 1 for name, points in shown.items())


# --- back-test -----------------------------------------------------------------------------------------------


def test_validation_says_first_where_the_index_does_not_help() -> None:
    app = run("validation")
    assert not app.exception
    text = texts(app)
    assert "does NOT predict the next year better than last year's count" in text.replace("\\", "")
    assert "17 years were scored (2008 to 2024)" in text
    assert "0.5 is chance" in text
    plain = next(
        str(part.value) for part in app.markdown if str(part.value).startswith("- The index does not say more")
    )
    assert plain.count("\n- ") == 4, "five sentences in plain words come first"
    assert "so the index keeps its plain window" in plain
    assert {"Statistics of the next year", "Forecasts of the next quarter", "Which setting moves a class"} <= {
        part.label for part in app.expander
    }


def test_the_years_of_the_back_test_are_part_of_the_address() -> None:
    app = run("validation", years="2021-2025")
    assert "4 years were scored (2021 to 2024)" in texts(app)
    app.slider(key="option_years").set_value((2020, 2025)).run()
    assert app.query_params["years"] == "2020-2025"


def test_validation_refuses_what_the_index_refuses(store_path: Path) -> None:
    with_ucdp(store_path)
    app = run("validation", source="ucdp_ged", police="1")
    assert not app.exception
    assert "does not state the target of an attack" in texts(app)
