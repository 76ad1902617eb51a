"""Sentences of evidence on a page from right to left: foreign words keep their order, and a date keeps its own."""

from __future__ import annotations

import re
from datetime import date

from geo.analysis.evidence.sentences import ALONE, TOGETHER, Sentence
from geo.views.access.evidence import linked
from geo.wording import _, in_english, in_language, text


def test_publisher_and_quotation_of_a_linked_sentence_stand_apart_from_its_order() -> None:
    said = text(
        "{day}, {kind}, {speaker}: {summary} ({publisher}, {published:short})",
        day=date(2024, 6, 9),
        kind=text("Attack"),
        speaker=text("Residents"),
        summary=in_english("Jirga said [so]."),
        publisher="The News",
        published=date(2024, 6, 10),
    )
    with in_language("ur"):
        shown = linked(Sentence("reported", said, "https://example.org/a"))
    assert "\u2068Jirga said \\[so\\]\\.\u2069" in shown
    assert "\u2068The News\u2069\u200f، 10 جون 2024" in shown, "a mark keeps the day beside its month"
    assert shown.endswith("(https://example.org/a)")


def test_no_class_of_evidence_is_named_open_which_also_means_accessible() -> None:
    labels = (*TOGETHER.values(), *ALONE.values())
    assert not [label for label in labels if re.search(r"\bopen\b", label, re.IGNORECASE)]
    with in_language("ur"):
        assert not [label for label in labels if "کھلا" in _(label)]
