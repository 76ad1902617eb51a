"""The page that the map benchmark drives: one filter, one map of made-up incidents, drawn in one of two ways.

Address: rows=N, way=atlas (what the Points page draws) or way=folium (a folium map with a FastMarkerCluster, made
anew in every run). Every incident has a place, so N is the number of points before the filter. The last line of the
page says how many are drawn and the CPU time of the run.
"""

from __future__ import annotations

import time

import folium
import numpy as np
import pyarrow as pa
import streamlit as st
import streamlit.components.v1 as components
from folium.plugins import FastMarkerCluster
from streamlit_folium import st_folium
from xstatic.pkg import leaflet, leaflet_markercluster

from benchmarks import made_up
from benchmarks.map_browser import LEFT_OUT
from geo import districts
from geo.filters import Filters
from geo.incidents import IncidentTable, build, select
from geo.schema import TARGET_TYPES
from geo.views import incident_points
from geo.views.map import draw_map
from geo.views.state import View

HEIGHT_PX = 680
# Circles need no picture of a pin, which folium would ask another host for.
_CIRCLE = "function (row) { return L.circleMarker([row[0], row[1]], { radius: 5 }); }"


@st.cache_resource(show_spinner=False)
def incidents(rows: int) -> IncidentTable:
    """Return incidents of which every one has a place, exact or near."""
    table = made_up.incidents(rows)
    precision = pa.array(np.where(np.arange(rows) % 3 == 0, "exact", "near").astype(object))
    column = table.schema.get_field_index("geo_precision")
    table = table.set_column(column, table.schema.field(column), precision.cast(table.schema.field(column).type))
    return build({"1": table}, districts.load().pcodes, f"measured-{rows}")


def filtered(table: IncidentTable, left_out: str) -> View:
    """Return the view of all incidents but those against one target."""
    filters = Filters(targets=tuple(target for target in TARGET_TYPES if target != left_out))
    mask = select(table, filters)
    days = table.first_day, table.last_day
    if days[0] is None or days[1] is None:
        raise ValueError("no incidents")
    return View(table, districts.load(), filters, mask, *days)


def draw_with_folium(view: View) -> None:
    """Draw the same points the way folium's documentation shows, with its files served from here."""
    base = components.declare_component("leaflet", path=leaflet.BASE_DIR).name
    cluster = components.declare_component("cluster", path=leaflet_markercluster.BASE_DIR).name
    folium.Map.default_js = [("leaflet", f"../{base}/leaflet.js")]
    folium.Map.default_css = [("leaflet", f"../{base}/leaflet.css")]
    FastMarkerCluster.default_js = [("cluster", f"../{cluster}/leaflet.markercluster.js")]
    FastMarkerCluster.default_css = [
        ("cluster", f"../{cluster}/MarkerCluster.css"),
        ("cluster_default", f"../{cluster}/MarkerCluster.Default.css"),
    ]
    places = np.column_stack([view.table.lat[view.mask], view.table.lon[view.mask]])
    # Without tiles the map itself must say how far it zooms, or clusters have no levels.
    drawn = folium.Map(location=[33.9, 71.6], zoom_start=7, tiles=None, maxZoom=13)
    FastMarkerCluster(places.tolist(), callback=_CIRCLE).add_to(drawn)
    st_folium(drawn, key="map", height=HEIGHT_PX, use_container_width=True, returned_objects=[])


start = time.thread_time()
chosen = st.radio("Leave out", LEFT_OUT, horizontal=True)
shown = filtered(incidents(int(st.query_params["rows"])), chosen)
if st.query_params["way"] == "atlas":
    draw_map(points=incident_points.points_view(shown, "pins", "target"), key="map", height=HEIGHT_PX)
else:
    draw_with_folium(shown)
st.text(f"left out={chosen} drawn={int(shown.mask.sum())} cpu={time.thread_time() - start:.4f}")
