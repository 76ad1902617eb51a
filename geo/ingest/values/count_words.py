"""Counts of people beside words: which number of a cell is that of its column, as 2 of "2 killed, 5 injured"."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from geo.ingest.values.toll_words import fates, folded, phrases, read_words, toll_words
from geo.ingest.values.words import by_tokens

_TOTAL, _VICTIMS, _MILITANTS = "killed_total", "killed_victims", "killed_militant"
_FORCES = frozenset({"killed_forces", "killed_police", "killed_military"})
# Also between "2 killed" and "5 injured" without a mark.
_SEPARATOR = re.compile(r"\s*(?:[,;&+/،]|(?<=[^\W\d_]):(?=\s*\w+\s+[^\W\d_])|\band\b|\bاور\b)\s*")
_NEXT_NUMBER = re.compile(r"(?<=[^\W\d])\s+(?=\d)")
_NEXT_WORD = re.compile(r"(?<=\d)\s+(?=[^\W\d])")  # killed 2 injured 5
_AMONG = re.compile(r"\A(?:incl(?:uding|\.)?|of (?:which|whom|them))\s*")
_TIMES = re.compile(r"(?<=\d)\s*[x×*]\s*(?=[^\W\d])")  # 02 x FC
_WITH_BRACKETS = re.compile(r"([^()]*\w)\s*\(([^()]+)\)")
# Beside these the number of people is open, or the number before the brackets is not all of them.
_DOUBT = frozenset({"or", "plus", "missing", "not", "no", "more", "others", "another", "unconfirmed", "total"})
_ONLY_WORDS = re.compile(r"[\w\s().:-]+")


@dataclass(frozen=True, slots=True)
class People:
    """Whom a column counts. fate: "killed" or "injured". field: of the dead of one side, "" for any side.

    is_one_of_two: its cells state people of another fate as well, so each number needs a word for its own.
    """

    fate: str
    field: str
    is_one_of_two: bool = False

    def are(self, fate: str, field: str) -> bool:
        """Whether people of a fate and a side, "" for not named, can be those of the column."""
        is_fate = not fate or (fate == "injured") == (self.fate == "injured")
        if fate == "victims" and self.field == _MILITANTS:
            return False
        is_side = not field or self.field in ("", field)
        is_wider = self.field == _VICTIMS and field != _MILITANTS
        return is_fate and (is_side or is_wider or (self.field == "killed_forces" and field in _FORCES))


@dataclass(frozen=True, slots=True)
class _Named:
    number: int
    fate: str
    field: str
    part: str
    are_people: bool


def people_of(key: str, name: str) -> People | None:
    """Return whom a column counts. key: its field; name: as the table calls it. None for what counts no people."""
    field = key.split(" ")[0]
    if field not in (_TOTAL, _VICTIMS, _MILITANTS, "killed_civilian", "injured_total", *_FORCES):
        return None
    if field != "injured_total":
        return People("killed", "" if field == _TOTAL else field)
    sides = _sides(re.findall(r"[^\W\d_]+", folded(name.casefold())))
    return People("injured", sides.pop()[0] if len(sides) == 1 else "")


def number_of(plain: str, column: People, number: Callable[[str], int | None]) -> int | bool | None:
    """Return the number of a cell that is the column's; False if all are of other people; None if it is unclear.

    plain: the text, lower case, in single spaces. number: reads one number, in digits or words. Numbers of several
    sides are added for a column of them all. A number whose words are not all known is unclear.
    """
    whole = _TIMES.sub(" ", plain)
    if not _ONLY_WORDS.fullmatch(_SEPARATOR.sub(" ", whole)):
        return None
    if (parts := _WITH_BRACKETS.fullmatch(whole)) and _are_casualties(parts[1]) and fates(re.findall(r"\w+", parts[2])):
        whole = _AMONG.sub("", parts[2])
    elif parts and _is_other_fate(parts[1], parts[2]):
        whole = f"{parts[1]}, {parts[2]}"
    elif parts:
        return _before_brackets(parts[1], parts[2], column, number)
    texts = [text for part in _SEPARATOR.split(whole) for text in _texts(part)]
    # "8 casualties" are those whose fates stand beside it.
    told = (
        [text for text in texts if not _are_casualties(text)]
        if fates(re.findall(r"[^\W\d_]+", folded(whole)))
        else texts
    )
    found = [_named(text, number) for text in told]
    named = [one for one in found if one is not None]
    if len(named) < len(found) or not any(one.are_people for one in named):
        return None
    if column.is_one_of_two and not all(one.fate for one in named):
        return None
    own = [one for one in named if column.are(one.fate, one.field)]
    if not own:
        return False
    if len(own) == 1:
        return own[0].number
    are_apart = all(one.field for one in own) and len({(one.field, one.part) for one in own}) == len(own)
    return sum(one.number for one in own) if are_apart and len({one.fate for one in own}) == 1 else None


def _before_brackets(
    text: str, brackets: str, column: People, number: Callable[[str], int | None]
) -> int | bool | None:
    """Return the number before brackets that count others or some of them; None where that is left open.

    It is 3 of "3 (2 injured)" in a column of people killed, 2 of "2 killed (1 police, 1 FC)", and 1 of "1 (driver)": a
    remark without a number is none on how many they are, unless it says "or" and the like. Neither what was done, "3
    (attack on police)", nor fewer people of another side, "3 (1 FC)", say that all are others; "1 (police)" does.
    """
    words, whole = re.findall(r"\w+", folded(brackets)), _named(text, number)
    others, said = [word for word in words if number(word) is None], fates(words)
    n_described = sum(read for word in words if (read := number(word)) is not None)
    is_of_all = len(others) == len(words) or whole is None or n_described >= whole.number
    is_occasion = not said and len(others) == len(words) and by_tokens("attack_type", brackets) is not None
    if is_of_all and not is_occasion and any(not column.are("", field) for field, _ in _sides(words)):
        return False
    is_of_others = bool(said) and not any(column.are(fate, "") for fate in said)
    if whole is None or _DOUBT.intersection(words) or (column.is_one_of_two and not whole.fate):
        return None
    if len(others) == len(words):
        return False if is_of_others or not column.are(whole.fate, whole.field) else whole.number
    is_of_some = _read_people(others) is not None and n_described <= whole.number
    if not is_of_others and not is_of_some:
        return None
    return whole.number if column.are(whole.fate, whole.field) else False


def _is_other_fate(text: str, brackets: str) -> bool:
    """Whether a text and brackets behind it each state a number and a fate, one of them the injured."""
    said = [fates(re.findall(r"\w+", folded(one))) for one in (text, brackets) if re.search(r"\d", one)]
    return len(said) == 2 and all(said) and ("injured" in said[0]) != ("injured" in said[1])


def _are_casualties(text: str) -> bool:
    """Whether a text is a number of people whose fate its words leave open, "8 casualties", or such a word alone."""
    words = re.findall(r"[^\W\d_]+", folded(text))
    read = read_words(words) or []
    return any(kind == "ambiguous" for kind, _ in read) and not fates(words)


def _texts(part: str) -> list[str]:
    if part[:1].isdigit():
        return _NEXT_NUMBER.split(part)
    return _NEXT_WORD.split(part) if len(re.findall(r"\d+", part)) > 1 else [part]


def _named(text: str, number: Callable[[str], int | None]) -> _Named | None:
    """Return the one number of a part of a cell with what its words say, or None if some word is not known."""
    words = re.findall(r"\w+", text)
    numbers = {place: read for place, word in enumerate(words) if (read := number(word)) is not None}
    others = [folded(word) for place, word in enumerate(words) if place not in numbers]
    said, sides = fates(others), _sides(others)
    people = _read_people(others)
    if len(numbers) != 1 or len(said) > 1 or len(sides) > 1 or people is None:
        return None
    field, part = next(iter(sides), ("", ""))
    return _Named(next(iter(numbers.values())), next(iter(said), ""), field, part, people)


def _read_people(words: list[str]) -> bool | None:
    """Return whether words go with a number of people, or None if one is not known or leaves open what was counted."""
    read = read_words([word for word in words if ("people", word) not in toll_words()])
    if read is None or {"bound", "ambiguous"} & {kind for kind, _ in read}:
        return None
    return bool(words)


def _sides(words: list[str]) -> set[tuple[str, str]]:
    """Return the sides that words name, of two words in a row also where one of them alone is a side."""
    known = [toll_words()["side", phrase] for phrase in phrases(words) if ("side", phrase) in toll_words()]
    return {side for side in known if side[0] != _TOTAL}
