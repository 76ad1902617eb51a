"""Views as rows: Arrow record batches of a few thousand rows, so that no table is ever whole in memory twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geo.analysis.counting import questions
from geo.analysis.counting.questions import MEASURES
from geo.export.columns import COLUMNS_OF, DISTRICTS, GEOMETRY, INCIDENTS, ExportColumn, schema_of
from geo.export.view import ExportedView
from geo.incidents import UNKNOWN, has_place

if TYPE_CHECKING:
    import pandas as pd

ROWS_A_BATCH = 8_192
_FROM_DETAILS = (
    *("incident_id", "date_end", "district_method", "district_reported", "is_district_conflict", "place"),
    *("group_reported", "killed_low", "killed_high", "source_url", "source_url_2", "source_date", "note"),
)
_CODED = {name: name for name in ("date_precision", "geo_precision", "attack_type", "target_type", "initiator")} | {
    "attribution": "attribution",
    "group_id": "group",
    "source": "source",
    "pcode": "district",
}
_COUNTS = ("killed_best", "killed_police", "killed_military", "killed_civilian", "killed_militant", "injured")


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a view. batches: makes its rows anew each time it is called, in the schema of `schema_of(name)`.

    own: the columns of a table that export_columns.csv does not list; it has no geometry.
    """

    name: str
    n_rows: int
    batches: Callable[[], Iterator[pa.RecordBatch]]
    own: tuple[ExportColumn, ...] = ()

    @property
    def columns(self) -> tuple[ExportColumn, ...]:
        """The columns without the geometry."""
        return self.own or COLUMNS_OF[self.name]

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema of the batches; the geometry comes last."""
        return schema_of(self.name)

    @property
    def geometry_type(self) -> str:
        """Point or MultiPolygon."""
        return "Point" if self.name == INCIDENTS else "MultiPolygon"


def table_of(view: ExportedView, name: str) -> Table:
    """Return the incidents of a view that may leave, or all districts with its figures."""
    if name == DISTRICTS:
        return Table(name, len(view.districts.pcodes), lambda: iter([_district_rows(view)]))
    return Table(name, len(view.positions), lambda: _incident_batches(view))


def table_of_frame(name: str, frame: pd.DataFrame) -> Table:
    """Return a frame as a table to be written as CSV or XLSX; numbers, dates and truth values keep their types.

    The names of its columns are English source sentences; each is also what the column holds, in words.
    """
    columns = {str(column): _column(frame.iloc[:, place]) for place, column in enumerate(frame)}
    found = pa.table(columns)
    kinds = [_kind_of(field.type) for field in found.schema]
    texts = [pa.string() if kind == "string" else field.type for field, kind in zip(found.schema, kinds, strict=True)]
    found = found.cast(pa.schema(zip(found.column_names, texts, strict=True)))
    own = tuple(ExportColumn(column, kind, "", column) for column, kind in zip(found.column_names, kinds, strict=True))
    return Table(name, found.num_rows, lambda: iter(found.to_batches()), own)


def _column(values: pd.Series) -> pa.Array:
    """Return a column of a frame; texts among numbers make texts of them all."""
    from pandas.api.types import infer_dtype

    is_mixed = infer_dtype(values, skipna=True) in ("mixed", "mixed-integer")
    return pa.array(values.map(str, na_action="ignore") if is_mixed else values, from_pandas=True)


def _kind_of(kind: pa.DataType) -> str:
    tests = {
        "integer": pa.types.is_integer,
        "number": pa.types.is_floating,
        "boolean": pa.types.is_boolean,
        "date": pa.types.is_date,
    }
    return next((name for name, is_one in tests.items() if is_one(kind)), "string")


def _incident_batches(view: ExportedView) -> Iterator[pa.RecordBatch]:
    summaries = view.read_summaries() if view.read_summaries else None
    edges = [*range(0, len(view.positions), ROWS_A_BATCH), len(view.positions)]
    for begin, end in pairwise(edges):
        rows = view.positions[begin:end]
        said = summaries.of(view.table.details["incident_id"].take(rows)) if summaries else {}
        yield _incident_rows(view, rows, said)


def _incident_rows(view: ExportedView, rows: NDArray[np.int64], said: dict[str, str]) -> pa.RecordBatch:
    table = view.table
    details = table.details.take(rows)
    found: dict[str, Any] = {name: details[name].combine_chunks() for name in _FROM_DETAILS}
    for name, column in _CODED.items():
        codes = getattr(table, column)[rows].astype(np.int32)
        found[name] = _words(codes, table.words(column))
    found["district"] = _words(table.district[rows].astype(np.int32), list(view.districts.official_names.values()))
    for name in _COUNTS:
        figures = getattr(table, name)[rows]
        found[name] = pa.array(figures, mask=figures == UNKNOWN)
    found["date_start"] = pa.array(table.day[rows]).cast(pa.date32())
    found["n_events"], found["n_records"] = pa.array(table.n_events[rows]), pa.array(table.n_members[rows])
    found["merged_from"] = pc.binary_join(details["member_ids"].combine_chunks(), "; ")
    found["summary"] = pa.array([said.get(one) for one in details["incident_id"].to_pylist()], pa.string())
    is_point = has_place(table)[rows]
    for name in ("lat", "lon"):
        found[name] = pa.array(getattr(table, name)[rows], mask=~is_point)
    found[GEOMETRY] = _points(table.lon[rows], table.lat[rows], is_point)
    return _batch(found, INCIDENTS)


def _district_rows(view: ExportedView) -> pa.RecordBatch:
    import shapely

    districts, figures = view.districts, view.figures
    everywhere = view.filters.without_districts()
    tallies = {name: questions.by_district(view.table, everywhere, name) for name in MEASURES}
    missing = {name: ~questions.stated_by_district(view.table, everywhere, name) for name in MEASURES}
    measure = view.settings.measure
    found: dict[str, Any] = {name: pa.array(tally.value, mask=missing[name]) for name, tally in tallies.items()}
    found |= {
        "pcode": pa.array(districts.pcodes),
        "district": pa.array(districts.official_names.values()),
        "division": pa.array(districts.divisions),
        "area_km2": pa.array(districts.area_km2),
        "residents": pa.array(figures.residents.round().astype(np.int32)),
        "is_chosen": pa.array([pcode in view.filters.districts for pcode in districts.pcodes]),
        "n_without_toll": pa.array(tallies["killed"].n_unknown),
        "value": pa.array(figures.values, mask=np.isnan(figures.values)),
        "n_value": pa.array(figures.tally.n_incidents, mask=missing[measure] & (measure != "killed")),
        "n_value_unknown": pa.array(figures.tally.n_unknown),
        GEOMETRY: pa.array(shapely.to_wkb(_multipolygons(districts.polygons)), pa.binary()),
    }
    return _batch(found, DISTRICTS)


def _multipolygons(polygons: NDArray[np.object_]) -> list[Any]:
    """One kind of geometry for all: files of districts state one."""
    import shapely

    return [one if one.geom_type == "MultiPolygon" else shapely.MultiPolygon([one]) for one in polygons]


def _batch(found: dict[str, Any], table: str) -> pa.RecordBatch:
    schema = schema_of(table)
    return pa.RecordBatch.from_arrays([found[field.name].cast(field.type) for field in schema], schema=schema)


def _words(codes: NDArray[np.int32], words: Any) -> pa.Array:
    """Return the text of each code, null for codes below zero."""
    return pa.array(list(words), pa.string()).take(pa.array(codes, mask=codes < 0))


def _points(lon_deg: NDArray[np.float64], lat_deg: NDArray[np.float64], is_point: NDArray[np.bool_]) -> pa.Array:
    import shapely

    wkb = shapely.to_wkb(shapely.points(np.where(is_point, lon_deg, 0.0), np.where(is_point, lat_deg, 0.0)))
    return pa.array(wkb, pa.binary(), mask=~is_point)
