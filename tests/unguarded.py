"""Reading in this process, without the guard, which changes nothing but the time."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from geo.ingest.containers.detection import read_table
from geo.ingest.conversion import Conversion, convert_table, prepared
from geo.ingest.notes import note_text
from geo.ingest.results import ReadOptions, ReadResult


def read_unguarded(path: Path, folder: Path, file: str, options: ReadOptions, limits: Mapping[str, int]) -> Conversion:
    """Return the reading of a file; folder: an own one for working copies. Raises RejectedUpload."""
    table = read_table(path, folder, file, options, limits, lambda share: None)
    return convert_table(prepared(table, file, options), file, options, limits)


def note_words(result: ReadResult) -> list[str]:
    """Return the notes of a reading as they are shown."""
    return [str(note_text(note)) for note in result.notes]
