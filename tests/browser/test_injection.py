"""Texts of users in every place that shows them: nothing runs, nothing is fetched, nothing becomes markup."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from geo import added_totals, place_decisions, word_decisions
from geo.export.story import LONGEST_NAME, LONGEST_SENTENCE, Story, StoryView, to_toml
from geo.export.view_settings import ViewSettings
from geo.store import PUBLISHED_TOTAL, STORY, Store
from geo.text import file_label, printable
from tests.browser.conftest import started
from tests.browser.test_app import click_on_map, map_frame
from tests.browser.test_map_component import APP, FRAME
from tests.injections import MIXES
from tests.toy import row
from tests.toy_store import batch

pytestmark = pytest.mark.browser
TEXTS_APP = Path(__file__).with_name("texts_app.py")

# What an attack would leave in a document: elements that only these texts name, and the mark of code that ran.
# Streamlit makes links of web addresses in plain text, escaped or not: they say where they lead, and wait for a click.
TRACES = """() => {
  const found = [];
  if (window.pwned !== undefined) found.push('code ran');
  const names = ['img[src=x]', 'svg[onload]', 'iframe[srcdoc]', '[src*="canary.example"]',
    'a[href^="javascript:"]', '[onmouseover]', '.katex', 'b[onmouseover]',
    'img[alt="Streamlit logo"]'];
  for (const name of names) if (document.querySelector(name)) found.push(name);
  for (const icon of document.querySelectorAll('[data-testid="stIconMaterial"], span[translate="no"]')) {
    if (icon.textContent.trim() === 'skull') found.push('an icon');
  }
  for (const link of document.querySelectorAll('a[href*="//canary.example"]')) {
    const says = link.textContent.startsWith('http://canary.example');
    if (!says || !link.rel.includes('noopener')) found.push(link.outerHTML);
  }
  return found;
}"""


def assert_inert(page: Any) -> None:
    """Look for traces in the page and in each of its frames."""
    for frame in page.frames:
        assert frame.evaluate(TRACES) == [], frame.url


def texts_of(frame: Any, selector: str) -> list[str]:
    found: list[str] = frame.eval_on_selector_all(selector, "nodes => nodes.map(node => node.textContent)")
    return found


def assert_texts(shown: list[str], wanted: list[str]) -> None:
    """Look for every text among those shown, as often as it is wanted."""
    missing = Counter(map(folded, wanted)) - Counter(map(folded, shown))
    assert not missing, missing


def folded(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.case(46)
def test_four_hundred_texts_are_shown_by_the_map_as_they_are(
    serve: Callable[[Path], str], open_page: Callable[..., Any]
) -> None:
    page = open_page()
    page.goto(f"{serve(APP)}/?case=mixes&goto")
    page.frame_locator(FRAME).locator(".atlas-district").nth(34).wait_for(state="attached")
    frame = next(frame for frame in page.frames if "streamlit_folium" in frame.url)
    frame.wait_for_function("window.map && window.map.atlas && window.map.atlas.updates > 0")
    shown, names_of_fields = frame.evaluate(
        """() => {
          map.setView([33.5, 71.5], 13, {animate: false});
          map.atlas.points.items.find(item => item.open).open();
          const popup = document.querySelector('.atlas-popup'), shown = [];
          let names;
          for (;;) {
            for (const one of popup.querySelectorAll('.atlas-incident')) {
              const texts = [...one.querySelectorAll('dd')].map(node => node.textContent);
              shown.push([...texts, one.querySelectorAll('a').length]);
              if (shown.length === 1) names = [...one.querySelectorAll('dt')].map(node => node.textContent);
            }
            const next = [...popup.querySelectorAll('.atlas-pager button')].pop();
            if (next.disabled) return [shown, names];
            next.click();
          }
        }"""
    )
    assert [texts[0] for texts in shown] == MIXES
    assert [texts[-1] for texts in shown] == [0] * len(MIXES), "only a web address is a link"
    assert_texts(names_of_fields, MIXES)
    cards = frame.evaluate(
        """() => [...map.atlas.districts.values()].flatMap(({layer}) => {
          layer.fire('mousemove', {containerPoint: L.point(300, 200), originalEvent: {}});
          return [...document.querySelectorAll('.atlas-card-label, .atlas-card-value')].map(node => node.textContent);
        })"""
    )
    assert sorted(cards) == sorted(MIXES * 2)
    for sink, count in ((".atlas-legend li", 2), (".atlas-legend-note", 2)):
        assert_texts(texts_of(frame, sink), MIXES * count)
    everything = folded(" ".join(MIXES))
    assert folded(frame.locator(".atlas-legend h2").first.text_content()) == everything
    labels = " ".join(frame.eval_on_selector_all(".atlas-district", "all => all.map(n => n.ariaLabel)"))
    badges = " ".join(texts_of(frame, ".atlas-badge"))
    for text in MIXES:
        assert folded(text) in folded(labels)
        assert folded(text) in folded(badges)
    assert_inert(page)
    before = frame.evaluate("map.atlas.updates")
    page.get_by_role("button", name="next").click()
    frame.wait_for_function(f"map.atlas.updates > {before}")
    assert folded(frame.locator(".atlas-label-place").text_content()) == everything
    assert_inert(page)


MARKUP = ":red[red] :blue-badge[b] **strong** $x$ ![i](x) <b onmouseover=y>"
PLACE = (32.99, 70.6)


def hostile_store(folder: Path) -> str:
    """Fill the store of an app with hostile texts wherever a store keeps texts; return the id of one incident.

    That incident has all of them in its summary, in the names of its cells and in the cells.
    """
    store = Store.open(folder)
    rows = [
        row(
            number,
            incident_id=f"template:{number} {text}",
            day=date(2024, 5, 1 + number % 28),
            place=text,
            group_reported=text,
            note=text,
            lat=PLACE[0],
            lon=PLACE[1],
            pcode="PK503",
            geo_precision="exact",
            source_url=text,
            raw=json.dumps({"summary": " ".join(MIXES) if number == 2 else text, text: text}),
        )
        for number, text in enumerate(MIXES)
    ]
    store.add(batch(folder.parent, *rows, text="hostile", label=f"{MARKUP}.csv"))
    for number, text in enumerate(MIXES):
        store.save_mapping(f"{number} {text}"[:80], '[columns]\ndate = "a"\ndistrict = "b"\n')
    place_decisions.remember(store, "template", dict.fromkeys(MIXES, "PK503"))
    word_decisions.remember(store, [None], "attack_type", dict.fromkeys(MIXES, "threat_other"))
    figures = dict.fromkeys((*added_totals.FIELDS, "note"), "") | {"unit": "province", "metric": "attacks"}
    figures |= {"source_url": "https://example.org/page", "source_date": "2025-01-01"}
    figures |= {"period_start": "2024-01-01", "period_end": "2024-12-31"}
    named = [figures | {"value": str(n + 1), "publisher": text, "note": text} for n, text in enumerate(MIXES)]
    store.replace_decisions(PUBLISHED_TOTAL, [((), cells) for cells in named])
    stories = [Story(name, (StoryView("A view.", ViewSettings()),)) for name in map(story_name, range(len(MIXES)))]
    views = [StoryView(sentence, ViewSettings()) for sentence in story_sentences()]
    stories += [Story(name, tuple(some)) for name, some in zip(STORIES, (views[:30], views[30:]), strict=True)]
    store.replace_decisions(STORY, [((), {"toml": to_toml(story)}) for story in stories])
    store.close()
    return str(rows[2]["incident_id"])


STORIES = ("! first half", "! second half")


def story_name(number: int) -> str:
    return f"{number} {printable(MIXES[number])}"[:LONGEST_NAME].strip()


def story_sentences() -> list[str]:
    """Return the texts as sentences of views, several in each."""
    found = [""]
    for text in map(printable, MIXES):
        if len(found[-1]) + len(text) >= LONGEST_SENTENCE:
            found.append("")
        found[-1] = f"{found[-1]} {text}".strip()
    return found


def a_file(header: list[str], *lines: list[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([header, *lines])
    return text.getvalue().encode("utf-8", "replace")


def choose_file(page: Any, content: bytes) -> None:
    """Choose a file with a hostile name for the upload page."""
    files = {"name": f"{MARKUP}.csv", "mimeType": "text/csv", "buffer": content}
    page.locator("input[type=file]").first.set_input_files(files)


def assert_page_says(page: Any, texts: list[str]) -> None:
    """Look for every text, as plain text shows it, in what the page shows.

    Streamlit draws arrows and dashes that stand alone as one sign each, also where they are escaped.
    """
    said = printable(page.locator("body").text_content())
    for drawn, written in (("\u2014", "--"), ("\u2190", "<-"), ("\u2192", "->")):
        said = said.replace(drawn, written)
    missing = [text for text in texts if folded(printable(text)) not in said]
    assert not missing, missing


def options_of(page: Any, label: str, *, exact: bool = True) -> list[str]:
    """Open a list of choices, scroll through all of it, and return its texts."""
    page.get_by_label(label, exact=exact).first.click()
    page.get_by_role("option").nth(3).wait_for()
    found: list[str] = page.evaluate(
        """async () => {
          const found = new Set();
          let box = document.querySelector('[role="option"]');
          while (box.scrollHeight <= box.clientHeight + 1) box = box.parentElement;
          const frame = box.getBoundingClientRect(), shown = () => {
            const all = [...document.querySelectorAll('[role="option"]')].map(node => node.getBoundingClientRect());
            return Math.min(...all.map(one => one.top)) < frame.top + 20
              && Math.max(...all.map(one => one.bottom)) > frame.bottom - 20;
          };
          for (let y = 0; y <= box.scrollHeight; y += box.clientHeight / 2) {
            box.scrollTop = y;
            for (let n = 0; n === 0 || (n < 100 && !shown()); n++) await new Promise(next => setTimeout(next, 20));
            for (const node of document.querySelectorAll('[role="option"]')) found.add(node.textContent);
          }
          return [...found];
        }"""
    )
    assert_inert(page)
    page.keyboard.press("Escape")
    return found


@pytest.mark.case(46, 47)
@pytest.mark.slow
def test_texts_of_files_stores_and_addresses_stay_texts_on_every_page(
    tmp_path: Path, browser: Any, open_page: Callable[..., Any], request: pytest.FixtureRequest
) -> None:
    incident_id = hostile_store(tmp_path / "store")
    address = request.getfixturevalue("fresh_app_url")  # starts with the store that was filled
    page = open_page()

    def visit(where: str) -> None:
        page.goto(f"{address}/{where}")
        page.get_by_text("not operational, travel or security advice").wait_for()
        assert_inert(page)

    visit(f"incident?{urlencode({'id': incident_id})}")
    assert_page_says(page, MIXES)
    visit("published?from=2024-01-01&to=2024-12-31")
    assert_page_says(page, MIXES)
    visit("stories")
    assert_page_says(page, story_sentences()[:30])
    assert {folded(name) for name in options_of(page, "Story")} >= {folded(story_name(n)) for n in range(len(MIXES))}
    page.get_by_label("Story", exact=True).first.click()
    page.get_by_role("option", name=STORIES[1]).click()
    page.get_by_text("30.", exact=True).wait_for(state="detached")  # the second half is shorter
    assert_page_says(page, story_sentences()[30:])
    assert_inert(page)
    visit(f"?{urlencode({'story': STORIES[1], 'at': 1})}")
    assert_page_says(page, story_sentences()[30:31])
    hostile = {key: MIXES[n] for n, key in enumerate(("from", "group", "district", "data", "x", "q", "colour"))}
    visit(f"points?{urlencode(hostile)}")
    page.get_by_text("Parts of the address were ignored").wait_for()
    visit("points?from=all&data=1&q=canary")
    frame = map_frame(page)
    click_on_map(page, frame, *PLACE)
    frame.locator(".leaflet-popup").wait_for()
    assert_inert(page)
    visit("upload")
    page.get_by_text(f"{MARKUP}.csv").first.wait_for()
    # A file has at most 200 columns, and one that begins like HTML is no table: two files, each text a name and a cell.
    for n_rows, texts in enumerate((MIXES[:200], MIXES[200:]), 1):
        names = sorted(texts, key=lambda text: not text[0].isalpha())
        choose_file(page, a_file(names, *[names[::-1]] * n_rows))
        page.get_by_text(f"The first {n_rows} of {n_rows} row").wait_for()
        page.get_by_role("button", name="Read the file with this mapping").wait_for()
        assert_inert(page)
    saved = {folded(f"{number} {text}"[:80]) for number, text in enumerate(MIXES)}
    missing = saved - {folded(name) for name in options_of(page, "Start from", exact=False)}
    assert not missing, missing
    choose_file(page, a_checked_file())
    page.get_by_role("button", name=re.compile("Accept the .* valid row")).click()
    page.get_by_text("Stored as batch").first.wait_for()
    page.locator(FRAME).first.wait_for(state="detached")  # the map of the file that is stored now
    assert_inert(page)
    visit("duplicates")
    visit("?from=all")
    map_frame(page)


def a_checked_file() -> bytes:
    """Return a file whose every text is a place and a word of a valid row, and a date of a row that is refused."""
    header = ["date", "district", "place", "attack_type", "group", "killed_total", "notes"]
    good = [["2024-05-06", text, text, text, text, "2", text] for text in MIXES]
    return a_file(header, *good, *([text] * len(header) for text in MIXES))


@pytest.mark.case(46, 47)
@pytest.mark.slow
def test_four_hundred_texts_at_once_wherever_pages_show_a_few(
    tmp_path: Path, browser: Any, open_page: Callable[..., Any]
) -> None:
    hostile_store(tmp_path / "store")
    process, address = started(TEXTS_APP, tmp_path)
    page = open_page()
    try:
        for sink, texts in {
            "outcomes": MIXES,
            "ignored": [text[:60] for text in MIXES],
            "check": MIXES,
            "batches": [file_label(f"{text}.csv") for text in MIXES],
        }.items():
            page.goto(f"{address}/?show={sink}")
            page.get_by_text("All is drawn", exact=True).wait_for()
            assert_inert(page)
            assert_page_says(page, texts)
        page.goto(f"{address}/?show=upload")
        choose_file(page, a_checked_file())
        page.get_by_role("button", name=re.compile("Accept the .* valid row")).wait_for()
        assert_inert(page)
    finally:
        page.close()  # before its server, which it would miss
        process.terminate()
        process.wait(timeout=20)
