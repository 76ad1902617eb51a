"""Translations keep what a sentence carries: placeholders, figures, marks and forms; what is missing falls back."""

from __future__ import annotations

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from geo import wording
from tests import catalogue

CATALOGUES = sorted(wording.LOCALE_FOLDER.glob("*/LC_MESSAGES/atlas.po"))
with catalogue.TEMPLATE.open("rb") as template:
    ENGLISH = {message.id for message in read_po(template) if message.id}
MESSAGES: list[tuple[str, Message]] = []
for path in CATALOGUES:
    with path.open("rb") as file:
        language = path.parts[-3]
        MESSAGES += [(language, message) for message in read_po(file, locale=language) if message.id]
# What looks like Urdu: ye, kaf, te marbuta and heh of Arabic, heh with hamza, Persian and Arabic digits.
TWINS = re.compile(r"[يىكةهۀ٠-٩۰-۹]")
VERDICTS = re.compile("خطرناک|شہید|خوارج|محفوظ (علاق|ضلع|اضلاع)|گڑھ|دہشت ?گرد(?!ی)")


def forms(message: Message) -> Iterator[tuple[str, str]]:
    """Yield (English, translation) of each form; all forms but the first go with the English plural."""
    if isinstance(message.id, tuple):
        for position, translated in enumerate(message.string):
            yield message.id[min(position, 1)], translated
    else:
        yield message.id, message.string


def forms_of(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.id, tuple) else [message.string]


PAIRS = [(language, *pair) for language, message in MESSAGES for pair in forms(message)]


def placeholders(sentence: str) -> Counter[tuple[str, str | None, str | None]]:
    found = [(name, spec, kind) for _, name, spec, kind in string.Formatter().parse(sentence) if name is not None]
    return Counter(item for item in found if item[0] != "n")


def figures(sentence: str) -> Counter[str]:
    return Counter(re.findall(r"\d+", re.sub(r"\{[^}]*\}", "", sentence)))


def test_urdu_and_pashto_have_a_catalogue() -> None:
    assert {path.parts[-3] for path in CATALOGUES} >= {"ur", "ps"}
    assert {"ur", "ps"} <= set(wording.available_languages())


def test_a_catalogue_holds_translated_sentences_of_the_template_alone() -> None:
    gone = [message.id for _, message in MESSAGES if message.id not in ENGLISH]
    assert gone == [], "run `python -m tests.catalogue`"
    assert [english for _, english, translated in PAIRS if not translated.strip()] == []


def test_every_sentence_has_urdu_in_every_form() -> None:
    translated = {message.id for language, message in MESSAGES if language == "ur" and all(forms_of(message))}
    missing = sorted(str(sentence) for sentence in ENGLISH - translated)
    assert missing == [], (
        "write each in geo/locale/ur/LC_MESSAGES/atlas.po with the words of docs/glossary.md, a msgstr[0] and a "
        "msgstr[1] where it has a plural, then run `python -m tests.catalogue`"
    )


def test_a_translation_keeps_placeholders_and_figures() -> None:
    for _, english, translated in PAIRS:
        assert placeholders(translated) == placeholders(english), english
        assert figures(translated) == figures(english), english


def test_only_the_form_for_one_may_leave_out_the_number() -> None:
    for _, message in MESSAGES:
        if isinstance(message.id, tuple):
            assert len(message.string) == 2, message.id
            assert "{n" in message.string[1] or "{n" not in message.id[1], message.id


def test_a_translation_keeps_marks_of_the_page() -> None:
    for _, english, translated in PAIRS:
        for mark in ("**", "`", "](", "\n", "<", ">"):
            assert translated.count(mark) == english.count(mark), f"{mark!r}: {english}"
        assert translated != translated.strip() or english == english.strip(), english


def test_a_translation_is_written_in_letters_of_its_language() -> None:
    for language, english, translated in PAIRS:
        assert unicodedata.normalize("NFC", translated) == translated, english
        if language == "ur":
            assert not TWINS.search(translated), f"{TWINS.findall(translated)}: {english}"


def test_a_translation_passes_no_verdict() -> None:
    # One English sentence says that a colour does not mean such words, two quote words of others.
    excused = ("not that a place is dangerous", "(shaheed, martyred)", 'Official label "')
    own = [(english, translated) for _, english, translated in PAIRS if not any(part in english for part in excused)]
    assert [pair for pair in own if VERDICTS.search(pair[1])] == []


@pytest.mark.parametrize("text", ["خطرناک ضلع", "محفوظ علاقہ", "شہید", "دہشت گرد"])
def test_verdicts_are_found(text: str) -> None:
    assert VERDICTS.search(text)
    assert not VERDICTS.search("محکمہ انسداد دہشت گردی، فائل محفوظ کریں")


@pytest.fixture
def toy_catalogues(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    toys = {
        "ur": 'msgid "One"\nmsgstr "ur one"\n\n'
        'msgid "{n} row"\nmsgid_plural "{n} rows"\nmsgstr[0] "ur {n}"\nmsgstr[1] "ur {n} s"\n',
        "ps": 'msgid "Two"\nmsgstr "ps two"\n\nmsgid "{n} row"\nmsgid_plural "{n} rows"\nmsgstr[0] ""\nmsgstr[1] ""\n',
    }
    for code, text in toys.items():
        folder = tmp_path / code / "LC_MESSAGES"
        folder.mkdir(parents=True)
        (folder / "atlas.po").write_text(text, "utf-8")
    monkeypatch.setattr(wording, "LOCALE_FOLDER", tmp_path)
    for cached in (wording.available_languages, wording._translations):
        cached.cache_clear()
    yield
    for cached in (wording.available_languages, wording._translations):
        cached.cache_clear()


@pytest.mark.usefixtures("toy_catalogues")
def test_what_pashto_lacks_is_said_in_urdu_and_what_both_lack_in_english() -> None:
    with wording.in_language("ps"):
        assert [wording._(sentence) for sentence in ("Two", "One", "Three")] == ["ps two", "ur one", "Three"]
        assert wording._n("{n} row", "{n} rows", 3) == "ur 3 s"
        assert wording._n("{n} day", "{n} days", 3) == "3 days"


@pytest.mark.parametrize("code", ["ur", "ps"])
def test_figures_look_the_same_in_every_language(code: str) -> None:
    with wording.in_language(code):
        assert wording.format_number(1234567) == "1,234,567"
        assert wording.format_number(1234.5, 1) == "1,234.5"
        assert wording._("{n}", n=1234) == "1,234"
        assert wording.browser_locale() == "ur-u-nu-latn", "a browser writes numbers as the pages do"


@pytest.mark.usefixtures("toy_catalogues")
@pytest.mark.parametrize(
    ("value", "shown"),
    [("واقعات", "ur واقعات"), ("UCDP", "ur UCDP"), ("«2021» واقعات", "ur «2021» واقعات"), ("12", "ur 12")],
)
def test_a_sentence_that_runs_from_right_to_left_and_begins_in_latin_carries_a_mark(value: str, shown: str) -> None:
    begun = f"\u200f{shown}" if "واقعات" in value else shown
    with wording.in_language("ur"):
        assert wording.text_direction() == "rtl"
        assert wording._("ur {a}", a=value) == begun
    with wording.in_language("en"):
        assert wording.text_direction() == "ltr"
        assert wording._("{a} واقعات", a="UCDP") == "UCDP واقعات"


@pytest.mark.usefixtures("toy_catalogues")
@pytest.mark.parametrize(
    ("shown", "arranged"),
    [
        ("تاریخ 2024-03-15", "تاریخ \u200e2024-03-15"),
        (r"تاریخ 2025\-03\-32", "تاریخ \u200e2025\\-03\\-32"),
        (r"حد \-90 سے", "حد \u200e\\-90 سے"),
        ("حد -90 سے 90", "حد \u200e-90 سے 90"),
        ("2022-2025 کی رپورٹیں", "\u200e2022-2025 کی رپورٹیں"),
        ("PK-5 اور 03/04/2024", "\u200fPK-5 اور 03/04/2024"),
        ("2021 تک UCDP، 2022 سے رجسٹر", "2021 تک UCDP\u200f، 2022 سے رجسٹر"),
        ("تردید: [ARY News](a)، 29 اگست 2024", "تردید: [ARY News](a)\u200f، 29 اگست 2024"),
        ("محل وقوع GeoNames، CC BY 4.0 کے تحت", "محل وقوع GeoNames، CC BY 4.0 کے تحت"),
        ("واقعات  \nUCDP شامل", "واقعات  \n\u200fUCDP شامل"),
    ],
)
def test_figures_and_lines_keep_their_order_beside_urdu(shown: str, arranged: str) -> None:
    with wording.in_language("ur"):
        assert wording._(shown) == arranged
    with wording.in_language("en"):
        assert wording._(shown) == shown


@pytest.mark.usefixtures("toy_catalogues")
@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("KP CTD report (press)", "ur \u2068KP CTD report (press)\u2069"),
        ("https://example.org/a", "ur https://example.org/a"),
        ("1_weekly_log.xlsx", "ur \u20681_weekly_log.xlsx\u2069"),
        (r"1\_weekly\_log\.xlsx", "ur \u20681\\_weekly\\_log\\.xlsx\u2069"),
        ("رپورٹ 1.csv", "ur \u2068رپورٹ 1.csv\u2069"),
        ("114eee07d5f5", "ur \u2068114eee07d5f5\u2069"),
        ("e14eee07d5f5", "ur \u2068e14eee07d5f5\u2069"),
        ("PK501", "ur PK501"),
        ("ضلع Bannu", "ur ضلع Bannu"),
        ("10 %", "ur 10%"),
    ],
)
def test_latin_words_keep_their_order_and_a_percent_sign_its_side(value: str, shown: str) -> None:
    with wording.in_language("ur"):
        assert wording._("ur {a}", a=value).lstrip("\u200f") == shown
    with wording.in_language("en"):
        assert wording._("ur {a}", a=value) == f"ur {value}"


def test_a_translation_whose_english_is_gone_is_kept_aside(tmp_path: Path) -> None:
    path = tmp_path / "ur" / "LC_MESSAGES" / "atlas.po"
    path.parent.mkdir(parents=True)
    path.write_text('msgid "Upload"\nmsgstr "a"\n\nmsgid "Not a sentence of the atlas"\nmsgstr "b"\n', "utf-8")
    kept = catalogue.translation(path).decode()
    assert '\nmsgid "Upload"\n' in kept
    assert '\n#~ msgid "Not a sentence of the atlas"\n#~ msgstr "b"\n' in kept
    path.write_text(kept.replace("Not a sentence of the atlas", "Duplicates"), "utf-8")
    assert '\nmsgid "Duplicates"\nmsgstr "b"\n' in catalogue.translation(path).decode()


def test_data_in_english_say_so_in_another_language_and_keep_their_own_direction() -> None:
    said = "The district was described as no-go, said the party."
    assert str(wording.in_english(said)) == said
    assert str(wording.in_english("")) == ""
    with wording.in_language("ur"):
        shown = str(wording.in_english(said))
    assert "انگریزی میں" in shown
    assert f"\u2068{said}\u2069" in shown
