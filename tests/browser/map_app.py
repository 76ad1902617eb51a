"""A page with one map, for the browser tests. The address chooses the case; a button brings the next update."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import streamlit as st

from geo import districts
from geo.views import palettes
from geo.views.layers import (
    OPEN_STREET_MAP,
    ChoroplethView,
    Density,
    DistrictValue,
    GoTo,
    IncidentTexts,
    Legend,
    LegendEntry,
    PointsView,
)
from geo.views.map import MapClick, draw_map, page_theme
from geo.views.point_table import PointTable
from tests.browser.map_app_texts import HOSTILE
from tests.injections import MIXES

case = st.query_params.get("case", "plain")
state = st.session_state
state.runs = state.get("runs", 0) + 1
step = state.setdefault("step", 0)
selected = state.setdefault("selected", ())
theme = page_theme()


def choropleth() -> ChoroplethView:
    """Classes move on by one with every step; Upper Chitral never has data."""
    colours = palettes.sequential(5, theme)
    title = {"hostile": " ".join(HOSTILE), "mixes": " ".join(MIXES)}.get(case, f"Step {step}")
    entries = (
        LegendEntry("No data", is_hatched=True),
        LegendEntry("None recorded", palettes.ZERO[theme]),
        *(LegendEntry(f"class {i}", colour) for i, colour in enumerate(colours)),
        *(LegendEntry(text, colours[0]) for text in MIXES if case == "mixes"),
    )
    values, badges, notes = [], [], tuple(MIXES) if case == "mixes" else (title,)
    for i, (pcode, name) in enumerate(districts.load().names.items()):
        lines = (("Value", HOSTILE[i % len(HOSTILE)] if case == "hostile" else f"{name} {step}"),)
        if case == "mixes":  # the texts are dealt out to the 35 districts
            lines = tuple((text, text) for text in MIXES[i::35])
            badges.append((pcode, " ".join(MIXES[i::35])))
        values.append(DistrictValue(pcode, 0 if pcode == "PK508" else 1 + (i + step) % 6, lines))
    return ChoroplethView(Legend(title, entries, notes), tuple(values), selected, (), tuple(badges), title)


def few_points() -> PointsView:
    """Two exact incidents at one place in Bannu, one near Peshawar, seven known only to a district."""
    texts = [("2024-01-02", "Bannu bazaar", "Exact place"), ("2024-01-03", "Bannu bazaar", "Exact place")]
    texts.append(("2024-02-01", "Peshawar", "Near a place"))
    links = ("https://example.org/report?id=1", "javascript:window.pwned=1", "")
    if case == "filed":  # so long that the texts of the table are a file of their own; the second incident is left out
        texts = [(day, place, precision + " x" * 10_000) for day, place, precision in texts]
        every = IncidentTexts(("Incident", "Place", "Precision"), tuple(texts), links)
        shown = np.array([True, False, True])
        found = points(np.array([70.6, 70.6, 71.5]), np.array([32.99, 32.99, 34.0]), every.part(shown), shown)
        return replace(found, table_texts=every)
    if case == "hostile":
        texts = [("2024-01-02", HOSTILE[i], " ".join(HOSTILE)) for i in range(3)]
    return points(
        np.array([70.6, 70.6, 71.5]),
        np.array([32.99, 32.99, 34.0]),
        IncidentTexts(("Incident", "Place", "Precision"), tuple(texts), links),
    )


def mixed_points() -> PointsView:
    """One incident for each mixed text, all at one place; the first has a field named by each of them too."""
    one = np.ones(len(MIXES))
    texts = [("2024-01-02", text, " ".join(reversed(text.split(" ")))) for text in MIXES]
    texts[0] = (*texts[0], *MIXES[2:])
    found = points(71.5 * one, 33.5 * one, IncidentTexts(("Incident", *MIXES), tuple(texts), tuple(MIXES)))
    entries = tuple(LegendEntry(text, found.colours[0], shape="pin") for text in MIXES)
    return replace(found, legend=Legend(MIXES[0], entries, tuple(MIXES)))


def points(
    lon: np.ndarray, lat: np.ndarray, texts: IncidentTexts | None, shown: np.ndarray | None = None
) -> PointsView:
    mode = st.query_params.get("mode", "pins")
    colours = palettes.categories(3, theme)
    n = np.arange(len(lon))
    return PointsView(
        Legend("Incidents", (LegendEntry("Exact place", colours[0], shape="pin"),)),
        PointTable(lon, lat, n % 3 == 2, (n % 3).astype(np.uint8), n + 1000),
        np.ones(len(lon), dtype=bool) if shown is None else shown,
        colours,
        (("PK503", 4), ("PK528", 3)),
        texts,
        mode,
        Density((0.3, 1, 3, 10, 30), palettes.sequential(5, theme)),
        selected,
    )


def many_points(count: int) -> PointsView:
    random = np.random.default_rng(step)
    return points(random.uniform(70, 73, count), random.uniform(32, 35.5, count), None)


def part_of_the_points(count: int) -> PointsView:
    """The same points in every step; one in five, by its place in the row, is left out in turn."""
    random = np.random.default_rng(0)
    lon, lat = random.uniform(70, 73, count), random.uniform(32, 35.5, count)
    return points(lon, lat, None, np.arange(count) % 5 != step % 5)


def layer() -> PointsView | None:
    if case.startswith("part"):
        return part_of_the_points(int(case.removeprefix("part")))
    if case == "plain":
        return None
    if case == "mixes":
        return mixed_points()
    return many_points(int(case.removeprefix("many"))) if case.startswith("many") else few_points()


def follow(click: MapClick) -> None:
    state.calls = state.get("calls", 0) + 1
    if click.pcode:
        state.selected = () if state.selected == (click.pcode,) else (click.pcode,)


def place() -> GoTo | None:
    """Nowhere at first, then the same place in two steps, with a name that is an attack in the hostile case."""
    name = {"hostile": " ".join(HOSTILE), "mixes": " ".join(MIXES)}.get(case, "Mir Ali, North Waziristan")
    return GoTo(name, 33.07, 70.27, 10.0) if "goto" in st.query_params and step in (1, 2) else None


def next_step() -> None:
    state.step += 1


st.button("next", on_click=next_step)
click = draw_map(
    choropleth=choropleth(),
    points=layer(),
    key="map_under_test",
    height=560,
    tiles=OPEN_STREET_MAP if "tiles" in st.query_params else None,
    go_to=place(),
    on_click=follow,
)
st.text(f"runs={state.runs} calls={state.get('calls', 0)} selected={','.join(state.selected)} click={click}")
