"""What the gazetteer makes of the names of places alone: right, wrong, asked or not found, rule by rule.

python -m benchmarks.gazetteer UCDP.csv [--cases FOLDER]

UCDP.csv: events of UCDP GED for Pakistan. Only where_coordinates is read as if it were all that a row states; adm_1 and
adm_2 are the answer to compare with. The gazetteer is itself built from UCDP GED for the province, so its figures on
this file are not a test of unseen names: the rows "without UCDP" leave all its UCDP names out.
"""

from __future__ import annotations

import argparse
import copy
import csv
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from unittest.mock import patch

import numpy as np

from geo import districts as geo_districts
from geo import gazetteer
from geo.analysis.locating import stated_places
from geo.analysis.locating.locate import Locator
from geo.districts import Districts
from geo.gazetteer import Gazetteer
from geo.names import Alias, DistrictNames
from geo.text import normalise_name

OURS = ("Khyber Pakhtunkwa province", "Federally Administered Tribal Areas")
OUTSIDE = "outside"
OUTCOMES = ("right", "wrong", "asked", "not found")
PLACE_COLUMNS = ("city", "place", "place of occurrence", "location")
DISTRICT_COLUMNS = ("district", "name of district", "tribal agency", "admin2")
Answer = Callable[[str], tuple[str, ...]]


@dataclass(frozen=True)
class Event:
    """The name of a place and its answer: a P-code or OUTSIDE."""

    name: str
    truth: str


def events(path: Path, districts: Districts) -> Iterator[Event]:
    """Yield the events whose district, or province other than this one, is stated."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if not row["adm_1"] or (row["adm_1"] in OURS and not row["adm_2"]):
                continue
            truth: str | None = OUTSIDE
            if row["adm_1"] in OURS:
                truth = districts.resolve(row["adm_2"]).pcode or _around(row, districts)
            if truth:
                yield Event(row["where_coordinates"], truth)


def _around(row: dict[str, str], districts: Districts) -> str | None:
    """Return the district around the point: for Chitral and Kohistan, which UCDP does not divide."""
    lon, lat = (np.array([float(row[name])]) for name in ("longitude", "latitude"))
    code = int(Locator.build(districts).codes(lon, lat)[0])
    return districts.pcodes[code] if code >= 0 else None


def by_place(districts: Districts) -> Answer:
    """Return the rule of locating for a place: the P-code or OUTSIDE it means, several for a question."""

    def answer(name: str) -> tuple[str, ...]:
        found = stated_places.meaning(name, districts)
        if found.is_outside:
            return (OUTSIDE,)
        # One district with several places of the name is a question too.
        return found.pcodes if found.is_single else (*found.pcodes, "?") if found.pcodes else ()

    return answer


def by_spelling(districts: Districts) -> Answer:
    """Return what a close spelling alone answers for names that nothing else knows."""

    def answer(name: str) -> tuple[str, ...]:
        found = districts.resolve(gazetteer.without_kind(normalise_name(name)))
        return (found.pcode,) if found.method == "fuzzy" and found.pcode else ()

    return answer


def with_places(districts: Districts, places: Gazetteer, aliases: list[Alias] | None = None) -> Districts:
    """Return the districts with another gazetteer, and other names if given."""
    names = list(districts.aliases.listed()) if aliases is None else aliases
    other = copy.copy(districts)
    vars(other)["aliases"] = DistrictNames(names, districts.pcodes, places)  # a cached property
    return other


def outcome(found: tuple[str, ...], truth: str) -> str:
    """Return one of OUTCOMES. A place outside that is not found stays not located, which is no error."""
    if not found:
        return "not found"
    return "asked" if len(found) > 1 else "right" if found[0] == truth else "wrong"


def tally(title: str, answer: Answer, rows: list[Event]) -> None:
    """Print how many rows, and how many different names, have each outcome."""
    for label, wanted in (("in the province", False), ("outside", True)):
        chosen = [event for event in rows if (event.truth == OUTSIDE) == wanted]
        found = {name: answer(name) for name in {event.name for event in chosen}}
        n_rows = Counter(outcome(found[event.name], event.truth) for event in chosen)
        pairs = {(event.name, event.truth) for event in chosen}
        n_names = Counter(outcome(found[name], truth) for name, truth in pairs)
        figures = " | ".join(f"{n_rows[one]:,} ({n_names[one]:,})" for one in OUTCOMES)
        print(f"| {title} | {label} | {len(chosen):,} ({len(pairs):,}) | {figures} |")


def without_ucdp(districts: Districts) -> Gazetteer:
    """Return the gazetteer of towns and the register only."""
    return Gazetteer(place for place in districts.places.places if not place.source.startswith("UCDP"))


def compare(rows: list[Event], districts: Districts) -> None:
    """Print the table of all rules."""
    print(f"| rule | rows | rows (names) | {' | '.join(OUTCOMES)} |\n|---|---|---|---|---|---|---|")
    tally("names of districts and their lists only", by_place(with_places(districts, Gazetteer())), rows)
    reduced = with_places(districts, without_ucdp(districts))
    with ExitStack() as stack:
        stack.enter_context(patch.object(gazetteer, "KIND_WORDS", frozenset()))
        tally("gazetteer, whole names", by_place(districts), rows)
    tally("gazetteer, all rules", by_place(districts), rows)
    tally("gazetteer without UCDP, all rules", by_place(reduced), rows)
    # Before: the names of places were open to close spellings, and no gazetteer guarded them.
    open_names = [replace(one, kind="spelling") if one.kind == "place" else one for one in districts.aliases.listed()]
    tally("close spelling alone, unguarded", by_spelling(with_places(districts, Gazetteer(), open_names)), rows)
    tally("close spelling alone, no places", by_spelling(with_places(districts, Gazetteer())), rows)
    tally("close spelling alone, no places, gazetteer without UCDP", by_spelling(reduced), rows)
    tally("close spelling alone, no places, gazetteer", by_spelling(districts), rows)


def wrong(rows: list[Event], districts: Districts) -> None:
    """Print the names that are located wrongly, most rows first."""
    answer = by_place(districts)
    found = Counter(e for e in rows if outcome(answer(e.name), e.truth) == "wrong")
    for event, n in found.most_common():
        print(f"- {event.name}: {answer(event.name)[0]}, but {event.truth} ({n} rows)")


def cases(folder: Path, districts: Districts) -> None:
    """Print what the places of rows without a district mean in small tables, and how many are located."""
    answer = by_place(districts)
    n_rows: Counter[str] = Counter()
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", errors="replace", newline="") as file:
            for row in csv.DictReader(file):
                cells = {str(k).strip().casefold(): v.strip() for k, v in row.items() if isinstance(v, str)}
                name = next((cells[k] for k in cells if k in PLACE_COLUMNS and cells[k]), "")
                if name and not any(cells.get(column) for column in DISTRICT_COLUMNS):
                    found = answer(name)
                    n_rows["not found" if not found else "located" if len(found) == 1 else "asked"] += 1
                    print(f"| {path.name} | {name} | {' or '.join(found) or 'not found'} |")
    print("\n" + ", ".join(f"{label}: {n}" for label, n in n_rows.items()))


def main() -> None:
    """Print the tables for the files that are named."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gazetteer", description=__doc__)
    parser.add_argument("ucdp", type=Path, metavar="UCDP.csv")
    parser.add_argument("--cases", type=Path, metavar="FOLDER", help="tables whose places are looked up as well")
    given = parser.parse_args()
    districts = geo_districts.load()
    rows = list(events(given.ucdp, districts))
    compare(rows, districts)
    print("\nLocated wrongly under all rules:\n")
    wrong(rows, districts)
    print("\nLocated wrongly without the names of UCDP:\n")
    wrong(rows, with_places(districts, without_ucdp(districts)))
    if given.cases:
        print("\n| file | place | meaning |\n|---|---|---|")
        cases(given.cases, districts)


if __name__ == "__main__":
    main()
