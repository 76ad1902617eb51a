"""The app in the pseudo-locale: every word on every page is marked as translated, and longer text still fits."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from geo import districts
from geo.districts import group_names
from tests.browser.room import room_on_both_screens
from tests.browser.test_app import map_frame

pytestmark = pytest.mark.browser

MAPS = ("", "no_go", "points", "compare")
PAGES = (
    *MAPS,
    "compare?of=places&from=2015-01-01",
    "no_go?view=district&district=PK503",
    "no_go?view=years",
    "no_go?view=hotspots",
    "districts",
    "district?district=PK503",
    "trends",
    "validation",
    "published",
    "upload",
    "duplicates",
    "incident",
    "stories",
    "data_and_method",
)
# Pages that are filled with what sources write: their words are not looked at, only whether they have room.
OF_SOURCES = ("district?district=PK503", "duplicates")
# Blocks of text: a sentence counts as marked when its block is, whatever is bold or a link in it.
TEXTS = """() => {
  const blocks = 'p, li, h1, h2, h3, label, button, summary, dt, dd, td, [role=option]';
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = new Set();
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const own = node.parentElement;
    if (!/\\p{L}{2}/u.test(node.data) || own.closest('script, style, svg, canvas, table[role=grid]')) continue;
    // Texts of the project, which are documents; cells of incidents, which are words of sources; words of Streamlit;
    // symbols of an icon font; the scale of the map.
    const apart = "[class*=st-key-document], [class*=st-key-incident_rows] td, [href='#main'], " +
      "[data-testid=stFileUploaderDropzone], " +
      ".leaflet-control-scale, [data-testid=stIconMaterial]";
    if (own.closest(apart) || !own.checkVisibility({ visibilityProperty: true })) continue;
    found.add((own.closest(blocks) || own).innerText.trim());
  }
  return [...found].filter(Boolean);
}"""
DATE = re.compile(r"(\d{1,2} )?[A-Z][a-z]{2,8} \d{4}")


def names() -> set[str]:
    """Return the names that are data: districts, divisions, towns and groups."""
    loaded = districts.load()
    return {*loaded.names.values(), *loaded.divisions, *group_names().values(), *(town.name for town in loaded.towns)}


def unmarked(texts: list[str]) -> list[str]:
    """Return the texts that hold words of the interface without the mark of the pseudo-locale."""
    # Streamlit's own link and parts of an empty date, and the languages named in themselves.
    data = names() | {"Skip to main content", "yyyy", "mm", "dd", "English", "اردو", "پښتو"}
    return [text for text in texts if "⟦" not in text and not _is_data(text, data) and not DATE.fullmatch(text)]


def _is_data(text: str, data: set[str]) -> bool:
    """Return whether a text is a name, or the names of a district in several writings, its own the first."""
    return " ".join(text.split(" · ")[0].split()) in data


def test_the_check_finds_a_word_without_a_mark_and_spares_names_and_dates() -> None:
    assert unmarked(["Legend", "⟦Légéñd··⟧", "Dera Ismail\nKhan", "8 Jan 2024", "Dec 2025"]) == ["Legend"]


def test_every_text_of_every_page_is_marked_and_has_room(app_url: str, open_page: Callable[..., Any]) -> None:
    page = open_page()
    page.set_default_timeout(60_000)
    found: dict[str, list[str]] = {}
    for address in PAGES:
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(f"{app_url}/{address}{'&' if '?' in address else '?'}lang=qps")
        page.get_by_text("Híštóríçál públíç répórtš").wait_for()
        page.wait_for_function("!document.querySelector('[data-testid=stStatusWidget]')")
        has_map = address in MAPS
        if has_map:
            found[f"map of {address}"] = unmarked(map_frame(page).evaluate(TEXTS))
        found |= room_on_both_screens(page, address, has_map=has_map)
        if address not in OF_SOURCES:
            found[f"words of {address}"] = unmarked(page.evaluate(TEXTS))
    assert {place: texts for place, texts in found.items() if texts} == {}
