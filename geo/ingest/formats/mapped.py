"""Any other table, its columns assigned to fields by the user."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import reduce

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.districts import load
from geo.ingest.formats import Format
from geo.ingest.formats.proved_totals import with_proved_total
from geo.ingest.formats.template import template_fields
from geo.ingest.mapping.fields import FIELDS
from geo.ingest.mapping.mappings import Columns, all_names, mapping_problems, names_of
from geo.ingest.mapping.sentences import PLACE_COLUMN, proposed_place
from geo.ingest.mapping.toll_columns import (
    SUMMED_FIELDS,
    are_counts,
    are_people,
    hold_numbers,
    looks_like_toll,
    parts_left_out,
    states_most,
)
from geo.ingest.notes import NoteKind
from geo.ingest.tables import CellError, TextTable, header_key
from geo.ingest.values import dates, derivation_rules, district_cells
from geo.ingest.values.canonical import Fields
from geo.ingest.values.cells import EMPTY_CELL, Reading, part_key, spread_arrow
from geo.ingest.values.date_shapes import kind_of
from geo.ingest.values.labels import Mask
from geo.problems import Problem, ProblemCode, RejectedUpload
from geo.wording import N_, Text, text

_FEWEST_NUMBERED = 3  # rows


def column_aliases(
    table: TextTable, columns: Columns, values: Mapping[str, Mapping[str, str]], file: str
) -> dict[str, str]:
    """Return field -> column key for a mapping; further columns of a field stand under part_key.

    columns: field -> column, or several. values: field -> {word: code}.

    Raises RejectedUpload when the mapping is unusable or names columns that the table does not have.
    """
    problems = mapping_problems(columns, values, file)
    message, hint = text("The file has no such column."), text("Assign another.")
    problems += [
        Problem(ProblemCode.COLUMNS, message, hint, file, table.sheet, None, column)
        for column in all_names(columns)
        if table.key_of(column) is None
    ]
    if problems:
        raise RejectedUpload(problems)
    return whole_aliases(
        {
            part_key(field, number): table.key_of(column) or ""
            for field in columns
            for number, column in enumerate(names_of(columns, field))
        }
    )


def whole_aliases(columns: Mapping[str, str]) -> dict[str, str]:
    """Return field -> column key for every field: one that is not assigned has "".

    It must not be filled by a column that happens to have its name.
    """
    return dict.fromkeys(FIELDS, "") | dict(columns)


def convert(reading: Reading) -> Fields:
    """Return the canonical columns of a mapped table, by the rules of the template; says which columns were used."""
    if reading.has("n_events") and _numbers_rows(reading, "n_events"):
        reading.note(NoteKind.NUMBERS_OF_ROWS, column=reading.name_of("n_events"))
        reading.assign({"n_events": ""})
    if reading.has("day") and _names_weekdays(reading.table.sample(reading.key_of("day"))):
        reading.assign({"day": ""})
    _settle_columns_of_dates(reading)
    names = {
        field: [reading.name_of(key) for key in reading.part_keys(field)] for field in FIELDS if reading.has(field)
    }
    note_columns(reading, with_proved_total(reading, names))
    _refuse_unconfirmed(reading)
    district_cells.refuse_sums(reading)
    style, days = _days(reading)
    is_ours = derivation_rules.is_pakistan(reading, "country")
    reading.note_rows(~is_ours, NoteKind.OTHER_COUNTRIES, "country")
    fields = template_fields(reading, days, style, is_ours)
    fields |= derivation_rules.admin_fields(reading, "district", "province", is_ours)
    _note_provinces(reading)
    if reading.has("incident_id"):
        fields["source_event_id"] = _own_ids(reading)
    chosen, is_chosen = _chosen_districts(reading)
    if is_chosen.any():
        fields["pcode_stated"] = pc.coalesce(chosen, fields["pcode_stated"])
        fields["district_method"] = fields["district_method"].replaced(is_chosen, "manual")
    return fields


def _settle_columns_of_dates(reading: Reading) -> None:
    """Leave out a column of financial years that states single ones; take months that state their year as dates."""
    if reading.has("year") and not dates.are_years_told(reading):
        reading.assign({"year": ""})
    if reading.has("month") and not any(map(reading.has, ("date", "year", "day"))) and dates.have_months_years(reading):
        reading.assign({"date": reading.key_of("month"), "month": ""})


def _names_weekdays(words: Sequence[str]) -> bool:
    """Whether most of some cells are names of weekdays, which stand beside a date and are no part of it."""
    return 2 * sum(kind_of(word.strip().casefold())[0] == "weekday" for word in words) > len(words)


def _numbers_rows(reading: Reading, key: str) -> bool:
    """Whether the cells of a column are 1, 2, 3 and so on to the last row: two such rows may be counts."""
    if len(reading) < _FEWEST_NUMBERED:
        return False
    cells = reading.table.texts(reading.key_of(key))
    # Most columns of counts end here, without a look at each cell.
    if cells[0].as_py().strip() not in ("1", "1.0"):
        return False
    numbers = [cell.strip().removesuffix(".0") for cell in cells.to_pylist()]
    return numbers == [str(number) for number in range(1, len(numbers) + 1)]


def _refuse_unconfirmed(reading: Reading) -> None:
    """Refuse the rows whose place only their text names, and nobody has confirmed; the reason names a proposal."""
    is_asked = reading.has("place") and reading.has("description") and reading.name_of("place") == PLACE_COLUMN
    if not is_asked:
        return
    text_column = reading.name_of("description")
    reading.note(NoteKind.PLACES_CONFIRMED, column=PLACE_COLUMN, text_column=text_column)
    words, codes = reading.words("description")
    where = np.flatnonzero(~reading.is_filled("place"))
    asked = {code: _unconfirmed(words[code]) for code in set(codes[where].tolist())} if len(words) else {}
    reading.refuse_each(where, "place", [asked[code] for code in codes[where].tolist()])


def _note_provinces(reading: Reading) -> None:
    """Note rows that name a district of ours and another province: the district counts, as everywhere."""
    names = load().aliases
    is_elsewhere = reading.matches("province", names.is_elsewhere)
    is_ours = reading.matches("district", lambda name: names.resolve(name, is_exact=True).pcode is not None)
    reading.note_rows(is_elsewhere & is_ours, NoteKind.PROVINCE_CONTRADICTS_DISTRICT, "province")


_OF_TOTALS = {"quarter": text("quarter of the year"), "not_specified": text("people killed whose side is not stated")}


def _unconfirmed(sentence: str) -> CellError:
    hint = text("Write the place in this column, or leave the row out.")
    proposal = proposed_place(sentence)
    if not proposal:
        message = text("No single place of the province was recognised in the text.")
        return CellError(ProblemCode.PLACE_TO_CONFIRM, message, hint)
    message = text("The text seems to name {place}; a person must confirm it.", place=proposal)
    return CellError(ProblemCode.PLACE_TO_CONFIRM, message, hint)


def _meaning(field: str) -> Text:
    """Return what a field holds; tables of totals have some that no person assigns."""
    return text(FIELDS[field].meaning) if field in FIELDS else _OF_TOTALS[field]


def note_columns(reading: Reading, used: Mapping[str, Sequence[str]]) -> None:
    """Note the columns of each field, those that hold no field, and among these what looks like a toll.

    used: field -> names of its columns.
    """
    pairs = [
        text("“{column}”: {field}", column=" + ".join(names), field=_meaning(field)) for field, names in used.items()
    ]
    listed = reduce(lambda first, one: text("{first}; {one}", first=first, one=one), pairs)
    reading.note(NoteKind.COLUMNS_READ, columns=listed)
    for field, names in used.items():
        if len(names) > 1:
            kind = NoteKind.PEOPLE_SUMMED if are_people(names) else NoteKind.COLUMNS_SUMMED
            reading.note(kind, columns=" + ".join(names), field=_meaning(field))
    bounded = [name for field in SUMMED_FIELDS & used.keys() for name in used[field] if states_most(name)]
    if bounded:
        reading.note(NoteKind.UPPER_FIGURES, columns=", ".join(sorted(bounded, key=reading.table.columns.index)))
    left = [name for name in reading.table.columns if not any(name in names for names in used.values())]
    tolls = [name for name in left if looks_like_toll(name) and _states_tolls(texts_of(reading.table, name))]
    if tolls:
        reading.note(NoteKind.TOLLS_LEFT_OUT, columns=", ".join(tolls))
    if parts := parts_left_out(used, tolls):
        reading.note(NoteKind.PARTS_INCOMPLETE, columns=", ".join(parts))
    if others := [name for name in left if name not in tolls]:
        reading.note(NoteKind.COLUMNS_NOT_USED, columns=", ".join(others))


def _states_tolls(texts: Sequence[str]) -> bool:
    return are_counts(texts) or hold_numbers(texts)


def texts_of(table: TextTable, name: str) -> list[str]:
    """Return the different texts of a column."""
    found: list[str] = table.encoded(table.keys[table.columns.index(name)]).dictionary.to_pylist()
    return found


def _days(reading: Reading) -> tuple[dates.DateStyle, dates.Spans]:
    """Return how the dates are read, and the days: of the date, of its parts, or of both, where the parts count."""
    if not reading.has("date"):
        style = dates.style_of(reading, "date_end", others=("source_date",))
        return style, dates.spans_of_parts(
            reading, dates.PARTS, "" if reading.has("year") else dates.year_asked(reading)
        )
    has_parts = reading.has("year") or reading.has("month")
    stated = dates.are_parts_stated(reading) if has_parts else None
    style = dates.style_of(reading, "date", "date_end", others=("source_date",), is_settled=stated)
    days = dates.spans_beside_parts(reading, "date", style) if has_parts else dates.spans(reading, "date", style)
    return style, derivation_rules.with_stated_precision(reading, "date_precision", days)


def _own_ids(reading: Reading) -> pa.Array:
    """Return identifiers that do not repeat those of another table: with a digest of the column names before them."""
    reading.refuse(reading.is_unread("incident_id"), "incident_id", EMPTY_CELL)
    layout = hashlib.blake2b("|".join(map(header_key, reading.table.columns)).encode(), digest_size=4).hexdigest()
    return pc.binary_join_element_wise(pa.scalar(layout), reading.text("incident_id"), "-")


def _chosen_districts(reading: Reading) -> tuple[pa.Array, Mask]:
    """Return the P-codes that the mapping gives to district names, and where it does."""
    chosen = (reading.options.values or {}).get("district", {})
    words, codes = reading.words("district")
    pcodes = spread_arrow([chosen.get(word) for word in words], codes, pa.string())
    return pcodes, ~np.asarray(pcodes.is_null())


PLAIN = Format(key="plain", label=N_("Plain table"), source="table", signature=frozenset(), convert=convert)
FORMAT = Format(key="mapped", label=N_("Own table, mapped"), source="table", signature=frozenset(), convert=convert)
