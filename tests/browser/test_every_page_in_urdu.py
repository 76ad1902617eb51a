"""Every page in Urdu: nothing is cut off on a wide and on a narrow screen, and axe finds as little as in English."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from tests.browser.room import room_on_both_screens
from tests.browser.test_accessibility import ALL_BUT_COLOURS, axe, found_in
from tests.browser.test_pseudo_locale import MAPS, PAGES
from tests.browser.test_right_to_left import shown

__all__ = ["axe", "shown"]
pytestmark = pytest.mark.browser


def test_every_page_in_urdu_has_room_and_shuts_no_reader_out(
    shown: Callable[..., Any], open_page: Callable[..., Any], axe: str
) -> None:
    page, wrong = open_page(), dict[str, list[str]]()
    for address in PAGES:
        # Colours are the same in every language: those of English pages are judged.
        page.set_viewport_size({"width": 1440, "height": 900})
        open_it = partial(shown, address, page)
        wrong[f"axe, {address}"] = list(found_in(("light",), page, address, open_it, axe, ALL_BUT_COLOURS))
        wrong |= room_on_both_screens(page, address, has_map=address in MAPS)
    assert {place: said for place, said in wrong.items() if said} == {}
