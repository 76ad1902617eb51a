"""The texts of the project shown in the app, and the published totals that are never summed."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import streamlit as st

from geo.publishers import web_address
from geo.settings import APP_ROOT, DATA_DIR
from geo.wording import _

SOURCES_TEXT, METHOD_TEXT = DATA_DIR / "sources.md", APP_ROOT / "docs" / "method.md"


def draw(path: Path) -> None:
    """Draw a text of the project without its title; it is part of the project and therefore trusted Markdown."""
    with st.container(key=f"document_{path.stem}"):
        st.markdown(path.read_text("utf-8").split("\n", 1)[1])


def draw_published_totals() -> None:
    """Draw the published totals with publisher and caveat."""
    st.markdown(
        _(
            "Totals as publishers printed them. They contradict one another, cover different periods, and police "
            "regions are not districts: they are listed here and never summed, averaged or put on the map."
        )
    )
    frame = pd.read_csv(DATA_DIR / "published_totals.csv", dtype=str, keep_default_na=False)
    metrics = sorted(frame["metric"].unique())
    units = ["any", *sorted(frame["unit"].unique())]
    left, right = st.columns(2)
    metric = left.selectbox(_("Figure"), metrics, index=metrics.index("police_killed"), format_func=_code_text)
    unit = right.selectbox(_("Unit"), units, format_func=_code_text)
    kept = frame[(frame["metric"] == metric) & ((frame["unit"] == unit) | (unit == "any"))]
    kept = kept.sort_values(["period_start", "period_end", "unit", "district"], ascending=[False, False, True, True])
    kept = kept.assign(value=pd.to_numeric(kept["value"]), source_url=kept["source_url"].map(web_address))
    st.dataframe(
        kept[["period_start", "period_end", "unit", "district", "value", "publisher", "note", "source_url"]],
        hide_index=True,
        width="stretch",
        column_config={
            "period_start": _("From"),
            "period_end": _("To"),
            "unit": _("Unit"),
            "district": _("Name as printed"),
            "value": _("Figure"),
            "publisher": _("Publisher"),
            "note": _("Caveat"),
            "source_url": st.column_config.LinkColumn(_("Page"), display_text=_("open")),
        },
    )
    st.caption(_("{n} of {total} published figures.", n=len(kept), total=len(frame)))


def _code_text(code: str) -> str:
    """Return a code of the file in words: "police_killed" as "Police killed"."""
    return _(code.replace("_", " ").capitalize())
