"""From the view of a page, a notebook or a command to the view that files are made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np
import pyarrow.compute as pc

from geo import districts as geo_districts
from geo import summaries
from geo.export.data_version import DataVersion, data_version
from geo.export.view import ExportedView, MapFigures
from geo.export.view_settings import ViewSettings
from geo.filters import Filters
from geo.incidents import IncidentTable, part_of
from geo.intake import dataset_labels
from geo.sources import MERGED
from geo.store import Store
from geo.summaries import Summaries
from geo.views import address
from geo.views.overview import measure_by_district
from geo.views.state import View
from geo.wording import in_language, language


def settings_of_incident(asked: str, version: DataVersion) -> ViewSettings:
    """Return the settings that files of one incident, their names and its citation state. asked: its identifier."""
    filters = Filters(sources=MERGED)
    return ViewSettings(filters, address.INCIDENT_PAGE, {"id": asked}, version.code, language=language())


def of_incident(table: IncidentTable, store: Store, counted_as: str, asked: str, summary: str) -> ExportedView:
    """Return the view of one incident alone, which files are made of.

    table: every incident shown. counted_as: its identifier there, that of a merged one of the first of its reports.
    asked: the identifier by which the page was asked for it. summary: what that report says in its own words.
    """
    rows = np.flatnonzero(pc.equal(table.details["incident_id"], counted_as).to_numpy())
    districts = geo_districts.load()
    version = data_version(store, districts)
    settings = settings_of_incident(asked, version)
    alone = replace(part_of(table, rows), details=table.details.take(rows), n_withheld=0)
    view = View.of(alone, districts, settings.filters)
    # Only this one: to read the descriptions of all takes seconds in a large store.
    said = summaries.of_texts({counted_as: summary})
    return exported_view(view, settings, store, version, view.last, lambda: said)


def exported_view(
    view: View,
    settings: ViewSettings,
    store: Store,
    version: DataVersion,
    newest: date,
    read_summaries: Callable[[], Summaries],
) -> ExportedView:
    """Return a view with the version of its data and the last day shown in its settings.

    settings: with the filter of the view. newest: last day whose incidents are not withheld.
    """
    with in_language(settings.language):
        found = measure_by_district(view, settings.measure, settings.per)
        label, period = found.label, view.period_label
    # As on the map, too few incidents have a number and no rate.
    is_few = np.array([found.is_few(i) for i in range(len(found.values))])
    values = np.where(is_few, np.nan, found.values)
    until = newest if view.table.n_withheld else None
    return ExportedView(
        table=view.table,
        districts=view.districts,
        settings=replace(settings, data_version=version.code, shown_until=until),
        version=version,
        period=period,
        first=view.first,
        last=view.last,
        covered=view.covered,
        figures=MapFigures(label, found.tally, values, view.population),
        read_summaries=read_summaries,
        datasets=dataset_labels(store, view.table),
    )
