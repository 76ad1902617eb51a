"""Pictures of the map at work, for docs/map.md and the README.

`python -m tests.record_map` starts the app on a store of its own with the embedded data, uses it as a reader does, and
saves what the reader sees at each step. It needs Chromium, as the browser tests do.
"""

from __future__ import annotations

import io
import shutil
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from tests.record_uploads import app

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"
PICTURES = IMAGES / "map"
WIDTH, HEIGHT = 1440, 900
WAIT_MS = 120_000
_COLOURS, _KEPT = 255, 60
_WIDTH_PX = 1080
_SETTLE_MS = 2_500  # maps and charts are drawn after the page says that it is ready
_FRAME = "iframe[title='streamlit_folium.st_folium']"
# A row of the register and an event of UCDP that are merged and give different numbers of people killed.
MERGED = "register:KPR-2018-0272"
_BARS_LEFT_PX, _BARS_RIGHT_PX = 34, 10


def bars(page: Any) -> None:
    """Brush a period on the bars of time, take the whole time again, and play it quarter by quarter."""
    _open(page, "")
    _shoot(page, IMAGES / "overview.png")
    _brush(page, 2008, 2010)
    _shoot(page, PICTURES / "brush.png")
    page.locator(".timeline").get_by_role("button", name="Play").click()
    page.locator(".timeline .shown", has_text="1 Apr 2008").wait_for()
    page.locator(".timeline").get_by_role("button", name="Pause").click()
    _shoot(page, PICTURES / "play.png")


def district(page: Any) -> None:
    """Choose a district on the map."""
    _open(page, "")
    page.frame_locator(_FRAME).first.locator(".atlas-district[aria-label^='Tank']").press("Enter")
    page.locator(".st-key-map_head p", has_text="Tank: ").wait_for()
    _shoot(page, PICTURES / "district.png")


def compare(page: Any) -> None:
    """Compare two years, then two places."""
    _open(page, "compare?year1=2024&year2=2025")
    _shoot(page, PICTURES / "compare.png")
    page.locator(_FRAME).nth(1).evaluate("node => { node.style.scrollMarginTop = '150px'; node.scrollIntoView(); }")
    _shoot(page, PICTURES / "two_maps.png")
    page.get_by_text("Two places", exact=True).click()
    page.get_by_role("heading", name="Table of the years").wait_for()
    _shoot(page, PICTURES / "places.png")


def incident(page: Any) -> None:
    """Read an incident that two sources report."""
    page.set_viewport_size({"width": WIDTH, "height": 1440})
    page.goto(f"/incident?id={MERGED}")
    page.get_by_role("heading", name="To quote it").wait_for()
    _shoot(page, PICTURES / "incident.png")


def no_go(page: Any) -> None:
    """Open the page on no-go areas."""
    page.set_viewport_size({"width": WIDTH, "height": 1080})
    _open(page, "no_go")
    _shoot(page, IMAGES / "no_go.png")


def _open(page: Any, address: str) -> None:
    page.goto(f"/{address}")
    page.frame_locator(_FRAME).first.locator(".atlas-district").nth(34).wait_for(state="attached")
    page.get_by_text("not operational, travel or security advice").wait_for()


def _brush(page: Any, first: int, last: int) -> None:
    """Drag from the bar of one year to that of another."""
    chart = page.locator(".timeline .chart")
    chart.locator("rect.band").wait_for()
    n = int(page.locator(".timeline").get_by_role("slider").first.get_attribute("aria-valuemax")) + 1
    box = chart.bounding_box()
    width = (box["width"] - _BARS_LEFT_PX - _BARS_RIGHT_PX) / n
    at = [box["x"] + _BARS_LEFT_PX + (n - 0.5 - (2026 - year)) * width for year in (first, last)]
    page.mouse.move(at[0], box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(at[1], box["y"] + box["height"] / 2, steps=5)
    page.mouse.up()
    page.locator(".timeline .shown", has_text=str(first)).wait_for()


def _shoot(page: Any, path: Path) -> None:
    page.wait_for_function("!document.querySelector('[data-testid=stStatusWidget], [data-testid=stSkeleton]')")
    page.wait_for_timeout(_SETTLE_MS)
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    picture = picture.resize((_WIDTH_PX, round(picture.height * _WIDTH_PX / picture.width)), Image.Resampling.LANCZOS)
    _of_few_colours(picture).save(path, optimize=True)


def _of_few_colours(picture: Image.Image) -> Image.Image:
    """Return a picture in few colours: those of flat areas are kept as they are, such as those of a legend."""
    pixels = np.asarray(picture)
    flat = (pixels[:-1, :-1] == pixels[1:, :-1]).all(axis=2) & (pixels[:-1, :-1] == pixels[:-1, 1:]).all(axis=2)
    of_areas, n = np.unique(pixels[:-1, :-1][flat], axis=0, return_counts=True)
    kept = of_areas[np.argsort(-n)[:_KEPT]]
    others = np.array(picture.quantize(_COLOURS - len(kept)).getpalette(), dtype=np.uint8).reshape(-1, 3)
    palette = np.vstack([kept, others])
    found, place = np.unique(pixels.reshape(-1, 3), axis=0, return_inverse=True)
    distance = ((found[:, None, :].astype(np.int32) - palette[None, :, :]) ** 2).sum(axis=2)
    nearest = distance.argmin(axis=1).astype(np.uint8)
    few = Image.fromarray(nearest[place].reshape(picture.height, picture.width), mode="P")
    few.putpalette(palette.reshape(-1).tolist())
    return few


def main() -> None:
    """Take every picture."""
    from playwright.sync_api import sync_playwright

    PICTURES.mkdir(parents=True, exist_ok=True)
    with app() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for take in (bars, district, compare, incident, no_go):
            context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, base_url=address)
            context.set_default_timeout(WAIT_MS)
            take(context.new_page())
            context.close()
        browser.close()


if __name__ == "__main__":
    main()
