"""What the words of a column of an unknown table may mean: as listed, by alias, by a close spelling, by rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from geo.ingest.values.choices import accepted_words, folded_word
from geo.ingest.values.words import VOCABULARIES, listed_words, meaning

# Minimum similarity of an accepted spelling (rapidfuzz ratio); column names and words are short, so it is high.
CLOSE_RATIO = 88.0


@dataclass(frozen=True, slots=True)
class WordProposal:
    """What a word of a column may mean.

    code: None when a person must decide; how: listed, alias, close, rule or none.
    """

    word: str
    code: str | None
    how: str


def propose_words(field_name: str, words: Iterable[str]) -> tuple[WordProposal, ...]:
    """Return what each word of a column may mean: as listed, by alias, by a close spelling, by rule, or nothing."""
    if field_name == "group":
        return tuple(_group_proposal(word) for word in words)
    if field_name == "district":
        return tuple(_district_proposal(word) for word in words)
    listed = accepted_words(VOCABULARIES[field_name])
    return tuple(_word_proposal(field_name, word, listed) for word in words)


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
