"""Numbers in the words of a translated sentence are in the digits that the reader chose, as those of its values are."""

from __future__ import annotations

import re

import pytest

from geo import wording
from geo.sources import EXPLANATIONS, MODES
from geo.wording import _, in_language


@pytest.fixture
def eastern(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wording, "_digits_source", lambda: "arabext")


@pytest.mark.usefixtures("eastern")
def test_numbers_in_the_words_of_a_sentence_are_in_the_digits_of_the_page() -> None:
    with in_language("ur"):
        shown = [_(sentence) for sentence in (*MODES.values(), *EXPLANATIONS.values())]
    assert any("۲۰۲۱" in sentence for sentence in shown)
    assert [sentence for sentence in shown if re.search("[0-9]", sentence)] == []


@pytest.mark.parametrize(
    ("translated", "shown"),
    [
        ("31 دسمبر 2021 تک", "۳۱ دسمبر ۲۰۲۱ تک"),
        ("(2024)۔ 1,000 میں سے 0.5", "(۲۰۲۴)۔ ۱٬۰۰۰ میں سے ۰٫۵"),
        ("{low:.0f} سے {high:.2f}", "{low:.0f} سے {high:.2f}"),
        ("اجازت نامہ CC BY 4.0", "اجازت نامہ CC BY 4.0"),
        ("PK503، 2024-03-15، SHA-256", "PK503، 2024-03-15، SHA-256"),
        ("1. پہلا\n2. دوسرا", "1. پہلا\n2. دوسرا"),
        ("https://example.org/2024 دیکھیں", "https://example.org/2024 دیکھیں"),
    ],
)
@pytest.mark.usefixtures("eastern")
def test_placeholders_codes_versions_and_addresses_stay_as_they_are(translated: str, shown: str) -> None:
    with in_language("ur"):
        assert wording._in_digits_of_page(translated, "a sentence") == shown
        assert wording._in_digits_of_page(translated, translated) == translated, "what has no translation may be data"
