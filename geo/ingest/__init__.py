"""Reading files: bytes of a user in, canonical rows and a full account of every other row out.

Importing this package loads nothing heavy.
"""

from __future__ import annotations

from geo.ingest.reading import read_upload
from geo.ingest.results import ReadOptions, ReadResult
from geo.ingest.template_file import template_csv

__all__ = ["ReadOptions", "ReadResult", "read_upload", "template_csv"]
