"""Tables of no known format: proposals for columns and words, and mappings that are named, kept and shared."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from geo.ingest.mapping.content_signs import SIGNS
from geo.ingest.mapping.fields import ATTACK_WORDS, FIELDS, NO_FIELD, SERIAL_NAMES, TARGET_WORDS, Field
from geo.ingest.results import CHOICES, ReadOptions
from geo.ingest.tables import header_key
from geo.ingest.values.cells import accepted_words, folded_word
from geo.problems import Problem, ProblemCode, RejectedUpload
from geo.schema import ATTACK_TYPES, INITIATORS, TARGET_TYPES

# Accepted spellings are at least this alike; names of columns and words are short, so the bound is high.
CLOSE_RATIO = 88.0
_VOCABULARIES = {"attack_type": ATTACK_TYPES, "target_type": TARGET_TYPES, "initiator": INITIATORS}
_ALIASES = {"attack_type": ATTACK_WORDS, "target_type": TARGET_WORDS}
# What a column of whole dates is not, whatever its name: "Day" often heads one.
_PARTS_OF_A_DATE = ("year", "month", "day")
WORD_FIELDS = (*_VOCABULARIES, "group", "district")


@dataclass(frozen=True, slots=True)
class ColumnProposal:
    """A column that may hold a field. score: 0 to 100; why: by name, by a close name or by its content."""

    field: str
    column: str
    score: float
    why: str


@dataclass(frozen=True, slots=True)
class WordProposal:
    """What a word of a column may mean. code: None when a person must say; how: listed, alias, close or none."""

    word: str
    code: str | None
    how: str


@dataclass(frozen=True, slots=True)
class NamedMapping:
    """How one kind of table is read.

    columns: field -> column name. values: field -> {word of the table: code}; fields are those of WORD_FIELDS,
    codes those of geo.schema, group keys or P-codes. date_order, decimal_mark: see ReadOptions.
    """

    name: str
    columns: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    date_order: str | None = None
    decimal_mark: str | None = None

    def options(self, base: ReadOptions | None = None) -> ReadOptions:
        """Return read options that use this mapping; answers given in `base` win."""
        given = base or ReadOptions()
        return replace(
            given,
            mapping=dict(self.columns),
            values={name: dict(words) for name, words in self.values.items()},
            date_order=given.date_order or self.date_order,
            decimal_mark=given.decimal_mark or self.decimal_mark,
        )


def propose_columns(
    columns: Mapping[str, Sequence[str]], repeating: Collection[str] = ()
) -> tuple[ColumnProposal, ...]:
    """Return at most one column for each field and one field for each column, best first.

    columns: column name -> some of its distinct texts. repeating: those of which a text stands in several rows. Names
    count before close names, those before content; ties go to the earlier column.
    """
    candidates = [
        proposal
        for name, words in columns.items()
        if not reason_against(name, repeats=name in repeating)
        for proposal in _candidates(name, words)
    ]
    chosen: dict[str, ColumnProposal] = {}
    taken: set[str] = set()
    for proposal in sorted(candidates, key=lambda one: -one.score):
        if proposal.field not in chosen and proposal.column not in taken:
            chosen[proposal.field] = proposal
            taken.add(proposal.column)
    return tuple(chosen.values())


def is_serial(name: str) -> bool:
    """Whether a column by its name numbers the rows."""
    return header_key(name) in SERIAL_NAMES


def reason_against(name: str, *, repeats: bool) -> str:
    """Return why a column belongs in no field although its name looks like one, else "".

    repeats: whether a text of the column stands in several rows.
    """
    if is_serial(name) and repeats:
        return "its numbers repeat, so they name no incident"
    return NO_FIELD.get(header_key(name), "")


def propose_words(field_name: str, words: Iterable[str]) -> tuple[WordProposal, ...]:
    """Return what each word of a column may mean: as listed, by alias, by a close spelling, or nothing."""
    if field_name == "group":
        return tuple(_group_proposal(word) for word in words)
    if field_name == "district":
        return tuple(_district_proposal(word) for word in words)
    listed = accepted_words(_VOCABULARIES[field_name])
    aliases = _ALIASES.get(field_name, {})
    return tuple(_word_proposal(word, listed, aliases) for word in words)


def to_toml(mapping: NamedMapping) -> str:
    """Return a mapping as TOML text, to be kept or passed on."""
    single = {"name": mapping.name, "date_order": mapping.date_order, "decimal_mark": mapping.decimal_mark}
    lines = [f"{name} = {quoted(text)}" for name, text in single.items() if text is not None]
    for title, entries in (("columns", mapping.columns), *((f"values.{k}", v) for k, v in mapping.values.items())):
        lines += ["", f"[{title}]", *(f"{quoted(key)} = {quoted(value)}" for key, value in entries.items())]
    return "\n".join(lines) + "\n"


def from_toml(text: str, file: str = "") -> NamedMapping:
    """Return the mapping of a TOML text; raises RejectedUpload naming everything in it that is not usable."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        problem = Problem(ProblemCode.WRONG_TYPE, f"This is not a mapping: {error}.", "It is a TOML file.", file)
        raise RejectedUpload([problem]) from error
    columns, values = content.get("columns"), content.get("values", {})
    tables = [columns, values, *(values.values() if isinstance(values, dict) else ())]
    texts = [content.get("name", ""), content.get("date_order", ""), content.get("decimal_mark", "")]
    is_plain = all(isinstance(table, dict) for table in tables) and all(isinstance(text, str) for text in texts)
    known = {"name", "columns", "values", "date_order", "decimal_mark"}
    if not is_plain or set(content) - known or not isinstance(columns, dict) or not isinstance(values, dict):
        message = "The mapping has unknown parts or lacks its columns."
        raise RejectedUpload([Problem(ProblemCode.WRONG_TYPE, message, f"Known: {', '.join(sorted(known))}.", file)])
    mapping = NamedMapping(
        content.get("name", ""), columns, values, content.get("date_order"), content.get("decimal_mark")
    )
    problems = [*_wrong_choices(content, file), *mapping_problems(mapping.columns, mapping.values, file)]
    if problems:
        raise RejectedUpload(problems)
    return mapping


def mapping_problems(columns: Mapping[str, str], values: Mapping[str, Mapping[str, str]], file: str) -> list[Problem]:
    """Return what is wrong with a mapping, whatever the table: unknown fields and codes, no date, no place."""
    problems = [
        Problem(ProblemCode.COLUMNS, "There is no such field.", f"Known: {', '.join(FIELDS)}.", file, value=name)
        for name in columns
        if name not in FIELDS
    ]
    if not {"date", "year"} & set(columns):
        problems.append(
            Problem(ProblemCode.MISSING, "No column is assigned to the date.", "Assign date or year.", file)
        )
    if not ({"district", "place", "pcode"} & set(columns) or {"latitude", "longitude"} <= set(columns)):
        message = "No column is assigned to the place."
        hint = "Assign district, P-code, place, or latitude and longitude."
        problems.append(Problem(ProblemCode.MISSING, message, hint, file))
    for name, words in values.items():
        problems += [
            Problem(
                ProblemCode.CATEGORY, f"{code!r} is no code of {name}.", "Choose one of the list.", file, value=word
            )
            for word, code in words.items()
            if not _is_code(name, code)
        ]
    return problems


def _candidates(name: str, words: Sequence[str]) -> Iterable[ColumnProposal]:
    from rapidfuzz import fuzz

    key = header_key(name)
    if is_serial(name):
        yield _by_name(FIELDS["incident_id"], name)
        return
    holds_dates = _share_of_signs("date", words) >= SIGNS["date"][0]
    for known in FIELDS.values():
        if holds_dates and known.name in _PARTS_OF_A_DATE:
            continue
        if key in known.names:
            yield _by_name(known, name)
            continue
        alike = max(fuzz.ratio(key, synonym) for synonym in known.names if len(synonym) > 3)
        if alike >= CLOSE_RATIO and len(key) > 3:
            yield ColumnProposal(known.name, name, alike * 0.9, "by a close name")
    for field_name, (share_needed, _) in SIGNS.items():
        share = _share_of_signs(field_name, words)
        if share >= share_needed:
            yield ColumnProposal(field_name, name, 60.0 * share, "by content")


def _by_name(known: Field, name: str) -> ColumnProposal:
    """The field's own name and the first synonyms are the surest."""
    return ColumnProposal(known.name, name, 100.0 - known.names.index(header_key(name)) * 0.1, "by name")


def _share_of_signs(field_name: str, words: Sequence[str]) -> float:
    """Return the share of the texts that look like those of a field."""
    told = [word for word in words if word.strip()]
    sign = SIGNS[field_name][1]
    return sum(map(sign, told)) / len(told) if told else 0.0


def _word_proposal(word: str, listed: Mapping[str, str], aliases: Mapping[str, str]) -> WordProposal:
    from rapidfuzz import fuzz, process

    folded = folded_word(word)
    if folded in listed:
        return WordProposal(word, listed[folded], "listed")
    if folded in aliases:
        return WordProposal(word, aliases[folded], "alias")
    known = dict(aliases) | dict(listed)
    close = process.extractOne(folded, list(known), scorer=fuzz.ratio, score_cutoff=CLOSE_RATIO)
    return WordProposal(word, known[close[0]], "close") if close else WordProposal(word, None, "none")


def _group_proposal(word: str) -> WordProposal:
    from rapidfuzz import fuzz, process

    from geo.districts import group_id, group_names

    key = group_id(word)
    if key != "other":
        return WordProposal(word, key, "alias")
    names = {name.casefold(): group for group, name in group_names().items()}
    close = process.extractOne(word.casefold(), list(names), scorer=fuzz.ratio, score_cutoff=CLOSE_RATIO)
    return WordProposal(word, names[close[0]], "close") if close else WordProposal(word, None, "none")


def _district_proposal(word: str) -> WordProposal:
    from geo.districts import resolve

    found = resolve(word)
    how = {"source_admin": "listed", "alias": "alias", "fuzzy": "close"}.get(found.method, "none")
    return WordProposal(word, found.pcode, how)


def _wrong_choices(content: Mapping[str, Any], file: str) -> list[Problem]:
    return [
        Problem(
            ProblemCode.WRONG_TYPE,
            "There is no such answer.",
            f"Known: {' '.join(CHOICES[name])}.",
            file,
            "",
            None,
            name,
            content[name],
        )
        for name in ("date_order", "decimal_mark")
        if content.get(name) not in (None, *CHOICES[name])
    ]


def _is_code(field_name: str, code: object) -> bool:
    from geo.districts import group_names, resolve

    if not isinstance(code, str):
        return False
    if field_name == "group":
        return code in group_names()
    if field_name == "district":
        return code.startswith("PK") and resolve(code).pcode == code
    return code in _VOCABULARIES.get(field_name, {})


def quoted(text: str) -> str:
    """Return a text as a TOML string, in one line: JSON strings are TOML basic strings, DEL apart."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
