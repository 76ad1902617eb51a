"""Column names that state a toll: of which side, whether killed or injured, the least or the most.

The words are geo/vocabularies/toll_columns.csv. Several columns may be parts of one field (soldiers and the Frontier
Corps); two names of one part, or a total and its parts, are never both taken.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from geo.ingest.mapping.fields import FIELDS
from geo.ingest.mapping.name_words import split_words
from geo.ingest.tables import CellError, header_key
from geo.ingest.values.counts import parse_count
from geo.ingest.values.date_parts import Writing
from geo.ingest.values.date_writings import read_writing
from geo.vocabularies import rows

# Fields that may be the sum of several columns.
SUMMED = ("killed_victims", "killed_police", "killed_military", "killed_forces", "killed_civilian", "killed_militant")
SUMMED_FIELDS = frozenset({"killed_total", "injured_total", *SUMMED})
_TOTAL = "killed_total"
# Killed and injured in one cell; a date has other marks or a year.
_WHOLE = re.compile(r"\d{1,3}\s*[/,&-]\s*\d{1,3}\Z|\d{1,4}\Z")
_WHOLES = {(True, _TOTAL, ""), (True, _TOTAL, "total"), (False, _TOTAL, ""), (False, _TOTAL, "total")}
_REST = "not_specified"  # SATP's column of the dead of no known side
_KINDS = ("side", "verb", "bound", "small", "group", "ambiguous")


@dataclass(frozen=True, slots=True)
class TollHead:
    """What the name of a column says. field: of the dead, also where the verb is of the injured.

    part: of the field, so that two names of one part are not summed. verb: killed, victims, injured or "" for names
    such as "Civilians". bound: low, high or "".
    """

    field: str
    part: str
    verb: str
    bound: str

    @property
    def assigned(self) -> str:
        """The field for which the column is proposed, whatever its bound."""
        return "injured_total" if self.verb == "injured" else self.field


def toll_head(name: str) -> TollHead | None:
    """Return what the name of a column says, or None if some word of it is not about a toll."""
    if states_share(name):
        return None
    key = header_key(name)
    named = next((field for field in SUMMED_FIELDS if key in FIELDS[field].names), None)
    read = _read(split_words(name))
    if read is None or {kind for kind, _ in read} <= {"small", "group", "bound", "ambiguous"}:
        verb = "injured" if named == "injured_total" else "killed"
        return TollHead(_TOTAL if verb == "injured" else named, "", verb, "") if named else None
    sides = {_words()[kind, word] for kind, word in read if kind == "side"}
    verbs = {_words()[kind, word][0] for kind, word in read if kind == "verb"}
    bounds = [_words()[kind, word][0] for kind, word in read if kind == "bound"]
    # "Civilian casualties" may be the dead and the injured together.
    is_unclear = not verbs and any(kind == "ambiguous" for kind, _ in read)
    # "Police officials" are police; "officials" alone, or all of them, are a part of the dead that no field holds.
    is_group = any(kind == "group" for kind, _ in read) and not any(field != _TOTAL for field, _ in sides)
    fields = {field for field, _ in sides}
    if len(verbs) > 1 or len(fields) > 1 or len(bounds) > 1 or is_unclear or is_group:
        return None
    verb = next(iter(verbs), "")
    # "Army/FC" names two forces of one side.
    field, part = next(iter(fields), _TOTAL), "/".join(sorted(part for _, part in sides))
    if verb == "victims" and field == _TOTAL:
        field = "killed_victims"
    return TollHead(field, part, verb, bounds[0] if bounds else "")


def propose_tolls(columns: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Return field -> columns of the tolls that the names of a table state; columns: name -> some of its texts.

    "Civilians" alone may be those hit, held or present: such names are deaths only by a sign of it (_are_deaths).
    """
    heads = _heads_of_counts(columns)
    if not _are_deaths(columns, heads):
        heads = {name: head for name, head in heads.items() if head.verb}
    found = _by_field(heads)
    return found | {field: names for field, names in _people(columns).items() if _is_open(field, found)}


def propose_sides(columns: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Return field -> columns named by a side alone, where nothing says that they are deaths: a person must say it.

    Nothing is proposed in a table that states deaths or injuries in other columns.
    """
    heads = _heads_of_counts(columns)
    if any(_verbs(split_words(name)) for name in columns) or any(head.verb for head in heads.values()):
        return {}
    return {} if _are_deaths(columns, heads) or len(_sides(heads)) < 2 else _by_field(heads)


def are_people(names: Sequence[str]) -> bool:
    """Return whether the columns of a toll count men, women and children apart."""
    return len(names) > 1 and all(_person(name) for name in names)


def _people(columns: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Return field -> columns that count men, women and children apart, two of them at least.

    They are parts of everybody killed or injured. Where both sexes are stated, as male and female, children may be
    among them: without their column the sum is the least that it can be.
    """
    found: dict[str, dict[str, str]] = {}
    sexes: dict[str, set[str]] = {}
    for name, texts in columns.items():
        person = _person(name)
        if person is not None and are_counts(texts):
            field, part, is_sex = person
            found.setdefault(field, {}).setdefault(part, name)
            sexes.setdefault(field, set()).update({part} if is_sex else ())
    for field, both in sexes.items():
        if len(both) > 1:
            found[field].pop("children", None)
    return {field: list(parts.values()) for field, parts in found.items() if len(parts) > 1}


def _person(name: str) -> tuple[str, str, bool] | None:
    """Return field, part, and whether it is a sex, of a name such as "Women killed"; None if another word is in it."""
    words = split_words(name)
    people = [_words()["people", word] for word in words if ("people", word) in _words()]
    verbs = _verbs(words)
    others = [word for word in words if ("people", word) not in _words() and ("small", word) not in _words()]
    if states_share(name) or len(people) != 1 or len(verbs) != 1 or _verbs([" ".join(others)]) != verbs:
        return None
    part, kind = people[0]
    return ("injured_total" if verbs == {"injured"} else _TOTAL), part, kind == "sex"


def _is_open(field: str, found: Collection[str]) -> bool:
    """Return whether no other column states a toll of this field, nor a part or an end of it."""
    if field != _TOTAL:
        return field not in found
    return not {*SUMMED, _TOTAL, f"{_TOTAL}_low", f"{_TOTAL}_high"} & set(found)


def _heads_of_counts(columns: Mapping[str, Sequence[str]]) -> dict[str, TollHead]:
    heads = {name: head for name in columns if (head := toll_head(name))}
    if any(head.field == "killed_forces" for head in heads.values()):
        # Beside "SF" the letters may stand for militants as well as for the military.
        heads = {name: head for name, head in heads.items() if "mil" not in split_words(name)}
    return {name: head for name, head in heads.items() if head.verb or are_counts(columns[name])}


def _sides(heads: Mapping[str, TollHead]) -> set[str]:
    """Return the fields of the columns that are named by a side alone."""
    return {head.field for head in heads.values() if not head.verb} - {_TOTAL}


def _are_deaths(columns: Collection[str], heads: Mapping[str, TollHead]) -> bool:
    """Return whether the columns named by a side alone count deaths.

    They do where several sides stand beside a total, "Not specified" or "Incidents of killing", as in the tables of
    SATP, and no other column states deaths.
    """
    events = set(FIELDS["n_events"].names)
    deadly = [words for words in map(split_words, columns) if _verbs(words) & {"killed", "victims"}]
    of_events = [words for words in deadly if events & set(words)]
    if len(deadly) > len(of_events) or any(head.verb in ("killed", "victims") for head in heads.values()):
        return False
    has_total = any(head.field == _TOTAL and not head.verb for head in heads.values())
    return len(_sides(heads)) > 1 and (has_total or bool(of_events) or _REST in map(header_key, columns))


def _by_field(heads: Mapping[str, TollHead]) -> dict[str, list[str]]:
    """Return field -> columns, each part once."""
    found: dict[str, list[str]] = {}
    for field in dict.fromkeys(head.assigned for head in heads.values()):
        of_field = {name: head for name, head in heads.items() if head.assigned == field}
        if field == _TOTAL:
            found |= _range(of_field)
        else:
            found[field] = _parts(of_field)
    return found


def looks_like_toll(name: str) -> bool:
    """Return whether the name of a column may be that of a toll, also of one that no field takes."""
    if states_share(name):
        return False
    words = split_words(name)
    is_unclear = any(("ambiguous", word) in _words() for word in words)
    return bool(_verbs(words)) or is_unclear or toll_head(name) is not None


def states_share(name: str) -> bool:
    """Return whether the name of a column says that it holds a percentage or a rate, never a number of people."""
    return any(("share", phrase) in _words() for phrase in _phrases(split_words(name)))


def states_most(name: str) -> bool:
    """Return whether the name of a column says that it holds the largest figure of a toll."""
    head = toll_head(name)
    return head is not None and head.bound == "high"


def parts_left_out(used: Mapping[str, Sequence[str]], left: Sequence[str]) -> list[str]:
    """Return the columns without which a sum of parts is incomplete: of the same verb, and of no part that is used.

    used: field -> names of its columns. left: names of columns that look like tolls and are not used.
    """
    heads = [head for field in SUMMED_FIELDS & used.keys() for name in used[field] if (head := toll_head(name))]
    parts = {(head.verb == "injured", head.field, head.part) for head in heads}
    # Where the whole is stated, no part is missing.
    open_verbs = {is_injured for is_injured, _, _ in parts} - {is_injured for is_injured, *_ in parts & _WHOLES}
    open_verbs -= {False} if _TOTAL in used else set()
    found = []
    for name in left:
        head, verbs = toll_head(name), _verbs(split_words(name))
        is_new = head is None or ("injured" in verbs, head.field, head.part) not in parts
        if is_new and any((verb == "injured") in open_verbs for verb in verbs):
            found.append(name)
    return found


def are_counts(texts: Sequence[str]) -> bool:
    """Return whether at least half of the texts can be counts of people."""
    wrong = sum(isinstance(parse_count(text, allow_range=True), CellError) for text in texts)
    return 2 * wrong <= len(texts)


def hold_numbers(texts: Sequence[str]) -> bool:
    """Return whether at least half of the texts hold a number, as in 2/5 or "2 killed", and are no dates."""
    numbered = [text for text in texts if re.search(r"\d", text)]
    dated = sum(isinstance(read_writing(text), Writing) and not _WHOLE.match(text.strip()) for text in numbered)
    return 2 * len(numbered) >= len(texts) > 0 and 2 * dated < len(numbered)


def _range(heads: Mapping[str, TollHead]) -> dict[str, list[str]]:
    """Return the columns of the total and of its least and largest figure; "Total killed" goes before "Killed"."""
    by_bound: dict[str, list[str]] = {}
    for name, head in sorted(heads.items(), key=lambda one: one[1].part == ""):
        by_bound.setdefault(head.bound, []).append(name)
    if len(by_bound) == 1:
        return {_TOTAL: next(iter(by_bound.values()))[:1]}
    fields = {"": _TOTAL, "low": f"{_TOTAL}_low", "high": f"{_TOTAL}_high"}
    return {fields[bound]: names[:1] for bound, names in by_bound.items()}


def _parts(heads: Mapping[str, TollHead]) -> list[str]:
    """Return the columns that are summed for a field: one for each part, the whole alone where it is stated."""
    order = ("", "low", "high")
    ranked = sorted(heads, key=lambda name: order.index(heads[name].bound))
    chosen: dict[tuple[str, str], str] = {}
    for name in ranked:
        head = heads[name]
        chosen.setdefault((head.field if head.part else "", head.part), name)
    whole = [name for (_, part), name in chosen.items() if part in ("", "total")]
    if whole:
        return whole[:1]
    alone = {part for _, part in chosen if "/" not in part}
    # Beside "FC" the column "Army/FC" may hold the same people.
    doubtful = {name for (_, part), name in chosen.items() if "/" in part and alone & set(part.split("/"))}
    return [name for name in heads if name in chosen.values() and name not in doubtful]


def _phrases(words: Sequence[str]) -> Iterator[str]:
    """Yield the words of a name, and each two or three of them in a row."""
    for length in (1, 2, 3):
        yield from (" ".join(words[place : place + length]) for place in range(len(words) - length + 1))


def _verbs(words: Sequence[str]) -> set[str]:
    """Return what the verbs among the words of a name say: killed, victims, injured."""
    return {_words()["verb", phrase][0] for phrase in _phrases(words) if ("verb", phrase) in _words()}


def _read(words: Sequence[str]) -> list[tuple[str, str]] | None:
    """Return (kind, word) of the words of a name, longest phrases first, or None if one is not known."""
    found: list[tuple[str, str]] = []
    place = 0
    while place < len(words):
        for length in (3, 2, 1):
            phrase = " ".join(words[place : place + length])
            kind = next((kind for kind in _KINDS if (kind, phrase) in _words()), None)
            if kind is not None and len(words) - place >= length:
                found.append((kind, phrase))
                place += length
                break
        else:
            return None
    return found


@cache
def _words() -> dict[tuple[str, str], tuple[str, str]]:
    """Return (kind, word) -> (field or what it means, part)."""
    return {
        (kind, word): (field, part)
        for kind, word, field, part in rows("toll_columns", "kind", "word", "field", "part", n_keys=2)
    }
