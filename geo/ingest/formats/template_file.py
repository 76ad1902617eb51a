"""The columns of the atlas template and the file that is offered for download."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from geo.vocabularies import rows


@dataclass(frozen=True, slots=True)
class TemplateColumn:
    """One column of the template: what goes in, and its cells in the two example rows."""

    name: str
    meaning: str
    examples: tuple[str, str]
    is_required: bool = False


EXAMPLE_ID = "EXAMPLE-"
EXAMPLE_NOTE = "EXAMPLE ROW"


TEMPLATE_COLUMNS: tuple[TemplateColumn, ...] = tuple(
    TemplateColumn(name, meaning, (first, second), required == "yes")
    for name, required, meaning, first, second in rows("template", "name", "required", "meaning", "first", "second")
)


def template_csv() -> str:
    """Return the template as CSV text: the header and two rows marked as examples, to be deleted."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([column.name for column in TEMPLATE_COLUMNS])
    for place in (0, 1):
        writer.writerow([column.examples[place] for column in TEMPLATE_COLUMNS])
    return text.getvalue()
