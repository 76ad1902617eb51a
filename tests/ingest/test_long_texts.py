"""Long hostile texts: no pattern takes a time that grows with the square of their length."""

from __future__ import annotations

import pytest

from geo.ingest.mapping.sentences import proposed_place
from geo.ingest.values.choices import folded_word
from geo.ingest.values.counts import parse_count
from geo.ingest.values.places import parse_degrees
from geo.ingest.values.point_text import parse_point
from geo.ingest.values.words import meaning

READERS = {
    "count": lambda text: parse_count(text, allow_range=True),
    "word": lambda text: meaning("target_type", text),
    "folded": folded_word,
    "sentence": proposed_place,
    "degrees": parse_degrees,
    "point": parse_point,
}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("text", ["1" + " " * 50_000 + "x", "1" * 50_000, "a" + "\u00a0" * 50_000 + "x"])
def test_a_long_text_comes_to_an_end(reader, text):
    """A pattern that tries every length of every part would take hours."""
    READERS[reader](text)


def test_a_long_text_in_every_column_is_read(read):
    text = "1" + " " * 40_000 + "x"
    found = read(f'date,place,killed,type,target\n2024-03-05,Bannu,"{text}","{text}","{text}"\n')
    assert found.rows["killed_best"].to_pylist() == [None]
