"""A mapping proposed for a table of no known format, written as TOML for a person to check and complete."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from geo.ingest.mapping.mappings import WORD_FIELDS, Columns, NamedMapping, all_names
from geo.ingest.mapping.preview import TablePreview
from geo.ingest.mapping.word_proposals import WordProposal, propose_words
from geo.schema import ATTACK_TYPES, INITIATORS, TARGET_TYPES
from geo.text import quoted, quoted_all
from geo.wording import N_, _, _n

_CODES = {
    "attack_type": ", ".join(ATTACK_TYPES),
    "target_type": ", ".join(TARGET_TYPES),
    "initiator": ", ".join(INITIATORS),
    "group": N_("keys of groups such as ttp"),
    "district": N_("P-codes such as PK503"),
}
# What happens to a row whose word has no code.
_WITHOUT_CODE = {"group": N_("counted as another group"), "district": N_("located by their point, if they have one")}
_AS_WRITTEN = N_("counted as other or not stated, as written")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed mapping. mapping: proposals that are certain enough to be confirmed.

    why: field -> how its column was found. words: field -> the words of its column with their number of rows and
    their proposals; a column of more than 100 different words has none. unused: columns without a field.
    left_out: why some of these match no field although their names look like one.
    """

    mapping: NamedMapping
    why: Mapping[str, str]
    words: Mapping[str, tuple[tuple[WordProposal, int], ...]]
    unused: tuple[str, ...]
    left_out: Mapping[str, str]

    @property
    def n_open(self) -> int:
        """Number of words for which a person must find a code."""
        return sum(word.code is None for words in self.words.values() for word, _ in words)


def propose_mapping(preview: TablePreview, name: str) -> Proposal:
    """Return the mapping that a first look at a table suggests; words that need no mapping are left out of it."""
    found: dict[str, tuple[str, ...]] = {}
    for one in preview.proposals:
        found[one.field] = (*found.get(one.field, ()), one.column)
    columns: Columns = {field: names[0] if len(names) == 1 else names for field, names in found.items()}
    words = {}
    for field in WORD_FIELDS:
        n_rows = dict(preview.words.get("".join(found.get(field, ())), ()))
        if n_rows:
            words[field] = tuple((word, n_rows[word.word]) for word in propose_words(field, n_rows))
    values = {
        field: {word.word: word.code for word, _ in proposed if word.code is not None and word.how != "listed"}
        for field, proposed in words.items()
    }
    mapping = NamedMapping(name, columns, {field: given for field, given in values.items() if given})
    unused = tuple(column for column in preview.columns if column not in all_names(columns))
    why = {one.field: one.why for one in preview.proposals}
    return Proposal(mapping, why, words, unused, preview.left_out)


def proposal_toml(proposal: Proposal) -> str:
    """Return a proposal as the TOML text of a mapping, with open questions as comments."""
    return "\n".join(_lines(proposal)) + "\n"


def _lines(proposal: Proposal) -> Iterator[str]:
    mapping = proposal.mapping
    yield "# " + _("A proposal: check every line. Fields and codes: docs/upload-format.md.")
    yield f"name = {quoted(mapping.name)}"
    yield '# date_order = "DMY" # ' + _('or "MDY", for dates such as 03/04/2024; "YMD" for 24-03-15')
    yield '# initiator = "unknown" # ' + _("or militant, state, foreign: who began, where the table does not say it")
    yield '# decimal_mark = "," # ' + _("for numbers such as 32,99")
    yield from ("", "[columns]")
    for field, column in mapping.columns.items():
        yield f"{quoted(field)} = {quoted_all(column)} # {_(proposal.why[field])}"
    if proposal.unused:
        yield "# " + _("Not assigned: {columns}", columns=", ".join(map(quoted, proposal.unused)))
    for column, reason in proposal.left_out.items():
        yield "# " + _("{column} is not assigned: {reason}.", column=quoted(column), reason=_(reason))
    for field, words in proposal.words.items():
        yield from _word_lines(field, words)


def _word_lines(field: str, words: tuple[tuple[WordProposal, int], ...]) -> Iterator[str]:
    unlisted = [(word, n) for word, n in words if word.how != "listed"]
    if not unlisted:
        return
    yield from ("", f"[values.{field}]", "# " + _("Codes: {codes}", codes=_(_CODES[field])))
    for word, n in unlisted:
        if word.code is not None:
            yield f"{quoted(word.word)} = {quoted(word.code)} # {word.how}, {_rows(n)}"
    still_open = [(word.word, n) for word, n in unlisted if word.code is None]
    if still_open:
        outcome = _(_WITHOUT_CODE.get(field, _AS_WRITTEN))
        yield "# " + _("To decide; rows with these words are {outcome}:", outcome=outcome)
        yield from (f'# {quoted(word)} = "" # {_rows(n)}' for word, n in still_open)


def _rows(n: int) -> str:
    return _n("{n} row", "{n} rows", n)
