"""Which field each column of an unknown table may hold: by its name, its words and its cells."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from geo.ingest.mapping.content_signs import SIGNS
from geo.ingest.mapping.fields import FIELDS, NO_FIELD, SERIAL_NAMES
from geo.ingest.mapping.finer_kinds import BROAD, finest
from geo.ingest.mapping.name_words import fitting, is_of_incident, split_words, without_question
from geo.ingest.mapping.toll_columns import (
    SUMMED_FIELDS,
    are_counts,
    propose_sides,
    propose_tolls,
    states_share,
    toll_head,
)
from geo.ingest.mapping.word_proposals import CLOSE_RATIO
from geo.ingest.tables import header_key, plain_key
from geo.ingest.values.both_fates import pair_of
from geo.ingest.values.date_questions import SUBMITTED
from geo.ingest.values.financial_years import FINANCIAL_NAMES
from geo.ingest.values.point_text import hold_points
from geo.wording import N_

BY_NAME = N_("by name")
BY_POINTS = N_("its cells are points on the map")
_CELLS_SCORE = 97.0  # below the names of columns with both coordinates
_POINT_SCORE = 98.0  # below the plain names "latitude" and "longitude"
_SIDE_SCORE = 50.0  # below every sign in the cells
_BY_SIDE = N_("by the name of a side: only if it counts the dead")
_SHARE = N_("it states a share or a rate, not a number")
_FINEST_SCORE = 120.0  # above every name
_SCORE_BY_WORDS = 95.0  # below every name in use
_FINANCIAL_SCORE = 94.0  # below every other column of years
_OF_INCIDENT = 10.0  # lifts a name such as "Attack date" above every name that does not say whose it is
# A column of whole dates is none of these, whatever its name: it is often named "Day".
_PARTS_OF_A_DATE = ("year", "month", "day")
# A group of questions is no part of a name if its words say nothing more: "section_b2/date", but not "report/date".
_OF_A_GROUP = re.compile(
    "groups?|grp|sec|section|part|page|form|module|survey|questions?|data|info|information|details?|basic|general|main"
    "|incidents?|inc|event|attack|occurrence|when|where|location|loc|geo|place|[a-z]|[a-z]*[0-9][a-z0-9]*"
    "|attributes|properties|fields|record|source|item|node"
)
# "S.No" and "No. of killed" have no group.
_RECORD = re.compile(r"([^\W\d]{2,}(?:\.[^\W\d]{2,})*\.)([^\W\d]\w+)")
_GROUPED = re.compile(r"(.*/|[^\W\d]\w*:(?=\w))([^/]*)", re.DOTALL)
# Survey programs write the error of the receiver beside a point; it is no precision of the place.
_OF_DEVICE = re.compile(r"_(?:precision|accuracy|altitude)$")
_DEVICE = N_("it is what the receiver stated about a point, in metres")


@dataclass(frozen=True, slots=True)
class ColumnProposal:
    """A column that may hold a field. score: 0 to 100; why: sentence marked for translation, as "by name"."""

    field: str
    column: str
    score: float
    why: str


def propose_columns(columns: Mapping[str, Sequence[str]]) -> tuple[ColumnProposal, ...]:
    """Return one field for each column and one column for each field, best first; several only for parts of a toll.

    columns: column name -> texts of some of its rows. Names rank above close names, those above content; ties go to the
    earlier column.
    """
    whole = _without_groups(tuple(columns))
    proposals = _proposed({name: columns[given] for name, given in whole.items()})
    return tuple(replace(one, column=whole[one.column]) for one in proposals)


def _without_groups(names: Sequence[str]) -> dict[str, str]:
    """Return name without its group -> name: survey programs write "incident/date", records in JSON "incident.date".

    A group is what stands before the slash, or before a point or colon between words. One that says more than its
    columns stays a part of their names, as in "Police/killed" and "Report/date"; so does every group if two columns
    would then have one name.
    """
    parts = [_parted(name) for name in names]
    groups = {group for group, _ in parts if all(map(_OF_A_GROUP.fullmatch, split_words(group)))}
    short = [own if group in groups else name for name, (group, own) in zip(names, parts, strict=True)]
    is_clear = all(name.strip() for name in short) and len(set(map(header_key, short))) == len(names)
    return dict(zip(short if is_clear else names, names, strict=True))


def _parted(name: str) -> tuple[str, str]:
    """Return the group of a name with its sign, "" if it has none, and the rest of it."""
    match = _RECORD.fullmatch(name) or _GROUPED.fullmatch(name)
    pair = pair_of(name)
    is_whole = header_key(name) in ("w_e", "w_c") or (pair is not None and bool(pair.fates))
    return ("", name) if match is None or is_whole else (match[1], match[2])


def _proposed(columns: Mapping[str, Sequence[str]]) -> tuple[ColumnProposal, ...]:
    open_columns = {name: words for name, words in columns.items() if not reason_against(name)}
    # "Casualties" is no toll, unless its cells say how many were killed and how many injured.
    of_both = {name: words for name, words in columns.items() if name in open_columns or header_key(name) in NO_FIELD}
    tolls, sides = propose_tolls(of_both), propose_sides(open_columns)
    taken = {name for names in (*tolls.values(), *sides.values()) for name in names}
    candidates = [
        proposal
        for name, words in open_columns.items()
        for proposal in _candidates(name, words)
        if proposal.field not in SUMMED_FIELDS or toll_head(name) is None
    ]
    candidates = [one for one in candidates if one.field != "date" or not is_of_submission(one.column, open_columns)]
    candidates += _of_points(tuple(columns))
    candidates = _with_finest_kinds(_with_points(candidates, open_columns), open_columns)
    if len({"x", "y"} & set(map(header_key, columns))) == 1:
        # No axis without the other.
        candidates = [one for one in candidates if header_key(one.column) not in ("x", "y")]
    chosen: dict[str, ColumnProposal] = {}
    for proposal in sorted(candidates, key=lambda one: -one.score):
        if proposal.field not in (*chosen, *tolls, *sides) and proposal.column not in taken:
            chosen[proposal.field] = proposal
            taken.add(proposal.column)
    by_name = [ColumnProposal(field, name, 100.0, BY_NAME) for field, names in tolls.items() for name in names]
    by_side = [ColumnProposal(field, name, _SIDE_SCORE, _BY_SIDE) for field, names in sides.items() for name in names]
    return (*chosen.values(), *by_name, *by_side)


def _with_finest_kinds(candidates: list[ColumnProposal], columns: Mapping[str, Sequence[str]]) -> list[ColumnProposal]:
    """Return the candidates; of columns of what was done the one that tells most kinds, another as the broad one."""
    named = [one for one in candidates if one.field == "attack_type" and one.why == BY_NAME]
    found = finest([one.column for one in sorted(named, key=lambda one: -one.score)], columns)
    if found is None:
        return candidates
    chosen = [ColumnProposal(*pair, _FINEST_SCORE, BY_NAME) for pair in zip(("attack_type", BROAD), found, strict=True)]
    return [*chosen, *(one for one in candidates if one.column not in found)]


def is_of_submission(name: str, columns: Mapping[str, Sequence[str]]) -> bool:
    """Whether a column says by its name when a form was sent, while another column holds dates. columns: with cells."""
    others = (texts for other, texts in columns.items() if not SUBMITTED.fullmatch(header_key(other)))
    filled = (Counter(text for text in texts if text.strip()) for texts in others)
    return bool(SUBMITTED.fullmatch(header_key(name))) and any(map(_hold_dates, filled))


def _hold_dates(filled: Counter[str]) -> bool:
    return _share_of_signs("date", filled) >= SIGNS["date"][0]


def is_serial(name: str) -> bool:
    """Whether a column numbers the rows, by its name."""
    return header_key(name) in SERIAL_NAMES


def reason_against(name: str) -> str:
    """Return why a column matches no field although its name looks like one, marked for translation; else ""."""
    # Two files of one layout have the same numbers: as identifiers they would make their rows repeats.
    if is_serial(name):
        return N_("it numbers the rows of this file, so it does not identify an incident")
    if states_share(name):
        return _SHARE
    return NO_FIELD.get(header_key(name), "") or (_DEVICE if _OF_DEVICE.search(header_key(name)) else "")


def _of_points(names: Sequence[str]) -> Iterable[ColumnProposal]:
    """Propose the two columns into which survey programs write a point: "Location_latitude", "Location_longitude".

    Names that begin alike belong together; the first such pair is proposed.
    """
    by_key = {header_key(name): name for name in names}
    for key, name in by_key.items():
        for ends in (("latitude", "longitude"), ("lat", "lon"), ("lat", "lng"), ("lat", "long")):
            other = by_key.get(f"{key.removesuffix(ends[0])}{ends[1]}")
            if key.endswith(f"_{ends[0]}") and other is not None:
                yield ColumnProposal("latitude", name, _POINT_SCORE, BY_NAME)
                yield ColumnProposal("longitude", other, _POINT_SCORE, BY_NAME)
                return


def _with_points(candidates: Sequence[ColumnProposal], columns: Mapping[str, Sequence[str]]) -> list[ColumnProposal]:
    """Return the candidates, and of a column whose cells are points that one alone: a name such as "link" says less.

    Where other columns are named as coordinates, and where it is named as a place, the column keeps what it is named.
    """
    named = {(one.field, one.column) for one in candidates if one.why == BY_NAME}
    fields = {field for field, _ in named}
    if "point" in fields or {"latitude", "longitude"} <= fields:
        return list(candidates)
    points = [name for name, texts in columns.items() if ("place", name) not in named and hold_points(texts)]
    return [
        *(one for one in candidates if one.column not in points),
        *(ColumnProposal("point", name, _CELLS_SCORE, BY_POINTS) for name in points),
    ]


def _candidates(name: str, words: Sequence[str]) -> Iterable[ColumnProposal]:
    if plain_key(without_question(name)) in FINANCIAL_NAMES:
        yield ColumnProposal("year", name, _FINANCIAL_SCORE, BY_NAME)
        return
    filled = Counter(word for word in words if word.strip())
    holds_dates = _hold_dates(filled)
    for proposal in _by_name(name):
        if holds_dates and proposal.field in _PARTS_OF_A_DATE:
            continue
        # "attack" with words is like "attacks" with numbers.
        if proposal.field != "n_events" or are_counts(words):
            yield proposal
    for field_name, (minimum, _) in SIGNS.items():
        share = _share_of_signs(field_name, filled)
        if share >= minimum:
            yield ColumnProposal(field_name, name, 60.0 * share, N_("by content"))


@lru_cache(maxsize=4096)
def _by_name(name: str) -> tuple[ColumnProposal, ...]:
    """Return what a column may hold by its name alone; a table is asked several times while it is read."""
    from rapidfuzz import fuzz, process

    key = plain_key(without_question(name))
    by_words, place = fitting(name)
    found = []
    for known in FIELDS.values():
        lift = _OF_INCIDENT if is_of_incident(known.name, name) else 0.0
        if key in known.names:
            # The field's own name and its first synonyms score highest.
            found.append(ColumnProposal(known.name, name, 100.0 + lift - known.names.index(key) * 0.1, BY_NAME))
        elif known.name == by_words:
            found.append(ColumnProposal(known.name, name, _SCORE_BY_WORDS + lift - place * 0.01, BY_NAME))
        elif len(key) > 3:
            # Short names such as "day" and "lat" are similar to too many words.
            synonyms = [synonym for synonym in known.names if len(synonym) > 3]
            closest = process.extractOne(key, synonyms, scorer=fuzz.ratio, score_cutoff=CLOSE_RATIO)
            if closest is not None:
                found.append(ColumnProposal(known.name, name, closest[1] * 0.9, N_("by a similar name")))
    return tuple(found)


def _share_of_signs(field_name: str, filled: Counter[str]) -> float:
    """Return the share of the filled texts, each as often as it occurs, that look like those of a field."""
    sign = SIGNS[field_name][1]
    return sum(n for word, n in filled.items() if sign(word)) / filled.total() if filled else 0.0
