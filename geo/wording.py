"""Interface text: English source sentences, translated through gettext catalogues; numbers and dates by Babel.

Everything a person reads passes one of these functions: `_` and `_n` where it is shown, `N_` where a constant is only
marked for translation and shown later, `Text` where a sentence travels as data (problems, notes) until it is shown.
Babel extracts the sentences into geo/locale/atlas.pot; see CONTRIBUTING.md.
"""

from __future__ import annotations

import io
import os
import re
import string
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, lru_cache
from gettext import GNUTranslations, NullTranslations
from itertools import accumulate
from numbers import Integral
from pathlib import Path
from types import MappingProxyType
from typing import Any

from babel import Locale
from babel.dates import format_date as _babel_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

LOCALE_FOLDER = Path(__file__).with_name("locale")
SOURCE_LANGUAGE = "en"
PSEUDO_LANGUAGE = "qps"  # every sentence marked and lengthened: what is not marked did not pass through this module
# Where a language lacks a sentence, it is said in another before English: readers of Pashto in Pakistan read Urdu.
_INSTEAD = {"ps": "ur"}
# Languages that no native reader has reviewed; pages say so. A reviewed language is taken out here.
_UNREVIEWED = ("ur", "ps")
_RIGHT_TO_LEFT_MARK, _LEFT_TO_RIGHT_MARK = "\u200f", "\u200e"
_ISOLATE, _END_OF_ISOLATE = "\u2068", "\u2069"
# In Markdown a backslash may stand before a hyphen, and nothing may come between the two.
_HYPHENED_FIGURES = re.compile(r"(?<![\w\\-])(?:\\?-\d|\d+\\?-\d)")
# Names of files, and words of Latin letters that begin with a figure, as the check sums of files do.
_TORN_BY_FIGURES = re.compile(
    r"[^/\n]*\.(?:csv|tsv|xlsx?|xlsm|ods|json|geojson|txt|html|pdf|docx|toml|zip|parquet)|\d+[a-z][\da-z]*|(?=[a-z]+\d)[\da-z]{6,}",
    re.IGNORECASE,
)
# After a Latin name browsers take a number for a part of it: in "ARY News، 29 اگست" the day would leave its month.
_FIGURES_AFTER_LATIN = re.compile(r"(?<=[A-Za-z)\]*\u2069])(?=[,،;؛:]\s+\**\d[\d,.]*\**\s+[\u0600-\u06ff])")
# Numbers in the words of a sentence, in the digits of the page. Those of placeholders, addresses and numbered lists,
# dates with hyphens, and versions and codes, which stand beside Latin letters, stay as they are.
_NUMBERS_OF_WORDS = re.compile(
    r"\{[^{}]*\}|\S*://\S*|^\d+\.\s"
    r"|(?<![\w.:/\\#-])(?<![A-Za-z] )(?P<number>\d+(?:[.,]\d+)*)(?![\dA-Za-z_/\\-])",
    re.MULTILINE,
)
_PERCENT = re.compile(r"(?<=[\d۰-۹])\s(?=%)")  # apart, the sign would stand on the wrong side of its number
_LETTER_KINDS = ("L", "R", "AL")  # classes of the Unicode bidirectional algorithm
_LINE_BREAK = "  \n"  # of Markdown
_NONE: Mapping[str, Any] = MappingProxyType({})
_ACCENTED = str.maketrans("aceinosuyACEINOSUY", "áçéíñóšúýÁÇÉÍÑÓŠÚÝ")
# Dates as this atlas writes them in every language that has no pattern of its own: 8 May 2024.
_DATE_PATTERNS = {"day": "d MMMM yyyy", "short": "d MMM yyyy", "month": "MMMM yyyy", "short_month": "MMM yyyy"}


_language_source: Callable[[], str | None] = str  # no answer
_digits_source: Callable[[], str | None] = str
_CHOSEN: ContextVar[str | None] = ContextVar("language", default=None)
# Systems of digits of Unicode CLDR, the usual one first: Pakistani news sites write Latin digits.
_NAME_OF_MONTH = "month_name"
MISSING = "–"  # in the place of a figure that is not stated: missing is not zero
DIGITS = ("latn", "arabext")
_EASTERN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
_EASTERN_MARKS = str.maketrans({",": "٬", ".": "٫"})


def take_language_from(source: Callable[[], str | None]) -> None:
    """Ask this function for the language of each sentence; the app answers with the language of the visitor.

    Where it answers None, the language is that of ATLAS_LANGUAGE.
    """
    global _language_source
    _language_source = source


def take_digits_from(source: Callable[[], str | None]) -> None:
    """Ask this function for the digits of each number, a value of DIGITS; None is the first."""
    global _digits_source
    _digits_source = source


def digits() -> str:
    """Return the system of digits of the current language: only languages written from the right have a choice."""
    wanted = _digits_source() if text_direction() == "rtl" else None
    return wanted if wanted in DIGITS else DIGITS[0]


def browser_locale() -> str:
    """Return the language tag with which a browser writes numbers as `format_number` does."""
    code = language()
    return "en-GB" if code in (SOURCE_LANGUAGE, PSEUDO_LANGUAGE) else f"{_number_language()}-u-nu-{digits()}"


def _number_language() -> str:
    # In CLDR's Pashto 1.234 means 1,234: beside figures of reports it would be read as a fraction.
    return _INSTEAD.get(language(), language())


def in_digits(figures: str, system: str = "") -> str:
    """Return a text of figures in a system of DIGITS, the current one if none is given."""
    return figures.translate(_EASTERN) if (system or digits()) == "arabext" else figures


@contextmanager
def in_language(code: str) -> Iterator[None]:
    """Use one language inside a `with` block, whatever the source says: for work that outlives a visitor's run."""
    token = _CHOSEN.set(code)
    try:
        yield
    finally:
        _CHOSEN.reset(token)


def language() -> str:
    """Return the code of the current language, SOURCE_LANGUAGE if the one asked for is not available."""
    wanted = _CHOSEN.get() or _language_source() or usual_language()
    return wanted if wanted in available_languages() else SOURCE_LANGUAGE


def usual_language() -> str:
    """Return the language of this process for whoever has chosen none."""
    return os.environ.get("ATLAS_LANGUAGE", SOURCE_LANGUAGE)


@cache
def available_languages() -> tuple[str, ...]:
    """Return English, every language with a catalogue, and the pseudo-locale for tests."""
    found = sorted(path.parent.parent.name for path in LOCALE_FOLDER.glob("*/LC_MESSAGES/atlas.po"))
    return (SOURCE_LANGUAGE, *found, PSEUDO_LANGUAGE)


def N_(sentence: str) -> str:  # noqa: N802 (the name gettext users know)
    """Mark a sentence for translation and return it unchanged; `_` translates it when it is shown."""
    return sentence


def _(sentence: str, **values: object) -> str:
    """Return the sentence in the current language with its {placeholders} filled.

    Whole numbers are written in the style of the language ("1,200"), dates as `format_date`; {year:d} writes a number
    without separators. Raises KeyError when a placeholder has no value.
    """
    translated = _in_digits_of_page(_translations(language()).gettext(sentence), sentence) if sentence else ""
    return arranged(_FILLER.vformat(translated, (), values) if values else translated)


def _n(singular: str, plural: str, n: int, **values: object) -> str:
    """Return the form for n things, {n} and the other placeholders filled: _n("{n} row", "{n} rows", 3)."""
    translated = _in_digits_of_page(_translations(language()).ngettext(singular, plural, n), singular, plural)
    return arranged(_FILLER.vformat(translated, (), {"n": n, **values}))


def _in_digits_of_page(translated: str, *sentences: str) -> str:
    """Return a translation with the numbers in its words as the reader chose them; what has none may be data."""
    if translated in sentences or digits() == DIGITS[0]:
        return translated
    return _NUMBERS_OF_WORDS.sub(
        lambda found: in_digits(found["number"]).translate(_EASTERN_MARKS) if found["number"] else found[0], translated
    )


def is_unreviewed() -> bool:
    """Return whether no native reader has reviewed the sentences of the current language yet."""
    return language() in _UNREVIEWED


def text_direction() -> str:
    """Return "rtl" if the current language is written from right to left, else "ltr"."""
    return _direction(language())


@cache
def _direction(code: str) -> str:
    return _babel_locale(code).text_direction


def arranged(shown: str) -> str:
    """Return a sentence with the marks that a language from right to left needs beside Latin names and figures.

    Browsers take the direction of a line from its first letter: "UCDP 2021" before Urdu would turn the order of the
    words. After a letter of Urdu they turn figures with hyphens round: 2024-03-15 would be shown as 15-03-2024.
    """
    if text_direction() == "ltr":
        return shown
    shown = _PERCENT.sub("", _FIGURES_AFTER_LATIN.sub(_RIGHT_TO_LEFT_MARK, shown))
    lines = _HYPHENED_FIGURES.sub(f"{_LEFT_TO_RIGHT_MARK}\\g<0>", shown).split(_LINE_BREAK)
    return _LINE_BREAK.join(_RIGHT_TO_LEFT_MARK + line if _begins_in_latin(line) else line for line in lines)


def _begins_in_latin(line: str) -> bool:
    kinds = _kinds_of_letters(line.lstrip(_LEFT_TO_RIGHT_MARK))
    return kinds[:1] == ["L"] and kinds != ["L"] * len(kinds)


def _kinds_of_letters(line: str) -> list[str]:
    return [kind for kind in map(unicodedata.bidirectional, line) if kind in _LETTER_KINDS]


def has_whole_isolates(text: str) -> bool:
    """Whether every isolate of a text begins before it ends, and ends."""
    if _ISOLATE not in text and _END_OF_ISOLATE not in text:
        return True
    depths = list(accumulate((char == _ISOLATE) - (char == _END_OF_ISOLATE) for char in text))
    return not depths or (depths[-1] == 0 and min(depths) == 0)


def _apart(value: str) -> str:
    """Return a value of a sentence; Latin words keep their own order, and brackets and numbers beside them theirs.

    A word without a space is left as it is, it may be a code or an address that somebody copies, unless the figures
    in it or beside it would tear it. Isolates that a value leaves open, or ends before they begin, are taken out of it:
    with those of the sentence they would seem whole.
    """
    if not has_whole_isolates(value):
        value = value.replace(_ISOLATE, "").replace(_END_OF_ISOLATE, "")
    if text_direction() == "ltr":
        return value
    is_foreign = " " in value.strip() and set(_kinds_of_letters(value)) == {"L"}
    is_foreign = is_foreign or _TORN_BY_FIGURES.fullmatch(value) is not None
    return f"{_ISOLATE}{value}{_END_OF_ISOLATE}" if is_foreign and "\n" not in value else value


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence as data: an English template, its values, and words only when `str` is taken of it.

    plural, n: the form for several things, and how many there are; the template is then the form for one.
    values: text, numbers, or other Text.
    """

    template: str
    values: Mapping[str, Any] = field(default_factory=dict, hash=False)
    plural: str = ""
    n: int | None = None

    def __str__(self) -> str:
        if self.n is not None:
            return _n(self.template, self.plural or self.template, self.n, **self.values)
        return _(self.template, **self.values)

    def __bool__(self) -> bool:
        return bool(self.template)

    def record(self) -> dict[str, Any]:
        """Return the sentence as JSON values, for files and other processes."""
        values = {name: value.record() if isinstance(value, Text) else value for name, value in self.values.items()}
        return {"template": self.template, "values": values, "plural": self.plural, "n": self.n}

    @classmethod
    def from_record(cls, record: Mapping[str, Any] | str) -> Text:
        """Return what `record` was made of; plain text, as older stores hold it, stays as it is."""
        if isinstance(record, str):
            return cls(record)
        values = {n: cls.from_record(v) if isinstance(v, Mapping) else v for n, v in record["values"].items()}
        return cls(record["template"], values, record["plural"], record["n"])


def text(template: str, **values: object) -> Text:
    """Return a sentence as data: text("The year is before {year:d}.", year=1990)."""
    return Text(template, values)


def is_foreign() -> bool:
    """Return whether English is another language than that of the page."""
    return language() != SOURCE_LANGUAGE


def in_english(said: str) -> Text:
    """Return data that exist in English alone as the value of a sentence; other languages say so before them."""
    return text("{english}", english=said) if said else Text("")


def text_n(singular: str, plural: str, n: int, **values: object) -> Text:
    """Return a sentence about n things as data."""
    return Text(singular, values, plural, n)


def words(vocabulary: Mapping[str, str]) -> dict[str, str]:
    """Return a vocabulary (code -> English word marked with N_) with its words in the current language."""
    return {code: _(word) for code, word in vocabulary.items()}


def format_number(value: float, decimals: int = 0) -> str:
    """Return a number in the style of the language: 1,234 or 1,234.50 with two decimals."""
    write = _written if isinstance(value, int) else _written.__wrapped__  # of floats, 0.0 and -0.0 are equal
    written = write(value, decimals, _number_language())
    return in_digits(written.translate(_EASTERN_MARKS)) if digits() == "arabext" else written


@lru_cache(maxsize=10_000)
def _written(value: float, decimals: int, code: str) -> str:
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return str(format_decimal(value, pattern, locale=_babel_locale(code)))


def format_date(day: date, style: str = "day") -> str:
    """Return a date in words. style: "day" (8 January 2024), "short" (8 Jan 2024), "month" or "short_month"."""
    return in_digits(str(_babel_date(day, _DATE_PATTERNS[style], locale=_locale())))


def unbroken(written: str) -> str:
    """Return a date or another short text that no line may break."""
    return written.replace(" ", "\u00a0")


def format_list(items: Sequence[str]) -> str:
    """Return items joined by commas, as a list inside a sentence."""
    return _(", ").join(items)


class _Filler(string.Formatter):
    """Fills placeholders; numbers and dates are written in the current language.

    A date may name a style of format_date, as in {day:month}, and {month:month_name} names the month of a number from
    1 to 12; other formats are those of Python.
    """

    def format_field(self, value: Any, format_spec: str) -> str:
        if not format_spec:
            if isinstance(value, datetime):
                return unbroken(format_list([format_date(value), in_digits(f"{value:%H:%M}")]))
            if isinstance(value, date):
                return format_date(value)
            if not isinstance(value, bool) and isinstance(value, Integral):
                return format_number(int(value))
        if format_spec == _NAME_OF_MONTH:
            return str(_locale().months["format"]["wide"][int(value)])
        if isinstance(value, date) and format_spec in _DATE_PATTERNS:
            return format_date(value, format_spec)
        written = str(super().format_field(value, format_spec))
        return in_digits(written) if isinstance(value, int | float) and not isinstance(value, bool) else _apart(written)


_FILLER = _Filler()


class _PseudoTranslations(NullTranslations):
    """English with accents, brackets and 40 percent more length: shows what is not translated and what has no room."""

    def gettext(self, message: str) -> str:
        parts = [
            literal.translate(_ACCENTED).replace("{", "{{").replace("}", "}}") + _placeholder(name, spec, conversion)
            for literal, name, spec, conversion in string.Formatter().parse(message)
        ]
        return f"⟦{''.join(parts)}{'·' * round(0.4 * len(message))}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


def _placeholder(name: str | None, spec: str | None, conversion: str | None) -> str:
    if name is None:
        return ""
    return "{" + name + (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else "") + "}"


@cache
def _translations(code: str) -> NullTranslations:
    if code == PSEUDO_LANGUAGE:
        return _PseudoTranslations()
    if code == SOURCE_LANGUAGE:
        return NullTranslations()
    with (LOCALE_FOLDER / code / "LC_MESSAGES" / "atlas.po").open("rb") as file:
        catalogue = read_po(file, locale=code)
    for message in list(catalogue):
        if not any(
            message.string or ()
        ):  # write_mo would write the English of an empty plural, and nothing would fall back
            catalogue.delete(message.id)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    translations = GNUTranslations(compiled)
    if _INSTEAD.get(code) in available_languages():
        translations.add_fallback(_translations(_INSTEAD[code]))
    return translations


@cache
def _babel_locale(code: str) -> Locale:
    return Locale.parse("en_GB" if code in (SOURCE_LANGUAGE, PSEUDO_LANGUAGE) else code)


def _locale() -> Locale:
    return _babel_locale(language())
