"""The frame around every page: app.py must have drawn it before a page draws itself.

Streamlit takes a folder named `pages` for its older kind of page list until st.navigation has run once in the
process. A visitor whose first address is that of a page would then see the page alone, without filters and with
its address unread.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from geo.views import address, first_paint
from geo.wording import N_, _

ICON = str(Path(__file__).with_name("assets") / "icon.png")
_OPENED = "atlas_shell"
# The menu: section -> pages, module name -> title. The first page is the front page.
SECTIONS: dict[str, dict[str, str]] = {
    N_("Explore"): {
        "overview": N_("Map"),
        "points": N_("Points"),
        "districts": N_("Districts"),
        "trends": N_("Trends"),
        "compare": N_("Compare"),
        "district": N_("District"),
        "incident": N_("Incident"),
    },
    N_("Evidence"): {
        "no_go": N_("No-go areas"),
        "validation": N_("Validation"),
        "duplicates": N_("Duplicates"),
        "published": N_("Published totals"),
        "stories": N_("Stories"),
    },
    N_("Your data"): {"upload": N_("Upload")},
    N_("About"): {"data_and_method": N_("Data and method")},
}
FRONT = next(iter(next(iter(SECTIONS.values()))))
# Reached by links of lists, maps and profiles; without a district or an incident they have nothing to show.
_NOT_IN_MENU = ("district", "incident")


def pages() -> dict[str, list[st.Page]]:
    """Return the pages of each section of the menu; the first is the front page."""
    return {
        _(section): [
            st.Page(
                f"pages/{name}.py",
                title=_(title),
                default=name == FRONT,
                visibility="hidden" if name in _NOT_IN_MENU else "visible",
            )
            for name, title in titles.items()
        ]
        for section, titles in SECTIONS.items()
    }


def is_in_frame() -> bool:
    """Whether the address asks for the map alone: embed=1, which the server turns into Streamlit's own embed=true."""
    return bool(st.context.is_embedded)


def navigate(*, is_in_frame: bool) -> st.Page:
    """Return the page of this run, and draw the menu: not in the frame of another page, nor before the first map."""
    is_first = not is_in_frame and first_paint.is_first_run()
    page = st.navigation(pages(), position="hidden" if is_in_frame or is_first else "top")
    if is_in_frame:
        return page
    first_paint.begin(page.url_path)
    return st.navigation(pages(), position="top") if is_first and not first_paint.is_waiting() else page


def show_menu() -> None:
    """Draw the menu in a run that has left it to the next one: for a run that fails, as there may be no next one."""
    if first_paint.is_waiting():
        st.navigation(pages(), position="top")


def turn_to_asked_page(page: st.Page) -> None:
    """Turn to the page that a button has asked for, if it is another one."""
    asked = address.asked_page()
    if asked and asked != (page.url_path or FRONT):
        st.switch_page(f"pages/{asked}.py", query_params=address.asked_query())


def tab_title(page: st.Page) -> str:
    """Return the title of the browser's tab: the page first, which stays readable where tabs are narrow."""
    return f"{page.title} - {_('KP Incident Atlas')}"


def opened() -> None:
    """Note that app.py runs in this session."""
    st.session_state[_OPENED] = True


def require() -> None:
    """Run the page again through app.py if it was started alone; called at the head of every page."""
    if not st.session_state.get(_OPENED):
        # One call ends the older page list for the whole process.
        st.navigation(pages(), position="hidden")
        st.rerun()
