"""The glossary: every term once, in Urdu letters, with the page that uses it or a plain word that none was found."""

from __future__ import annotations

import csv
import json
import re
import unicodedata
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from babel import Locale
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[1]
GLOSSARY = ROOT / "geo" / "locale" / "glossary.csv"
DOCUMENT = ROOT / "docs" / "glossary.md"
COLUMNS = ["term_en", "term_ur", "roman_ur", "field", "source_publisher", "source_address", "note"]
FIELDS = {
    *("event", "report", "people", "group", "force", "map", "statistics", "interface"),
    *("place", "division", "district", "month", "number"),
}
NOT_FOUND = "none found; translator's choice"
# Urdu letters and the marks it writes; Arabic kaf, ye, te marbuta and heh look alike and are found by no search.
URDU = re.compile(r"[آابپتٹثجچحخدڈذرڑزژسشصضطظعغفقکگلمنںوؤہۂھءیئےۓ\u064b\u064d\u0650\u0651\u0670 ‘’-]+")


def rows() -> list[dict[str, str]]:
    with GLOSSARY.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        assert reader.fieldnames == COLUMNS
        return list(reader)


def field(name: str) -> dict[str, str]:
    return {row["term_en"]: row["term_ur"] for row in rows() if row["field"] == name}


def test_there_are_enough_terms_and_each_stands_once() -> None:
    found = rows()
    assert len(found) >= 150
    for column in ("term_en", "term_ur"):
        assert [term for term, n in Counter(row[column].casefold() for row in found).items() if n > 1] == []


def test_every_cell_is_there_and_tidy() -> None:
    for row in rows():
        assert all(row[column] for column in COLUMNS[:5]), row
        assert all(value == unicodedata.normalize("NFC", value).strip() for value in row.values()), row
        assert row["field"] in FIELDS, row


def test_urdu_is_written_in_urdu_letters() -> None:
    assert [row["term_ur"] for row in rows() if not URDU.fullmatch(row["term_ur"])] == []


@pytest.mark.parametrize("text", ["خيبر", "كرم", "کرم ه", "Kurram", ""])
def test_letters_of_other_languages_are_found(text: str) -> None:
    assert not URDU.fullmatch(text)


def test_roman_spellings_are_latin_and_each_stands_once() -> None:
    for row in rows():
        spellings = row["roman_ur"].split(", ")
        assert all(re.fullmatch(r"[A-Za-z][A-Za-z0-9 .'-]*", spelling) for spelling in spellings), row
        assert len(spellings) == len(set(spellings)), row


def test_every_term_names_its_pages_or_says_that_none_was_found() -> None:
    for row in rows():
        publishers, addresses = row["source_publisher"].split(" | "), row["source_address"].split(" | ")
        if row["source_publisher"] == NOT_FOUND:
            assert not row["source_address"], row
            continue
        assert len(publishers) == len(addresses), row
        assert len({name.split(" (")[0] for name in publishers}) == len(publishers), f"one publisher twice: {row}"
        for address in addresses:
            parts = urlsplit(address)
            assert (parts.scheme, parts.username, parts.port) == ("https", None, None), row
            assert re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", parts.netloc), row
            assert re.fullmatch(r"[!-~]+", address), row


def test_every_district_has_the_name_that_the_data_use() -> None:
    districts = json.loads((ROOT / "data" / "districts.geojson").read_text("utf-8"))["features"]
    with (ROOT / "data" / "aliases.csv").open(encoding="utf-8", newline="") as file:
        urdu = {
            row["pcode"]: row["alias"]
            for row in csv.DictReader(file)
            if (row["kind"], row["language"]) == ("name", "ur")
        }
    expected = {item["properties"]["name"]: urdu[item["properties"]["pcode"]] for item in districts}
    assert field("district") == expected
    assert set(field("division")) == {f"{item['properties']['division']} Division" for item in districts}


def test_months_are_those_that_babel_writes() -> None:
    assert list(field("month").values()) == list(Locale.parse("ur").months["format"]["wide"].values())


def test_no_term_passes_a_verdict() -> None:
    verdicts = ("محفوظ علاقہ", "خطرناک", "شہید", "خوارج", "گڑھ")
    assert [row["term_ur"] for row in rows() if any(word in row["term_ur"] for word in verdicts)] == []


def test_the_document_states_the_counts_of_the_file() -> None:
    found = rows()
    none = sum(row["source_publisher"] == NOT_FOUND for row in found)
    two = sum(" | " in row["source_publisher"] for row in found)
    one = len(found) - two - none
    stated = f"{len(found)} terms: {two} from two publishers, {one} from one, {none} with no source found"
    assert stated in DOCUMENT.read_text("utf-8")
    assert "No native reader of Urdu has reviewed" in DOCUMENT.read_text("utf-8")


def test_a_word_of_the_glossary_stands_so_on_the_pages() -> None:
    with (GLOSSARY.parent / "ur" / "LC_MESSAGES" / "atlas.po").open("rb") as file:
        shown = {message.id.casefold(): message.string for message in read_po(file) if isinstance(message.id, str)}
    words = {row["term_en"].casefold(): row["term_ur"] for row in rows()}
    both = words.keys() & shown.keys()
    assert len(both) > 50
    assert {term: shown[term] for term in both} == {term: words[term] for term in both}
