"""Text doors: comparing names, and making user text inert for maps, Markdown, spreadsheets and logs."""

from __future__ import annotations

import base64
import json
import re
import string
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from geo.wording import has_whole_isolates

# Arabic letters that keyboards of the region write in place of one another.
_LETTER_VARIANTS = str.maketrans(
    {"ي": "ی", "ى": "ی", "ئ": "ی", "ك": "ک", "ه": "ہ", "ھ": "ہ", "ة": "ہ", "أ": "ا", "إ": "ا", "آ": "ا", "ؤ": "و"}
)
_ADMIN_WORDS = re.compile(
    r"\b(tribal district|district|distt|distric|dist|agency|tehsil|subdivision|sub division|ضلع|ایجنسی)\b"
)
_DOUBLE = re.compile(r"([a-z])\1")
# Letters of Urdu and Pashto by their sound; those that are not here stand for vowels or for the breath after a sound.
_LETTERS_OF_URDU = str.maketrans("بپتطٹثسصجچخدڈذزضظژرڑشغفقکگلمنںټځڅډړږښګڼ", "bptttsssjckddzzzzzrrSgfkkglmnntzsdrgkgn")
_LATIN_SOUNDS = (("sh", "S"), ("ch", "c"), ("ph", "f"), ("q", "k"), ("v", "w"))
# Urdu writes short forms by the names of their Latin letters, here from A to Z: TTP as ٹی ٹی پی.
_LATIN_LETTERS_IN_URDU = "اے بی سی ڈی ای ایف جی ایچ آئی جے کے ایل ایم این او پی کیو آر ایس ٹی یو وی ڈبلیو ایکس وائی زیڈ"
_NAMES_OF_LATIN_LETTERS = dict(zip(_LATIN_LETTERS_IN_URDU.split(), string.ascii_lowercase, strict=True))
_ONE_LETTER = f"(?:{'|'.join(_NAMES_OF_LATIN_LETTERS)})"
_SPELLED_OUT = re.compile(rf"(?<!\w){_ONE_LETTER}(?:\s+{_ONE_LETTER})+(?!\w)")
_VOWELS = re.compile(r"[aeiouwyh\u0600-\u06ff]")
_REPEATED = re.compile(r"(\S)\1+")
# Streamlit draws its logo for this word even where its marks are escaped; a joiner without width parts it.
_LOGO, _LOGO_PARTED = ":streamlit:", ":streamlit\u2060:"
_MARKDOWN_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
# Control characters, halves of characters, ends of lines and paragraphs; and marks that turn the direction of a line.
_CONTROLS = frozenset({"Cc", "Cs", "Zl", "Zp"})
_ORDER_MARKS = re.compile("([\u200e\u200f\u2068\u2069])")
_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_ISOLATES = frozenset("\u2068\u2069")
# What a spreadsheet may skip or nobody sees: white space, control, format and unassigned characters, marks on a letter
# that is not there (variation selectors too), and letters without ink.
_UNSEEN_KINDS = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Mn", "Me", "Zl", "Zp", "Zs"})
_BLANK_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0\U0001d159")
_LIVE_SIGNS = "=+@＝＋－＠-"
# Where the comma is the decimal mark, spreadsheets divide a line at semicolons, whatever is in quotation marks.
_CELL_ENDS = re.compile(r"([;\t\r\n])")
# Any character outside ASCII may be one that nobody sees: what this finds is looked at character by character.
_MAY_BE_LIVE = re.compile(
    rf"\A[\t\r\n]|(?:\A|[;\t\r\n])(?:'|[\x00-\x08\x0b\x0c\x0e-\x20\x7f-\U0010ffff]*[{_LIVE_SIGNS}])"
)
_INERT = re.compile(r"(\A|[;\t\r\n])'")
LONGEST_NAME = 500  # characters: a longer text names nothing, and comparing it would take seconds
_LONGEST_KEPT = 200  # characters of a name whose normal form is kept in memory
_PLAIN_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?\Z")


def normalise_name(text: str) -> str:
    """Return a name in the form in which names are compared.

    Case, diacritics, Arabic letter variants, joiners, direction marks and punctuation are dropped, as
    are words for the kind of unit ("district", "agency", "tehsil"), unless nothing else is left. A text that is longer
    than LONGEST_NAME is no name: "".
    """
    if len(text) > LONGEST_NAME:
        return ""
    return _normalised(text) if len(text) <= _LONGEST_KEPT else _normalised.__wrapped__(text)


@lru_cache(maxsize=1 << 14)
def _normalised(text: str) -> str:
    # A name is compared in many ways, a dozen times in all: it is normalised once.
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).translate(_LETTER_VARIANTS))
    letters = "".join(
        " " if unicodedata.category(char)[0] in "PZS" or char in "\t\r\n" else char
        for char in decomposed.casefold()
        if unicodedata.category(char) not in ("Mn", "Cf", "Cc") or char in "\t\r\n"
    )
    spaced = " ".join(letters.split())
    return " ".join(_ADMIN_WORDS.sub(" ", spaced).split()) or spaced


def sounded(name: str) -> str:
    """Return a normalised name in which Latin letters that Urdu does not tell apart are one: v and w, ll and l."""
    return _DOUBLE.sub(r"\1", name.replace("v", "w"))


def consonants(name: str) -> str:
    """Return the consonants of a normalised name in one alphabet, whichever of the two scripts it is written in.

    Urdu leaves out short vowels and writes w, y and h for long ones, so these are left out of both.
    """
    latin = name.translate(_LETTERS_OF_URDU)
    for letters, one in _LATIN_SOUNDS:
        latin = latin.replace(letters, one)
    return _REPEATED.sub(r"\1", _VOWELS.sub("", latin))


def with_latin_short_forms(text: str) -> str:
    """Return a text with two or more names of Latin letters in Urdu, one after another, as these letters: "ttp"."""
    return _SPELLED_OUT.sub(
        lambda found: "".join(_NAMES_OF_LATIN_LETTERS[letter] for letter in found.group().split()), text
    )


def printable(text: str) -> str:
    """Return the text without control characters and direction overrides, white space folded."""
    if text.isprintable():
        return " ".join(text.split())
    kept = "".join(
        " " if char in "\t\r\n" else char for char in text if unicodedata.category(char)[0] != "C" or char in "\t\r\n"
    )
    return " ".join(kept.split())


def shortened(text: str, longest: int) -> str:
    """Return the printable text, cut to at most `longest` characters with "..." at the end."""
    clean = printable(text)
    return clean if len(clean) <= longest else f"{clean[: longest - 3]}..."


def counted(number: int, noun: str) -> str:
    """Return a number of things in words: "1 row", "1,200 rows"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def file_label(name: str, longest: int = 80) -> str:
    """Return a client's file name as a short inert label: no path, no control or direction marks."""
    base = printable(re.split(r"[\\/]", name)[-1]) or "unnamed file"
    return base if len(base) <= longest else f"{base[: longest - 12]}...{base[-9:]}"


def map_payload(value: Any) -> str:
    """Return JSON-ready data as base64 text: the form in which data enters a map's script.

    Base64 has no character that HTML, JavaScript or a template could read as code, whatever the data say.
    The map's own script puts the decoded texts into the page as text nodes, never as markup.
    """
    return base64.b64encode(json.dumps(value, ensure_ascii=False, allow_nan=False).encode()).decode("ascii")


def markdown_text(text: str) -> str:
    """Return text that Markdown shows as it is: no link, image, directive, formula or HTML."""
    return _MARKDOWN_PUNCTUATION.sub(r"\\\1", printable(text).replace(_LOGO, _LOGO_PARTED))


def markdown_sentence(sentence: str) -> str:
    """Return a sentence of the atlas as Markdown shows it, with the marks that keep the order of its words.

    Where a value of the sentence opens or ends an isolate by itself, the marks are left out.
    """
    if not has_whole_isolates(sentence):
        return markdown_text(sentence)
    parts = _ORDER_MARKS.split(sentence)
    return "".join(part if place % 2 else _escaped_part(part) for place, part in enumerate(parts))


def _escaped_part(part: str) -> str:
    """Return a part of a sentence as Markdown; the white space at its ends is between two words."""
    begin, end = (" " if part[:1].isspace() else ""), (" " if part.strip() and part[-1:].isspace() else "")
    return f"{begin}{markdown_text(part)}{end}"


def quoted_all(value: str | Sequence[str]) -> str:
    """Return one text or a list of texts as TOML."""
    return quoted(value) if isinstance(value, str) else f"[{', '.join(map(quoted, value))}]"


def quoted(value: str) -> str:
    """Return a text as a TOML string in one line; JSON strings are TOML strings, except for DEL."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def csv_cell(text: str) -> str:
    """Return text that a spreadsheet opens as text; an apostrophe is put before what would be a formula.

    That is also done behind each semicolon, tab and line end, where a spreadsheet may begin another cell. Plain numbers
    stay numbers, negative ones too. Taking one apostrophe off at each of these places gives the text back
    (`csv_cell_text`).
    """
    if not _MAY_BE_LIVE.search(text) or _PLAIN_NUMBER.match(text):
        return text
    inert = "".join(f"'{part}" if _is_live(part) else part for part in _CELL_ENDS.split(text))
    return f"'{inert}" if text[0] in "\t\r\n" else inert


def _is_live(part: str) -> bool:
    """Whether the first character that is seen begins a formula, or an apostrophe begins the part."""
    seen = (char for char in part if char not in _BLANK_LETTERS and unicodedata.category(char) not in _UNSEEN_KINDS)
    return part.startswith("'") or next(seen, " ") in _LIVE_SIGNS


def csv_cell_text(cell: str) -> str:
    """Return the text that `csv_cell` made a cell of."""
    return _INERT.sub(r"\1", cell)


def line_text(text: str) -> str:
    """Return text that stays on its line of a terminal or log; letters of every script are kept.

    Line ends, escape sequences, direction marks and halves of characters are written out, but for whole isolates: a
    sentence in Urdu has them around Latin words.
    """
    turns = _TURNS - _ISOLATES if has_whole_isolates(text) else _TURNS
    return "".join(
        log_text(char) if char in turns or unicodedata.category(char) in _CONTROLS else char for char in text
    )


def log_text(text: str) -> str:
    """Return text for one log line: line ends and escape sequences are written out."""
    return text.encode("unicode_escape").decode("ascii")
