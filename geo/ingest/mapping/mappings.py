"""Tables of no known format: proposals for columns and words, and mappings that are named, saved and shared."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from geo.ingest.mapping.content_signs import SIGNS
from geo.ingest.mapping.fields import FIELDS, NO_FIELD, SERIAL_NAMES
from geo.ingest.mapping.name_words import fitting, is_of_incident
from geo.ingest.mapping.toll_columns import SUMMED_FIELDS, propose_sides, propose_tolls, states_share, toll_head
from geo.ingest.results import CHOICES, ReadOptions
from geo.ingest.tables import header_key, plain_key
from geo.ingest.values.cells import accepted_words, folded_word
from geo.ingest.values.words import VOCABULARIES, listed_words, meaning
from geo.problems import Problem, ProblemCode, RejectedUpload, rejected
from geo.text import quoted, quoted_all
from geo.wording import N_, text

# Minimum similarity of an accepted spelling (rapidfuzz ratio); column names and words are short, so it is high.
CLOSE_RATIO = 88.0
BY_NAME = N_("by name")
_POINT_SCORE = 98.0  # below the plain names "latitude" and "longitude"
_SIDE_SCORE = 50.0  # below every sign in the cells
_BY_SIDE = N_("by the name of a side: only if it counts the dead")
_SHARE = N_("it states a share or a rate, not a number")
_SCORE_BY_WORDS = 95.0  # below every name in use
_OF_INCIDENT = 10.0  # lifts a name such as "Attack date" above every name that does not say whose it is
# A column of whole dates is none of these, whatever its name: it is often named "Day".
_PARTS_OF_A_DATE = ("year", "month", "day")
# Survey programs write the error of the receiver beside a point; it is no precision of the place.
_OF_DEVICE = re.compile(r"_(?:precision|accuracy|altitude)$")
_DEVICE = N_("it is what the receiver stated about a point, in metres")
_DATES, _PLACES = frozenset({"date", "year"}), frozenset({"district", "place", "pcode", "point", "description"})
WORD_FIELDS = (*VOCABULARIES, "group", "district")
_ANSWERS = ("date_order", "decimal_mark", "initiator")
_PARTS = {"name", "columns", "values", *_ANSWERS}


# Field -> name of its column, or the names of several columns that are its parts.
Columns = Mapping[str, "str | Sequence[str]"]


def names_of(columns: Columns, field_name: str) -> tuple[str, ...]:
    """Return the columns that are assigned to a field, in the order in which they are summed."""
    given = columns.get(field_name, ())
    return (given,) if isinstance(given, str) else tuple(given)


def all_names(columns: Columns) -> tuple[str, ...]:
    """Return every column that is assigned to a field."""
    return tuple(name for field_name in columns for name in names_of(columns, field_name))


@dataclass(frozen=True, slots=True)
class ColumnProposal:
    """A column that may hold a field. score: 0 to 100; why: sentence marked for translation, as "by name"."""

    field: str
    column: str
    score: float
    why: str


@dataclass(frozen=True, slots=True)
class WordProposal:
    """What a word of a column may mean.

    code: None when a person must decide; how: listed, alias, close, rule or none.
    """

    word: str
    code: str | None
    how: str


@dataclass(frozen=True, slots=True)
class NamedMapping:
    """How one kind of table is read.

    columns: field -> column name, or names for a field that is their sum (SUMMED_FIELDS).
    values: field -> {word of the table: code}; fields are those of WORD_FIELDS,
    codes are those of geo.schema, group keys or P-codes. date_order, decimal_mark, initiator: see ReadOptions.
    """

    name: str
    columns: Columns
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    date_order: str | None = None
    decimal_mark: str | None = None
    initiator: str | None = None

    def options(self, base: ReadOptions | None = None) -> ReadOptions:
        """Return read options that use this mapping; answers given in `base` win."""
        given = base or ReadOptions()
        return replace(
            given,
            mapping=dict(self.columns),
            values={
                name: {**self.values.get(name, {}), **(given.values or {}).get(name, {})}
                for name in (*self.values, *(given.values or {}))
            },
            date_order=given.date_order or self.date_order,
            decimal_mark=given.decimal_mark or self.decimal_mark,
            initiator=given.initiator or self.initiator,
        )


def propose_columns(
    columns: Mapping[str, Sequence[str]], repeating: Collection[str] = ()
) -> tuple[ColumnProposal, ...]:
    """Return one field for each column and one column for each field, best first; several only for parts of a toll.

    columns: column name -> texts of some of its rows. repeating: columns in which a text occurs in several rows. Names
    rank above close names, those above content; ties go to the earlier column.
    """
    open_columns = {
        name: words for name, words in columns.items() if not reason_against(name, repeats=name in repeating)
    }
    tolls, sides = propose_tolls(open_columns), propose_sides(open_columns)
    taken = {name for names in (*tolls.values(), *sides.values()) for name in names}
    candidates = [
        proposal
        for name, words in open_columns.items()
        for proposal in _candidates(name, words)
        if proposal.field not in SUMMED_FIELDS or toll_head(name) is None
    ]
    candidates += _of_points(tuple(columns))
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


def is_serial(name: str) -> bool:
    """Whether a column numbers the rows, by its name."""
    return header_key(name) in SERIAL_NAMES


def reason_against(name: str, *, repeats: bool) -> str:
    """Return why a column matches no field although its name looks like one, marked for translation; else "".

    repeats: whether a text of the column occurs in several rows.
    """
    if is_serial(name) and repeats:
        return N_("its numbers repeat, so they do not identify an incident")
    if states_share(name):
        return _SHARE
    return NO_FIELD.get(header_key(name), "") or (_DEVICE if _OF_DEVICE.search(header_key(name)) else "")


def propose_words(field_name: str, words: Iterable[str]) -> tuple[WordProposal, ...]:
    """Return what each word of a column may mean: as listed, by alias, by a close spelling, by rule, or nothing."""
    if field_name == "group":
        return tuple(_group_proposal(word) for word in words)
    if field_name == "district":
        return tuple(_district_proposal(word) for word in words)
    listed = accepted_words(VOCABULARIES[field_name])
    return tuple(_word_proposal(field_name, word, listed) for word in words)


def to_toml(mapping: NamedMapping) -> str:
    """Return a mapping as TOML text, to be saved or shared."""
    single = {name: getattr(mapping, name) for name in ("name", *_ANSWERS)}
    lines = [f"{name} = {quoted(value)}" for name, value in single.items() if value is not None]
    for title, entries in (("columns", mapping.columns), *((f"values.{k}", v) for k, v in mapping.values.items())):
        lines += ["", f"[{title}]", *(f"{quoted(key)} = {quoted_all(value)}" for key, value in entries.items())]
    return "\n".join(lines) + "\n"


def from_toml(content: str, file: str = "") -> NamedMapping:
    """Return the mapping of a TOML text; raises RejectedUpload with everything in it that is not usable."""
    try:
        parts = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        message = text("This is not a mapping: {reason}.", reason=str(error))
        raise rejected(ProblemCode.WRONG_TYPE, message, text("It is a TOML file."), file) from error
    columns: Any = parts.get("columns")
    values = parts.get("values", {})
    tables = [_plain(columns), values, *(values.values() if isinstance(values, dict) else ())]
    single = [parts.get(name, "") for name in ("name", *_ANSWERS)]
    has_types = all(isinstance(table, dict) for table in tables) and all(isinstance(one, str) for one in single)
    if not has_types or set(parts) - _PARTS:
        hint = text("It may have {parts}.", parts=", ".join(sorted(_PARTS)))
        message = text("The mapping has unknown parts or lacks its columns.")
        raise rejected(ProblemCode.WRONG_TYPE, message, hint, file)
    columns = {key: tuple(value) if isinstance(value, list) else value for key, value in columns.items()}
    mapping = NamedMapping(parts.get("name", ""), columns, values, *(parts.get(name) for name in _ANSWERS))
    problems = [*_wrong_answers(parts, file), *mapping_problems(mapping.columns, mapping.values, file)]
    if problems:
        raise RejectedUpload(problems)
    return mapping


def states_date_and_place(columns: Collection[str]) -> bool:
    """Whether fields are enough to place an incident in time and space."""
    return bool(_DATES & set(columns)) and states_place(columns)


def states_place(columns: Collection[str]) -> bool:
    """Whether fields are enough to place an incident; of a description, a person confirms the place of each row."""
    return bool(_PLACES & set(columns)) or {"latitude", "longitude"} <= set(columns)


def _plain(columns: Any) -> Any:
    """Return the columns of a mapping with lists of texts as one text, so that they can be checked like the others."""
    if not isinstance(columns, dict):
        return columns
    return {
        key: "" if isinstance(value, list) and value and all(isinstance(one, str) for one in value) else value
        for key, value in columns.items()
    }


def mapping_problems(columns: Columns, values: Mapping[str, Mapping[str, str]], file: str) -> list[Problem]:
    """Return what is wrong with a mapping, whatever the table: unknown fields and codes, no date, no place."""
    hint = text("Known fields: {fields}.", fields=", ".join(FIELDS))
    problems = [
        Problem(ProblemCode.COLUMNS, text("There is no such field."), hint, file, value=name)
        for name in columns
        if name not in FIELDS
    ]
    problems += [
        Problem(
            ProblemCode.COLUMNS,
            text("Only a count of people may be the sum of several columns: {field} takes one column.", field=name),
            file=file,
            value=", ".join(names_of(columns, name)),
        )
        for name in columns
        if name in FIELDS and name not in SUMMED_FIELDS and len(names_of(columns, name)) > 1
    ]
    if not _DATES & set(columns):
        message, hint = text("No column is assigned to the date."), text("Assign date or year.")
        problems.append(Problem(ProblemCode.MISSING, message, hint, file))
    if not states_place(columns):
        message = text("No column is assigned to the place.")
        hint = text("Assign district, P-code, place, coordinates, or the text of the report.")
        problems.append(Problem(ProblemCode.MISSING, message, hint, file))
    for name, words in values.items():
        for word, code in words.items():
            if not is_code(name, code):
                message = text("{code!r} is not a code of {field}.", code=code, field=name)
                hint = text("Choose one of the list.")
                problems.append(Problem(ProblemCode.CATEGORY, message, hint, file, value=word))
    return problems


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


def _candidates(name: str, words: Sequence[str]) -> Iterable[ColumnProposal]:
    from rapidfuzz import fuzz

    key = plain_key(name)
    # A column of serial numbers is an identifier or nothing, whatever other field its name or cells suggest.
    if is_serial(name):
        yield ColumnProposal("incident_id", name, 99.0, BY_NAME)
        return
    holds_dates = _share_of_signs("date", words) >= SIGNS["date"][0]
    by_words, place = fitting(name)
    for known in FIELDS.values():
        lift = _OF_INCIDENT if is_of_incident(known.name, name) else 0.0
        if holds_dates and known.name in _PARTS_OF_A_DATE:
            continue
        if key in known.names:
            # The field's own name and its first synonyms score highest.
            yield ColumnProposal(known.name, name, 100.0 + lift - known.names.index(key) * 0.1, BY_NAME)
            continue
        if known.name == by_words:
            yield ColumnProposal(known.name, name, _SCORE_BY_WORDS + lift - place * 0.01, BY_NAME)
            continue
        # Short names such as "day" and "lat" are similar to too many words.
        similarity = max(fuzz.ratio(key, synonym) for synonym in known.names if len(synonym) > 3)
        if similarity >= CLOSE_RATIO and len(key) > 3:
            yield ColumnProposal(known.name, name, similarity * 0.9, N_("by a similar name"))
    for field_name, (minimum, _) in SIGNS.items():
        share = _share_of_signs(field_name, words)
        if share >= minimum:
            yield ColumnProposal(field_name, name, 60.0 * share, N_("by content"))


def _share_of_signs(field_name: str, words: Sequence[str]) -> float:
    """Return the share of the texts, each as often as it occurs, that look like those of a field."""
    filled = Counter(word for word in words if word.strip())
    sign = SIGNS[field_name][1]
    return sum(n for word, n in filled.items() if sign(word)) / filled.total() if filled else 0.0


def _word_proposal(field_name: str, word: str, listed: Mapping[str, str]) -> WordProposal:
    folded, aliases = folded_word(word), listed_words(field_name)
    if folded in listed:
        return WordProposal(word, listed[folded], "listed")
    if folded in aliases:
        return WordProposal(word, aliases[folded], "alias")
    close = _close_proposal(word, folded, aliases)
    by_rule = meaning(field_name, word) if close.code is None else None
    return WordProposal(word, by_rule.code, "rule") if by_rule else close


def _group_proposal(word: str) -> WordProposal:
    from geo.districts import group_id, group_names

    key = group_id(word)
    if key != "other":
        return WordProposal(word, key, "alias")
    return _close_proposal(word, word.casefold(), {name.casefold(): group for group, name in group_names().items()})


def _close_proposal(word: str, spelling: str, codes: Mapping[str, str]) -> WordProposal:
    from rapidfuzz import fuzz, process

    close = process.extractOne(spelling, list(codes), scorer=fuzz.ratio, score_cutoff=CLOSE_RATIO)
    return WordProposal(word, codes[close[0]], "close") if close else WordProposal(word, None, "none")


def _district_proposal(word: str) -> WordProposal:
    from geo.districts import resolve

    found = resolve(word)
    how = {"source_admin": "listed", "alias": "listed", "place": "listed", "fuzzy": "close"}.get(found.method, "none")
    return WordProposal(word, found.pcode if how == "listed" else None, how)


def _wrong_answers(parts: Mapping[str, Any], file: str) -> list[Problem]:
    problems = []
    for name in _ANSWERS:
        if parts.get(name) not in (None, *CHOICES[name]):
            hint = text("It may be {choices}.", choices=" or ".join(CHOICES[name]))
            message = text("There is no such answer.")
            problems.append(Problem(ProblemCode.WRONG_TYPE, message, hint, file, column=name, value=parts[name]))
    return problems


def is_code(field_name: str, code: object) -> bool:
    """Whether a word of a field (WORD_FIELDS) may mean this."""
    from geo.districts import group_names, resolve

    if not isinstance(code, str):
        return False
    if field_name == "group":
        return code in group_names()
    if field_name == "district":
        return code.startswith("PK") and resolve(code).pcode == code
    return code in VOCABULARIES.get(field_name, {})
