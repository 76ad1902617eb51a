"""From the view of a page, a notebook or a command to the view that files are made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np

from geo.export.data_version import DataVersion
from geo.export.view import ExportedView, MapFigures
from geo.export.view_settings import ViewSettings
from geo.store import Store
from geo.summaries import Summaries
from geo.views.overview import measure_by_district
from geo.views.state import View
from geo.wording import in_language


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
        datasets={str(record.batch_id): record.label for record in store.batches()},
    )
