"""Decisions about the meaning of words: of a batch that is stored, at once, and of the next file of the user's own.

Nothing is overwritten: a decision that replaces an older one, or is withdrawn, leaves the older one on record.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from geo.districts import shown_group_names
from geo.ingest import ReadOptions
from geo.ingest.mapping.mappings import is_code
from geo.ingest.values.choices import folded_word
from geo.ingest.values.word_fields import WORD_COLUMNS
from geo.ingest.values.words import VOCABULARIES
from geo.problems import ProblemCode, RejectedUpload, rejected
from geo.store import WORD
from geo.stored_words import StoredWord, words_of
from geo.text import printable
from geo.wording import Text, _, text

if TYPE_CHECKING:
    from geo.store import Store
    from geo.store.changes import Recorded

# Field -> {word: code}
Meanings = dict[str, dict[str, str]]
_MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class WordDecision:
    """What a word means. batch_id: the batch whose rows it is about; None: only files that are read later.

    field: key of WORD_COLUMNS. code: of the vocabulary of the field, or the key of a group. made_at: UTC.
    """

    decision_id: int
    batch_id: int | None
    field: str
    word: str
    code: str
    actor: str
    made_at: datetime

    @property
    def key(self) -> tuple[int | None, str, str]:
        """What the decision is about: of decisions with one key only the newest counts."""
        return self.batch_id, self.field, folded_word(self.word)


def labels_of(field: str) -> Mapping[str, str]:
    """Return the codes that a word of a field may mean, each with its words."""
    return shown_group_names() if field == "group" else {code: _(label) for code, label in VOCABULARIES[field].items()}


def everything(store: Store) -> tuple[WordDecision, ...]:
    """Return the decisions in force in the order in which they were made."""
    newest = {decision.key: decision for decision in _recorded(store)}
    return tuple(sorted(newest.values(), key=lambda decision: decision.decision_id))


def by_batch(store: Store) -> dict[int, Meanings]:
    """Return what words of stored batches were decided to mean: batch -> field -> folded word -> code."""
    found: dict[int, Meanings] = {}
    for one in everything(store):
        if one.batch_id is not None:
            found.setdefault(one.batch_id, {}).setdefault(one.field, {})[folded_word(one.word)] = one.code
    return found


def for_next_file(store: Store) -> Meanings:
    """Return what the next file of the user's own is read with: of each word the newest decision, whatever batch."""
    found: Meanings = {}
    for one in everything(store):
        words = found.setdefault(one.field, {})
        same = [word for word in words if folded_word(word) == folded_word(one.word)]
        for word in same:
            del words[word]
        words[one.word] = one.code
    return found


def with_decisions(options: ReadOptions, store: Store) -> ReadOptions:
    """Return the options to read the next file with; what is said for the file itself counts before decisions."""
    given, values = options.values or {}, for_next_file(store)
    for field, words in given.items():
        said = set(map(folded_word, words))
        kept = {word: code for word, code in values.get(field, {}).items() if folded_word(word) not in said}
        values[field] = kept | dict(words)
    return replace(options, values=values or None)


def remember(
    store: Store, batch_ids: Sequence[int | None], field: str, meanings: Mapping[str, str], *, actor: str = "local"
) -> int:
    """Record what words of a field mean in batches (None: in later files only); returns how many were new.

    Older decisions about them are replaced in the same transaction. Raises StoreError for an unknown batch,
    RejectedUpload for an unknown field or code and for a word that a batch does not have; nothing is then changed.
    """
    record, undo = to_record(store, batch_ids, field, meanings)
    return len(store.replace_decisions(WORD, record, undo=undo, actor=actor)) if record else 0


def to_record(
    store: Store, batch_ids: Sequence[int | None], field: str, meanings: Mapping[str, str]
) -> tuple[Recorded, list[int]]:
    """Return what `remember` has the store record and undo; raises as it does."""
    held = {decision.key: decision for decision in everything(store)}
    record: list[tuple[tuple[str, ...], dict[str, Any]]] = []
    undo: list[int] = []
    _require_codes(field, meanings)
    for batch_id in batch_ids:
        _require_words(store, batch_id, field, meanings)
        for word, code in meanings.items():
            older = held.get((batch_id, field, folded_word(word)))
            if older is None or older.code != code:
                record.append(((), {"batch_id": batch_id, "field": field, "word": word.strip(), "code": code}))
                undo += [older.decision_id] if older else []
    return record, undo


def take_back(store: Store, decision_id: int, *, actor: str = "local") -> None:
    """Withdraw a decision: rows of its batch count as they were read, later files are read without it.

    Older decisions about the same word, left by two people at once, are withdrawn with it: none takes effect again.
    """
    recorded = _recorded(store)
    keys = {one.key for one in recorded if one.decision_id == decision_id}
    older = [one.decision_id for one in recorded if one.key in keys]
    store.replace_decisions(WORD, undo=sorted({decision_id, *older}), actor=actor)


def counted_as(store: Store, words: Sequence[StoredWord], batch_id: int) -> tuple[StoredWord, ...]:
    """Return words of a batch with the code that they count as now, under the decisions in force."""
    decided = by_batch(store).get(batch_id, {})
    return tuple(replace(one, code=decided.get(one.field, {}).get(folded_word(one.word), one.code)) for one in words)


def require_field(field: str) -> None:
    """Raise RejectedUpload for what is no field of words."""
    if field not in WORD_COLUMNS:
        hint = text("Fields: {fields}.", fields=", ".join(WORD_COLUMNS))
        raise _refusal(text("There is no such field of words."), hint, field)


def _require_codes(field: str, meanings: Mapping[str, str]) -> None:
    require_field(field)
    for word, code in meanings.items():
        if not printable(word).strip():
            raise _refusal(text("No word is stated."), text("Write it as the file states it."), word)
        if not is_code(field, code):
            hint = text("Codes: {codes}.", codes=", ".join(labels_of(field)))
            raise _refusal(text("This is not a code of {field}.", field=field), hint, code)


def _require_words(store: Store, batch_id: int | None, field: str, words: Iterable[str]) -> None:
    if batch_id is None:
        return
    stated = [one.word for one in words_of(store, batch_id) if one.field == field]
    held = set(map(folded_word, stated))
    for word in words:
        if folded_word(word) not in held:
            named = ", ".join(map(printable, stated[:_MOST_NAMED]))
            hint = text("Its most frequent words: {words}.", words=named) if named else text("It has no such words.")
            message = text("Batch {batch:d} has no such word of {field}.", batch=batch_id, field=field)
            raise _refusal(message, hint, word)


def _refusal(message: Text, hint: Text, value: str) -> RejectedUpload:
    return rejected(ProblemCode.SETTING, message, hint, value=printable(value))


def _recorded(store: Store) -> tuple[WordDecision, ...]:
    return tuple(
        WordDecision(one.decision_id, actor=one.actor, made_at=one.made_at, **one.details)
        for one in store.decisions(WORD)
    )
