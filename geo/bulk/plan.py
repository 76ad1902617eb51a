"""What a run is asked to do, and the pieces it is cut into: plain values that travel to workers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from geo.ingest import ReadOptions
from geo.settings import DATA_DIR

# Part of every piece's key: what was made by another version of these rules is not reused.
RULES_VERSION = 6
_BYTES_PER_MB = 1_000_000


@dataclass(frozen=True, slots=True)
class BulkOptions:
    """How to read, as in geo.ingest.ReadOptions, and how large the pieces are.

    chunk_mb: decimal megabytes of text a piece; a worker needs about ten times as much memory for each.
    decided: source -> what its place names were decided to mean, by geo.names.name_key; names of other sources than
    that of the inputs are ignored. words: what words of the user's own files were decided to mean, as
    ReadOptions.values.
    """

    date_order: str | None = None
    decimal_mark: str | None = None
    encoding: str | None = None
    swap_axes: bool = False
    chunk_mb: int = 64
    date_year: int | None = None
    decided: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    initiator: str | None = None
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    counted: str | None = None
    blank_cells: str | None = None

    @property
    def needs_whole(self) -> bool:
        """Whether rows are read together that may lie in two pieces: each file is then read in one."""
        return self.counted == "people" or self.blank_cells == "above"

    @property
    def chunk_bytes(self) -> int:
        """Bytes of text a piece."""
        return self.chunk_mb * _BYTES_PER_MB

    def read_options(self) -> ReadOptions:
        """Return the answers for the readers."""
        return ReadOptions(
            date_order=self.date_order,
            date_year=self.date_year,
            decimal_mark=self.decimal_mark,
            encoding=self.encoding,
            swap_axes=self.swap_axes,
            initiator=self.initiator,
            counted=self.counted,
            blank_cells=self.blank_cells,
            values=self.words or None,
        )


@dataclass(frozen=True, slots=True)
class Input:
    """A file to load. label: what the user calls it. kind: "text", "packed" (to be unpacked first) or "parquet".

    path: where it is, the same for every worker; text_path: its text, another file if it had to be unpacked.
    n_bytes, modified_ns: by which a changed file is recognised.
    """

    path: str
    label: str
    kind: str
    n_bytes: int
    modified_ns: int
    text_path: str = ""

    def identity(self) -> list[Any]:
        """Return what tells this file from another or from a changed one."""
        return [self.label, self.kind, self.n_bytes, self.modified_ns]

    @property
    def key(self) -> str:
        """A short name for this very file."""
        return hashlib.sha256(json.dumps(self.identity()).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of one input that is read on its own.

    number: its place among all pieces. start, end: bytes of a text behind the first preamble_bytes, which hold the
    column names; for Parquet, row groups. is_whole: the input in one piece, nothing cut. first_row: row number of the
    first record in the user's file. evidence: what the whole input proves (geo.ingest.values.evidence), if it is known
    to prove other things than this part of it. out: folder of the run. boundaries: digest of the boundary files.
    """

    number: int
    source: Input
    start: int
    end: int
    first_row: int
    out: str
    boundaries: str
    options: BulkOptions
    limits: Mapping[str, int] = field(default_factory=dict)
    preamble_bytes: int = 0
    is_whole: bool = False
    evidence: Mapping[str, Sequence[int]] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Name of everything made from this piece: another piece, file or rule gives another."""
        made_of = [RULES_VERSION, self.source.identity(), self.start, self.end, self.first_row, self.boundaries]
        made_of += [asdict(self.options), sorted(self.limits.items())]
        made_of += [sorted(self.evidence.items())] if self.evidence else []
        return hashlib.sha256(json.dumps(made_of, sort_keys=True).encode()).hexdigest()[:16]

    @property
    def part_name(self) -> str:
        """Name of the Parquet file of the accepted rows, in the folder `parts`."""
        return f"part-{self.number:05}-{self.key}.parquet"


@cache
def boundaries_sha256() -> str:
    """Return the digest of the checksums of all embedded files, the boundaries among them."""
    return hashlib.sha256((DATA_DIR / "checksums.txt").read_bytes()).hexdigest()


def work_folder(out: str | Path) -> Path:
    """Return the folder of intermediate files; it is removed when the run is complete."""
    return Path(out) / "work"


def parts_folder(out: str | Path) -> Path:
    """Return the folder of the GeoParquet files."""
    return Path(out) / "parts"


def rejects_folder(out: str | Path) -> Path:
    """Return the folder of refused and repeated rows."""
    return Path(out) / "rejects"
