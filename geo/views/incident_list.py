"""The list of the incidents of a view: searched, ordered, fifty at a time, each with a link to its page."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from geo.analysis.locating.near_border import outside_km
from geo.incidents import Mask
from geo.publishers import publisher
from geo.schema import GEO_PRECISIONS, SOURCES
from geo.text import markdown_sentence, markdown_text
from geo.views import address, cached, english, list_order, overview, tables
from geo.views.incident_summaries import summaries_of, under_one_head
from geo.views.incident_text import FIELDS, incident_rows, link, markdown_table, may_show_rows, outside_text, where_text
from geo.views.map import MapClick
from geo.views.state import View
from geo.wording import N_, _, _n, format_list, words

ROWS_A_PAGE = 50
# Heads of the list; the keys of FIELDS are shown as they are.
_COLUMNS: dict[str, str] = {
    "date": FIELDS["date"],
    "place": FIELDS["place"],
    "precision": N_("Precision"),
    "kind": N_("Type and target"),
    "group": FIELDS["group"],
    "killed": FIELDS["killed"],
    "injured": FIELDS["injured"],
    "summary": N_("Summary"),
    "source": N_("Source"),
}
_CLICKED, _PAGE, _LISTED = "points_clicked", "incident_list_page", "incident_list_of"
_LONGEST_SUMMARY = 220


def draw(view: View, here: Mask, title: str) -> None:
    """Draw the list of the incidents of a mask, with its search box and its order; closed sources are only counted."""
    st.subheader(title, anchor="list")
    searched, placed, order = _controls()
    open_here = here & may_show_rows(view.table)[view.table.source]
    listed = open_here & list_order.placed(view.table, placed)
    if searched:
        names, summaries = view.districts.official_names, cached.summaries()
        listed &= list_order.matching(view.table, searched, names, summaries)
    positions = list_order.in_order(view.table, np.flatnonzero(listed), order)
    st.markdown(_count_text(view, here, open_here, positions))
    token = (view.table.version, view.filters, searched, placed, order, len(positions))
    if st.session_state.get(_LISTED) != token:
        st.session_state[_LISTED] = token
        st.session_state[_PAGE] = 1
    chosen = tables.page_of(range(len(positions)), _PAGE, ROWS_A_PAGE)
    if chosen:
        _draw_rows(view, positions[list(chosen)])
    elif open_here.any():
        st.info(_("No incident matches the search. Take words out of it, or list all places."))


def follow(click: MapClick) -> None:
    """Make a clicked district the choice of every page; a click on its number lists what the number counts."""
    overview.follow(click)
    if click.is_number:
        address.set_option("placed", "district")
        address.set_option("find", "")


def way_to_list() -> None:
    """Draw the link to the list, which stands below a tall map."""
    st.markdown(_("[List of the incidents, below the map](#list)"))


def clicked_incidents(view: View, click: MapClick | None) -> None:
    """Show the incidents of the point clicked last, where the map could not hold their texts."""
    if click is not None and click.positions:
        st.session_state[_CLICKED] = (view.table.version, click.positions)
    version, positions = st.session_state.get(_CLICKED, ("", ()))
    if version == view.table.version and positions:
        found = np.array(positions, dtype=np.int64)
        found = found[may_show_rows(view.table)[view.table.source[found]]]
        st.markdown(_("**Incidents at the chosen point**"))
        _draw_rows(view, list_order.in_order(view.table, found, "newest"))


def rows_text(view: View, positions: NDArray[np.int64]) -> tuple[str, int]:
    """Return incidents as a Markdown table, one line each; only for sources whose rows may be shown.

    With it comes which column, counted from 1, is in English while the page is not, 0 for none.
    """
    table, names = view.table, view.districts.names
    ids = table.details["incident_id"].take(positions)
    said = summaries_of(table, positions, cached.ready_summaries(table), _LONGEST_SUMMARY)
    head, shown, is_english = under_one_head(said)
    precisions = list(words(GEO_PRECISIONS).values())
    lines = []
    away = outside_km(table, positions, view.districts)
    for k, incident_id, row, summary, km in zip(
        positions, ids.to_pylist(), incident_rows(table, positions), shown, away, strict=True
    ):
        district = names[table.pcodes[table.district[k]]] if table.district[k] >= 0 else _("not in a district")
        page, site = row["url"], publisher(row["url"])
        cells = row | {
            "place": where_text(row["place"], district),
            "precision": outside_text(precisions[table.geo_precision[k]], km),
            "kind": format_list([row["attack"], row["target"]]),
            "source": row["reported_by"] or ("" if site else _source_label(table.sources[table.source[k]])),
            "summary": summary,
        }
        line = {name: markdown_sentence(cells[name]) for name in _COLUMNS}
        # A date that does not break keeps the first column narrow and the rows low.
        line["date"] = link(address.of_incident(incident_id), row["date"]).replace(" ", "\N{NO-BREAK SPACE}")
        line["source"] = f"{line['source']} {link(page, site)}".strip() if site else line["source"]
        lines.append(line)
    names_shown = [name for name in _COLUMNS if any(line[name] for line in lines)]
    heads = [markdown_sentence(head) if name == "summary" else _(_COLUMNS[name]) for name in names_shown]
    in_english = names_shown.index("summary") + 1 if is_english else 0
    return markdown_table(heads, [[line[name] for name in names_shown] for line in lines]), in_english


def _controls() -> tuple[str, str, str]:
    left, middle, right = st.columns([3, 2, 2])
    with left:
        explained = _(
            "Every word must occur in the summary, the place, the district, the group, the type, the target or the "
            "identifier. Words of sources whose rows may not be shown are not searched."
        )
        searched = address.text_box("find", _("Search the list"), explained)
    with middle:
        placed = address.option("placed", words(list_order.PLACED), _("Places"))
    with right:
        order = address.option("order", words(list_order.ORDERS), _("Ordered by"))
    return searched, placed, order


def _count_text(view: View, here: Mask, open_here: Mask, positions: NDArray[np.int64]) -> str:
    """Say how many rows the list has, how many of them no map can place, and how many licences keep out."""
    n_only = int(np.count_nonzero(list_order.placed(view.table, "district")[positions]))
    parts = [_n("**{n} incident listed**", "**{n} incidents listed**", len(positions))]
    parts.append(_("{n} of them known only to the district", n=n_only))
    n_events = int(view.table.n_events[positions].sum())
    if n_events != len(positions):
        parts.append(_("some of them sums, {n} incidents together", n=n_events))
    said = f"{format_list(parts)}{_('.')} {_('The date is the link to all that is recorded of an incident.')}"
    closed = here & ~open_here
    n_closed = int(np.count_nonzero(closed))
    if n_closed:
        codes = np.unique(view.table.source[closed])
        labels = format_list([_source_label(view.table.sources[code]) for code in codes])
        kept_out = _n(
            "{n} incident is counted and not listed: the licence of {sources} does not allow it.",
            "{n} incidents are counted and not listed: the licence of {sources} does not allow it.",
            n_closed,
            sources=markdown_text(labels),
        )
        said = f"{said} {kept_out}"
    return said


def _source_label(key: str) -> str:
    return _(SOURCES[key].label) if key in SOURCES else key


def _draw_rows(view: View, positions: NDArray[np.int64]) -> None:
    """Draw rows in a box of their own name: their cells are words of sources, not of the interface."""
    key = f"incident_rows_{positions[0] if len(positions) else 0}_{len(positions)}"
    with st.container(key=key):
        table, in_english = rows_text(view, positions)
        st.markdown(table)
        if in_english:
            english.mark(key, f"td:nth-child({in_english})")
