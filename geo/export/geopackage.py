"""Tables as GeoPackage: one layer of rows, and a table `notes` in the same file. GDAL writes, and reads nothing."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyogrio

from geo.export.columns import GEOMETRY
from geo.export.notes import Notes, column_notes
from geo.export.rows import Table

NOTES_LAYER = "notes"
_CLOCK = "OGR_CURRENT_DATE"
_LOCK = threading.Lock()  # the clock of GDAL is one for the process


def write_geopackage(table: Table, notes: Notes, path: Path) -> None:
    """Write a table as a layer in EPSG:4326; coarse places have no geometry."""
    lines = [*notes.lines(), *column_notes(table.columns)]
    columns = {"subject": [label for label, _said in lines], "said": [said for _label, said in lines]}
    with _LOCK, _clock_at(notes.version.day):
        rows = pa.RecordBatchReader.from_batches(table.schema, table.batches())
        kind = {"geometry_type": table.geometry_type, "crs": "EPSG:4326", "geometry_name": GEOMETRY}
        pyogrio.write_arrow(rows, path, layer=table.name, driver="GPKG", **kind)
        with warnings.catch_warnings():
            # A table of notes has no geometry, which is what is meant.
            warnings.filterwarnings("ignore", "'crs' was not provided")
            pyogrio.write_arrow(pa.table(columns), path, layer=NOTES_LAYER, driver="GPKG", append=True)


@contextmanager
def _clock_at(day: date) -> Iterator[None]:
    """Let GDAL write this day as the time of the last change, so that equal content gives equal bytes."""
    before = pyogrio.get_gdal_config_option(_CLOCK)
    pyogrio.set_gdal_config_options({_CLOCK: f"{day.isoformat()}T00:00:00.000Z"})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({_CLOCK: before})
