"""What the store needs from a catalogue: SQLite in the folder, or PostgreSQL for several servers.

The SQL of the store is written once, in what both understand: parameters as ? or :name, never a literal with these
signs; booleans as 0 and 1; new numbers by RETURNING.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

from geo.wording import Text


class Connection(Protocol):
    """An open connection: the part of sqlite3.Connection that the store uses."""

    def execute(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = (), /) -> Any:
        """Run one statement; returns its rows, which give their values by name, with fetchone() for the next."""

    def executemany(self, sql: str, parameters: Sequence[Sequence[Any]], /) -> object:
        """Run one statement for each set of parameters."""


class Writer(Protocol):
    """Where changes are made."""

    def changing(self) -> AbstractContextManager[Connection]:
        """Run one transaction, one at a time over all processes: all of it is committed, or none on any error."""


class Catalogue(Writer, Protocol):
    """Connections to the catalogue of one store. Everything raises StoreError if it cannot be used."""

    path: Path | str  # what to name in an error: the file, or the database without its password
    heads_path: Path
    read_only_hint: Text | None  # what would help to write, for a store that can only be read; None for others

    def reading(self) -> AbstractContextManager[Connection]:
        """Open a connection on one consistent state of the catalogue."""

    def writing(self) -> AbstractContextManager[Writer]:
        """Hold the writers' lock, shared: nothing is swept until the files are written and committed by this."""

    def alone(self) -> AbstractContextManager[bool]:
        """Hold the writers' lock alone, if no writer is at work; yields whether it is held."""

    def structure_faults(self, db: Connection) -> list[Text]:
        """Return what is wrong with the catalogue as a database."""

    def raise_version(self, db: Connection) -> None:
        """Say, in a transaction, that earlier versions of this program cannot read the store any more."""

    def close(self) -> None:
        """Release what is open; the catalogue can no longer be used."""
