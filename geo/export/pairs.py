"""Pairs of incidents that may be one event, undecided and decided ones, as a table: one row for each incident."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from geo.analysis.matching.near_duplicates import Proposal
from geo.export.columns import PAIRS, schema_of
from geo.export.filter_words import filters_in_words
from geo.export.notes import Notes, source_note
from geo.export.rows import Table
from geo.export.view import ExportedView
from geo.export.view_settings import settings_hash
from geo.policy import may_show_rows
from geo.review import Review
from geo.sources import FOOTER, NATURE_OF_THE_DATA
from geo.wording import _, _n

_ITS_OWN = frozenset({"pair", "decision", "score", "reasons", "geometry"})


@dataclass(frozen=True, slots=True)
class Pair:
    """Incidents that may be one event. decision: undecided, merged or separate. score: None where nobody scored it.

    reasons: what the score rests on, in words.
    """

    member_ids: tuple[str, ...]
    decision: str
    score: float | None
    reasons: str = ""


@dataclass(frozen=True, slots=True)
class Pairs:
    """The pairs that leave, and the cells of their incidents by identifier.

    n_closed: source -> number of pairs left out because its rows may not be passed on. n_unseen: pairs left out
    because an incident of theirs is withheld or no longer in use.
    """

    pairs: tuple[Pair, ...]
    rows: Mapping[str, Mapping[str, Any]]
    n_closed: Mapping[str, int]
    n_unseen: int


def pairs_of(found: Review, proposals: Sequence[Proposal], inside: Set[str] | None = None) -> Pairs:
    """Return the pairs of a review that leave.

    proposals: the undecided ones that are shown. inside: identifiers that a filter keeps, None for all; of decided
    pairs those are shown that have one of them.
    """
    every = [Pair(one.member_ids, "undecided", one.score, _("; ").join(map(str, one.reasons))) for one in proposals]
    every += [Pair(one.member_ids, "merged", one.score) for one in found.merges]
    every += [Pair(one.member_ids, "separate", one.score) for one in found.kept_separate]
    if inside is not None:
        every = [pair for pair in every if not inside.isdisjoint(pair.member_ids)]
    leaving, closed, n_unseen = [], Counter[str](found.n_closed), 0
    for pair in every:
        sources = [found.rows[member]["source"] for member in pair.member_ids if member in found.rows]
        forbidden = {source for source in sources if not may_show_rows(source)}
        closed.update(forbidden)
        if len(sources) < len(pair.member_ids):
            n_unseen += not forbidden
        elif not forbidden:
            leaving.append(pair)
    return Pairs(tuple(leaving), found.rows, closed, n_unseen)


def table_of_pairs(found: Pairs) -> Table:
    """Return the incidents of all pairs, those of one pair below one another."""
    schema = schema_of(PAIRS)
    cells = [name for name in schema.names if name not in _ITS_OWN]
    rows = [
        {"pair": number, "decision": pair.decision, "score": pair.score, "reasons": pair.reasons, "geometry": None}
        | {name: found.rows[member][name] for name in cells}
        for number, pair in enumerate(found.pairs, 1)
        for member in pair.member_ids
    ]
    return Table(PAIRS, len(rows), lambda: iter(pa.Table.from_pylist(rows, schema).to_batches()))


def notes_of_pairs(view: ExportedView, found: Pairs) -> Notes:
    """Return the notes of the file. view: of which the pairs are."""
    n = len(found.pairs)
    used = dict.fromkeys(found.rows[member]["source"] for pair in found.pairs for member in pair.member_ids)
    return Notes(
        title=_("Recorded incidents that may be one event reported twice"),
        period=view.period,
        filters=filters_in_words(view.filters, view.districts.names, view.datasets),
        shown=_n("{n} pair or group of incidents", "{n} pairs or groups of incidents", n),
        left_out=tuple(_left_out(found)),
        sources=tuple(source_note(key) for key in used),
        caveats=(_(NATURE_OF_THE_DATA), _(FOOTER)),
        version=view.version,
        settings_hash=settings_hash(view.settings),
        address=view.settings.address,
    )


def _left_out(found: Pairs) -> Iterable[str]:
    for source, n in found.n_closed.items():
        note = source_note(source)
        yield _n(
            "{n} pair with a row of {source}: not passed on ({licence})",
            "{n} pairs with a row of {source}: not passed on ({licence})",
            n,
            source=note.label,
            licence=note.licence,
        )
    if found.n_unseen:
        yield _n(
            "{n} pair with an incident that is not shown now",
            "{n} pairs with an incident that is not shown now",
            found.n_unseen,
        )
