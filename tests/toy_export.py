"""A view of toy incidents as files are made of it, without a store."""

from __future__ import annotations

from datetime import date

import pyarrow as pa

from geo import districts as geo_districts
from geo.export.data_version import DataVersion
from geo.export.view import ExportedView
from geo.export.view_settings import ViewSettings
from geo.filters import Filters
from geo.incidents import IncidentTable
from geo.summaries import Summaries
from geo.views.exported import exported_view
from geo.views.state import View
from geo.wording import language

NO_SUMMARIES = Summaries(pa.table({"incident_id": pa.array([], pa.string()), "summary": pa.array([], pa.string())}))


class NoBatches:
    """Stands for a store without batches, which name the datasets of a filter."""

    def batches(self) -> tuple[()]:
        return ()


def exported(table: IncidentTable, filters: Filters | None = None, **options: str) -> ExportedView:
    """Return a view of incidents; options: of the page, such as measure and per."""
    chosen = filters or Filters()
    view = View.of(table, geo_districts.load(), chosen)
    version = DataVersion("0123456789ab", date(2026, 1, 2))
    settings = ViewSettings(chosen, options=options, language=language())
    store = NoBatches()
    return exported_view(view, settings, store, version, date(2026, 6, 1), lambda: NO_SUMMARIES)  # type: ignore[arg-type]
