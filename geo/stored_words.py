"""The words of stored batches: as the file wrote them, and what each counts as, read out of the original cells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from geo import verbatim
from geo.ingest.formats import mapped, template
from geo.ingest.mapping.mappings import Columns, names_of
from geo.ingest.mapping.plain import columns_of
from geo.ingest.tables import TextTable
from geo.ingest.values.cells import NOT_STATED
from geo.ingest.values.choices import folded_word
from geo.ingest.values.word_fields import WORD_COLUMNS

if TYPE_CHECKING:
    from geo.store import BatchRecord, Store

# Layouts whose words a person may give another meaning; those of a published data set mean what its authors say.
OWN_FORMATS = (template.FORMAT.key, mapped.PLAIN.key, mapped.FORMAT.key)
# Key under which a batch keeps, in its summary, how its words were read.
READING = "words"


@dataclass(frozen=True, slots=True)
class StoredWord:
    """A word of a column of a batch, as it is first written. code: what its rows were stored as, n_rows of them."""

    field: str
    column: str
    word: str
    code: str
    n_rows: int


def columns_read(store: Store, record: BatchRecord) -> Mapping[str, str]:
    """Return field -> column for the words of a batch; a batch of an earlier version is asked for its cells.

    Such a batch kept no mapping: of a table whose columns were matched by hand there are then none.
    """
    kept: Mapping[str, str] | None = record.summary.get(READING, {}).get("columns")
    if kept is not None or record.format not in OWN_FORMATS:
        return kept or {}
    raw = next(store.pieces(record.batch_id, (verbatim.RAW,)))[verbatim.RAW]
    names = tuple(verbatim.names_of(raw))
    cells = pa.table({str(place): verbatim.cells_of(raw, name).fill_null("") for place, name in enumerate(names)})
    table = TextTable(names, cells, np.arange(len(raw)))
    columns: Columns = {}
    if record.format == template.FORMAT.key:
        columns = {field: field for field in WORD_COLUMNS}
    elif record.format == mapped.PLAIN.key:
        columns = columns_of(table) or {}
    keys = {field: table.key_of(name) for field in WORD_COLUMNS for name in names_of(columns, field)[:1]}
    return {field: table.name_of(key) for field, key in keys.items() if key is not None}


def may_have_words(record: BatchRecord) -> bool:
    """Whether a batch may have words to which a person can give another meaning, by what its summary says."""
    columns = record.summary.get(READING, {}).get("columns")
    return record.format in OWN_FORMATS and columns != {}


def words_of(store: Store, batch_id: int) -> tuple[StoredWord, ...]:
    """Return the words of a batch in any state, most rows first within a field; blank cells are none.

    Spellings that differ only in case, spaces and joining marks are one word. Raises StoreError for an unknown batch.
    """
    record = store.batch(batch_id)
    columns = columns_read(store, record)
    spelt: dict[tuple[str, str], str] = {}
    counted: dict[tuple[str, str], Counter[str]] = {}
    wanted = (verbatim.RAW, *(WORD_COLUMNS[field] for field in columns))
    for piece in store.pieces(batch_id, wanted, lambda _names: tuple(columns.values())) if columns else ():
        for field, column in columns.items():
            found = pa.table(
                {"word": verbatim.cells_of(piece[verbatim.RAW], column), "code": piece[WORD_COLUMNS[field]]}
            )
            # Without threads groups stand in the order of their first rows.
            groups = found.drop_null().group_by(["word", "code"], use_threads=False).aggregate([([], "count_all")])
            for word, code, n in zip(
                *(groups[name].to_pylist() for name in ("word", "code", "count_all")), strict=True
            ):
                key = (field, folded_word(word))
                if key[1] not in NOT_STATED:
                    spelt.setdefault(key, word)
                    counted.setdefault(key, Counter())[code] += n
    words = [
        StoredWord(field, columns[field], spelt[field, folded], codes.most_common(1)[0][0], codes.total())
        for (field, folded), codes in counted.items()
    ]
    return tuple(sorted(words, key=lambda one: (list(WORD_COLUMNS).index(one.field), -one.n_rows)))
