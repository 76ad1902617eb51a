"""Published totals beside recounts: a dot plot of publishers, a table, one total on the map, and a form for another."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from geo.analysis.counting import classes
from geo.analysis.evidence.published import Total, is_within
from geo.analysis.evidence.recount import METRICS, Recount, district_table, reasons, rivals
from geo.analysis.evidence.sentences import period_text
from geo.analysis.index import request as access_request
from geo.schema import SOURCES
from geo.shown_names import shown_publisher
from geo.text import markdown_sentence, markdown_text
from geo.views import address, cached_index, charts, filters, grids, messages, palettes, table_file, tables
from geo.views.class_legend import class_entries
from geo.views.layers import ChoroplethView, DistrictValue, Legend
from geo.views.map import draw_map, page_theme
from geo.views.published_rows import COLUMNS, coverage_text, place_text, totals_frame
from geo.views.state import View
from geo.wording import N_, _, _n, format_list, format_number, in_english, words

PLACES: dict[str, str] = {
    "province": N_("The province"),
    "district": N_("Districts"),
    "other": N_("Police regions and parts"),
}
DRAWN: dict[str, str] = {"published": N_("As published"), "recorded": N_("As recorded here")}
_ROW_PX = 26
_MOST_PUBLISHERS = 7  # beside our own count, as many as colours can be distinguished
# Lower ends of the classes of a published figure, fixed: figures of districts differ by two orders of magnitude.
_TABLE = "published_table"


@dataclass(frozen=True, slots=True)
class Choice:
    """What the reader chose. every: all totals with their recounts; shown: those of the figure, place and period."""

    metric: str
    source: str
    every: tuple[Recount, ...]
    shown: tuple[Recount, ...]


def choose(view: View) -> Choice:
    """Draw the choice of figure, place and source of the recount. Raises CannotCompute if no source can serve."""
    left, middle, right = st.columns([2, 3, 2], gap="medium", vertical_alignment="bottom")
    with left:
        labels = {code: _(metric.label) for code, metric in METRICS.items()}
        metric = address.option("metric", labels, _("Figure"))
    with middle:
        where = address.option("where", words(PLACES), _("Place"), kind="segments")
    with right:
        source = _source(view)
    st.caption(
        _(
            "Counted here: {definition}. Source of the recount: {source}. Of the filters, only the period and the "
            "districts apply.",
            definition=_(METRICS[metric].definition),
            source=_(SOURCES[source].label),
        )
    )
    return choice_of(view, cached_index.recounts(source), metric, where, source)


def choice_of(view: View, every: tuple[Recount, ...], metric: str, where: str, source: str) -> Choice:
    """Return what is chosen of all totals. metric: key of METRICS; where: key of PLACES; source: of the recounts."""
    return Choice(metric, source, every, tuple(one for one in every if _is_shown(one.total, metric, where, view)))


def ordered(choice: Choice) -> list[Recount]:
    """Return the totals shown, those of the newest window first."""
    return sorted(choice.shown, key=lambda one: (one.total.last, one.total.days), reverse=True)


def code_of(total: Total) -> str:
    """Return a short text that stands for a total in an address: 12 hexadecimal digits."""
    return hashlib.sha256(repr(total).encode()).hexdigest()[:12]


def chosen_of(choice: Choice, code: str) -> Recount:
    """Return the shown total of a code, for any other code the newest with a table of districts, else the newest.

    Raises IndexError if no total is shown.
    """
    found = ordered(choice)
    named = (one for one in found if code_of(one.total) == code)
    with_districts = (one for one in found if len(rows_of(choice, one)) > 1)
    return next(named, next(with_districts, found[0]))


def rows_of(choice: Choice, chosen: Recount) -> tuple[Total, ...]:
    """Return the figures by district that the publisher of a total gives for its window."""
    return district_table(chosen.total, [one.total for one in choice.every])


def definition_text(choice: Choice) -> str:
    """Return what our own counts of the chosen figure count, and of which source."""
    return _(
        "Counted here: {definition}. Source of the recount: {source}.",
        definition=_(METRICS[choice.metric].definition),
        source=_(SOURCES[choice.source].label),
    )


def ours_text() -> str:
    """Return what our own counts are called beside the publishers."""
    return _("Recorded here")


def _source(view: View) -> str:
    """Draw the choice of the source that is counted again, and return it. Raises CannotCompute if none can serve."""
    everything = np.ones(len(view.table), dtype=bool)
    found = access_request.indexable_sources(view.table, everything)
    if not found:
        raise access_request.nothing_to_use(view.table, everything)
    return address.option("source", {key: _(SOURCES[key].label) for key in found}, _("Source of the recount"))


def _is_shown(total: Total, metric: str, where: str, view: View) -> bool:
    unit = total.unit if total.unit in PLACES else "other"
    chosen = view.filters.districts
    is_here = not chosen or unit != "district" or total.pcode in chosen
    return total.metric == metric and unit == where and is_here and is_within(total, view.first, view.last)


# --- the dots ---------------------------------------------------------------------------------------------


def dots(choice: Choice) -> None:
    """Draw one row a window and place, a dot for each publisher, and our own count as a hollow mark beside it."""
    frame = dots_frame(choice)
    import altair as alt

    label = _(METRICS[choice.metric].label)
    order = list(dict.fromkeys(frame["row"]))
    ours = ours_text()
    publishers = [name for name in dict.fromkeys(frame["who"]) if name != ours]
    colours = [*palettes.categories(len(publishers), page_theme()), palettes.GREYS[page_theme()][2]]
    shapes = ["circle", "square", "triangle-up", "diamond", "cross", "triangle-down", "triangle-right"]
    chart = (
        alt.Chart(frame, height=alt.Step(_ROW_PX))
        .mark_point(size=90, strokeWidth=2)
        .encode(
            x=alt.X("value:Q", title=label, scale=charts.amounts(), axis=alt.Axis(format=",d", tickMinStep=1)),
            y=alt.Y(
                "row:N",
                sort=order,
                title=None,
                axis=alt.Axis(labelLimit=260, labelOverlap=False, labelFlush=False, grid=True, **charts.names_side()),
            ),
            color=alt.Color(
                "who:N",
                title=None,
                scale=alt.Scale(domain=[*publishers, ours], range=colours),
                legend=charts.legend(
                    orient="bottom",
                    columns=alt.ExprRef("width < 480 ? 1 : 3"),
                    labelLimit=alt.ExprRef("width < 480 ? 150 : 330"),
                ),
            ),
            shape=alt.Shape(
                "who:N", scale=alt.Scale(domain=[*publishers, ours], range=[*shapes[: len(publishers)], "stroke"])
            ),
            tooltip=[
                alt.Tooltip("row:N", title=_("Window")),
                alt.Tooltip("who:N", title=_("Publisher")),
                alt.Tooltip("value:Q", title=label, format=",d"),
            ],
        )
    )
    charts.draw(chart, _("{figure} by window, one mark for each publisher", figure=label))
    st.caption(
        _(
            "Compare the marks of one row only. Windows overlap and publishers count different things, so no line "
            "joins them. The table below holds every figure of this chart."
        )
    )


def dots_frame(choice: Choice) -> pd.DataFrame:
    """Return one row a mark: row (window, and place where there are several), who, value; the newest windows first."""
    several = len({place_text(one.total) for one in choice.shown}) > 1
    counts = pd.Series([shown_publisher(one.total.publisher) for one in choice.shown]).value_counts()
    named = set(counts.index[:_MOST_PUBLISHERS])
    rows: list[tuple[str, str, int]] = []
    for one in sorted(choice.shown, key=lambda one: (one.total.last, one.total.first), reverse=True):
        window = str(period_text(one.total.first, one.total.last))
        row = f"{place_text(one.total)}, {window}" if several else window
        publisher = shown_publisher(one.total.publisher)
        rows.append((row, publisher if publisher in named else _("Others"), one.total.value))
        if one.ours is not None:
            rows.append((row, ours_text(), one.ours))
    return pd.DataFrame(rows, columns=["row", "who", "value"]).drop_duplicates()


# --- the table --------------------------------------------------------------------------------------------


def table(view: View, choice: Choice) -> Recount:
    """Draw the totals with their recounts and return the chosen one; see `chosen_of`."""
    found = ordered(choice)
    frame = totals_frame(found)
    column = st.column_config
    label = words(COLUMNS)
    columns: dict[str, Any] = {
        "from": column.DateColumn(label["from"]),
        "to": column.DateColumn(label["to"]),
        "place": column.TextColumn(label["place"]),
        "publisher": column.TextColumn(label["publisher"]),
        "value": column.NumberColumn(label["value"]),
        "ours": column.NumberColumn(label["ours"]),
        "coverage": column.TextColumn(
            label["coverage"],
            help=_(
                "Exact 95 % interval, for incidents only: people die together, so their number has no such interval."
            ),
        ),
        "url": column.LinkColumn(label["url"], display_text=_("open")),
        "note": column.TextColumn(str(in_english(label["note"])), alignment="left"),
    }

    @messages.guarded
    def follow() -> None:
        rows = st.session_state[_TABLE]["selection"]["rows"]
        address.keep("total", code_of(found[rows[0]].total) if rows else "")

    st.dataframe(
        grids.with_dates_in_words(frame), column_config=tables.from_the_side_of_words(columns),
        hide_index=True, width="stretch", key=_TABLE,
        column_order=grids.in_reading_order(columns), selection_mode="single-row", on_select=follow,
        alt=_("Published totals with the number recorded here"),
    )  # fmt: skip
    grids.on_paper(frame, columns)
    grids.begin_at_first_column(_TABLE)
    said = (_("Figures of different publishers: not to be added up."), definition_text(choice))
    names = [view.districts.names[pcode] for pcode in view.filters.districts]
    narrowed = (_("{label}: {choices}", label=_("District"), choices=format_list(names)),) if names else ()
    title, _credits = title_and_credits(choice)
    named = frame.rename(columns=COLUMNS)
    table_file.offer(named, "published-totals", title, view.period_label, (choice.source,), said, narrowed)
    code = address.text("total")
    chosen = chosen_of(choice, code)
    is_named = code_of(chosen.total) == code
    address.check("total", is_named)
    if not is_named:
        st.caption(_("Choose a row to read why the two figures differ, and to see its districts."))
    return chosen


def title_and_credits(choice: Choice) -> tuple[str, list[str]]:
    """Return what a citation of the page names: the figure, and whom the totals shown and their recounts are from."""
    title = _("Published totals beside our own counts: {figure}", figure=_(METRICS[choice.metric].label))
    publishers = list(dict.fromkeys(shown_publisher(one.total.publisher) for one in choice.shown))
    return title, [*publishers, _(SOURCES[choice.source].credit)]


# --- one total --------------------------------------------------------------------------------------------


def one(view: View, choice: Choice, chosen: Recount) -> None:
    """Draw one total: what it says, our count, why they differ, who disagrees, and its districts on the map."""
    total = chosen.total
    st.header(
        _(
            "{publisher}: {value}, {figure}, {place}",
            publisher=markdown_text(shown_publisher(total.publisher)),
            value=format_number(total.value),
            figure=_(METRICS[total.metric].label),
            place=place_text(total),
        ),
        anchor=False,
    )
    every = [found.total for found in choice.every]
    by_district = rows_of(choice, chosen)
    left, right = st.columns([3, 2], gap="medium") if by_district else (None, st.container())
    with right:
        st.markdown(_recounted_text(chosen))
        st.markdown("\n".join(f"- {markdown_sentence(str(reason))}" for reason in reasons(chosen)))
        _disagreement(chosen, every)
        if total.note:
            st.caption(_("Caveat: {note}", note=in_english(markdown_text(total.note))))
    if left is not None:
        with left:
            _map(view, choice, by_district)


def _recounted_text(found: Recount) -> str:
    window = period_text(found.total.first, found.total.last)
    if found.ours is None:
        return _("**{window}.** Not counted here:", window=window)
    share = coverage_text(found)
    return _(
        "**{window}.** Recorded here in the same window, place and definition: **{n}**{share}.",
        window=window,
        n=found.ours,
        share=_(", {share} of the published figure", share=share) if share else "",
    )


def _disagreement(chosen: Recount, every: list[Total]) -> None:
    found = rivals(chosen.total, every)
    if len(found) < 2:
        return
    lines = [
        _(
            "{value} ({publisher}, {window})",
            value=format_number(other.value),
            publisher=markdown_text(shown_publisher(other.publisher)),
            window=period_text(other.first, other.last),
        )
        for other in found
    ]
    st.markdown(_("**For nearly the same window, from the lowest to the highest:**"))
    st.markdown("\n".join(f"- {line}" for line in lines))


def _map(view: View, choice: Choice, rows: tuple[Total, ...]) -> None:
    drawn = address.option("draw", words(DRAWN), _("On the map"), kind="segments")
    draw_map(
        choropleth=choropleth(view, rows, values_of(choice, rows, drawn), _(DRAWN[drawn]), page_theme()),
        key="published_map",
        height=600,
        tiles=filters.tiles(),
    )
    st.caption(names_text(rows))


def values_of(choice: Choice, rows: tuple[Total, ...], drawn: str) -> dict[str, int | None]:
    """Return what the map draws by P-code; drawn: key of DRAWN. None where we have no count."""
    ours = {found.total: found.ours for found in choice.every}
    return {row.pcode: row.value if drawn == "published" else ours[row] for row in rows if row.pcode is not None}


def names_text(rows: tuple[Total, ...]) -> str:
    """Return how many districts a publisher names, and what is said of the others."""
    return _n(
        "This publisher names {n} district. The others are hatched: not listed does not mean none.",
        "This publisher names {n} districts. The others are hatched: not listed does not mean none.",
        len(rows),
    )


def choropleth(
    view: View, rows: tuple[Total, ...], values: dict[str, int | None], title: str, theme: palettes.Theme
) -> ChoroplethView:
    """Return the map of one publisher's districts, in the classes of the map page for incidents or people killed."""
    metric, years = METRICS[rows[0].metric], rows[0].days / 365.25
    edges = classes.class_edges("killed" if metric.is_of_people else "incidents", "count", years)
    entries = class_entries(edges, theme, is_count=True, missing=_("not in this table"), none=_("none"))
    numbers = np.array([np.nan if values.get(p) is None else values[p] for p in view.districts.pcodes], dtype=float)
    places = classes.bin_of(numbers, edges)
    label = _(metric.label)
    districts = tuple(
        DistrictValue(
            pcode, int(place) + 1, ((label, _("not in this table") if np.isnan(number) else format_number(number)),)
        )
        for pcode, number, place in zip(view.districts.pcodes, numbers, places, strict=True)
    )
    notes = (
        shown_publisher(rows[0].publisher),
        str(period_text(rows[0].first, rows[0].last)),
        _("Class limits are fixed"),
    )
    return ChoroplethView(Legend(f"{label}: {title}", entries, notes), districts, view.filters.districts)
