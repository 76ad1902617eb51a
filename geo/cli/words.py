"""The command about words of the user's own files: list words and decisions, make one, withdraw one."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterable

from geo import stored_words, word_decisions
from geo.ingest.values.choices import folded_word
from geo.policy import at_machine
from geo.problems import ProblemCode, rejected
from geo.settings import Settings
from geo.store import Store
from geo.text import printable
from geo.wording import _, text

_DONE = 0
_FUTURE = "future"
_ABOUT = ("BATCH", "FIELD", "WORD")


def add(parser: ArgumentParser) -> None:
    """Add the options of `words`."""
    asked = parser.add_mutually_exclusive_group()
    asked.add_argument("--of", type=int, metavar="BATCH", help=_("list the words of a batch and what they count as"))
    asked.add_argument(
        "--decide",
        nargs=4,
        metavar=(*_ABOUT, "CODE"),
        help=_("set what a word of a batch means, or of later files only (BATCH: future)"),
    )
    asked.add_argument("--forget", nargs=3, metavar=_ABOUT, help=_("withdraw the decision about a word"))


def run(options: Namespace, settings: Settings) -> int:
    """List the decisions in force or the words of a batch, or make or withdraw a decision."""
    store, actor = Store.open(settings.store_path), at_machine(settings).actor
    if options.decide is not None:
        _decide(store, actor, *options.decide)
    elif options.forget is not None:
        _forget(store, actor, *options.forget)
    elif options.of is not None:
        for one in word_decisions.counted_as(store, stored_words.words_of(store, options.of), options.of):
            _print_cells((one.field, one.column, one.word, one.code, _label(one.field, one.code), str(one.n_rows)))
    else:
        for decision in word_decisions.everything(store):
            _print_cells(_cells(decision))
    return _DONE


def _decide(store: Store, actor: str, batch: str, field: str, word: str, code: str) -> None:
    is_new = word_decisions.remember(store, [_number(batch)], field, {word: code}, actor=actor)
    stated = {"word": printable(word), "meaning": f"{_label(field, code)} ({code})", "where": _where(_number(batch))}
    if is_new:
        print(_("{where}: {word} means {meaning}.", **stated))
    else:
        print(_("{where}: {word} already means {meaning}.", **stated))


def _forget(store: Store, actor: str, batch: str, field: str, word: str) -> None:
    word_decisions.require_field(field)
    about = (_number(batch), field, folded_word(word))
    decision = next((one for one in word_decisions.everything(store) if one.key == about), None)
    if decision is None:
        message, hint = text("There is no such decision."), text("`python -m geo words` lists them.")
        raise rejected(ProblemCode.SETTING, message, hint, value=printable(word))
    word_decisions.take_back(store, decision.decision_id, actor=actor)
    stated = {"word": printable(decision.word), "meaning": f"{_label(field, decision.code)} ({decision.code})"}
    print(_("{where}: {word} no longer means {meaning}.", where=_where(decision.batch_id), **stated))


def _number(batch: str) -> int | None:
    """Return the number of a batch, None for later files."""
    if batch.casefold() == _FUTURE:
        return None
    if not batch.isdecimal():
        hint = text("`python -m geo list` shows the batches; {future} means files to come.", future=_FUTURE)
        raise rejected(ProblemCode.SETTING, text("This is not the number of a batch."), hint, value=printable(batch))
    return int(batch)


def _where(batch_id: int | None) -> str:
    return _("later files") if batch_id is None else _("batch {number:d} and later files", number=batch_id)


def _label(field: str, code: str) -> str:
    return word_decisions.labels_of(field)[code]


def _cells(one: word_decisions.WordDecision) -> Iterable[str]:
    batch = _FUTURE if one.batch_id is None else str(one.batch_id)
    made = f"{one.made_at:%Y-%m-%dT%H:%M:%SZ}"
    return (batch, one.field, one.word, one.code, _label(one.field, one.code), made, one.actor)


def _print_cells(cells: Iterable[str]) -> None:
    print("\t".join(map(printable, cells)))
