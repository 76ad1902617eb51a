"""Reading files: bytes of a user in, canonical rows and a full account of every other row out.

The rooms: `containers` (file -> table of text), `formats` and `values` (table -> canonical rows), `mapping` (tables of
no known format) and `process` (all of it in a guarded child). What passes between them is in `tables`, `notes`,
`refusals` and `results`; `conversion` joins them, `questions` says which answer would remove a problem.
"""

from __future__ import annotations

from geo.ingest.asking import AnswersNeeded
from geo.ingest.formats.template_file import template_csv
from geo.ingest.mapping.preview import TablePreview
from geo.ingest.process.upload import preview_upload, read_upload
from geo.ingest.questions import Question, open_question, question_for
from geo.ingest.results import ReadOptions, ReadResult

__all__ = [
    "AnswersNeeded",
    "Question",
    "ReadOptions",
    "ReadResult",
    "TablePreview",
    "open_question",
    "preview_upload",
    "question_for",
    "read_upload",
    "template_csv",
]
