"""The fields to which columns of an unknown table can be assigned, and the usual names of their columns."""

from __future__ import annotations

from dataclasses import dataclass

from geo.vocabularies import rows
from geo.wording import N_


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an incident: what belongs in it and the usual names of its column (as header keys).

    meaning: a source sentence, see geo.wording.
    """

    name: str
    meaning: str
    names: tuple[str, ...]


# Names (as header keys) of columns that number the rows of a file, and identify nothing.
_SERIAL = (
    "serial serial_no serial_number serial_num s_no sr_no sl_no ser_no sno srno slno s_n s sr sl ser no nos num number "
    "row row_no row_number index # № نمبر_شمار شمار_نمبر نمبرشمار شمار نمبر سیریل_نمبر"
)
SERIAL_NAMES = tuple(_SERIAL.split())
# Names (as header keys) of columns that match no field, and why.
NO_FIELD: dict[str, str] = dict.fromkeys(
    ("casualties", "no_of_casualties", "number_of_casualties", "total_casualties", "casualty"),
    N_("it counts deaths and injuries together, so it is not a death toll"),
)


FIELDS: dict[str, Field] = {
    name: Field(name, meaning, (name, *names.split()))
    for name, meaning, names in rows("fields", "name", "meaning", "names")
}
