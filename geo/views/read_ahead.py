"""What the front page needs, read into the caches of all sessions by a thread that belongs to no visitor."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date

from geo.filters import Filters
from geo.sources import default_period
from geo.views import (
    assets,
    cached,
    folium_map,  # noqa: F401 (folium takes a second; streamlit_folium must be loaded by a visitor's run)
    overview,
    timeline,
)
from geo.views.state import View


def front_page() -> list[str]:
    """Read the incidents and count those that the front page opens on; return the addresses of its map's scripts."""
    with ThreadPoolExecutor(1) as beside:
        scripts = beside.submit(assets.map_scripts)
        table = cached.read_ahead()
        period = default_period(table.last_day or date.today())
        view = View.of(table, cached.districts(), Filters(start=period[0] if period else None))
        overview.choropleth(view, overview.measure_by_district(view, "incidents", "count"), "light")
        timeline.bars_of(view, "incidents", "year")
        return scripts.result()
