"""The menu: every page once, in a section, each with a title of its own."""

from __future__ import annotations

from pathlib import Path

from geo.views.shell import SECTIONS

PAGES_FOLDER = Path(__file__).resolve().parents[2] / "pages"


def test_every_page_is_in_one_section_of_the_menu() -> None:
    named = [name for titles in SECTIONS.values() for name in titles]
    assert sorted(named) == sorted(path.stem for path in PAGES_FOLDER.glob("*.py"))


def test_the_sections_stand_in_the_order_of_reading_and_the_map_is_the_front_page() -> None:
    assert list(SECTIONS) == ["Explore", "Evidence", "Your data", "About"]
    assert next(iter(SECTIONS["Explore"])) == "overview"


def test_titles_of_pages_differ() -> None:
    titles = [title for section in SECTIONS.values() for title in section.values()]
    assert len(set(titles)) == len(titles)
