"""Texts of users in every place that shows them: nothing runs, nothing is fetched, nothing becomes markup."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from geo import added_totals, place_decisions
from geo.store import Store
from tests.browser.test_app import click_on_map, map_frame
from tests.browser.test_map_component import APP, FRAME
from tests.injections import MIXES
from tests.toy import row
from tests.toy_store import batch

pytestmark = pytest.mark.browser

# What an attack would leave in a document: elements that only these texts name, and the mark of code that ran.
# Streamlit makes links of web addresses in plain text, escaped or not: they say where they lead, and wait for a click.
TRACES = """() => {
  const found = [];
  if (window.pwned !== undefined) found.push('code ran');
  const names = ['img[src=x]', 'svg[onload]', 'iframe[srcdoc]', '[src*="canary.example"]',
    'a[href^="javascript:"]', '[onmouseover]', '.katex', 'b[onmouseover]'];
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
    shown = frame.evaluate(
        """() => {
          map.setView([33.5, 71.5], 13, {animate: false});
          map.atlas.points.items.find(item => item.open).open();
          const popup = document.querySelector('.atlas-popup'), shown = [];
          for (;;) {
            for (const one of popup.querySelectorAll('.atlas-incident')) {
              const texts = [...one.querySelectorAll('dd')].map(node => node.textContent);
              shown.push([...texts, one.querySelectorAll('a').length]);
            }
            const next = [...popup.querySelectorAll('.atlas-pager button')].pop();
            if (next.disabled) return shown;
            next.click();
          }
        }"""
    )
    assert [texts[0] for texts in shown] == MIXES
    assert [texts[-1] for texts in shown] == [0] * len(MIXES), "only a web address is a link"
    names = frame.eval_on_selector_all(".atlas-popup dt", "nodes => nodes.map(node => node.textContent)")
    assert names[:2] == MIXES[:2]
    labels = frame.eval_on_selector_all(".atlas-district", "nodes => nodes.map(n => n.getAttribute('aria-label'))")
    assert {folded(label.split("Value: ")[1]) for label in labels} == {folded(text) for text in MIXES[-35:]}
    page.keyboard.press("Escape")
    frame.evaluate("map.setView([32.6, 70.6], 8, {animate: false})")
    frame.locator(".atlas-district[aria-label^='Tank']").hover()
    assert frame.locator(".atlas-card .atlas-card-value").text_content() in MIXES
    assert folded(frame.locator(".atlas-legend h2").first.text_content()) == folded(" ".join(MIXES[:40]))
    assert_inert(page)
    before = frame.evaluate("map.atlas.updates")
    page.get_by_role("button", name="next").click()
    frame.wait_for_function(f"map.atlas.updates > {before}")
    assert_inert(page)


MARKUP = ":red[red] :blue-badge[b] **strong** $x$ ![i](x) <b onmouseover=y>"
PLACE = (32.99, 70.6)


def hostile_store(folder: Path) -> str:
    """Fill the store of an app with hostile texts wherever a store keeps texts; return the id of one incident."""
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
            raw=json.dumps({"summary": text, text: text}),
        )
        for number, text in enumerate(MIXES)
    ]
    store.add(batch(folder.parent, *rows, text="hostile", label=f"{MARKUP}.csv"))
    for number, text in enumerate(MIXES):
        store.save_mapping(f"{number} {text}"[:80], '[columns]\ndate = "a"\ndistrict = "b"\n')
    place_decisions.remember(store, "template", dict.fromkeys(MIXES, "PK503"))
    figures = {"period_start": "2024-01-01", "period_end": "2024-12-31", "unit": "province", "metric": "attacks"}
    for number, text in enumerate(MIXES[::8]):
        page = {"source_url": "https://example.org/page", "value": str(number + 1), "source_date": "2025-01-01"}
        added_totals.add(store, figures | page | {"publisher": text[:200], "note": text[:200]})
    store.close()
    return str(rows[2]["incident_id"])


def a_file(header: list[str], *lines: list[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([header, *lines])
    return text.getvalue().encode("utf-8", "replace")


def choose_file(page: Any, content: bytes) -> None:
    """Choose a file with a hostile name for the upload page."""
    files = {"name": f"{MARKUP}.csv", "mimeType": "text/csv", "buffer": content}
    page.locator("input[type=file]").first.set_input_files(files)


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
    page.get_by_text(MIXES[2], exact=False).first.wait_for()
    visit("published?from=2024-01-01&to=2024-12-31")
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
    choose_file(page, a_file(MIXES[:40], MIXES[40:80], MIXES[80:120]))
    page.get_by_role("button", name="Read the file with this mapping").wait_for()
    page.get_by_label("Start from").click()
    page.get_by_role("option").nth(3).wait_for()
    assert_inert(page)
    page.keyboard.press("Escape")
    header = ["date", "district", "place", "attack_type", "killed_total", "notes"]
    good = [["2024-05-06", "Bannu", text, text, "2", text] for text in MIXES[120:130]]
    bad = [[text, text, text, text, text, text] for text in MIXES[130:]]
    choose_file(page, a_file(header, *good, *bad))
    page.get_by_role("button", name="Accept the 10 valid rows").click()
    page.get_by_text("Stored as batch").first.wait_for()
    page.locator(FRAME).first.wait_for(state="detached")  # the map of the file that is stored now
    assert_inert(page)
    visit("duplicates")
    visit("?from=all")
    map_frame(page)
