"""Reading files: bytes of a user in, canonical rows and a full account of every other row out.

Importing this package loads nothing heavy.
"""

from __future__ import annotations

from geo.ingest.preview import TablePreview
from geo.ingest.questions import Question, question_for
from geo.ingest.reading import preview_upload, read_upload
from geo.ingest.results import ReadOptions, ReadResult
from geo.ingest.template_file import template_csv

__all__ = [
    "Question",
    "ReadOptions",
    "ReadResult",
    "TablePreview",
    "preview_upload",
    "question_for",
    "read_upload",
    "template_csv",
]
