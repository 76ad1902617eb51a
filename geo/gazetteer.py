"""The gazetteer: places of the province by name. A name is found as it is written, never by a close spelling."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from geo.text import consonants, normalise_name, sounded

# Words for the kind of a place, and for whose district it is (DPO Tank): they are dropped at the ends of a name that is
# not listed as a whole.
KIND_WORDS = frozenset(
    {"village", "town", "area", "city", "bazaar", "bazar", "locality", "suburb", "teshsil", "tehsils", "environs"}
    | {"cantonment", "cantt", "cant", "saddar", "dpo", "ccpo", "ccp", "چہاونی", "کینٹ", "صدر"}
    | {"گاوں", "بازار", "شہر", "علاقہ", "علاقے", "قصبہ", "تحصیل", "کلی", "کلے", "ښار", "سیمہ"}
)
# Word -> which of two districts of one name it says.
DIRECTION_WORDS: dict[str, str] = {
    word: direction
    for direction, words in {
        "north": "north northern n شمالی شمال",
        "south": "south southern s جنوبی جنوب سویلی سوېلی",
        "upper": "upper bala uper اپر بالای بالایی بالا بر پورتہ",
        "lower": "lower payan payeen لویر زیریں پایین کوز ښکتہ لر",
        "central": "central wusta middle وسطی",
    }.items()
    for word in words.split()
}
# Urdu names of well-known places, by their name in the gazetteer; written for this project.
URDU_PLACES = {
    "Mir Ali": "میر علی",
    "Miran Shah": "میران شاہ",
    "Datta Khel": "دتہ خیل",
    "Razmak": "رزمک",
    "Wana": "وانا",
    "Makeen": "مکین",
    "Ladha": "لدھا",
    "Sararogha": "سراروغہ",
    "Jandola": "جنڈولہ",
    "Bara": "باڑہ",
    "Jamrud": "جمرود",
    "Landi Kotal": "لنڈی کوتل",
    "Parachinar": "پاراچنار",
    "Sadda": "صدہ",
    "Darra Adam Khel": "درہ آدم خیل",
    "Mingora": "مینگورہ",
    "Saidu Sharif": "سیدو شریف",
    "Timargara": "تیمرگرہ",
    "Jandol": "جندول",
    "Paroa": "پرووا",
    "Kulachi": "کلاچی",
    "Paharpur": "پہاڑ پور",
    "Shabqadar": "شبقدر",
    "Risalpur": "رسالپور",
    "Risalpur Cantonment": "رسالپور چھاؤنی",
    "Nowshera Cantonment": "نوشہرہ چھاؤنی",
    "Nowshera Kalan": "نوشہرہ کلاں",
    "Chitral": "چترال",
    "Havelian": "حویلیاں",
    "Khar": "خار",
    "Sarai Naurang": "سرائے نورنگ",
    "Daggar": "ڈگر",
    "Tangi": "تنگی",
    "Utmanzai": "اتمانزئی",
    "Buni": "بونی",
    "Shorkot": "شورکوٹ",
    "Doaba": "دوآبہ",
    "Khalabat": "کھلابٹ",
    "Lachi": "لاچی",
    "Dasu": "داسو",
    "Patan": "پٹن",
    "Alizai": "علیزئی",
    "Bat Khela": "بٹ خیلہ",
    "Oghi": "اوگی",
    "Baffa": "بفہ",
    "Pabbi": "پبی",
    "Amangarh": "امان گڑھ",
    "Akora Khattak": "اکوڑہ خٹک",
    "Alpurai": "الپوری",
    "Tordher": "تورڈھیر",
    "Topi": "ٹوپی",
    "Jahangira": "جہانگیرہ",
    "Zaida": "زیدہ",
    "Thal": "ٹل",
    "Noorabad": "نور آباد",
    "Abdul Khel": "عبدالخیل",
    "Amirabad": "امیر آباد",
    "Lakki": "لکی مروت",
    "Tirah valley": "وادی تیراہ",
    "Shewa": "شیوہ",
}


@dataclass(frozen=True, slots=True)
class Place:
    """A named place in one district. lat, lon: degrees, WGS84.

    is_ambiguous: the name is also used in another district, or for two points more than 10 km apart.
    """

    name: str
    pcode: str
    lat: float
    lon: float
    source: str
    is_ambiguous: bool


class Gazetteer:
    """Places by name. Spelling counts, spaces and capital letters do not. Immutable after construction."""

    __slots__ = ("_by_key", "places")

    def __init__(self, places: Iterable[Place] = ()) -> None:
        self.places: tuple[Place, ...] = tuple(places)
        by_key: dict[str, tuple[Place, ...]] = {}
        for place in self.places:
            key = _joined(normalise_name(place.name))
            by_key[key] = (*by_key.get(key, ()), place)
        self._by_key: Mapping[str, tuple[Place, ...]] = MappingProxyType(by_key)

    def find(self, name: str) -> tuple[Place, ...]:
        """Return the places of this name, in the order of the gazetteer; without KIND_WORDS if the whole is unknown."""
        key = normalise_name(name)
        return self._by_key.get(_joined(key)) or self._by_key.get(_joined(without_kind(key)), ())

    def search(self, text: str, limit: int = 10) -> list[Place]:
        """Return at most `limit` places for a text typed in any script: the name, then its start, then a later word;
        without KIND_WORDS where the whole finds nothing, then as Latin letters sound (Vana, Laki), and at last by the
        consonants, which are the same in both scripts.
        """
        key = normalise_name(text)
        if not key or limit < 1:
            return []
        found = self._matching(key) or self._matching(without_kind(key))
        found = found or self._matching(sounded(without_kind(key)), sounded)
        return (found or self._by_consonants(without_kind(key)))[:limit]

    def _by_consonants(self, key: str) -> list[Place]:
        """Return the places whose names have the consonants of a key; two are too few to tell."""
        sounds = consonants(key)
        return self._matching(sounds, consonants) if len(_joined(sounds)) > 2 else []

    def _matching(self, key: str, form: Callable[[str], str] = str) -> list[Place]:
        """Return the places that a typed key finds, the best first, one a name and district.

        form: what is done to a name before it is compared.
        """
        ranked = []
        for place in self.places:
            names = [normalise_name(place.name), normalise_name(URDU_PLACES.get(place.name, ""))]
            if ranks := [rank for name in names if (rank := _rank(form(name), key))]:
                ranked.append((min(ranks), names[0], place))
        first: dict[tuple[str, str], Place] = {}
        for _, name, place in sorted(ranked, key=lambda one: one[:2]):
            first.setdefault((_joined(name), place.pcode), place)
        return list(first.values())


def without_kind(key: str) -> str:
    """Return a name as compared without KIND_WORDS at its ends; unchanged if nothing else is left."""
    words = key.split()
    while words and words[-1] in KIND_WORDS:
        words.pop()
    while words and words[0] in KIND_WORDS:
        words.pop(0)
    return " ".join(words) or key


def _joined(key: str) -> str:
    return key.replace(" ", "")


def _rank(name: str, key: str) -> int:
    """Return 1 for the name itself, 2 for its start, 3 for the start of a later word, 0 for none of these."""
    joined, typed = _joined(name), _joined(key)
    if joined == typed:
        return 1
    return 2 if joined.startswith(typed) else 3 if f" {key}" in name else 0


def directions(key: str) -> frozenset[str]:
    """Return which of north, south, upper, lower and central the words of a name say."""
    return frozenset(DIRECTION_WORDS[word] for word in key.split() if word in DIRECTION_WORDS)
