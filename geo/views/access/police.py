"""The panel "Policing under pressure": published figures and cited signs of strain beside what the register records."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd
import streamlit as st

from geo.analysis.evidence import police
from geo.analysis.evidence.published import Total
from geo.analysis.evidence.sentences import Sentence, period_text, statement_text
from geo.analysis.evidence.statements import Statement
from geo.shown_names import shown_publisher
from geo.text import markdown_text
from geo.views import cached, cached_index, charts, palettes, table_file, tables
from geo.views.access.evidence import linked, linked_words
from geo.views.map import page_theme
from geo.views.state import View
from geo.wording import N_, Text, _, in_english, text

SEVERAL = N_(
    "Published figures and dates only. Publishers define police and periods differently, so their figures are shown "
    "beside one another and never added."
)
SAMPLE = N_("The register is a sample of public reports with far more pages of recent years, so years do not compare.")
_NEARLY_A_YEAR_DAYS = 330


def draw(first: date, last: date, pcode: str | None) -> None:
    """Draw the figures of a district, or of the province, for a period."""
    districts = cached.districts()
    place = districts.names[pcode] if pcode else _("Khyber Pakhtunkhwa")
    found = police.pressure(pcode, first, last)
    st.markdown(_("**{place}, {period}**", place=markdown_text(place), period=period_text(first, last)))
    _tolls(found, place, first, last)
    _by_year(pcode)
    st.markdown(_("**Signs of strain that were published**"))
    lines = [_linked_total(total, districts.names) for total in found.strains]
    lines += [linked(Sentence("reported", _in_district(said, districts.names), said.url)) for said in found.statements]
    st.markdown("\n".join(f"- {line}" for line in lines) or _("None collected for this period."))
    st.caption(_(SEVERAL))


def _tolls(found: police.PolicePressure, place: str, first: date, last: date) -> None:
    if not found.tolls:
        st.caption(_("No published figure of police killed or injured is known for this period."))
        return
    rows = [
        {
            N_("Figure"): _(police.TOLLS[total.metric]),
            N_("Number"): total.value,
            N_("Period"): str(period_text(total.first, total.last)),
            N_("Publisher"): shown_publisher(total.publisher),
            N_("Note"): str(in_english(total.note)),
            N_("Page"): total.url,
        }
        for total in found.tolls
    ]
    frame = pd.DataFrame(rows)
    tables.show(frame, links=(_("Page"),))
    title, period = _("Published figures of police killed and injured"), str(period_text(first, last))
    table_file.offer(frame, "police-published", title, period, (), (_(SEVERAL),), (place,))
    if found.strength:
        yearly = [t for t in found.tolls if t.metric == "police_killed" and t.days >= _NEARLY_A_YEAR_DAYS]
        st.markdown(
            _(
                "Killed per 1,000 officers in periods of about a year, with the strength of {n} stated by {speaker}:",
                n=found.strength.value,
                speaker=linked_words(shown_publisher(found.strength.publisher), found.strength.url),
            )
        )
        st.markdown("\n".join(f"- {_rate(total, found.strength.value)}" for total in yearly))


def _rate(total: Total, officers: int) -> str:
    words = _(
        "{publisher}, {period}: {rate:.1f}",
        publisher=shown_publisher(total.publisher),
        period=period_text(total.first, total.last),
        rate=1000 * total.value / officers,
    )
    return linked_words(words, total.url)


def _by_year(pcode: str | None) -> None:
    """Draw what the register records by year: attacks on police, and police killed as far as figures are stated."""
    table = cached_index.incidents_of_source("register")
    frame = police.recorded_by_year(table, pcode)
    st.markdown(_("**Recorded by the register, by year**"))
    if frame.empty:
        st.caption(_("The register records no attack on police here."))
        return
    year, attacks = frame.columns[:2]
    covered = View.whole(table, cached.districts()).covered
    colour = palettes.source_colours(page_theme())[1]
    st.bar_chart(
        bars_frame(frame, covered), x=year, y=attacks, x_label=_(year), y_label=_(attacks), color=colour, height=200
    )
    charts.table_beside(frame.rename(columns=_), _("Table of attacks on police by year"))
    st.caption(" ".join(notes_of_bars(covered)))


def bars_frame(by_year: pd.DataFrame, covered: tuple[date, date]) -> pd.DataFrame:
    """Return what the bars show of `police.recorded_by_year`: years as text, also those between without a record.

    covered: first and last day with records.
    """
    year = by_year.columns[0]
    every = range(by_year[year].min(), by_year[year].max() + 1)
    cut = charts.partial_years(*covered)
    frame = by_year.set_index(year).reindex(every, fill_value=0).reset_index()
    return frame.assign(**{year: [charts.marked(one, cut) for one in every]})


def notes_of_bars(covered: tuple[date, date]) -> tuple[str, ...]:
    """Return how the bars must be read."""
    return (*((charts.cut_text(*covered),) if charts.partial_years(*covered) else ()), _(SAMPLE))


def _linked_total(total: Total, names: Mapping[str, str]) -> str:
    words = _(
        "{place}, {period}: {n} {measure} ({publisher})",
        place=names.get(total.pcode or "", _("Province")),
        period=period_text(total.first, total.last),
        n=total.value,
        measure=_(police.STRAINS[total.metric]),
        publisher=shown_publisher(total.publisher),
    )
    return linked_words(words, total.url)


def _in_district(said: Statement, names: Mapping[str, str]) -> Text:
    place = names.get(said.pcode or "", _("Province"))
    return text("{place}: {statement}", place=place, statement=statement_text(said))
