"""The formats that are recognised by their columns, in the order in which they are tried."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NoReturn

from geo.ingest.tables import stated_keys
from geo.ingest.values.canonical import Fields
from geo.ingest.values.cells import Reading
from geo.problems import ProblemCode, rejected
from geo.wording import Text


@dataclass(frozen=True, slots=True)
class Format:
    """A recognised layout: how it is recognised, and how its columns become canonical ones.

    label: name of the format, marked for translation.
    signature: column keys (see tables.header_key) that together prove the format.
    convert: refuses rows through the reading and returns the canonical columns of all rows.
    accepts: a further condition on the set of column keys.
    columns: field -> column key, for a layout that is read by the rules of the template.
    headless_names: names of the columns for a file without a header, given their number.
    accepts_cells: whether a row of cells can only be a row of this format.
    """

    key: str
    label: str
    source: str
    signature: frozenset[str]
    convert: Callable[[Reading], Fields]
    accepts: Callable[[frozenset[str]], bool] | None = None
    accepts_cells: Callable[[Sequence[str]], bool] | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    headless_names: Callable[[int], tuple[str, ...]] = lambda _n_columns: ()


def not_for_districts(message: Text, hint: Text) -> Callable[[Reading], NoReturn]:
    """Return a conversion that refuses a table as a whole (RejectedUpload) because it does not state districts."""

    def refuse(reading: Reading) -> NoReturn:
        code = ProblemCode.NOT_FOR_DISTRICTS
        raise rejected(code, message, hint, reading.file, reading.table.sheet)

    return refuse


def all_formats() -> tuple[Format, ...]:
    """Return the known formats, most specific first."""
    from geo.ingest.formats import acled, district_totals, gdelt, gtd, hdx, register, suicide_attacks, template, ucdp

    return (
        register.FORMAT,
        ucdp.FORMAT,
        acled.FORMAT,
        acled.WEEKLY,
        gtd.FORMAT,
        gtd.SEARCH,
        gdelt.FORMAT,
        hdx.FORMAT,
        suicide_attacks.FORMAT,
        district_totals.FORMAT,
        district_totals.PROVINCE,
        district_totals.DIVISIONS,
        template.FORMAT,
    )


def format_label(key: str) -> str:
    """Return the name of a format, marked for translation; the key itself where no format has it."""
    from geo.ingest.formats import mapped

    return next((one.label for one in (*all_formats(), mapped.PLAIN, mapped.FORMAT) if one.key == key), key)


def recognise_columns(keys: frozenset[str]) -> Format | None:
    """Return the format that a set of column keys proves, or None."""
    for layout in all_formats():
        if layout.signature <= keys and (layout.accepts is None or layout.accepts(keys)):
            return layout
    return None


def is_own_table(names: tuple[str, ...]) -> bool:
    """Whether a table is of no publisher's format: a person made its layout, or it is the template or of totals."""
    layout = recognise_columns(stated_keys(names))
    return layout is None or layout.key in ("template", "district_totals")


def recognise_cells(cells: Sequence[str]) -> Format | None:
    """Return the format that a row of cells without a header proves, or None."""
    for layout in all_formats():
        if layout.accepts_cells is not None and layout.accepts_cells(cells):
            return layout
    return None
