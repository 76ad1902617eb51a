"""The Python interface: the atlas in a notebook, as geopandas frames. Start with `geo.open()`."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo import districts as geo_districts
from geo import intake, policy
from geo import settings as geo_settings
from geo.analysis.counting import compare
from geo.analysis.counting.compare import Period
from geo.analysis.evidence import lines
from geo.analysis.evidence.recorded import recorded_attacks
from geo.analysis.index import request as access_request
from geo.analysis.index.monthly_counts import Window
from geo.analysis.index.profiles import refusal
from geo.analysis.index.request import AccessRequest
from geo.analysis.index.settings import LONGEST_WINDOW_MONTHS, SHORTEST_WINDOW_MONTHS
from geo.codes import NULL
from geo.embedded import ensure_embedded
from geo.filters import Filters
from geo.incidents import OUTSIDE, UNKNOWN, IncidentTable, select
from geo.schema import ATTACK_TYPES, ATTRIBUTIONS, DATE_PRECISIONS, GEO_PRECISIONS, INITIATORS, TARGET_TYPES
from geo.sources import default_period
from geo.store import Store
from geo.wording import _n, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    import pyarrow as pa
    from numpy.typing import NDArray

    from geo.analysis.evidence.lines import Evidence
    from geo.analysis.index.access import AccessIndex
    from geo.districts import Districts
    from geo.export.citation import Citation
    from geo.export.view import ExportedView
    from geo.export.view_settings import ViewSettings
    from geo.figure.brief import Brief
    from geo.figure.sheet import Sheet
    from geo.settings import Settings, StorePlace
    from geo.views.sheets.shown import FigureView
    from geo.views.state import View

_EVERYTHING = Filters()
_TOLLS = ("killed_best", "killed_police", "killed_military", "killed_civilian", "killed_militant", "injured")
_WORDS = {
    "date_precision": tuple(DATE_PRECISIONS),
    "geo_precision": tuple(GEO_PRECISIONS),
    "attack_type": tuple(ATTACK_TYPES),
    "target_type": tuple(TARGET_TYPES),
    "initiator": tuple(INITIATORS),
    "attribution": tuple(ATTRIBUTIONS),
}
_TEXTS = ("incident_id", "place", "district_reported", "group_reported", "district_method", "source_url")


class Atlas:
    """Read-only access to the stored incidents, as every page of the app shows them.

    Merged records are one incident, the publication delay applies, and places known only to a district have no point.
    """

    def __init__(self, store: Store, districts: Districts, settings: Settings) -> None:
        """Use `geo.open()`."""
        self._store = store
        self._districts = districts
        self._access = policy.at_machine(settings)
        self._read: dict[str, tuple[str, IncidentTable]] = {}

    @classmethod
    def open(cls, store: str | StorePlace | None = None) -> Atlas:
        """Open the atlas on the store of the settings, or on another folder; see `geo.open`."""
        settings = geo_settings.current()
        if store is not None:
            settings = replace(settings, store_path=Path(store) if isinstance(store, str) else store)
        districts, opened = geo_districts.load(), Store.open(settings.store_path)
        ensure_embedded(opened, districts, settings)
        return cls(opened, districts, settings)

    @cached_property
    def districts(self) -> gpd.GeoDataFrame:
        """The 35 districts: EPSG:4326, index `pcode`, columns name, division, headquarters, area_km2, population."""
        return self._districts.frame.set_index("pcode")

    def incidents(self, filters: Filters = _EVERYTHING) -> gpd.GeoDataFrame:
        """Return one row an incident that the filters keep, in the order of the store, EPSG:4326.

        Columns: incident_id, place, district_reported, group_reported, district_method, source_url (text);
        date_start (datetime64, first possible day); date_precision, geo_precision, attack_type, target_type, initiator,
        attribution, group_id, source (category); pcode (category, missing if unlocated or outside); is_outside (bool);
        n_events (int32, above 1 in tables of totals); killed_best, killed_police, killed_military, killed_civilian,
        killed_militant, injured (Int32, missing where the source states no figure).
        geometry: the point of exact and near places, None for places known only to a district.
        On a server and in public mode rows of sources that may not be passed on are left out; districts count them.
        """
        import geopandas as gpd

        table = self._table(filters)
        is_shown = select(table, filters)
        if not self._access.shows_closed_rows:
            is_shown &= policy.rows_shown(table.sources)[table.source]
        rows = np.flatnonzero(is_shown)
        frame = pd.DataFrame({name: table.details[name].take(rows).to_pandas() for name in _TEXTS})
        frame["date_start"] = table.day[rows].astype("datetime64[D]")
        for name, words in _WORDS.items():
            frame[name] = _category(getattr(table, name)[rows], words)
        district = table.district[rows]
        for name, codes, kept in (
            ("group_id", table.group[rows], table.groups),
            ("source", table.source[rows], table.sources),
            ("pcode", np.maximum(district, NULL), table.pcodes),
        ):
            frame[name] = _category(codes, kept)
        frame["is_outside"] = district == OUTSIDE
        frame["n_events"] = table.n_events[rows]
        for name in _TOLLS:
            figures = getattr(table, name)[rows]
            frame[name] = pd.array(figures, dtype="Int32")
            frame.loc[figures == UNKNOWN, name] = pd.NA
        has_point = table.geo_precision[rows] <= _WORDS["geo_precision"].index("near")
        lon, lat = (np.where(has_point, values[rows], np.nan) for values in (table.lon, table.lat))
        points = gpd.points_from_xy(lon, lat, crs=geo_districts.CRS)
        points[np.isnan(lon)] = None
        return gpd.GeoDataFrame(frame, geometry=points)

    def by_district(
        self, filters: Filters = _EVERYTHING, measure: str = "incidents", per: str = "count"
    ) -> gpd.GeoDataFrame:
        """Return the districts with one measure, EPSG:4326, index `pcode`; the choice of districts is not applied.

        measure: a key of MEASURES ("incidents", "security_attacks", "police_attacks", "killed"). per: a key of
        NORMALISERS ("count", "per_100k", "per_1000_km2").
        Columns besides those of `districts`: value (float64, missing where no figure is stated or the source cannot
        tell it, such as attacks on police of UCDP), n_incidents (Int64, missing where no incident can tell whether it
        is one) and n_unknown (int64, incidents that state no figure). `attrs`: not_located and outside, the measure
        over incidents that no district counts. An incident counts in the district its source states, else in the
        one its point lies in; `geopandas.sjoin` of the points gives the second, see docs/python.md.
        Raises KeyError for an unknown measure or unit.
        """
        from geo.views.overview import measure_by_district

        found = measure_by_district(self._view(filters), measure, per)
        frame = self.districts.assign(
            value=found.values, n_incidents=found.n_incidents, n_unknown=found.tally.n_unknown
        )
        frame.attrs |= {"not_located": found.tally.not_located, "outside": found.tally.outside}
        return frame

    def compare(
        self,
        first: tuple[date, date],
        second: tuple[date, date],
        filters: Filters = _EVERYTHING,
        measure: str = "incidents",
        per: str = "count",
    ) -> gpd.GeoDataFrame:
        """Return the districts with the rates of the second period against the first, EPSG:4326, index `pcode`.

        first, second: first and last day of each period; period and districts of the filter do not apply. measure,
        per: as `by_district`. Columns besides those of `districts`: first, second (Int64 counts, missing where not
        stated), first_rate, second_rate (a year), ratio (inf where only the first count is 0), low, high (exact 95 %
        interval), p, q (allowing for 35 tests), verdict (key of geo.analysis.counting.compare.VERDICTS) and is_settled
        (bool, clear also where incidents come in series). `attrs["all"]`: ratio, low and high of all districts
        together. Raises NotComparable for periods that overlap, have no record, are recorded differently, or cannot
        tell the measure.
        """
        table, periods = self._table(filters), (Period(*first), Period(*second))
        if reason := compare.why_not(table, filters, *periods, measure):
            raise compare.not_comparable(reason)
        found = compare.periods(table, self._districts, filters, measure, *periods, per)
        side, province = found.districts, found.province
        counts = {
            name: pd.array(side.counts(is_second=later), dtype=pd.Int64Dtype())
            for name, later in (("first", False), ("second", True))
        }
        columns = ("first_rate", "second_rate", "ratio", "low", "high", "p", "q", "is_settled")
        figures = {name: getattr(side, name) for name in columns}
        frame = self.districts.assign(**counts, **figures, verdict=list(side.verdict))
        frame.attrs["all"] = {name: float(getattr(province, name)[0]) for name in ("ratio", "low", "high")}
        return frame

    def access(self, first: date, last: date, source: str | None = None) -> gpd.GeoDataFrame:
        """Return the districts with the access-constraint index of the months from `first` to `last`, EPSG:4326.

        source: key of one source; needed if the window holds several. Columns besides those of `districts`: class_label
        (text), index (float64, 0 to 100) with index_low and index_high (5th and 95th percentile over settings).
        Raises CannotCompute for a window or a source that the index cannot use.
        """
        records = self.access_index(first, last, source).records
        return self.districts.assign(
            class_label=[record.class_label for record in records],
            index=[record.aci for record in records],
            index_low=[record.aci_low for record in records],
            index_high=[record.aci_high for record in records],
        )

    def save_map(
        self, path: str | Path, filters: Filters = _EVERYTHING, measure: str = "incidents", per: str = "count"
    ) -> Path:
        """Write the choropleth map of `by_district` as one HTML file that needs no network; returns its path."""
        from geo.views.map import html_map
        from geo.views.overview import choropleth, measure_by_district

        view = self._view(filters)
        found = measure_by_district(view, measure, per)
        Path(path).write_text(html_map(title=found.label, choropleth=choropleth(view, found, "light")), "utf-8")
        return Path(path)

    def figure(self, settings: ViewSettings) -> Sheet:
        """Return the figure that settings of a view name; `geo.figure.figure.draw` makes it a PNG, SVG or PDF.

        Raises RejectedUpload for a page without such a figure.
        """
        from geo.views.sheets.choose import sheet_of

        return sheet_of(self._figure_view(settings))

    def brief(self, settings: ViewSettings, pcode: str = "") -> Brief:
        """Return the brief on a district (P-code), or on the province; `geo.figure.brief.draw` makes it a PDF.

        Settings of the page "compare" give the brief on the two periods that their options name. Raises KeyError for
        an unknown P-code, NotComparable for periods that the page does not compare.
        """
        from geo.views.sheets.choose import brief_of

        return brief_of(self._figure_view(settings), pcode)

    def edition(self, last: date) -> pa.Table:
        """Return the incidents up to a day as an edition, to be compared with another (geo.analysis.restatement)."""
        from geo.analysis.restatement import edition

        return edition(self._table(Filters(end=last)), last)

    def _figure_view(self, settings: ViewSettings) -> FigureView:
        from geo.views.sheets.computed import lookups
        from geo.views.sheets.shown import FigureView

        def evidence(source: str | None, window: Window) -> Evidence:
            found = self.access_index(window.first_day, window.last_day, source) if source else None
            return self.evidence(window.first_day, window.last_day, found)

        computed = lookups(self._store, self._districts, settings.filters, self._of_source, evidence)
        return FigureView.of(self.exported(settings), computed)

    def _of_source(self, source: str) -> IncidentTable:
        """Return the incidents as one source reports them."""
        shown, newest = self._table(_EVERYTHING), self._access.newest_shown
        return intake.incidents_of_source(self._store, self._districts, shown, newest, source)

    def newest_months(self) -> ViewSettings:
        """Return the settings of the view that pages open on: the last 36 months of the data."""
        from geo.export.view_settings import ViewSettings

        period = default_period(self._table(_EVERYTHING).last_day)
        return ViewSettings(Filters(*period) if period else _EVERYTHING)

    def save_page(self, path: str | Path, settings: ViewSettings) -> Path:
        """Write the one-file atlas of a view (map, years, groups, districts, list of incidents); returns its path.

        The file needs no network. Raises TooManyIncidents for more incidents than a phone opens.
        """
        from geo.views.one_file import page

        Path(path).write_text(page(self.exported(settings)), "utf-8")
        return Path(path)

    def access_index(
        self, first: date, last: date, source: str | None = None, *, police_only: bool = False
    ) -> AccessIndex:
        """Return the access-constraint index with everything it rests on, as the command `access` prints it.

        first, last: days in the first and the last month. Raises CannotCompute as `access`.
        """
        table, window = self._table(_EVERYTHING), _window(first, last)
        if source is None:
            within = select(table, Filters(start=window.first_day, end=window.last_day))
            source = access_request.only_source(table, within if within.any() else select(table, _EVERYTHING))
        settings = access_request.frozen_settings(source)
        settings = replace(settings, police_only=police_only, window_months=window.months)
        own = self._of_source(source)
        request = AccessRequest(source, settings, window)
        return access_request.index_of(own, select(own, _EVERYTHING), self._districts, request)

    def evidence(self, first: date, last: date, index: AccessIndex | None = None) -> Evidence:
        """Return every line of evidence on every district, for the months from `first` to `last`.

        index: whose classes are compared with the other lines. See `geo.analysis.evidence.lines` for the records, and
        `geo.analysis.evidence.report.evidence_values` for the same as JSON values.
        """
        table, window = self._table(_EVERYTHING), _window(first, last)
        everything = select(table, _EVERYTHING)
        sources = [
            recorded_attacks(self._of_source(source), source)
            for source in access_request.indexable_sources(table, everything)
        ]
        classes = {record.pcode: record.class_code for record in index.records} if index else None
        return lines.evidence(sources, self._districts, window.first_day, window.last_day, classes)

    def exported(self, settings: ViewSettings) -> ExportedView:
        """Return the view that files, pictures and citations are made of, from its settings (geo.export.view_settings).

        The settings of what is returned name the version of the data in this store, whatever they named before.
        """
        from geo import summaries
        from geo.export.data_version import data_version
        from geo.views.exported import exported_view
        from geo.views.state import View

        newest = min(self._access.newest_shown, settings.shown_until or date.max)
        view = View.of(self._table(settings.filters, newest), self._districts, settings.filters)
        version = data_version(self._store, self._districts)
        return exported_view(view, settings, self._store, version, newest, lambda: summaries.read(self._store))

    def export(
        self,
        path: str | Path,
        filters: Filters = _EVERYTHING,
        table: str = "incidents",
        measure: str = "incidents",
        per: str = "count",
    ) -> Path:
        """Write the incidents or the districts (table) of a view to a file, with its notes in it; returns its path.

        The ending of the path names the format: .csv, .xlsx, .geojson, .gpkg or .parquet, and .zip the evidence pack,
        which holds both tables. Rows of sources that may not be passed on are left out, and the notes say how many.
        measure, per: as `by_district`. Raises KeyError for an unknown table, measure, unit or ending.
        """
        from geo.export.files import format_of
        from geo.export.pack import write_pack
        from geo.export.view_settings import ViewSettings

        view = self.exported(ViewSettings(filters, options={"measure": measure, "per": per}))
        if Path(path).suffix.lower() == ".zip":
            write_pack(view, Path(path))
        else:
            format_of(path).write(view, table, Path(path))
        return Path(path)

    def citation(
        self, filters: Filters = _EVERYTHING, table: str = "incidents", measure: str = "incidents", per: str = "count"
    ) -> Citation:
        """Return how to cite a view: `text()`, `bibtex()` and `csl_json()` of it; parameters as `export`."""
        from geo.export.citation import citation_of
        from geo.export.notes import notes_of
        from geo.export.view_settings import ViewSettings

        view = self.exported(ViewSettings(filters, options={"measure": measure, "per": per}))
        return citation_of(notes_of(view, table))

    def _table(self, filters: Filters, newest: date | None = None) -> IncidentTable:
        newest, picture = newest or self._access.newest_shown, filters.sources
        version = f"{self._store.version()}-{newest}"
        if self._read.get(picture, ("",))[0] != version:
            shown = intake.shown_incidents(self._store, self._districts, newest, sources=picture)
            self._read[picture] = version, shown
        return self._read[picture][1]

    def _view(self, filters: Filters) -> View:
        from geo.views.state import View

        return View.of(self._table(filters), self._districts, filters)


def _category(codes: NDArray[np.integer], words: Sequence[str]) -> pd.Categorical[str]:
    return pd.Categorical.from_codes(codes.tolist(), categories=pd.Index(words))


def _window(first: date, last: date) -> Window:
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    if not SHORTEST_WINDOW_MONTHS <= months <= LONGEST_WINDOW_MONTHS:
        limits = {"shortest": SHORTEST_WINDOW_MONTHS, "longest": LONGEST_WINDOW_MONTHS}
        raise refusal(
            text("A window has {shortest} to {longest} months.", **limits),
            text("Choose other months."),
            value=_n("{n} month", "{n} months", months),
        )
    return Window.between(first, last)
