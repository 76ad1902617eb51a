"""From a stated name to a code: districts by P-code, alias or close spelling; groups by alias.

A name that could mean several units never resolves by itself: it comes back with candidates for a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from geo.gazetteer import DIRECTION_WORDS, Gazetteer, Place, directions, without_kind
from geo.text import LONGEST_NAME, normalise_name
from geo.wording import Text, text

# Close spelling: minimum ratio and lead over the next unit. At these, 22 of 63 hand-made misspellings were accepted
# and none of them wrong; WRatio and Jaro-Winkler gave wrong districts at every useful threshold.
FUZZY_RATIO = 88.0
FUZZY_LEAD = 5.0
FUZZY_SHORTEST = 5
_PROPOSAL_RATIO = 75.0
_MOST_PROPOSALS = 3

# What a person can decide that a name means, apart from the P-code of a district.
MEANS_OUTSIDE, MEANS_NONE = "outside", "none"

# Kinds of alias that name no single district.
UNRESOLVED_KINDS: dict[str, Text] = {
    "ambiguous": text("several districts have this name"),
    "division": text("this is a division or police region, not a district"),
    "province": text("this is a province or former territory, not a district"),
    "elsewhere": text("this lies outside Khyber Pakhtunkhwa"),
    # A district of another province or territory; the kind before is the province or territory itself.
    "elsewhere_district": text("this lies outside Khyber Pakhtunkhwa"),
}
_LISTED_AS: dict[str, Text] = {
    "agency": text("listed as a former agency"),
    "former_name": text("listed as a former name"),
    "frontier_region": text("listed as a former frontier region"),
    "place": text("listed as a place in the district"),
    "short_form": text("listed as a short form of the name"),
    "spelling": text("listed as another spelling"),
    "split_unit": text("listed as a unit that was divided"),
}
DISTRICT_NAMED = text("the district is named")
PLACE_FOUND = text("the gazetteer knows a place of this name in one district only")
SEVERAL_PLACES = text("several places have this name")
NOT_LISTED = text("not listed")
ELSEWHERE = "elsewhere"
_ELSEWHERE_KINDS = (ELSEWHERE, "elsewhere_district")
_AREA_KINDS = ("division", "province", ELSEWHERE)
_PCODE = re.compile(r"PK[0-9]{3}\Z")
# PK5 is the province itself; PK0, PK9 and a unit 00 are not in use.
_PCODE_ELSEWHERE = re.compile(r"PK[1-46-8](?!00)[0-9]{2}\Z")
_PART_ENDS = re.compile(r"[,،;:>()\[\]]|\s[-–—]+\s|\b(?:distt?|district|zill?ah?|ضلع)\b\.?", re.IGNORECASE)
_OR = re.compile(r"[/|]")  # may stand between a district and its place, and between two districts
_AROUND = frozenset({"pakistan", "پاکستان"})
_SHORT_PROVINCE = frozenset({"kp", "kpk"})
_MOST_PARTS = 4  # a longer text is no name of a place
_PCODE_JOINERS = re.compile(r"[\s_.-]+")
LONGEST_SUM = 30  # characters of a cell such as "Grand total (all districts)": a longer one is a text
# Words that make a row of a table the sum of other rows, as names are compared. No district has one.
SUM_WORDS = frozenset(
    {"total", "totals", "subtotal", "subtotals", "grandtotal", "sum", "overall", "aggregate", "all"}
    | {"ٹوٹل", "کل", "مجموعہ", "مجموعی", "میزان", "جملہ", "ټول", "ټولټال"}
)
# Words of areas of several districts, for names that are not listed ("rest of KP", "Bannu Div.").
AREA_WORDS = frozenset(
    {"division", "divisions", "div", "region", "range", "zone", "province", "districts", "kp", "kpk", "nwfp", "fata"}
    | {"pakhtunkhwa", "ڈویژن", "ریجن", "صوبہ", "اضلاع", "فاٹا"}
)


@dataclass(frozen=True, slots=True)
class Alias:
    """One name of a unit. pcode is None for the kinds in UNRESOLVED_KINDS; then candidates may be known.

    since: the day on which a newer unit inside the district was notified.
    """

    text: str
    pcode: str | None
    kind: str
    candidates: tuple[str, ...] = ()
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a stated name resolves to.

    pcode: None when no single district can be given. method: "source_admin" (a P-code or an official name), "alias",
    "place" (only the gazetteer knows the name), "fuzzy" or "none". candidates: P-codes to choose from when pcode is
    None, best first, possibly empty. reason: why. score: similarity of a close spelling, 0 to 100, else None.
    """

    pcode: str | None
    method: str
    candidates: tuple[str, ...]
    reason: Text
    score: float | None = None


def name_key(name: str) -> str:
    """Return the form under which a decision about a name is kept: spellings that compare equal share it."""
    return normalise_name(name) or name.strip().casefold()


class DistrictNames:
    """The alias table with its look-ups. Immutable after construction."""

    __slots__ = ("_by_key", "_fuzzy_keys", "_most_words", "_pcodes", "places")

    def __init__(self, aliases: Iterable[Alias], pcodes: Iterable[str], places: Gazetteer | None = None) -> None:
        """Raise ValueError when one name would resolve to two districts, or to one that does not exist."""
        self.places = places or Gazetteer()
        self._pcodes = frozenset(pcodes)
        by_key: dict[str, Alias] = {}
        for alias in aliases:
            if not set(filter(None, (alias.pcode, *alias.candidates))) <= self._pcodes:
                raise ValueError(f"alias {alias.text!r} names a district that does not exist")
            # The first row of a name gives its kind: official names come first.
            first = by_key.setdefault(normalise_name(alias.text), alias)
            if (first.pcode, first.candidates) != (alias.pcode, alias.candidates):
                raise ValueError(f"aliases {first.text!r} and {alias.text!r} compare equal and disagree")
        self._by_key: Mapping[str, Alias] = MappingProxyType(by_key)
        self._fuzzy_keys = tuple(key for key in by_key if len(key) >= FUZZY_SHORTEST)
        self._most_words = max((len(key.split()) for key in by_key), default=0)

    def resolve(self, name: str, *, is_exact: bool = False) -> Resolution:
        """Return the district a name means: by P-code, alias, gazetteer, then close spelling, else none.

        is_exact: leave out close spellings, and names of several parts or of several districts.
        """
        if not name.strip():
            return _unresolved(text("no name is stated"))
        if len(name) > LONGEST_NAME:
            return _unresolved(NOT_LISTED)
        pcode = written_pcode(name)
        if pcode in self._pcodes:
            return Resolution(pcode, "source_admin", (), text("the P-code is stated"))
        if pcode is not None:
            return _unresolved(text("this P-code is not one of the province's districts"))
        alias = self._listed(name)
        if alias is not None and alias.kind in _ELSEWHERE_KINDS and not self.is_elsewhere(name):
            return _unresolved(SEVERAL_PLACES, tuple(dict.fromkeys(place.pcode for place in self.places.find(name))))
        if alias is not None:
            return _from_alias(alias)
        if places := self.places.find(name):
            return _from_places(places)
        if within := self._without_province(name):
            return self.resolve(within, is_exact=is_exact)
        if not is_exact and (of_parts := self._of_parts(name)) is not None:
            return of_parts
        return _unresolved(NOT_LISTED) if is_exact else self._from_spelling(normalise_name(name))

    def listed(self) -> Iterator[Alias]:
        """Yield the listed names, one of those that compare equal."""
        yield from self._by_key.values()

    def _without_province(self, name: str) -> str:
        """Return a name without the province beside it ("Hangu, KP", "Hangu (KP)", "KPK Hangu"), "" if none is."""
        *first, last = _parts(name)
        if first and self.kind(last) == "province":
            return ", ".join(first)
        words = name.split()
        begins, ends = (normalise_name(word) in _SHORT_PROVINCE for word in (words[0], words[-1]))
        return " ".join(words[begins : len(words) - ends]) if begins or ends else ""

    def _of_parts(self, name: str) -> Resolution | None:
        """Return the district that is listed in one part of a name and contradicted by none ("Lower Kurram, Bagan")."""
        stated = [piece for part in _parts(name) for piece in self._pieces(part)]
        parts = [part for part in stated if normalise_name(part) not in _AROUND and self.kind(part) != "province"]
        # "Upper, Lower Dir" and "North, South Waziristan" are two districts each.
        if any(DIRECTION_WORDS.keys() >= set(normalise_name(part).split()) for part in parts):
            return None
        is_list = len(stated) > 1 and len(parts) <= _MOST_PARTS
        found = [self.resolve(part, is_exact=True) for part in parts] if is_list else []
        listed = {one.pcode for one in found if one.method in ("source_admin", "alias")}
        if len(listed) != 1 or any(not self._agrees(part, listed) for part in parts):
            return None
        return Resolution(listed.pop(), "alias", (), text("a part of the name is listed, and no other part disagrees"))

    def _pieces(self, part: str) -> list[str]:
        """Return the names between strokes ("Bannu/Domel") if something is known of each, else the part as it is."""
        pieces = [piece.strip() for piece in _OR.split(part) if piece.strip()]
        is_several = len(pieces) > 1
        known = (self.kind(piece) == "province" or self.may_mean(piece) for piece in pieces if is_several)
        return pieces if is_several and all(known) else [part]

    def _agrees(self, part: str, pcodes: set[str | None]) -> bool:
        """Whether every name that is listed in a part may mean one of the districts ("Peshawar border" names one)."""
        meant = [self.may_mean(part), *map(set, self._units_within(normalise_name(part).split()))]
        return not self.is_elsewhere(part) and all(not one or bool(one & pcodes) for one in meant)

    def is_elsewhere(self, name: str) -> bool:
        """Return whether a text is the name of another province or, by name or P-code, of a district of one.

        A name with the kind of a place ("Ziarat village") is not, if this province has a place of that name.
        """
        if pcode := written_pcode(name):
            return _PCODE_ELSEWHERE.match(pcode) is not None
        is_whole = normalise_name(name) in self._by_key
        return self.kind(name) in _ELSEWHERE_KINDS and (is_whole or not self.places.find(name))

    def kind(self, name: str) -> str:
        """Return the kind of alias that a name is (a key of UNRESOLVED_KINDS, "name", ...), "" if it is not listed."""
        alias = self._listed(name)
        return alias.kind if alias else ""

    def _listed(self, name: str) -> Alias | None:
        """Return the alias of a name, else of the name without its kind of place ("Lahore city")."""
        key = normalise_name(name)
        return self._by_key.get(key) or self._by_key.get(without_kind(key))

    def may_mean(self, name: str) -> frozenset[str]:
        """Return the P-codes that a name may mean, ELSEWHERE for another province; empty if nothing is known of it."""
        resolved = self.resolve(name).pcode
        if resolved is not None:
            return frozenset((resolved,))
        if self.is_elsewhere(name):
            return frozenset((ELSEWHERE,))
        key = normalise_name(name)
        alias = self._listed(name)
        meant = alias.candidates if alias else tuple(place.pcode for place in self.places.find(name))
        return frozenset(meant or self._joined(key))

    def area_kind(self, name: str) -> str:
        """Return "sum", "division", "province" or "elsewhere" for the name of more than a district, else "".

        "area": a word of it is used for areas, or it is spelled like the name of one; no more is known. A name that
        several districts have is not an area: it means one of them.
        """
        if is_sum(name):
            return "sum"
        if self.resolve(name).pcode is not None or written_pcode(name) is not None:
            return ""
        key = normalise_name(name)
        listed = self.kind(name)
        kind = listed or self._close_kind(key)
        if kind == ELSEWHERE or (listed and kind in _AREA_KINDS):
            return kind
        return "area" if kind in _AREA_KINDS or not AREA_WORDS.isdisjoint(key.split()) else ""

    def _close_kind(self, key: str) -> str:
        unit, (score, _) = next(iter(self._unit_scores(key).items()), ("", (0.0, "")))
        is_close = len(key) >= FUZZY_SHORTEST and score >= FUZZY_RATIO and unit not in self._pcodes
        return self._by_key[unit].kind if is_close else ""

    def _from_spelling(self, key: str) -> Resolution:
        """Return the closest spelling; both names must have the same words of north, south, upper, lower, central.

        A name that joins several districts ("Bannu/Lakki Marwat") is close to none. The name of a place is never
        guessed: most villages are in no list, and many are spelled almost like a place elsewhere (Jandol, Jandola).
        """
        joined = self._joined(key)
        if joined:
            return _unresolved(text("several districts are named"), joined)
        scores = self._unit_scores(key)
        same = [(unit, score) for unit, (score, matched) in scores.items() if directions(matched) == directions(key)]
        close = [(unit, score) for unit, score in same if score >= FUZZY_RATIO]
        if len(key) >= FUZZY_SHORTEST and close:
            unit, best = close[0]
            lead = best - max((score for _, score in same[1:]), default=0.0)
            is_place = self._by_key[scores[unit][1]].kind == "place"
            if unit in self._pcodes and lead >= FUZZY_LEAD and not is_place:
                reason = text("close spelling of '{name}' ({score:.0f} of 100)", name=scores[unit][1], score=best)
                return Resolution(unit, "fuzzy", (), reason, best)
        return _unresolved(text("not listed, and no spelling is close enough"), self._proposals(scores))

    def _joined(self, key: str) -> tuple[str, ...]:
        """Return what the listed names within an unlisted one may mean, in their order; empty unless they differ.

        A name whose districts include those of another one ("Malakand Division" and "Swat") only says where that lies.
        """
        units = tuple(dict.fromkeys(self._units_within(key.split())))
        narrow = [meant for meant in units if not any(set(other) < set(meant) for other in units)]
        return tuple(dict.fromkeys(pcode for meant in narrow for pcode in meant)) if len(narrow) > 1 else ()

    def _units_within(self, words: list[str]) -> list[tuple[str, ...]]:
        """Return the P-codes that each listed name among the words may mean, in their order.

        A direction without a name belongs to the next name, else to the last: "North & South Waziristan".
        """
        found: list[tuple[str, ...] | None] = []
        alone: list[str] = []
        last = ""
        for taken in self._names_within(words):
            meant = self._meant(taken)
            if meant:
                last = " ".join(word for word in taken if word not in DIRECTION_WORDS)
                found += [self._meant([word, last]) for word in alone] + [meant]
                alone = []
            elif taken[0] in DIRECTION_WORDS:
                alone += taken
        found += [self._meant([word, last]) for word in alone]
        return [meant for meant in found if meant]

    def _names_within(self, words: list[str]) -> Iterator[list[str]]:
        """Yield the words as listed names and single words: with the fewest left over, then the fewest meanings.

        So "Kurram, Lower Chitral" is not read as Lower Kurram and one Chitral or the other.
        """
        n = len(words)
        costs, ends = [(0, 0)] * (n + 1), [0] * n
        for start in reversed(range(n)):
            n_over, n_meant = costs[start + 1]
            costs[start], ends[start] = (n_over + 1, n_meant), start + 1
            for end in range(start + 1, min(n, start + self._most_words) + 1):
                meant = self._meant(words[start:end])
                if meant is not None:
                    cost = (costs[end][0], costs[end][1] + len(meant))
                    costs[start], ends[start] = min((costs[start], ends[start]), (cost, end))
        start = 0
        while start < n:
            yield words[start : ends[start]]
            start = ends[start]

    def _meant(self, words: list[str]) -> tuple[str, ...] | None:
        """Return the P-codes that words may mean as one name, None if they are no listed name."""
        pcode, alias = written_pcode(" ".join(words)), self._by_key.get(" ".join(words))
        if pcode in self._pcodes:
            return (pcode,)
        return None if alias is None else (alias.pcode,) if alias.pcode else alias.candidates

    def _unit_scores(self, key: str) -> dict[str, tuple[float, str]]:
        """Return the best ratio and its spelling by unit (P-code, or the name itself if it has none), best first."""
        from rapidfuzz import fuzz, process

        best: dict[str, tuple[float, str]] = {}
        found = process.extract(key, self._fuzzy_keys, scorer=fuzz.ratio, score_cutoff=_PROPOSAL_RATIO, limit=None)
        # Spellings with the same direction words come first: only they can be accepted for their unit.
        found.sort(key=lambda hit: (directions(hit[0]) != directions(key), -hit[1]))
        for matched, score, _ in found:
            best.setdefault(self._by_key[matched].pcode or matched, (score, matched))
        return dict(sorted(best.items(), key=lambda item: (-item[1][0], item[0])))

    def _proposals(self, scores: Mapping[str, tuple[float, str]]) -> tuple[str, ...]:
        """Return the districts to choose from, best first; none because of a place spelled alike (Isham, Bisham)."""
        codes: dict[str, None] = {}
        for unit, (_, matched) in scores.items():
            if self._by_key[matched].kind == "place":
                continue
            codes |= dict.fromkeys((unit,) if unit in self._pcodes else self._by_key[unit].candidates)
        return tuple(codes)[:_MOST_PROPOSALS]


def _parts(name: str) -> list[str]:
    """Return the parts of a name between commas, brackets and dashes with spaces around them."""
    return [part.strip() for part in _PART_ENDS.split(name) if part.strip()] or [name]


def written_pcode(cell: str) -> str | None:
    """Return a P-code as it is published (PK503) from pk503, "PK 503" or PK-503; None for any other text.

    It need not be one that exists.
    """
    joined = _PCODE_JOINERS.sub("", cell).upper()
    return joined if _PCODE.match(joined) else None


def is_sum(name: str) -> bool:
    """Return whether the name of a row means the sum of others: "Grand Total", "KP total*", "T O T A L", کل."""
    key = normalise_name(name)
    return not SUM_WORDS.isdisjoint({*key.split(), key.replace(" ", "")})


def is_label_of_sum(cell: str) -> bool:
    """Return whether a cell is short enough to say of its row that it is the sum of others, and says so."""
    return len(cell) <= LONGEST_SUM and is_sum(cell)


def is_only_sum(name: str) -> bool:
    """Whether a text says nothing but that a row sums up others: "Sub total", but not "All Saints Church"."""
    words = normalise_name(name).split()
    return is_sum(name) and set(words) <= {*SUM_WORDS, "sub", "grand", "of", "the", "kp"}


def _unresolved(reason: Text, candidates: tuple[str, ...] = ()) -> Resolution:
    return Resolution(None, "none", candidates, reason)


def _from_alias(alias: Alias) -> Resolution:
    if alias.pcode is None:
        return _unresolved(UNRESOLVED_KINDS[alias.kind], alias.candidates)
    if alias.kind == "name":
        return Resolution(alias.pcode, "source_admin", (), DISTRICT_NAMED)
    return Resolution(alias.pcode, "alias", (), _LISTED_AS.get(alias.kind, text("listed as another name")))


def _from_places(places: tuple[Place, ...]) -> Resolution:
    pcodes = tuple(dict.fromkeys(place.pcode for place in places))
    if len(pcodes) > 1 or any(place.is_ambiguous for place in places):
        return _unresolved(SEVERAL_PLACES, pcodes)
    return Resolution(pcodes[0], "place", (), PLACE_FOUND)
