"""One district chosen in place of several: the page says so, and the several are one click away."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest


def page() -> None:
    """Draw buttons that choose as a click on a map does, and the way back."""
    import streamlit as st

    from geo import districts
    from geo.views import filters

    chosen = st.session_state.setdefault("filter_districts", ["PK503", "PK519"])
    for pcode in ("PK503", "PK533", None):
        st.button(f"choose {pcode}", on_click=filters.select_district, args=(pcode,))
    filters.offer_districts_before(districts.load(), tuple(chosen))


def press(app: AppTest, label: str) -> AppTest:
    next(one for one in app.button if one.label == label).click().run()
    assert not app.exception
    return app


def offers(app: AppTest) -> bool:
    return any(one.label == "Choose them again" for one in app.button)


@pytest.fixture
def app() -> AppTest:
    return AppTest.from_function(page, default_timeout=60).run()


def test_nothing_is_offered_before_a_click(app: AppTest) -> None:
    assert not offers(app)


def test_several_districts_are_one_click_away_after_clicks_on_one(app: AppTest) -> None:
    press(app, "choose PK503")
    assert app.session_state["filter_districts"] == ["PK503"]
    assert offers(app)
    assert "Bannu alone is chosen, in place of Bannu, Lakki Marwat" in app.markdown[0].value.replace("\\", "")
    press(app, "choose PK533")
    press(app, "Choose them again")
    assert app.session_state["filter_districts"] == ["PK503", "PK519"]
    assert not offers(app)


def test_another_choice_ends_the_offer(app: AppTest) -> None:
    press(press(app, "choose PK503"), "choose None")
    assert not offers(app)
    assert not offers(press(app, "choose PK503"))
