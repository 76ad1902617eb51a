"""Names of columns that hold a person: the name, who the father was, numbers of documents, age and rank."""

from __future__ import annotations

from collections.abc import Sequence

from geo.districts import load
from geo.gazetteer import without_kind
from geo.ingest.mapping.name_words import split_words
from geo.ingest.mapping.toll_columns import are_counts
from geo.ingest.tables import TextTable, header_key
from geo.ingest.values.words import by_tokens
from geo.text import normalise_name

# "Name of shaheed", "Father's name": a word for a name, one for a person, and words that only join them.
_NAME = frozenset({"name", "names", "نام"})
_PERSON = frozenset(
    {"victim", "victims", "deceased", "shaheed", "shaheeds", "shuhada", "martyr", "martyrs", "martyred", "injured"}
    | {"killed", "dead", "wounded", "person", "persons", "individual", "individuals", "father", "fathers", "husband"}
    | {
        "casualty",
        "soldier",
        "jawan",
        "constable",
        "parentage",
        "fathername",
        "شہید",
        "شہدا",
        "متوفی",
        "مقتول",
        "زخمی",
        "والد",
        "باپ",
    }
)
# Others whose name is kept no more than that of a victim, though it does not make a table a list of victims.
_CONCERNED_WORDS = (
    "accused suspect suspects culprit culprits offender offenders arrested arrestee detained detainee detainees "
    "abductee abductees abducted kidnapped kidnappee hostage hostages missing militant militants terrorist terrorists "
    "attacker attackers assailant assailants bomber bombers complainant complainants informer informant witness "
    "witnesses survivor survivors relative relatives brother son wife mother guardian heir heirs driver owner "
    "ملزم ملزمان ملزموں مشتبہ مغوی دہشتگرد گرفتار مدعی گواہ لاپتہ"
)
_CONCERNED = frozenset(_CONCERNED_WORDS.split())
_JOINING = frozenset(
    {
        "of",
        "the",
        "s",
        "and",
        "or",
        "rank",
        "with",
        "full",
        "no",
        "number",
        "belt",
        "designation",
        "age",
        "کا",
        "کے",
        "کی",
    }
)
# Of whom a name is: of a victim beside other signs of persons, else perhaps of who wrote the report.
_OFFICIAL = frozenset({"official", "officials", "officer", "officers", "personnel", "employee", "policeman", "police"})
_ALONE = frozenset(
    {"father", "parentage", "f_name", "fname", "s_o", "son_of", "cnic", "cnic_no", "cnic_number", "nic", "nic_no"}
    | {"id_card_no", "next_of_kin", "legal_heir", "ولدیت", "شناختی_کارڈ", "شناختی_کارڈ_نمبر"}
)
# Columns that are a person's only beside other signs of persons: texts that tell who it is, or else count victims;
# numbers and addresses that tell it; and what describes a person.
_PERHAPS_NUMBERS = frozenset({"person", "victim", "victims", "deceased", "shaheed", "martyr", "martyrs"})
_BARE_NAMES = _NAME | {"full_name"}
_TELLING = _BARE_NAMES | frozenset(
    {"belt_no", "belt_number", "service_no", "personal_no", "army_no", "mobile", "mobile_no", "phone", "phone_no"}
    | {"cell_no", "contact", "contact_no", "address", "home_address", "permanent_address", "پتہ", "سکونت"}
)
_SIGNS = frozenset(
    {"age", "age_years", "age_in_years", "rank", "designation", "gender", "sex", "occupation", "profession", "caste"}
    | {"marital_status", "domicile", "عمر", "رینک", "عہدہ", "جنس", "پیشہ"}
)
_OF_THE_BODY = frozenset({"age", "age_years", "age_in_years", "rank", "gender", "sex", "عمر", "رینک", "عہدہ", "جنس"})
_FEWEST_SIGNS = 2
# "Constable Ali Example shaheed" is no event, though a word of it tells that he was killed.
_OF_A_PERSON = frozenset({"shaheed", "shahid", "martyr", "martyred", "constable", "sepoy", "soldier", "jawan", "شہید"})

# "FIR No", "Case No", "Incident ID": what is numbered, and words that only go with it.
_NUMBERED = frozenset({"fir", "incident", "event", "attack", "case"})
_NUMBER = frozenset({"no", "number", "num", "id", "ref", "reference", "code"})
_BESIDE_NUMBERS = frozenset({"and", "date", "dated", "ps", "police", "station", "under", "section", "u", "s", "the"})


def naming_columns(names: Sequence[str]) -> tuple[str, ...]:
    """Return the columns that name a person whatever stands beside them."""
    return tuple(name for name in names if _names_victim(name) or _is_name(name, _CONCERNED))


def bare_names(names: Sequence[str]) -> tuple[str, ...]:
    """Return the columns only called "Name": of persons, events or places."""
    return tuple(name for name in names if header_key(name) in _BARE_NAMES)


def count_events(texts: Sequence[str]) -> tuple[int, int]:
    """Return how many texts of a column "Name" name an event or a place, such as "Bannu Cantt attack", and of all."""
    found = [text for text in texts if text.strip()]
    return sum(_is_event_or_place(text) for text in found), len(found)


def _is_event_or_place(text: str) -> bool:
    if not _OF_A_PERSON.isdisjoint(split_words(text)):
        return False
    known = load()
    if known.aliases.kind(text) or known.places.find(text) or by_tokens("attack_type", text):
        return True
    return without_kind(key := normalise_name(text)) != key


def telling_columns(table: TextTable) -> tuple[str, ...]:
    """Return the columns of a list of persons that tell who a person is; numbers of victims are none of them."""
    named = naming_columns(table.columns)
    return tuple(
        name
        for name, key in zip(table.columns, table.keys, strict=True)
        if name in named
        or header_key(name) in _TELLING
        or _is_name(name)
        or (header_key(name) in _PERHAPS_NUMBERS and not are_counts(table.sample(key)))
    )


def describing_columns(names: Sequence[str]) -> tuple[str, ...]:
    """Return the columns of a list of persons that describe a person: age, rank, gender."""
    return tuple(name for name in names if header_key(name) in _SIGNS or (_is_name(name) and _signs(name)))


def numbers_incidents(name: str) -> bool:
    """Whether a column identifies incidents, by its name: two of its numbers are two incidents."""
    words = set(split_words(name.replace(".", "")))
    is_number = bool(words & _NUMBER and words & _NUMBERED) or "fir" in words
    return is_number and words <= _NUMBERED | _NUMBER | _BESIDE_NUMBERS


def has_persons(table: TextTable) -> bool:
    """Whether each row of a table looks like a person: a name beside an age or rank, a father, or two such signs."""
    described = describing_columns(table.columns)
    signs = set(map(header_key, described)).union(*map(_signs, described))
    if any(map(_names_victim, table.columns)) or (telling_columns(table) and signs):
        return True
    return len(signs) >= _FEWEST_SIGNS and bool(signs & _OF_THE_BODY)


def _names_victim(name: str) -> bool:
    return _is_name(name, _PERSON) or header_key(name) in _ALONE


def _is_name(name: str, of: frozenset[str] = frozenset()) -> bool:
    """Whether a column holds names of persons by its name: of some of these, or of anybody."""
    words = set(split_words(name))
    is_of = bool(words & of) or not of
    return bool(words & _NAME) and is_of and words <= _NAME | _PERSON | _CONCERNED | _OFFICIAL | _JOINING


def _signs(name: str) -> set[str]:
    return set(split_words(name)) & _SIGNS
