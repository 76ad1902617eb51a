"""The tour: five cards in order, left at any time, never opened by itself."""

from __future__ import annotations

import pytest

from geo.views.tour import CARDS
from tests.pages.test_pages import _own_store, run, texts  # noqa: F401 (the fixture gives each test a store)

pytestmark = pytest.mark.slow


def test_the_tour_goes_through_its_cards_and_back() -> None:
    app = run("overview")
    assert CARDS[0][1] not in texts(app)
    app.button(key="tour_open").click().run()
    assert CARDS[0][1] in texts(app)
    for _title, said in CARDS[1:]:
        app.button(key="tour_next").click().run()
        assert said in texts(app)
    app.button(key="tour_back").click().run()
    assert CARDS[-2][1] in texts(app)
    app.button(key="tour_next").click().run()
    app.button(key="tour_close").click().run()
    assert CARDS[-1][1] not in texts(app)


def test_each_measure_is_explained_beside_its_choice() -> None:
    app = run("overview")
    said = next(box.help for box in app.selectbox if box.label == "Measure")
    assert "attackers included" in said
    assert "begun by militants" in said
