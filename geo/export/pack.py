"""The evidence pack: one ZIP with what a view shows, how it was made, and the command that makes it again."""

from __future__ import annotations

import json
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

from geo import temporary
from geo.export.citation import ATLAS_VERSION, citation_of
from geo.export.columns import COLUMNS_OF, DISTRICTS, INCIDENTS
from geo.export.descriptions import data_package, ro_crate
from geo.export.files import FORMATS
from geo.export.notes import Notes, column_notes, notes_of
from geo.export.plain_text import write_plain_csv
from geo.export.rows import table_of
from geo.export.view import ExportedView
from geo.export.view_settings import to_toml
from geo.wording import N_, _

SETTINGS_FILE, README_FILE = "settings.toml", "README.md"
COMMAND = "kp-atlas export settings.toml --format pack --out again.zip"
# Path in the pack -> media type and what the file holds, in the order of the pack.
_FILES: dict[str, tuple[str, str]] = {
    README_FILE: ("text/markdown", N_("What this pack is, and the command that makes it again")),
    SETTINGS_FILE: ("application/toml", N_("Settings of the view: filters, measure, map and data version")),
    "incidents.csv": ("text/csv", N_("Incidents that may be passed on, one row each")),
    "incidents.gpkg": ("application/geopackage+sqlite3", N_("The same incidents as points; coarse places have none")),
    "districts.geojson": ("application/geo+json", N_("Districts with the figures of the view")),
    "datapackage.json": ("application/json", N_("Types and units of the columns of incidents.csv (Frictionless)")),
    "CITATION.bib": ("text/x-bibtex", N_("Citation for BibTeX")),
    "CITATION.json": ("application/vnd.citationstyles.csl+json", N_("Citation for reference managers (CSL-JSON)")),
    "LICENCES.txt": ("text/plain", N_("Sources, their licences and how they must be named")),
    "ro-crate-metadata.json": ("application/ld+json", N_("Description of this pack for programs (RO-Crate 1.1)")),
}
_CRATE = "ro-crate-metadata.json"
_OWNER_WRITES = 0o644 << 16  # permissions of a file in a ZIP


def write_pack(view: ExportedView, path: Path) -> None:
    """Write the evidence pack of a view; equal content gives equal bytes with the same versions of the libraries."""
    with temporary.folder(temporary.EXPORT) as folder:
        _write_tables(view, folder)
        _write_texts(view, folder)
        _zip(folder, path, view.version.day)


def pack_content(view: ExportedView) -> bytes:
    """Return the evidence pack of a view as bytes."""
    with temporary.folder(temporary.EXPORT) as folder:
        write_pack(view, folder / "pack.zip")
        return (folder / "pack.zip").read_bytes()


def _write_tables(view: ExportedView, folder: Path) -> None:
    write_plain_csv(table_of(view, INCIDENTS), folder / "incidents.csv")
    FORMATS["gpkg"].write(view, INCIDENTS, folder / "incidents.gpkg")
    FORMATS["geojson"].write(view, DISTRICTS, folder / "districts.geojson")


def _write_texts(view: ExportedView, folder: Path) -> None:
    rows, districts = notes_of(view, INCIDENTS), notes_of(view, DISTRICTS)
    cited = citation_of(rows)
    files = {path: (kind, _(said)) for path, (kind, said) in _FILES.items() if path != _CRATE}
    texts = {
        README_FILE: _readme(view, rows, districts, cited.text()),
        SETTINGS_FILE: to_toml(view.settings),
        "datapackage.json": _json(data_package(rows, folder / "incidents.csv")),
        "CITATION.bib": cited.bibtex(),
        "CITATION.json": cited.csl_json(),
        "LICENCES.txt": _licences(districts),
        _CRATE: _json(ro_crate(rows, cited, files)),
    }
    for name, content in texts.items():
        (folder / name).write_text(content, "utf-8", newline="\n")


def _zip(folder: Path, path: Path, day: date) -> None:
    """Pack the files in their order, with the day of the data as their time."""
    time = (max(day.year, 1980), day.month, day.day, 0, 0, 0)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as pack:
        for name in _FILES:
            member = zipfile.ZipInfo(name, time)
            member.compress_type, member.external_attr, member.create_system = zipfile.ZIP_DEFLATED, _OWNER_WRITES, 3
            member.file_size = (folder / name).stat().st_size
            with (folder / name).open("rb") as source, pack.open(member, "w") as target:
                while piece := source.read(1 << 20):
                    target.write(piece)


def _readme(view: ExportedView, rows: Notes, districts: Notes, cited: str) -> str:
    files = [f"- `{path}`: {_(said)}" for path, (_kind, said) in _FILES.items()]
    columns = [f"- `{name}`: {said}" for name, said in column_notes(COLUMNS_OF[DISTRICTS])]
    parts = [
        f"# {rows.title}",
        "\n".join(f"- {label}: {said}" for label, said in rows.lines()),
        f"## {_('Make it again')}",
        _(
            "With version {version} of the KP Incident Atlas and a store that holds data version {code}, this command "
            "makes every number and file of this pack again, in the folder of this file:",
            version=ATLAS_VERSION,
            code=view.version.code,
        ),
        f"```\n{COMMAND}\n```",
        _(
            "The files are the same byte by byte where the versions of the libraries are the same; the numbers always. "
            "`kp-atlas` says so if the store holds another version of the data."
        ),
        f"## {_('Files')}",
        "\n".join(files),
        f"## {_('Figures of districts')}",
        _("{title}. {shown}.", title=districts.title, shown=districts.shown),
        "\n".join(f"- {said}" for said in districts.left_out),
        "\n".join(columns),
        f"## {_('How to cite')}",
        cited,
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _licences(notes: Notes) -> str:
    parts = [f"{source.label}\n{_('Licence')}: {source.licence}\n{source.credit}" for source in notes.sources]
    own = _("Text of this pack and software: KP Incident Atlas contributors, MIT.")
    return "\n\n".join([*parts, own]) + "\n"


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"
