"""The doors: user text is never markup, formula, path or code."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.text import csv_cell, csv_cell_text, file_label, log_text, map_payload, markdown_text, normalise_name

ATTACKS = [
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(1)</script>",
    "${alert(1)}",
    "`${alert(1)}`",
    "C:\\users\\new",
    "{{7*7}}",
    "![a](http://x.example/p.png)",
]


@pytest.mark.case(46)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
        lambda inner: st.lists(inner) | st.dictionaries(st.text("abc"), inner),
        max_leaves=8,
    )
)
def test_map_payload_is_base64_and_gives_the_data_back(value: object) -> None:
    payload = map_payload(value)
    assert not set(payload) - set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=")
    assert json.loads(base64.b64decode(payload)) == value


def test_map_payload_refuses_numbers_that_json_does_not_have() -> None:
    with pytest.raises(ValueError):
        map_payload(float("nan"))


@pytest.mark.case(48)
@pytest.mark.parametrize("text", ["=1+1", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "  =1", "'quoted"])
def test_csv_cell_makes_formulas_text_and_can_be_undone(text: str) -> None:
    assert csv_cell(text).startswith("'")
    assert csv_cell_text(csv_cell(text)) == text


@pytest.mark.case(48)
@pytest.mark.parametrize("text", ["-1", "-1.5", "+3", "1e5", "Bannu", "", "12-3", "a=b"])
def test_csv_cell_leaves_numbers_and_plain_text(text: str) -> None:
    assert csv_cell(text) == text


@pytest.mark.case(47)
@pytest.mark.parametrize("text", [*ATTACKS, ":material/home:", ":red[x]", "# title", "$x$", "a | b", "*b* _i_ ~s~"])
def test_markdown_text_escapes_every_mark(text: str) -> None:
    shown = markdown_text(text)
    unescaped = shown
    for char in "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~":
        unescaped = unescaped.replace(f"\\{char}", "")
    assert not set(unescaped) & set("!\"#$%&'()*+,-./:;<=>?@[]^_`{|}~")


@pytest.mark.case(3)
@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("../../x.csv", "x.csv"),
        ("..\\x.csv", "x.csv"),
        ("C:\\x.csv", "x.csv"),
        ("/vsicurl/http://h/x.csv", "x.csv"),
        ("a\x00b\nc.csv", "ab c.csv"),
        ("evil\u202egpj.csv", "evilgpj.csv"),
        ("", "unnamed file"),
    ],
)
def test_file_label_is_a_short_inert_name(name: str, label: str) -> None:
    assert file_label(name) == label


def test_file_label_is_never_long() -> None:
    assert len(file_label("x" * 300 + ".csv")) <= 80


@pytest.mark.case(18)
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("D.I. Khan", "d i khan"),
        ("Khyber Agency", "khyber"),
        ("Lakki-Marwat District", "LAKKI MARWAT"),
        ("بنوں‌", "بنوں"),
        ("ڈیرہ اسماعیل خان", "ڈيره اسماعيل خان"),
        ("Kurrám", "Kurram"),
        ("Karak dist.", "Karak"),
    ],
)
def test_names_are_compared_without_case_accents_marks_and_unit_words(one: str, other: str) -> None:
    assert normalise_name(one) == normalise_name(other)


def test_a_name_that_is_only_a_unit_word_is_kept() -> None:
    assert normalise_name("District") == "district"


@given(st.text())
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    assert normalise_name(normalise_name(text)) == normalise_name(text)


@pytest.mark.case(51)
def test_log_text_is_one_line() -> None:
    assert log_text("a\nb\x1b[31m") == "a\\nb\\x1b[31m"
