"""The styles of the page around a map: the only style sheet that the app adds to Streamlit's own."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import streamlit as st

from geo.views import assets, cached
from geo.wording import _, text_direction

_ASSETS = Path(__file__).with_name("assets")


def draw_frame() -> None:
    """Give a page in the frame of another one its styles."""
    directions = assets.font_faces("component/") + _sheet("directions.css") if text_direction() == "rtl" else ""
    with st.container(key="page_style"):
        st.html(f"<style>{_sheet('embed.css')}{directions}</style>")


def draw() -> None:
    """Give the page its styles; called once in each run. No text of a file or of an address is part of them."""
    named = {
        "filters": _("Menu and filters"),
        "map-loading": _("The map is loading"),
        "killed": _("Killed"),
        "injured": _("Injured"),
        "english": _("{english}", english="").strip(),
    }
    if text_direction() == "rtl":
        named |= _words_for_streamlit()
    words = "".join(f"--atlas-{name}: {json.dumps(word, ensure_ascii=False)};" for name, word in named.items())
    directions = assets.font_faces("component/") + _sheet("directions.css") if text_direction() == "rtl" else ""
    with st.container(key="page_style"):
        st.html(f"<style>:root {{ {words} }}{_sheet('page.css')}{_sheet('print.css')}{directions}</style>")


def _words_for_streamlit() -> dict[str, str]:
    """Return what takes the place of English words of Streamlit that no argument changes."""
    file_mb = int(cached.settings().limits["file_mb"])
    return {
        "choose-file": _("Choose a file"),
        "file-limit": _("At most {n} MB a file", n=file_mb),
        "small-file-limit": _("At most {n} MB a file", n=1),
        "no-results": _("No match"),
    }


@cache
def _sheet(name: str) -> str:
    return (_ASSETS / name).read_text(encoding="utf-8")
