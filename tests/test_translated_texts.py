"""A text in Urdu says what the English one says: section by section the same figures, code, links, rows and bullets."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from geo import wording
from geo.settings import APP_ROOT
from geo.views import documents

TEXTS = [documents.SOURCES_TEXT, documents.METHOD_TEXT]
HEADING = re.compile(r"^(#+) (.*)$", re.MULTILINE)
FIGURE = re.compile(r"\d[\d,.]*\d|\d")
CODE = re.compile(r"`([^`]+)`")
LINK = re.compile(r"\]\(([^)]+)\)")
URDU = re.compile("[\u0621-\u06d3]")
# Words of English prose: written small, and no part of a name, an address or a name of a file.
ENGLISH = re.compile(r"(?<![\w.\-/])[a-z]{3,}(?![\w.\-/])")


@dataclass(frozen=True)
class Section:
    """What stands between a heading, which is part of it, and the next one."""

    level: int
    text: str

    @property
    def facts(self) -> dict[str, Counter[str] | int | list[int]]:
        """What two languages have in common."""
        lines = self.text.splitlines()
        return {
            "figures": Counter(FIGURE.findall(self.text)),
            "code": Counter(re.sub(r"\s+", " ", code) for code in CODE.findall(self.text)),
            "links": Counter(LINK.findall(self.text)),
            "columns of each row": [line.count("|") for line in lines if line.startswith("|")],
            "bullets": sum(bool(re.match(r"\s*- ", line)) for line in lines),
            "numbered": sum(bool(re.match(r"\d+\. ", line)) for line in lines),
            "bold": self.text.count("**"),
        }

    @property
    def blocks(self) -> list[str]:
        """Paragraphs, bullets and cells of tables, without code."""
        found = []
        for block in re.split(r"\n\s*\n|\n(?=\s*(?:-|\d+\.) |\|)", self.text):
            found += block.strip().strip("|").split("|") if block.lstrip().startswith("|") else [block]
        return [CODE.sub("", block).strip() for block in found]


def sections(markdown: str) -> list[Section]:
    """Return the parts of a text, the first before any heading."""
    starts = list(HEADING.finditer(markdown))
    ends = [start.start() for start in starts[1:]] + [len(markdown)]
    return [
        Section(len(start[1]), start[2] + markdown[start.end() : end]) for start, end in zip(starts, ends, strict=True)
    ]


def pairs(text: Path) -> list[tuple[Section, Section]]:
    ours = sections(documents.translation(text, "ur").read_text("utf-8"))
    return list(zip(sections(text.read_text("utf-8")), ours, strict=True))


def unlike(english: Section, urdu: Section) -> dict[str, tuple[object, object]]:
    """Return what differs, as (English, Urdu)."""
    there = english.facts
    return {name: (there[name], fact) for name, fact in urdu.facts.items() if fact != there[name]}


def untranslated(urdu: Section) -> list[str]:
    """Return paragraphs without Urdu letters, and cells of a table that hold English words alone."""
    bare = [block for block in urdu.blocks if not URDU.search(block)]
    return [block for block in bare if ENGLISH.search(block)]


@pytest.mark.parametrize("text", TEXTS, ids=lambda path: path.stem)
def test_headings_have_the_same_order_and_level(text: Path) -> None:
    found = pairs(text)
    assert [urdu.level for _, urdu in found] == [english.level for english, _ in found]
    assert len(found) >= 3


@pytest.mark.parametrize("text", TEXTS, ids=lambda path: path.stem)
def test_each_section_has_the_same_figures_code_links_rows_and_bullets(text: Path) -> None:
    assert {
        urdu.text.splitlines()[0]: unlike(english, urdu) for english, urdu in pairs(text) if unlike(english, urdu)
    } == {}


@pytest.mark.parametrize("text", TEXTS, ids=lambda path: path.stem)
def test_nothing_is_left_in_english(text: Path) -> None:
    assert [block for _, urdu in pairs(text) for block in untranslated(urdu)] == []


def test_what_differs_is_found() -> None:
    english = Section(2, "Rates\n\n- 1,076 rows, `a b`\n- [a](b.md)\n\n| x | 0.4 |\n|---|---|\n")
    urdu = Section(2, "شرحیں\n\n- 1,076 قطاریں، `a b`\n- [الف](b.md)\n\n| ب | 0.4 |\n|---|---|\n")
    assert unlike(english, urdu) == {}
    for old, new in (("1,076", "1076"), ("a b", "b a"), ("b.md", "c.md"), ("| ب", "| ب | ج"), ("- [", "[")):
        assert unlike(english, Section(2, urdu.text.replace(old, new)))
    assert untranslated(urdu) == []
    assert untranslated(Section(2, "شرحیں\n\nThis was left out.\n\n| the rest | `code only` |")) == [
        "This was left out.",
        "the rest",
    ]


MARKED = {
    "برس 2022-2025، 4 بار": "برس <+2022-2025>!، 4 بار",
    "نام “Lower Kurram” اور “کرم” [صفحہ](https://a.org/2024-03-15) `5-6`": (
        "نام <“Lower Kurram”> اور “کرم” [صفحہ](https://a.org/2024-03-15) `5-6`"
    ),
    "ماخذ ACLED، GTD اور UCDP": "ماخذ ACLED!، GTD اور UCDP",
    "| ب | 0.8، -0.4 | S 7, K 5 |": "| ب | !0.8، <+-0.4> | S 7, K 5 |",
}


@pytest.mark.parametrize("text", MARKED)
def test_what_has_its_own_order_is_marked_and_addresses_and_code_keep_their_letters(text: str) -> None:
    written = str.maketrans({"\u2068": "<", "\u2069": ">", "\u200e": "+", "\u200f": "!"})
    with wording.in_language("ur"):
        assert documents._arranged(text).translate(written) == MARKED[text]


def test_the_installed_package_holds_each_text_and_its_translation() -> None:
    settings = tomllib.loads((APP_ROOT / "pyproject.toml").read_text("utf-8"))
    held = settings["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    for path in [*TEXTS, *(documents.translation(text, "ur") for text in TEXTS)]:
        name = path.relative_to(APP_ROOT).as_posix()
        assert any(name == one or name.startswith(f"{one}/") for one in held), name
