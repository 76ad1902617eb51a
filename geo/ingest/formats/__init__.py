"""The formats that are recognised by their columns, in the order in which they are tried."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from geo.ingest.canonical import Fields
from geo.ingest.cells import Reading


@dataclass(frozen=True, slots=True)
class Format:
    """A recognised layout: how it is known, and how its columns become canonical ones.

    signature: column keys (see tables.header_key) that together prove the format.
    accepts: a further condition on the set of column keys.
    convert: refuses rows through the reading and returns the canonical columns of all rows.
    """

    key: str
    label: str
    source: str
    signature: frozenset[str]
    convert: Callable[[Reading], Fields]
    accepts: Callable[[frozenset[str]], bool] | None = None


def all_formats() -> tuple[Format, ...]:
    """Return the known formats, most specific first."""
    from geo.ingest.formats import register, template

    return (register.FORMAT, template.FORMAT)
