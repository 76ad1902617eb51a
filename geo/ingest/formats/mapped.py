"""Any other table, its columns assigned to fields by the user."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.ingest.formats import Format
from geo.ingest.formats.template import template_fields
from geo.ingest.mapping.fields import FIELDS
from geo.ingest.mapping.mappings import all_names, mapping_problems, names_of
from geo.ingest.mapping.toll_columns import are_counts, looks_like_toll
from geo.ingest.notes import NoteKind
from geo.ingest.tables import TextTable, header_key
from geo.ingest.values import dates, derivation_rules
from geo.ingest.values.canonical import Fields
from geo.ingest.values.cells import Reading, part_key, spread_arrow
from geo.ingest.values.labels import Labels, Mask
from geo.problems import Problem, ProblemCode, RejectedUpload
from geo.wording import N_, text

if TYPE_CHECKING:
    from geo.ingest.results import ReadOptions


def column_aliases(table: TextTable, options: ReadOptions, file: str) -> dict[str, str]:
    """Return field -> column key for the options' mapping; further columns of a field stand under part_key.

    Raises RejectedUpload when the mapping is unusable or names columns that the table does not have.
    """
    columns = options.mapping or {}
    problems = mapping_problems(columns, options.values or {}, file)
    keys = set(table.keys)
    message, hint = text("The file has no such column."), text("Assign another.")
    problems += [
        Problem(ProblemCode.COLUMNS, message, hint, file, table.sheet, None, column)
        for column in all_names(columns)
        if header_key(column) not in keys
    ]
    if problems:
        raise RejectedUpload(problems)
    # A field that is not assigned must not be filled by a column that happens to have its name.
    assigned = {
        part_key(field, number): header_key(column)
        for field in columns
        for number, column in enumerate(names_of(columns, field))
    }
    return dict.fromkeys(FIELDS, "") | assigned


def convert(reading: Reading) -> Fields:
    """Return the canonical columns of a mapped table, by the rules of the template."""
    if reading.has("date"):
        order = dates.date_order_of(reading, "date", "date_end", "source_date")
        days = derivation_rules.spans_with_precision(reading, "date", "date_precision", order)
    else:
        order = dates.date_order_of(reading, "date_end", "source_date")
        days = dates.spans_of_parts(reading, ("year", "month", "day"))
    _note_tolls(reading)
    fields = template_fields(reading, days, order)
    fields["admin1_reported"] = reading.text("province")
    if reading.has("incident_id"):
        fields["source_event_id"] = _own_ids(reading)
    chosen, is_chosen = _chosen_districts(reading)
    if is_chosen.any():
        fields["pcode_stated"] = pc.coalesce(chosen, fields["pcode_stated"])
        fields["district_method"] = Labels.same("none", len(reading)).replaced(is_chosen, "manual")
    return fields


def _note_tolls(reading: Reading) -> None:
    """Note which columns are summed, and which look like a toll and are left out."""
    columns = reading.options.mapping or {}
    for field in columns:
        if len(names := names_of(columns, field)) > 1:
            reading.note(NoteKind.COLUMNS_SUMMED, columns=" + ".join(names), field=text(FIELDS[field].meaning))
    used = {header_key(name) for name in all_names(columns)}
    open_columns = [name for name in reading.table.columns if header_key(name) not in used and looks_like_toll(name)]
    texts = {name: reading.table.encoded(header_key(name)).dictionary.to_pylist() for name in open_columns}
    if unused := [name for name in open_columns if are_counts(texts[name])]:
        reading.note(NoteKind.TOLLS_LEFT_OUT, columns=", ".join(unused))


def _own_ids(reading: Reading) -> pa.Array:
    """Return identifiers that do not repeat those of another table: with a digest of the column names before them."""
    layout = hashlib.blake2b("|".join(reading.table.keys).encode(), digest_size=4).hexdigest()
    return pc.binary_join_element_wise(pa.scalar(layout), reading.text("incident_id"), "-")


def _chosen_districts(reading: Reading) -> tuple[pa.Array, Mask]:
    """Return the P-codes that the mapping gives to district names, and where it does."""
    chosen = (reading.options.values or {}).get("district", {})
    words, codes = reading.words("district")
    pcodes = spread_arrow([chosen.get(word) for word in words], codes, pa.string())
    return pcodes, ~np.asarray(pcodes.is_null())


FORMAT = Format(key="mapped", label=N_("Own table, mapped"), source="table", signature=frozenset(), convert=convert)
