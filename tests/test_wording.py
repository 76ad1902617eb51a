"""What the atlas says: recorded, reported, described as; never a verdict about a place or a people."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BANNED = re.compile(
    r"\b(safe|safer|safest|safety|dangerous|danger|terror-infested|infested|controlled by|under the control of|"
    r"martyred|neutrali[sz]ed|terrorists?|khawarij|stronghold|hotbed|lawless)\b",
    re.IGNORECASE,
)
# Names of sources and formats that hold such a word, and the promise that the atlas is not advice.
ALLOWED = (
    *("Global Terrorism Database", "NGO Safety", "travel or security advice", "Counter Terrorism Department"),
    'Official label "Fitna al-Khawarij" (group not named)',  # quoted, and said to be a label of officials
)
# Words of other sources that the readers recognise; they are matched, never shown as the atlas's own.
INGEST = ROOT / "geo" / "ingest"
HEARD = {
    *(INGEST / "mapping" / name for name in ("fields.py", "person_columns.py")),
    INGEST / "values" / "words.py",
    *(INGEST / "formats").glob("*.py"),
}
SPOKEN = [
    path
    for path in (ROOT / "app.py", *sorted((ROOT / "pages").glob("*.py")), *sorted((ROOT / "geo").rglob("*.py")))
    if path not in HEARD
]


def sentences(path: Path) -> list[tuple[int, str]]:
    """Return (line, text) of the string constants of a module that a person may read; docstrings are not shown."""
    tree = ast.parse(path.read_text("utf-8"))
    hidden = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    constants = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in hidden)
    return [(node.lineno, node.value) for node in constants if isinstance(node.value, str)]


@pytest.mark.parametrize("path", SPOKEN, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_text_of_the_product_passes_a_verdict(path: Path) -> None:
    for line, text in sentences(path):
        for allowed in ALLOWED:
            text = text.replace(allowed, "")
        found = BANNED.search(text)
        assert not found, f"{path}:{line}: {found[0]!r} in {text!r}"


@pytest.mark.parametrize("text", ["a safe district", "terror-infested", "Controlled by militants"])
def test_the_rule_finds_what_it_bans(text: str) -> None:
    assert BANNED.search(text)


def test_the_front_page_says_what_the_data_are_not() -> None:
    from geo.views import messages

    assert "not a census" in messages.NATURE_OF_THE_DATA
    assert "No record does not mean no incident" in messages.NATURE_OF_THE_DATA
    assert "not operational, travel or security advice" in messages.FOOTER


# "No-go" is what reports say, not a finding of the atlas: the only sentences that may hold the word.
NO_GO_SENTENCES = {
    "No-go areas",
    "Press reports describe southern districts as no-go areas for police (The Frontier Post, 16 July 2024). This page "
    "shows four lines of evidence beside one another: what was reported, what officials counted, what is recorded as "
    "incidents, and all sources put together. None of them observes where police can go.",
    "Described as no-go or out of state control",
    "Described as no-go in reporting",
    "Denial that it is no-go",
    "denied to be no-go on {n} page",
    "denied to be no-go on {n} pages",
    "described as no-go on {n} page",
    "described as no-go on {n} pages",
    "**Described as no-go in reporting:** {districts}",
    "No statement collected here describes {district} by name as no-go in this period.",
    "It was described as no-go, and this was denied: {denial}",
    "It was described as no-go, while the class of the recorded incidents is “{index}”. News may be thin where access "
    "is difficult.",
    "The outlined Bannu and Dera Ismail Khan divisions contain the southern districts that press reports of 2022-2025 "
    "describe as no-go areas for police. {nature}",
    "No page of this period that describes them as no-go is collected.",
    "No-go areas: who says so",
    "Described as no-go: {districts} ({source}).",
    "{n} collected page describes it as no-go or out of state control.",
    "Described as no-go: {districts} ({source}). Denied: {other}.",
    "{n} collected pages describe it as no-go or out of state control.",
    "The page No-go areas puts four kinds of evidence side by side: what was reported, what officials counted, what is "
    "recorded, and all of it together, with the points on which they disagree. “No-go” is always a quotation with its "
    "source, never a verdict of this atlas.",
}


def test_the_word_no_go_is_used_only_for_what_reports_say() -> None:
    found = {text for path in SPOKEN for _, text in sentences(path) if re.search(r"\bno[- ]go\b", text, re.IGNORECASE)}
    assert found == NO_GO_SENTENCES
    assert not re.search(r"\bno[- ]go\b", (ROOT / "data" / "access_profiles.toml").read_text("utf-8"), re.IGNORECASE)
