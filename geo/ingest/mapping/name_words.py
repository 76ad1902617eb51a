"""Names of columns by their words: "Date of attack" holds a date because "of" and "attack" only go with it.

The words are geo/vocabularies/name_words.csv. One word that is not listed, as in "Report date", leaves the name to a
person.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from geo.ingest.mapping.fields import FIELDS
from geo.ingest.tables import header_key, plain_key, without_unit
from geo.vocabularies import rows

# A form names a column by a question: its words say nothing more, apart from when and where.
_ASKS = frozenset({"which", "what", "when", "where", "who", "whom", "please", "select", "choose", "کس", "کب", "کہاں"})
_OF_A_QUESTION = frozenset(
    {
        *("in", "on", "at", "was", "is", "were", "did", "does", "do", "it", "this", "the", "or", "a", "an", "exactly"),
        *("happen", "happened", "occur", "occurred", "which", "what", "who", "whom", "please", "select", "choose"),
        *("کس", "میں", "ہوا", "ہوئی", "پیش", "آیا", "یہ", "تھا"),
    }
)
_TIME_AND_PLACE = {"when": "when", "کب": "when", "where": "where", "کہاں": "where"}
_OF_AN_INCIDENT = frozenset({"incident", "event", "attack", "occurrence", "blast", "واقعہ", "حملہ"})
_TAKES_PLACE = re.compile(r"\bt(?:ake|ook) place\b", re.IGNORECASE)
_TOGETHER = re.compile(r"(?<=[a-z\d])(?=[A-Z][a-z])")


@dataclass(frozen=True, slots=True)
class _Rule:
    """heads: words that name the field; others: words that may go with them; needed: one of these must, if any.

    of_incident: others that tell the incident's own, as the date of the attack, from that of a report.
    """

    field: str
    heads: frozenset[str]
    others: frozenset[str]
    needed: frozenset[str]
    of_incident: frozenset[str]

    def fits(self, words: frozenset[str]) -> bool:
        """Whether all words of a name are known and one of them names the field."""
        is_known = words <= self.heads | self.others
        return is_known and bool(words & self.heads) and (not self.needed or bool(words & self.needed))


def split_words(name: str) -> list[str]:
    """Return the words of a name, folded, also of those written together: "eventDate" is event, date."""
    return [word for word in header_key(_TOGETHER.sub(" ", name)).split("_") if word]


@lru_cache(maxsize=4096)
def without_question(name: str) -> str:
    """Return what a question asks for ("In which district did it happen?": district); other names as they are."""
    words = split_words(_TAKES_PLACE.sub(" ", name))
    if not _ASKS.intersection(words[:2]) or plain_key(name) in FIELDS["description"].names:
        return name
    asked = [word for word in words if word not in _OF_A_QUESTION]
    others = [word for word in asked if word not in _OF_AN_INCIDENT]
    if len(others) == 1 and others[0] in _TIME_AND_PLACE:
        return _TIME_AND_PLACE[others[0]]
    return " ".join(asked) or name


def field_of(name: str) -> str | None:
    """Return the one field that all words of a name fit, or None."""
    return fitting(name)[0]


def is_named(name: str, *fields: str) -> bool:
    """Whether a column is named as one of the fields, by a name in use or by its words."""
    key = plain_key(without_question(name))
    return any(key in FIELDS[field].names or field_of(name) == field for field in fields)


@lru_cache(maxsize=4096)
def fitting(name: str) -> tuple[str | None, int]:
    """Return the one field that all words of a name fit, or None, and the place of its rule: earlier ones fit better.

    "Target of the attack" goes before "Victim type".
    """
    words = frozenset(split_words(without_unit(without_question(name))))
    places = [place for place, rule in enumerate(_rules()) if rule.fits(words)]
    fields = {_rules()[place].field for place in places}
    return (fields.pop(), places[0]) if len(fields) == 1 else (None, 0)


@lru_cache(maxsize=4096)
def is_of_incident(field: str, name: str) -> bool:
    """Whether a name says that the field is the incident's own, as "Attack date" does and "Date" does not."""
    words = frozenset(split_words(without_unit(name)))
    if field == "date" and len(words) > 1 and without_question(name) == "when":
        return True
    return any(rule.field == field and words & rule.of_incident for rule in _rules())


@cache
def _rules() -> tuple[_Rule, ...]:
    found = []
    for field, heads, others in rows("name_words", "field", "heads", "others", n_keys=2):
        needed, of_incident = (
            frozenset(word[1:] for word in others.split() if word.startswith(mark)) for mark in ("!", "+")
        )
        allowed = frozenset(word.lstrip("!+") for word in others.split())
        found.append(_Rule(field, frozenset(heads.split()), allowed, needed, of_incident))
    return tuple(found)
