"""A story from first to last view: written in the panel, shown by keys, one step of the history for each view."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.test_address import path, settle
from tests.browser.test_app import visit

__all__ = ["visit"]
pytestmark = pytest.mark.browser


def add_view(page: Any, name: str, sentence: str) -> None:
    panel = page.locator("summary", has_text="Use this: download and cite")
    panel.wait_for()
    panel.click()
    page.get_by_label("Name of the story").fill(name)
    page.get_by_label("What this view shows, in a sentence").fill(sentence)
    page.get_by_role("button", name="Add this view").click()
    page.get_by_test_id("stAlert").filter(has_text=f"of the story {name}").wait_for()


def test_a_story_is_written_shown_by_keys_and_left_by_back(visit: Callable[..., Any]) -> None:
    page = visit("?from=2024-01-01&measure=killed&map=32.9_70.5_9")
    page.wait_for_function("document.querySelector('iframe[data-position]')?.dataset.position")
    add_view(page, "پولیس", "First")
    visit("trends?from=2020-01-01&fatal=1", page=page)
    add_view(page, "پولیس", "Second")
    visit("stories", page=page)
    page.get_by_role("button", name="Show from the beginning").click()
    page.locator(".st-key-story_bar").wait_for()
    settle(page)
    assert "پولیس: 1 of 2" in page.locator(".st-key-story_bar").inner_text()
    first = path(page)
    assert all(part in first for part in ("/?from=2024-01-01&measure=killed", "map=32.9_70.5_9", "&at=1"))
    page.wait_for_function("document.querySelector('iframe[data-position]')?.dataset.position === '32.9_70.5_9'")
    page.keyboard.press("n")
    page.get_by_text("پولیس: 2 of 2").wait_for()
    settle(page)
    assert path(page).startswith("/trends?from=2020-01-01&fatal=1")
    assert page.get_by_text("The page shows something else now.").count() == 0
    page.go_back()
    page.get_by_text("پولیس: 1 of 2").wait_for()
    settle(page)
    assert path(page) == first
