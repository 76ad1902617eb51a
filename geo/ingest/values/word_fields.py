"""The fields of a table of the user's own that are codes for words: what was done, to whom, who began, which group."""

from __future__ import annotations

from geo.codes import spread
from geo.districts import group_id
from geo.ingest.notes import NoteKind
from geo.ingest.values.cells import Reading
from geo.ingest.values.choices import folded_word
from geo.ingest.values.derivation_rules import UNLISTED, stated_initiators
from geo.ingest.values.labels import Labels
from geo.ingest.values.words import read_words

# Field -> canonical column of its codes.
WORD_COLUMNS = {
    "attack_type": "attack_type",
    "target_type": "target_type",
    "initiator": "initiator",
    "group": "group_id",
}


def word_fields(reading: Reading) -> dict[str, Labels]:
    """Return the code of each row by canonical column; words that a person gave a meaning to have that one."""
    attack = read_words(reading, "attack_type", blank="unknown", other=UNLISTED, added=_added(reading, "attack_type"))
    target = read_words(reading, "target_type", blank="unknown", other="other", added=_added(reading, "target_type"))
    return {
        "attack_type": attack.replaced(attack.is_any(UNLISTED), "threat_other"),
        "target_type": target,
        "initiator": stated_initiators(reading, attack, target, _added(reading, "initiator")),
        "group_id": _group_ids(reading),
    }


def _added(reading: Reading, field: str) -> dict[str, str]:
    """Return the folded words of a field to which a person gave a meaning, with their codes."""
    return {folded_word(word): code for word, code in (reading.options.values or {}).get(field, {}).items()}


def _group_ids(reading: Reading) -> Labels:
    """Return group keys as a person said, else by the table of groups; a blank cell is "unid"."""
    added = _added(reading, "group")
    words, codes = reading.words("group")
    listed = [group_id(word) for word in words]
    found = [added.get(folded_word(word), key) for word, key in zip(words, listed, strict=True)]
    chosen = {word: key for word, key, own in zip(words, found, listed, strict=True) if key != own}
    reading.note_words(spread((word in chosen for word in words), codes, False), NoteKind.WORDS_CHOSEN, "group", chosen)
    unlisted = (key == "other" and word not in chosen for word, key in zip(words, found, strict=True))
    reading.note_words(spread(unlisted, codes, False), NoteKind.OTHER_WORDS, "group")
    return Labels(found, codes)
