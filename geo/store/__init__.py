"""The store: every accepted batch of rows, kept whole, and what was done with it.

A folder with a SQLite catalogue, or one in PostgreSQL that several servers share; one immutable GeoParquet file a batch
and the file each batch came from.
"""

from __future__ import annotations

from geo.store.audit import AuditEvent
from geo.store.batches import BatchRecord
from geo.store.decisions import PLACE_NAME, PROPOSAL, PUBLISHED_TOTAL, STORY, WORD, DecisionRecord
from geo.store.parts import Part, PartedBatch
from geo.store.proposing import ProposingStore
from geo.store.rows import FACT_COLUMNS, facts_hashes
from geo.store.store import LONGEST_MAPPING_NAME, Store

__all__ = [
    "FACT_COLUMNS",
    "LONGEST_MAPPING_NAME",
    "PLACE_NAME",
    "PROPOSAL",
    "PUBLISHED_TOTAL",
    "STORY",
    "WORD",
    "AuditEvent",
    "BatchRecord",
    "DecisionRecord",
    "Part",
    "PartedBatch",
    "ProposingStore",
    "Store",
    "facts_hashes",
]
