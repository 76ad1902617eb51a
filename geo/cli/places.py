"""The command about place names: list the decisions, make one, withdraw one."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from geo import districts as geo_districts
from geo import place_decisions
from geo.districts import Districts
from geo.names import MEANS_NONE, MEANS_OUTSIDE, name_key, written_pcode
from geo.policy import at_machine
from geo.problems import ProblemCode, RejectedUpload, rejected
from geo.schema import SOURCES
from geo.settings import Settings
from geo.store import Store
from geo.text import printable
from geo.wording import Text, _, format_list, text, text_n

_DONE = 0
_MOST_NAMES = 20


def add(parser: ArgumentParser) -> None:
    """Add the options of `places`."""
    asked = parser.add_mutually_exclusive_group()
    asked.add_argument(
        "--decide",
        nargs=3,
        metavar=("SOURCE", "NAME", "MEANING"),
        help=_("set what a name means in files of a source: a P-code, outside (the province) or none (no district)"),
    )
    asked.add_argument("--forget", nargs=2, metavar=("SOURCE", "NAME"), help=_("withdraw the decision about a name"))


def run(options: Namespace, settings: Settings) -> int:
    """List the decisions in force, or make or withdraw one."""
    store, districts, actor = Store.open(settings.store_path), geo_districts.load(), at_machine(settings).actor
    if options.decide is not None:
        _decide(store, districts, actor, *options.decide)
    elif options.forget is not None:
        _forget(store, districts, actor, *options.forget)
    else:
        _list(store, districts)
    return _DONE


def _list(store: Store, districts: Districts) -> None:
    for one in place_decisions.everything(store):
        meaning = place_decisions.meaning_text(one.meaning, districts.names)
        cells = (one.source, one.name, one.meaning, meaning, f"{one.made_at:%Y-%m-%dT%H:%M:%SZ}", one.actor)
        print("\t".join(map(printable, cells)))


def _decide(store: Store, districts: Districts, actor: str, source: str, name: str, wanted: str) -> None:
    _require_source(source)
    _require_open(name, districts)
    meaning = _meaning(wanted, districts)
    stated = {"source": source, "name": printable(name), "meaning": _text(meaning, districts)}
    if place_decisions.remember(store, source, {name: meaning}, actor=actor):
        print(_("{source}: {name} means {meaning}, in future files.", **stated))
    else:
        print(_("{source}: {name} already means {meaning}.", **stated))


def _forget(store: Store, districts: Districts, actor: str, source: str, name: str) -> None:
    _require_source(source)
    held = place_decisions.in_force(store, source)
    decision = held.get(name_key(name))
    if decision is None:
        names = [printable(one.name) for one in held.values()]
        hint = text("No decision is kept.")
        if names:
            shown, n_more = format_list(names[:_MOST_NAMES]), max(len(names) - _MOST_NAMES, 0)
            hint = (
                text_n("Kept: {names}.", "Kept: {names}; {n} more.", n_more, names=shown)
                if n_more
                else text("Kept: {names}.", names=shown)
            )
        raise _refusal(text("No decision about this name is kept for files of {source}.", source=source), hint, name)
    place_decisions.take_back(store, decision.decision_id, actor=actor)
    stated = {"source": source, "name": printable(decision.name), "meaning": _text(decision.meaning, districts)}
    print(_("{source}: {name} no longer means {meaning}, in future files.", **stated))


def _require_source(source: str) -> None:
    if source not in SOURCES:
        raise _refusal(
            text("There is no such source."), text("Sources: {sources}.", sources=", ".join(SOURCES)), source
        )


def _require_open(name: str, districts: Districts) -> None:
    """Raise RejectedUpload for a name that leaves nothing to decide."""
    if not printable(name):
        raise _refusal(text("No name is stated."), text("Write it as the file states it."), name)
    found = districts.resolve(name)
    by_itself = found.pcode if found.method != "fuzzy" else None
    if by_itself or districts.aliases.is_elsewhere(name):
        message = text(
            "This name means {meaning} without a decision.", meaning=_text(by_itself or MEANS_OUTSIDE, districts)
        )
        raise _refusal(message, text("Only names that are not recognised are decided."), name)


def _meaning(wanted: str, districts: Districts) -> str:
    plain = written_pcode(wanted) or wanted.strip().casefold()
    if plain in (*districts.names, MEANS_OUTSIDE, MEANS_NONE):
        return plain
    known = ", ".join(f"{pcode} {name}" for pcode, name in districts.names.items())
    hint = text("Write {outside}, {none} or one of: {known}.", outside=MEANS_OUTSIDE, none=MEANS_NONE, known=known)
    raise _refusal(text("This is not the P-code of a district."), hint, wanted)


def _text(meaning: str, districts: Districts) -> str:
    words = place_decisions.meaning_text(meaning, districts.names)
    return f"{words} ({meaning})" if meaning in districts.names else words


def _refusal(message: Text, hint: Text, value: str) -> RejectedUpload:
    return rejected(ProblemCode.SETTING, message, hint, value=printable(value))
