"""The fields of a table of the user's own that are codes for words: what was done, to whom, who began, which group."""

from __future__ import annotations

import re

import pyarrow as pa

from geo.codes import spread
from geo.districts import group_id
from geo.ingest.notes import NoteKind
from geo.ingest.values.cells import NOT_STATED, Reading, spread_arrow
from geo.ingest.values.choices import folded_word
from geo.ingest.values.derivation_rules import UNLISTED, stated_initiators
from geo.ingest.values.labels import Labels, Mask
from geo.ingest.values.words import read_words, target_in
from geo.text import normalise_name

# With who did not claim: "not claimed by TTP" names no group.
_NO_CLAIM = re.compile(
    r"\b(?:unclaimed|(?:(?:(?:has|have|did|does)\s+)?not(?:\s+yet)?|never|yet\s+to\s+be|none|nobody|no\s+(?:one|group))"
    r"(?:\s+has)?\s+claim(?:ed)?|no\s+claims?|claim\s+awaited)\b(?:\s+(?:of\s+)?responsibility\b)?"
    r"(?:\s+(?:yet|so\s+far)\b)?(?:\s+(?:by|from)\b[^,;:/()]*)?"
    r"|(?:کسی\s+(?:گروہ\s+|تنظیم\s+)?)?(?:نے\s+)?ذمہ\s+داری\s+قبول\s+نہیں(?:\s+کی)?",
    re.IGNORECASE,
)
_CLAIM = re.compile(
    r"\b(?:responsibility\s+)?(?:claimed|claims?)\b(?:\s+(?:of\s+)?responsibility\b)?(?:\s+(?:by|from)\b|\s+(?:via|through|on)\s.*)?"
    r"|(?:نے\s+)?ذمہ\s+داری\s+قبول(?:\s+کی|\s+کر\s+لی)?",
    re.IGNORECASE,
)
_LONGEST_NAME = 200  # characters: a longer text is a report, not the name of a group
_NO_GROUP = NOT_STATED | {"nil", "nill"}
_AROUND = " \t()[]{}/\\,;:.-–—"
_UNKNOWN = frozenset({"unknown", "unidentified", "unnamed", "نامعلوم", "namaloom"})

# Field -> canonical column of its codes.
WORD_COLUMNS = {
    "attack_type": "attack_type",
    "target_type": "target_type",
    "initiator": "initiator",
    "group": "group_id",
}


def word_fields(reading: Reading) -> dict[str, Labels]:
    """Return the code of each row by canonical column; words that a person gave a meaning to have that one."""
    attack = _attacks(reading)
    target = read_words(reading, "target_type", blank="", other="other", added=_added(reading, "target_type"))
    target = target.replaced(target.is_any(""), _targets_in_words(reading, attack, target.is_any("")))
    return {
        "attack_type": attack.replaced(attack.is_any(UNLISTED), "threat_other"),
        "target_type": target,
        "initiator": stated_initiators(reading, attack, target, _added(reading, "initiator")),
        "group_id": _group_ids(reading),
    }


def _attacks(reading: Reading) -> Labels:
    """Return what was done, UNLISTED for words that nobody can read: in broad words where the finer ones are blank."""
    added = _added(reading, "attack_type")
    attack = read_words(reading, "attack_type", blank="unknown", other=UNLISTED, added=added)
    if not reading.has("broad_type"):
        return attack
    where = attack.is_any("unknown")
    broad = read_words(
        reading, "attack_type", key="broad_type", blank="unknown", other=UNLISTED, added=added, where=where
    )
    return attack.replaced(where, broad)


def _targets_in_words(reading: Reading, attack: Labels, is_blank: Mask) -> Labels:
    """Return the target that the words for what was done name, "unknown" where they name none; notes those used.

    Whose people were killed states no target: bystanders die as well.
    """
    if not is_blank.any():
        return Labels.same("unknown", len(reading))
    words, codes = reading.words("attack_type")
    named = {word: code for word in words if (code := target_in(word)) is not None}
    found = Labels([named.get(word, "unknown") for word in words], codes)
    found = found.replaced(attack.is_any("state_operation", "air_strike_state"), "unknown")
    where = is_blank & ~found.is_any("unknown")
    reading.note_words(where, NoteKind.TARGETS_IN_WORDS, "attack_type", named, "target_type")
    return found


def named_groups(reading: Reading) -> dict[str, pa.Array]:
    """Return the group as named, without words for a claim, and on what the name rests where the cell says it.

    Both are text with nulls, shape (n,), by canonical column.
    """
    words, codes = reading.words("group")
    claims = [read_claim(word) for word in words]
    said = {word: _group_id(name) for word, (name, code) in zip(words, claims, strict=True) if name != word or code}
    reading.note_words(spread((word in said for word in words), codes, False), NoteKind.CLAIMS_READ, "group", said)
    names = [None if folded_word(name) in _NO_GROUP else name for name, _ in claims]
    return {
        "group_reported": spread_arrow(names, codes, pa.string()),
        "attribution": spread_arrow([code for _, code in claims], codes, pa.string()),
    }


def _added(reading: Reading, field: str) -> dict[str, str]:
    """Return the folded words of a field to which a person gave a meaning, with their codes."""
    return {folded_word(word): code for word, code in (reading.options.values or {}).get(field, {}).items()}


def _group_ids(reading: Reading) -> Labels:
    """Return group keys as a person said, else by the table of groups; a blank cell is "unid"."""
    added = _added(reading, "group")
    words, codes = reading.words("group")
    listed = [_group_id(read_claim(word)[0]) for word in words]
    found = [added.get(folded_word(word), key) for word, key in zip(words, listed, strict=True)]
    chosen = {word: key for word, key, own in zip(words, found, listed, strict=True) if key != own}
    reading.note_words(spread((word in chosen for word in words), codes, False), NoteKind.WORDS_CHOSEN, "group", chosen)
    unlisted = (key == "other" and word not in chosen for word, key in zip(words, found, strict=True))
    reading.note_words(spread(unlisted, codes, False), NoteKind.OTHER_WORDS, "group")
    return Labels(found, codes)


def read_claim(text: str) -> tuple[str, str | None]:
    """Return the group of a cell without the words for a claim, and "claimed", "none" or None where it says neither."""
    for pattern, code in ((_NO_CLAIM, "none"), (_CLAIM, "claimed")):
        if len(text) <= _LONGEST_NAME and pattern.search(text):
            name = " ".join(pattern.sub(" ", text).split()).strip(_AROUND)
            # Of a group that is named although nobody claimed it, the name rests on something else.
            return name, code if bool(name) == (code == "claimed") else None
    return text, None


def _group_id(name: str) -> str:
    """Return the key of a group; "unid" also for words that state nothing and for unknown people of any kind."""
    if folded_word(name) in _NO_GROUP or not any(map(str.isalnum, name)):
        return "unid"
    words = normalise_name(name).split() or [""]
    is_unknown = words[0] in _UNKNOWN and all(group_id(word) in ("unid", "other") for word in words)
    return "unid" if is_unknown else group_id(name)
