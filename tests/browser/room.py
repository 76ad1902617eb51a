"""What has no room on a page or in the frame of a map: text that is cut off, or lies where nobody can reach it."""

from __future__ import annotations

from typing import Any

from tests.browser.conftest import SIZES
from tests.browser.test_app import map_frame

# On purpose what is for screen readers alone is cut off, and a folded sidebar stands outside; a value chosen
# from a list ends in dots where it is long.
_APART = ".atlas-heard, [data-collapsed=true], [data-baseweb=select], [data-tag], [href='#main']"
_FIND = """(apart) => {
  const { clientWidth: width, scrollWidth } = document.documentElement;
  const found = scrollWidth > width ? [`the page is ${scrollWidth} px wide, the window ${width}`] : [];
  const visible = { visibilityProperty: true, opacityProperty: true };
  const isShown = (node) => node.checkVisibility(visible) && !node.closest(apart);
  const cuts = (style) => ['hidden', 'clip'].includes(style);
  for (const node of document.querySelectorAll('body *')) {
    // The map itself is a window upon a world that is moved below it.
    if (!(node instanceof HTMLElement) || node.matches('.leaflet-container') || node.clientWidth < 2) continue;
    if (!isShown(node) || !node.innerText.trim()) continue;
    const { overflowX, overflowY } = getComputedStyle(node);
    const cutPx = cuts(overflowX) ? node.scrollWidth - node.clientWidth : 0;
    const cutBelowPx = cuts(overflowY) ? node.scrollHeight - node.clientHeight : 0;
    if (Math.max(cutPx, cutBelowPx) > 2) found.push(`cut by ${cutPx} and ${cutBelowPx} px: ${node.innerText}`);
  }
  const moves = (node) => ['auto', 'scroll'].includes(getComputedStyle(node).overflowX);
  const scrolls = (node) => node && (moves(node) || scrolls(node.parentElement));
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    const own = text.parentElement;
    if (!text.data.trim() || own.closest('script, style, svg, .leaflet-map-pane') || !isShown(own)) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    const isOutside = ({ left, right }) => right - left > 1 && (left < -1 || right > width + 1);
    if ([...range.getClientRects()].some(isOutside) && !scrolls(own)) found.push(`outside the window: ${text.data}`);
  }
  return found.map((said) => said.replace(/\\s+/g, ' ').slice(0, 160));
}"""


def without_room(page: Any) -> list[str]:
    """Return a sentence for each text that is cut off or outside in a page or frame as it stands."""
    found: list[str] = page.evaluate(_FIND, _APART)
    return found


def room_on_both_screens(page: Any, address: str, *, has_map: bool) -> dict[str, list[str]]:
    """Return what has no room on a wide and a narrow screen, by address and width; the page is drawn once."""
    found = {}
    for size in SIZES.values():
        page.set_viewport_size(size)
        # What the frontend moves at a change of width has arrived where it stays.
        page.wait_for_function("document.getAnimations().every((one) => one.playState !== 'running')")
        found[f"{address}, {size['width']} px"] = without_room(page)
        if has_map:
            found[f"map of {address}, {size['width']} px"] = without_room(map_frame(page))
    return found
