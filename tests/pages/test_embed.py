"""The map alone in a frame: the view of the address, its words, and nothing to choose."""

from __future__ import annotations

import pytest

from geo.views import embed, link, shell
from tests.pages.test_pages import _own_store, run, texts  # noqa: F401 (a fixture)

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _in_a_frame(_own_store: None, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    """Each test has the store of the pages' tests and a browser that says it shows a frame."""
    monkeypatch.setattr(shell, "is_in_frame", lambda: True)


@pytest.mark.parametrize(
    ("page", "query", "title"),
    [
        ("overview", {"measure": "killed"}, "People killed by district"),
        ("points", {"mode": "hex"}, "Where incidents are recorded"),
        ("no_go", {"line": "reported"}, "What was reported about access"),
    ],
)
def test_a_frame_has_title_period_and_sources_and_no_control(page: str, query: dict[str, str], title: str) -> None:
    app = run(page, **query, **({} if page == "no_go" else {"from": "2024-01-01", "to": "2024-12-31"}))
    assert not app.exception
    assert title in app.title[0].value
    said = texts(app).replace("\\", "")
    assert page == "no_go" or "1 Jan 2024 to 31 Dec 2024" in said
    assert "Sources: Register of publicly reported incidents" in said
    assert "a sample, not a census" in said
    kinds = ("button", "selectbox", "multiselect", "toggle", "text_input", "expander", "download_button")
    assert not [kind for kind in kinds if len(app.get(kind))]
    assert len(app.sidebar.children) == 0


def test_a_frame_with_a_chosen_district_says_that_the_map_colours_all_of_them() -> None:
    said = texts(run("overview", district="PK519", **{"from": "2024-01-01", "to": "2024-12-31"})).replace("\\", "")
    assert "outlined; the map colours every district" in said


def test_a_frame_says_what_of_its_address_was_ignored_and_that_the_data_have_changed() -> None:
    app = run("overview", measure="danger", version="0123456789ab")
    assert "measure danger" in texts(app)
    assert "This link was made with data version 0123456789ab" in texts(app)


def test_a_page_without_a_map_says_so_in_a_frame() -> None:
    assert "no map that can stand in a frame" in texts(run("upload"))


def test_every_map_of_a_frame_is_a_page() -> None:
    assert set(embed.MAPS) <= {name for titles in shell.SECTIONS.values() for name in titles}


def test_beside_the_code_of_a_frame_stands_which_sites_may_show_it() -> None:
    assert "No other site may show this frame yet" in link.who_may_show(())
    said = link.who_may_show(("https://news.example", "https://other.example"))
    assert "https://news.example, https://other.example; browsers leave it empty on others" in said
