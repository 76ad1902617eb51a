"""The catalogue of English sentences is that of the sources, and every sentence in it can be shown."""

from __future__ import annotations

import string

import pytest
from babel.messages.pofile import read_po

from geo import wording
from tests import catalogue

with catalogue.TEMPLATE.open("rb") as file:
    MESSAGES = [message for message in read_po(file) if message.id]


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def test_the_catalogue_is_up_to_date() -> None:
    expected, found = catalogue.extracted().decode(), catalogue.TEMPLATE.read_text("utf-8")
    assert found == expected, "run `python -m tests.catalogue`"


def test_the_catalogue_holds_sentences_of_every_page() -> None:
    assert len(MESSAGES) > 500
    assert {"Upload an incident file", "Stored batches", "Duplicates"} <= {message.id for message in MESSAGES}


def test_both_forms_of_a_sentence_have_the_same_placeholders() -> None:
    pairs = [message.id for message in MESSAGES if isinstance(message.id, tuple)]
    assert pairs
    for singular, plural in pairs:
        assert placeholders(singular) - {"n"} == placeholders(plural) - {"n"}, plural


def test_every_sentence_can_be_marked_and_keeps_its_placeholders() -> None:
    with wording.in_language(wording.PSEUDO_LANGUAGE):
        for message in MESSAGES:
            for sentence in message.id if isinstance(message.id, tuple) else (message.id,):
                marked = wording._(sentence)
                assert marked.startswith("⟦"), sentence
                assert placeholders(marked) == placeholders(sentence)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('_("A " "b")', ["A b"]),
        ('_n("{n} row", "{n} rows", n)', [("{n} row", "{n} rows")]),
        ('N_("x") + text("y") + text_n("a", "b", 3)', ["x", "y", ("a", "b")]),
        ('_("a" if many else "b", n=1) + text(c)', ["a", "b"]),
        ('reading.text("column") or _(CONSTANT)', []),
    ],
)
def test_sentences_are_found_in_calls_of_the_door_alone(source: str, found: list[object]) -> None:
    assert sorted(map(str, (sentence for sentence, _ in catalogue.sentences(source)))) == sorted(map(str, found))


def test_a_comment_for_translators_goes_with_its_sentence() -> None:
    source = "# Translators: a verb\nst.button(_('Hide'))\n# another comment\n_('Show')\n"
    assert sorted(catalogue.sentences(source)) == [("Hide", ["Translators: a verb"]), ("Show", [])]
