"""Tables beside pictures, lists by page, and downloads that a spreadsheet opens as text, never as formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import pandas as pd
import streamlit as st

from geo import log, wording
from geo.text import csv_cell
from geo.views import filters, grids, messages
from geo.wording import MISSING, _

_Item = TypeVar("_Item")


class _NotMade(Exception):
    """A file could not be made; the message is the number under which the log has the places."""


def offer(frame: pd.DataFrame, title: str, name: str, draw_file: Callable[[], None] | None = None) -> None:
    """Offer a frame as a table in an expander; column names marked with N_ are translated on screen.

    name: of the table in every language. draw_file: draws its file; None where the page has it in its panel.
    What a browser needs for a table is larger than the map: it is sent when the expander is opened.
    """
    with st.expander(title, key=f"table_{name}", on_change="rerun") as expander:
        if expander.open:
            show(frame)
            if draw_file:
                draw_file()


def show(frame: pd.DataFrame, **options: Any) -> None:
    """Draw a frame over the width of its place, its column names in the language of the visitor."""
    grids.grid(frame.rename(columns=_), **options)


def download(frame: pd.DataFrame | Callable[[], pd.DataFrame], file_stem: str, label: str) -> None:
    """Draw the button of a frame to work on and give back, without notes (those of others: geo.views.table_file).

    The file, and a frame given as a function, are made when it is clicked.
    """
    content = in_words_of_now(lambda: csv_bytes(frame() if callable(frame) else frame))
    name, key = f"kp-atlas-{file_stem}.csv", f"download_{file_stem}"
    st.download_button(label, content, name, "text/csv", key, on_click="ignore")


def in_words_of_now(make: Callable[[], bytes]) -> Callable[[], bytes]:
    """Return a function for a download button, which calls it when the run, its visitor and its language are over.

    make: must not ask who the visitor is; what they may see is settled while their page is drawn.
    """
    code = wording.language()

    def content() -> bytes:
        try:
            with wording.in_language(code):
                return make()
        except Exception as error:  # Streamlit would log its message, which may quote a file
            raise _NotMade(log.error(error)) from None

    return content


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """Return a frame as UTF-8 CSV with a byte order mark; texts and headers pass geo.text.csv_cell.

    Missing values are empty cells. Numbers stay numbers, negative ones too.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([csv_cell(str(name)) for name in frame.columns])
    columns = (frame.iloc[:, place] for place in range(frame.shape[1]))
    writer.writerows(zip(*map(_cells, columns), strict=True))
    return buffer.getvalue().encode("utf-8-sig")


def _cells(column: pd.Series) -> list[str]:
    pairs = zip(column.tolist(), column.isna().tolist(), strict=True)
    return ["" if is_missing else csv_cell(str(value)) for value, is_missing in pairs]


def page_of(items: Sequence[_Item], key: str, per_page: int) -> Sequence[_Item]:
    """Draw the choice of page, if there are several, and return the items of the chosen one."""
    n_pages = -(-len(items) // per_page)
    if n_pages <= 1:
        return items
    # There may be fewer pages than when one was last chosen.
    st.session_state[key] = min(max(int(st.session_state.get(key, 1)), 1), n_pages)
    page = st.number_input(_("Page, of {n}", n=n_pages), 1, n_pages, key=key, width=160)
    return items[(page - 1) * per_page : page * per_page]


def choose_district(frame: pd.DataFrame, columns: dict[str, Any], key: str, alt: str) -> None:
    """Draw one row a district; choosing a row chooses the district on every page. frame has a column pcode.

    Only the grid can be asked for a row. Where a language runs from the right, its first column is the right one.
    """
    columns = from_the_side_of_words(columns)

    @messages.guarded
    def follow() -> None:
        rows = st.session_state[key]["selection"]["rows"]
        filters.select_district(frame["pcode"].iloc[rows[0]] if rows else None)

    st.dataframe(
        frame,
        column_config=columns,
        column_order=grids.in_reading_order(columns),
        hide_index=True,
        height=560,
        width="stretch",
        key=key,
        selection_mode="single-row",
        on_select=follow,
        alt=alt,
        placeholder=MISSING,
    )
    grids.on_paper(frame, columns)
    grids.begin_at_first_column(key)


def from_the_side_of_words(columns: dict[str, Any]) -> dict[str, Any]:
    """Return the columns of a grid as a language from right to left can read them, else unchanged."""
    if wording.text_direction() == "ltr":
        return columns
    return {name: _from_the_right(column) for name, column in columns.items()}


def _from_the_right(column: Any) -> Any:
    """Return a column that a grid does not pin, as it pins columns at its left edge alone; words begin at the right.

    English words begin at the left: their column has a width, or it would lie partly outside the page.
    """
    if not isinstance(column, dict):
        return column
    column = column | {"pinned": False}
    if column["type_config"]["type"] != "text":
        return column
    if column["alignment"] == "left":
        return column | {"width": column.get("width") or "medium"}
    return column | {"alignment": column["alignment"] or "right"}
