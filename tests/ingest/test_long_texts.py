"""Long hostile texts: no pattern takes a time that grows with the square of their length."""

from __future__ import annotations

import pytest

from geo.analysis.locating import locate, place_names
from geo.districts import load
from geo.ingest.mapping.sentences import proposed_place
from geo.ingest.values.choices import folded_word
from geo.ingest.values.counts import parse_count
from geo.ingest.values.places import parse_degrees
from geo.ingest.values.point_text import parse_point
from geo.ingest.values.word_fields import read_claim
from geo.ingest.values.words import meaning, target_in
from geo.text import normalise_name
from tests import toy

READERS = {
    "count": lambda text: parse_count(text, allow_range=True),
    "word": lambda text: meaning("target_type", text),
    "target": target_in,
    "group": read_claim,
    "folded": folded_word,
    "sentence": proposed_place,
    "degrees": parse_degrees,
    "point": parse_point,
}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(
    "text", ["1" + " " * 50_000 + "x", "1" * 50_000, "a" + "\u00a0" * 50_000 + "x", "not " * 20_000]
)
def test_a_long_text_comes_to_an_end(reader, text):
    """A pattern that tries every length of every part would take hours."""
    READERS[reader](text)


def test_a_long_text_in_every_column_is_read(read):
    text = "1" + " " * 40_000 + "x"
    found = read(f'date,place,killed,type,target\n2024-03-05,Bannu,"{text}","{text}","{text}"\n')
    assert found.rows["killed_best"].to_pylist() == [None]


@pytest.mark.parametrize("column", ["district_reported", "place"])
def test_a_text_longer_than_any_name_names_no_place(column):
    """20 rows of 300 kB each took more than a minute, in the process that answers all visitors."""
    rows = [toy.row(n, **{column: "Bannu, " * n_times + "Bannu"}) for n, n_times in enumerate((20, 200, 40_000))]
    located = locate.assign_districts(toy.table(*rows), load())
    assert located["pcode"].to_pylist() == ["PK503", None, None]


def test_a_row_with_a_long_place_is_located_by_its_other_columns_or_named_as_not_located():
    text = "Bannu, " * 200
    rows = toy.table(toy.row(1, place=text, district_reported="Bannu"), toy.row(2, place=text))
    located = locate.assign_districts(rows, load())
    assert located["pcode"].to_pylist() == ["PK503", None]
    asked = [one for one in place_names.account(located, load()) if one.how in place_names.TO_CONFIRM]
    assert [(one.n_rows, one.text) for one in asked] == [(1, text.strip())]


@pytest.mark.parametrize("text", ["x" * 501, "Bannu " * 100])
def test_a_text_longer_than_a_name_is_compared_with_none(text):
    assert normalise_name(text) == ""
    assert normalise_name(text[:500]) != ""
