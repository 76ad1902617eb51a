"""The formats in which a table leaves, and one way to make a file of any of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from geo import temporary
from geo.export.notes import Notes, notes_of
from geo.export.rows import Table, table_of
from geo.export.view import ExportedView
from geo.problems import ProblemCode, rejected
from geo.wording import text

Writer = Callable[[Table, Notes, Path], None]


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file.

    writer: module of this room and its function, imported when a file is asked for. most_rows: None for any number.
    """

    label: str
    suffix: str
    mime: str
    writer: tuple[str, str]
    most_rows: int | None = None

    def write(self, view: ExportedView, table: str, path: Path) -> None:
        """Write one table of a view to a new file; raises RejectedUpload for more rows than the format holds."""
        self.write_rows(table_of(view, table), notes_of(view, table), path)

    def write_rows(self, rows: Table, notes: Notes, path: Path) -> None:
        """Write rows with their notes to a new file; errors as in `write`."""
        if self.most_rows is not None and rows.n_rows > self.most_rows:
            sizes = {"most": self.most_rows, "n": rows.n_rows}
            message = text("A file of this format holds {most} rows; there are {n}.", **sizes)
            raise rejected(ProblemCode.TOO_LARGE, message, text("Choose another format, or a shorter period."))
        module, name = self.writer
        write: Writer = getattr(import_module(f"geo.export.{module}"), name)
        write(rows, notes, path)


FORMATS: dict[str, Format] = {
    "csv": Format("CSV", ".csv", "text/csv", ("plain_text", "write_csv")),
    "xlsx": Format(
        "XLSX",
        ".xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ("workbook", "write_workbook"),
        most_rows=1_048_575,  # of a sheet, below its header
    ),
    "geojson": Format("GeoJSON", ".geojson", "application/geo+json", ("plain_text", "write_geojson")),
    "gpkg": Format("GeoPackage", ".gpkg", "application/geopackage+sqlite3", ("geopackage", "write_geopackage")),
    "parquet": Format("GeoParquet", ".parquet", "application/vnd.apache.parquet", ("geoparquet", "write_geoparquet")),
}


def content(view: ExportedView, table: str, kind: str) -> bytes:
    """Return one table of a view as the bytes of a file; kind: a key of FORMATS."""
    return content_of(table_of(view, table), notes_of(view, table), kind)


def content_of(rows: Table, notes: Notes, kind: str) -> bytes:
    """Return rows with their notes as the bytes of a file; kind: a key of FORMATS."""
    with temporary.folder(temporary.EXPORT) as folder:
        path = folder / f"{rows.name}{FORMATS[kind].suffix}"
        FORMATS[kind].write_rows(rows, notes, path)
        return path.read_bytes()


def format_of(path: str | Path) -> Format:
    """Return the format that the ending of a path names; raises KeyError with the known endings."""
    by_suffix = {one.suffix: one for one in FORMATS.values()}
    suffix = Path(path).suffix.lower()
    if suffix not in by_suffix:
        raise KeyError(f"{suffix!r} is none of {', '.join(by_suffix)}")
    return by_suffix[suffix]
