"""What every file says of itself: title, filters, period, what is left out, sources, versions; nothing of a clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from geo.analysis.counting import questions
from geo.districts import middle_year, population_note
from geo.export.columns import DISTRICTS, INCIDENTS, ExportColumn
from geo.export.data_version import DataVersion
from geo.export.filter_words import filters_in_words, no_toll_text
from geo.export.view import ExportedView
from geo.export.view_settings import settings_hash
from geo.incidents import has_place, select
from geo.schema import SOURCES
from geo.sources import FOOTER, NATURE_OF_THE_DATA, SEAM_NOTE, crosses_seam
from geo.wording import N_, _, _n

BOUNDARY_CREDIT = N_("Boundaries: OCHA/WFP COD-AB Pakistan, modified. Population: Pakistan Bureau of Statistics.")
BOUNDARY_LABEL = N_("Outlines and residents of districts")
BOUNDARY_LICENCE = "CC BY 3.0 IGO"


@dataclass(frozen=True, slots=True)
class SourceNote:
    """Who must be named for a source, and what its licence is, in words. key: of geo.schema.SOURCES, or "districts"."""

    key: str
    label: str
    licence: str
    credit: str


@dataclass(frozen=True, slots=True)
class Notes:
    """The notes of one file, in words of the current language.

    shown: how many rows or incidents, of how many. left_out: one sentence for each kind of what the file does not
    hold. caveats: how the figures may not be read. settings_hash: of geo.export.view_settings.
    """

    title: str
    period: str
    filters: tuple[str, ...]
    shown: str
    left_out: tuple[str, ...]
    sources: tuple[SourceNote, ...]
    caveats: tuple[str, ...]
    version: DataVersion
    settings_hash: str
    address: str = ""

    def lines(self, written: Callable[[date], str] = date.isoformat) -> list[tuple[str, str]]:
        """Return the notes as (label, text), one line each, in reading order; written: how a date is."""
        one = [
            (_("Title"), self.title),
            (_("Period"), self.period),
            *((_("Filter"), said) for said in self.filters),
            (_("Shown"), self.shown),
            *((_("Left out"), said) for said in self.left_out),
        ]
        credits = [
            (_("Source"), _("{label}. Licence: {licence}. {credit}", **self._said(source))) for source in self.sources
        ]
        last = [
            (_("Data version"), self.version.code),
            (_("Date of the data version"), written(self.version.day)),
            (_("Settings"), self.settings_hash),
            *([(_("Address"), self.address)] if self.address else []),
            *((_("To be known"), said) for said in self.caveats),
        ]
        return one + credits + last

    def record(self) -> dict[str, Any]:
        """Return the notes as JSON values under names that no language changes."""
        return {
            "title": self.title,
            "period": self.period,
            "filters": list(self.filters),
            "shown": self.shown,
            "left_out": list(self.left_out),
            "sources": [self._said(source) | {"key": source.key} for source in self.sources],
            "data_version": self.version.code,
            "date": self.version.day.isoformat(),
            "settings_hash": self.settings_hash,
            "address": self.address,
            "caveats": list(self.caveats),
        }

    @staticmethod
    def _said(source: SourceNote) -> dict[str, str]:
        return {"label": source.label, "licence": source.licence, "credit": source.credit}


def notes_of(view: ExportedView, table: str) -> Notes:
    """Return the notes of the incidents or the districts of a view."""
    is_incidents = table == INCIDENTS
    caveats = [_(NATURE_OF_THE_DATA), _(FOOTER)]
    if crosses_seam(view.first, view.last, view.filters.sources):
        caveats.append(_(SEAM_NOTE))
    if not is_incidents and (said := population_note(middle_year(*view.covered))):
        caveats.append(str(said))
    return Notes(
        title=_("Recorded incidents in Khyber Pakhtunkhwa")
        if is_incidents
        else _("{measure} by district, Khyber Pakhtunkhwa", measure=view.figures.label),
        period=view.period,
        filters=filters_in_words(view.filters, view.districts.names, view.datasets),
        shown=_shown(view, is_incidents),
        left_out=tuple(_left_out(view, is_incidents)),
        sources=_sources(view, is_incidents),
        caveats=tuple(caveats),
        version=view.version,
        settings_hash=settings_hash(view.settings),
        address=view.settings.address,
    )


def column_in_words(column: ExportColumn) -> str:
    """Return what a column holds, in words: meaning, unit and codes."""
    parts = [_(column.meaning)]
    if column.unit:
        parts.append(_("Unit: {unit}", unit=_(column.unit)))
    if column.codes:
        parts.append(_("; ").join(f"{code} = {_(label)}" for code, label in column.codes.items()))
    return _(". ").join(parts)


def column_notes(columns: Iterable[ExportColumn]) -> list[tuple[str, str]]:
    """Return (column, what it holds) for each column of a table."""
    return [(column.name, column_in_words(column)) for column in columns]


def _shown(view: ExportedView, is_incidents: bool) -> str:
    n_total = int(view.table.n_events.sum())
    if is_incidents:
        n_events = int(view.table.n_events[view.positions].sum())
        n = len(view.positions)
        return _n(
            "{n} row, {events} of {total} incidents", "{n} rows, {events} of {total} incidents", n,
            events=n_events, total=n_total,
        )  # fmt: skip
    everywhere = questions.shown(view.table, view.filters.without_districts())
    n_districts = len(view.districts.pcodes)
    return _("{n} districts, {events} of {total} incidents", n=n_districts, events=everywhere.n_shown, total=n_total)


def _left_out(view: ExportedView, is_incidents: bool) -> list[str]:
    """Return a sentence for each reason for which something is not in a file, or has no place in it."""
    found = []
    if is_incidents:
        for source, n in view.n_closed.items():
            label, licence = _label(source), _licence(source)
            found.append(
                _n(
                    "{n} row of {source}: counted on the pages, not passed on ({licence})",
                    "{n} rows of {source}: counted on the pages, not passed on ({licence})",
                    n,
                    source=label,
                    licence=licence,
                )
            )
        n_without = len(view.positions) - int(np.count_nonzero(has_place(view.table)[view.positions]))
        if n_without:
            found.append(
                _n(
                    "the point of {n} row, whose place is known only to a district or less",
                    "the points of {n} rows, whose place is known only to a district or less",
                    n_without,
                )
            )
    else:
        tally = view.figures.tally
        if tally.not_located or tally.outside:
            sides = {"n": tally.not_located, "outside": tally.outside}
            found.append(_("{n} not located and {outside} outside the province, in the measure of the map", **sides))
    counted = view.filters if is_incidents else view.filters.without_districts()
    if n_no_toll := questions.shown(view.table, counted).n_no_toll:
        found.append(no_toll_text(n_no_toll))
    # A file is for others, and how many there are now would tell of each new one.
    if view.table.n_withheld:
        found.append(_("incidents newer than the publication delay"))
    return found


def _sources(view: ExportedView, is_incidents: bool) -> tuple[SourceNote, ...]:
    """Return the sources whose records are in a file, also those of merged records, and the one of the outlines."""
    table = view.table
    rows = view.positions if is_incidents else np.flatnonzero(select(view.table, view.filters.without_districts()))
    used = {table.sources[code] for code in np.unique(table.source[rows])}
    members = table.details["member_sources"].combine_chunks().take(rows).flatten()
    used |= set(members.unique().to_pylist())
    found = [source_note(key) for key in table.sources if key in used]
    found.append(SourceNote(DISTRICTS, _(BOUNDARY_LABEL), BOUNDARY_LICENCE, _(BOUNDARY_CREDIT)))
    return tuple(found)


def source_note(key: str) -> SourceNote:
    """Return who must be named for a source; the key itself for an unknown one."""
    return SourceNote(key, _label(key), _licence(key), _credit(key))


def _label(key: str) -> str:
    return _(SOURCES[key].label) if key in SOURCES else key


def _licence(key: str) -> str:
    return _(SOURCES[key].licence) if key in SOURCES else _("unknown licence")


def _credit(key: str) -> str:
    return _(SOURCES[key].credit) if key in SOURCES else key
