"""Exact results of the text doors, where the general tests would accept more."""

from __future__ import annotations

import sys
import time
import unicodedata

import pytest

from geo import wording
from geo.text import (
    csv_cell,
    csv_cell_text,
    file_label,
    log_text,
    map_payload,
    markdown_sentence,
    markdown_text,
    normalise_name,
    printable,
)


def test_markdown_text_puts_one_backslash_before_each_mark_and_changes_nothing_else() -> None:
    assert markdown_text("a*b [c](d)") == r"a\*b \[c\]\(d\)"
    assert markdown_text("plain words 12") == "plain words 12"
    assert markdown_text("a\nb\x00c") == "a bc"


def test_a_sentence_in_markdown_keeps_the_marks_that_order_its_words_and_none_that_is_left_open() -> None:
    assert (
        markdown_sentence("a \u20681_b.csv\u2069 - \u200e2025-03 *")
        == "a \u20681\\_b\\.csv\u2069 \\- \u200e2025\\-03 \\*"
    )
    for broken in ("\u2069 a-b \u2068", "a-b \u2068", "a-b \u2069", "\u202e a-b"):
        assert markdown_sentence(broken).strip() == "a\\-b"


@pytest.mark.parametrize("value", ["x y\u2069 z \u2068w", "\u2068x y z w", "x y z w\u2069"])
def test_a_value_does_not_leave_the_isolate_that_a_sentence_puts_it_into(value: str) -> None:
    with wording.in_language("ur"):
        assert wording._("{one}", one=value).lstrip("\u200f") == "\u2068x y z w\u2069"
        assert "\u2068x y\u2069" in wording._("{one}", one="\u2068x y\u2069")
    assert wording._("{one}", one=value) == "x y z w"
    assert wording._("{one}", one="\u2068x y\u2069") == "\u2068x y\u2069"


@pytest.mark.case(48)
@pytest.mark.parametrize(
    "text",
    ["\u00a0=1", "\u2003+1", "\x0b=1", "\u200b=1", "\ufeff=1", "\u2060@x", "\u200e-x", "\xad=1", " \ufeff\u00a0=1"],
)
def test_csv_cell_finds_a_formula_behind_blanks_and_what_nobody_sees(text: str) -> None:
    assert csv_cell(text) == f"'{text}"


# Code points that Unicode calls ignorable by default and that Python has no category for, and letters without ink.
BLANK_LETTERS = "\u115f\u1160\u17b4\u17b5\u3164\uffa0\u2800\U0001d159\u2065\ufff0\U000e0fff"


def unseen_characters() -> list[str]:
    """Return every character that leaves no mark of its own: spaces, formats, controls, combining marks, blanks."""
    kinds = {"Cf", "Zs", "Zl", "Zp", "Cc", "Mn", "Me"}
    every = (chr(code) for code in range(sys.maxunicode + 1))
    return [char for char in every if unicodedata.category(char) in kinds and char not in "\t\r\n"] + [*BLANK_LETTERS]


def test_csv_cell_finds_a_formula_behind_every_character_that_nobody_sees() -> None:
    unseen = unseen_characters()
    assert {"\ufe0f", "\u034f", "\U000e0100", "\u2800"} <= set(unseen)
    missed = [f"{ord(char):04x}" for char in unseen if csv_cell(f"{char}=1") != f"'{char}=1"]
    assert missed == []
    for sign in "=+-@＝＋－＠":
        text = f"\ufe0f\u2800 \u3164{sign}1"
        assert csv_cell(text) == f"'{text}", sign
        assert csv_cell_text(f"'{text}") == text


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("a;=1", "a;'=1"),
        ("a;\ufe0f=1", "a;'\ufe0f=1"),
        ("a; \u00a0=1;b;@x", "a;' \u00a0=1;b;'@x"),
        ("a\n=1", "a\n'=1"),
        ("a\t=1", "a\t'=1"),
        (";=1", ";'=1"),
        ("a;'=1", "a;''=1"),
        ("a;b=1", "a;b=1"),
        ("3;-1", "3;'-1"),
    ],
)
def test_csv_cell_finds_a_formula_behind_the_separator_of_another_country(text: str, cell: str) -> None:
    """Where a comma is the decimal mark, a spreadsheet divides the lines of a file at semicolons."""
    assert csv_cell(text) == cell
    assert csv_cell_text(cell) == text


@pytest.mark.parametrize("text", ["-1x", "-1e", "+", "-", "- 1", "+1.", "-.5", "-1\n"])
def test_csv_cell_takes_for_a_number_only_what_is_one(text: str) -> None:
    assert csv_cell(text) == f"'{text}"


@pytest.mark.case(48)
@pytest.mark.parametrize("text", ["-1e-5", "+1.5E+10", "-007"])
def test_csv_cell_leaves_signed_numbers(text: str) -> None:
    assert csv_cell(text) == text


@pytest.mark.case(48)
@pytest.mark.parametrize("text", ["=1", "'x", "''x", "plain", ""])
def test_csv_cell_text_undoes_csv_cell(text: str) -> None:
    assert csv_cell_text(csv_cell(text)) == text


def test_csv_cell_reads_a_long_cell_of_blanks_in_linear_time() -> None:
    start = time.perf_counter()
    for text in ("a" + "\t" * 50_000, "a" + "; " * 50_000, "a;" + "\u00a0 " * 50_000):
        assert csv_cell(text) == text
    assert time.perf_counter() - start < 2.0


def test_a_long_file_label_keeps_its_beginning_and_its_end() -> None:
    name = "b" * 100 + "-2024.csv"
    assert file_label(name) == "b" * 68 + "..." + "-2024.csv"
    assert file_label("b" * 80) == "b" * 80
    assert len(file_label("b" * 81)) == 80
    assert file_label("b" * 40, 30) == "b" * 18 + "..." + "b" * 9
    assert file_label("one/two\\three.csv") == "three.csv"


def test_map_payload_keeps_letters_as_they_are() -> None:
    assert map_payload({"پ": "ü"}) == "eyLZviI6ICLDvCJ9"


def test_printable_folds_white_space_and_drops_control_characters() -> None:
    assert printable(" a\t\tb\r\nc \x07d\u202e ") == "a b c d"


def test_names_lose_marks_and_unit_words_but_not_letters() -> None:
    assert normalise_name("North  Waziristan-Agency (Tribal District)") == "north waziristan"
    assert normalise_name("a\tb\nc\rd\x00e") == "a b c de"
    assert normalise_name("Districtus") == "districtus"
    assert normalise_name("كوہاٹ") == normalise_name("کوہاٹ") == "کوہاٹ"
    assert normalise_name("ضلع بنوں") == "بنوں"


def test_log_text_writes_letters_of_other_scripts_as_escapes() -> None:
    assert log_text("بa\\") == "\\u0628a\\\\"
