"""Tables about the places of a checked file: how each name was read, and which rows contradict themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pandas as pd
import streamlit as st

from geo.analysis.locating import place_names
from geo.analysis.locating.place_names import HOW, PlaceName
from geo.intake import Checked
from geo.text import printable
from geo.views import cached, tables
from geo.wording import N_, _

_MOST_ROWS = 200
_NAME_PX = 150  # on a telephone the meaning of a name stands beside it


def draw_account(names: Sequence[PlaceName], n_names: int) -> None:
    """Draw how every name was read, as a table with a download of the whole."""
    with st.expander(_("How each name was read ({n})", n=n_names)):
        width = {_("Name"): st.column_config.TextColumn(width=_NAME_PX)}
        tables.show(_account(names[:_MOST_ROWS]), column_config=width)
        _draw_rest(len(names), "place-names", _("Download all names"), lambda: _account(names))


def draw_disagreements(checked: Checked) -> None:
    """Draw the rows whose name, P-code or coordinates contradict one another."""
    with st.expander(_("Rows whose name, P-code or coordinates disagree ({n})", n=checked.n_conflicts)):
        explained = _(
            "The coordinates lie in another district than the stated one, or the P-code is not that of the name. What "
            "is stated counts, the P-code first; a name with several meanings counts where the coordinates lie. The "
            "distance is that of the point from the boundary of the stated district."
        )
        st.caption(explained)
        tables.show(_disagreements(checked, _MOST_ROWS))
        rest = _("Download all of these rows")
        _draw_rest(checked.n_conflicts, "disagreements", rest, lambda: _disagreements(checked, None))


def _draw_rest(n: int, file_stem: str, label: str, frame: Callable[[], pd.DataFrame]) -> None:
    """Draw how much of a table is shown, and the download of the whole."""
    if n > _MOST_ROWS:
        st.caption(_("The first {n} of {total} rows.", n=_MOST_ROWS, total=n))
    tables.download(frame, file_stem, label=label)


def _account(names: Sequence[PlaceName]) -> pd.DataFrame:
    districts = cached.districts().names
    return pd.DataFrame(
        {
            N_("Name"): [printable(one.text) or _("(no name stated)") for one in names],
            N_("Read as"): [districts.get(one.taken_for) or _(HOW.get(one.taken_for, one.taken_for)) for one in names],
            N_("P-code"): [one.taken_for if one.taken_for in districts else "" for one in names],
            N_("How"): [_(HOW[one.how]) for one in names],
            N_("Rows"): [one.n_rows for one in names],
            N_("First row"): [one.first_row for one in names],
            N_("Could be"): [", ".join(districts[pcode] for pcode in one.candidates) for one in names],
            N_("Reason"): [str(one.reason) for one in names],
            N_("Province"): [", ".join(map(printable, one.provinces)) for one in names],
        }
    )


def _disagreements(checked: Checked, most: int | None) -> pd.DataFrame:
    districts = cached.districts()
    found = place_names.disagreements(checked.rows, districts, most).to_pandas()
    located = _named(found["located_pcode"], districts.names, _("outside the province"))
    return pd.DataFrame(
        {
            N_("Row"): found["row"],
            N_("Date"): found["date"],
            N_("Stated"): found["stated"].fillna("").map(printable),
            N_("Stated district"): _named(found["stated_pcode"], districts.names, _("several meanings")),
            N_("Coordinates lie in"): located.where(found["lat"].notna(), _("not given")),
            N_("km apart"): found["km_from_stated"].round(1),
            N_("Latitude"): found["lat"],
            N_("Longitude"): found["lon"],
            N_("Incident"): found["incident_id"].map(printable),
        }
    )


def _named(pcodes: pd.Series, names: Mapping[str, str], otherwise: str) -> pd.Series:
    return pcodes.map(names).fillna(otherwise)
