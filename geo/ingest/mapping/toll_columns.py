"""Column names that state a toll: of which side, whether killed or injured, the least or the most.

The words are geo/vocabularies/toll_columns.csv. Several columns may be parts of one field (soldiers and the Frontier
Corps); two names of one part, or a total and its parts, are never both taken.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from geo.ingest.mapping.fields import FIELDS
from geo.ingest.mapping.name_words import split_words
from geo.ingest.tables import CellError, header_key
from geo.ingest.values.both_fates import Pair, pair_of
from geo.ingest.values.counts import parse_count, states_both
from geo.ingest.values.date_parts import Writing
from geo.ingest.values.date_writings import read_writing
from geo.ingest.values.toll_words import fates, folded, phrases, read_words, toll_words

# Fields that may be the sum of several columns.
SUMMED = ("killed_victims", "killed_police", "killed_military", "killed_forces", "killed_civilian", "killed_militant")
SUMMED_FIELDS = frozenset({"killed_total", "injured_total", *SUMMED})
_TOTAL = "killed_total"
# Killed and injured in one cell; a date has other marks or a year.
_WHOLE = re.compile(r"\d{1,3}\s*[/,&-]\s*\d{1,3}\Z|\d{1,4}\Z")
_WHOLES = {(True, _TOTAL, ""), (True, _TOTAL, "total"), (False, _TOTAL, ""), (False, _TOTAL, "total")}
# What survey programs write before the name of a question; beside a fate it says nothing more.
_OF_A_GROUP = re.compile(
    r"(?:gro?u?p|section|sec|[a-h])\d{0,2}|data|cas|casualt(?:y|ies)|toll|loss(?:es)?|incident|inc|event|attack"
)
_TOLD_BY = re.compile(
    r"(?P<toll>killed|dead|deaths|fatalities|injured|wounded|toll)_(?:by|per|source|as_per)?_?(?P<teller>\w+)"
)
_TELLERS = frozenset(
    {
        *("dawn", "press", "media", "newspaper", "newspapers", "news", "the_news", "tribune", "express_tribune", "bbc"),
        *("geo", "ary", "samaa", "ispr", "official", "officials", "government", "hospital", "rescue_1122", "locals"),
        *("satp", "pips", "picss", "acled", "ucdp", "crss", "gtd", "reuters", "afp", "ap", "witnesses", "claimed"),
    }
)
_FATAL = {"fatal": "killed", "non_fatal": "injured", "nonfatal": "injured"}
_REST = "not_specified"  # SATP's column of the dead of no known side


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
    key = folded(header_key(name))
    named = next((field for field in SUMMED_FIELDS if key in FIELDS[field].names), None)
    read = read_words(_without_group(_split(name)))
    if read is None or {kind for kind, _ in read} <= {"small", "group", "bound", "ambiguous"}:
        verb = "injured" if named == "injured_total" else "killed"
        return TollHead(_TOTAL if verb == "injured" else named, "", verb, "") if named else None
    sides = {toll_words()[kind, word] for kind, word in read if kind == "side"}
    verbs = {toll_words()[kind, word][0] for kind, word in read if kind in ("verb", "letter")}
    # "Shaheed/Killed" counts everybody who died.
    verbs -= {"victims"} if verbs == {"killed", "victims"} else set()
    bounds = [toll_words()[kind, word][0] for kind, word in read if kind == "bound"]
    # "Civilian casualties" may be the dead and the injured together.
    is_unclear = not verbs and any(kind == "ambiguous" for kind, _ in read)
    # "Police officials" are police; "officials" alone, or all of them, are a part of the dead that no field holds. The
    # Urdu word alone is used of the state's forces.
    groups = [toll_words()[kind, word] for kind, word in read if kind == "group"]
    if groups and not any(field != _TOTAL for field, _ in sides):
        sides = {group for group in groups if group[0]}
    is_group = bool(groups) and not any(field != _TOTAL for field, _ in sides)
    fields = {field for field, _ in sides}
    # "K" and "W" are letters of many words: they are the dead and the injured of a side.
    is_unclear |= _is_in_letters(read) and not fields - {_TOTAL}
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
    columns = _without_tellers(columns)
    heads = _heads_of_counts(columns)
    if not _are_deaths(columns, heads):
        heads = {name: head for name, head in heads.items() if head.verb}
    found = _by_field(heads)
    found |= {field: names for field, names in _people(columns).items() if _is_open(field, found)}
    return found | _of_both(columns, found)


def _without_tellers(columns: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
    """Return the columns without those of one toll as several told it: "Killed (Dawn)" and "Killed (Police)".

    Beside a publisher "Police" says who told the figure, not who was killed; which of them counts a person must say.
    """
    told = [(name, match) for name in columns if (match := _TOLD_BY.fullmatch(header_key(name)))]
    stems = {match["toll"] for _, match in told if match["teller"] in _TELLERS}
    several = {stem for stem in stems if sum(match["toll"] == stem for _, match in told) > 1}
    left_out = {name for name, match in told if match["toll"] in several}
    return {name: texts for name, texts in columns.items() if name not in left_out}


def _of_both(columns: Mapping[str, Sequence[str]], found: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Return field -> columns whose cells state people killed and injured, for fields that no other column states.

    Half of the cells have to say both; of a column that is named after the killed alone, one.
    """
    killed: dict[str, list[str]] = {}
    injured: dict[str, list[str]] = {}
    for name, texts in columns.items():
        pair = pair_of(name)
        if pair is None or pair.field in killed or found.get(pair.field, [name]) != [name]:
            continue
        if not _hold_both(pair, texts):
            continue
        killed[pair.field] = [name]
        injured.setdefault(pair.field, []).append(name)
    sums = injured.get(_TOTAL) or [name for names in injured.values() for name in names]
    return killed | ({"injured_total": sums} if sums and "injured_total" not in found else {})


def _hold_both(pair: Pair, texts: Sequence[str]) -> bool:
    filled = Counter(text for text in texts if text.strip())
    said = {text: states_both(text, pair) for text in filled}
    if pair.bare:
        return 2 in said.values()
    return bool(filled) and 2 * sum(n for text, n in filled.items() if said[text]) >= filled.total()


def propose_sides(columns: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Return field -> columns named by a side alone, where nothing says that they are deaths: a person must say it.

    Nothing is proposed in a table that states deaths or injuries in other columns.
    """
    heads = _heads_of_counts(columns)
    if any(fates(_split(name)) for name in columns) or any(head.verb for head in heads.values()):
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
    words = _split(name)
    people = [toll_words()["people", word] for word in words if ("people", word) in toll_words()]
    stated = fates(words)
    others = [word for word in words if ("people", word) not in toll_words() and ("small", word) not in toll_words()]
    if states_share(name) or len(people) != 1 or len(stated) != 1 or fates([" ".join(others)]) != stated:
        return None
    part, kind = people[0]
    return ("injured_total" if stated == {"injured"} else _TOTAL), part, kind == "sex"


def _is_open(field: str, found: Collection[str]) -> bool:
    """Return whether no other column states a toll of this field, nor a part or an end of it."""
    if field != _TOTAL:
        return field not in found
    return not {*SUMMED, _TOTAL, f"{_TOTAL}_low", f"{_TOTAL}_high"} & set(found)


def is_told_by_cells(name: str) -> bool:
    """Return whether the cells of a column must show that it counts people: "CIV K", "Fatal"."""
    return in_letters(name) or header_key(name) in _FATAL


def in_letters(name: str) -> bool:
    """Return whether the name of a column says by a letter alone that it states the dead or the injured."""
    read = read_words(_without_group(_split(name)))
    return read is not None and _is_in_letters(read)


def _is_in_letters(read: Sequence[tuple[str, str]]) -> bool:
    kinds = {kind for kind, _ in read}
    return "letter" in kinds and "verb" not in kinds


def _without_group(words: Sequence[str]) -> Sequence[str]:
    """Return the words of a name without a group of questions that they begin with, if the others state a fate."""
    while words and _OF_A_GROUP.fullmatch(words[0]) and fates(words[1:]):
        words = words[1:]
    return words


def _heads_of_counts(columns: Mapping[str, Sequence[str]]) -> dict[str, TollHead]:
    heads = {name: head for name in columns if (head := toll_head(name))} | _letters_alone(columns)
    heads |= _fatal_alone(columns)
    heads = {name: head for name, head in heads.items() if not in_letters(name) or are_counts(columns[name])}
    if any(head.field == "killed_forces" for head in heads.values()):
        # Beside "SF" the letters may stand for militants as well as for the military.
        heads = {name: head for name, head in heads.items() if "mil" not in _split(name)}
    return {name: head for name, head in heads.items() if head.verb or are_counts(columns[name])}


def _letters_alone(columns: Collection[str]) -> dict[str, TollHead]:
    """Return the two columns "K" and "W", which explain one another."""
    found = {header_key(name): name for name in columns}
    pair = {"k": TollHead(_TOTAL, "", "killed", ""), "w": TollHead(_TOTAL, "", "injured", "")}
    return {found[key]: head for key, head in pair.items()} if pair.keys() <= found.keys() else {}


def _fatal_alone(columns: Mapping[str, Sequence[str]]) -> dict[str, TollHead]:
    """Return the columns "Fatal" and "Non-fatal" if they count people: 1 and 0 alone mark whether somebody died."""
    found = {verb: name for name in columns if (verb := _FATAL.get(header_key(name)))}
    numbers = {text.strip().removesuffix(".0") for name in found.values() for text in columns[name]}
    if len(found) < 2 or numbers <= {"", "0", "1"}:
        return {}
    return {name: TollHead(_TOTAL, "", verb, "") for verb, name in found.items() if are_counts(columns[name])}


def _sides(heads: Mapping[str, TollHead]) -> set[str]:
    """Return the fields of the columns that are named by a side alone."""
    return {head.field for head in heads.values() if not head.verb} - {_TOTAL}


def _are_deaths(columns: Collection[str], heads: Mapping[str, TollHead]) -> bool:
    """Return whether the columns named by a side alone count deaths.

    They do where several sides stand beside a total, "Not specified" or "Incidents of killing", as in the tables of
    SATP, and no other column states deaths.
    """
    events = set(FIELDS["n_events"].names)
    deadly = [words for words in map(_split, columns) if fates(words) & {"killed", "victims"}]
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
    words = _split(name)
    is_unclear = any(("ambiguous", word) in toll_words() for word in words)
    names_both = (pair := pair_of(name)) is not None and bool(pair.fates)
    return bool(fates(words)) or is_unclear or names_both or header_key(name) in _FATAL or toll_head(name) is not None


def states_share(name: str) -> bool:
    """Return whether the name of a column says that it holds a percentage or a rate, never a number of people."""
    return any(("share", phrase) in toll_words() for phrase in phrases(_split(name)))


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
        head, stated = toll_head(name), fates(_split(name))
        is_new = head is None or ("injured" in stated, head.field, head.part) not in parts
        if is_new and any((verb == "injured") in open_verbs for verb in stated):
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


def _split(name: str) -> list[str]:
    """Return the words of a name as they are compared with the words of tolls."""
    return split_words(folded(name))
