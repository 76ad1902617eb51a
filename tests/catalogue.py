"""The catalogue of English sentences, geo/locale/atlas.pot; `python -m tests.catalogue` writes it.

A translation, geo/locale/<language>/LC_MESSAGES/atlas.po, holds translated sentences alone, so that a changed page
changes no translation; the command sets those aside whose English is gone.

It holds the sentences that geo.wording's functions are called with, those of data/access_profiles.toml and
geo/vocabularies, who speaks in data/access_signals.csv, and publishers that data/ describes. The first are
found in the syntax tree, because other functions and methods share the names `text` and `_`; Babel, which would take
those for sentences too, writes the file.
"""

from __future__ import annotations

import ast
import csv
import io
import tomllib
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
TEMPLATE = ROOT / "geo" / "locale" / "atlas.pot"
ONE = ("_", "N_", "text")
SEVERAL = ("_n", "text_n")
PROFILES = ROOT / "data" / "access_profiles.toml"
PUBLISHED = (ROOT / "data" / "published_totals.csv", ROOT / "data" / "external_lists.csv")
STATEMENTS = ROOT / "data" / "access_signals.csv"
VOCABULARIES = ROOT / "geo" / "vocabularies"
# Columns of the vocabularies that hold sentences; with "one" goes "many" where it is filled. The template is a file in
# English, the units in names of columns are no sentences, and names are the same in every language.
SHOWN = ("label", "meaning", "credit", "licence", "unit", "reason", "one")
NAMES = {"ACLED", "CC BY 4.0", "MB", "s"}
# Of publishers, those labels alone that say more than a name.
PUBLISHERS = {
    *("CRSS", "Khyber Chronicles", "Lead Pakistan", "NACTA", "PICSS", "PIPS", "Pakistan Today", "SATP"),
    *("South Asia Terrorism Portal", "The Friday Times", "The Frontier Post", "The News", "Tribal News Network"),
}
_HEADER = """# English sentences of KP Incident Atlas, written by `python -m tests.catalogue`; do not edit by hand.
# A translation is geo/locale/<language>/LC_MESSAGES/atlas.po.
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
_TRANSLATION_HEADER = """# Sentences of KP Incident Atlas in another language; docs/glossary.md has the words to use.
msgid ""
msgstr ""
"Language: {language}\\n"
"Plural-Forms: {plural}\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


def sources() -> list[Path]:
    """Return the files whose sentences a person may read, in a fixed order."""
    return [ROOT / "app.py", *sorted((ROOT / "pages").glob("*.py")), *sorted((ROOT / "geo").rglob("*.py"))]


def sentences(source: str) -> Iterator[tuple[str | tuple[str, str], list[str]]]:
    """Yield (sentence, comment lines) of a module; a sentence about several things is (singular, plural).

    Comments that begin with "Translators:" and stand in the lines before a call go with its sentence.
    """
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
            continue
        wanted = 1 if node.func.id in ONE else 2 if node.func.id in SEVERAL else 0
        comments = _comments(lines[: node.lineno - 1])
        if wanted == 1 and node.args:
            yield from ((found, comments) for found in _texts(node.args[0]) if found)
        elif wanted == 2 and len(both := [found for arg in node.args[:2] for found in _texts(arg)]) == 2:
            yield (both[0], both[1]), comments


def _texts(argument: ast.expr) -> list[str]:
    """Return the text that an argument is, or the two that it chooses from."""
    if isinstance(argument, ast.IfExp):
        return [*_texts(argument.body), *_texts(argument.orelse)]
    return [argument.value] if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else []


def vocabulary_sentences(path: Path) -> Iterator[str | tuple[str, str]]:
    """Yield the sentences of a vocabulary; a sentence about several things is (singular, plural)."""
    if path.stem in ("template", "name_units"):
        return
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for sentence in (row[column] for column in SHOWN if column in row):
                if sentence and sentence not in NAMES:
                    yield (sentence, row["many"]) if row.get("many") else sentence


def _comments(before: list[str]) -> list[str]:
    found: list[str] = []
    while before and before[-1].lstrip().startswith("#"):
        found.insert(0, before.pop().lstrip("# "))
    return found if found and found[0].startswith("Translators:") else []


def extracted() -> bytes:
    """Return the catalogue as the bytes of its file; no line number or date: only sentences change it."""
    found = [(path, sentence) for path in sources() for sentence in sentences(path.read_text("utf-8"))]
    for path in sorted(VOCABULARIES.glob("*.csv")):
        found += [(path, (sentence, [])) for sentence in vocabulary_sentences(path)]
    profiles = tomllib.loads(PROFILES.read_text("utf-8"))["profiles"]
    found += [(PROFILES, (profile[key], [])) for profile in profiles.values() for key in ("label", "caution")]
    with STATEMENTS.open(encoding="utf-8", newline="") as file:
        found += [(STATEMENTS, (speaker, [])) for speaker in sorted({row["speaker"] for row in csv.DictReader(file)})]
    for path in PUBLISHED:
        with path.open(encoding="utf-8", newline="") as file:
            labels = {row["publisher"] for row in csv.DictReader(file)} - PUBLISHERS
        found += [(path, (label, [])) for label in sorted(labels)]
    catalogue = Catalog()
    for path, (sentence, comments) in found:
        locations = [(path.relative_to(ROOT).as_posix(), 0)]
        flags = ["python-brace-format"] if "{" in str(sentence) else []
        catalogue.add(sentence, locations=locations, flags=flags, auto_comments=comments)
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=120, omit_header=True, include_lineno=False, sort_output=True)
    return _HEADER.encode() + buffer.getvalue()


def translation(path: Path) -> bytes:
    """Return a translation as the bytes of its file: sentences that are gone set aside, those that are back used."""
    language = path.parts[-3]
    with TEMPLATE.open("rb") as file:
        template = read_po(file)
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    for message in [message for message in catalogue if message.id and message.id not in template]:
        catalogue.delete(message.id)
        catalogue.obsolete[message.id] = message
    for key, message in list(catalogue.obsolete.items()):
        if message.id in template:
            catalogue[message.id] = catalogue.obsolete.pop(key)
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=120, no_location=True, omit_header=True, sort_output=True)
    return _TRANSLATION_HEADER.format(language=language, plural=catalogue.plural_forms).encode() + buffer.getvalue()


if __name__ == "__main__":
    TEMPLATE.parent.mkdir(exist_ok=True)
    TEMPLATE.write_bytes(extracted())
    print(f"{TEMPLATE.relative_to(ROOT)}: {TEMPLATE.read_text('utf-8').count('msgid ') - 1} sentences")
    for translated in sorted(TEMPLATE.parent.glob("*/LC_MESSAGES/atlas.po")):
        translated.write_bytes(translation(translated))
