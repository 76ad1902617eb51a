"""The texts of the project shown in the app, and the published totals that are never summed."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from geo.settings import APP_ROOT, DATA_DIR
from geo.views.incident_text import web_address


def draw_sources() -> None:
    """Draw data/sources.md, which is part of the project and therefore trusted Markdown."""
    st.markdown(_without_title((DATA_DIR / "sources.md").read_text("utf-8")))


def draw_method() -> None:
    """Draw docs/method.md."""
    st.markdown(_without_title((APP_ROOT / "docs" / "method.md").read_text("utf-8")))


def draw_published_totals() -> None:
    """Draw the published totals with publisher and caveat."""
    st.markdown(
        "Totals as publishers printed them. They contradict one another, cover different periods, and police regions "
        "are not districts: they are listed here and never summed, averaged or put on the map."
    )
    frame = pd.read_csv(DATA_DIR / "published_totals.csv", dtype=str, keep_default_na=False)
    metrics = sorted(frame["metric"].unique())
    left, right = st.columns(2)
    metric = left.selectbox(
        "Figure", metrics, index=metrics.index("police_killed"), format_func=lambda m: m.replace("_", " ").capitalize()
    )
    unit = right.selectbox(
        "Unit", ["Any", *sorted(frame["unit"].unique())], format_func=lambda u: u.replace("_", " ").capitalize()
    )
    kept = frame[(frame["metric"] == metric) & ((frame["unit"] == unit) | (unit == "Any"))]
    kept = kept.sort_values(["period_start", "period_end", "unit", "district"], ascending=[False, False, True, True])
    kept = kept.assign(value=pd.to_numeric(kept["value"]), source_url=kept["source_url"].map(web_address))
    st.dataframe(
        kept[["period_start", "period_end", "unit", "district", "value", "publisher", "note", "source_url"]],
        hide_index=True,
        width="stretch",
        column_config={
            "period_start": "From",
            "period_end": "To",
            "unit": "Unit",
            "district": "Name printed",
            "value": "Figure",
            "publisher": "Publisher",
            "note": "Caveat",
            "source_url": st.column_config.LinkColumn("Page", display_text="open"),
        },
    )
    st.caption(f"{len(kept):,} of {len(frame):,} published figures.")


def _without_title(text: str) -> str:
    first, _, rest = text.partition("\n")
    return rest if first.startswith("# ") else text
