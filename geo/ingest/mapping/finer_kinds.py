"""Two columns of what was done, a broad one (Terrorism, Crime) and a finer one (IED, Ambush): which one counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from geo.ingest.mapping.name_words import is_named, split_words
from geo.ingest.tables import without_unit
from geo.ingest.values.words import meaning

BROAD = "broad_type"
_LONGEST_KIND = 40  # characters: a longer text is a report
_SUB = frozenset({"sub", "subtype", "subtypes", "subcategory", "subcategories", "subevent"})
_BESIDE_SUB = frozenset(
    {"type", "types", "kind", "category", "categories", "nature", "event", "incident", "attack", "of", "the"}
)


def kind_in(text: str) -> str | None:
    """Return the code of the kind of attack that a short text says, None for a long text and one that says none."""
    found = meaning("attack_type", text) if len(text) <= _LONGEST_KIND else None
    return found.code if found else None


def is_finer(name: str) -> bool:
    """Whether a name says that its column divides the kinds of another, as "Sub-category" and "Subtype" do."""
    words = set(split_words(without_unit(name)))
    return bool(words & _SUB) and words <= _SUB | _BESIDE_SUB


def may_be_kinds(name: str) -> bool:
    """Whether the name of a column can be that of what was done, in broad or in finer words."""
    return is_finer(name) or is_named(name, "attack_type")


def finest(named: Sequence[str], columns: Mapping[str, Sequence[str]]) -> tuple[str, str] | None:
    """Return the column of what was done that tells most kinds and the one that is named best, None if they are one.

    named: columns whose names are those of what was done, the best first. columns: column -> texts, of all that may be.
    """
    if not named:
        return None
    others = [name for name in columns if name not in named and is_finer(name)]
    n_kinds = {name: len(_kinds(columns[name])) for name in (*named, *others)}
    best = max(n_kinds, key=n_kinds.__getitem__)
    return (best, named[0]) if n_kinds[best] > n_kinds[named[0]] else None


def _kinds(texts: Sequence[str]) -> set[str]:
    """Return the kinds that some cells say, none if most of these are long or say no kind."""
    filled = Counter(text.strip() for text in texts if text.strip())
    said = {text: code for text in filled if (code := kind_in(text))}
    return set(said.values()) if 2 * sum(filled[text] for text in said) > filled.total() else set()
