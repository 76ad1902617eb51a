"""The command about place names: list what they were decided to mean, decide one, take one back."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from geo import districts as geo_districts
from geo import place_decisions
from geo.districts import Districts
from geo.names import MEANS_NONE, MEANS_OUTSIDE, name_key, written_pcode
from geo.problems import Problem, ProblemCode, RejectedUpload
from geo.schema import SOURCES
from geo.settings import Settings
from geo.store import Store
from geo.text import printable

_DONE = 0
_MOST_NAMES = 20


def add(parser: ArgumentParser) -> None:
    """Add the options of `places`."""
    asked = parser.add_mutually_exclusive_group()
    asked.add_argument(
        "--decide",
        nargs=3,
        metavar=("SOURCE", "NAME", "MEANING"),
        help="say what a name means in files of a source: a P-code, outside (the province) or none (no district)",
    )
    asked.add_argument("--forget", nargs=2, metavar=("SOURCE", "NAME"), help="take back what was decided about a name")


def run(options: Namespace, settings: Settings) -> int:
    """List the decisions in force, or make or take back one of them."""
    store, districts = Store.open(settings.store_path), geo_districts.load()
    if options.decide is not None:
        _decide(store, districts, *options.decide)
    elif options.forget is not None:
        _forget(store, districts, *options.forget)
    else:
        _list(store, districts)
    return _DONE


def _list(store: Store, districts: Districts) -> None:
    for one in place_decisions.everything(store):
        meaning = place_decisions.meaning_text(one.meaning, districts.names)
        told = (one.source, one.name, one.meaning, meaning, f"{one.made_at:%Y-%m-%dT%H:%M:%SZ}", one.actor)
        print("\t".join(map(printable, told)))


def _decide(store: Store, districts: Districts, source: str, name: str, told: str) -> None:
    _require_source(source)
    _require_open(name, districts)
    meaning = _meaning(told, districts)
    if place_decisions.remember(store, source, {name: meaning}):
        print(f"{source}: {printable(name)} means {_text(meaning, districts)}, in files to come.")
    else:
        print(f"{source}: {printable(name)} was decided so already.")


def _forget(store: Store, districts: Districts, source: str, name: str) -> None:
    _require_source(source)
    held = place_decisions.in_force(store, source)
    decision = held.get(name_key(name))
    if decision is None:
        names = [printable(one.name) for one in held.values()]
        rest = f" and {len(names) - _MOST_NAMES:,} more" if len(names) > _MOST_NAMES else ""
        hint = f"There are: {', '.join(names[:_MOST_NAMES])}{rest}." if names else "None is kept."
        raise _refusal(f"No decision about this name is kept for files of {source}.", hint, name)
    place_decisions.take_back(store, decision.decision_id)
    meaning = _text(decision.meaning, districts)
    print(f"{source}: {printable(decision.name)} is no longer taken for {meaning}, in files to come.")


def _require_source(source: str) -> None:
    if source not in SOURCES:
        raise _refusal("There is no such source.", f"There are: {', '.join(SOURCES)}.", source)


def _require_open(name: str, districts: Districts) -> None:
    """Raise RejectedUpload for a name that leaves nothing to decide."""
    if not printable(name):
        raise _refusal("No name is stated.", "Write it as the file states it.", name)
    found = districts.resolve(name)
    by_itself = found.pcode if found.method != "fuzzy" else None
    if by_itself or districts.aliases.is_elsewhere(name):
        message = f"This name means {_text(by_itself or MEANS_OUTSIDE, districts)} by itself."
        raise _refusal(message, "Only names that are not recognised are decided.", name)


def _meaning(told: str, districts: Districts) -> str:
    plain = written_pcode(told) or told.strip().casefold()
    if plain in (*districts.names, MEANS_OUTSIDE, MEANS_NONE):
        return plain
    known = ", ".join(f"{pcode} {name}" for pcode, name in districts.names.items())
    hint = f"Write {MEANS_OUTSIDE}, {MEANS_NONE} or one of: {known}."
    raise _refusal("This is not the P-code of a district.", hint, told)


def _text(meaning: str, districts: Districts) -> str:
    text = place_decisions.meaning_text(meaning, districts.names)
    return f"{text} ({meaning})" if meaning in districts.names else text


def _refusal(message: str, hint: str, value: str) -> RejectedUpload:
    return RejectedUpload([Problem(ProblemCode.SETTING, message, hint, value=printable(value))])
