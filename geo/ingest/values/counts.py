"""Counts of people and reports: whole numbers, ranges, and what is not stated."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.codes import Codes, spread
from geo.ingest.notes import NoteKind
from geo.ingest.tables import CellError
from geo.ingest.values.both_fates import Pair, in_words, pair_of
from geo.ingest.values.cells import NOT_STATED, Reading, integers, latin_digits
from geo.ingest.values.count_words import People, number_of, people_of
from geo.problems import ProblemCode
from geo.vocabularies import rows
from geo.wording import text

LARGEST_COUNT = 100_000
_NUMBERS = {word: int(value) for word, value in rows("number_words", "word", "value")}
# What police tables write where there was nobody. "None" is not among them: programs write it for a missing cell.
_TENS = range(20, 100, 10)
_NIL = frozenset(word for word, value in _NUMBERS.items() if value == 0)
_WHOLE = re.compile(r"\d{1,9}(?:\.0+)?\Z")
# No thousands: these have three digits behind the comma.
_WHOLE_WITH_COMMA = re.compile(r"(\d{1,9}),(?:0|00|0{4,})\Z")
_WHOLE_BY_ANSWER = re.compile(r"(\d{1,9}),0+\Z")
_FRACTION = re.compile(r"\d{1,9}\.\d+\Z")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+\Z")
_RANGE = re.compile(r"(\w{1,9})\s*(?:-|–|—|~|\bto\b|\bor\b)\s*(\w{1,9})\Z|between\s+(\w{1,9})\s+and\s+(\w{1,9})\Z")
_AT_LEAST = re.compile(
    r"(?:at\s*least|minimum|min\.?|not less than|more than|over|above|>=?|≥)\s*(\w[\w ]{0,15})\Z"
    r"|(\w{1,9})\s*(?:\+|plus)\Z"
)
# "About 5" is the figure 5: what it may be instead is not said.
_ABOUT = re.compile(r"\A(?:approx(?:\.|imately)?|about|around|nearly|almost|some|circa|ca?\.|~)\s*(?=\w)")
_BEYOND_DIGITS = re.compile(r"[^\d\s.,]")
_INCLUDING = re.compile(r"\A([\w ]{1,30}),? (incl(?:uding|\.)? [^()]+)\Z")
_BARE_BEFORE = re.compile(r"(\d+) ?(\([^()]*\d[^()]*\))")
_FOOTNOTE = re.compile(r"(?<=[\w+])(?:\s*(?:[*†‡#^]+|\[(?:note )?\w{1,3}\]))+\Z")  # 6*, 4[1][a], 63+[2]


def _verb(*meant: str) -> re.Pattern[str]:
    """Return a pattern for a word at the end of a cell that says what happened to the people counted."""
    found = rows("toll_columns", "kind", "word", "field", "part", n_keys=2)
    words = "|".join(re.escape(word) for kind, word, field, _part in found if kind == "verb" and field in meant)
    return re.compile(rf"\s+(?:were\s+)?(?:{words})\Z", re.IGNORECASE)


# "3 killed" in a column of people killed says 3, in one of people injured nothing.
_VERBS = {"killed": _verb("killed", "victims"), "injured": _verb("injured")}
_PEOPLE = re.compile(r"\s+(?:persons?|people|men|individuals?)\Z")
_KINDS_OF_PEOPLE = frozenset(
    word
    for kind, words, field, _part in rows("toll_columns", "kind", "word", "field", "part", n_keys=2)
    if kind in ("side", "people", "group", "condition") and field != "killed_total"
    for word in (*words.split(), "persons", "people", "child", "attacker", "bomber", "bombers")
)
# 1 (one), one (1)
_TWICE = re.compile(r"(\w+)\s*\((\w+)\)\Z")
# "3 (2 police)" and "4 (incl. a child)" are 3 and 4: some of them are described, all in "3 (police)". Others, as in
# "2 (plus 3 militants)", or another figure, as in "3 (or 4)" and "5 (2 missing)", leave open what was counted.
_SOME_OF_THEM = re.compile(r"(\w{1,9})\s*\((\w[\w\s,.;&]{0,59})\)\Z")
_SUICIDE = re.compile(r"\bsuicide\s+(?=bomber|attacker)")
_THEM = frozenset({"incl", "including", "them", "whom", "all"})
_BETWEEN = frozenset({"a", "an", "the", "of", "and", "among", "were"})
_error = partial(CellError, ProblemCode.NUMBER)
_CORRECT = text("Correct the cell.")
_LONGEST_COUNT = 100  # characters: a longer text is no count, and patterns take long over it
_NO_NUMBER = CellError(
    ProblemCode.MISSING, text("The number of incidents is empty."), text("Without it the row cannot be counted.")
)
_ZERO_EVENTS = _error(text("The row states zero events: it holds no incident."), text("No action needed."))


@dataclass(frozen=True, slots=True)
class Count:
    """A count as a cell states it; None is not stated.

    For a range and for "at least 3" the minimum is `best`, so that no figure is invented.
    """

    best: int | None = None
    low: int | None = None
    high: int | None = None


# Of a cell whose words say that its numbers are of other people than the column counts.
OF_OTHERS = Count()


def parse_count(cell: str, *, allow_range: bool = False, decimal_mark: str | None = None) -> Count | CellError:
    """Return the count of a cell: 3, 3.0, 1,234, Urdu digits, nil; with allow_range also 3-5 and "at least 3".

    Numbers in words ("two"), 1 (one), "3 persons" and "approx. 5" are read as well. Where the comma is the decimal
    mark, 1,234 is no whole number. 3,0 is 3 wherever it is not answered otherwise: it cannot be thousands.
    """
    plain = _FOOTNOTE.sub("", _plain(cell))
    if plain in NOT_STATED:
        return Count()
    if len(plain) > _LONGEST_COUNT:
        return _no_count(plain[:_LONGEST_COUNT])
    if whole := (_WHOLE_BY_ANSWER if decimal_mark == "," else _WHOLE_WITH_COMMA).match(plain):
        plain = whole[1]
    if decimal_mark != "," and _GROUPED.match(plain):
        plain = plain.replace(",", "")
    if _WHOLE.match(plain):
        value = int(float(plain))
        if value > LARGEST_COUNT:
            return _error(text("The count is above {largest}.", largest=LARGEST_COUNT), _CORRECT)
        return Count(value)
    plain = _PEOPLE.sub("", _ABOUT.sub("", plain, count=1))
    number = _number(plain)
    if number is not None:
        return Count(number)
    return _range_of(plain) if allow_range else _no_count(plain)


def counts(reading: Reading, key: str, not_stated: Collection[str] = (), *, rounds: bool = False) -> pa.Array:
    """Return a column of counts, int32, null where not stated; what cannot be read is not stated, and noted.

    Of a range the minimum counts: the range of a part is not that of the toll. not_stated: codes of the source for
    "unknown", such as -99. rounds: fractions are rounded, for a source that shares a toll among linked rows.
    """

    def prepare(cell: str) -> str:
        if cell in not_stated:
            return ""
        return str(round(float(cell))) if rounds and _FRACTION.match(cell) else cell

    values, codes = _ranged(reading, key, NoteKind.RANGES_OF_PARTS, prepare)
    return integers([value.best if value else None for value in values], codes)


def count_ranges(reading: Reading, key: str) -> tuple[pa.Array, pa.Array, pa.Array]:
    """Return best, low and high of a column of counts in which ranges are allowed, int32, null not stated."""
    values, codes = _ranged(reading, key, NoteKind.RANGES_KEPT)
    best = integers([value.best if value else None for value in values], codes)
    low = integers([value.low if value else None for value in values], codes)
    high = integers([value.high if value else None for value in values], codes)
    return best, low, high


def event_counts(reading: Reading, key: str, *, is_required: bool = False) -> pa.Array:
    """Return the number of events that each row sums up, int32; zero is refused.

    is_required: a blank or unreadable cell is refused, for rows that are nothing but that number; otherwise it is 1.
    """
    if is_required:
        mark = reading.decimal_mark
        found, codes = reading.each(key, lambda cell: parse_count(cell, allow_range=True, decimal_mark=mark))
        numbers = integers([one.best if one else None for one in found], codes)
        missing = np.asarray(pc.is_null(numbers)) & ~reading.refusals.refused
        reading.refuse(missing, key, _NO_NUMBER)
    else:
        numbers = counts(reading, key)
    reading.refuse(np.asarray(pc.fill_null(pc.equal(numbers, 0), False)), key, _ZERO_EVENTS)
    return pc.fill_null(numbers, pa.scalar(1, pa.int32()))


def _ranged(
    reading: Reading, key: str, kind: NoteKind, prepare: Callable[[str], str] = str
) -> tuple[Sequence[Count | None], Codes]:
    """Parse a column of counts in which ranges are allowed; kind: of the note if it holds one."""
    mark = reading.decimal_mark

    verb = _VERBS.get(key.split("_")[0])
    people = people_of(key, reading.name_of(key)) if reading.has(key) else None
    pair = pair_of(reading.name_of(key)) or Pair("killed_total") if _holds_both(reading, key) else None

    def parse(cell: str) -> Count | CellError:
        if pair and people:
            return count_of_both(prepare(" ".join(cell.split())[: _LONGEST_COUNT + 1]), people, pair)
        # White space in one piece and no long text: the pattern would try every length of it.
        plain = prepare(" ".join(cell.split())[: _LONGEST_COUNT + 1])
        own = _own_number(plain, people)
        if own is not None:
            return Count(own) if own is not False else OF_OTHERS
        plain = verb.sub("", plain) if verb else plain
        return parse_count(plain, allow_range=True, decimal_mark=mark)

    values, codes = reading.each_readable(key, parse, NoteKind.UNREADABLE_COUNTS)
    _note_words(reading, key, values)
    if any(value is not None and value.low is not None for value in values):
        reading.note(kind)
    return values, codes


def _holds_both(reading: Reading, key: str) -> bool:
    """Whether the column of a field states people killed and people injured in one cell."""
    fates = {field.partition("_")[0] for field in reading.fields_of(key)} if reading.has(key) else set()
    return {"killed", "injured"} <= fates


def count_of_both(cell: str, people: People, pair: Pair) -> Count | CellError:
    """Return the people of a column's fate in a cell that may state the killed and the injured.

    A number without a word is read only where the name of the column says what it counts.
    """
    plain = _plain(cell)
    if plain in NOT_STATED:
        return Count()
    if plain in _NIL or plain.strip("0") == "":
        return Count(0)
    if (part := pair.part(plain, people.fate)) is not None:
        other = pair.part(plain, "injured" if people.fate == "killed" else "killed") or ""
        read = [parse_count(one, allow_range=True) for one in (part, other)]
        return next((one for one in read if isinstance(one, CellError)), read[0])
    own = plain if pair.bare == people.fate else _with_fate(plain, pair)
    found = _own_number(in_words(own), replace(people, is_one_of_two=pair.bare != people.fate))
    if found is not None:
        return Count(found) if found is not False else Count()
    if not pair.bare:
        return _error(text("Which number is of the killed and which of the injured is not stated."), _CORRECT)
    return parse_count(cell, allow_range=True) if pair.bare == people.fate else Count()


def states_both(cell: str, pair: Pair) -> int:
    """Return how many of the killed and the injured a cell states by its words or its order, 0 to 2."""
    plain = _plain(" ".join(cell.split())[: _LONGEST_COUNT + 1])
    if not re.search(r"\d", plain) and not set(plain.split()) & _NUMBERS.keys():
        return 0
    sides = (People("killed", "" if pair.field == "killed_total" else pair.field, True), People("injured", "", True))
    if pair.part(plain, "killed") is not None:
        return 2 * all(isinstance(count_of_both(plain, people, pair), Count) for people in sides)
    named = [_own_number(in_words(_with_fate(plain, pair)), people) for people in sides]
    return sum(number is not None and number is not False for number in named) if None not in named else 0


def _with_fate(plain: str, pair: Pair) -> str:
    """Return "3 (2 injured)" with the fate that the name of the column gives a number alone: "3 killed (2 injured)"."""
    told = _BARE_BEFORE.fullmatch(plain)
    return f"{told[1]} {pair.bare} {told[2]}" if told and pair.bare else plain


def _own_number(cell: str, people: People | None) -> int | bool | None:
    """Return the number that words in a cell say to be the column's, False for other people's, None if none say it."""
    plain = _plain(cell)
    if people is None or not _BEYOND_DIGITS.search(plain) or len(plain) > _LONGEST_COUNT or plain in _NUMBERS:
        return None
    found = number_of(plain, people, _number)
    return None if found is not False and found is not None and found > LARGEST_COUNT else found


def _plain(cell: str) -> str:
    """Return a cell as it is compared, without a full stop; what "including" tells of some stands in brackets."""
    plain = " ".join(latin_digits(cell).casefold().split())
    return _INCLUDING.sub(r"\1 (\2)", plain[:-1] if re.fullmatch(r"\w+\.", plain) else plain)


def _note_words(reading: Reading, key: str, values: Sequence[Count | None]) -> None:
    """Note how words in a column of counts were read: nil states zero, a dash states nothing, "two" is 2."""
    words, codes = reading.words(key)
    is_of_others = spread((value is OF_OTHERS for value in values), codes, False)
    reading.note_words(is_of_others, NoteKind.COUNTS_OF_OTHERS, key)
    with_comma = spread((_WHOLE_WITH_COMMA.match(latin_digits(word)) is not None for word in words), codes, False)
    if with_comma.any():
        reading.note_rows(with_comma, NoteKind.WHOLE_WITH_COMMA, key, column=reading.name_of(key))
    for meant, kind in ((_NIL, NoteKind.WORDS_FOR_ZERO), (NOT_STATED - {""}, NoteKind.WORDS_FOR_NOT_STATED)):
        is_word = spread((_plain(word) in meant for word in words), codes, False)
        if is_word.any():
            reading.note_rows(is_word, kind, key, column=reading.name_of(key))
    read = {
        word: str(value.best)
        for word, value in zip(words, values, strict=True)
        if value and value.best is not None and value.low is None and _is_in_words(word)
    }
    if read:
        reading.note_words(spread((word in read for word in words), codes, False), NoteKind.NUMBERS_IN_WORDS, key, read)


def _is_in_words(cell: str) -> bool:
    plain = _plain(cell)
    return bool(_BEYOND_DIGITS.search(plain)) and plain not in _NIL


def _number(plain: str) -> int | None:
    """Return the number that digits or a word state, also when stated twice in one writing each; else None."""
    if plain in _NUMBERS:
        return _NUMBERS[plain]
    if _WHOLE.match(plain):
        return int(float(plain))
    tens, _, units = plain.replace("-", " ").partition(" ")
    if _NUMBERS.get(tens, 0) in _TENS and 0 < _NUMBERS.get(units, 0) < 10:
        return _NUMBERS[tens] + _NUMBERS[units]
    if (match := _TWICE.match(plain)) and (again := _number(match[2])) is not None:
        return again if again == _number(match[1]) else None
    if (match := _SOME_OF_THEM.match(plain)) and (whole := _number(match[1])) is not None:
        return whole if _describes_some(match[2], whole) else None
    return None


def _describes_some(brackets: str, whole: int) -> bool:
    """Whether a text in brackets says who the people counted are: "police", "2 police", "including a child"."""
    words = re.findall(r"\w+", _SUICIDE.sub("", brackets))
    numbers = {word: number for word in words if (number := _number(word)) is not None}
    is_known = set(words) <= _KINDS_OF_PEOPLE | _THEM | _BETWEEN | numbers.keys()
    is_of_them = bool(_THEM.intersection(words) or numbers) and words[0] not in _BETWEEN - {"of", "among"}
    if set(words) <= _KINDS_OF_PEOPLE | {"and"} and words[0] != "and":
        return whole > 0
    n_described = sum(numbers.get(word, 0) for word in words)
    return is_known and is_of_them and bool(_KINDS_OF_PEOPLE.intersection(words)) and n_described <= whole


def _range_of(plain: str) -> Count | CellError:
    if match := _RANGE.match(plain):
        low, high = _number(match[1] or match[3]), _number(match[2] or match[4])
        if low is None or high is None:
            return _no_count(plain)
        if low > high or high > LARGEST_COUNT:
            return _error(text("The range runs backwards or is too large."), text("Write it as 3-5."))
        return Count(low, low, high)
    if match := _AT_LEAST.match(plain):
        low = _number(match[1] or match[2])
        return _no_count(plain) if low is None or low > LARGEST_COUNT else Count(low, low, None)
    return _no_count(plain)


def _no_count(plain: str) -> CellError:
    if re.fullmatch(r"-\d+(\.\d+)?", plain):
        return _error(text("A count cannot be below zero."), text("Leave the cell empty if it is not known."))
    if re.fullmatch(r"\d+[.,]\d+", plain):
        return _error(text("A count is a whole number."), _CORRECT)
    hint = text("Write digits, 0 if there was nobody; leave the cell empty if it is not known.")
    return _error(text("This is not a whole number."), hint)
