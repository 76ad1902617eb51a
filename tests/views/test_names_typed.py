"""Names as people type them, in Urdu, Pashto, English and Roman Urdu: every filter box finds what they mean.

The spellings are those of news pages and of the glossary; what a box shows is in the language of the reader.
"""

from __future__ import annotations

import pytest

from geo import districts as geo_districts
from geo import wording
from geo.views import filters, go_to, group_choices

ATLAS = geo_districts.load()
DISTRICTS = {
    "Bannu": ("بنوں", "banu"),
    "Lakki Marwat": ("لکی مروت", "laki marwat", "لکي مروت"),
    "North Waziristan": ("شمالی وزیرستان", "shumali waziristan", "شمالی وزیرستان ایجنسی"),
    "South Waziristan": ("جنوبی وزیرستان", "janubi waziristan"),
    "Dera Ismail Khan": ("ڈیرہ اسماعیل خان", "D.I. Khan", "d i khan", "ڈی آئی خان"),
    "Peshawar": ("پشاور", "پېښور"),
    "Kurram": ("کرم", "kuram", "Kurram Agency"),
    "Upper Dir": ("دیر بالا", "dir upper", "اپر دیر"),
    "Charsadda": ("چارسدہ", "charsada"),
    "Abbottabad": ("ایبٹ آباد", "abbotabad"),
}
GROUPS = {
    "ttp": ("تحریک طالبان", "tehrik i taliban", "Tehreek-e-Taliban", "ٹی ٹی پی", "ttp"),
    "hgb": ("حافظ گل بہادر", "hafiz gul bahadar"),
    "iskp": ("داعش خراسان", "daesh", "ISIS-K"),
    "lei": ("لشکر اسلام", "lashkar i islam", "Lashkar-e-Islam"),
    "ttp_jua": ("جماعت الاحرار", "jamat ul ahrar"),
    "aq": ("القاعدہ", "al qaeda"),
    "afghan_taliban": ("افغان طالبان", "afghan taliban"),
    "unid": ("منسوب نہیں", "not attributed"),
}
PLACES = {
    "Mir Ali": ("میر علی", "mirali"),
    "Miran Shah": ("میران شاہ", "miranshah"),
    "Jani Khel": ("جانی خیل", "janikhel"),
    "Bakakhel": ("بکاخیل",),
    "Domail": ("ڈومیل", "Domel"),
    "Sarai Naurang": ("سرائے نورنگ", "Serai Naurang"),
    "Daraban": ("درابن",),
    "Tirah valley": ("تیراہ", "tirah"),
    "Landi Kotal": ("لنڈی کوتل", "landikotal"),
    "Mattani": ("متنی", "matani"),
    "Spinwam": ("سپین وام",),
    "Peshawar": ("پشاور", "peshawar"),
}


@pytest.fixture(params=("ur", "en"))
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_a_district_is_found_in_the_filter_by_what_is_typed(language: str) -> None:
    with wording.in_language(language):
        labels = filters.findable(geo_districts.load())
    labels = {ATLAS.official_names[pcode]: label for pcode, label in labels.items()}
    typed = [(name, text) for name, texts in DISTRICTS.items() for text in texts]
    assert len(typed) >= 20
    assert [pair for pair in typed if not group_choices.is_found(pair[1], labels[pair[0]])] == []


def test_a_group_is_found_in_the_filter_by_what_is_typed(language: str) -> None:
    with wording.in_language(language):
        labels = group_choices.labels(GROUPS)
    # A group without a claim has one name, that of the language.
    typed = [(key, text) for key, texts in GROUPS.items() for text in texts if key != "unid"]
    typed.append(("unid", GROUPS["unid"][language == "en"]))
    assert len(typed) >= 20
    assert [pair for pair in typed if not group_choices.is_found(pair[1], labels[pair[0]])] == []


def found(atlas: geo_districts.Districts, typed: str) -> set[str]:
    """Return the names of the proposed places, a district by its English name."""
    places = go_to.proposals(atlas, typed)
    return {atlas.official_names[place.pcode] if place.source == "district" else place.name for place in places}


def test_a_place_is_found_by_what_is_typed_whichever_language_was_first(language: str) -> None:
    with wording.in_language(language):
        atlas = geo_districts.load.__wrapped__()
        typed = [(name, text) for name, texts in PLACES.items() for text in texts]
        assert len(typed) >= 20
        missed = [text for name, text in typed if name not in found(atlas, text)]
    assert missed == []


@pytest.mark.parametrize("typed", ["کراچی", "لاہور", "London", "ابجد"])
def test_a_name_from_elsewhere_is_not_taken_for_one_of_the_province(typed: str) -> None:
    assert go_to.proposals(ATLAS, typed) == []
