"""What a word of a type, target or initiator means: as listed, or by the tokens in it.

The rules are geo/vocabularies/word_rules.csv. A rule is one or more parts, all of which must be in the text:
"check_post" is two words in a row, "explo*" any word that begins so. Rules with "!" before them go first: "averted"
says more than "suicide". Then the rule with the most parts wins, then the earlier one. Words after "not" and the like
(geo/vocabularies/negations.csv) decide nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, partial
from itertools import pairwise

from geo.ingest.notes import NoteKind
from geo.ingest.values.cells import Reading
from geo.ingest.values.choices import Meaning, accepted_words, choice, folded_word
from geo.ingest.values.labels import Labels, Mask
from geo.schema import ATTACK_TYPES, INITIATORS, TARGET_TYPES
from geo.vocabularies import codes, rows

VOCABULARIES = {"attack_type": ATTACK_TYPES, "target_type": TARGET_TYPES, "initiator": INITIATORS}
# Words of tables in use -> code; "fc" may be the Frontier Corps or the Constabulary.
OWN_WORDS: dict[str, dict[str, str]] = codes("own_words")
# Columns of published data sets whose words mean one code of a field.
_PUBLISHED = {
    "attack_type": (("gtd", "attacktype1_txt"), ("acled", "sub_event_type")),
    "target_type": (("gtd", "targtype1_txt"),),
}
# Between things in one cell; "&" and "and" may also be inside the name of one thing, so they come second.
_SEPARATORS = (re.compile(r"\s*[,;|/\n،؛]\s*"), re.compile(r"\s*(?:[&+]|\band\b|\bاور\b)\s*"))
_LONGEST_TEXT = 300  # characters that are looked at
_RETIRED = re.compile(r"\b(retd|rtd)\.")  # the dot ends no sentence
_WORDS_AND_MARKS = re.compile(r"[^\W_]+|[,;:().،؛]")
_TOKEN = re.compile(r"[^\W_]+")
# Whom something was done to: after "on" and the like, after "killing of", before "پر", or before "martyred" at the end
# of what is told, which may be followed by where and how.
_ON = re.compile(
    r"\b(?:on|against|upon|targeting|hit|hits|struck)\s+(.+)"
    r"|\b(?:fir\w+|shot|shots|hurled|lobbed|thrown|blast|attack)\s+at\s+(.+)"
    r"|\b(?:kill\w*|tk|murder|ambush|kidnap\w*|abduction|assassination|beheading|shooting|martyrdom|attack)\s+of\s+(.+)"
    r"|\A(.+?)\s+پر(?:\s|$)"
)
_OBJECT_ENDS = re.compile(
    r"[,;:.()،؛]|\b(?:by|in|on|at|to|near|outside|inside|during|from|after|when|while|with|who)\b"
)
_OF_WHO_ACTS = re.compile(r"(?:ambush|attack)\s+of\b")
_BY = re.compile(r"\bby\s")
_WAY = re.compile(r"\b(?:way|road|highway|bypass|route|motorway|street)\b")  # where something was, no target
_SUFFERED = re.compile(
    r"(.+?)\s+(?:was\s+|were\s+)?(?:martyred|killed|shot dead|gunned down|attacked|ambushed|targeted|kidnapped|abducted"
    r"|injured|wounded|assassinated|beheaded|shaheed|شہید|زخمی|جاں بحق)"
    r"(?=\s*$|\s*[,;:.()،؛]|\s+(?:in|by|at|near|during|when|outside|inside|on|after|from)\b)"
)
_LAST_PART = re.compile(r"[,;:.()،؛]")
_ATTACKED = re.compile(
    r"\b(?:(?:police|fc|army|military|levies|khasadar|security|security forces|sf|sfs|ctd|polio|traffic police)\s+"
    r"(?:party|parties|team|teams|mobile|van|patrol|vehicle|convoy|post|picket|station|worker|workers|chowki|line|lines)"
    r"|(?:\w+\s+)?check\s?-?(?:post|point)s?)\b"
)
_FORMS_OF_FIGHTING = frozenset({"armed_assault", "ambush", "targeted_killing", "clash_unspecified"})
_NO_ATTACKS = frozenset({"clash_unspecified", "disrupted_plot", "threat_other"})
# Too frequent to tell one thing from another, and left out of a text before rules look at it.
_SMALL_WORDS = frozenset({"a", "an", "of", "the"})


@cache
def listed_words(field: str) -> dict[str, str]:
    """Return folded word -> code of a field: codes and labels, words of published data sets and of tables in use."""
    words: dict[str, str] = {}
    for name, column in _PUBLISHED.get(field, ()):
        words |= {folded_word(word): code for word, code in codes(name)[column].items()}
    known = {word: code for word, code in words.items() if code in VOCABULARIES[field]}
    return known | OWN_WORDS.get(field, {}) | accepted_words(VOCABULARIES[field])


def by_tokens(field: str, text: str) -> str | None:
    """Return the code that the first rule of a field gives to a text, or None.

    field: attack_type, target_type, initiator, or begun_by: who began what a word of an attack type describes. What
    the state does to militants is an operation, also where it is called an attack or an ambush.
    """
    written = f" {' '.join(_tokens(_decisive(field, text)))} "
    found = next((code for parts, code in _rules(field) if all(part in written for part in parts)), None)
    is_on_militants = found in _FORMS_OF_FIGHTING and _object(text) == "militant"
    return "state_operation" if is_on_militants and by_tokens("begun_by", text) == "state" else found


def target_in(text: str) -> str | None:
    """Return the target that the words for what was done name, or None.

    It is whom an attack was on ("firing on check post"), who suffered ("constable martyred"), or a party, post or
    vehicle beside the word for an attack ("ambush, police mobile"). Who acts is no target: "firing by police".
    """
    text = " ".join(text.split())[:_LONGEST_TEXT].casefold()
    attack, began = by_tokens("attack_type", text), by_tokens("begun_by", text)
    if _ATTACKED.fullmatch(text):
        return by_tokens("target_type", text)
    if attack in (None, "state_operation", "air_strike_state") or began in ("state", "foreign"):
        return None
    if found := _object(text):
        return found
    if attack in _NO_ATTACKS or began not in (None, "militant"):
        return None
    sufferer = _SUFFERED.match(text)
    named = (
        _LAST_PART.split(sufferer[1])[-1]
        if sufferer
        else " ".join(_ATTACKED.findall(_decisive("target_type", text))[:1])
    )
    code = by_tokens("target_type", _OBJECT_ENDS.split(named)[0])
    return None if code in ("militant", "unknown") else code


def _object(text: str) -> str | None:
    """Return the code of whom or what an attack was on, by its words, or None.

    After "attack of" and "ambush of" militants are who acts, unless "by" says who else does; "on" names the target.
    """
    found = _ON.search(text[:_LONGEST_TEXT].casefold())
    named = next(filter(None, found.groups()), "") if found else ""
    whom = _whom(named)
    if found is None or not _OF_WHO_ACTS.match(found[0]):
        return whom
    aimed = _ON.search(named)
    if aimed is not None and not _WAY.search(aimed[0]):
        target, before = _whom(next(filter(None, aimed.groups()))), named[: aimed.start()]
    else:
        target, before = None, named
    acts_first = "militant" in (whom, target) and not _BY.search(before)
    return target if acts_first else whom


def _whom(named: str) -> str | None:
    whom = _OBJECT_ENDS.split(named)[0]
    return None if _WAY.search(whom) else by_tokens("target_type", whom)


def meaning(field: str, text: str) -> Meaning | None:
    """Return what a word that is not a code or label of a field is read as, or None.

    Of several things in one text, such as "Police, Private Citizens & Property", the first that can be read counts.
    """
    text = " ".join(text.split())[:_LONGEST_TEXT]
    whole = listed_words(field).get(folded_word(text))
    if whole is not None:
        return Meaning(whole, NoteKind.WORDS_READ)
    # What was done is one thing told at length, "search and clearance operation"; targets are several.
    for separator in _SEPARATORS if field == "target_type" else _SEPARATORS[:1]:
        read = [code for part in separator.split(text) if (code := _code(field, part)) is not None]
        if len(set(read)) > 1:
            return Meaning(read[0], NoteKind.SEVERAL_WORDS)
    found = by_tokens(field, text)
    return Meaning(found, NoteKind.WORDS_READ) if found is not None else None


def read_words(
    reading: Reading,
    field: str,
    *,
    blank: str,
    other: str,
    key: str = "",
    added: Mapping[str, str] | None = None,
    where: Mask | None = None,
) -> Labels:
    """Return the code of each row of a column of attack types, targets or initiators; no row is refused.

    key: of the column, the field's own unless given. added: folded word -> code, as a person said. other: code of
    words that nobody can read, listed in a note. where: rows that notes speak of, shape (n,) (None: all).
    """
    chosen, listed = added or {}, accepted_words(VOCABULARIES[field])
    return choice(
        reading,
        key or field,
        {word: code for word, code in listed.items() if word not in chosen},
        blank=blank,
        other=other,
        rule=partial(_as_chosen, field, chosen, listed),
        other_kind=NoteKind.UNKNOWN_WORDS if field == "initiator" else NoteKind.OTHER_WORDS,
        chosen=chosen,
        field=field,
        where=where,
    )


def _as_chosen(field: str, chosen: Mapping[str, str], listed: Mapping[str, str], text: str) -> Meaning | None:
    """Return the meaning that a person gave to a word, else that of `meaning`; what both say needs no note."""
    folded = folded_word(text)
    found = Meaning(listed[folded]) if folded in listed else meaning(field, text)
    code = chosen.get(folded)
    return found if code is None or (found and found.code == code) else Meaning(code, NoteKind.WORDS_CHOSEN)


def _code(field: str, text: str) -> str | None:
    code = listed_words(field).get(folded_word(text))
    return by_tokens(field, text) if code is None else code


def _decisive(field: str, text: str) -> str:
    """Return the words of a text that may decide: those after "not" or, of a target, "near" or "retired" do not.

    They are left out up to the next mark or word such as "but". "No" before a number stands for "number".
    """
    starts, ends = _negations(field), _negations("end")
    found, is_left_out = [], False
    plain = _RETIRED.sub(r"\1", text.casefold())
    for word, after in pairwise([*_WORDS_AND_MARKS.findall(plain), ""]):
        if word in starts and not after.isdigit() and after not in ("", "."):
            is_left_out = True
        elif is_left_out and (word in ends or not word[0].isalnum()):
            is_left_out = False
        if not is_left_out:
            found.append(word)
    return " ".join(found)


@cache
def _negations(field: str) -> frozenset[str]:
    return frozenset(word for one, word in rows("negations", "field", "word", n_keys=2) if one == field)


def _tokens(text: str) -> list[str]:
    words = [word for word in _TOKEN.findall(text.casefold()) if word not in _SMALL_WORDS]
    return [word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word for word in words]


@cache
def _rules(field: str) -> tuple[tuple[tuple[str, ...], str], ...]:
    """Return (parts, code) of the rules of a field in the order in which they are tried; parts as looked for."""
    found = []
    for column, words, code in rows("word_rules", "column", "words", "code", n_keys=2):
        if column == field:
            parts = words.removeprefix("!").split(" ")
            looked_for = tuple(_looked_for(part) for part in parts)
            found.append(((not words.startswith("!"), -len(parts)), looked_for, code))
    return tuple((parts, code) for _, parts, code in sorted(found, key=lambda one: one[0]))


def _looked_for(part: str) -> str:
    """Return a part of a rule with the spaces around it, as it stands among the tokens of a text."""
    plain = " ".join(_tokens(part.removesuffix("*").replace("_", " ")))
    return f" {part.removesuffix('*').replace('_', ' ')}" if part.endswith("*") else f" {plain} "
