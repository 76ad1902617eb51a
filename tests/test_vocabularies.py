"""Vocabularies are files: their codes are known, a damaged file is named with its line, labels reach translators."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo import schema, vocabularies
from tests import catalogue

ALL = sorted(vocabularies.FOLDER.glob("*.csv"))
KNOWN = {
    "attack_type": schema.ATTACK_TYPES,
    "target_type": schema.TARGET_TYPES,
    "attacktype1_txt": schema.ATTACK_TYPES,
    "targtype1_txt": schema.TARGET_TYPES,
    "target1": schema.TARGET_TYPES,
    "actor": schema.TARGET_TYPES,
    "sub_event_type": {**schema.ATTACK_TYPES, "not_an_attack": ""},
    "event_type": {**schema.ATTACK_TYPES, "not_an_attack": ""},
    "specificity": schema.GEO_PRECISIONS,
    "geo_precision": schema.GEO_PRECISIONS,
    "where_prec": schema.GEO_PRECISIONS,
    "time_precision": schema.DATE_PRECISIONS,
    "date_prec": schema.DATE_PRECISIONS,
}


@pytest.mark.parametrize("name", ["own_words", "gtd", "acled", "ucdp", "register", "suicide_attacks"])
def test_words_of_a_source_mean_codes_of_the_atlas(name: str) -> None:
    for column, words in vocabularies.codes(name).items():
        assert words
        assert set(words.values()) <= set(KNOWN[column]), column


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("code,meaning\na,b\n", "toy.csv, line 1: the columns"),
        ("", "toy.csv, line 1: the columns"),
        ("code,label\na,b\nc\n", "toy.csv, line 3: 1 cells, not 2"),
        ("code,label\na,b\n\nc,d\n", "toy.csv, line 3: 0 cells, not 2"),
        ("code,label\na,b\na,c\n", "toy.csv, line 3: a stands in an earlier row"),
    ],
)
def test_a_damaged_file_is_named_with_its_line(
    content: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "toy.csv").write_text(content, "utf-8")
    monkeypatch.setattr(vocabularies, "FOLDER", tmp_path)
    with pytest.raises(ValueError, match=message):
        vocabularies.labels("toy")


def test_labels_keep_the_order_of_the_file_and_their_commas(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "toy.csv").write_text('code,label\nz,"One, two"\na,ضلع\n', "utf-8")
    monkeypatch.setattr(vocabularies, "FOLDER", tmp_path)
    assert list(vocabularies.labels("toy").items()) == [("z", "One, two"), ("a", "ضلع")]


def test_labels_meanings_and_notes_are_sentences_of_the_catalogue() -> None:
    found = {sentence for path in ALL for sentence in catalogue.vocabulary_sentences(path)}
    assert {"Roadside or planted bomb", "district name", "there are no rows", "files"} <= found
    assert ("{n} blank row was ignored.", "{n} blank rows were ignored.") in found
    assert not found & {"", "ied", "MB", "ACLED"}


def test_no_precision_of_kilometres_is_called_exact() -> None:
    assert not [label for label in vocabularies.labels("geo_precisions").values() if "exact" in label.lower()]
