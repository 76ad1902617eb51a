"""The obvious app to compare with: read the rows with pandas, count, draw them as folium's GeoJson with st_folium."""

import os

import folium
import geopandas as gpd
import pandas as pd
import streamlit as st
from streamlit_folium import st_folium


@st.cache_data
def read() -> tuple[pd.DataFrame, gpd.GeoDataFrame]:
    """Return the incidents and the districts."""
    return pd.read_parquet(os.environ["PLAIN_APP_ROWS"]), gpd.read_file(os.environ["PLAIN_APP_DISTRICTS"])


st.title("Incidents by district")
rows, districts = read()
counts = rows.groupby("pcode")["n_events"].sum()
shown = districts.assign(incidents=districts["pcode"].map(counts).fillna(0).astype(int))
shades = ("#fee5d9", "#fcae91", "#fb6a4a", "#cb181d")
limits = shown["incidents"].quantile([0.25, 0.5, 0.75]).to_numpy()
area = folium.Map(location=[33.9, 71.8], zoom_start=7, tiles=None)
folium.GeoJson(
    shown,
    style_function=lambda one: {
        "fillColor": shades[int((one["properties"]["incidents"] > limits).sum())],
        "color": "#444",
        "weight": 1,
    },
    tooltip=folium.GeoJsonTooltip(["name", "incidents"]),
).add_to(area)
st_folium(area, key="plain")
