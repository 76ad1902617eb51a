"""From a change of the filter to the painted map, in a browser: this project's points against a rebuilt folium map.

The other way is what folium's documentation suggests: a new Map with a FastMarkerCluster of circles in every run,
shown by st_folium, without districts, names or pop-ups, and with its scripts served from here. Both ways draw the same
made-up incidents under the same filters, in one browser, in turn; each has a server of its own, so that neither cleans
up after the other. Timed is the way from pointer down on the filter to the second animation frame after the drawing.
Counted before that, in an update that is not timed: bytes by websocket and by file. The heap is read at the end.
"""

from __future__ import annotations

import random
import statistics
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import Any

from benchmarks.map_browser import DRAW_SECONDS, LEFT_OUT, MapPage, Traffic, Update, chromium, new_page, server
from benchmarks.timing import Comparison

DEFAULT_ROWS = 1_000_000
SIZES = (1_000, 10_000, 100_000, 1_000_000)
OURS, FOLIUM = "atlas", "folium"
NAMES = {OURS: "Points page", FOLIUM: "rebuilt folium FastMarkerCluster"}
_ROUNDS = 11
_MOST_WITH_FOLIUM = 100_000
# Long enough for the run to end and the server to collect its garbage.
_PAUSE_MS = 600


@dataclass(slots=True, eq=False)
class Case:
    """What was measured of one way at one size."""

    way: str
    rows: int
    page: MapPage
    first_s: float
    first: Traffic
    update: Traffic
    updates: list[Update] = field(default_factory=list)
    heap_mb: float = 0.0

    @property
    def name(self) -> str:
        return _name(self.way, self.rows)

    @property
    def seconds(self) -> list[float]:
        return [update.seconds for update in self.updates]

    @property
    def cpu_seconds(self) -> list[float]:
        return [update.cpu_seconds for update in self.updates]

    def facts(self) -> dict[str, Any]:
        """Return the spread of the times, what was sent, and the heap."""
        low, middle, high = min(self.seconds), statistics.median(self.seconds), max(self.seconds)
        name = NAMES[self.way]
        return {
            f"{name}: ms min/median/max": f"{1e3 * low:.0f}/{1e3 * middle:.0f}/{1e3 * high:.0f}",
            f"{name}: first map s": round(self.first_s, 1),
            f"{name}: kB of points and scripts at first": round(self.first.total / 1e3),
            f"{name}: kB an update, websocket + files": self.update.in_words(),
            f"{name}: JS heap MB": round(self.heap_mb),
        }


def run(rows: int, rounds: int = _ROUNDS) -> list[Comparison]:
    """Compare at every size up to `rows`; the last comparison sets sizes against one another.

    Raises FileNotFoundError without Chromium and AssertionError if a map holds other points than the filter keeps,
    asks another host for anything, or raises an error.
    """
    sizes = sorted({min(rows, size) for size in SIZES})
    with ExitStack() as stack:
        browser = stack.enter_context(chromium())
        addresses = {way: stack.enter_context(server()) for way in NAMES}
        cases = [
            _opened(browser, addresses[way], way, size)
            for size in sizes
            for way in NAMES
            if way == OURS or size <= _MOST_WITH_FOLIUM
        ]
        for turn in range(rounds):
            # In another order each time: what a large map leaves behind must not always meet the same next one.
            for case in random.Random(turn).sample(cases, len(cases)):
                _update(case, LEFT_OUT[2 + turn])
        for case in cases:
            case.heap_mb = case.page.heap_mb()
            _check(case.page)
        late = {size: _attempt(browser, addresses[FOLIUM], size) for size in sizes if size > _MOST_WITH_FOLIUM}
    return _compared(cases, late)


def _opened(browser: Any, address: str, way: str, rows: int) -> Case:
    page = new_page(browser, way)
    with page.counting() as first:
        first_s = page.open(address, rows)
    with page.counting() as update:
        changed = page.choose(LEFT_OUT[1])
    if first_s is None or changed is None:
        raise AssertionError(f"{way}: {rows:,} points were not drawn within {DRAW_SECONDS} seconds")
    return Case(way, rows, page, first_s, first, update)


def _update(case: Case, left_out: str) -> None:
    update = case.page.choose(left_out)
    if update is None:
        raise AssertionError(f"{case.name}: an update was not drawn within {DRAW_SECONDS} seconds")
    case.updates.append(update)
    case.page.page.wait_for_timeout(_PAUSE_MS)


def _check(page: MapPage) -> None:
    if page.outside or page.errors:
        raise AssertionError(f"{page.way}: asked {page.outside}, raised {page.errors}")


def _attempt(browser: Any, address: str, rows: int) -> str:
    """Say how far the other way comes with more points than it can be measured with."""
    page = new_page(browser, FOLIUM)
    first_s = page.open(address, rows)
    if first_s is None:
        said = f"first map not painted within {DRAW_SECONDS} s"
    else:
        update = page.choose(LEFT_OUT[1])
        change = f"within {update.seconds:.1f} s" if update else f"not within {DRAW_SECONDS} s"
        said = f"first map after {first_s:.1f} s, a change {change}"
    page.page.context.close()
    return said


def _compared(cases: Sequence[Case], late: Mapping[int, str]) -> list[Comparison]:
    found = []
    for size in sorted({case.rows for case in cases}):
        same = [case for case in cases if case.rows == size]
        drawn = [[update.drawn for update in case.updates] for case in same]
        if any(numbers != drawn[0] for numbers in drawn):
            raise AssertionError(f"{size:,}: the ways drew different numbers of points")
        facts: dict[str, Any] = {"points drawn": f"{min(drawn[0]):,} to {max(drawn[0]):,}"}
        for case in same:
            facts |= case.facts()
        if size in late:
            facts[NAMES[FOLIUM]] = late[size]
        found.append(_comparison(f"{size:,} incidents", {NAMES[case.way]: case for case in same}, NAMES[OURS], facts))
    by_name = {case.name: case for case in cases}
    if _REFERENCE in by_name:
        across = _comparison("sizes against one another", by_name, _REFERENCE, {})
        found.append(replace(across, facts=_targets(across)))
    return found


def _comparison(case: str, ways: Mapping[str, Case], ours: str, facts: Mapping[str, Any]) -> Comparison:
    seconds = {name: way.seconds for name, way in ways.items()}
    cpu_seconds = {name: way.cpu_seconds for name, way in ways.items()}
    return Comparison(f"filter to painted map, {case}", ours, seconds, cpu_seconds, facts)


def _targets(across: Comparison) -> dict[str, str]:
    """Return what was promised of the times at 100,000 points, and whether the median ratio keeps it."""
    promises = (
        ("100,000 against the same points rebuilt by folium: at least 10 times faster", FOLIUM, 100_000, 10.0, True),
        ("100,000 against 10,000 rebuilt by folium: faster", FOLIUM, 10_000, 1.0, True),
        ("1,000,000 against 100,000: at most twice as long", OURS, 1_000_000, 2.0, False),
    )
    facts = {}
    for promise, way, rows, limit, is_least in promises:
        name = _name(way, rows)
        if name not in across.seconds:
            continue
        ratios = across.ratios(name)
        middle = statistics.median(ratios)
        is_met = middle >= limit if is_least else middle <= limit
        spread = f"{middle:.1f} ({min(ratios):.1f} to {max(ratios):.1f})"
        facts[f"target, {promise}"] = f"{spread}, {'met' if is_met else 'not met'}"
    return facts


def _name(way: str, rows: int) -> str:
    return f"{NAMES[way]}, {rows:,}"


_REFERENCE = _name(OURS, 100_000)
