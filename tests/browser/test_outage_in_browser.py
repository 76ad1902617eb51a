"""A short outage of the store in a browser: it is named, the menu stays, and the next click works."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser


def test_the_store_goes_away_and_comes_back(fresh_app_url: str, open_page: Callable[..., Any], tmp_path: Path) -> None:
    page, store, away = open_page(), tmp_path / "store", tmp_path / "away"
    page.goto(f"{fresh_app_url}/trends")
    sidebar = page.get_by_test_id("stSidebar")
    sidebar.get_by_text("Reset all filters").wait_for()
    page.get_by_test_id("stVegaLiteChart").first.wait_for()
    store.rename(away)
    sidebar.get_by_text("Fatal incidents only").click()
    page.get_by_text("This cannot be done.").wait_for()
    sidebar.get_by_text("Your filters are kept.").wait_for()
    page.get_by_text("Evidence", exact=True).first.wait_for()  # a section of the menu
    away.rename(store)
    sidebar.get_by_role("button", name="Try again").click()
    sidebar.get_by_text("Reset all filters").wait_for()
    page.get_by_test_id("stVegaLiteChart").first.wait_for()
    assert page.get_by_text("This cannot be done.").count() == 0
    assert sidebar.get_by_label("Fatal incidents only").first.is_checked(), "the click itself is kept"
