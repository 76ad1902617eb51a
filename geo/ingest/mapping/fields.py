"""The fields to which columns of an unknown table can be assigned, and the usual names of their columns."""

from __future__ import annotations

import re
from dataclasses import dataclass

from geo.ingest.tables import header_key
from geo.vocabularies import codes, rows
from geo.wording import N_


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an incident: what belongs in it and the usual names of its column (as header keys).

    meaning: a source sentence, see geo.wording.
    """

    name: str
    meaning: str
    names: tuple[str, ...]


# A unit behind a name, as in "Killed (nos.)" and "Date [dd/mm/yyyy]"; "Killed (police)" is another field.
_BRACKETS = re.compile(r"\s*[(\[]([^)\]]*)[)\]]\s*$")
_UNIT_WORDS = frozenset(
    {"no", "nos", "number", "numbers", "persons", "people", "if", "any", "utc", "gmt", "pkt", "pst", "local", "time"}
    | {"dd", "mm", "yy", "yyyy", "deg", "degrees", "decimal", "wgs84"}
)
# Names (as header keys) of columns that number the rows; they are identifiers if their numbers do not repeat.
_SERIAL = "serial_no s_no sr_no sl_no sno srno serial serial_number s_n sr s # نمبر_شمار شمار_نمبر"
SERIAL_NAMES = tuple(_SERIAL.split())
# Names (as header keys) of columns that match no field, and why.
NO_FIELD: dict[str, str] = dict.fromkeys(
    ("casualties", "no_of_casualties", "number_of_casualties", "total_casualties", "casualty"),
    N_("it counts deaths and injuries together, so it is not a death toll"),
)


def plain_keys(name: str) -> tuple[str, ...]:
    """Return the keys by which the name of a column is compared: the whole, and without a unit in brackets."""
    whole, bracket = header_key(name), _BRACKETS.search(name)
    if bracket is None or not set(header_key(bracket[1]).split("_")) <= _UNIT_WORDS:
        return (whole,)
    return whole, header_key(name[: bracket.start()]) or whole


FIELDS: dict[str, Field] = {
    name: Field(name, meaning, (name, *names.split()))
    for name, meaning, names in rows("fields", "name", "meaning", "names")
}
# Words of tables in use -> code; "fc" may be the Frontier Corps or the Constabulary. Only proposals: a person confirms.
OWN_WORDS: dict[str, dict[str, str]] = codes("own_words")
