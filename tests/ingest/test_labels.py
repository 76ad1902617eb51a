"""One of a few words for each row: the same as a list of words would give."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geo.ingest.values.labels import Labels, labelled

WORDS = st.sampled_from(["a", "b", "c", "d"])
ROWS = 5
COLUMN = st.lists(WORDS, min_size=ROWS, max_size=ROWS)
MASK = st.lists(st.booleans(), min_size=ROWS, max_size=ROWS)


def labels(words: list[str]) -> Labels:
    return Labels(words, np.arange(len(words)))


def told(found: Labels) -> list[str | None]:
    words: list[str | None] = found.to_arrow().to_pylist()
    return words


@given(COLUMN, st.lists(WORDS, max_size=3))
def test_words_come_back_and_are_found(words: list[str], sought: list[str]) -> None:
    assert told(labels(words)) == words
    assert labels(words).is_any(*sought).tolist() == [word in sought for word in words]


@given(COLUMN, st.lists(st.tuples(MASK, WORDS | COLUMN), max_size=4))
def test_the_first_condition_that_holds_decides(
    default: list[str], rules: list[tuple[list[bool], str | list[str]]]
) -> None:
    masks = [np.array(mask, dtype=bool) for mask, _ in rules]
    by = [word if isinstance(word, str) else labels(word) for _, word in rules]
    expected = [
        next((word if isinstance(word, str) else word[row] for mask, word in rules if mask[row]), default[row])
        for row in range(ROWS)
    ]
    assert told(labelled(masks, by, labels(default), ROWS)) == expected


def test_a_refused_row_has_no_word_and_is_none_of_them() -> None:
    found = Labels(["a", None], np.array([0, 1, -1]))
    assert told(found) == ["a", None, None]
    assert found.is_any("a").tolist() == [True, False, False]


def test_a_table_without_rows_has_no_words() -> None:
    assert told(labelled([], [], "a", 0)) == []
    assert told(Labels.same("a", 0).replaced(np.zeros(0, dtype=bool), "b")) == []
