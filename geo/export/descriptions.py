"""What describes the files of an evidence pack to programs: Frictionless data package and RO-Crate, as JSON values."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from geo.export.citation import ATLAS_VERSION, AUTHOR, Citation
from geo.export.columns import COLUMNS_OF, INCIDENTS, ExportColumn
from geo.export.notes import Notes, column_in_words
from geo.wording import _


def data_package(notes: Notes, csv_path: Path) -> dict[str, Any]:
    """Return the data package of the incidents, by the profile tabular-data-package of Frictionless.

    csv_path: the file of rows; its name is the path in the package.
    """
    content = csv_path.read_bytes()
    resource = {
        "name": INCIDENTS,
        "path": csv_path.name,
        "profile": "tabular-data-resource",
        "title": notes.title,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": {
            "fields": [_field(column) for column in COLUMNS_OF[INCIDENTS]],
            "primaryKey": "incident_id",
            "missingValues": [""],
        },
    }
    return {
        "profile": "tabular-data-package",
        "name": f"kp-atlas-{notes.version.code}-{notes.settings_hash}",
        "title": notes.title,
        "description": " ".join((notes.shown, *notes.left_out, *notes.caveats)),
        "version": notes.version.code,
        "created": f"{notes.version.day.isoformat()}T00:00:00Z",
        "sources": [{"title": source.label, "credit": source.credit} for source in notes.sources],
        "licenses": [{"name": "see-licences", "title": "LICENCES.txt", "path": "LICENCES.txt"}],
        "contributors": [{"title": AUTHOR, "role": "publisher"}],
        "resources": [resource],
    }


def _field(column: ExportColumn) -> dict[str, Any]:
    field: dict[str, Any] = {"name": column.name, "type": column.kind, "description": column_in_words(column)}
    if column.unit:
        field["unit"] = column.unit
    constraints: dict[str, Any] = {"enum": list(column.codes)} if column.codes else {}
    if column.name == "incident_id":
        constraints = {"required": True, "unique": True}
    if column.kind == "integer":
        constraints["minimum"] = 0
    return field | ({"constraints": constraints} if constraints else {})


def ro_crate(notes: Notes, cited: Citation, files: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    """Return the metadata of the pack as an RO-Crate 1.1. files: path -> (media type, what it holds)."""
    day = notes.version.day.isoformat()
    root = {
        "@id": "./",
        "@type": "Dataset",
        "identifier": cited.key,
        "name": notes.title,
        "description": f"{notes.period}. {notes.shown}.",
        "datePublished": day,
        "version": notes.version.code,
        "license": {"@id": "LICENCES.txt"},
        "author": {"@id": "#author"},
        "creditText": cited.text(),
        "hasPart": [{"@id": path} for path in files],
    }
    parts = [
        {"@id": path, "@type": "File", "name": said, "encodingFormat": kind, "dateModified": day}
        for path, (kind, said) in files.items()
    ]
    made_by = {
        "@id": "#atlas",
        "@type": "SoftwareApplication",
        "name": "KP Incident Atlas",
        "softwareVersion": ATLAS_VERSION,
    }
    made = {
        "@id": "#export",
        "@type": "CreateAction",
        "name": _("Made from the settings in settings.toml"),
        "instrument": {"@id": "#atlas"},
        "object": {"@id": "settings.toml"},
        "result": {"@id": "./"},
    }
    descriptor = {
        "@id": "ro-crate-metadata.json",
        "@type": "CreativeWork",
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
        "about": {"@id": "./"},
    }
    author = {"@id": "#author", "@type": "Organization", "name": AUTHOR}
    return {
        "@context": "https://w3id.org/ro/crate/1.1/context",
        "@graph": [descriptor, root, author, made_by, made, *parts],
    }
